//! Commands that act and end: networks, accounts, imports, exports.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use app::features::accounts::account::{self, Wanted};
use app::features::directory::{export, mediation, thunderbird, vcard};
use app::features::doctor::{self, Tone};
use clap::{Args, Subcommand};
use kit::clock::Clock;
use kit::config::Config;
use kit::network::{self, Network, Settings};
use kit::{Actor, App, Error, Result, Role, args, sql, territory};

#[derive(Subcommand)]
pub enum NetworkCommand {
    /// Open an empty network.
    Create {
        /// Code of the département: 26, 2A, 974.
        #[arg(long)]
        code: String,
        #[arg(long)]
        name: String,
        /// Host name under which it is reached.
        #[arg(long)]
        host: Option<String>,
    },
    List,
}

#[derive(Subcommand)]
pub enum UserCommand {
    Create(NewUser),
    List {
        #[arg(long)]
        network: String,
    },
    Disable {
        #[arg(long)]
        network: String,
        #[arg(long)]
        email: String,
    },
}

#[derive(Args)]
pub struct NewUser {
    #[arg(long)]
    network: String,
    #[arg(long)]
    email: String,
    /// coordinator, caf, partner, manager, promeneur, guest or operator; several times for several roles.
    #[arg(long, required = true)]
    role: Vec<String>,
    #[arg(long)]
    name: Option<String>,
    /// Slug of the structure a manager answers for.
    #[arg(long)]
    structure: Option<String>,
    /// Read the password from standard input.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Subcommand)]
pub enum ExportCommand {
    People(ExportTo),
    Structures(ExportTo),
    /// Published structures in the national standard « lieux de médiation numérique » v1.0.2, as CSV.
    LieuxMediationNumerique(ExportTo),
    /// Every promeneur as a vCard 4.0.
    Vcard(ExportTo),
    /// The address book as Thunderbird reads it: promeneurs in post, managers, partners and contacts, as CSV.
    Thunderbird(ExportTo),
}

#[derive(Args)]
pub struct ExportTo {
    #[arg(long)]
    network: String,
    /// A `.csv` or `.xlsx` file; CSV on standard output when absent.
    #[arg(long)]
    output: Option<PathBuf>,
}

#[derive(Args)]
pub struct DoctorCommand {
    /// Code of the network; every one when absent.
    #[arg(long)]
    network: Option<String>,
    /// Print the findings as one JSON array.
    #[arg(long)]
    json: bool,
}

/// Opens the database and files of the configuration.
pub async fn start(config: Config) -> Result<App> {
    App::start(app::parts(), config, Clock::System).await
}

pub async fn network(config: Config, command: NetworkCommand) -> Result<()> {
    let app = start(config).await?;
    match command {
        NetworkCommand::Create { code, name, host } => {
            let departement = territory::departement(&code)
                .ok_or_else(|| Error::refused(format!("« {code} » n’est pas un code de département.")))?;
            let settings = Settings { time_zone: departement.time_zone.clone(), ..Settings::default() };
            let mut tx = app.db.write().await?;
            let network =
                network::create(&mut tx, app.now(), &code, &name, host.as_deref(), &settings).await?;
            tx.commit().await?;
            println!("Réseau {} ouvert.", network.label());
            match &network.host {
                Some(host) => println!("Il répond à l’adresse {host}."),
                None => println!(
                    "Il répond à tout nom d’hôte qui commence par « {}. » ou « {}. », par exemple {}.localhost.",
                    network.code.to_lowercase(),
                    network.slug,
                    network.slug
                ),
            }
        }
        NetworkCommand::List => {
            let mut tx = app.db.read().await?;
            for network in network::all(&mut tx).await? {
                println!("{}\t{}\t{}", network.code, network.name, network.host.unwrap_or_default());
            }
        }
    }
    app.db.close().await;
    Ok(())
}

pub async fn user(config: Config, command: UserCommand) -> Result<()> {
    let app = start(config).await?;
    match command {
        UserCommand::Create(new) => create_user(&app, new).await?,
        UserCommand::List { network } => {
            let mut tx = app.db.read().await?;
            let network = network::by_code(&mut tx, &network).await?;
            for (account, roles) in account::list(&mut tx, network.id).await? {
                let roles: Vec<&str> = roles.iter().map(|held| held.role.code()).collect();
                let state = if account.is_disabled() { "désactivé" } else { "actif" };
                println!("{}\t{}\t{}\t{state}", account.email, account.name, roles.join(","));
            }
        }
        UserCommand::Disable { network, email } => {
            let mut tx = app.db.write().await?;
            let network = network::by_code(&mut tx, &network).await?;
            let found = account::find_by_email(&mut tx, network.id, &email).await?;
            let found = found.ok_or_else(|| Error::refused(format!("Aucun accès pour {email}.")))?;
            account::disable(&mut tx, &actor(&app, &network), found.id).await?;
            tx.commit().await?;
            println!("Accès de {email} désactivé.");
        }
    }
    app.db.close().await;
    Ok(())
}

fn actor(app: &App, network: &Network) -> Actor {
    Actor::program(network.id, "Ligne de commande", app.now())
}

async fn create_user(app: &App, new: NewUser) -> Result<()> {
    let roles: Vec<Role> = new
        .role
        .iter()
        .map(|code| Role::from_code(code).ok_or_else(|| Error::refused(format!("Rôle inconnu : {code}."))))
        .collect::<Result<_>>()?;
    let password = match new.password_stdin {
        true => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(Error::bug)?;
            Some(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        false => None,
    };
    let mut tx = app.db.write().await?;
    let network = network::by_code(&mut tx, &new.network).await?;
    let structure = match &new.structure {
        Some(slug) => {
            let sql =
                sql!("select id from structure where network_id = $1 and slug = $2 and deleted_at is null");
            let found: Option<(kit::Id,)> = tx.optional(sql, args![network.id, slug]).await?;
            Some(found.ok_or_else(|| Error::refused(format!("Aucune structure « {slug} ».")))?.0)
        }
        None => None,
    };
    if roles.contains(&Role::Manager) && structure.is_none() {
        return Err(Error::refused("Un responsable répond d’une structure : précisez --structure."));
    }
    let name = new.name.unwrap_or_else(|| new.email.split('@').next().unwrap_or_default().to_owned());
    let wanted = Wanted::new(&name, &new.email, &roles, structure);
    let account = account::create(&mut tx, &actor(app, &network), wanted, password).await?;
    tx.commit().await?;
    println!("Accès ouvert pour {}.", account.email);
    Ok(())
}

pub async fn export(config: Config, command: ExportCommand) -> Result<()> {
    let app = start(config).await?;
    let (ExportCommand::People(to)
    | ExportCommand::Structures(to)
    | ExportCommand::LieuxMediationNumerique(to)
    | ExportCommand::Vcard(to)
    | ExportCommand::Thunderbird(to)) = &command;
    let mut tx = app.db.read().await?;
    let network = network::by_code(&mut tx, &to.network).await?;
    let xlsx = to.output.as_ref().is_some_and(|path| path.extension().is_some_and(|e| e == "xlsx"));
    let as_file = |table: export::Table| if xlsx { table.xlsx() } else { table.csv() };
    let now = app.now();
    let bytes = match &command {
        ExportCommand::People(_) => {
            as_file(export::table(&mut tx, &network, now, export::List::People).await?)?
        }
        ExportCommand::Structures(_) => {
            as_file(export::table(&mut tx, &network, now, export::List::Structures).await?)?
        }
        ExportCommand::Vcard(_) => {
            let ids = export::everyone(&mut tx, network.id).await?;
            vcard::write(&mut tx, &network, network.today(now), &ids).await?
        }
        ExportCommand::Thunderbird(_) => thunderbird::everyone(&mut tx, &network, network.today(now)).await?,
        ExportCommand::LieuxMediationNumerique(_) => {
            let file = mediation::file(&mut tx, &network, network.today(now)).await?;
            for name in &file.left_out {
                eprintln!(
                    "{name} : sans SIRET ni RNA, adresse, code postal ou commune, ne figure pas dans le fichier."
                );
            }
            file.bytes
        }
    };
    drop(tx);
    match &to.output {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|e| Error::refused(format!("{} : {e}", path.display())))?
        }
        None => {
            if std::io::stdout().is_terminal() {
                eprintln!("Précisez --output FICHIER pour un fichier.");
            }
            std::io::stdout().write_all(&bytes).map_err(Error::bug)?;
        }
    }
    app.db.close().await;
    Ok(())
}

/// Examines one network or all, and says what was found.
pub async fn doctor(config: Config, command: DoctorCommand) -> Result<ExitCode> {
    let app = start(config).await?;
    let mut tx = app.db.read().await?;
    let networks = match &command.network {
        Some(code) => vec![network::by_code(&mut tx, code).await?],
        None => network::all(&mut tx).await?,
    };
    drop(tx);
    let mut is_well = true;
    let mut all = Vec::new();
    for network in &networks {
        let found = doctor::examine(&app, network, |_, _| {}).await?;
        is_well &= found.iter().all(|finding| finding.tone != Tone::Fix);
        if command.json {
            all.push(serde_json::json!({ "network": network.code, "findings": found }));
            continue;
        }
        println!("{}", network.label());
        for finding in found {
            println!("  [{}] {} – {}", finding.tone.label(), finding.title, finding.said);
            if let Some(ask) = finding.ask {
                println!("      À demander : {ask}");
            }
        }
    }
    app.db.close().await;
    if command.json {
        println!("{}", serde_json::Value::from(all));
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
