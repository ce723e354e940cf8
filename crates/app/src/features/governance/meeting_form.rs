//! `/espace/gouvernance/reunions/nouvelle` and `…/{id}/modifier`: when and where a committee meets.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::{conflict, go, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::committee::{self, Committee};
use super::consequence::{self, Tied};
use super::convocation;
use super::decision::Decision;
use super::meeting::{self, MOST_TEXT, Meeting};
use super::meeting_series::{self, Around};
use super::policy::{Want, require};
use crate::features::support::duration;

/// Longest message of a convocation, in characters.
const MOST_MESSAGE: usize = 4_000;

#[derive(Template)]
#[template(path = "governance/meeting_form.html")]
struct MeetingForm {
    frame: Frame,
    form: Fields,
    committees: Vec<Choice>,
    stored: Option<Meeting>,
    /// How many meetings of its series come after it, to which nobody is convened.
    following: usize,
    scopes: Vec<Choice>,
    zone: String,
    action: String,
    /// The decision that it follows.
    follows: Option<Decision>,
}

impl MeetingForm {
    /// The same, with the meetings of its series.
    fn beside(mut self, around: Option<&Around>) -> Self {
        self.following = around.map_or(0, Around::following_count);
        self.scopes = scopes(self.following);
        if self.form.get("portee").is_empty() {
            self.form.set("portee", "seule");
        }
        self
    }
}

/// Whether a change is that of one meeting, or also of those that follow it in its series.
pub(super) fn scopes(following: usize) -> Vec<Choice> {
    let ending = if following > 1 { "s" } else { "" };
    vec![
        Choice::new("seule", "Cette réunion seulement"),
        Choice::new(
            "suivantes",
            match following {
                1 => "Celle-ci et la suivante, qui n’est pas encore convoquée".to_owned(),
                n => format!("Celle-ci et les {n} suivante{ending} qui ne sont pas encore convoquées"),
            },
        ),
    ]
}

fn values(cx: &Cx, meeting: &Meeting) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let local =
        |at: kit::Timestamp| at.utc().with_timezone(&cx.network.zone()).format("%Y-%m-%dT%H:%M").to_string();
    Fields::of([
        ("comite", meeting.committee_id.to_string()),
        ("titre", meeting.title.clone()),
        ("moment", meeting.starts_at.map(local).unwrap_or_default()),
        ("duree", duration::say(meeting.minutes).replace('\u{a0}', " ")),
        ("lieu", text(&meeting.place)),
        ("visio", text(&meeting.video_url)),
        ("message", text(&meeting.message)),
        ("reponses", meeting.answers_by.map(|day: Date| day.to_string()).unwrap_or_default()),
        ("version", meeting.version.to_string()),
    ])
}

/// The committees that can meet.
async fn open_committees(cx: &Cx, tx: &mut Tx) -> Result<Vec<Committee>> {
    let mut all = committee::visible_to(tx, cx.network.id, None, cx.today()).await?;
    all.retain(|one| !one.is_closed());
    Ok(all)
}

fn page_of(cx: &Cx, committees: &[Committee], form: Fields, stored: Option<Meeting>) -> MeetingForm {
    MeetingForm {
        frame: cx.frame(stored.as_ref().map_or("Planifier une réunion", |_| "Modifier la réunion")),
        form,
        committees: committees.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect(),
        zone: format!("Fuseau {}. Laissez vide tant que la date est à trouver.", cx.network.zone()),
        action: stored.as_ref().map_or_else(
            || format!("{}/nouvelle", super::MEETINGS),
            |meeting| format!("{}/modifier", meeting.url()),
        ),
        stored,
        follows: None,
        following: 0,
        scopes: Vec::new(),
    }
}

/// The link of a video conference; what is wrong with it is noted in the form.
pub(super) fn read_video(form: &mut Fields) -> Option<String> {
    form.parse("visio", |url| match url.starts_with("https://") || url.starts_with("http://") {
        true if url.len() <= 500 => Ok(url.to_owned()),
        _ => Err("Ce lien commence par https://.".to_owned()),
    })
}

/// Reads a form into a meeting; what is wrong is noted in it.
fn read(cx: &Cx, form: &mut Fields, mut meeting: Meeting) -> Meeting {
    meeting.title = form.required("titre", MOST_TEXT, "Donnez un titre à la réunion.");
    let was = meeting.starts_at;
    meeting.starts_at = form.moment("moment", cx.network.zone());
    if meeting.starts_at != was && meeting.starts_at.is_some_and(|at| at <= cx.now) {
        form.reject("moment", "Ce moment est passé.");
    }
    match form.parse("duree", duration::read) {
        Some(minutes) => meeting.minutes = minutes,
        None => form.reject("duree", "Indiquez la durée, par exemple 2h."),
    }
    meeting.place = form.text("lieu", MOST_TEXT);
    meeting.video_url = read_video(form);
    meeting.message = form.lines("message", MOST_MESSAGE);
    meeting.answers_by = form.date("reponses");
    let day = meeting.starts_at.map(|at| cx.network.day_of(at));
    if meeting.answers_by.zip(day).is_some_and(|(by, day)| by > day) {
        form.reject("reponses", "Ce jour vient après la réunion.");
    }
    let is_told = meeting.state == "convened" && form.check().is_ok();
    if let Some(why) = convocation::lacks(&meeting, cx.now).filter(|_| is_told) {
        let field = if meeting.whereabouts().is_empty() { "lieu" } else { "moment" };
        form.reject(field, why);
    }
    meeting
}

pub async fn blank(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let follows = consequence::asked(&mut tx, cx.network.id, query.0.get("decision")).await?;
    let committees = open_committees(&cx, &mut tx).await?;
    let of_decision = follows.as_ref().map(|decision| decision.committee_id.to_string()).unwrap_or_default();
    let named = if query.0.has("comite") { query.0.get("comite") } else { &of_decision };
    let wanted = committees.iter().find(|one| one.id.to_string() == named);
    let mut form = match wanted.or(committees.first()) {
        Some(committee) => values(&cx, &Meeting::blank(cx.network.id, cx.now, committee)),
        None => Fields::default(),
    };
    if let Some(decision) = &follows {
        form.set("titre", decision.title());
    }
    Ok(page(&MeetingForm { follows, ..page_of(&cx, &committees, form, None) }))
}

pub async fn plan(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let follows = consequence::asked(&mut tx, cx.network.id, form.get("decision")).await?;
    let committees = open_committees(&cx, &mut tx).await?;
    let again = |form, follows| MeetingForm { follows, ..page_of(&cx, &committees, form, None) };
    let Some(committee) = committees.iter().find(|one| one.id.to_string() == form.get("comite")) else {
        form.reject("comite", "Choisissez le comité qui se réunit.");
        return Ok(refused(&again(form, follows)));
    };
    if form.flag("repeter") {
        let typed = ["titre", "moment", "duree", "lieu", "visio"].map(|name| (name, form.get(name)));
        return Ok(go(&with_params(&format!("{}/annee", committee.url()), &typed)));
    }
    let new = read(&cx, &mut form, Meeting::blank(cx.network.id, cx.now, committee));
    if form.check().is_err() {
        return Ok(refused(&again(form, follows)));
    }
    let meeting = meeting::plan(&mut tx, &cx.actor(), new).await?;
    if let Some(decision) = &follows {
        let (label, url) = (meeting.title.clone(), meeting.url());
        let tied = Tied { kind: "meeting", id: meeting.id, label, url };
        consequence::tie(&mut tx, &cx.actor(), decision, tied).await?;
    }
    tx.commit().await?;
    Ok(go_saying(&meeting.url(), "Réunion planifiée. Préparez maintenant son ordre du jour."))
}

/// A meeting whose date and place may still change.
async fn changeable(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Meeting> {
    let stored = meeting::find(tx, cx.network.id, id).await?;
    if stored.is_to_come() { Ok(stored) } else { Err(Error::refused("Cette réunion ne change plus.")) }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let stored = changeable(&cx, &mut tx, id).await?;
    let around = meeting_series::around(&mut tx, cx.network.id, &stored).await?;
    Ok(page(&page_of(&cx, &[], values(&cx, &stored), Some(stored)).beside(around.as_ref())))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = changeable(&cx, &mut tx, id).await?;
    let around = meeting_series::around(&mut tx, cx.network.id, &before).await?;
    if !form.is_fresh(&values(&cx, &before)) {
        return Ok(conflict(&page_of(&cx, &[], form, Some(before)).beside(around.as_ref())));
    }
    let after = read(&cx, &mut form, before.clone());
    if form.check().is_err() {
        return Ok(refused(&page_of(&cx, &[], form, Some(before)).beside(around.as_ref())));
    }
    let base = cx.link_base();
    let (meeting, told) =
        convocation::change(&mut tx, &cx.actor(), (&cx.app, &cx.network, &base), &before, after).await?;
    let followed = match around.filter(|_| form.get("portee") == "suivantes") {
        Some(around) => {
            let change = (&before, &meeting);
            meeting_series::change_following(&mut tx, &cx.actor(), &cx.network, &around, change).await?
        }
        None => 0,
    };
    tx.commit().await?;
    let mut said = match told {
        0 => "Réunion enregistrée.".to_owned(),
        1 => "Réunion enregistrée\u{a0}: la personne convoquée en est avertie.".to_owned(),
        n => format!("Réunion enregistrée\u{a0}: les {n} personnes convoquées en sont averties."),
    };
    match followed {
        0 => {}
        1 => said.push_str(" La réunion suivante change aussi."),
        n => said.push_str(&format!(" Les {n} réunions suivantes changent aussi.")),
    }
    Ok(go_saying(&meeting.url(), &said))
}
