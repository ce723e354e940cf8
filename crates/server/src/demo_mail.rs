//! What is in the mailboxes of the demonstration. No server stands behind them: they are paused, and say so.

use app::features::mailbox::archive;
use app::features::mailbox::saved_reply::{self, SavedReply};
use kit::db::Id;
use kit::network::Network;
use kit::{Actor, App, Result};

/// Messages, parted by `%%`, each with a few words about it before its text.
const DROME: &str = include_str!("../../../demo/courrier-drome.txt");

const REPLIES: [(&str, &str); 3] = [
    (
        "Ouvrir un poste de Promeneur",
        "<p>Bonjour {{prenom}},</p><p>Merci de votre intérêt. Trois étapes\u{a0}: la lettre d’engagement de votre structure, la \
         charte signée avec la personne pressentie, puis la formation de base. Je vous appelle cette semaine pour les préparer \
         ensemble.</p><p>Bien à vous,<br>{{coordination}}</p>",
    ),
    (
        "Demande d’intervention",
        "<p>Bonjour,</p><p>Votre demande est bien arrivée. Je la transmets aux Promeneurs du secteur, qui vous répondront sous dix \
         jours. Un atelier dure une heure, pour une demi-classe.</p><p>Bien à vous,<br>{{coordination}}</p>",
    ),
    (
        "Bien reçu",
        "<p>Bonjour {{prenom}},</p><p>Votre message est bien arrivé\u{a0}: je vous réponds dans la semaine.</p>",
    ),
];

/// Fills the mailbox of a network.
pub async fn receive(app: &App, network: &Network) -> Result<()> {
    if network.code == "26" {
        let messages = DROME
            .split("%%")
            .map(|text| (message(app, network, text).into(), text.contains("Jours: 6")))
            .collect();
        archive::take(app, network, ("Boîte de réception", "inbox"), messages, app.now().plus_days(-60))
            .await?;
    }
    let actor = Actor::program(network.id, "Démonstration", app.now());
    let mut tx = app.db.write().await?;
    for (name, body) in REPLIES {
        let mut reply = SavedReply {
            network_id: network.id,
            id: Id::new(app.now()),
            name: name.to_owned(),
            body: body.to_owned(),
            used: 0,
            created_at: app.now(),
            version: 1,
        };
        saved_reply::keep(&mut tx, &actor, &mut reply, true).await?;
    }
    tx.commit().await
}

/// A message as servers hand it over (RFC 5322).
fn message(app: &App, network: &Network, text: &str) -> Vec<u8> {
    let (head, body) = text.trim_start().split_once("\n\n").unwrap_or((text, ""));
    let said = |name: &str| {
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    };
    let days: i64 = said("Jours").parse().unwrap_or(1);
    let hour: i64 = said("Heure").parse().unwrap_or(9);
    let midnight = network.today(app.now()).start_in(network.zone());
    // What today has not reached yet came yesterday.
    let at = midnight.plus_days(-days).plus_minutes(60 * hour + 12);
    let at = if at > app.now() { at.plus_days(-1) } else { at };
    let mut more = String::new();
    if !said("Liste").is_empty() {
        more.push_str(&format!("List-Id: <{}>\r\n", said("Liste")));
    }
    if !said("Auto").is_empty() {
        more.push_str("Auto-Submitted: auto-replied\r\n");
    }
    let id = kit::text::slug(said("Objet"));
    let body = body.replace('\n', "\r\n");
    format!(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{id}@demo.example>\r\nDate: {}\r\n{more}MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{body}",
        said("De"),
        network.sender(),
        said("Objet"),
        at.utc().to_rfc2822()
    )
    .into_bytes()
}
