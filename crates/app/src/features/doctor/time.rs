//! What time it is elsewhere (SNTP, RFC 4330): links that expire and signatures depend on the clock.

use std::time::Duration;

use kit::config::Config;
use kit::db::Timestamp;
use kit::{App, Result, outside};
use tokio::net::UdpSocket;

use super::finding::Finding;

const CLOCK: &str = "Horloge de l’instance";
const PATIENCE: Duration = Duration::from_secs(4);
/// Seconds from 1900 to 1970.
const EPOCHS: i64 = 2_208_988_800;
/// More than so many seconds of difference are to be watched, or mended.
const WATCH: i64 = 5;
const FIX: i64 = 60;

/// Compares the clock with that of a time server.
pub async fn clock(app: &App) -> Finding {
    let Ok(there) = ask(&app.config).await else {
        return Finding::unknown(
            "clock",
            CLOCK,
            "Aucun serveur de temps n’a répondu\u{a0}: l’heure n’a pas pu être comparée.",
        );
    };
    let seconds = (app.now().0 - there.0) / 1_000_000;
    let off = seconds.abs();
    let side = if seconds > 0 { "en avance" } else { "en retard" };
    match off {
        0..=WATCH => Finding::good("clock", CLOCK, "L’horloge est à l’heure."),
        _ if off <= FIX => {
            Finding::watch("clock", CLOCK, format!("L’horloge est {side} de {off}\u{a0}secondes."))
                .asking(request(off, side))
        }
        _ => Finding::fix(
            "clock",
            CLOCK,
            format!("L’horloge est {side} de {off}\u{a0}secondes\u{a0}: liens et échéances seront faux."),
        )
        .asking(request(off, side)),
    }
}

fn request(off: i64, side: &str) -> String {
    format!(
        "Bonjour, l’horloge de la machine est {side} de {off} secondes. Merci d’y activer la mise à \
            l’heure automatique (NTP)."
    )
}

async fn ask(config: &Config) -> Result<Timestamp> {
    let server = config.time_server.as_deref().unwrap_or("fr.pool.ntp.org");
    let with_port = server.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) = with_port.unwrap_or((server, 123));
    let address = outside::resolve(config, host, port, false).await?;
    let socket = UdpSocket::bind(if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" })
        .await
        .map_err(kit::Error::bug)?;
    socket.connect(address).await.map_err(kit::Error::bug)?;
    let mut packet = [0_u8; 48];
    // Version 4, client.
    packet[0] = 0x23;
    socket.send(&packet).await.map_err(kit::Error::bug)?;
    let read = tokio::time::timeout(PATIENCE, socket.recv(&mut packet)).await.map_err(kit::Error::bug)?;
    read.map_err(kit::Error::bug).and_then(|length| {
        moment(&packet[..length]).ok_or_else(|| kit::Error::bug("not an answer of a time server"))
    })
}

/// The moment that a server's answer gives.
fn moment(packet: &[u8]) -> Option<Timestamp> {
    let is_server = packet.first().is_some_and(|first| first & 7 == 4);
    let field = |at: usize| Some(u32::from_be_bytes(packet.get(at..at + 4)?.try_into().ok()?));
    let (seconds, part) = (field(40)?, field(44)?);
    if !is_server || seconds == 0 {
        return None;
    }
    let micros = (u64::from(part) * 1_000_000) >> 32;
    let micros = i64::try_from(micros).ok()?;
    Some(Timestamp((i64::from(seconds) - EPOCHS) * 1_000_000 + micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_anything_else_is_not() {
        let mut packet = [0_u8; 48];
        packet[0] = 0x24;
        packet[40..44].copy_from_slice(&u32::try_from(EPOCHS + 100).unwrap().to_be_bytes());
        packet[44] = 0x80;
        assert_eq!(moment(&packet), Some(Timestamp(100_500_000)));
        packet[0] = 0x23;
        assert_eq!(moment(&packet), None);
        assert_eq!(moment(&packet[..20]), None);
    }
}
