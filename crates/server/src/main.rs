//! The program `esplanade` and its commands. Names and exit statuses are those of the contract:
//! 0 done, 1 refused, 2 usage, 70 fault of the program.

mod commands;
mod demo;
mod demo_governance;
mod demo_mail;
mod demo_mailings;
mod demo_polls;
mod demo_sessions;
mod demo_site;
mod demo_support;
mod imports;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kit::config::Config;
use kit::{Error, Result, logs};

/// The system's allocator spends a seventh of a page's time; this one a third of that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Esplanade, the platform of a Promeneurs du Net network.
#[derive(Parser)]
#[command(name = "esplanade", version, about)]
struct Cli {
    /// Settings file (TOML); the environment (`ESPLANADE_…`) wins over it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a fresh, filled demonstration network.
    Demo {
        #[arg(long)]
        data_dir: Option<PathBuf>,
        #[arg(long)]
        listen: Option<String>,
        /// Only make the data, do not serve.
        #[arg(long, hide = true)]
        no_serve: bool,
    },
    /// Serve; the schema is brought up to date first.
    Serve,
    /// Bring the schema up to date.
    Migrate,
    /// Examine mail, domain and instance; says what to ask the host for. Status 1 when something is to be mended.
    Doctor(commands::DoctorCommand),
    /// Networks of the instance.
    #[command(subcommand)]
    Network(commands::NetworkCommand),
    /// Accounts of a network.
    #[command(subcommand)]
    User(commands::UserCommand),
    /// Read data in.
    #[command(subcommand)]
    Import(imports::ImportCommand),
    /// Write data out.
    #[command(subcommand)]
    Export(commands::ExportCommand),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match kit::runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(70);
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(Error::Bug(text)) => {
            eprintln!("Erreur du programme : {text}");
            ExitCode::from(70)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let mut config = Config::load(cli.config.as_deref())?;
    logs::start(config.log_json);
    match cli.command {
        Command::Demo { data_dir, listen, no_serve } => {
            if let Some(dir) = data_dir {
                config.data_dir = dir;
            }
            if let Some(listen) = listen {
                config.listen = listen;
            }
            demo::run(config, no_serve).await?;
        }
        Command::Serve => kit::web::serve::serve(commands::start(config).await?, |_| {}).await?,
        Command::Migrate => {
            let app = commands::start(config).await?;
            println!("Schéma à jour ({}).", app.db.engine());
            app.db.close().await;
        }
        Command::Doctor(command) => return commands::doctor(config, command).await,
        Command::Network(command) => commands::network(config, command).await?,
        Command::User(command) => commands::user(config, command).await?,
        Command::Import(command) => return imports::import(config, command).await,
        Command::Export(command) => commands::export(config, command).await?,
    }
    Ok(ExitCode::SUCCESS)
}
