//! The examination: every check, one after the other, outside any transaction.

use std::net::IpAddr;

use kit::mail::MailAccount;
use kit::{App, Network, Result, outside};

use super::dns::Dns;
use super::finding::Finding;
use super::{domain, instance, servers, spf, time};

/// How many stages there are, for whoever waits.
pub const STAGES: usize = 6;

/// Examines everything; `step` is told which stage begins, and its number.
pub async fn examine(
    app: &App,
    network: &Network,
    step: impl Fn(&'static str, usize) + Send,
) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    step("Serveurs d’envoi", 0);
    let mut accounts: Vec<MailAccount> = app.db.read().await?.all_of(network.id).await?;
    accounts.sort_by_key(|account| account.id);
    for account in &accounts {
        found.push(servers::smtp_of_account(app, account).await);
    }
    if accounts.is_empty() {
        found.push(servers::smtp_of_instance(app).await);
    }
    found.extend(servers::mailbox(app, network).await?);
    step("Domaine de l’expéditeur", 1);
    let dns = Dns::open(&app.config)?;
    let sender = accounts.first().map_or_else(|| network.sender(), |account| account.address.clone());
    let host = servers::sending_host(&app.config, accounts.first());
    let server = match &host {
        Some(host) => public_address(&dns, host).await.map(|ip| (host.as_str(), ip)),
        None => None,
    };
    found.extend(of_domain(&dns, network, domain::of(&sender), server).await);
    step("Nom du serveur d’envoi", 2);
    found.push(match server {
        Some((host, ip)) => servers::ptr(&dns, host, ip).await,
        None => servers::no_ptr(),
    });
    step("Horloge", 3);
    found.push(time::clock(app).await);
    step("Base, disque et fichiers", 4);
    found.push(instance::database(app).await);
    found.push(instance::disk(app));
    found.push(instance::files(app, network.id).await);
    step("Files d’attente", 5);
    found.push(instance::queue(app, network).await?);
    found.push(instance::given_up(app, network).await?);
    found.push(instance::backup(app));
    step("Terminé", STAGES);
    Ok(found)
}

async fn of_domain(dns: &Dns, network: &Network, name: &str, server: Option<(&str, IpAddr)>) -> Vec<Finding> {
    if domain::is_nobodys(name) {
        return domain::nothing_to_look_up(name);
    }
    let selector = network.settings().dkim_selector;
    vec![
        spf::spf(dns, name, server).await,
        domain::dkim(dns, name, selector.as_deref()).await,
        domain::dmarc(dns, name).await,
        domain::mx(dns, name).await,
    ]
}

/// The address of a server that others see; none for one inside the instance's own network.
async fn public_address(dns: &Dns, host: &str) -> Option<IpAddr> {
    let found = match host.parse::<IpAddr>() {
        Ok(ip) => vec![ip],
        Err(_) => dns.addresses(host).await.ok()?,
    };
    found.into_iter().find(|ip| !outside::is_inside(*ip))
}
