//! The Dossier of a meeting (« dossier de séance »): its agenda with every prepared paper, as one PDF. An edition that was sent
//! stays as it was sent, whatever becomes of the data; until then making it again replaces it.

use bytes::Bytes;
use documents::paper::{Block, Paper, Run, Table};
use kit::db::{Id, Timestamp};
use kit::mail::{self, Attached};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, args, sql, text};
use serde_json::json;

use super::agenda_item::{self, AgendaItem};
use super::committee::Committee;
use super::convocation::UNDO_SECONDS;
use super::invitee;
use super::meeting::{self, Meeting};
use super::meeting_mail::{News, Sending};
use super::minutes_files::{PDF, drawn};
use super::paper::{self as papers, MeetingPaper};
use super::paper_data::{self, Scope};
use crate::features::support::activity_entry::NewEntry;

/// Under which messages that bring a dossier are found again.
pub const ABOUT: &str = "dossier";

kit::table! {
    /// An edition of the dossier of a meeting.
    pub struct Dossier in "dossier": versioned {
        pub meeting_id: Id,
        pub edition: i64,
        pub file: String,
        /// In bytes.
        pub size: i64,
        pub made_by: String,
        pub made_at: Timestamp,
        pub sent_at: Option<Timestamp>,
        /// To how many it was sent.
        pub recipients: i64,
    }
}

impl Dossier {
    pub fn name(&self) -> String {
        match self.edition {
            1 => "Dossier de séance".to_owned(),
            n => format!("Dossier de séance, édition {n}"),
        }
    }

    pub fn weight(&self) -> String {
        text::weight(usize::try_from(self.size).unwrap_or_default())
    }

    /// Whether its sending may still be called back.
    pub fn can_call_back(&self, now: Timestamp) -> bool {
        self.sent_at.is_some_and(|at| now < at.plus_seconds(UNDO_SECONDS))
    }

    fn subject(&self) -> Subject {
        Subject::new("dossier", self.id, self.name())
    }

    /// The file as messages bring it.
    pub fn attached(&self, network: &Network, meeting: &Meeting) -> Attached {
        let size = usize::try_from(self.size).unwrap_or_default();
        Attached {
            name: self.file_name(network, meeting),
            media_type: PDF.to_owned(),
            file: self.file.clone(),
            size,
        }
    }

    /// `dossier-comite-de-pilotage-2026-03-12.pdf`.
    pub fn file_name(&self, network: &Network, meeting: &Meeting) -> String {
        let day = meeting.starts_at.map(|at| network.day_of(at).to_string()).unwrap_or_default();
        let edition = if self.edition > 1 { format!("-{}", self.edition) } else { String::new() };
        format!("{}.pdf", text::slug(&format!("dossier {} {day}{edition}", meeting.title)))
    }
}

/// The editions of a meeting, the last first.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<Dossier>> {
    let sql = sql!(
        "select network_id, id, meeting_id, edition, file, size, made_by, made_at, sent_at, recipients, version ",
        "from dossier where network_id = $1 and meeting_id = $2 order by edition desc limit 50"
    );
    tx.all(sql, args![network, meeting]).await
}

/// The last edition of a meeting.
async fn last(tx: &mut Tx, meeting: &Meeting) -> Result<Option<Dossier>> {
    Ok(of_meeting(tx, meeting.network_id, meeting.id).await?.into_iter().next())
}

/// All that a dossier says, read in one go, and when.
pub async fn gather(
    tx: &mut Tx,
    network: &Network,
    (meeting, committee): (&Meeting, &Committee),
    now: Timestamp,
) -> Result<Paper> {
    let items = agenda_item::of_meeting(tx, network.id, meeting.id).await?;
    let papers = papers::of_meeting(tx, network.id, meeting.id).await?;
    let scope = Scope::of(tx, network, meeting, now).await?;
    let on: Vec<&AgendaItem> = items.iter().filter(|item| item.is_on()).collect();
    let mut blocks = Vec::new();
    if !on.is_empty() {
        blocks.push(Block::heading(1, "Ordre du jour"));
        blocks.push(Block::Table(agenda(&on)));
    }
    let whole = papers.iter().filter(|paper| !on.iter().any(|item| paper.item_id == Some(item.id)));
    let whole: Vec<&MeetingPaper> = whole.collect();
    for (at, item) in on.iter().enumerate() {
        let about: Vec<&MeetingPaper> = papers.iter().filter(|one| one.item_id == Some(item.id)).collect();
        if about.is_empty() && item.details.is_none() {
            continue;
        }
        blocks.push(Block::heading(1, format!("{}. {}", at + 1, item.title)));
        let details = item.details.iter().flat_map(|details| details.lines());
        blocks.extend(details.filter(|line| !line.trim().is_empty()).map(Block::text));
        blocks.extend(told(tx, scope, &about).await?);
    }
    if !whole.is_empty() {
        blocks.push(Block::heading(1, "Autres pièces"));
        blocks.extend(told(tx, scope, &whole).await?);
    }
    let when = meeting.when(network);
    let made = format!("{}, d’après les données de ce jour", now.long_in(network.zone()));
    let facts = [("Date", when), ("Lieu", meeting.whereabouts()), ("Préparé le", made)];
    Ok(Paper {
        title: format!("Dossier de séance\u{a0}: {}", meeting.title),
        subtitles: Vec::new(),
        network: format!("Promeneurs du Net {}", network.of()),
        committee: committee.name.clone(),
        accent: network.accent.clone(),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        with_contents: papers.len() > 2,
        blocks,
        footer: String::new(),
        made_at: now.iso(),
    })
}

fn agenda(on: &[&AgendaItem]) -> Table {
    let cell = |text: String| vec![Run::plain(text)];
    let head = ["N°", "Point", "But", "Durée", "Présenté par"];
    let row = |(at, item): (usize, &&AgendaItem)| {
        let minutes = item.minutes.map(|minutes| format!("{minutes} min")).unwrap_or_default();
        vec![
            cell((at + 1).to_string()),
            vec![Run::bold(&item.title)],
            cell(item.objective_label().to_owned()),
            cell(minutes),
            cell(item.presenter.clone().unwrap_or_default()),
        ]
    };
    Table {
        caption: "Ordre du jour".to_owned(),
        head: head.map(|text| cell(text.to_owned())).to_vec(),
        rows: on.iter().enumerate().map(row).collect(),
        weights: vec![1, 8, 3, 2, 4],
    }
}

/// What papers say: those that are prepared in full, files by their names.
async fn told(tx: &mut Tx, scope: Scope<'_>, about: &[&MeetingPaper]) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    for one in about.iter().filter(|one| !one.is_file()) {
        blocks.push(Block::heading(2, &one.title));
        blocks.extend(paper_data::blocks(tx, scope, &one.kind, 3).await?);
    }
    let files: Vec<Vec<Block>> = about
        .iter()
        .filter(|one| one.is_file())
        .map(|one| {
            let name = one.name.clone().unwrap_or_default();
            let label = if one.title == name { name } else { format!("{} ({name})", one.title) };
            vec![Block::text(label)]
        })
        .collect();
    if !files.is_empty() {
        blocks.push(Block::text("Documents joints, à ouvrir par le lien de la convocation\u{a0}:"));
        blocks.push(Block::List { ordered: false, items: files });
    }
    Ok(blocks)
}

/// Draws a dossier and stores its file; not while anything is being written.
pub async fn draw(app: &App, network: Id, paper: Paper) -> Result<(String, usize)> {
    let bytes = drawn(paper).await?;
    let size = bytes.len();
    Ok((app.files.put(network, Bytes::from(bytes)).await?, size))
}

/// Keeps a dossier that was drawn: in the place of the last edition when that was not sent, as a new one otherwise.
/// Answers it with the file that it replaces.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    (file, size): (String, usize),
) -> Result<(Dossier, Option<String>)> {
    if !meeting.is_to_come() {
        return Err(Error::refused(
            "Le dossier d’une réunion qui s’est tenue, ou qui est annulée, ne change plus.",
        ));
    }
    let last = last(tx, meeting).await?;
    let edition = last.as_ref().map_or(1, |one| one.edition + i64::from(one.sent_at.is_some()));
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let (kept, replaced) = match last.filter(|one| one.sent_at.is_none()) {
        Some(before) => {
            let replaced = before.file.clone();
            let mut after = Dossier { file, size, made_by: actor.name.clone(), made_at: actor.now, ..before };
            tx.save(&mut after).await?;
            (after, Some(replaced))
        }
        None => {
            let new = Dossier {
                network_id: actor.network_id,
                id: Id::new(actor.now),
                meeting_id: meeting.id,
                edition,
                file,
                size,
                made_by: actor.name.clone(),
                made_at: actor.now,
                sent_at: None,
                recipients: 0,
                version: 1,
            };
            tx.insert(std::slice::from_ref(&new)).await?;
            (new, None)
        }
    };
    record(tx, actor, meeting, "dossier.made", &kept).await?;
    Ok((kept, replaced))
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    action: &'static str,
    one: &Dossier,
) -> Result<()> {
    let act = Act::new(action, one.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act.after(&json!({ "edition": one.edition, "people": one.recipients })))
        .await
        .map(drop)
}

/// Sends the last edition to whoever is convened, after a moment in which it can be called back. From now on it stays as it
/// is. Answers how many messages leave.
pub async fn send(
    tx: &mut Tx,
    actor: &Actor,
    place: (&App, &Network, &str),
    meeting: &Meeting,
) -> Result<usize> {
    if meeting.state != "convened" {
        return Err(Error::refused(
            "Le dossier part à qui est convoqué\u{a0}: convoquez d’abord la réunion.",
        ));
    }
    let invitees = invitee::of_meeting(tx, actor.network_id, meeting.id).await?;
    let count = invitees.iter().filter(|one| one.email.is_some()).count();
    let edition = freeze(tx, actor, meeting, count).await?.edition;
    let not_before = actor.now.plus_seconds(UNDO_SECONDS);
    let count = Sending::of(tx, place, meeting).await?.send(tx, News::Papers, &invitees, not_before).await?;
    let title = format!("Dossier de séance\u{a0}: {}", meeting.title);
    let mut entry = NewEntry::new(place.1.today(actor.now), "committee_papers", title);
    (entry.theme, entry.means) = (Some("network_life"), Some("email"));
    meeting::propose(tx, actor, meeting, entry, &format!("papers{edition}")).await?;
    Ok(count)
}

/// Notes that the last edition leaves now for so many people; answers it.
pub async fn freeze(tx: &mut Tx, actor: &Actor, meeting: &Meeting, recipients: usize) -> Result<Dossier> {
    let last = last(tx, meeting).await?;
    let Some(mut last) = last.filter(|one| one.sent_at.is_none()) else {
        return Err(Error::refused("Ce dossier est déjà parti\u{a0}: préparez-en un autre s’il a changé."));
    };
    last.sent_at = Some(actor.now);
    last.recipients = i64::try_from(recipients).unwrap_or(i64::MAX);
    tx.save(&mut last).await?;
    record(tx, actor, meeting, "dossier.sent", &last).await?;
    Ok(last)
}

/// Calls the sending of the last edition back while it can be, and nothing of it left.
pub async fn call_back(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<()> {
    let last = last(tx, meeting).await?;
    let last = last.filter(|one| one.can_call_back(actor.now)).ok_or_else(gone)?;
    mail::cancel_about(tx, actor.network_id, ABOUT, last.id, actor.now).await?;
    let all = mail::about(tx, actor.network_id, (ABOUT, last.id), None, None, 5_000).await?;
    if all.is_empty() || all.iter().any(|mail| mail.state != "cancelled") {
        return Err(gone());
    }
    thaw(tx, actor, meeting, last).await
}

fn gone() -> Error {
    Error::refused("Le dossier est parti\u{a0}: il ne peut plus être retenu.")
}

/// Notes that what a convocation called back brought has not left.
pub async fn thaw_since(tx: &mut Tx, actor: &Actor, meeting: &Meeting, since: Timestamp) -> Result<()> {
    let last = last(tx, meeting).await?;
    match last.filter(|one| one.sent_at.is_some_and(|at| at >= since)) {
        Some(last) => thaw(tx, actor, meeting, last).await,
        None => Ok(()),
    }
}

async fn thaw(tx: &mut Tx, actor: &Actor, meeting: &Meeting, mut last: Dossier) -> Result<()> {
    (last.sent_at, last.recipients) = (None, 0);
    tx.save(&mut last).await?;
    record(tx, actor, meeting, "dossier.called_back", &last).await
}
