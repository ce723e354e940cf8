//! A committee of the town, who sits in it, what it asks for.

use app::features::governance::committee::{self, Committee};
use app::features::governance::objective::{self, Objective};
use app::features::governance::seat::{self, Seat, SeatHolder};
use kit::db::Id;
use kit::{Actor, Network, Tx};

/// Ids of what is there.
pub struct Governance {
    pub committee: Id,
    pub seat: Id,
    pub holder: Id,
    pub objective: Id,
}

impl Governance {
    pub async fn found(tx: &mut Tx, actor: &Actor, network: &Network) -> Self {
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
        Self { committee: committee.id, seat: seat.id, holder: holder.id, objective: objective.id }
    }
}
