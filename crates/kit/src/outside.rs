//! Servers that a network's settings name: which of them the program may connect to.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::config::Config;
use crate::error::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(10);

/// The address to connect to. A name that leads into the instance's own network is refused, unless its keeper said
/// that such servers are meant (`private_hosts`); so is a connection without protection (`plain`) anywhere else.
pub async fn resolve(config: &Config, host: &str, port: u16, plain: bool) -> Result<SocketAddr> {
    let unknown = || Error::refused(format!("Le serveur « {host} » est introuvable : vérifiez son nom."));
    let found = tokio::time::timeout(PATIENCE, lookup_host((host, port))).await.map_err(|_| unknown())?;
    let mut found: Vec<SocketAddr> = found.map_err(|_| unknown())?.collect();
    // Servers of the trade listen on both; the older kind of address is the surer one to be routed.
    found.sort_by_key(SocketAddr::is_ipv6);
    let Some(address) = found.first().copied() else { return Err(unknown()) };
    if is_inside(address.ip()) {
        if config.private_hosts {
            return Ok(address);
        }
        return Err(Error::refused(format!(
            "Le serveur « {host} » appartient au réseau interne de l’hébergeur : il ne peut pas être utilisé ici."
        )));
    }
    if plain {
        return Err(Error::refused(
            "Sans TLS ni STARTTLS, le mot de passe circulerait en clair : choisissez l’un des deux.",
        ));
    }
    Ok(address)
}

/// An open connection, protected or not.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Connection for T {}

/// Opens a connection to a server that may be reached; with `tls`, protected from its first byte, its certificate checked.
pub async fn connect(
    config: &Config,
    host: &str,
    port: u16,
    tls: bool,
    plain: bool,
) -> Result<Box<dyn Connection>> {
    let address = resolve(config, host, port, plain).await?;
    let silent = || Error::refused(format!("Le serveur « {host} » ne répond pas sur le port {port}."));
    let opened = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await.map_err(|_| silent())?;
    let stream = opened.map_err(|_| silent())?;
    if !tls {
        return Ok(Box::new(stream));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::bug)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| silent())?;
    let shaken = TlsConnector::from(Arc::new(client)).connect(name, stream);
    let shaken = tokio::time::timeout(PATIENCE, shaken).await.map_err(|_| silent())?;
    let shaken = shaken.map_err(|error| {
        Error::refused(format!("La connexion protégée à « {host} » échoue\u{a0}: {error}."))
    })?;
    Ok(Box::new(shaken))
}

/// Loopback, private, link-local, shared and other addresses that are nobody's on the Internet.
pub fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || ip.is_documentation()
                || a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || a >= 240
        }
        IpAddr::V6(ip) => match mapped(ip) {
            Some(v4) => is_inside(v4),
            None => {
                let first = ip.segments()[0];
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_multicast()
                    || first & 0xfe00 == 0xfc00
                    || first & 0xffc0 == 0xfe80
            }
        },
    }
}

/// An older address in the clothes of a newer one: mapped, or translated (RFC 6052).
fn mapped(ip: Ipv6Addr) -> Option<IpAddr> {
    let s = ip.segments();
    let translated = s[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
    let v4 = translated.then(|| {
        let [a, b] = s[6].to_be_bytes();
        let [c, d] = s[7].to_be_bytes();
        std::net::Ipv4Addr::new(a, b, c, d)
    });
    ip.to_ipv4_mapped().or(v4).map(IpAddr::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_inside_are_known_in_every_dress() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "224.0.0.1",
            "ff02::1",
        ] {
            assert!(is_inside(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["80.12.26.1", "1.1.1.1", "2a01:cb00::1", "64:ff9b::5000:1"] {
            assert!(!is_inside(outside.parse().unwrap()), "{outside}");
        }
    }

    #[tokio::test]
    async fn only_the_keeper_of_the_instance_opens_its_inside() {
        let closed = Config::default();
        let open = Config { private_hosts: true, ..Config::default() };
        assert!(matches!(resolve(&closed, "127.0.0.1", 143, false).await, Err(Error::Refused(_))));
        assert_eq!(resolve(&open, "127.0.0.1", 143, true).await.unwrap().port(), 143);
        assert!(matches!(resolve(&open, "1.1.1.1", 143, true).await, Err(Error::Refused(_))));
        assert!(matches!(resolve(&open, "nulle.part.invalid", 143, false).await, Err(Error::Refused(_))));
    }
}
