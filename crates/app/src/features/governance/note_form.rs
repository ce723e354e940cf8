//! What is typed of a note without the line that several people share: its version is checked, and what someone else wrote
//! meanwhile is shown beside it. The secretary's screen and that of members have it.

use chrono_tz::Tz;
use kit::db::Id;
use kit::markup::{self, Part};
use kit::{Actor, Fields, Result, Tx, nominative};

use super::meeting::Meeting;
use super::note::{self, Note};

/// The field of a note, with what goes with it.
#[derive(Default)]
pub(super) struct NoteForm {
    pub fields: Fields,
    /// What is stored now, compared with what was typed.
    pub meanwhile: Vec<Part>,
    /// Whether it is asked to confirm that nobody is named.
    pub questioned: bool,
    /// « Ana Lopes, 12 mars 2026 à 14 h 05 »; empty when nothing is stored.
    pub written: String,
}

/// What became of a note that was typed.
pub(super) enum Typed {
    Kept,
    /// Someone else wrote meanwhile.
    Stale(NoteForm),
    Refused(NoteForm),
}

impl NoteForm {
    /// A note as it is stored.
    pub fn of(stored: Option<&Note>, zone: Tz) -> Self {
        let written = stored.map(|one| format!("{}, {}", one.written_by, one.written_at.long_in(zone)));
        Self {
            fields: Fields::of([
                ("corps", stored.map(|note| note.body.clone()).unwrap_or_default()),
                ("version", stored.map_or(0, |note| note.version).to_string()),
            ]),
            written: written.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// What was typed, and what someone else stored meanwhile.
    fn disputed(mut form: Fields, stored: Option<&Note>) -> Self {
        let typed = markup::text_with_all(&markup::read(form.get("corps")));
        let other = stored.map(|note| markup::text_with_all(&note.body)).unwrap_or_default();
        form.reject(
            "corps",
            "Quelqu’un d’autre a écrit ici entre-temps. Votre texte est ci-dessous, rien n’est perdu.",
        );
        form.set("version", stored.map_or(0, |note| note.version).to_string());
        Self { fields: form, meanwhile: markup::compare(&other, &typed), ..Self::default() }
    }
}

pub(super) const NAMED: &str = "Ce texte semble contenir un prénom suivi d’un âge. Ne citez aucun jeune ni parent\u{a0}: retirez-le, ou \
                     confirmez sous le texte que personne d’accompagné n’est cité.";

/// Whether a text that was typed names someone as young people are named, and was not confirmed.
pub(super) fn names_someone(form: &Fields, before: &str) -> bool {
    let words = markup::text(&markup::read(form.get("corps")));
    let named = nominative::seen_in(&words).into_iter().any(|seen| seen.contains("âge"));
    named && words != before && !form.flag("corps-confirme")
}

/// Keeps what is typed of the item `noted`, or of the meeting under its own id.
pub(super) async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    (meeting, noted): (&Meeting, Id),
    mut form: Fields,
) -> Result<Typed> {
    let stored = tx.all_in::<Note>(actor.network_id, "id", &[noted]).await?.pop();
    let version = form.get("version").parse().unwrap_or(0);
    if stored.as_ref().map_or(0, |note| note.version) != version
        && stored.as_ref().is_none_or(|note| note.body != markup::read(form.get("corps")))
    {
        return Ok(Typed::Stale(NoteForm::disputed(form, stored.as_ref())));
    }
    let before = stored.as_ref().map(|note| markup::text(&note.body)).unwrap_or_default();
    if names_someone(&form, &before) {
        form.reject("corps", NAMED);
        return Ok(Typed::Refused(NoteForm { fields: form, questioned: true, ..NoteForm::default() }));
    }
    note::write(tx, actor, meeting, (noted, version), form.get("corps")).await?;
    Ok(Typed::Kept)
}
