//! Imports: a workbook becomes people, structures and posts. One engine for the browser and the command
//! line: sheets → tables (headings understood) → rows (cells cleaned) → plan (against what is known) →
//! applied in one transaction, undone as one.

mod apply;
mod cells;
mod people;
mod plan;
mod screens;
mod structure_cells;
mod structures;
mod table;

use std::collections::HashMap;

use documents::{Sheet, Unreadable, workbook};
use kit::db::{Id, Timestamp};
use kit::jobs::{self, Job, Outcome};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};

use super::vocabulary::Vocabulary;

pub use plan::{Choices, Report, Tally};
pub use screens::{apply as start_apply, cancel, list, progress, review, show, template, upload};

kit::table! {
    /// A file on its way into the directory, and what became of it.
    pub struct Import in "import": versioned {
        pub file_name: String,
        pub stored_as: String,
        /// `reading`, `review`, `applying`, `done`, `refused` or `undone`.
        pub state: String,
        pub author: String,
        pub account_id: Option<Id>,
        pub choices: String,
        /// What is shown for review: sheets with their columns, and the report of a dry run.
        pub plan: Option<String>,
        pub report: Option<String>,
        pub failure: Option<String>,
        pub created_at: Timestamp,
        pub applied_at: Option<Timestamp>,
        pub undone_at: Option<Timestamp>,
    }
}

/// What is kept for review: the sheets as understood and the report of a dry run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Review {
    pub sheets: Vec<ReviewSheet>,
    pub report: Report,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReviewSheet {
    pub name: String,
    pub kind: table::Kind,
    pub rows: usize,
    pub columns: Vec<table::Column>,
}

impl Import {
    pub fn url(&self) -> String {
        format!("/espace/reseau/imports/{}", self.id)
    }

    pub fn subject(&self) -> Subject {
        Subject::new("import", self.id, &self.file_name)
    }

    fn choices(&self) -> Choices {
        serde_json::from_str(&self.choices).unwrap_or_default()
    }

    fn review(&self) -> Review {
        self.plan.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    fn report(&self) -> Report {
        self.report.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

/// What headings mean: as said for this import, else as said before, else as guessed.
struct Said<'a> {
    choices: &'a Choices,
    before: HashMap<(String, String), String>,
}

impl table::Known for Said<'_> {
    fn field(&self, sheet: &str, kind: table::Kind, heading_key: &str) -> Option<String> {
        let now = self.choices.columns.get(&format!("{sheet}|{heading_key}"));
        now.or_else(|| self.before.get(&(kind.code().to_owned(), heading_key.to_owned()))).cloned()
    }
}

async fn remembered(tx: &mut Tx, network: Id) -> Result<HashMap<(String, String), String>> {
    let sql = sql!("select sheet_kind, heading_key, field from import_heading where network_id = $1");
    let rows: Vec<(String, String, String)> = tx.all(sql, args![network]).await?;
    Ok(rows.into_iter().map(|(kind, key, field)| ((kind, key), field)).collect())
}

/// The sheets of a file. Blocking and heavy: called where that does not matter.
pub fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    workbook::read(bytes)
}

/// Plans an import and, unless told to stop there, applies it.
///
/// Refused, with nothing written, when a row names nobody (unless the rest is asked for) and when the file
/// holds neither people nor structures.
pub async fn run(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    sheets: &[Sheet],
    choices: &Choices,
    into: Option<Id>,
    tell: apply::Tell<'_>,
) -> Result<Review> {
    let vocabulary = Vocabulary::load(tx, network).await?;
    let said = Said { choices, before: remembered(tx, network.id).await? };
    let tables = table::tables(sheets, &said);
    if tables.is_empty() {
        return Err(Error::refused(
            "Aucune ligne de titres n’a été reconnue dans ce fichier : il faut au moins des colonnes « Nom » et \
             « Prénom », ou « Nom de la structure » et « Commune ».",
        ));
    }
    let mut plan = plan::make(tx, actor, network, &vocabulary, &tables, choices).await?;
    plan.report.dry_run = into.is_none();
    let report = plan.report.clone();
    if let Some(import) = into
        && (report.rejected.is_empty() || choices.skip_rejected)
    {
        apply::run(tx, actor, import, plan, tell).await?;
    }
    let sheets = tables
        .iter()
        .map(|t| ReviewSheet {
            name: t.sheet.clone(),
            kind: t.kind,
            rows: t.rows.len(),
            columns: t.columns.clone(),
        })
        .collect();
    Ok(Review { sheets, report })
}

/// A new import of a stored file.
pub async fn add(
    tx: &mut Tx,
    actor: &Actor,
    file_name: &str,
    stored_as: String,
    state: &str,
) -> Result<Import> {
    let import = Import {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        file_name: file_name.chars().take(200).collect(),
        stored_as,
        state: state.to_owned(),
        author: actor.name.clone(),
        account_id: actor.account_id,
        choices: "{}".to_owned(),
        plan: None,
        report: None,
        failure: None,
        created_at: actor.now,
        applied_at: None,
        undone_at: None,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&import)).await?;
    Ok(import)
}

/// Imports a file in one go, as the command line does: nothing is stored when rows are rejected.
pub async fn at_once(
    app: &App,
    network: &Network,
    file_name: &str,
    bytes: &[u8],
    choices: &Choices,
    dry_run: bool,
) -> Result<Report> {
    let sheets = open(bytes).map_err(|e| Error::refused(e.to_string()))?;
    let actor = Actor::program(network.id, "Import en ligne de commande", app.now());
    let mut tx = app.db.write().await?;
    let quiet = |_: &str, _: usize, _: usize| {};
    if dry_run {
        return Ok(run(&mut tx, &actor, network, &sheets, choices, None, &quiet).await?.report);
    }
    let mut import = add(&mut tx, &actor, file_name, String::new(), "done").await?;
    let review = run(&mut tx, &actor, network, &sheets, choices, Some(import.id), &quiet).await?;
    if !review.report.rejected.is_empty() && !choices.skip_rejected {
        return Ok(review.report);
    }
    finish(&mut tx, &actor, &mut import, &review.report).await?;
    tx.commit().await?;
    Ok(review.report)
}

/// Marks an import as applied, with what it did.
pub async fn finish(tx: &mut Tx, actor: &Actor, import: &mut Import, report: &Report) -> Result<()> {
    import.state = "done".to_owned();
    import.applied_at = Some(actor.now);
    import.report = Some(serde_json::to_string(report).map_err(Error::bug)?);
    tx.save(import).await?;
    let said = serde_json::json!({ "people": report.people, "structures": report.structures });
    trail::record(tx, actor, Act::new("import.applied", import.subject()).after(&said)).await.map(|_| ())
}

/// Reads a file and plans its import, for review.
#[derive(Serialize, Deserialize)]
pub struct ReadImport {
    pub import_id: Id,
}

impl Job for ReadImport {
    const KIND: &'static str = "directory.read_import";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        work(&app, network, self.import_id, false).await
    }
}

/// Applies a reviewed import.
#[derive(Serialize, Deserialize)]
pub struct ApplyImport {
    pub import_id: Id,
}

impl Job for ApplyImport {
    const KIND: &'static str = "directory.apply_import";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        work(&app, network, self.import_id, true).await
    }
}

/// Reads the file and plans or applies. Whatever goes wrong is kept on the import, for its author.
async fn work(app: &App, network: Id, id: Id, applies: bool) -> Result<Outcome> {
    let mut tx = app.db.read().await?;
    let import: Import = tx.get(network, id).await?;
    drop(tx);
    let expected = if applies { "applying" } else { "reading" };
    if import.state != expected {
        return Ok(Outcome::Done);
    }
    app.progress.report(id, "Lecture du fichier", 0, 5);
    let bytes = app.files.get(network, &import.stored_as).await?;
    let sheets = kit::heavy(move || open(&bytes)).await?;
    let outcome = match sheets {
        Ok(sheets) => plan_or_apply(app, &import, &sheets, applies).await,
        Err(unreadable) => Err(Error::refused(unreadable.to_string())),
    };
    app.progress.end(id);
    match outcome {
        Ok(()) => Ok(Outcome::Done),
        Err(Error::Refused(reason)) => {
            let mut tx = app.db.write().await?;
            let mut import: Import = tx.get(network, id).await?;
            import.state = "refused".to_owned();
            import.failure = Some(reason);
            tx.save(&mut import).await?;
            tx.commit().await?;
            Ok(Outcome::Done)
        }
        Err(error) => Err(error),
    }
}

async fn plan_or_apply(app: &App, import: &Import, sheets: &[Sheet], applies: bool) -> Result<()> {
    let mut import = import.clone();
    let mut tx = if applies { app.db.write().await? } else { app.db.read().await? };
    let network = kit::network::by_id(&mut tx, import.network_id).await?;
    let actor = Actor {
        network_id: import.network_id,
        account_id: import.account_id,
        name: import.author.clone(),
        address: String::new(),
        now: app.now(),
    };
    let tell = |label: &str, done: usize, total: usize| app.progress.report(import.id, label, done, total);
    let choices = import.choices();
    let into = applies.then_some(import.id);
    let review = run(&mut tx, &actor, &network, sheets, &choices, into, &tell).await?;
    let mut tx = match applies {
        true => tx,
        false => {
            drop(tx);
            app.db.write().await?
        }
    };
    if applies && (review.report.rejected.is_empty() || choices.skip_rejected) {
        finish(&mut tx, &actor, &mut import, &review.report).await?;
    } else {
        import.state = "review".to_owned();
        import.plan = Some(serde_json::to_string(&review).map_err(Error::bug)?);
        tx.save(&mut import).await?;
    }
    tx.commit().await
}

/// Queues the reading of an import anew, after choices changed.
async fn read_again(tx: &mut Tx, import: &mut Import, now: Timestamp) -> Result<()> {
    import.state = "reading".to_owned();
    tx.save(import).await?;
    jobs::add(tx, import.network_id, now, &ReadImport { import_id: import.id }).await.map(|_| ())
}
