//! `/espace/reseau/verifications`: ask everyone whether their sheet is right, and see who has not answered.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx, args, sql};

use super::campaign::{self, Campaign, Check};
use super::policy::{Want, require};

/// Longest word added to the message, in characters.
const MOST_WORD: usize = 500;
/// Who verified within so many days is left in peace, unless told otherwise.
const RECENT: i64 = 90;
/// Campaigns shown, newest first.
const SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "upkeep/campaigns.html")]
struct CampaignsPage {
    frame: Frame,
    form: Fields,
    rows: Vec<Row>,
    size: usize,
}

struct Row {
    campaign: Campaign,
    answered: i64,
    when: String,
    is_open: bool,
}

async fn campaigns_page(cx: &Cx, tx: &mut Tx, form: Fields) -> Result<CampaignsPage> {
    let sql = sql!(
        "select network_id, id, word, asked, base, started_at, started_by, until, closed_at, version ",
        "from freshness_campaign where network_id = $1 order by id desc limit $2"
    );
    let found: Vec<Campaign> = tx.all(sql, args![cx.network.id, SHOWN]).await?;
    let ids: Vec<Id> = found.iter().map(|campaign| campaign.id).collect();
    let checks: Vec<Check> = tx.all_in(cx.network.id, "campaign_id", &ids).await?;
    let answered = |id: Id| checks.iter().filter(|c| c.campaign_id == id && c.answered_at.is_some()).count();
    let rows = found
        .into_iter()
        .map(|campaign| Row {
            answered: i64::try_from(answered(campaign.id)).unwrap_or(i64::MAX),
            when: network_day(cx, &campaign),
            is_open: campaign.is_open(cx.today()),
            campaign,
        })
        .collect();
    let size = campaign::size(tx, &cx.network, cx.now, RECENT).await?;
    Ok(CampaignsPage { frame: cx.frame("Vérification des fiches"), form, rows, size })
}

fn network_day(cx: &Cx, campaign: &Campaign) -> String {
    cx.network.day_of(campaign.started_at).long()
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let mut tx = cx.read().await?;
    let form = Fields::of([("delai", RECENT.to_string())]);
    Ok(page(&campaigns_page(&cx, &mut tx, form).await?))
}

/// Starts a campaign.
pub async fn start(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let mut tx = cx.write().await?;
    let word = form.lines("mot", MOST_WORD);
    let recent = form.number("delai", 0..=730).unwrap_or(RECENT);
    if form.check().is_err() {
        return Ok(refused(&campaigns_page(&cx, &mut tx, form).await?));
    }
    let started = campaign::start(&mut tx, &cx.actor(), &cx.network, &cx.link_base(), word, recent).await;
    let started = match started {
        Ok(started) => started,
        Err(Error::Refused(reason)) => {
            form.reject("delai", reason);
            return Ok(refused(&campaigns_page(&cx, &mut tx, form).await?));
        }
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    Ok(go_saying(&started.url(), &format!("{} personnes vont recevoir leur lien.", started.asked)))
}

#[derive(Template)]
#[template(path = "upkeep/campaign.html")]
struct CampaignPage {
    frame: Frame,
    campaign: Campaign,
    silent: Vec<Line>,
    answered: Vec<Line>,
    when: String,
    is_open: bool,
}

struct Line {
    check: Check,
    answered: String,
    next: String,
}

/// Who has answered, and first of all who has not.
pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let mut tx = cx.read().await?;
    let campaign: Campaign = tx.get(cx.network.id, id).await?;
    let mut checks: Vec<Check> = tx.all_in(cx.network.id, "campaign_id", &[id]).await?;
    checks.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    let day = |at: Option<kit::Timestamp>| at.map(|at| cx.network.day_of(at).long()).unwrap_or_default();
    let lines = checks.into_iter().map(|check| Line {
        answered: day(check.answered_at),
        next: day(check.next_at),
        check,
    });
    let (answered, silent) = lines.partition(|line| line.check.answered_at.is_some());
    Ok(page(&CampaignPage {
        frame: cx.frame("Vérification des fiches"),
        when: network_day(&cx, &campaign),
        is_open: campaign.is_open(cx.today()),
        campaign,
        silent,
        answered,
    }))
}

pub async fn close(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let mut tx = cx.write().await?;
    let campaign: Campaign = tx.get(cx.network.id, id).await?;
    let url = campaign.url();
    campaign::close(&mut tx, &cx.actor(), campaign).await?;
    tx.commit().await?;
    Ok(go_saying(&url, "La campagne est close : plus aucun rappel ne part."))
}
