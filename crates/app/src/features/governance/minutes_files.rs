//! `…/compte-rendu/{edition}/{format}`: an edition of minutes as a file: the PDF that was sent, the same for everyone, or
//! one made from what the minutes say now; Word and LibreOffice for those who go on working with it.

use axum::extract::Path;
use axum::response::Response;
use documents::paper::{self, Block, Paper, Run, Table};
use documents::pdf::NotMade;
use kit::db::Id;
use kit::web::respond::download;
use kit::{App, Cx, Error, Network, Result, heavy, text};

use super::meeting::Meeting;
use super::meeting_sheet::readable_meeting;
use super::minutes::Minutes;
use super::minutes_facts::Facts;
use super::minutes_sheet::readable_editions;

pub const PDF: &str = "application/pdf";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const ODT: &str = "application/vnd.oasis.opendocument.text";

/// The minutes as a paper.
pub fn paper(network: &Network, minutes: &Minutes, facts: &Facts) -> Paper {
    let mut known = vec![("Date".to_owned(), facts.when.clone()), ("Lieu".to_owned(), facts.place.clone())];
    known.push(("Rédigé par".to_owned(), minutes.written_by.clone()));
    known.push(("Validé par".to_owned(), minutes.validated_by.clone().unwrap_or_default()));
    known.push(("Ce qui change".to_owned(), minutes.correction.clone().unwrap_or_default()));
    let mut blocks = Vec::new();
    if !facts.people.is_empty() {
        blocks.push(Block::heading(1, "Présences"));
        blocks.push(Block::Table(attendance(facts)));
        let quorum = facts.quorum_label();
        if !quorum.is_empty() {
            blocks.push(Block::text(format!("{quorum}.")));
        }
    }
    blocks.extend(paper::blocks_of_html(&minutes.body, 1));
    if !facts.decisions.is_empty() {
        blocks.push(Block::heading(1, "Décisions"));
        blocks.push(Block::Table(decisions(facts)));
    }
    Paper {
        title: format!("{}\u{a0}: {}", minutes.name(), facts.title),
        subtitles: Vec::new(),
        network: format!("Promeneurs du Net {}", network.of()),
        committee: facts.committee.clone(),
        accent: network.accent.clone(),
        facts: known.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        with_contents: minutes.body.matches("<h2>").count() > 3,
        blocks,
        footer: if minutes.is_open() { "Projet, non validé".to_owned() } else { String::new() },
        made_at: minutes.validated_at.or(minutes.submitted_at).unwrap_or(minutes.created_at).iso(),
    }
}

fn cell(text: impl Into<String>) -> Vec<Run> {
    vec![Run::plain(text)]
}

fn attendance(facts: &Facts) -> Table {
    let said = |one: &super::minutes_facts::Attendee| match &one.bearer {
        Some(bearer) => format!("{} par {bearer}", one.label()),
        None => one.label().to_owned(),
    };
    // Once someone is noted, those of whom nothing was noted (deputies of who came) are not told.
    let is_noted = facts.people.iter().any(|one| one.attendance.is_some());
    let told = facts.people.iter().filter(|one| one.attendance.is_some() || !is_noted);
    Table {
        caption: "Personnes convoquées ou présentes".to_owned(),
        head: ["Personne", "Organisme", "Présence"].map(cell).to_vec(),
        rows: told.map(|one| vec![cell(&one.name), cell(&one.organisation), cell(said(one))]).collect(),
        weights: vec![3, 4, 3],
    }
}

fn decisions(facts: &Facts) -> Table {
    Table {
        caption: "Décisions de la réunion".to_owned(),
        head: ["N°", "Décision", "Qui s’en charge", "Avant le"].map(cell).to_vec(),
        rows: facts
            .decisions
            .iter()
            .map(|one| {
                let text = format!("{}\n({})", one.text, one.how.to_lowercase());
                vec![vec![Run::bold(&one.number)], cell(text), cell(&one.owner), cell(&one.due)]
            })
            .collect(),
        weights: vec![2, 7, 3, 3],
    }
}

/// The PDF of minutes as they now are.
pub async fn pdf(network: &Network, minutes: &Minutes, facts: &Facts) -> Result<Vec<u8>> {
    drawn(paper(network, minutes, facts)).await
}

/// A paper as PDF.
pub(super) async fn drawn(paper: Paper) -> Result<Vec<u8>> {
    heavy(move || paper::pdf(&paper)).await?.map_err(|error| match error {
        NotMade::LeftOut => Error::refused(error.to_string()),
        NotMade::Fault(text) => Error::bug(text),
    })
}

/// `compte-rendu-comite-de-pilotage-2026-03-12`.
pub fn file_name(network: &Network, meeting: &Meeting, minutes: &Minutes) -> String {
    let day = meeting.starts_at.map(|at| network.day_of(at).to_string()).unwrap_or_default();
    let edition = if minutes.edition > 1 { format!("-v{}", minutes.edition) } else { String::new() };
    text::slug(&format!("compte rendu {} {day}{edition}", meeting.title))
}

/// An edition as a file of a format: `pdf`, `docx` or `odt`.
pub async fn file(
    app: &App,
    network: &Network,
    (meeting, minutes, facts): (&Meeting, &Minutes, &Facts),
    format: &str,
) -> Result<Response> {
    let name = file_name(network, meeting, minutes);
    match format {
        "pdf" => {
            let bytes = match &minutes.pdf {
                Some(sent) => app.files.get(network.id, sent).await?.to_vec(),
                None => pdf(network, minutes, facts).await?,
            };
            Ok(download(&format!("{name}.pdf"), PDF, bytes))
        }
        "docx" => {
            let paper = paper(network, minutes, facts);
            let bytes = heavy(move || paper::docx(&paper)).await?.map_err(Error::bug)?;
            Ok(download(&format!("{name}.docx"), DOCX, bytes))
        }
        "odt" => {
            let paper = paper(network, minutes, facts);
            let bytes = heavy(move || paper::odt(&paper)).await?.map_err(Error::bug)?;
            Ok(download(&format!("{name}.odt"), ODT, bytes))
        }
        _ => Err(Error::NotFound),
    }
}

/// For whoever may read the meeting.
pub async fn show(cx: Cx, Path((id, edition, format)): Path<(Id, i64, String)>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (meeting, _) = readable_meeting(&cx, &mut tx, id).await?;
    let editions = readable_editions(&cx, &mut tx, &meeting).await?;
    let minutes = editions.into_iter().find(|one| one.edition == edition).ok_or(Error::NotFound)?;
    let facts = minutes.facts(&mut tx, &cx.network, &meeting).await?;
    drop(tx);
    file(&cx.app, &cx.network, (&meeting, &minutes, &facts), &format).await
}
