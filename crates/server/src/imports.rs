//! `esplanade import …`: what comes in by the command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::features::directory::imports::{self, Choices, Report};
use app::features::mailbox::archive;
use clap::Subcommand;
use kit::config::Config;
use kit::{Error, Result, network};

use crate::commands::start;

#[derive(Subcommand)]
pub enum ImportCommand {
    /// People, structures and posts from XLSX, ODS or CSV.
    Directory {
        file: PathBuf,
        #[arg(long)]
        network: String,
        /// Say what would happen, store nothing.
        #[arg(long)]
        dry_run: bool,
        /// Print the report as one JSON object.
        #[arg(long)]
        json: bool,
        /// Import the rest when rows are rejected.
        #[arg(long)]
        skip_rejected: bool,
        /// Only fill the empty fields of sheets already known.
        #[arg(long)]
        fill_only: bool,
    },
    /// Messages of an earlier mailbox, in the format mbox, into a folder of the shared one.
    Mbox {
        file: PathBuf,
        #[arg(long)]
        network: String,
    },
}

pub async fn import(config: Config, command: ImportCommand) -> Result<ExitCode> {
    let (file, network, dry_run, json, skip_rejected, fill_only) = match command {
        ImportCommand::Mbox { file, network } => return import_mbox(config, &file, &network).await,
        ImportCommand::Directory { file, network, dry_run, json, skip_rejected, fill_only } => {
            (file, network, dry_run, json, skip_rejected, fill_only)
        }
    };
    let size =
        std::fs::metadata(&file).map_err(|e| Error::refused(format!("{} : {e}", file.display())))?.len();
    if size > 20 << 20 {
        return Err(Error::TooLarge(format!("{} dépasse 20 Mo.", file.display())));
    }
    let bytes = std::fs::read(&file).map_err(|e| Error::refused(format!("{} : {e}", file.display())))?;
    let app = start(config).await?;
    let network = network::by_code(&mut app.db.read().await?, &network).await?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let choices = Choices { skip_rejected, fill_only, ..Choices::default() };
    let report = imports::at_once(&app, &network, &name, &bytes, &choices, dry_run).await?;
    app.db.close().await;
    let refused = !report.rejected.is_empty() && !skip_rejected;
    for issue in &report.rejected {
        eprintln!(
            "{}, ligne {}, {} « {} » : {}",
            issue.sheet, issue.row, issue.column, issue.value, issue.error
        );
    }
    if json {
        println!("{}", as_json(&report));
    } else {
        tell(&report, refused);
    }
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Largest archive of messages that is read, in bytes.
const MOST_MBOX: u64 = 2 << 30;

async fn import_mbox(config: Config, file: &Path, network: &str) -> Result<ExitCode> {
    let refused = |e: std::io::Error| Error::refused(format!("{} : {e}", file.display()));
    if std::fs::metadata(file).map_err(refused)?.len() > MOST_MBOX {
        return Err(Error::TooLarge(format!("{} dépasse 2 Go.", file.display())));
    }
    let messages = archive::read_mbox(&std::fs::read(file).map_err(refused)?)?;
    let app = start(config).await?;
    let network = network::by_code(&mut app.db.read().await?, network).await?;
    let (read, now) = (messages.len(), app.now());
    // What is long over asks for nothing.
    let new = archive::take(&app, &network, ("Importés", "other"), messages, now).await?;
    app.db.close().await;
    println!("{read} messages lus, {new} nouveaux, dans le dossier « Importés » de la boîte partagée.");
    Ok(ExitCode::SUCCESS)
}

/// The object of the contract, without the lists that only the screen shows.
fn as_json(report: &Report) -> serde_json::Value {
    serde_json::json!({
        "dry_run": report.dry_run,
        "rows": report.rows,
        "people": report.people,
        "structures": report.structures,
        "mandates": report.mandates,
        "departures": report.departures,
        "rejected": report.rejected,
        "warnings": report.warnings,
    })
}

fn tell(report: &Report, refused: bool) {
    let count = |what: &str, tally: &imports::Tally| {
        println!(
            "{what} : {} créés, {} mis à jour, {} inchangés, {} doublons.",
            tally.created, tally.updated, tally.unchanged, tally.duplicates
        );
    };
    count("Promeneurs", &report.people);
    count("Structures", &report.structures);
    count("Postes", &report.mandates);
    for issue in &report.warnings {
        println!(
            "{}, ligne {}, {} « {} » : {}",
            issue.sheet, issue.row, issue.column, issue.value, issue.error
        );
    }
    if refused {
        println!("Rien n’a été enregistré : corrigez ces lignes, ou relancez avec --skip-rejected.");
    } else if report.dry_run {
        println!("Essai : rien n’a été enregistré.");
    }
}
