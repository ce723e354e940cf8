//! Events as calendars exchange them (iCalendar, RFC 5545), and the ways in which people are invited to them and answer
//! (iTIP, RFC 5546).

use std::fmt;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry,
    ICalendarMethod, ICalendarParameter, ICalendarParameterName, ICalendarParticipationRole,
    ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus, ICalendarValue, ICalendarValueType,
    Uri,
};
use calcard::{Entry, Parser};

/// What a calendar is to do with the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Show them: a feed.
    Publish,
    /// Ask whether the attendees come; with a higher sequence, that something changed.
    Request,
    /// Strike them out.
    Cancel,
}

/// What someone says of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    None,
    Yes,
    No,
    Maybe,
}

/// How sure an event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Confirmed,
    /// Planned, and nobody was invited yet.
    Tentative,
    Cancelled,
    /// Left out, as where someone is struck off an event that stands for others (RFC 5546, 3.2.5).
    Untold,
}

/// Hours after which a program that shows a feed looks again.
const LOOK_AGAIN: u32 = 1;

/// Who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    pub name: String,
    pub email: String,
    /// Whether they are to be there, or may.
    pub is_required: bool,
    pub answer: Answer,
}

/// An event. Times are seconds since 1970, UTC; empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The same for ever.
    pub uid: String,
    /// Grows with each change that attendees must hear of.
    pub sequence: i64,
    pub stamped: i64,
    pub starts: i64,
    pub ends: i64,
    pub title: String,
    pub description: String,
    pub place: String,
    pub url: String,
    /// Name and address.
    pub organiser: Option<(String, String)>,
    pub attendees: Vec<Attendee>,
    pub status: Status,
}

/// What came back from someone's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub uid: String,
    /// Of the invitation that was answered.
    pub sequence: i64,
    /// When it was said, in seconds since 1970, UTC; 0 when that is not told.
    pub stamped: i64,
    /// In lower case.
    pub email: String,
    pub answer: Answer,
    pub comment: String,
}

/// A calendar of events, named when it is a feed.
pub fn write(method: Method, name: &str, events: &[Event]) -> Result<String, fmt::Error> {
    let mut calendar = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    calendar.add_property(ICalendarProperty::Version, ICalendarValue::Text("2.0".to_owned()));
    let product = ICalendarValue::Text("-//Esplanade//Promeneurs du Net//FR".to_owned());
    calendar.add_property(ICalendarProperty::Prodid, product);
    let method = match method {
        Method::Publish => ICalendarMethod::Publish,
        Method::Request => ICalendarMethod::Request,
        Method::Cancel => ICalendarMethod::Cancel,
    };
    calendar.add_property(ICalendarProperty::Method, ICalendarValue::Method(method));
    if !name.is_empty() {
        calendar.add_property(ICalendarProperty::Name, ICalendarValue::Text(name.to_owned()));
        let known = ICalendarProperty::Other("X-WR-CALNAME".to_owned());
        calendar.add_property(known, ICalendarValue::Text(name.to_owned()));
        // RFC 7986, 5.7, and how Outlook says the same.
        for property in
            [ICalendarProperty::RefreshInterval, ICalendarProperty::Other("X-PUBLISHED-TTL".to_owned())]
        {
            let kind = ICalendarParameter::new(ICalendarParameterName::Value, ICalendarValueType::Duration);
            let hours = ICalendarDuration { hours: LOOK_AGAIN, ..ICalendarDuration::default() };
            let entry = ICalendarEntry::new(property).with_value(ICalendarValue::Duration(hours));
            calendar.entries.push(entry.with_param(kind));
        }
    }
    let mut components = vec![calendar];
    components.extend(events.iter().map(component));
    components[0].component_ids = (1..).take(events.len()).collect();
    let mut text = String::new();
    ICalendar { components }.write_to(&mut text)?;
    Ok(text)
}

fn component(event: &Event) -> ICalendarComponent {
    let mut entry = ICalendarComponent::new(ICalendarComponentType::VEvent);
    entry.add_uid(&event.uid);
    entry.add_sequence(event.sequence);
    entry.add_dtstamp(moment(event.stamped));
    let at = |seconds| ICalendarValue::PartialDateTime(Box::new(moment(seconds)));
    entry.add_property(ICalendarProperty::Dtstart, at(event.starts));
    entry.add_property(ICalendarProperty::Dtend, at(event.ends));
    for (property, text) in [
        (ICalendarProperty::Summary, &event.title),
        (ICalendarProperty::Description, &event.description),
        (ICalendarProperty::Location, &event.place),
    ] {
        if !text.is_empty() {
            entry.add_property(property, ICalendarValue::Text(text.clone()));
        }
    }
    if !event.url.is_empty() {
        entry.add_property(ICalendarProperty::Url, ICalendarValue::Uri(Uri::Location(event.url.clone())));
    }
    let status = match event.status {
        Status::Confirmed => Some(ICalendarStatus::Confirmed),
        Status::Tentative => Some(ICalendarStatus::Tentative),
        Status::Cancelled => Some(ICalendarStatus::Cancelled),
        Status::Untold => None,
    };
    if let Some(status) = status {
        entry.add_property(ICalendarProperty::Status, ICalendarValue::Status(status));
    }
    if let Some((name, email)) = &event.organiser {
        let organiser = ICalendarEntry::new(ICalendarProperty::Organizer);
        entry
            .entries
            .push(organiser.with_param(ICalendarParameter::cn(name.clone())).with_value(mailto(email)));
    }
    entry.entries.extend(event.attendees.iter().map(attendee));
    entry
}

fn attendee(attendee: &Attendee) -> ICalendarEntry {
    let role = match attendee.is_required {
        true => ICalendarParticipationRole::ReqParticipant,
        false => ICalendarParticipationRole::OptParticipant,
    };
    let answer = match attendee.answer {
        Answer::None => ICalendarParticipationStatus::NeedsAction,
        Answer::Yes => ICalendarParticipationStatus::Accepted,
        Answer::No => ICalendarParticipationStatus::Declined,
        Answer::Maybe => ICalendarParticipationStatus::Tentative,
    };
    ICalendarEntry::new(ICalendarProperty::Attendee)
        .with_param(ICalendarParameter::cn(attendee.name.clone()))
        .with_param(ICalendarParameter::role(role))
        .with_param(ICalendarParameter::partstat(answer))
        .with_param(ICalendarParameter::rsvp(true))
        .with_value(mailto(&attendee.email))
}

fn mailto(email: &str) -> ICalendarValue {
    ICalendarValue::Uri(Uri::Location(format!("mailto:{email}")))
}

/// Seconds since 1970 as a calendar says them, in UTC.
fn moment(seconds: i64) -> PartialDateTime {
    PartialDateTime::from_utc_timestamp(seconds)
}

/// The answers that a calendar sent back (`METHOD:REPLY`); nothing in whatever else it may hold.
pub fn replies(text: &str) -> Vec<Reply> {
    let Entry::ICalendar(calendar) = Parser::new(text).entry() else { return Vec::new() };
    let method = calendar.components.first().and_then(|root| root.property(&ICalendarProperty::Method));
    let says_reply = method
        .and_then(|entry| entry.values.first())
        .is_some_and(|value| matches!(value, ICalendarValue::Method(ICalendarMethod::Reply)));
    if !says_reply {
        return Vec::new();
    }
    let events =
        calendar.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent);
    events.filter_map(reply).collect()
}

fn reply(event: &ICalendarComponent) -> Option<Reply> {
    let text = |property: &ICalendarProperty| {
        event.property(property).and_then(|entry| entry.values.first()?.as_text().map(str::to_owned))
    };
    let attendee = event.property(&ICalendarProperty::Attendee)?;
    let address = attendee.values.first()?.as_text()?;
    let address =
        address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map(|_| &address[7..])?;
    let answer = attendee.params.iter().find_map(|param| match &param.value {
        calcard::icalendar::ICalendarParameterValue::Partstat(status) => Some(status),
        _ => None,
    });
    Some(Reply {
        uid: text(&ICalendarProperty::Uid)?,
        sequence: event
            .property(&ICalendarProperty::Sequence)
            .and_then(|entry| entry.values.first()?.as_integer())
            .unwrap_or_default(),
        stamped: event
            .property(&ICalendarProperty::Dtstamp)
            .and_then(|entry| entry.values.first()?.as_partial_date_time()?.to_timestamp())
            .unwrap_or_default(),
        email: address.trim().to_lowercase(),
        answer: match answer? {
            ICalendarParticipationStatus::Accepted => Answer::Yes,
            ICalendarParticipationStatus::Declined => Answer::No,
            ICalendarParticipationStatus::Tentative => Answer::Maybe,
            _ => return None,
        },
        comment: text(&ICalendarProperty::Comment).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            uid: "0190@drome.example".to_owned(),
            sequence: 2,
            stamped: 1_795_000_000,
            starts: 1_795_600_800,
            ends: 1_795_608_000,
            title: "Comité de pilotage ; bilan, charte".to_owned(),
            description: "Ordre du jour :\n1. Bilan\n2. Charte".to_owned(),
            place: "Caf de la Drôme, Valence".to_owned(),
            url: "https://drome.example/reunion/a.b".to_owned(),
            organiser: Some(("Coordination".to_owned(), "coordination@drome.example".to_owned())),
            attendees: vec![Attendee {
                name: "Ana, Lopes".to_owned(),
                email: "ana@departement.example".to_owned(),
                is_required: true,
                answer: Answer::None,
            }],
            status: Status::Confirmed,
        }
    }

    #[test]
    fn an_invitation_is_what_it_says_when_read_again() {
        let text = write(Method::Request, "", &[event()]).unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "METHOD:REQUEST",
            "SEQUENCE:2",
            "DTSTART:20261125T100000Z",
            "SUMMARY:Comité de pilotage \\; bilan\\, charte",
            "DESCRIPTION:Ordre du jour :\\n1. Bilan\\n2. Charte",
            "STATUS:CONFIRMED",
        ] {
            assert!(unfolded.contains(line), "{line} is not in\n{unfolded}");
        }
        assert!(unfolded.contains("mailto:ana@departement.example"), "{unfolded}");
        assert!(unfolded.contains("CN=\"Ana, Lopes\""), "{unfolded}");
        assert!(matches!(Parser::new(&text).entry(), Entry::ICalendar(_)));
        assert!(replies(&text).is_empty(), "an invitation is no answer");
    }

    #[test]
    fn a_feed_has_a_name_and_says_when_to_look_again() {
        let sure = |status| Event { status, attendees: Vec::new(), ..event() };
        let events = [sure(Status::Tentative), sure(Status::Cancelled)];
        let text = write(Method::Publish, "Mes réunions", &events).unwrap();
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "METHOD:PUBLISH",
            "NAME:Mes réunions",
            "X-WR-CALNAME:Mes réunions",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL;VALUE=DURATION:PT1H",
            "STATUS:TENTATIVE",
            "STATUS:CANCELLED",
        ] {
            assert!(unfolded.lines().any(|one| one == line), "{line} is not in\n{unfolded}");
        }
        assert!(!unfolded.contains("ATTENDEE"), "{unfolded}");
        assert!(!write(Method::Publish, "", &[event()]).unwrap().contains("REFRESH-INTERVAL"));
    }

    #[test]
    fn answers_of_calendars_are_understood() {
        let reply = |status: &str| {
            format!(
                "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:0190@drome.example\r\nSEQUENCE:2\r\n\
                 ATTENDEE;PARTSTAT={status};CN=Ana:MAILTO:Ana@Departement.example\r\nCOMMENT:Je serai en retard\r\n\
                 DTSTAMP:20261120T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )
        };
        let read = replies(&reply("ACCEPTED"));
        let expected = Reply {
            uid: "0190@drome.example".to_owned(),
            sequence: 2,
            stamped: 1_795_165_200,
            email: "ana@departement.example".to_owned(),
            answer: Answer::Yes,
            comment: "Je serai en retard".to_owned(),
        };
        assert_eq!(read, [expected]);
        assert_eq!(replies(&reply("DECLINED"))[0].answer, Answer::No);
        assert_eq!(replies(&reply("TENTATIVE"))[0].answer, Answer::Maybe);
        for nothing in [reply("NEEDS-ACTION"), "BEGIN:VCALENDAR".to_owned(), "n’importe quoi".to_owned()] {
            assert!(replies(&nothing).is_empty(), "{nothing}");
        }
    }
}
