//! `esplanade demo`: a filled network to look at, made as a coordinator makes hers. A year ago she imported
//! her tables; since then charters came back, profiles were checked, people left.

use std::path::Path;

use app::features::accounts::account::{self, Wanted};
use app::features::directory;
use app::features::directory::contact::{self, Contact, Organisation};
use app::features::directory::imports::{self, Choices};
use app::features::directory::mandate::{self, Mandate};
use app::features::directory::person::{self, Person};
use app::features::directory::social_profile::{self, CHECKLIST, SocialProfile};
use app::features::directory::structure::{self, Structure};
use app::features::notifications;
use app::features::public_messages::public_message::{self, PublicMessage};
use app::features::relays::relay::{self, Relay};
use app::features::upkeep::campaign::{self, Check};
use app::features::upkeep::change_request::{self, Author, Sheet};
use kit::clock::Clock;
use kit::config::Config;
use kit::db::{Date, Timestamp};
use kit::network::{self, Network, Settings};
use kit::{Actor, App, Error, Result, Role, Tx};

const PASSWORD: &str = "promenade-en-ligne";
const MARKER: &str = "demonstration";

const DROME: [(&str, &str); 2] = [
    ("structures.csv", include_str!("../../../demo/drome-structures.csv")),
    ("promeneurs.csv", include_str!("../../../demo/drome-promeneurs.csv")),
];
const ARDECHE: [(&str, &str); 2] = [
    ("structures.csv", include_str!("../../../demo/ardeche-structures.csv")),
    ("promeneurs.csv", include_str!("../../../demo/ardeche-promeneurs.csv")),
];

/// Where the portal over both networks answers.
const PORTAL: &str = "portail.localhost";

/// Makes the demonstration anew and serves it.
pub async fn run(config: Config, no_serve: bool) -> Result<()> {
    make_room(&config.data_dir)?;
    let config = Config { portal_host: config.portal_host.or(Some(PORTAL.to_owned())), ..config };
    let app = App::start(app::parts(), config, Clock::System).await?;
    fill(&app).await?;
    if no_serve {
        app.db.close().await;
        return Ok(());
    }
    let data_dir = app.config.data_dir.display().to_string();
    kit::web::serve::serve(app, |address| greet(&address.to_string(), &data_dir)).await
}

fn greet(address: &str, data_dir: &str) {
    let address = address.replace("127.0.0.1", "localhost").replace("0.0.0.0", "localhost");
    let port = address.rsplit(':').next().unwrap_or("8080").to_owned();
    println!();
    println!("Esplanade, réseau de démonstration : http://{address}");
    println!("Second réseau (Ardèche)            : http://ardeche.localhost:{port}");
    println!("Portail national                   : http://{PORTAL}:{port}");
    println!();
    println!("Comptes, mot de passe « {PASSWORD} » :");
    for (email, role) in [
        ("coordination@demo.example", "coordination"),
        ("caf@demo.example", "Caf"),
        ("partenaire@demo.example", "partenaire"),
        ("structure@demo.example", "responsable de structure"),
        ("promeneur@demo.example", "promeneur"),
        ("exploitant@demo.example", "exploitant de l’instance"),
    ] {
        println!("  {email:<28} {role}");
    }
    println!();
    println!("Autres commandes sur ces données : ESPLANADE_DATA_DIR={data_dir} esplanade network list");
}

/// A fresh demonstration replaces an earlier one, and nothing else.
fn make_room(dir: &Path) -> Result<()> {
    let fail = |e: std::io::Error| Error::refused(format!("{} : {e}", dir.display()));
    if dir.join(MARKER).exists() {
        std::fs::remove_dir_all(dir).map_err(fail)?;
    } else if dir.exists() && std::fs::read_dir(dir).map_err(fail)?.next().is_some() {
        return Err(Error::refused(format!(
            "{} n’est pas vide et ne contient pas de démonstration : choisissez un autre dossier.",
            dir.display()
        )));
    }
    std::fs::create_dir_all(dir).map_err(fail)?;
    std::fs::write(dir.join(MARKER), "Ce dossier est effacé par « esplanade demo ».\n").map_err(fail)
}

async fn fill(app: &App) -> Result<()> {
    let start = app.now().plus_days(-365);
    let drome = open(app, start, "26", "Drôme", "#1f6f5c").await?;
    let ardeche = open(app, start, "07", "Ardèche", "#7a3b69").await?;
    let painted = crate::demo_site::paint().await?;
    let mut tx = app.db.write().await?;
    load(&mut tx, &drome, start, &DROME).await?;
    live_a_year(&mut tx, &drome, start, app.now()).await?;
    partners(&mut tx, &drome, start).await?;
    relays(&mut tx, &drome, app.now()).await?;
    messages(&mut tx, &drome, app.now()).await?;
    accounts(&mut tx, &drome, app.now()).await?;
    crate::demo_support::fill(&mut tx, app, &drome).await?;
    load(&mut tx, &ardeche, start, &ARDECHE).await?;
    live_a_year(&mut tx, &ardeche, start, app.now()).await?;
    keep_up(&mut tx, app, &drome).await?;
    for network in [&drome, &ardeche] {
        crate::demo_site::publish(app, &mut tx, network, &painted).await?;
    }
    crate::demo_mailings::write(&mut tx, app, &drome).await?;
    // What was done a year ago was judged by the calendar of then.
    for network in [&drome, &ardeche] {
        directory::refresh_all(&mut tx, &Actor::program(network.id, "Démonstration", app.now())).await?;
    }
    let actor = Actor::program(ardeche.id, "Démonstration", app.now());
    let wanted = Wanted::new("Claire Vernet", "coordination@demo.example", &[Role::Coordinator], None);
    account::create(&mut tx, &actor, wanted, Some(PASSWORD.to_owned())).await?;
    tx.commit().await?;
    for network in [&drome, &ardeche] {
        crate::demo_mail::receive(app, network).await?;
    }
    // What happened these last days is news to the coordination.
    notifications::read_trail(app, &drome, app.now().plus_days(-3)).await
}

async fn open(app: &App, start: Timestamp, code: &str, name: &str, accent: &str) -> Result<Network> {
    let mut tx = app.db.write().await?;
    let settings = Settings {
        coordinating_body: Some(format!("Ligue de l’enseignement – {name}")),
        coordination_email: Some(format!("coordination-{code}@demo.example")),
        postal_address: Some(format!(
            "Maison des associations\n1 place de la Démonstration\n{code}000 Exemple"
        )),
        phone: Some("+33465719900".to_owned()),
        active_conditions: ["charter_signed", "profile_compliant", "office_hours"]
            .map(str::to_owned)
            .to_vec(),
        ..Settings::default()
    };
    let network = network::create(&mut tx, start, code, name, None, &settings).await?;
    network::save_settings(&mut tx, &network, accent, &settings).await?;
    tx.commit().await?;
    Ok(network)
}

async fn load(tx: &mut Tx, network: &Network, start: Timestamp, files: &[(&str, &str)]) -> Result<()> {
    let actor = Actor::program(network.id, "Amandine Perrot", start);
    for (name, text) in files {
        let sheets = imports::open(text.as_bytes()).map_err(Error::bug)?;
        let mut import = imports::add(tx, &actor, name, String::new(), "done").await?;
        let quiet = |_: &str, _: usize, _: usize| {};
        let into = Some(import.id);
        let review = imports::run(tx, &actor, network, &sheets, &Choices::default(), into, &quiet).await?;
        imports::finish(tx, &actor, &mut import, &review.report).await?;
    }
    Ok(())
}

/// Replays a year: each person in turn signs, is checked, is trained, is published, as real networks go.
async fn live_a_year(tx: &mut Tx, network: &Network, start: Timestamp, now: Timestamp) -> Result<()> {
    let mut people: Vec<Person> = tx.all_of(network.id).await?;
    people.sort_by_key(|person| person.id);
    for (turn, person) in (0i64..).zip(&people) {
        let when = |days: i64| {
            let moment = start.plus_days(days + turn * 3).plus_minutes(9 * 60 + turn * 17);
            Actor::program(network.id, "Amandine Perrot", if moment < now { moment } else { now })
        };
        let mandates: Vec<Mandate> = tx.all_in(network.id, "person_id", &[person.id]).await?;
        for before in mandates.iter().filter(|m| m.ended_on.is_none()) {
            progress(tx, network, &when(20), before, turn).await?;
        }
        if turn % 6 != 5 {
            check_profiles(tx, &when(60), person, turn).await?;
        }
        if turn % 7 != 6 {
            match person::publish(tx, &when(80), person.id).await {
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    let structures: Vec<Structure> = tx.all_of(network.id).await?;
    for (turn, before) in (0i64..).zip(structures.iter().filter(|s| s.is_in_network())) {
        let actor = Actor::program(network.id, "Amandine Perrot", start.plus_days(100 + turn));
        let mut after = before.clone();
        after.published_at = Some(actor.now);
        structure::change(tx, &actor, before, after, "structure.published", None).await?;
    }
    Ok(())
}

async fn progress(tx: &mut Tx, network: &Network, actor: &Actor, before: &Mandate, turn: i64) -> Result<()> {
    let day = |days: i64| Some(network.today(actor.now.plus_days(days)));
    let mut after = before.clone();
    after.info_sheet_on = day(-4);
    after.weekly_hours = Some([3.0, 4.0, 5.5, 6.0, 8.0][usize::try_from(turn).unwrap_or(0) % 5]);
    if after.charter == "signed" {
        after.charter_signed_on = after.charter_signed_on.or(day(-10));
    }
    if turn % 4 != 3 {
        after.training_on = day(0);
        after.national_listing_on = day(-2);
    }
    if turn == 8 {
        after.absent_from = day(30);
        after.absent_until = Some(Date(network.today(actor.now).0 + chrono::Days::new(500)));
    }
    mandate::change(tx, actor, before, after, "mandate.changed", None).await.map(|_| ())
}

async fn check_profiles(tx: &mut Tx, actor: &Actor, person: &Person, turn: i64) -> Result<()> {
    let profiles: Vec<SocialProfile> = tx.all_in(actor.network_id, "person_id", &[person.id]).await?;
    for (at, before) in profiles.iter().enumerate() {
        let right = if turn % 8 == 3 && at == 0 { 4 } else { CHECKLIST.len() };
        let codes: Vec<&str> = CHECKLIST.iter().take(right).map(|(code, _)| *code).collect();
        let mut after = before.clone();
        after.checked = codes.join(",");
        after.checked_by = Some(actor.name.clone());
        after.checked_on = Some(Date(actor.now.utc().date_naive()));
        social_profile::keep(tx, actor, Some(before), after, person).await?;
    }
    Ok(())
}

async fn partners(tx: &mut Tx, network: &Network, start: Timestamp) -> Result<()> {
    let actor = Actor::program(network.id, "Amandine Perrot", start.plus_days(12));
    for (name, kind, first, last, job) in [
        ("Caf de la Drôme", "sponsor", "Hélène", "Roux", "conseillère technique jeunesse"),
        ("Département de la Drôme", "sponsor", "Marc", "Faure", "chargé de mission jeunesse"),
        ("SDJES de la Drôme", "sponsor", "Sandrine", "Blanc", "conseillère d’éducation populaire"),
        ("Msa Ardèche Drôme Loire", "sponsor", "Paul", "Giraud", "responsable action sociale"),
        (
            "Maison de protection des familles",
            "child_protection",
            "Nathalie",
            "Vidal",
            "référente prévention",
        ),
        ("Planning familial 26", "health", "Inès", "Garcin", "conseillère"),
        ("e-Enfance", "digital", "Thomas", "Serre", "formateur"),
    ] {
        let mut organisation = Organisation::named(network.id, actor.now, name);
        organisation.kind = Some(kind.to_owned());
        organisation.commune = Some("Valence".to_owned());
        organisation.insee_code = Some("26362".to_owned());
        let organisation = contact::keep_organisation(tx, &actor, None, organisation).await?;
        let mut referent = Contact::named(network.id, actor.now, first, last);
        referent.organisation_id = Some(organisation.id);
        referent.job_title = Some(job.to_owned());
        referent.is_referent = true;
        referent.email = Some(format!("{}@partenaire.example", kit::text::slug(&referent.name())));
        contact::keep_contact(tx, &actor, None, referent).await?;
    }
    Ok(())
}

/// Corrections that wait for the coordinator, and a campaign half answered.
async fn keep_up(tx: &mut Tx, app: &App, network: &Network) -> Result<()> {
    let now = app.now();
    let mut people: Vec<Person> = tx.all_of(network.id).await?;
    people.retain(|person| person.is_published() && person.deleted_at.is_none());
    people.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    let corrections = [("job_title", "éducatrice de prévention"), ("phone", "+33612457890")];
    for (person, (column, value)) in people.iter().skip(4).zip(corrections) {
        let actor = Actor::program(network.id, &person.name(), now.plus_days(-2));
        let author = Author { account_id: None, name: person.name(), email: person.email.clone() };
        let sheet = Sheet::find(tx, network.id, "person", person.id).await?;
        let mut proposed = sheet.values()?;
        proposed.insert(column.to_owned(), value.into());
        change_request::propose(tx, &actor, network, &sheet, &author, &proposed).await?;
    }
    let actor = Actor::program(network.id, "Amandine Perrot", now.plus_days(-9));
    let base = format!("http://{}", app.config.listen);
    let word = Some("Merci de prendre une minute avant le Copil.".to_owned());
    let campaign = campaign::start(tx, &actor, network, &base, word, 90).await?;
    let mut checks: Vec<Check> = tx.all_in(network.id, "campaign_id", &[campaign.id]).await?;
    checks.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    for check in checks.into_iter().step_by(2) {
        let actor = Actor::program(network.id, &check.name, now.plus_days(-7));
        campaign::answer(tx, &actor, network.today(actor.now), check, "unchanged").await?;
    }
    Ok(())
}

/// Services near here. Their numbers are of the ranges that the Arcep keeps for fiction: they reach nobody.
async fn relays(tx: &mut Tx, network: &Network, now: Timestamp) -> Result<()> {
    for (ago, name, theme, audience, commune, phone, hours, cost, description) in [
        (
            20,
            "Maison des adolescents",
            "distress",
            "everyone",
            "Valence",
            "+33465719901",
            "lundi au vendredi 9h-12h30 et 13h30-18h",
            "Gratuit",
            "Pour les 11-21 ans et leurs parents, avec ou sans rendez-vous.",
        ),
        (
            45,
            "Point d’accueil et d’écoute jeunes",
            "distress",
            "youth",
            "Romans-sur-Isère",
            "+33465719902",
            "lundi 14h-18h\nmercredi 10h-12h et 14h-19h\nvendredi 14h-18h",
            "Gratuit, sans rendez-vous",
            "Confidentiel, de 12 à 25 ans.",
        ),
        (
            400,
            "Centre de santé sexuelle",
            "health",
            "youth",
            "Montélimar",
            "+33465719903",
            "mardi et jeudi 12h-18h",
            "Gratuit",
            "Contraception, dépistage, entretien, pour toutes et tous.",
        ),
        (
            90,
            "Cellule de recueil des informations préoccupantes (Crip)",
            "violence",
            "professionals",
            "Valence",
            "+33465719904",
            "lundi au vendredi 9h-17h",
            "Gratuit",
            "Pour les professionnels qui s’inquiètent pour un mineur. Les particuliers appellent le 119.",
        ),
    ] {
        let actor = Actor::program(network.id, "Amandine Perrot", now.plus_days(-ago));
        let mut relay = Relay::named(network.id, actor.now, name);
        (relay.theme, relay.audience) = (theme.to_owned(), audience.to_owned());
        (relay.commune, relay.phone) = (Some(commune.to_owned()), Some(phone.to_owned()));
        (relay.hours, relay.cost) = (Some(hours.to_owned()), Some(cost.to_owned()));
        relay.description = Some(description.to_owned());
        relay.source = Some("Appel au service (démonstration)".to_owned());
        relay.verified_on = Some(network.today(actor.now));
        relay::keep(tx, &actor, None, relay).await?;
    }
    Ok(())
}

/// What the public wrote lately.
async fn messages(tx: &mut Tx, network: &Network, now: Timestamp) -> Result<()> {
    let at = |hours: i64| Actor::program(network.id, "Public", now.plus_minutes(-60 * hours));
    let actor = at(27);
    let mut interest = PublicMessage::new(network.id, actor.now, "interest");
    interest.name = "Samira Benali".to_owned();
    interest.email = "s.benali@centre-social.example".to_owned();
    interest.phone = Some("+33465719905".to_owned());
    interest.structure = Some("Centre social des Trois Rivières".to_owned());
    interest.commune = Some("Livron-sur-Drôme".to_owned());
    interest.job_title = Some("animatrice jeunesse".to_owned());
    interest.body = "Bonjour,\nNous accueillons une soixantaine de jeunes et beaucoup nous écrivent le soir. Ma \
        directrice est d’accord sur le principe\u{a0}: comment candidater, et combien d’heures faut-il prévoir\u{a0}?"
        .to_owned();
    public_message::receive(tx, &actor, network, &interest, "http://localhost:8080").await?;
    let actor = at(5);
    let mut contact = PublicMessage::new(network.id, actor.now, "contact");
    contact.name = "Mairie de Saillans".to_owned();
    contact.email = "accueil@mairie.example".to_owned();
    contact.body =
        "Bonjour, pourriez-vous nous envoyer quelques dépliants pour l’espace France services\u{a0}? Des \
        parents nous demandent comment reconnaître un vrai Promeneur."
            .to_owned();
    public_message::receive(tx, &actor, network, &contact, "http://localhost:8080").await
}

async fn accounts(tx: &mut Tx, network: &Network, now: Timestamp) -> Result<()> {
    let actor = Actor::program(network.id, "Démonstration", now);
    let mut mandates: Vec<Mandate> = tx.all_of(network.id).await?;
    mandates.sort_by_key(|mandate| mandate.id);
    let today = network.today(now);
    let held = mandates.iter().find(|m| m.is_current(today) && m.ended_on.is_none());
    let (structure, promeneur) = held.map(|m| (m.structure_id, m.person_id)).unzip();
    let promeneur = match promeneur.flatten() {
        Some(id) => Some(person::find(tx, network.id, id).await?),
        None => None,
    };
    let promeneur_name = promeneur.as_ref().map_or_else(|| "Promeneur".to_owned(), Person::name);
    for (name, email, role) in [
        ("Amandine Perrot", "coordination@demo.example", Role::Coordinator),
        ("Hélène Roux", "caf@demo.example", Role::Caf),
        ("Marc Faure", "partenaire@demo.example", Role::Partner),
        ("Jeanne Meunier", "structure@demo.example", Role::Manager),
        (promeneur_name.as_str(), "promeneur@demo.example", Role::Promeneur),
        ("Exploitant de l’instance", "exploitant@demo.example", Role::Operator),
    ] {
        let mut wanted = Wanted::new(name, email, &[role], structure);
        if role == Role::Promeneur {
            wanted.person_id = promeneur.as_ref().map(|p| p.id);
        }
        account::create(tx, &actor, wanted, Some(PASSWORD.to_owned())).await?;
    }
    Ok(())
}
