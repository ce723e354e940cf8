//! What leaves about minutes: to members for their remarks, then to everyone on the list of distribution with the file.

use askama::Template;
use kit::db::{Date, Id, Timestamp};
use kit::mail::{self, Attached, MailAccount, Message};
use kit::{App, Error, Network, Result, Tx, args, sql};

use super::invitee::{self, Invitee};
use super::meeting::Meeting;
use super::minutes::Minutes;

/// Under which messages about minutes are found again.
pub const ABOUT: &str = "minutes";
/// What links to distributed minutes are signed for.
const PURPOSE: &str = "minutes reading";

kit::table! {
    /// To whom minutes were sent, as they were then.
    pub struct MinutesRecipient in "minutes_recipient" {
        pub minutes_id: Id,
        pub name: String,
        pub organisation: String,
        pub email: String,
        pub created_at: Timestamp,
    }
}

#[derive(Template)]
#[template(path = "governance/minutes.mail.html")]
struct MinutesHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "governance/minutes.mail.txt")]
struct MinutesText<'a> {
    letter: &'a Letter<'a>,
}

/// What a message says, and to whom.
struct Letter<'a> {
    name: &'a str,
    network: String,
    meeting: &'a Meeting,
    minutes: &'a Minutes,
    when: String,
    /// Whether remarks are asked for, and until when.
    asks: bool,
    remarks_by: String,
    link: String,
    has_file: bool,
}

/// The link by which someone reads minutes that were sent to them, without an account.
pub fn reading_url(app: &App, base: &str, recipient: &MinutesRecipient) -> String {
    format!("{base}/compte-rendu/{}", app.secret.token(PURPOSE, recipient.network_id, recipient.id))
}

/// Who reads by a link; [`Error::Gone`] for any other, without saying why.
pub async fn of_token(tx: &mut Tx, app: &App, network: &Network, token: &str) -> Result<MinutesRecipient> {
    app.secret.row_of_token(tx, PURPOSE, network.id, token, Error::unknown_link).await
}

/// Those to whom an edition was sent, by name.
pub async fn recipients(tx: &mut Tx, network: Id, minutes: Id) -> Result<Vec<MinutesRecipient>> {
    let sql = sql!(
        "select network_id, id, minutes_id, name, organisation, email, created_at from minutes_recipient ",
        "where network_id = $1 and minutes_id = $2 order by name, id limit 1000"
    );
    tx.all(sql, args![network, minutes]).await
}

/// All that messages about an edition are made of.
pub struct Sending<'a> {
    pub app: &'a App,
    pub network: &'a Network,
    /// Where links begin.
    pub base: &'a str,
    pub meeting: &'a Meeting,
    pub minutes: &'a Minutes,
}

impl Sending<'_> {
    fn message(
        &self,
        account: Option<&MailAccount>,
        (to, name, link): (&str, &str, String),
        files: Vec<Attached>,
    ) -> Result<Message> {
        let asks = self.minutes.state == "to_validate";
        let letter = Letter {
            name,
            network: self.network.label(),
            meeting: self.meeting,
            minutes: self.minutes,
            when: self.meeting.when(self.network),
            asks,
            remarks_by: self.minutes.remarks_by.map(Date::long).unwrap_or_default(),
            link,
            has_file: !files.is_empty(),
        };
        let what = if asks { "Compte rendu à relire".to_owned() } else { self.minutes.name() };
        Ok(Message {
            to: to.to_owned(),
            to_name: name.to_owned(),
            subject: format!("{what}\u{a0}: {}", self.meeting.title),
            text: MinutesText { letter: &letter }.render().map_err(Error::bug)?,
            html: MinutesHtml { letter: &letter }.render().map_err(Error::bug)?,
            kind: if asks { "minutes_review" } else { "minutes" },
            account: account.cloned(),
            files,
            about: Some((ABOUT, self.minutes.id)),
            ..Message::default()
        })
    }

    /// Asks those who were convened or came for their remarks; answers how many have an address.
    pub async fn ask(&self, tx: &mut Tx, to: &[Invitee]) -> Result<usize> {
        let account = mail::own_account(tx, self.network.id).await?;
        let mut messages = Vec::new();
        for one in to {
            let Some(email) = &one.email else { continue };
            let token = invitee::token(self.app, self.network.id, one.id);
            let link = format!("{}/reunion/{token}/compte-rendu", self.base);
            messages.push(self.message(account.as_ref(), (email, &one.name, link), Vec::new())?);
        }
        let count = messages.len();
        mail::send_all(tx, self.network, self.app.now(), messages).await?;
        Ok(count)
    }

    /// Sends an edition to `to`, who are written down, with its file.
    pub async fn distribute(&self, tx: &mut Tx, to: &[MinutesRecipient], file: &Attached) -> Result<()> {
        tx.insert(to).await?;
        let account = mail::own_account(tx, self.network.id).await?;
        let mut messages = Vec::new();
        for one in to {
            let link = reading_url(self.app, self.base, one);
            messages.push(self.message(
                account.as_ref(),
                (&one.email, &one.name, link),
                vec![file.clone()],
            )?);
        }
        mail::send_all(tx, self.network, self.app.now(), messages).await.map(drop)
    }
}
