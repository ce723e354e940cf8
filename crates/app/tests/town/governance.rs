//! A committee of the town, who sits in it, what it asks for.

use app::features::governance::agenda_item::{self, AgendaItem};
use app::features::governance::committee::{self, Committee};
use app::features::governance::convocation;
use app::features::governance::decision::{self, Decision};
use app::features::governance::invitee::{self, Invitee};
use app::features::governance::meeting::{self, Meeting};
use app::features::governance::meeting_series::{self, MeetingSeries};
use app::features::governance::minutes::{self, Minutes};
use app::features::governance::minutes_mail::{self, MinutesRecipient};
use app::features::governance::minutes_remark::{self, Said};
use app::features::governance::objective::{self, Objective};
use app::features::governance::paper::{self, Stored};
use app::features::governance::seat::{self, Seat, SeatHolder};
use app::features::governance::sitting;
use kit::db::Id;
use kit::{Actor, App, Network, Tx};

/// Ids of what is there.
pub struct Governance {
    pub committee: Id,
    pub seat: Id,
    pub holder: Id,
    pub objective: Id,
    pub meeting: Id,
    /// The series that it is in, and the meeting after it, which may be thrown away.
    pub series: Id,
    pub next: Id,
    pub item: Id,
    pub invitee: Id,
    /// A file given to who is convened.
    pub paper: Id,
    /// A meeting that takes place, one of its items and someone who is there.
    pub sitting: Id,
    pub sitting_item: Id,
    pub attendee: Id,
    pub decision: Id,
    /// A meeting whose minutes wait to be validated, and a remark about them.
    pub concluded: Id,
    pub remark: Id,
    /// The personal link of someone to whom its minutes were sent.
    pub reading: String,
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
        let (meeting, next, item, invitee) = convened(tx, actor, (app, network), &committee, &holder).await;
        let paper = paper(tx, actor, app, &meeting, &item).await;
        let sitting = sat(tx, actor, network, &committee, 1).await;
        let concluded = sat(tx, actor, network, &committee, 2).await;
        let minutes = concluded_minutes(tx, actor, network, &concluded.meeting).await;
        let said = Said { remark: Some("Citer la mairie".to_owned()), ..Said::default() };
        let remark = minutes_remark::add(tx, actor, (&concluded.meeting, &minutes), said).await.unwrap();
        let recipient = MinutesRecipient {
            network_id: network.id,
            id: Id::new(actor.now),
            minutes_id: minutes.id,
            name: "Ana Lopes".to_owned(),
            organisation: "Département".to_owned(),
            email: "ana.lopes@departement.test".to_owned(),
            created_at: actor.now,
        };
        tx.insert(std::slice::from_ref(&recipient)).await.unwrap();
        let reading = minutes_mail::reading_url(app, "", &recipient);
        Self {
            sitting: sitting.meeting.id,
            sitting_item: sitting.item,
            attendee: sitting.attendee,
            decision: sitting.decision,
            concluded: concluded.meeting.id,
            remark: remark.id,
            reading: reading.rsplit('/').next().unwrap_or_default().to_owned(),
            committee: committee.id,
            seat: seat.id,
            holder: holder.id,
            objective: objective.id,
            meeting: meeting.id,
            series: meeting.series_id.unwrap(),
            next,
            item: item.id,
            invitee: invitee.id,
            paper,
            token: invitee::token(app, network.id, invitee.id),
        }
    }
}

/// A meeting to which its one member is convened, with one item.
async fn convened(
    tx: &mut Tx,
    actor: &Actor,
    (app, network): (&App, &Network),
    committee: &Committee,
    holder: &SeatHolder,
) -> (Meeting, Id, AgendaItem, Invitee) {
    let series = MeetingSeries {
        place: Some("Valence".to_owned()),
        ..MeetingSeries::blank(network.id, actor.now, committee)
    };
    let moments = [20, 50].map(|days| actor.now.plus_days(days));
    let mut planned = meeting_series::plan(tx, actor, series, &moments).await.unwrap();
    let (meeting, next) = (planned.remove(0), planned.remove(0).id);
    let item = AgendaItem { title: "Bilan".to_owned(), ..AgendaItem::blank(&meeting, actor.now) };
    let item = agenda_item::add(tx, actor, &meeting, item).await.unwrap();
    let invitee = Invitee {
        name: holder.name.clone(),
        email: holder.email.clone(),
        ..Invitee::blank(&meeting, actor.now)
    };
    let place = (app, network, "https://drome.test");
    let (meeting, _) = convocation::convene(tx, actor, place, &meeting, vec![invitee.clone()]).await.unwrap();
    (meeting, next, item, invitee)
}

/// All that can be prepared for a meeting, and a file.
async fn paper(tx: &mut Tx, actor: &Actor, app: &App, meeting: &Meeting, item: &AgendaItem) -> Id {
    let wanted: Vec<&str> = paper::PREPARED.iter().map(|one| one.code).collect();
    paper::prepare(tx, actor, meeting, std::slice::from_ref(item), &wanted).await.unwrap();
    let file = app.files.put(meeting.network_id, "a;b".into()).await.unwrap();
    let stored = Stored { name: "budget.csv".to_owned(), media_type: "text/csv".to_owned(), file, size: 3 };
    paper::add_file(tx, actor, meeting, (None, Some(item.id)), stored).await.unwrap().id
}

impl Governance {
    /// Who `{invite}` is in a route.
    pub fn invitee_of(&self, path: &str) -> Id {
        if path.contains("/seance/") { self.attendee } else { self.invitee }
    }
}

/// A meeting that took place.
struct Sat {
    meeting: Meeting,
    item: Id,
    attendee: Id,
    decision: Id,
}

async fn sat(tx: &mut Tx, actor: &Actor, network: &Network, committee: &Committee, days: i64) -> Sat {
    let blank = Meeting::blank(network.id, actor.now, committee);
    let meeting = Meeting { starts_at: Some(actor.now.plus_days(-days)), ..blank };
    let meeting = meeting::plan(tx, actor, meeting).await.unwrap();
    let item = AgendaItem { title: "Bilan".to_owned(), ..AgendaItem::blank(&meeting, actor.now) };
    let item = agenda_item::add(tx, actor, &meeting, item).await.unwrap();
    let meeting = sitting::open(tx, actor, network, meeting.id).await.unwrap();
    let day = network.today(actor.now);
    let decision = Decision {
        text: "Ouvrir deux postes".to_owned(),
        item_id: Some(item.id),
        ..Decision::blank(&meeting, day, actor.now)
    };
    let decision = decision::take(tx, actor, &meeting, decision, true).await.unwrap();
    let attendee = invitee::of_meeting(tx, network.id, meeting.id).await.unwrap().remove(0);
    let meeting = meeting::hold(tx, actor, network, meeting.id).await.unwrap();
    Sat { meeting, item: item.id, attendee: attendee.id, decision: decision.id }
}

/// Its minutes, handed to the members.
async fn concluded_minutes(tx: &mut Tx, actor: &Actor, network: &Network, meeting: &Meeting) -> Minutes {
    let begun = minutes::begin(tx, actor, meeting).await.unwrap();
    minutes::submit(tx, actor, network, meeting, (&begun, None)).await.unwrap()
}
