//! What the domain name system says.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use kit::config::Config;
use kit::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(4);

/// Why a question has no answer: nobody answered, which is not the same as « there is none ».
#[derive(Debug, PartialEq, Eq)]
pub struct Unanswered;

/// Answers of one kind; empty when there are none.
pub type Answers<T> = std::result::Result<Vec<T>, Unanswered>;

/// Who is asked.
#[derive(Clone)]
pub struct Dns(pub TokioResolver);

impl Dns {
    /// The server of the configuration, else the system's own.
    pub fn open(config: &Config) -> Result<Self> {
        let mut builder = match &config.dns_server {
            Some(text) => {
                let address = address(text)?;
                let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
                connections.iter_mut().for_each(|connection| connection.port = address.port());
                let server = NameServerConfig::new(address.ip(), true, connections);
                let servers = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
                TokioResolver::builder_with_config(servers, TokioRuntimeProvider::default())
            }
            None => TokioResolver::builder_tokio().map_err(Error::bug)?,
        };
        builder.options_mut().timeout = PATIENCE;
        builder.options_mut().attempts = 1;
        Ok(Self(builder.build().map_err(Error::bug)?))
    }

    /// The texts of a name.
    pub async fn texts(&self, name: &str) -> Answers<String> {
        answers(self.0.txt_lookup(absolute(name)).await, |data| match data {
            RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
            _ => None,
        })
    }

    /// The servers that receive a domain's mail.
    pub async fn mail_servers(&self, domain: &str) -> Answers<String> {
        answers(self.0.mx_lookup(absolute(domain)).await, |data| match data {
            RData::MX(mx) => Some(mx.exchange.to_utf8().trim_end_matches('.').to_owned()),
            _ => None,
        })
    }

    /// The names of an address.
    pub async fn names_of(&self, address: IpAddr) -> Answers<String> {
        answers(self.0.reverse_lookup(address).await, |data| match data {
            RData::PTR(name) => Some(name.0.to_utf8().trim_end_matches('.').to_owned()),
            _ => None,
        })
    }

    /// The addresses of a name.
    pub async fn addresses(&self, name: &str) -> Answers<IpAddr> {
        match self.0.lookup_ip(absolute(name)).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(_) => Err(Unanswered),
        }
    }
}

fn answers<T>(
    found: std::result::Result<Lookup, NetError>,
    read: impl Fn(&RData) -> Option<T>,
) -> Answers<T> {
    match found {
        Ok(found) => Ok(found.answers().iter().filter_map(|record| read(&record.data)).collect()),
        Err(error) if error.is_no_records_found() => Ok(Vec::new()),
        Err(_) => Err(Unanswered),
    }
}

/// A name that no search domain is added to.
fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn address(text: &str) -> Result<SocketAddr> {
    let with_port = text.parse::<SocketAddr>().ok();
    let found = with_port.or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53)));
    found.ok_or_else(|| {
        Error::refused(format!("ESPLANADE_DNS_SERVER\u{a0}: «\u{a0}{text}\u{a0}» n’est pas une adresse."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_with_or_without_its_port() {
        assert_eq!(address("192.0.2.1").unwrap().port(), 53);
        assert_eq!(address("[2001:db8::1]:5353").unwrap().port(), 5353);
        assert!(address("dns.exemple.fr").is_err());
        assert_eq!(absolute("exemple.fr."), "exemple.fr.");
    }
}
