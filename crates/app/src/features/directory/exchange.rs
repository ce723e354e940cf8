//! Exchanges with a partner: a call, a visit, a letter, one line each. `/espace/reseau/partenaires/{id}/echanges`.

use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act};
use kit::web::respond::{go_saying, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx, args, sql};

use super::contact::{self, Contact};
use super::partners::partner_page;
use super::policy::{Want, require};

kit::table! {
    /// Something said or done with a partner.
    pub struct Exchange in "exchange": versioned {
        pub organisation_id: Id,
        pub contact_id: Option<Id>,
        pub day: Date,
        /// A code of [`MEANS`].
        pub means: String,
        pub summary: String,
        pub author: String,
        pub created_at: Timestamp,
    }
}

/// How people talk to each other.
pub const MEANS: [(&str, &str); 5] = [
    ("call", "Téléphone"),
    ("mail", "Courriel"),
    ("meeting", "Réunion"),
    ("visit", "Visite"),
    ("other", "Autre"),
];

/// Longest summary, in characters.
const MOST_SUMMARY: usize = 1000;
/// Exchanges shown on a sheet.
const SHOWN: i64 = 50;

impl Exchange {
    pub fn means_label(&self) -> &str {
        means_label(&self.means)
    }
}

pub fn means_label(code: &str) -> &str {
    MEANS.iter().find(|(known, _)| *known == code).map_or(code, |(_, label)| label)
}

pub fn means_choices() -> Vec<Choice> {
    MEANS.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

/// The latest exchanges with a partner, newest first.
pub async fn with(tx: &mut Tx, network: Id, organisation: Id) -> Result<Vec<Exchange>> {
    let sql = sql!(
        "select network_id, id, organisation_id, contact_id, day, means, summary, author, created_at, version ",
        "from exchange where network_id = $1 and organisation_id = $2 order by day desc, id desc limit $3"
    );
    tx.all(sql, args![network, organisation, SHOWN]).await
}

/// Notes an exchange.
pub async fn add(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Keep)?;
    let mut tx = cx.write().await?;
    let organisation = contact::find_organisation(&mut tx, cx.network.id, id).await?;
    let contacts: Vec<Contact> = tx.all_in(cx.network.id, "organisation_id", &[id]).await?;
    let choices: Vec<Choice> = contacts.iter().map(|c| Choice::new(c.id.to_string(), c.name())).collect();
    let day = form.date("jour");
    if day.is_none() {
        form.reject("jour", "Indiquez le jour de l’échange.");
    }
    if day.is_some_and(|day| day > cx.today()) {
        form.reject("jour", "Un échange à venir se note dans l’agenda.");
    }
    let means = form.choice("moyen", &means_choices());
    let summary = form.watched("resume", MOST_SUMMARY, None);
    if summary.is_none() {
        form.reject("resume", "Dites en une phrase de quoi il a été question.");
    }
    let contact = form.choice("contact", &choices).and_then(|id| id.parse().ok());
    let (Some(day), Some(summary), Ok(())) = (day, summary, form.check()) else {
        return Ok(refused(&partner_page(&cx, &mut tx, id, form).await?));
    };
    let exchange = Exchange {
        network_id: cx.network.id,
        id: Id::new(cx.now),
        organisation_id: id,
        contact_id: contact,
        day,
        means: means.unwrap_or_else(|| "other".to_owned()),
        summary,
        author: visitor.name.clone(),
        created_at: cx.now,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&exchange)).await?;
    let act = Act::new("organisation.exchanged", organisation.subject()).after(&exchange);
    trail::record(&mut tx, &cx.actor(), act).await?;
    tx.commit().await?;
    Ok(go_saying(&organisation.url(), "Échange noté."))
}

/// Takes back an exchange noted by mistake; the trail keeps what it said.
pub async fn remove(cx: Cx, Path((id, exchange)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let organisation = contact::find_organisation(&mut tx, cx.network.id, id).await?;
    let exchange: Exchange = tx.get(cx.network.id, exchange).await?;
    if exchange.organisation_id != id {
        return Err(Error::NotFound);
    }
    tx.delete::<Exchange>(cx.network.id, exchange.id).await?;
    let act = Act::new("organisation.exchange_removed", organisation.subject()).before(&exchange);
    trail::record(&mut tx, &cx.actor(), act).await?;
    tx.commit().await?;
    Ok(go_saying(&organisation.url(), "Échange retiré."))
}
