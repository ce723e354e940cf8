//! `/reunion/{token}`: whoever is convened answers by their personal link, without an account.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Date;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{download, go_saying, page, refused};
use kit::{Actor, Choice, Cx, Error, Fields, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::committee::Committee;
use super::dossier::Dossier;
use super::invitee::{self, Invitee, MOST_NOTE, Said};
use super::meeting::{self, Meeting};
use super::meeting_mail::Sending;
use super::paper::MeetingPaper;
use super::papers;

/// How answers are called in forms and in links.
const ANSWERS: [(&str, &str, &str); 3] =
    [("oui", "yes", "Je serai là"), ("peut-etre", "maybe", "Peut-être"), ("non", "no", "Je ne serai pas là")];

#[derive(Template)]
#[template(path = "governance/answer.html")]
struct AnswerPage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    invitee: Invitee,
    when: String,
    answers_by: String,
    items: Vec<AgendaItem>,
    answers: Vec<Choice>,
    /// Who may bear their voice, and whose they bear.
    bearers: Vec<Choice>,
    borne: Vec<String>,
    /// What was given to read.
    papers: Vec<MeetingPaper>,
    editions: Vec<Dossier>,
    /// Where it is.
    base: String,
    token: String,
}

async fn answer_page(cx: &Cx, tx: &mut Tx, token: String) -> Result<AnswerPage> {
    let invitee = invitee::of_token(tx, &cx.app, &cx.network, &token).await?;
    let meeting = meeting::find(tx, cx.network.id, invitee.meeting_id).await?;
    let committee: Committee = tx.get(cx.network.id, meeting.committee_id).await?;
    let all = invitee::of_meeting(tx, cx.network.id, meeting.id).await?;
    let may_bear = all.iter().filter(|one| invitee::may_bear(&committee, &all, &invitee, one));
    let bearer =
        |one: &Invitee| Choice::new(one.id.to_string(), format!("{}, {}", one.name, one.organisation));
    let said = ANSWERS.iter().find(|(_, code, _)| *code == invitee.answer).map_or("", |(name, ..)| name);
    let (papers, editions) = papers::given(tx, &meeting).await?;
    let proxy = invitee.proxy_id.map(|id| id.to_string()).unwrap_or_default();
    Ok(AnswerPage {
        frame: cx.frame(meeting.title.clone()).hide(),
        form: Fields::of([
            ("reponse", said.to_owned()),
            ("pouvoir", proxy),
            ("mot", invitee.answer_note.clone().unwrap_or_default()),
        ]),
        when: meeting.when(&cx.network),
        answers_by: meeting.answers_by.map(Date::long).unwrap_or_default(),
        items: agenda_item::of_meeting(tx, cx.network.id, meeting.id).await?,
        answers: ANSWERS.iter().map(|(name, _, label)| Choice::new(*name, *label)).collect(),
        bearers: may_bear.map(bearer).collect(),
        borne: all
            .iter()
            .filter(|one| one.proxy_id == Some(invitee.id))
            .map(|one| one.name.clone())
            .collect(),
        papers,
        editions,
        base: format!("/reunion/{token}/pieces"),
        meeting,
        invitee,
        token,
    })
}

/// Shows what is asked; the answer that a link of the message names is ticked, and nothing is noted before it is sent:
/// programs follow links too.
pub async fn show(cx: Cx, Path(token): Path<String>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let mut shown = answer_page(&cx, &mut tx, token).await?;
    let named = query.0.get("reponse");
    if ANSWERS.iter().any(|(name, ..)| *name == named) {
        shown.form.set("reponse", named);
    }
    Ok(page(&shown))
}

pub async fn answer(cx: Cx, Path(token): Path<String>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let mut page = answer_page(&cx, &mut tx, token).await?;
    let said = ANSWERS.iter().find(|(name, ..)| *name == form.get("reponse"));
    if said.is_none() {
        form.reject("reponse", "Dites si vous serez là.");
    }
    if form.get("reponse") != "non" && !form.get("pouvoir").is_empty() {
        form.reject("pouvoir", "On donne sa voix quand on ne vient pas.");
    }
    let note = form.watched("mot", MOST_NOTE, page.invitee.answer_note.as_deref());
    let proxy = form.choice("pouvoir", &page.bearers).and_then(|id| id.parse().ok());
    let (Some((_, code, _)), Ok(())) = (said, form.check()) else {
        page.form = form;
        return Ok(refused(&page));
    };
    let actor = Actor { name: page.invitee.name.clone(), account_id: None, ..cx.actor() };
    let said = Said { answer: (*code).to_owned(), note, proxy, by: "link" };
    invitee::answer(&mut tx, &actor, &page.meeting, page.invitee, said).await?;
    tx.commit().await?;
    Ok(go_saying(
        &format!("/reunion/{}", page.token),
        "Merci, votre réponse est notée. Vous pouvez encore la changer.",
    ))
}

/// The meeting for one's calendar.
pub async fn file(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let invitee = invitee::of_token(&mut tx, &cx.app, &cx.network, &token).await?;
    let meeting = meeting::find(&mut tx, cx.network.id, invitee.meeting_id).await?;
    if meeting.starts_at.is_none() || meeting.state != "convened" {
        return Err(Error::NotFound);
    }
    let base = cx.link_base();
    let sending = Sending::of(&mut tx, (&cx.app, &cx.network, &base), &meeting).await?;
    // A calendar that only shows the meeting is asked nothing (RFC 5546, 3.2.1).
    let event = documents::calendar::Event { attendees: Vec::new(), ..sending.event(&invitee) };
    let text =
        documents::calendar::write(documents::calendar::Method::Publish, "", &[event]).map_err(Error::bug)?;
    Ok(download("reunion.ics", "text/calendar; charset=utf-8", text.into_bytes()))
}
