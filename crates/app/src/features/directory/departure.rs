//! A departure, in one action: the post ends, the sheet leaves the public site the same day, access is
//! revoked, a vacancy opens, and what remains to be closed is listed.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Actor, Choice, Cx, Fields, Result, Tx, args, sql};

use super::mandate::{self, Mandate};
use super::person;
use super::policy::{Want, require};
use super::sheet::{self, Sheet};
use super::social_profile::SocialProfile;
use super::suspension::{self, Decided, EXCLUSION};
use super::vocabulary::{List, Vocabulary};

#[derive(Template)]
#[template(path = "directory/departure.html")]
struct DeparturePage {
    frame: Frame,
    form: Fields,
    sheet: Sheet,
    posts: Vec<Choice>,
    reasons: Vec<Choice>,
    accounts: Vec<Account>,
}

/// An account that the person will have to close.
struct Account {
    network: String,
    profile: SocialProfile,
}

/// What a departure is made of.
pub struct Departure {
    pub mandate_id: Id,
    pub day: Date,
    pub reason: Option<String>,
    /// Whether the post stays open for someone else.
    pub opens_vacancy: bool,
}

/// Ends a post. With the last post of a person end their public sheet and their access. An exclusion is no departure: only
/// a decision excludes.
pub async fn leave(tx: &mut Tx, actor: &Actor, person_id: Id, departure: Departure) -> Result<()> {
    if departure.reason.as_deref() == Some(EXCLUSION) {
        return Err(kit::Error::refused(suspension::ONLY_BY_DECISION));
    }
    end(tx, actor, person_id, departure, None).await.map(drop)
}

/// The same, because of a decision when there is one.
pub(super) async fn end(
    tx: &mut Tx,
    actor: &Actor,
    person_id: Id,
    departure: Departure,
    decided: Option<&Decided>,
) -> Result<Mandate> {
    let today = super::facets::today(tx, actor).await?;
    let before = mandate::find(tx, actor.network_id, departure.mandate_id).await?;
    if before.person_id != Some(person_id) {
        return Err(kit::Error::NotFound);
    }
    if before.started_on.is_some_and(|start| departure.day < start) {
        return Err(kit::Error::refused("Le départ ne peut pas précéder l’arrivée."));
    }
    let mut after = before.clone();
    after.ended_on = Some(departure.day);
    after.end_reason = departure.reason;
    let after = match decided {
        None => mandate::change(tx, actor, &before, after, "mandate.ended", None).await?,
        Some(_) => mandate::write(tx, actor, &before, after, ("mandate.excluded", None), decided).await?,
    };
    if departure.opens_vacancy {
        let structure = super::structure::find(tx, actor.network_id, after.structure_id).await?;
        let mut vacancy = Mandate::new(actor.network_id, actor.now, structure.id, after.rank, None);
        vacancy.started_on = Some(departure.day);
        vacancy.replaces_id = Some(after.id);
        mandate::open(tx, actor, vacancy, &structure, None).await?;
    }
    if departure.day <= today {
        close_if_gone(tx, actor, person_id, today).await?;
    }
    Ok(after)
}

/// Takes someone who holds no post any more off the public site and ends their access as a promeneur.
pub async fn close_if_gone(tx: &mut Tx, actor: &Actor, person_id: Id, today: Date) -> Result<()> {
    let sheet = sheet::load_one(tx, actor.network_id, person_id).await?;
    if sheet.holdings.iter().any(|h| !h.mandate.is_over(today)) {
        return Ok(());
    }
    person::unpublish(tx, actor, person_id, None).await?;
    let roles = sql!(
        "delete from account_role where network_id = $1 and role = 'promeneur' and account_id in ",
        "(select id from account where network_id = $1 and person_id = $2)"
    );
    tx.run(roles, args![actor.network_id, person_id]).await?;
    // Who keeps another role keeps their account; the others are shut out at once.
    let accounts = sql!(
        "update account set disabled_at = $3, version = version + 1 where network_id = $1 and person_id = $2 ",
        "and disabled_at is null and not exists (select 1 from account_role r ",
        " where r.network_id = account.network_id and r.account_id = account.id)"
    );
    tx.run(accounts, args![actor.network_id, person_id, actor.now]).await?;
    let sessions = sql!(
        "delete from session where network_id = $1 and account_id in (select id from account ",
        "where network_id = $1 and person_id = $2 and disabled_at is not null)"
    );
    tx.run(sessions, args![actor.network_id, person_id]).await.map(|_| ())
}

async fn departure_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<DeparturePage> {
    person::find(tx, cx.network.id, id).await?;
    let sheet = sheet::load_one(tx, cx.network.id, id).await?;
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let open = sheet.holdings.iter().filter(|h| !h.mandate.is_over(cx.today()));
    let posts: Vec<Choice> = open
        .map(|h| {
            Choice::new(
                h.mandate.id.to_string(),
                format!("{}, poste n° {}", h.structure.name, h.mandate.rank),
            )
        })
        .collect();
    let accounts = sheet
        .profiles
        .iter()
        .filter(|p| p.status != "closed")
        .map(|p| Account {
            network: vocabulary.label(List::SocialNetwork, &p.social_network),
            profile: p.clone(),
        })
        .collect();
    Ok(DeparturePage {
        frame: cx.frame(format!("Départ de {}", sheet.person.name())),
        form: Fields::of([
            ("jour", cx.today().to_string()),
            ("poste", posts.first().map(|p| p.value.clone()).unwrap_or_default()),
            ("vacance", "1".to_owned()),
        ]),
        sheet,
        posts,
        reasons: vocabulary.choices(List::ExitReason),
        accounts,
    })
}

pub async fn ask(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&departure_page(&cx, &mut tx, id).await?))
}

pub async fn record(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = departure_page(&cx, &mut tx, id).await?;
    let post = form.choice("poste", &page.posts).and_then(|id| id.parse::<Id>().ok());
    let day = form.date("jour");
    let reason = form.choice("motif", &page.reasons);
    if post.is_none() {
        form.reject("poste", "Choisissez le poste quitté.");
    }
    if day.is_none() {
        form.reject("jour", "Indiquez le jour du départ.");
    }
    let (Ok(()), Some(mandate_id), Some(day)) = (form.check(), post, day) else {
        page.form = form;
        return Ok(refused(&page));
    };
    let departure = Departure { mandate_id, day, reason, opens_vacancy: form.flag("vacance") };
    match leave(&mut tx, &cx.actor(), id, departure).await {
        Ok(()) => {}
        Err(kit::Error::Refused(reason)) => {
            form.reject("jour", reason);
            page.form = form;
            return Ok(refused(&page));
        }
        Err(error) => return Err(error),
    }
    tx.commit().await?;
    let said = if day <= cx.today() {
        "Départ enregistré : la fiche n’est plus en ligne et les accès sont fermés."
    } else {
        "Départ enregistré : la fiche quittera le site ce jour-là."
    };
    Ok(go_saying(&format!("/espace/reseau/promeneurs/{id}/depart/liste"), said))
}

#[derive(Template)]
#[template(path = "directory/closing_list.html")]
struct ClosingPage {
    frame: Frame,
    sheet: Sheet,
    accounts: Vec<Account>,
}

/// What remains to be closed, to print.
pub async fn closing_list(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let DeparturePage { sheet, accounts, .. } = departure_page(&cx, &mut tx, id).await?;
    let frame = cx.frame(format!("À fermer après le départ de {}", sheet.person.name()));
    Ok(page(&ClosingPage { frame, sheet, accounts }))
}
