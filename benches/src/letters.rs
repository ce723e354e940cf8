//! Letters out of the queue, to a mail server of this machine that takes everything at once.

use std::time::Instant;

use app::features::mailings::testing::letter_to_many;
use app::features::mailings::{mailing, sending};
use kit::Actor;
use kit::testing::{TestApp, mail_account};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Recipients of the letter.
const RECIPIENTS: usize = 5_000;

/// Seconds to freeze and to queue a letter to so many, and letters handed over per second.
pub async fn measure() -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move { drop(take_all(stream).await) });
        }
    });
    let test = TestApp::start_with(app::parts(), |config| config.private_hosts = true).await;
    let started = Instant::now();
    send(&test, port).await;
    let frozen = started.elapsed().as_secs_f64();
    let started = Instant::now();
    kit::jobs::run_due(&test.app).await.unwrap();
    let queued = started.elapsed().as_secs_f64();
    eprintln!("{RECIPIENTS} letters frozen in {frozen:.1} s, queued in {queued:.1} s");
    test.app.clock.advance_minutes(10);
    let started = Instant::now();
    let delivered = kit::mail::deliver_due(&test.app).await.unwrap();
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(delivered, RECIPIENTS);
    let wrong = test.mails().await.into_iter().find(|mail| mail.state != "sent");
    assert!(wrong.is_none(), "{wrong:?}");
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let per_second = (delivered as f64 / seconds).round();
    json!({
        "recipients": RECIPIENTS,
        "frozen_seconds": crate::round(frozen),
        "queued_seconds": crate::round(queued),
        "per_second": per_second,
    })
}

async fn send(test: &TestApp, port: u16) {
    let (network, now) = (&test.network, test.app.now());
    let actor = Actor::program(network.id, "Mesure", now);
    let mut tx = test.app.db.write().await.unwrap();
    let account = mail_account(network.id, now, port);
    tx.insert(std::slice::from_ref(&account)).await.unwrap();
    let text = "<p>Bonjour {{nom}}, voici les nouvelles du réseau, un peu longues.</p>".repeat(20);
    let letter = letter_to_many(&mut tx, &actor, network, account.id, (RECIPIENTS, &text)).await.unwrap();
    let letter = mailing::keep(&mut tx, &actor, None, letter, "mailing.added").await.unwrap();
    sending::send(&mut tx, &actor, network, &letter, "http://drome.test").await.unwrap();
    tx.commit().await.unwrap();
}

/// As little of SMTP as a sender needs.
async fn take_all(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        match line.get(..4).unwrap_or_default() {
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                while lines.next_line().await?.is_some_and(|line| line != ".") {}
                write.write_all(b"250 taken\r\n").await?;
            }
            "QUIT" => return write.write_all(b"221 bye\r\n").await,
            _ => write.write_all(b"250 fine\r\n").await?,
        }
    }
    Ok(())
}
