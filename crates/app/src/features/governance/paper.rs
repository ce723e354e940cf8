//! The Paper of a meeting (« pièce »): what the platform prepares from its data, or a file; about an item of the agenda or
//! about the meeting as a whole. What is prepared is only named here: it is written when the [dossier](super::dossier) is.

use bytes::Bytes;
use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, files, sql, text};
use serde_json::json;

use super::agenda_item::AgendaItem;
use super::meeting::Meeting;

kit::table! {
    /// A paper of a meeting.
    pub struct MeetingPaper in "meeting_paper": versioned {
        pub meeting_id: Id,
        pub item_id: Option<Id>,
        /// A code of [`PREPARED`], or `file`.
        pub kind: String,
        pub title: String,
        pub name: Option<String>,
        pub media_type: Option<String>,
        pub file: Option<String>,
        pub size: Option<i64>,
        pub added_by: String,
        pub created_at: Timestamp,
    }
}

/// A paper that the platform prepares.
pub struct Prepared {
    pub code: &'static str,
    pub label: &'static str,
    /// What it says, in a line.
    pub says: &'static str,
    /// Words of the title of the item that it is usually about.
    words: &'static [&'static str],
}

/// What the platform prepares from its data (product file, « prepared papers »).
pub const PREPARED: [Prepared; 5] = [
    Prepared {
        code: "follow_up",
        label: "Suivi des décisions",
        says: "Décisions à mener à leur terme, et celles qui l’ont été depuis la dernière réunion",
        words: &["decisions precedentes", "suivi des decisions", "suite des decisions"],
    },
    Prepared {
        code: "roadmap",
        label: "Feuille de route",
        says: "Objectifs donnés par le comité, indicateurs et avancement",
        words: &["feuille de route", "objectif"],
    },
    Prepared {
        code: "network_state",
        label: "État du réseau",
        says: "Promeneurs, structures, postes à pourvoir, territoires, arrivées et départs",
        words: &["mise en oeuvre", "reseau", "territoire"],
    },
    Prepared {
        code: "activity",
        label: "Activité de la coordination",
        says: "Ce que dit le journal depuis la dernière réunion",
        words: &["bilan", "activite", "coordination"],
    },
    Prepared {
        code: "deadlines",
        label: "Échéances à venir",
        says: "Ce qui tombe dans les six mois qui suivent : décisions, objectifs, mandats, départs",
        words: &["prochaine reunion", "echeance", "calendrier", "questions diverses"],
    },
];

/// Types of files that are taken, each with the endings of their names.
const TAKEN: [(&str, &str); 15] = [
    ("pdf", "application/pdf"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
];

/// Most files of one meeting.
const MOST_FILES: usize = 40;
/// Longest title, in characters.
pub const MOST_TITLE: usize = 160;

/// What is prepared, to choose from.
pub fn prepared() -> Vec<Choice> {
    PREPARED.iter().map(|one| Choice::new(one.code, format!("{}\u{a0}: {}", one.label, one.says))).collect()
}

impl MeetingPaper {
    fn blank(meeting: &Meeting, actor: &Actor, kind: &str, title: String) -> Self {
        Self {
            network_id: meeting.network_id,
            id: Id::new(actor.now),
            meeting_id: meeting.id,
            item_id: None,
            kind: kind.to_owned(),
            title,
            name: None,
            media_type: None,
            file: None,
            size: None,
            added_by: actor.name.clone(),
            created_at: actor.now,
            version: 1,
        }
    }

    /// Whether it is a file, and not something that the platform prepares.
    pub fn is_file(&self) -> bool {
        self.kind == "file"
    }

    /// What it says, of one that is prepared.
    pub fn says(&self) -> &'static str {
        PREPARED.iter().find(|one| one.code == self.kind).map_or("", |one| one.says)
    }

    /// « 1,4 Mo »; empty for what is prepared.
    pub fn weight(&self) -> String {
        self.size.and_then(|size| usize::try_from(size).ok()).map(text::weight).unwrap_or_default()
    }

    fn subject(&self) -> Subject {
        Subject::new("meeting_paper", self.id, &self.title)
    }
}

/// The papers of a meeting: those that are prepared in the order of [`PREPARED`], then files as they were added.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<MeetingPaper>> {
    let sql = sql!(
        "select network_id, id, meeting_id, item_id, kind, title, name, media_type, file, size, added_by, created_at, ",
        "version from meeting_paper where network_id = $1 and meeting_id = $2 order by id limit 100"
    );
    let mut all: Vec<MeetingPaper> = tx.all(sql, args![network, meeting]).await?;
    all.sort_by_key(|paper| PREPARED.iter().position(|one| one.code == paper.kind).unwrap_or(PREPARED.len()));
    Ok(all)
}

/// What became of a meeting lets its papers change until its minutes are written.
fn check_open(meeting: &Meeting) -> Result<()> {
    if matches!(meeting.state.as_str(), "planned" | "convened" | "held" | "drafting") {
        return Ok(());
    }
    Err(Error::refused("Les pièces de cette réunion ne changent plus."))
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    action: &'static str,
    paper: &MeetingPaper,
) -> Result<()> {
    let act = Act::new(action, paper.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act.after(&json!({ "title": paper.title, "file": paper.name }))).await.map(drop)
}

/// The item that a prepared paper is about, judged by their titles.
fn usual_item(prepared: &Prepared, items: &[AgendaItem]) -> Option<Id> {
    let speaks = |item: &&AgendaItem| {
        let title = text::fold(&item.title);
        prepared.words.iter().any(|word| title.contains(word))
    };
    items.iter().filter(|item| item.is_on()).find(speaks).map(|item| item.id)
}

/// Says which papers the platform prepares for a meeting, each about the item whose title speaks of it. What was there
/// and is wanted stays where it is.
pub async fn prepare(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    items: &[AgendaItem],
    wanted: &[&str],
) -> Result<()> {
    check_open(meeting)?;
    let held = of_meeting(tx, actor.network_id, meeting.id).await?;
    for paper in held.iter().filter(|paper| !paper.is_file() && !wanted.contains(&paper.kind.as_str())) {
        tx.delete::<MeetingPaper>(actor.network_id, paper.id).await?;
        record(tx, actor, meeting, "meeting_paper.removed", paper).await?;
    }
    for one in PREPARED.iter().filter(|one| wanted.contains(&one.code)) {
        if held.iter().any(|paper| paper.kind == one.code) {
            continue;
        }
        let mut new = MeetingPaper::blank(meeting, actor, one.code, one.label.to_owned());
        new.item_id = usual_item(one, items);
        tx.insert(std::slice::from_ref(&new)).await?;
        record(tx, actor, meeting, "meeting_paper.added", &new).await?;
    }
    Ok(())
}

/// The type of a file that may be a paper, by its bytes and the ending of its name; an error says which may.
pub fn taken_type(name: &str, bytes: &Bytes) -> Result<String> {
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let declared = TAKEN.iter().find(|(known, _)| *known == ending).map_or("", |(_, media)| *media);
    let told = files::told_type(bytes, declared);
    let is_picture = matches!(told.as_str(), "image/png" | "image/jpeg");
    if !declared.is_empty() && (told == declared || is_picture) {
        return Ok(told);
    }
    Err(Error::refused(
        "Ce fichier n’est pas d’un type accepté, ou son contenu n’est pas celui que son nom annonce\u{a0}: PDF, Word, \
         Excel, PowerPoint, LibreOffice, image PNG ou JPEG, texte, CSV.",
    ))
}

/// A file that was stored for a meeting.
pub struct Stored {
    pub name: String,
    pub media_type: String,
    pub file: String,
    pub size: usize,
}

/// Adds a file to the papers of a meeting.
pub async fn add_file(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    (title, item): (Option<String>, Option<Id>),
    stored: Stored,
) -> Result<MeetingPaper> {
    check_open(meeting)?;
    let held = of_meeting(tx, actor.network_id, meeting.id).await?;
    if held.iter().filter(|paper| paper.is_file()).count() >= MOST_FILES {
        return Err(Error::refused("Cette réunion a déjà quarante fichiers."));
    }
    let title = title.unwrap_or_else(|| text::shorten(&stored.name, MOST_TITLE));
    let new = MeetingPaper {
        item_id: item,
        name: Some(stored.name),
        media_type: Some(stored.media_type),
        file: Some(stored.file),
        size: i64::try_from(stored.size).ok(),
        ..MeetingPaper::blank(meeting, actor, "file", title)
    };
    tx.insert(std::slice::from_ref(&new)).await?;
    record(tx, actor, meeting, "meeting_paper.added", &new).await?;
    Ok(new)
}

/// Puts a paper under another item, or under none.
pub async fn place(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    mut paper: MeetingPaper,
    item: Option<Id>,
) -> Result<()> {
    check_open(meeting)?;
    if paper.item_id == item {
        return Ok(());
    }
    paper.item_id = item;
    tx.save(&mut paper).await?;
    record(tx, actor, meeting, "meeting_paper.placed", &paper).await
}

/// Takes a paper away. What was sent of it stays in the dossier that was sent.
pub async fn remove(tx: &mut Tx, actor: &Actor, meeting: &Meeting, paper: &MeetingPaper) -> Result<()> {
    check_open(meeting)?;
    tx.delete::<MeetingPaper>(actor.network_id, paper.id).await?;
    record(tx, actor, meeting, "meeting_paper.removed", paper).await
}

/// Leaves the papers of an item that goes with the meeting as a whole.
pub async fn leave_item(tx: &mut Tx, network: Id, meeting: Id, item: Id) -> Result<()> {
    let sql = sql!(
        "update meeting_paper set item_id = null, version = version + 1 ",
        "where network_id = $1 and meeting_id = $2 and item_id = $3"
    );
    tx.run(sql, args![network, meeting, item]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let pdf = Bytes::from_static(b"%PDF-1.7 ...");
        assert_eq!(taken_type("budget.pdf", &pdf).unwrap(), "application/pdf");
        assert!(taken_type("budget.docx", &pdf).is_err(), "another type than its name says");
        assert!(taken_type("budget.exe", &Bytes::from_static(b"MZ....")).is_err());
        assert!(taken_type("budget.pdf", &Bytes::from_static(b"MZ....")).is_err());
        assert!(taken_type("page.html", &Bytes::from_static(b"<script>")).is_err());
        assert!(taken_type("sans-extension", &Bytes::from_static(b"bonjour")).is_err());
        let office = Bytes::from_static(b"PK\x03\x04....");
        assert!(taken_type("Budget.XLSX", &office).unwrap().ends_with("spreadsheetml.sheet"));
        assert_eq!(taken_type("liste.csv", &Bytes::from_static(b"a;b")).unwrap(), "text/csv");
        let photo = Bytes::from_static(b"\xff\xd8\xff....");
        assert_eq!(taken_type("plan.png", &photo).unwrap(), "image/jpeg", "pictures are called anything");
    }
}
