//! `/espace/gouvernance/comites/{id}/sieges/nouveau` and `…/sieges/{siege}`: a seat, and who has held it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::committee::Committee;
use super::policy::{Want, require};
use super::seat::{self, MOST_NAME, RANKS, Seat, SeatHolder};

/// Where organisations are suggested from.
pub(super) const ORGANISATIONS: &str = "/espace/reseau/partenaires.json";

#[derive(Template)]
#[template(path = "governance/seat_form.html")]
struct SeatForm {
    frame: Frame,
    form: Fields,
    committee: Committee,
    stored: Option<Seat>,
    holders: Vec<(SeatHolder, bool)>,
    voices: Vec<Choice>,
    action: String,
}

impl SeatForm {
    /// Those in a seat that is being given, as fields: prefix, legend.
    fn ranks(&self) -> [(&'static str, &'static str); 2] {
        RANKS
    }
}

async fn seat_form(cx: &Cx, tx: &mut Tx, committee: Id, seat: Option<Id>) -> Result<SeatForm> {
    let committee: Committee = tx.get(cx.network.id, committee).await?;
    let stored: Option<Seat> = match seat {
        Some(id) => Some(seat_of(cx, tx, committee.id, id).await?),
        None => None,
    };
    let mut holders: Vec<SeatHolder> = match &stored {
        Some(seat) => tx.all_in(cx.network.id, "seat_id", &[seat.id]).await?,
        None => Vec::new(),
    };
    holders.sort_by_key(|holder| std::cmp::Reverse((holder.started_on, holder.id)));
    let shown = stored.clone().unwrap_or_else(|| Seat::blank(cx.network.id, cx.now, committee.id));
    Ok(SeatForm {
        frame: cx.frame(stored.as_ref().map_or("Ajouter un siège", |seat| &seat.organisation)),
        form: values(&shown),
        action: stored.as_ref().map_or_else(|| format!("{}/sieges/nouveau", committee.url()), Seat::url),
        voices: voices(),
        holders: holders.into_iter().map(|one| (one.clone(), one.is_there(cx.today()))).collect(),
        committee,
        stored,
    })
}

/// A seat, when it is one of this committee.
pub(super) async fn seat_of(cx: &Cx, tx: &mut Tx, committee: Id, id: Id) -> Result<Seat> {
    let seat: Seat = tx.get(cx.network.id, id).await?;
    if seat.committee_id == committee { Ok(seat) } else { Err(Error::NotFound) }
}

fn voices() -> Vec<Choice> {
    vec![Choice::new("deliberative", "Délibérative"), Choice::new("consultative", "Consultative")]
}

fn values(seat: &Seat) -> Fields {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Fields::of([
        ("organisme", seat.organisation.clone()),
        ("voix", if seat.is_voting { "deliberative" } else { "consultative" }.to_owned()),
        ("debut", day(seat.started_on)),
        ("fin", day(seat.ended_on)),
        ("version", seat.version.to_string()),
    ])
}

/// Reads a form into a seat; what is wrong is noted in it.
fn read(form: &mut Fields, mut seat: Seat) -> Seat {
    seat.organisation = form.required("organisme", MOST_NAME, "Indiquez l’organisme qui siège.");
    match form.choice("voix", &voices()) {
        Some(voice) => seat.is_voting = voice == "deliberative",
        None => form.reject("voix", "Dites si sa voix est délibérative ou consultative."),
    }
    (seat.started_on, seat.ended_on) = read_span(form);
    seat
}

/// The first and the last day of a form.
pub(super) fn read_span(form: &mut Fields) -> (Option<Date>, Option<Date>) {
    let (first, last) = (form.date("debut"), form.date("fin"));
    if first.zip(last).is_some_and(|(first, last)| last < first) {
        form.reject("fin", "Le dernier jour précède le premier.");
    }
    (first, last)
}

/// The first holders, as typed with a new seat; a rank without a name is left empty.
fn read_holders(form: &mut Fields, seat: &Seat, now: kit::Timestamp) -> Vec<SeatHolder> {
    let mut holders = Vec::new();
    for (rank, _) in RANKS {
        let name = form.text(&format!("{rank}-nom"), MOST_NAME);
        let job_title = form.text(&format!("{rank}-fonction"), MOST_NAME);
        let email = form.email(&format!("{rank}-courriel"));
        let Some(name) = name else {
            if job_title.is_some() || email.is_some() {
                form.reject(&format!("{rank}-nom"), "Indiquez le nom de cette personne.");
            }
            continue;
        };
        let blank = SeatHolder::blank(seat, now, rank);
        holders.push(SeatHolder { name, job_title, email, started_on: seat.started_on, ..blank });
    }
    holders
}

pub async fn blank(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&seat_form(&cx, &mut tx, id, None).await?))
}

pub async fn give(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = seat_form(&cx, &mut tx, id, None).await?;
    let seat = read(&mut form, Seat::blank(cx.network.id, cx.now, id));
    let holders = read_holders(&mut form, &seat, cx.now);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let seat = seat::give(&mut tx, &cx.actor(), seat, holders).await?;
    tx.commit().await?;
    let (said, next) = (format!("Siège ajouté\u{a0}: {}.", seat.organisation), page.committee.url());
    let next = if form.flag("encore") { format!("{next}/sieges/nouveau") } else { next };
    Ok(go_saying(&next, &said))
}

pub async fn edit(cx: Cx, Path((id, seat)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&seat_form(&cx, &mut tx, id, Some(seat)).await?))
}

pub async fn save(cx: Cx, Path((id, seat)): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = seat_form(&cx, &mut tx, id, Some(seat)).await?;
    let Some(before) = page.stored.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = read(&mut form, before.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    seat::save(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(&page.committee.url(), "Siège enregistré."))
}
