//! Servers that a network's settings name: which of them the program may connect to.

use std::fmt::Debug;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
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

/// A connection, protected or not.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug> Connection for T {}

/// Connects to a server that settings name; at once under TLS when `security` is `tls`. Unprotected connections are for
/// `none` and for the first words of `starttls`, which [`protect`] then ends.
pub async fn connect(config: &Config, host: &str, port: u16, security: &str) -> Result<Box<dyn Connection>> {
    let address = resolve(config, host, port, security == "none").await?;
    let silent = || Error::refused(format!("Le serveur « {host} » ne répond pas sur le port {port}."));
    let stream = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await.map_err(|_| silent())?;
    let stream = stream.map_err(|_| silent())?;
    // Short questions and answers: waiting to fill a packet only slows them.
    drop(stream.set_nodelay(true));
    if security == "tls" { protect(config, Box::new(stream), host).await } else { Ok(Box::new(stream)) }
}

/// The text of the certificates that the keeper of the instance trusts besides the usual ones; empty without any.
pub async fn extra_certificates(config: &Config) -> Result<Vec<u8>> {
    match &config.extra_certificates {
        Some(path) => tokio::fs::read(path).await.map_err(Error::bug),
        None => Ok(Vec::new()),
    }
}

/// Goes on under TLS. The server must prove that it is `host`.
pub async fn protect(
    config: &Config,
    stream: Box<dyn Connection>,
    host: &str,
) -> Result<Box<dyn Connection>> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(&extra_certificates(config).await?) {
        roots.add(certificate.map_err(Error::bug)?).map_err(Error::bug)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::bug)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Error::refused(format!("« {host} » n’est pas un nom de serveur.")))?;
    let refused = |why: String| {
        Error::refused(format!(
            "La connexion chiffrée à « {host} » a échoué ({why}) : vérifiez le nom, le port et la sécurité."
        ))
    };
    let shaken =
        tokio::time::timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
    let stream =
        shaken.map_err(|_| refused("sans réponse".to_owned()))?.map_err(|e| refused(e.to_string()))?;
    Ok(Box::new(stream))
}

/// What was fetched from elsewhere.
pub struct Fetched {
    pub media_type: String,
    pub bytes: Bytes,
}

/// Fetches an address that a stranger wrote, as the program and not as the reader: whoever put it there learns nothing of
/// her. No address of the inside, no redirect, nothing larger than `most` bytes.
pub async fn fetch(config: &Config, address: &str, most: usize) -> Result<Fetched> {
    let unreadable = || Error::NotFound;
    let url = reqwest::Url::parse(address).map_err(|_| unreadable())?;
    let host = url.host_str().ok_or_else(unreadable)?.to_owned();
    let port = url.port_or_known_default().ok_or_else(unreadable)?;
    let to = resolve(config, host.trim_matches(['[', ']']), port, false).await.map_err(|_| unreadable())?;
    let response = client(&host, to)?.get(url).send().await.map_err(|_| unreadable())?;
    if !response.status().is_success() {
        return Err(unreadable());
    }
    let media = response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media_type = media.split(';').next().unwrap_or_default().trim().to_lowercase();
    let bytes = read(response, most).await.map_err(|_| unreadable())?;
    let bytes = bytes.ok_or_else(|| Error::TooLarge("Cette image est trop lourde.".to_owned()))?;
    Ok(Fetched { media_type, bytes })
}

/// Asks a server that the instance's keeper named. Without TLS only inside the instance's own network.
pub async fn send(
    config: &Config,
    request: axum::http::Request<Vec<u8>>,
) -> Result<axum::http::Response<Vec<u8>>> {
    const MOST: usize = 1 << 20;
    let silent = |_| Error::TryLater("Un serveur extérieur ne répond pas.".to_owned());
    let request = reqwest::Request::try_from(request).map_err(Error::bug)?;
    let url = request.url();
    let unnamed = || Error::bug("an address without a host");
    let host = url.host_str().ok_or_else(unnamed)?.to_owned();
    let port = url.port_or_known_default().ok_or_else(unnamed)?;
    let to = resolve(config, host.trim_matches(['[', ']']), port, url.scheme() != "https").await?;
    let response = client(&host, to)?.execute(request).await.map_err(silent)?;
    let mut answer = axum::http::Response::builder().status(response.status());
    if let Some(headers) = answer.headers_mut() {
        *headers = response.headers().clone();
    }
    let bytes = read(response, MOST).await.map_err(silent)?;
    let bytes = bytes.ok_or_else(|| Error::TryLater("Un serveur extérieur répond sans fin.".to_owned()))?;
    answer.body(bytes.into()).map_err(Error::bug)
}

/// The body of an answer, unless it is larger than `most` bytes.
async fn read(mut response: reqwest::Response, most: usize) -> reqwest::Result<Option<Bytes>> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

/// What asks a host at the address that was found for it, and nowhere else.
fn client(host: &str, to: SocketAddr) -> Result<reqwest::Client> {
    // Installed once per process; a second time is refused and changes nothing.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .user_agent("Esplanade")
        .resolve(host, to)
        .build()
        .map_err(Error::bug)
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
