//! What leaves about a poll: the question with each one's personal link, again when dates are added or nothing was said, then
//! the date that was chosen, or that there will be none.

use askama::Template;
use bytes::Bytes;
use documents::calendar::{self, Event, Method};
use kit::db::{Id, Timestamp};
use kit::mail::{self, Attached, MailAccount, Message};
use kit::{App, Error, Network, Result, Tx};

use super::date_poll::DatePoll;
use super::participant::{self, Participant};
use super::slot::{self, PollSlot};

/// Under which messages about a poll are found again.
pub const ABOUT: &str = "date_poll";

/// Where things are asked from: the program, the network, and where links begin.
pub type Place<'a> = (&'a App, &'a Network, &'a str);

/// What a message about a poll tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Asked,
    NewDates,
    Reminder,
    Concluded,
    Cancelled,
}

impl News {
    fn kind(self) -> &'static str {
        match self {
            Self::Asked => "poll_invitation",
            Self::NewDates => "poll_new_dates",
            Self::Reminder => "poll_reminder",
            Self::Concluded => "poll_conclusion",
            Self::Cancelled => "poll_cancellation",
        }
    }

    fn subject(self, title: &str) -> String {
        match self {
            Self::Asked => format!("Quelles dates vous conviennent\u{a0}? {title}"),
            Self::NewDates => format!("De nouvelles dates sont proposées\u{a0}: {title}"),
            Self::Reminder => format!("Rappel, quelles dates vous conviennent\u{a0}? {title}"),
            Self::Concluded => format!("La date est choisie\u{a0}: {title}"),
            Self::Cancelled => format!("Plus de date à chercher\u{a0}: {title}"),
        }
    }

    /// Whether it asks for an answer.
    fn asks(self) -> bool {
        matches!(self, Self::Asked | Self::NewDates | Self::Reminder)
    }
}

#[derive(Template)]
#[template(path = "agenda/poll.mail.html")]
struct PollHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "agenda/poll.mail.txt")]
struct PollText<'a> {
    letter: &'a Letter<'a>,
}

/// What a message says, and to whom.
struct Letter<'a> {
    news: News,
    name: &'a str,
    network: String,
    poll: &'a DatePoll,
    place: String,
    dates: Vec<String>,
    zone: String,
    closes_on: String,
    chosen: String,
    /// Whether a convocation will follow.
    is_of_meeting: bool,
    link: String,
}

/// All that a message about a poll is made of.
pub struct Sending<'a> {
    place: Place<'a>,
    poll: &'a DatePoll,
    slots: Vec<PollSlot>,
    account: Option<MailAccount>,
}

impl<'a> Sending<'a> {
    pub async fn of(tx: &mut Tx, place: Place<'a>, poll: &'a DatePoll) -> Result<Self> {
        let slots = slot::of_poll(tx, poll.network_id, poll.id).await?;
        let account = mail::own_account(tx, poll.network_id).await?;
        Ok(Self { place, poll, slots, account })
    }

    fn letter<'l>(&'l self, news: News, to: &'l Participant) -> Letter<'l> {
        let (app, network, base) = self.place;
        Letter {
            news,
            name: &to.name,
            network: network.label(),
            poll: self.poll,
            place: self.poll.whereabouts(),
            dates: self.slots.iter().map(|slot| slot.label(network, self.poll)).collect(),
            zone: network.zone().to_string(),
            closes_on: self.poll.closes_on.long(),
            chosen: self.poll.chosen(network),
            is_of_meeting: self.poll.meeting_id.is_some(),
            link: format!("{base}/sondage/{}", participant::token(app, network.id, to.id)),
        }
    }

    /// The chosen date for a calendar; a meeting of governance sends its own invitation.
    fn event(&self) -> Option<Event> {
        let (app, network, _) = self.place;
        let starts = self.poll.chosen_starts_at.filter(|_| self.poll.meeting_id.is_none())?;
        let seconds = |at: Timestamp| at.0 / 1_000_000;
        let organiser = match &self.account {
            Some(account) => (account.name.clone(), account.address.clone()),
            None => ("Promeneurs du Net".to_owned(), network.sender()),
        };
        Some(Event {
            uid: format!("{}@esplanade", self.poll.id),
            stamped: seconds(app.now()),
            starts: seconds(starts),
            ends: seconds(starts.plus_minutes(self.poll.minutes)),
            title: self.poll.title.clone(),
            description: self.poll.explanation.clone().unwrap_or_default(),
            place: self.poll.whereabouts(),
            organiser: Some(organiser),
            ..Event::default()
        })
    }

    async fn files(&self, news: News) -> Result<Vec<Attached>> {
        let Some(event) = self.event().filter(|_| news == News::Concluded) else { return Ok(Vec::new()) };
        let text = calendar::write(Method::Publish, "", &[event]).map_err(Error::bug)?;
        let size = text.len();
        let (app, network, _) = self.place;
        let file = app.files.put(network.id, Bytes::from(text)).await?;
        let media_type = "text/calendar; charset=utf-8; method=PUBLISH".to_owned();
        Ok(vec![Attached { name: "rendez-vous.ics".to_owned(), media_type, file, size }])
    }

    /// Queues the message to each of `to` who has an address; answers how many there are.
    pub async fn send<'p>(
        &self,
        tx: &mut Tx,
        news: News,
        to: impl IntoIterator<Item = &'p Participant>,
        not_before: Timestamp,
    ) -> Result<usize> {
        let (app, network, _) = self.place;
        let files = self.files(news).await?;
        let mut messages = Vec::new();
        for one in to {
            let Some(email) = &one.email else { continue };
            let letter = self.letter(news, one);
            messages.push(Message {
                to: email.clone(),
                to_name: one.name.clone(),
                subject: news.subject(&self.poll.title),
                text: PollText { letter: &letter }.render().map_err(Error::bug)?,
                html: PollHtml { letter: &letter }.render().map_err(Error::bug)?,
                kind: news.kind(),
                account: self.account.clone(),
                files: files.clone(),
                about: Some((ABOUT, self.poll.id)),
                not_before: Some(not_before),
                ..Message::default()
            });
        }
        let count = messages.len();
        mail::send_all(tx, network, app.now(), messages).await?;
        Ok(count)
    }
}

/// Calls back what still waits to leave about a poll: it would ask what is no longer asked.
pub(super) async fn call_back(tx: &mut Tx, network: Id, poll: Id, now: Timestamp) -> Result<()> {
    mail::cancel_about(tx, network, ABOUT, poll, now).await.map(drop)
}
