//! How messages leave: SMTP, a folder of `.eml` files, or only the outbox screen.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Outgoing;
use crate::error::{Error, Result};

/// Where messages go.
#[derive(Clone)]
pub enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    /// Nothing leaves: messages are read on the outbox screen (demonstration, development).
    Screen,
}

/// Why a message did not leave.
pub enum Failure {
    Later(String),
    Never(String),
}

impl Transport {
    pub fn open(url: Option<&str>) -> Result<Self> {
        let Some(url) = url else { return Ok(Self::Screen) };
        if let Some(path) = url.strip_prefix("folder:") {
            std::fs::create_dir_all(path).map_err(Error::bug)?;
            return Ok(Self::Folder(PathBuf::from(path)));
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|e| Error::refused(format!("ESPLANADE_SMTP_URL : {e}")))?;
        Ok(Self::Smtp(builder.timeout(Some(Duration::from_secs(30))).build()))
    }

    /// Whether messages are only shown on screen, which pages then say.
    pub fn is_screen(&self) -> bool {
        matches!(self, Self::Screen)
    }

    pub async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Failure> {
        let message = compose(outgoing).map_err(Failure::Never)?;
        match self {
            Self::Screen => Ok(()),
            Self::Folder(folder) => {
                let path = folder.join(format!("{}.eml", outgoing.id));
                tokio::fs::write(path, message.formatted()).await.map_err(|e| Failure::Later(e.to_string()))
            }
            Self::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Failure::Never(error.to_string())),
                Err(error) => Err(Failure::Later(error.to_string())),
            },
        }
    }
}

fn compose(outgoing: &Outgoing) -> Result<Message, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|e| format!("{text}: {e}"));
    let name = Some(outgoing.recipient_name.clone()).filter(|name| !name.is_empty());
    let domain = outgoing.sender.split('@').nth(1).unwrap_or("localhost");
    Message::builder()
        .from(Mailbox::new(Some("Promeneurs du Net".to_owned()), address(&outgoing.sender)?))
        .to(Mailbox::new(name, address(&outgoing.recipient)?))
        .subject(&outgoing.subject)
        // The same id at each attempt lets a receiver fold a message that arrived twice.
        .message_id(Some(format!("<{}@{domain}>", outgoing.id)))
        .multipart(MultiPart::alternative_plain_html(outgoing.text_body.clone(), outgoing.html_body.clone()))
        .map_err(|e| e.to_string())
}
