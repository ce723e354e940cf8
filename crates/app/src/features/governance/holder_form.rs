//! `/espace/gouvernance/comites/{id}/sieges/{siege}/membres/nouveau` and `…/membres/{membre}`: someone in a seat.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::committee::Committee;
use super::policy::{Want, require};
use super::seat::{self, MOST_NAME, RANKS, Seat, SeatHolder};
use super::seat_form::{read_span, seat_of};

#[derive(Template)]
#[template(path = "governance/holder_form.html")]
struct HolderForm {
    frame: Frame,
    form: Fields,
    committee: Committee,
    seat: Seat,
    ranks: Vec<Choice>,
    stored: Option<SeatHolder>,
    /// Who ever held the seat, and who holds it today.
    holders: Vec<SeatHolder>,
    there: Vec<SeatHolder>,
    action: String,
}

fn ranks() -> Vec<Choice> {
    RANKS.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

fn values(holder: &SeatHolder) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Fields::of([
        ("rang", holder.rank.clone()),
        ("nom", holder.name.clone()),
        ("fonction", text(&holder.job_title)),
        ("courriel", text(&holder.email)),
        ("debut", day(holder.started_on)),
        ("fin", day(holder.ended_on)),
        ("version", holder.version.to_string()),
    ])
}

fn read(form: &mut Fields, mut holder: SeatHolder) -> SeatHolder {
    match form.choice("rang", &ranks()) {
        Some(rank) => holder.rank = rank,
        None => form.reject("rang", "Dites si cette personne est titulaire ou suppléante."),
    }
    holder.name = form.required("nom", MOST_NAME, "Indiquez le nom de cette personne.");
    holder.job_title = form.text("fonction", MOST_NAME);
    holder.email = form.email("courriel");
    (holder.started_on, holder.ended_on) = read_span(form);
    holder
}

/// The page of someone who comes into a seat.
async fn blank_form(cx: &Cx, tx: &mut Tx, (id, seat): (Id, Id), rank: &str) -> Result<HolderForm> {
    let committee: Committee = tx.get(cx.network.id, id).await?;
    let seat = seat_of(cx, tx, id, seat).await?;
    let rank = if rank == "deputy" { "deputy" } else { "titular" };
    let holders: Vec<SeatHolder> = tx.all_in(cx.network.id, "seat_id", &[seat.id]).await?;
    let mut shown = SeatHolder::blank(&seat, cx.now, rank);
    shown.started_on = holders.iter().any(|one| one.rank == rank).then(|| cx.today());
    Ok(HolderForm {
        frame: cx.frame(format!("Nommer quelqu’un\u{a0}: {}", seat.organisation)),
        form: values(&shown),
        ranks: ranks(),
        action: format!("{}/membres/nouveau", seat.url()),
        stored: None,
        committee,
        seat,
        there: holders.iter().filter(|one| one.is_there(cx.today())).cloned().collect(),
        holders,
    })
}

async fn stored_form(cx: &Cx, tx: &mut Tx, id: Id, holder: Id) -> Result<HolderForm> {
    let committee: Committee = tx.get(cx.network.id, id).await?;
    let holder: SeatHolder = tx.get(cx.network.id, holder).await?;
    let seat = seat_of(cx, tx, id, holder.seat_id).await?;
    Ok(HolderForm {
        frame: cx.frame(holder.name.clone()),
        form: values(&holder),
        ranks: ranks(),
        action: holder.url(),
        stored: Some(holder),
        committee,
        seat,
        holders: Vec::new(),
        there: Vec::new(),
    })
}

pub async fn blank(cx: Cx, Path(ids): Path<(Id, Id)>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&blank_form(&cx, &mut tx, ids, query.0.get("rang")).await?))
}

pub async fn succeed(cx: Cx, Path(ids): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = blank_form(&cx, &mut tx, ids, form.get("rang")).await?;
    let holder = read(&mut form, SeatHolder::blank(&page.seat, cx.now, "titular"));
    if let Some(one) = seat::in_the_way(&page.holders, &holder) {
        form.reject(
            "debut",
            format!("{} occupe ce siège à cette date\u{a0}: indiquez un premier jour plus tardif.", one.name),
        );
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let holder = seat::succeed(&mut tx, &cx.actor(), &page.seat, holder).await?;
    tx.commit().await?;
    Ok(go_saying(
        &page.committee.url(),
        &format!("{} siège désormais pour {}.", holder.name, page.seat.organisation),
    ))
}

pub async fn edit(cx: Cx, Path((id, holder)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&stored_form(&cx, &mut tx, id, holder).await?))
}

pub async fn save(cx: Cx, Path((id, holder)): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = stored_form(&cx, &mut tx, id, holder).await?;
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
    seat::correct(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(&page.seat.url(), "Membre enregistré."))
}
