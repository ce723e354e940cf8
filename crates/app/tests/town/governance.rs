//! A committee of the town, who sits in it, what it asks for.

use app::features::governance::agenda_item::{self, AgendaItem};
use app::features::governance::committee::{self, Committee};
use app::features::governance::convocation;
use app::features::governance::invitee::{self, Invitee};
use app::features::governance::meeting::{self, Meeting};
use app::features::governance::objective::{self, Objective};
use app::features::governance::seat::{self, Seat, SeatHolder};
use kit::db::Id;
use kit::{Actor, App, Network, Tx};

/// Ids of what is there.
pub struct Governance {
    pub committee: Id,
    pub seat: Id,
    pub holder: Id,
    pub objective: Id,
    pub meeting: Id,
    pub item: Id,
    pub invitee: Id,
    /// The personal link of someone who is convened.
    pub token: String,
}

impl Governance {
    pub async fn found(tx: &mut Tx, actor: &Actor, app: &App, network: &Network) -> Self {
        let committee = Committee::blank(network.id, actor.now, "steering");
        let committee = committee::found(tx, actor, committee).await.unwrap();
        let seat = Seat::blank(network.id, actor.now, committee.id);
        let seat = Seat { organisation: "Département".to_owned(), ..seat };
        let holder = SeatHolder {
            name: "Ana Lopes".to_owned(),
            email: Some("ana.lopes@departement.test".to_owned()),
            ..SeatHolder::blank(&seat, actor.now, "titular")
        };
        let seat = seat::give(tx, actor, seat, vec![holder.clone()]).await.unwrap();
        let objective = Objective {
            title: "Couvrir le nord du département".to_owned(),
            due_on: Some(network.today(actor.now)),
            ..Objective::blank(network.id, actor.now, committee.id)
        };
        let objective = objective::set(tx, actor, objective).await.unwrap();
        let meeting = Meeting {
            starts_at: Some(actor.now.plus_days(20)),
            place: Some("Valence".to_owned()),
            ..Meeting::blank(network.id, actor.now, &committee)
        };
        let meeting = meeting::plan(tx, actor, meeting).await.unwrap();
        let item = AgendaItem { title: "Bilan".to_owned(), ..AgendaItem::blank(&meeting, actor.now) };
        let item = agenda_item::add(tx, actor, &meeting, item).await.unwrap();
        let invitee = Invitee {
            name: holder.name.clone(),
            email: holder.email.clone(),
            ..Invitee::blank(&meeting, actor.now)
        };
        let place = (app, network, "https://drome.test");
        let (meeting, _) =
            convocation::convene(tx, actor, place, &meeting, vec![invitee.clone()]).await.unwrap();
        Self {
            committee: committee.id,
            seat: seat.id,
            holder: holder.id,
            objective: objective.id,
            meeting: meeting.id,
            item: item.id,
            invitee: invitee.id,
            token: invitee::token(app, network.id, invitee.id),
        }
    }
}
