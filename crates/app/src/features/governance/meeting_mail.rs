//! What leaves about a meeting: a message with the invitation for one's calendar, each with a personal link to answer. A
//! change of date or place, a reminder and the end of a meeting leave the same way.

use std::collections::BTreeSet;

use askama::Template;
use bytes::Bytes;
use documents::calendar::{self, Answer, Attendee, Event, Method, Status};
use kit::db::{Date, Id, Timestamp};
use kit::mail::{self, Attached, MailAccount, Message};
use kit::{App, Error, Network, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::committee::Committee;
use super::dossier::{self, Dossier};
use super::invitee::{self, Invitee};
use super::meeting::Meeting;
use super::meeting_event::{self, About};
use super::paper::{self, MeetingPaper};

/// Under which messages about a meeting are found again.
pub const ABOUT: &str = "meeting";

/// What a message about a meeting tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Convened,
    Changed,
    Cancelled,
    Reminder,
    /// The dossier, sent after the convocation.
    Papers,
    /// No longer convened, alone among the others.
    Removed,
    /// Who was to bear their voice does not any more.
    Released,
}

impl News {
    fn kind(self) -> &'static str {
        match self {
            Self::Convened => "meeting_convocation",
            Self::Changed => "meeting_change",
            Self::Cancelled => "meeting_cancellation",
            Self::Reminder => "meeting_reminder",
            Self::Papers => "meeting_papers",
            Self::Removed => "meeting_removal",
            Self::Released => "meeting_proxy",
        }
    }

    fn subject(self, title: &str) -> String {
        match self {
            Self::Convened => format!("Convocation\u{a0}: {title}"),
            Self::Changed => format!("Modification\u{a0}: {title}"),
            Self::Cancelled => format!("Annulation\u{a0}: {title}"),
            Self::Reminder => format!("Rappel, serez-vous là\u{a0}? {title}"),
            Self::Papers => format!("Dossier de séance\u{a0}: {title}"),
            Self::Removed => format!("Vous n’êtes plus convoqué·e\u{a0}: {title}"),
            Self::Released => format!("Votre pouvoir\u{a0}: {title}"),
        }
    }
}

#[derive(Template)]
#[template(path = "governance/convocation.mail.html")]
struct ConvocationHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "governance/convocation.mail.txt")]
struct ConvocationText<'a> {
    letter: &'a Letter<'a>,
}

/// What a message says, and to whom.
struct Letter<'a> {
    news: News,
    name: &'a str,
    /// What is said to them alone.
    word: &'a str,
    network: String,
    committee: &'a str,
    meeting: &'a Meeting,
    when: String,
    place: String,
    items: Vec<String>,
    answers_by: String,
    /// Whether the dossier goes with it.
    has_dossier: bool,
    /// Files to be opened by the link.
    papers: Vec<&'a str>,
    link: String,
}

impl Letter<'_> {
    /// Whether it asks for an answer.
    fn asks(&self) -> bool {
        !matches!(self.news, News::Cancelled | News::Removed | News::Papers)
    }
}

/// All that a message about a meeting is made of.
pub struct Sending<'a> {
    app: &'a App,
    network: &'a Network,
    /// Where links begin.
    base: &'a str,
    committee: Committee,
    meeting: &'a Meeting,
    items: Vec<AgendaItem>,
    /// The last edition of the dossier that was sent.
    dossier: Option<Dossier>,
    papers: Vec<MeetingPaper>,
    account: Option<MailAccount>,
    /// What someone is told alone ([`News::Removed`], [`News::Released`]).
    pub word: String,
}

impl<'a> Sending<'a> {
    pub async fn of(
        tx: &mut Tx,
        (app, network, base): (&'a App, &'a Network, &'a str),
        meeting: &'a Meeting,
    ) -> Result<Self> {
        let committee = tx.get(network.id, meeting.committee_id).await?;
        let items = agenda_item::of_meeting(tx, network.id, meeting.id).await?;
        let editions = dossier::of_meeting(tx, network.id, meeting.id).await?;
        let dossier = editions.into_iter().find(|one| one.sent_at.is_some());
        let mut papers = paper::of_meeting(tx, network.id, meeting.id).await?;
        papers.retain(MeetingPaper::is_file);
        let account = mail::own_account(tx, network.id).await?;
        let word = String::new();
        Ok(Self { app, network, base, committee, meeting, items, dossier, papers, account, word })
    }

    /// Name and address of who invites.
    fn sender(&self) -> (String, String) {
        meeting_event::organiser(self.network, self.account.as_ref())
    }

    fn letter<'l>(&'l self, news: News, to: &'l Invitee) -> Letter<'l> {
        let on = self.items.iter().filter(|item| item.is_on());
        Letter {
            news,
            name: &to.name,
            word: &self.word,
            network: self.network.label(),
            committee: &self.committee.name,
            meeting: self.meeting,
            when: self.meeting.when(self.network),
            place: self.meeting.whereabouts(),
            items: on.map(|item| item.title.clone()).collect(),
            answers_by: self.meeting.answers_by.map(Date::long).unwrap_or_default(),
            has_dossier: self.brings(news).is_some(),
            papers: match news {
                News::Convened | News::Papers => self.papers.iter().map(|one| one.title.as_str()).collect(),
                _ => Vec::new(),
            },
            link: format!("{}/reunion/{}", self.base, invitee::token(self.app, self.network.id, to.id)),
        }
    }

    /// The invitation for someone's calendar.
    pub fn event(&self, to: &Invitee) -> Event {
        let about = About {
            items: &self.items,
            url: format!("{}/reunion/{}", self.base, invitee::token(self.app, self.network.id, to.id)),
            organiser: self.sender(),
            stamped: self.app.now(),
        };
        Event {
            attendees: vec![Attendee {
                name: to.name.clone(),
                email: to.email.clone().unwrap_or_default(),
                is_required: to.rank == "titular",
                answer: answer_of(&to.answer),
            }],
            ..meeting_event::of(self.meeting, about)
        }
    }

    /// The dossier, when this news goes with it: whoever is convened late receives what others did.
    fn brings(&self, news: News) -> Option<&Dossier> {
        self.dossier.as_ref().filter(|_| matches!(news, News::Convened | News::Papers))
    }

    /// Queues the message to each of `to` who has an address; answers how many there are.
    pub async fn send(
        &self,
        tx: &mut Tx,
        news: News,
        to: &[Invitee],
        not_before: Timestamp,
    ) -> Result<usize> {
        let mut messages = Vec::new();
        for one in to {
            let Some(email) = &one.email else { continue };
            let letter = self.letter(news, one);
            let mut files = Vec::new();
            files.extend(self.brings(news).map(|one| one.attached(self.network, self.meeting)));
            if self.meeting.starts_at.is_some()
                && !matches!(news, News::Reminder | News::Papers | News::Released)
            {
                let method = match news {
                    News::Cancelled | News::Removed => Method::Cancel,
                    _ => Method::Request,
                };
                let mut event = self.event(one);
                if news == News::Removed {
                    // The meeting itself stands, and their link does not.
                    (event.status, event.url) = (Status::Untold, String::new());
                }
                let text = calendar::write(method, "", &[event]).map_err(Error::bug)?;
                let size = text.len();
                let file = self.app.files.put(self.network.id, Bytes::from(text)).await?;
                let method = if method == Method::Cancel { "CANCEL" } else { "REQUEST" };
                let media_type = format!("text/calendar; charset=utf-8; method={method}");
                files.push(Attached { name: "reunion.ics".to_owned(), media_type, file, size });
            }
            messages.push(Message {
                to: email.clone(),
                to_name: one.name.clone(),
                subject: news.subject(&self.meeting.title),
                text: ConvocationText { letter: &letter }.render().map_err(Error::bug)?,
                html: ConvocationHtml { letter: &letter }.render().map_err(Error::bug)?,
                kind: news.kind(),
                account: self.account.clone(),
                files,
                about: Some(match (&self.dossier, news) {
                    (Some(one), News::Papers) => (dossier::ABOUT, one.id),
                    _ => (ABOUT, self.meeting.id),
                }),
                not_before: Some(not_before),
                ..Message::default()
            });
        }
        let count = messages.len();
        mail::send_all(tx, self.network, self.app.now(), messages).await?;
        Ok(count)
    }
}

fn answer_of(code: &str) -> Answer {
    match code {
        "yes" => Answer::Yes,
        "no" => Answer::No,
        "maybe" => Answer::Maybe,
        _ => Answer::None,
    }
}

/// Addresses to which something about a meeting has left, or is leaving just now. Whatever else still waited to leave is
/// called back: it would say what is no longer true.
pub async fn told(tx: &mut Tx, network: Id, meeting: Id, now: Timestamp) -> Result<BTreeSet<String>> {
    mail::cancel_about(tx, network, ABOUT, meeting, now).await?;
    let all = mail::about(tx, network, (ABOUT, meeting), None, None, 5_000).await?;
    let left = all.into_iter().filter(|mail| mail.state != "cancelled");
    Ok(left.map(|mail| mail.recipient).collect())
}
