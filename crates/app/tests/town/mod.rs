//! A small network with one of everything, for the sweeps.

mod agenda;
mod governance;
mod mail;

use app::features::accounts::account::{self, Wanted};
use app::features::directory::contact::{self, Contact, Organisation};
use app::features::directory::exchange::Exchange;
use app::features::directory::imports::{self, Choices};
use app::features::directory::mandate::{self, Mandate};
use app::features::directory::merge;
use app::features::directory::person::{self, Person};
use app::features::directory::social_profile::{self, SocialProfile};
use app::features::directory::structure::{self, Structure};
use app::features::mailings::block::{self, Block};
use app::features::mailings::mailing::{self, Mailing};
use app::features::mailings::topic::{self, Topic};
use app::features::mailings::{address, definition, distribution_list, sending};
use app::features::public_messages::public_message::{self, PublicMessage};
use app::features::publications::picture::{self, Picture};
use app::features::publications::pictures;
use app::features::publications::publication::{self, NEWS, PAGE, Publication};
use app::features::questions::Asker;
use app::features::questions::question::{self, NewQuestion};
use app::features::relays::relay::{self, Relay};
use app::features::support::activity_entry::{self, NewEntry};
use app::features::support::task::{self, NewTask};
use app::features::upkeep::campaign;
use app::features::upkeep::change_request::{self, Author, ChangeRequest, Sheet};
use kit::db::Id;
use kit::testing::TestApp;
use kit::{Actor, Network, Role, network};

use agenda::Agenda;
use governance::Governance;
use mail::Mail;

/// Ids of what is there.
pub struct Town {
    pub structure: Id,
    thread: Id,
    letter: Id,
    reply: Id,
    rule: Id,
    draft: Id,
    tie: Id,
    pub other_structure: Id,
    pub person: Id,
    pub other_person: Id,
    mandate: Id,
    profile: Id,
    organisation: Id,
    contact: Id,
    exchange: Id,
    request: Id,
    campaign: Id,
    token: String,
    merge: Id,
    import: Id,
    account: Id,
    message: Id,
    public_message: Id,
    relay: Id,
    task: Id,
    entry: Id,
    question: Id,
    governance: Governance,
    agenda: Agenda,
    news: Publication,
    page: Publication,
    picture: Id,
    letters: Letters,
    slug: String,
    structure_slug: String,
}

/// A second network on the same instance.
pub async fn second_network(test: &TestApp) -> Network {
    let mut tx = test.app.db.write().await.unwrap();
    let settings = network::Settings::default();
    let made = network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings);
    let made = made.await.unwrap();
    tx.commit().await.unwrap();
    made
}

/// A picture of the library.
async fn illustrate(app: &kit::App, tx: &mut kit::Tx, actor: &Actor) -> Picture {
    let drawn =
        documents::picture::responsive(&documents::picture::painted(600, 400, |_, _| [9, 9, 9])).unwrap();
    let mut picture = picture::blank(actor.network_id, actor.now, &actor.name);
    picture.alt = "La fresque".to_owned();
    pictures::store(app, &mut picture, drawn).await.unwrap();
    picture::keep(tx, actor, None, picture).await.unwrap()
}

/// Something published, twice saved, with a picture.
async fn publish(tx: &mut kit::Tx, actor: &Actor, network: &Network, kind: &str, picture: Id) -> Publication {
    let mut first =
        Publication::titled(network.id, actor.now, kind, &format!("Le bilan de {}", network.name));
    let address = kit::markup::picture_address(picture);
    first.body = format!("<p>Voici.</p><img src=\"{address}\" alt=\"La fresque\">");
    first.cover_id = Some(picture);
    first.publish(actor.now);
    let first = publication::keep(tx, actor, None, first).await.unwrap();
    let second = Publication { body: "<p>Voici enfin.</p>".to_owned(), ..first.clone() };
    publication::keep(tx, actor, Some(&first), second).await.unwrap()
}

/// A question that nobody has taken yet.
fn asked(network: &Network, actor: &Actor) -> NewQuestion {
    NewQuestion {
        title: "Peut-on publier la photo d’un atelier ?".to_owned(),
        body: None,
        category: "legal".to_owned(),
        channel: "phone".to_owned(),
        asked_on: network.today(actor.now),
        asker: Asker::named("Noé Lefèvre"),
        about: None,
    }
}

/// What is written to many: a list, a draft, a letter that left, the links of its reader.
struct Letters {
    list: Id,
    topic: Id,
    address: Id,
    draft: Id,
    block: Id,
    sent: Id,
    slug: String,
    preferences: String,
    leave: String,
}

async fn letters(app: &kit::App, tx: &mut kit::Tx, actor: &Actor, network: &Network) -> Letters {
    distribution_list::seed(tx, network.id, actor.now).await.unwrap();
    let topics: Vec<Topic> = topic::all(tx, network.id).await.unwrap();
    let (topic, now) = (topics[0].id, actor.now);
    let rules = vec![definition::Rule::new("role", &["promeneur"])];
    let definition = definition::Definition::of(rules);
    let list = distribution_list::DistributionList::named(network.id, now, "Essai", &definition);
    let list = distribution_list::keep(tx, actor, None, list).await.unwrap();
    let text = Block { body: "<p>Bonjour</p>".to_owned(), ..Block::new(Id::new(now), "text") };
    let mut draft = Mailing::blank(network.id, now, &actor.name);
    draft.subject = format!("Les nouvelles de {}", network.name);
    draft.topic_id = Some(topic);
    draft.lists = serde_json::to_string(&[list.id]).unwrap();
    draft.blocks = block::write(std::slice::from_ref(&text));
    draft.is_public = true;
    let left = Mailing { id: Id::new(now), ..draft.clone() };
    let draft = mailing::keep(tx, actor, None, draft, "mailing.added").await.unwrap();
    let left = mailing::keep(tx, actor, None, left, "mailing.added").await.unwrap();
    let mut left = sending::send(tx, actor, network, &left, "http://drome.test").await.unwrap();
    // It left a minute ago.
    left.first_due = Some(now.plus_minutes(-1));
    tx.save(&mut left).await.unwrap();
    let reader = [("lou@mjc.example".to_owned(), "Lou".to_owned())];
    let address = address::ids_of(tx, network.id, now, &reader).await.unwrap()["lou@mjc.example"];
    Letters {
        list: list.id,
        topic,
        address,
        draft: draft.id,
        block: text.id,
        sent: left.id,
        slug: left.slug,
        preferences: address::token(app, network.id, address, None),
        leave: address::token(app, network.id, address, Some(topic)),
    }
}

impl Town {
    pub async fn build(test: &TestApp, network: &Network) -> Self {
        let actor = Actor::program(network.id, "Essai", test.app.now());
        let mut tx = test.app.db.write().await.unwrap();
        let mut places = Vec::new();
        for name in ["MJC de Crest", "Foyer de Die", "Foyer de Nyons"] {
            let mut place = Structure::named(network.id, actor.now, name);
            place.status = "active".to_owned();
            place.slug = format!("{}-{}", place.slug, network.slug);
            place.published_at = Some(actor.now);
            place.settle_in(kit::territory::commune("26108").unwrap());
            structure::add(&mut tx, &actor, std::slice::from_ref(&place), None).await.unwrap();
            places.push(place);
        }
        let mut people = Vec::new();
        for (first, last) in [("Noé", "Lefèvre"), ("Zoé", "Perrin"), ("Zoé", "Périn")] {
            let mut one = Person::named(network.id, actor.now, first, last);
            one.slug = format!("{}-{}", one.slug, network.slug);
            one.email = Some(format!("{}@mjc.example", one.slug));
            one.visible = "job_title,presentation,themes,office_hours,email,phone".to_owned();
            person::add(&mut tx, &actor, std::slice::from_ref(&one), None).await.unwrap();
            people.push(one);
        }
        let mut held = Vec::new();
        for at in 0..2 {
            let mut post = Mandate::new(network.id, actor.now, places[at].id, 1, Some(people[at].id));
            post.started_on = Some("2024-01-01".parse().unwrap());
            held.push(mandate::open(&mut tx, &actor, post, &places[at], None).await.unwrap());
        }
        let profile = SocialProfile::new(network.id, actor.now, people[0].id, "instagram", "noe_pdn26");
        let profile_id = profile.id;
        social_profile::keep(&mut tx, &actor, None, profile, &people[0]).await.unwrap();
        person::publish(&mut tx, &actor, people[0].id).await.unwrap();
        let organisation = Organisation::named(network.id, actor.now, "Caf de la Drôme");
        let organisation = contact::keep_organisation(&mut tx, &actor, None, organisation).await.unwrap();
        let mut referent = Contact::named(network.id, actor.now, "Hélène", "Roux");
        referent.organisation_id = Some(organisation.id);
        let referent = contact::keep_contact(&mut tx, &actor, None, referent).await.unwrap();
        let said = Exchange {
            network_id: network.id,
            id: Id::new(actor.now),
            organisation_id: organisation.id,
            contact_id: Some(referent.id),
            day: "2026-03-12".parse().unwrap(),
            means: "call".to_owned(),
            summary: "Point sur la convention".to_owned(),
            author: actor.name.clone(),
            created_at: actor.now,
            version: 1,
        };
        tx.insert(std::slice::from_ref(&said)).await.unwrap();
        let merge = merge::structures(&mut tx, &actor, places[1].id, places[2].id).await.unwrap();
        let import = imports::add(&mut tx, &actor, "annuaire.csv", String::new(), "review").await.unwrap();
        let sheets = imports::open(b"Nom;Pr\xc3\xa9nom\nBlanc;Lou\n").unwrap();
        imports::run(&mut tx, &actor, network, &sheets, &Choices::default(), None, &|_, _, _| {})
            .await
            .unwrap();
        let wanted = Wanted::new("Paul Roux", "paul@demo.example", &[Role::Caf], None);
        let account = account::create(&mut tx, &actor, wanted, None).await.unwrap();
        let sheet = Sheet::find(&mut tx, network.id, "person", people[0].id).await.unwrap();
        let author = Author { account_id: None, name: "Noé Lefèvre".to_owned(), email: None };
        let mut proposed = sheet.values().unwrap();
        proposed.insert("job_title".to_owned(), "éducateur".into());
        change_request::propose(&mut tx, &actor, network, &sheet, &author, &proposed).await.unwrap();
        let request: Vec<ChangeRequest> = tx.all_of(network.id).await.unwrap();
        let campaign =
            campaign::start(&mut tx, &actor, network, "http://drome.test", None, 90).await.unwrap();
        let checks: Vec<campaign::Check> = tx.all_of(network.id).await.unwrap();
        let message = kit::mail::send(
            &mut tx,
            network,
            actor.now,
            kit::mail::Message {
                to: "paul@demo.example".to_owned(),
                to_name: "Paul".to_owned(),
                subject: "Bonjour".to_owned(),
                text: "Bonjour".to_owned(),
                html: "<p>Bonjour</p>".to_owned(),
                kind: "invitation",
                ..kit::mail::Message::default()
            },
        );
        let message = message.await.unwrap();
        let mut written = PublicMessage::new(network.id, actor.now, "contact");
        written.email = "lou@demo.example".to_owned();
        written.body = "Bonjour".to_owned();
        public_message::receive(&mut tx, &actor, network, &written, "http://drome.test").await.unwrap();
        let mut near = Relay::named(network.id, actor.now, "Maison des adolescents");
        near.theme = "distress".to_owned();
        let near = relay::keep(&mut tx, &actor, None, near).await.unwrap();
        let to_do = NewTask {
            title: "Rappeler la MJC".to_owned(),
            due_on: Some(network.today(actor.now)),
            ..NewTask::default()
        };
        let to_do = task::add(&mut tx, &actor, to_do).await.unwrap();
        let done = NewEntry::new(network.today(actor.now), "person_support", "Point avec Noé");
        activity_entry::propose(&mut tx, &actor, done.clone().once("essai:1")).await.unwrap();
        let done = activity_entry::record(&mut tx, &actor, done).await.unwrap();
        let asked = question::add(&mut tx, &actor, asked(network, &actor)).await.unwrap();
        let governance = Governance::found(&mut tx, &actor, &test.app, network).await;
        let agenda = Agenda::ask(&mut tx, &actor, &test.app, network, account.id).await;
        let picture = illustrate(&test.app, &mut tx, &actor).await;
        let news = publish(&mut tx, &actor, network, NEWS, picture.id).await;
        let page = publish(&mut tx, &actor, network, PAGE, picture.id).await;
        let letters = letters(&test.app, &mut tx, &actor, network).await;
        tx.commit().await.unwrap();
        let mail = Mail::receive(test, network, &actor, organisation.id).await;
        Self {
            thread: mail.thread,
            letter: mail.letter,
            reply: mail.reply,
            rule: mail.rule,
            draft: mail.draft,
            tie: mail.tie,
            structure: places[0].id,
            other_structure: places[1].id,
            person: people[0].id,
            other_person: people[1].id,
            mandate: held[0].id,
            profile: profile_id,
            organisation: organisation.id,
            contact: referent.id,
            exchange: said.id,
            request: request[0].id,
            campaign: campaign.id,
            token: campaign::token(&test.app, network.id, checks[0].id),
            merge: merge.id,
            import: import.id,
            account: account.id,
            message,
            public_message: written.id,
            relay: near.id,
            task: to_do.id,
            entry: done.id,
            question: asked.id,
            governance,
            agenda,
            news,
            page,
            picture: picture.id,
            letters,
            slug: people[0].slug.clone(),
            structure_slug: places[0].slug.clone(),
        }
    }

    /// Sixty more people, so that lists have a second page.
    pub async fn crowd(&self, test: &TestApp) {
        let lines: String = (0..60)
            .map(|n| format!("Nom{n:02};Prénom;MJC de Crest;06 12 34 56 {n:02};mardi 17h-19h\n"))
            .collect();
        let text = format!("Nom;Prénom;Structure;Téléphone;Permanences\n{lines}");
        let app = &test.app;
        let report =
            imports::at_once(app, &test.network, "foule.csv", text.as_bytes(), &Choices::default(), false)
                .await;
        assert_eq!(report.unwrap().people.created, 60);
    }

    /// The thing that `{id}` stands for in a route.
    fn id_of(&self, path: &str) -> Id {
        match path {
            p if p.contains("/promeneurs/{id}") => self.person,
            p if p.contains("/structures/{id}") => self.structure,
            p if p.contains("/postes/{id}") => self.mandate,
            p if p.contains("/partenaires/{id}") => self.organisation,
            p if p.contains("/contacts/{id}") => self.contact,
            p if p.contains("/fusions/{id}") => self.merge,
            p if p.contains("/imports/{id}") => self.import,
            p if p.contains("/utilisateurs/{id}") => self.account,
            p if p.contains("/courriels/{id}") => self.message,
            p if p.contains("/conversations/{id}") => self.thread,
            p if p.contains("/messagerie/messages/{id}") => self.letter,
            p if p.contains("/reponses/{id}") => self.reply,
            p if p.contains("/regles/{id}") => self.rule,
            p if p.contains("/brouillons/{id}") => self.draft,
            p if p.contains("/messages/{id}") => self.public_message,
            p if p.contains("/relais/{id}") => self.relay,
            p if p.contains("/taches/{id}") => self.task,
            p if p.contains("/journal/{id}") => self.entry,
            p if p.contains("/questions/{id}") => self.question,
            p if p.contains("/series/{id}") => self.governance.series,
            p if p.contains("/comites/{id}") => self.governance.committee,
            p if p.contains("/reunions/{id}/seance") => self.governance.sitting,
            p if p.contains("/reunions/{id}/compte-rendu") => self.governance.concluded,
            p if ["/corbeille", "/restaurer"]
                .iter()
                .any(|end| p.ends_with(&format!("/reunions/{{id}}{end}"))) =>
            {
                self.governance.next
            }
            p if p.contains("/reunions/{id}") => self.governance.meeting,
            p if p.contains("/decisions/{id}") => self.governance.decision,
            p if p.contains("/sondages/{id}") => self.agenda.poll,
            p if p.contains("/abonnements/{id}") => self.agenda.feed,
            p if p.contains("/images/{id}") => self.picture,
            p if p.contains("/site/{id}") => self.news.id,
            p if p.contains("/messagerie/listes/{id}") => self.letters.list,
            p if p.contains("/sujets/{id}") => self.letters.topic,
            p if p.contains("/adresses/{id}") => self.letters.address,
            p if ["/suivi", "/avancement", "/arreter"].iter().any(|end| p.ends_with(end)) => {
                self.letters.sent
            }
            p if p.contains("/lettres/{id}") => self.letters.draft,
            p if p.contains("/corbeille/{genre}/{id}") => self.person,
            _ => Id::first(),
        }
    }

    /// A route with every parameter filled in.
    pub fn address(&self, path: &str) -> String {
        let id = self.id_of(path);
        let slug = match path {
            p if p.contains("/structures/{slug}") => &self.structure_slug,
            p if p.starts_with("/actualites") || p.contains("/publications/{slug}") => &self.news.slug,
            p if p.starts_with("/lettres") => &self.letters.slug,
            p if p.starts_with("/pages") => &self.page.slug,
            _ => &self.slug,
        };
        path.replace("{id}", &id.to_string())
            .replace("{profil}", &self.profile.to_string())
            .replace("{demande}", &self.request.to_string())
            .replace("{campagne}", &self.campaign.to_string())
            .replace("{echange}", &self.exchange.to_string())
            .replace("{slug}", slug)
            .replace("{code}", if path.starts_with("/verifier") { &self.slug } else { "health" })
            .replace("{*page}", "promeneurs/noe-lefevre-drome.png")
            .replace("{bloc}", &self.letters.block.to_string())
            .replace("{modele}", "relance-charte")
            .replace(
                "{lien}",
                if path.starts_with("/pref") { &self.letters.preferences } else { &self.letters.leave },
            )
            .replace("{genre}", "promeneur")
            .replace("{list}", "theme")
            .replace("{*chemin}", "inconnu/carnets/promeneurs/")
            .replace("{fiche}", &self.tie.to_string())
            .replace("{part}", "2")
            .replace("{place}", "legal")
            .replace("{siege}", &self.governance.seat.to_string())
            .replace("{membre}", &self.governance.holder.to_string())
            .replace("{objectif}", &self.governance.objective.to_string())
            .replace("{point}", &self.governance.item.to_string())
            .replace("{piece}", &self.governance.paper.to_string())
            .replace("{invite}", &self.governance.invitee_of(path).to_string())
            .replace("{personne}", &self.agenda.person.to_string())
            .replace("{note}", &self.governance.sitting_item.to_string())
            .replace("{remarque}", &self.governance.remark.to_string())
            .replace("{acte}", "valider")
            .replace("{version}", "1")
            .replace("{format}", "pdf")
            .replace("{numero}", "1")
            .replace("{file}", "480.webp")
            .replace("{token}", self.token_of(path))
    }

    /// The personal link that a route takes.
    fn token_of(&self, path: &str) -> &str {
        match path {
            p if p.starts_with("/fiche") => &self.token,
            p if p.starts_with("/reunion") => &self.governance.token,
            p if p.starts_with("/sondage") => &self.agenda.token,
            p if p.starts_with("/agenda/flux") => &self.agenda.address,
            p if p.starts_with("/compte-rendu") => &self.governance.reading,
            _ => "un-jeton-inconnu",
        }
    }
}
