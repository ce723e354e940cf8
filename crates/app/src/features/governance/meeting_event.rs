//! A meeting as calendars know it: the same event for ever, in invitations and in feeds.

use documents::calendar::{Event, Status};
use kit::Network;
use kit::db::Timestamp;
use kit::mail::MailAccount;

use super::agenda_item::AgendaItem;
use super::meeting::Meeting;

/// What an event says beside its meeting.
pub struct About<'a> {
    pub items: &'a [AgendaItem],
    pub url: String,
    pub organiser: (String, String),
    pub stamped: Timestamp,
}

/// Name and address of who invites to meetings.
pub fn organiser(network: &Network, account: Option<&MailAccount>) -> (String, String) {
    match account {
        Some(account) => (account.name.clone(), account.address.clone()),
        None => ("Promeneurs du Net".to_owned(), network.sender()),
    }
}

/// The event, without those invited.
pub fn of(meeting: &Meeting, about: About<'_>) -> Event {
    let seconds = |at: Option<Timestamp>| at.map_or(0, |at| at.0 / 1_000_000);
    let on = about.items.iter().filter(|item| item.is_on()).enumerate();
    let items: Vec<String> = on.map(|(at, item)| format!("{}. {}", at + 1, item.title)).collect();
    Event {
        uid: format!("{}@esplanade", meeting.id),
        sequence: meeting.sequence,
        stamped: seconds(Some(about.stamped)),
        starts: seconds(meeting.starts_at),
        ends: seconds(meeting.ends_at()),
        title: meeting.title.clone(),
        description: items.join("\n"),
        place: meeting.whereabouts(),
        url: about.url,
        organiser: Some(about.organiser),
        attendees: Vec::new(),
        status: match meeting.state.as_str() {
            "planned" => Status::Tentative,
            "cancelled" => Status::Cancelled,
            _ => Status::Confirmed,
        },
    }
}
