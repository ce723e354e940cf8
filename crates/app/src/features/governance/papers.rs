//! `/espace/gouvernance/reunions/{id}/pieces`: the papers of a meeting. The coordination says what the platform prepares, adds
//! files, makes the dossier and sends it; members find what was given to them.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{download, go_saying, page, refused};
use kit::web::upload::Upload;
use kit::{App, Choice, Cx, Error, Fields, Network, Result, Tx, files};

use super::agenda_item::{self, AgendaItem};
use super::committee::Committee;
use super::dossier::{self, Dossier};
use super::invitee;
use super::meeting::{self, Meeting};
use super::meeting_sheet::readable_meeting;
use super::minutes_files::PDF;
use super::paper::{self, MOST_TITLE, MeetingPaper, PREPARED, Stored};
use super::policy::{Want, may, require};

/// The papers of an item, or of the meeting as a whole.
pub(super) struct Group {
    /// `None` for the meeting as a whole.
    pub item: Option<Id>,
    pub title: String,
    pub papers: Vec<MeetingPaper>,
}

#[derive(Template)]
#[template(path = "governance/papers.html")]
struct PapersPage {
    frame: Frame,
    /// The file being added.
    form: Fields,
    /// What is to be prepared.
    wanted: Fields,
    meeting: Meeting,
    groups: Vec<Group>,
    items: Vec<Choice>,
    prepared: Vec<Choice>,
    editions: Vec<Dossier>,
    /// Whom the dossier can be sent to.
    reachable: usize,
    may_keep: bool,
    can_call_back: bool,
    network: std::sync::Arc<Network>,
}

impl PapersPage {
    fn url(&self) -> String {
        url(&self.meeting)
    }

    /// « 12 mars 2026 à 14 h 05 ».
    fn at(&self, at: &kit::Timestamp) -> String {
        at.long_in(self.network.zone())
    }

    /// Whether a paper is about an item.
    fn is_of(&self, paper: &MeetingPaper, item: &Choice) -> bool {
        paper.item_id.is_some_and(|id| id.to_string() == item.value)
    }

    /// Whether the last edition left.
    fn is_sent(&self) -> bool {
        self.editions.first().is_some_and(|one| one.sent_at.is_some())
    }

    /// Whether files and prepared papers may change.
    fn is_open(&self) -> bool {
        self.may_keep && matches!(self.meeting.state.as_str(), "planned" | "convened" | "held" | "drafting")
    }
}

pub(super) fn url(meeting: &Meeting) -> String {
    format!("{}/pieces", meeting.url())
}

/// Papers under their items, in the order of the agenda; those of the whole meeting last. Groups without papers are left
/// out.
pub(super) fn grouped(items: &[AgendaItem], papers: Vec<MeetingPaper>) -> Vec<Group> {
    let on: Vec<&AgendaItem> = items.iter().filter(|item| item.is_on()).collect();
    let of = |group: Option<Id>| {
        let known = |item: &Option<Id>| item.filter(|id| on.iter().any(|item| item.id == *id));
        papers.iter().filter(|paper| known(&paper.item_id) == group).cloned().collect::<Vec<_>>()
    };
    let mut groups: Vec<Group> = on
        .iter()
        .enumerate()
        .map(|(at, item)| Group {
            item: Some(item.id),
            title: format!("{}. {}", at + 1, item.title),
            papers: of(Some(item.id)),
        })
        .collect();
    groups.push(Group { item: None, title: "La réunion dans son ensemble".to_owned(), papers: of(None) });
    groups.retain(|group| !group.papers.is_empty());
    groups
}

async fn papers_page(cx: &Cx, tx: &mut Tx, (meeting, _): (Meeting, Committee)) -> Result<PapersPage> {
    let (network, id) = (cx.network.id, meeting.id);
    let may_keep = may(cx.visitor()?, Want::Keep);
    let items = agenda_item::of_meeting(tx, network, id).await?;
    let mut papers = paper::of_meeting(tx, network, id).await?;
    let mut editions = dossier::of_meeting(tx, network, id).await?;
    let chosen: Vec<String> =
        papers.iter().filter(|paper| !paper.is_file()).map(|paper| paper.kind.clone()).collect();
    let reachable = match may_keep && meeting.state == "convened" {
        true => invitee::of_meeting(tx, network, id).await?.iter().filter(|one| one.email.is_some()).count(),
        false => 0,
    };
    if !may(cx.visitor()?, Want::ReadAll) {
        papers.retain(|paper| is_given(&meeting, paper));
        editions.retain(|edition| edition.sent_at.is_some());
    }
    // Nothing was chosen yet: all of it is proposed.
    let all = || PREPARED.iter().map(|one| one.code.to_owned()).collect();
    let wanted: Vec<String> = if chosen.is_empty() && editions.is_empty() { all() } else { chosen };
    let on = items.iter().filter(|item| item.is_on()).enumerate();
    Ok(PapersPage {
        frame: cx.frame(format!("Pièces\u{a0}: {}", meeting.title)),
        form: Fields::default(),
        wanted: Fields::of(wanted.into_iter().map(|code| ("prepare", code))),
        items: on
            .map(|(at, item)| Choice::new(item.id.to_string(), format!("{}. {}", at + 1, item.title)))
            .collect(),
        groups: grouped(&items, papers),
        prepared: paper::prepared(),
        can_call_back: may_keep && editions.first().is_some_and(|one| one.can_call_back(cx.now)),
        editions,
        reachable,
        may_keep,
        meeting,
        network: cx.network.clone(),
    })
}

/// What was given to the members of a meeting: files, and the editions of the dossier that were sent.
pub(super) async fn given(tx: &mut Tx, meeting: &Meeting) -> Result<(Vec<MeetingPaper>, Vec<Dossier>)> {
    let mut papers = paper::of_meeting(tx, meeting.network_id, meeting.id).await?;
    papers.retain(|paper| is_given(meeting, paper));
    let mut editions = dossier::of_meeting(tx, meeting.network_id, meeting.id).await?;
    editions.retain(|edition| edition.sent_at.is_some());
    Ok((papers, editions))
}

/// Whether members may see a paper: files, once the meeting is convened. What is prepared reaches them in the dossier.
pub(super) fn is_given(meeting: &Meeting, paper: &MeetingPaper) -> bool {
    paper.is_file() && meeting.state != "planned"
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let found = readable_meeting(&cx, &mut tx, id).await?;
    Ok(page(&papers_page(&cx, &mut tx, found).await?))
}

/// Adds a file.
pub async fn add(cx: Cx, Path(id): Path<Id>, upload: Upload) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let Upload { fields: mut form, file } = upload;
    let title = form.text("titre", MOST_TITLE);
    let taken = match &file {
        None => Err("Choisissez un fichier.".to_owned()),
        Some((name, bytes)) => paper::taken_type(name, bytes).map_err(|error| error.to_string()),
    };
    let mut tx = cx.read().await?;
    let found = meeting::with_committee(&mut tx, cx.network.id, id).await?;
    let mut page = papers_page(&cx, &mut tx, found).await?;
    drop(tx);
    let item = form.choice("point", &page.items).and_then(|id| id.parse().ok());
    if let Err(why) = &taken {
        form.reject("fichier", why.clone());
    }
    let (Ok(media_type), Some((name, bytes)), Ok(())) = (taken, file, form.check()) else {
        page.form = form;
        return Ok(refused(&page));
    };
    let size = bytes.len();
    let file = cx.app.files.put(cx.network.id, bytes).await?;
    let stored = Stored { name: files::safe_name(&name), media_type, file, size };
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    paper::add_file(&mut tx, &cx.actor(), &meeting, (title, item), stored).await?;
    tx.commit().await?;
    Ok(go_saying(&url(&meeting), "Pièce ajoutée."))
}

/// Says what is prepared, and makes the dossier from the data as they are now.
pub async fn prepare(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let found = meeting::with_committee(&mut tx, cx.network.id, id).await?;
    let items = agenda_item::of_meeting(&mut tx, cx.network.id, id).await?;
    paper::prepare(&mut tx, &cx.actor(), &found.0, &items, &form.many("prepare")).await?;
    tx.commit().await?;
    let mut tx = cx.read().await?;
    let drawn = dossier::gather(&mut tx, &cx.network, (&found.0, &found.1), cx.now).await?;
    drop(tx);
    let drawn = dossier::draw(&cx.app, cx.network.id, drawn).await?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let (made, replaced) = dossier::keep(&mut tx, &cx.actor(), &meeting, drawn).await?;
    tx.commit().await?;
    if let Some(file) = replaced {
        cx.app.files.delete(cx.network.id, &file).await?;
    }
    Ok(go_saying(&url(&meeting), &format!("{} préparé.", made.name())))
}

/// Sends the dossier to whoever is convened.
pub async fn send(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let base = cx.link_base();
    let count = dossier::send(&mut tx, &cx.actor(), (&cx.app, &cx.network, &base), &meeting).await?;
    tx.commit().await?;
    let said = match count {
        1 => "Le dossier part dans quelques secondes à 1 personne.".to_owned(),
        n => format!("Le dossier part dans quelques secondes à {n} personnes."),
    };
    Ok(go_saying(&url(&meeting), &said))
}

pub async fn call_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    dossier::call_back(&mut tx, &cx.actor(), &meeting).await?;
    tx.commit().await?;
    Ok(go_saying(&url(&meeting), "Envoi annulé\u{a0}: personne n’a reçu le dossier."))
}

/// The paper of a meeting, of no other.
async fn of_meeting(tx: &mut Tx, network: Id, (meeting, id): (Id, Id)) -> Result<(Meeting, MeetingPaper)> {
    let paper: MeetingPaper = tx.get(network, id).await?;
    if paper.meeting_id != meeting {
        return Err(Error::NotFound);
    }
    Ok((meeting::find(tx, network, meeting).await?, paper))
}

/// Puts a paper under another item (`point`), or under the meeting as a whole.
pub async fn place(cx: Cx, Path(ids): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (meeting, paper) = of_meeting(&mut tx, cx.network.id, ids).await?;
    let items = agenda_item::of_meeting(&mut tx, cx.network.id, meeting.id).await?;
    let item = form.get("point").parse().ok();
    if item.is_some_and(|item| !items.iter().any(|known| known.id == item)) {
        return Err(Error::NotFound);
    }
    paper::place(&mut tx, &cx.actor(), &meeting, paper, item).await?;
    tx.commit().await?;
    Ok(go_saying(&url(&meeting), "Pièce déplacée."))
}

pub async fn remove(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (meeting, paper) = of_meeting(&mut tx, cx.network.id, ids).await?;
    paper::remove(&mut tx, &cx.actor(), &meeting, &paper).await?;
    tx.commit().await?;
    if let Some(file) = &paper.file {
        cx.app.files.delete(cx.network.id, file).await?;
    }
    Ok(go_saying(&url(&meeting), "Pièce retirée."))
}

/// A paper or an edition of the dossier as a file, for whoever may read the meeting.
pub async fn file(cx: Cx, Path((id, piece)): Path<(Id, Id)>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (meeting, _) = readable_meeting(&cx, &mut tx, id).await?;
    let steers = may(cx.visitor()?, Want::ReadAll);
    let (name, media_type, file) = wanted(&mut tx, &cx.network, &meeting, piece, steers).await?;
    drop(tx);
    give(&cx.app, cx.network.id, (name, media_type, file)).await
}

/// The same, by the personal link of someone who is convened.
pub async fn file_by_link(cx: Cx, Path((token, piece)): Path<(String, Id)>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let invitee = invitee::of_token(&mut tx, &cx.app, &cx.network, &token).await?;
    let meeting = meeting::find(&mut tx, cx.network.id, invitee.meeting_id).await?;
    let found = wanted(&mut tx, &cx.network, &meeting, piece, false).await?;
    drop(tx);
    give(&cx.app, cx.network.id, found).await
}

/// Name, type and place of what is asked for; 404 when it is not of this meeting, or was not given to members yet.
async fn wanted(
    tx: &mut Tx,
    network: &Network,
    meeting: &Meeting,
    piece: Id,
    steers: bool,
) -> Result<(String, String, String)> {
    let papers = paper::of_meeting(tx, network.id, meeting.id).await?;
    let paper = papers.into_iter().find(|one| one.id == piece && one.is_file());
    if let Some(one) = paper.filter(|one| steers || is_given(meeting, one)) {
        let (Some(name), Some(media_type), Some(file)) = (one.name, one.media_type, one.file) else {
            return Err(Error::NotFound);
        };
        return Ok((name, media_type, file));
    }
    let editions = dossier::of_meeting(tx, network.id, meeting.id).await?;
    let edition = editions.into_iter().find(|one| one.id == piece && (steers || one.sent_at.is_some()));
    let edition = edition.ok_or(Error::NotFound)?;
    Ok((edition.file_name(network, meeting), PDF.to_owned(), edition.file))
}

async fn give(
    app: &App,
    network: Id,
    (name, media_type, file): (String, String, String),
) -> Result<Response> {
    Ok(download(&name, &media_type, app.files.get(network, &file).await?.to_vec()))
}
