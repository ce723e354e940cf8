//! A poll of the town, with someone who is asked; a feed that someone reads.

use app::features::agenda::calendar_feed;
use app::features::agenda::date_poll::DatePoll;
use app::features::agenda::participant::{self, Participant};
use app::features::agenda::{invitation, opening};
use kit::db::Id;
use kit::{Actor, App, Network, Tx, visitor};

/// Ids of what is there.
pub struct Agenda {
    pub poll: Id,
    pub person: Id,
    /// Their personal link.
    pub token: String,
    /// A feed, and the end of its address.
    pub feed: Id,
    pub address: String,
}

impl Agenda {
    pub async fn ask(tx: &mut Tx, actor: &Actor, app: &App, network: &Network, account: Id) -> Self {
        let place = (app, network, "https://drome.test");
        let poll = DatePoll { title: "Copil de printemps".to_owned(), ..DatePoll::blank(network, actor.now) };
        let dates = [actor.now.plus_days(20), actor.now.plus_days(21)];
        let poll = opening::make(tx, actor, place, poll, &dates).await.unwrap();
        let email = Some("ana.lopes@departement.test".to_owned());
        let ana = Participant::new(&poll, actor.now, ("Ana Lopes", "Département"), email, ("typed", ""));
        let person = ana.id;
        invitation::invite(tx, actor, &poll, vec![ana]).await.unwrap();
        let (poll, _) = opening::send(tx, actor, place, poll.id).await.unwrap();
        let owner = visitor::of_account(tx, network.id, account, account).await.unwrap().unwrap();
        let shown = (None, "Réunions du réseau");
        let feed = calendar_feed::make(tx, actor, &owner, shown, "iPhone").await.unwrap();
        let address = feed.path(app).rsplit('/').next().unwrap_or_default().to_owned();
        let token = participant::token(app, network.id, person);
        Self { poll: poll.id, person, token, feed: feed.id, address }
    }
}
