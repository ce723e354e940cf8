//! What the demonstration network writes to many: a letter that left, one that will, a draft, and who wants which.

use app::features::mailings::block::{self, Block};
use app::features::mailings::distribution_list::{self, DistributionList};
use app::features::mailings::mailing::{self, Mailing};
use app::features::mailings::topic::{self, Topic};
use app::features::mailings::{address, sending};
use app::features::publications::publication::Publication;
use kit::db::Id;
use kit::network::Network;
use kit::{Actor, App, Error, Result, Tx};

const AUTHOR: &str = "Amandine Perrot";

/// What letters are made from.
struct Known {
    lists: Vec<DistributionList>,
    topics: Vec<Topic>,
    news: Vec<Publication>,
}

impl Known {
    fn list(&self, code: &str) -> Result<Id> {
        let found = self.lists.iter().find(|list| list.code == code);
        found.map(|list| list.id).ok_or(Error::NotFound)
    }

    fn topic(&self, code: &str) -> Result<&Topic> {
        self.topics.iter().find(|topic| topic.code == code).ok_or(Error::NotFound)
    }
}

/// Writes letters, and notes what some of their readers answered.
pub async fn write(tx: &mut Tx, app: &App, network: &Network) -> Result<()> {
    let now = app.now();
    distribution_list::seed(tx, network.id, now.plus_days(-200)).await?;
    let mut news: Vec<Publication> = tx.all_of(network.id).await?;
    news.retain(|publication| publication.is_public() && publication.is_news());
    news.sort_by_key(|publication| std::cmp::Reverse(publication.published_at));
    let lists = distribution_list::all(tx, network.id).await?;
    let known = Known { lists, topics: topic::all(tx, network.id).await?, news };
    let base = format!("http://{}", app.config.listen);
    readers(tx, network, &known, app).await?;
    // Both left long ago: no time remains to call them back.
    for (ago, letter) in
        [(40, autumn(network, &known, now.plus_days(-40))?), (6, november(network, &known, now)?)]
    {
        let actor = Actor::program(network.id, AUTHOR, now.plus_days(-ago));
        let kept = mailing::keep(tx, &actor, None, letter, "mailing.added").await?;
        sending::send(tx, &actor, network, &kept, &base).await?;
    }
    let actor = Actor::program(network.id, AUTHOR, now.plus_minutes(-90));
    let meeting =
        mailing::keep(tx, &actor, None, meeting(network, &known, actor.now)?, "mailing.added").await?;
    sending::schedule(tx, &actor, &meeting, &base, now.plus_days(3)).await?;
    let actor = Actor::program(network.id, AUTHOR, now.plus_minutes(-20));
    let charter = charter(network, &known, actor.now)?;
    mailing::keep(tx, &actor, None, charter, "mailing.added").await.map(|_| ())
}

/// Two who want no letter any more, and an address where nobody is.
async fn readers(tx: &mut Tx, network: &Network, known: &Known, app: &App) -> Result<()> {
    let now = app.now();
    let probe = Mailing { lists: lists(&[known.list("active")?]), ..Mailing::blank(network.id, now, AUTHOR) };
    let members = sending::reach(tx, network, now, &probe).await?.expansion.members;
    let some: Vec<(String, String)> =
        members.iter().take(3).map(|member| (member.address.clone(), member.known.name())).collect();
    let ids = address::ids_of(tx, network.id, now.plus_days(-60), &some).await?;
    for (turn, (mail, _)) in (0i64..).zip(&some) {
        let actor = Actor::program(network.id, mail, now.plus_days(-30 + turn));
        let Some(id) = ids.get(mail) else { continue };
        let found: address::MailAddress = tx.get(network.id, *id).await?;
        match turn {
            0 => address::say(tx, &actor, &found, known.topic("newsletter")?, false, "one_click").await?,
            1 => address::say(tx, &actor, &found, known.topic("resources")?, false, "preferences").await?,
            _ => drop(address::bounce(tx, &actor, mail, "550 5.1.1 User unknown").await?),
        }
    }
    Ok(())
}

fn lists(ids: &[Id]) -> String {
    serde_json::to_string(ids).unwrap_or_default()
}

fn blank(network: &Network, at: kit::Timestamp, subject: &str, topic: Id, to: &[Id]) -> Mailing {
    Mailing {
        subject: subject.to_owned(),
        topic_id: Some(topic),
        lists: lists(to),
        ..Mailing::blank(network.id, at, AUTHOR)
    }
}

fn piece(at: kit::Timestamp, kind: &str, title: &str, body: &str, url: &str) -> Block {
    Block {
        title: title.to_owned(),
        body: body.to_owned(),
        url: url.to_owned(),
        ..Block::new(Id::new(at), kind)
    }
}

fn autumn(network: &Network, known: &Known, at: kit::Timestamp) -> Result<Mailing> {
    let blocks = [
        piece(at, "heading", "La rentrée du réseau", "", ""),
        piece(
            at,
            "text",
            "",
            "<p>Bonjour {{prenom}},</p><p>Six nouvelles structures nous rejoignent cette année, et les permanences \
             ont repris partout. Merci à celles et ceux qui ont tenu la ligne cet été.</p>",
            "",
        ),
        piece(at, "button", "Trouver un Promeneur", "", "/promeneurs"),
    ];
    let mut letter =
        blank(network, at, "La rentrée du réseau", known.topic("newsletter")?.id, &[known.list("everyone")?]);
    letter.preheader = "Six nouvelles structures, et les permanences reprennent.".to_owned();
    letter.blocks = block::write(&blocks);
    letter.is_public = true;
    Ok(letter)
}

fn november(network: &Network, known: &Known, now: kit::Timestamp) -> Result<Mailing> {
    let at = now.plus_days(-6);
    let mut blocks = vec![
        piece(at, "heading", "Les nouvelles de l’automne", "", ""),
        piece(
            at,
            "text",
            "",
            "<p>Bonjour {{prenom}},</p><p>Voici ce qui s’est passé, et ce qui vient.</p>",
            "",
        ),
    ];
    blocks.extend(
        known
            .news
            .iter()
            .take(2)
            .map(|news| Block { news: Some(news.id), ..Block::new(Id::new(at), "news") }),
    );
    blocks.push(piece(at, "divider", "", "", ""));
    blocks.push(piece(
        at,
        "event",
        "Journée départementale",
        "<p>Une journée pour se voir tous, à Valence. Le programme arrive&nbsp;; réservez la date.</p>",
        "/agenda",
    ));
    blocks.push(piece(
        at,
        "resource",
        "Parler du harcèlement en ligne avec un groupe",
        "<p>Une séance prête à mener, avec ses supports.</p>",
        "/ressources",
    ));
    let mut letter = blank(
        network,
        at,
        "Les nouvelles de l’automne",
        known.topic("newsletter")?.id,
        &[known.list("everyone")?],
    );
    letter.preheader = "Un café des parents, une journée à réserver, une séance prête à mener.".to_owned();
    letter.blocks = block::write(&blocks);
    letter.is_public = true;
    Ok(letter)
}

fn meeting(network: &Network, known: &Known, at: kit::Timestamp) -> Result<Mailing> {
    let body = "<p>Bonjour {{prenom}},</p><p>Notre prochaine réunion de réseau se tient jeudi à 9&nbsp;h&nbsp;30, à la \
                Maison des associations. À l’ordre du jour&nbsp;: vos permanences, la charte, les projets de l’hiver.</p>\
                <p>{{coordination}}</p>";
    let topic = known.topic("invitations")?.id;
    let mut letter = blank(network, at, "Réunion de réseau, jeudi", topic, &[known.list("active")?]);
    letter.blocks = block::write(&[piece(at, "text", "", body, "")]);
    Ok(letter)
}

fn charter(network: &Network, known: &Known, at: kit::Timestamp) -> Result<Mailing> {
    let body = "<p>Bonjour {{prenom}},</p><p>Il manque votre charte signée pour {{structure}}. Pouvez-vous nous la \
                renvoyer d’ici quinze jours&nbsp;?</p>";
    let topic = known.topic("essential")?.id;
    let mut letter = blank(network, at, "Votre charte", topic, &[known.list("charter_missing")?]);
    letter.blocks = block::write(&[piece(at, "text", "", body, "")]);
    Ok(letter)
}
