//! The MeetingSeries: meetings of a committee that were planned together. Each stays an ordinary meeting; what is common is how
//! they follow each other, and that a change may go to those that come after.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx};
use serde_json::{Value, json};

use super::committee::{self, Committee};
use super::convocation;
use super::late_invitee::Place;
use super::meeting::{self, Meeting};
use super::rhythm::{self, Rhythm};

kit::table! {
    /// Meetings that were planned together.
    pub struct MeetingSeries in "meeting_series": versioned {
        pub committee_id: Id,
        pub title: String,
        /// A code of [`rhythm::rhythms`].
        pub rhythm: String,
        pub weeks: i64,
        /// The rank of a weekday in its month, and that weekday; both or none.
        pub nth: Option<i64>,
        pub weekday: Option<i64>,
        /// When they begin, in minutes since midnight.
        pub begins: i64,
        pub minutes: i64,
        pub place: Option<String>,
        pub video_url: Option<String>,
        pub created_at: Timestamp,
    }
}

/// Most meetings that are planned at once.
pub const MOST_AT_ONCE: usize = 24;
/// Most meetings of a series that is prolonged again and again.
const MOST: usize = 120;

impl MeetingSeries {
    /// As a meeting of the committee usually is.
    pub fn blank(network: Id, now: Timestamp, committee: &Committee) -> Self {
        let meeting = Meeting::blank(network, now, committee);
        Self {
            network_id: network,
            id: Id::new(now),
            committee_id: committee.id,
            title: meeting.title,
            rhythm: "month".to_owned(),
            weeks: 2,
            nth: None,
            weekday: None,
            begins: 14 * 60,
            minutes: meeting.minutes,
            place: None,
            video_url: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::SERIES, self.id)
    }

    pub fn rhythm(&self) -> Rhythm {
        Rhythm { code: self.rhythm.clone(), weeks: self.weeks, nth: self.nth.zip(self.weekday) }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("meeting_series", self.id, &self.title)
    }

    /// A meeting of it.
    fn meeting(&self, at: Timestamp, committee: &Committee, now: Timestamp) -> Meeting {
        Meeting {
            title: self.title.clone(),
            starts_at: Some(at),
            minutes: self.minutes,
            place: self.place.clone(),
            video_url: self.video_url.clone(),
            series_id: Some(self.id),
            ..Meeting::blank(self.network_id, now, committee)
        }
    }

    fn said(&self, meetings: usize) -> Value {
        json!({
            "title": self.title,
            "rhythm": self.rhythm().label(),
            "meetings": meetings,
            "minutes": self.minutes,
            "venue": self.place,
            "video_url": self.video_url,
        })
    }
}

/// Plans the meetings of a new series, all or none. Those of a series that is there already are answered as they are: the same
/// form came twice. Refused without a date, for too many, and in a committee that ended.
pub async fn plan(
    tx: &mut Tx,
    actor: &Actor,
    series: MeetingSeries,
    moments: &[Timestamp],
) -> Result<Vec<Meeting>> {
    if let Some(known) = tx.all_in::<MeetingSeries>(actor.network_id, "id", &[series.id]).await?.pop() {
        return of_series(tx, actor.network_id, known.id).await;
    }
    let committee = committee::open(tx, actor.network_id, series.committee_id).await?;
    check(moments, 0)?;
    tx.insert(std::slice::from_ref(&series)).await?;
    let act = Act::new("meeting_series.planned", series.subject()).concerning(committee.subject());
    trail::record(tx, actor, act.after(&series.said(moments.len()))).await?;
    plan_all(tx, actor, &series, &committee, moments).await
}

/// Adds meetings to a series, which is from now on as `after` says.
pub async fn extend(
    tx: &mut Tx,
    actor: &Actor,
    before: &MeetingSeries,
    mut after: MeetingSeries,
    moments: &[Timestamp],
) -> Result<Vec<Meeting>> {
    let committee = committee::open(tx, actor.network_id, before.committee_id).await?;
    let there = of_series(tx, actor.network_id, before.id).await?;
    check(moments, there.len())?;
    tx.save(&mut after).await?;
    let act = Act::new("meeting_series.extended", after.subject()).concerning(committee.subject());
    trail::record(tx, actor, act.after(&after.said(moments.len()))).await?;
    plan_all(tx, actor, &after, &committee, moments).await
}

fn check(moments: &[Timestamp], there: usize) -> Result<()> {
    match moments.len() {
        0 => Err(Error::refused("Gardez au moins une date.")),
        n if n > MOST_AT_ONCE => Err(Error::refused("On planifie vingt-quatre réunions à la fois, au plus.")),
        n if there + n > MOST => Err(Error::refused("Cette série compte déjà cent vingt réunions.")),
        _ => Ok(()),
    }
}

async fn plan_all(
    tx: &mut Tx,
    actor: &Actor,
    series: &MeetingSeries,
    committee: &Committee,
    moments: &[Timestamp],
) -> Result<Vec<Meeting>> {
    let mut moments = moments.to_vec();
    moments.sort();
    let mut planned = Vec::new();
    for at in moments {
        planned.push(meeting::plan(tx, actor, series.meeting(at, committee, actor.now)).await?);
    }
    Ok(planned)
}

/// The meetings of a series that are not in the trash, in order.
pub async fn of_series(tx: &mut Tx, network: Id, series: Id) -> Result<Vec<Meeting>> {
    let mut all: Vec<Meeting> = tx.all_in(network, "series_id", &[series]).await?;
    all.retain(|meeting| meeting.deleted_at.is_none());
    all.sort_by_key(|meeting| (meeting.starts_key, meeting.id));
    Ok(all)
}

/// A meeting among those of its series.
pub struct Around {
    pub series: MeetingSeries,
    meetings: Vec<Meeting>,
    at: usize,
}

impl Around {
    /// Its place: « 3 sur 10 ».
    pub fn place(&self) -> String {
        format!("{} sur {}", self.at + 1, self.meetings.len())
    }

    pub fn previous(&self) -> Option<&Meeting> {
        self.meetings[..self.at].iter().rev().find(|one| one.state != "cancelled")
    }

    pub fn next(&self) -> Option<&Meeting> {
        self.meetings[self.at + 1..].iter().find(|one| one.state != "cancelled")
    }

    /// Those that come after it and to which nobody is convened.
    pub fn following(&self) -> impl Iterator<Item = &Meeting> {
        self.meetings[self.at + 1..].iter().filter(|one| one.state == "planned" && one.starts_at.is_some())
    }

    /// How many those are.
    pub fn following_count(&self) -> usize {
        self.following().count()
    }
}

/// The series of a meeting with all its meetings; `None` for a meeting of its own.
pub async fn around(tx: &mut Tx, network: Id, meeting: &Meeting) -> Result<Option<Around>> {
    let Some(id) = meeting.series_id else { return Ok(None) };
    let found: Vec<(Meeting, MeetingSeries)> =
        tx.all_joined(network, "series_id", "series_id", &[id]).await?;
    let Some(series) = found.first().map(|(_, series)| series.clone()) else { return Ok(None) };
    let mut meetings: Vec<Meeting> = found.into_iter().map(|(one, _)| one).collect();
    meetings.retain(|one| one.deleted_at.is_none());
    meetings.sort_by_key(|one| (one.starts_key, one.id));
    let at = meetings.iter().position(|one| one.id == meeting.id);
    Ok(at.map(|at| Around { series, meetings, at }))
}

/// Changes the meetings that follow one as it was changed: those of its hour, length, place and title that are no longer the
/// same. Their days stay. Answers how many were changed.
pub async fn change_following(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    around: &Around,
    (before, after): (&Meeting, &Meeting),
) -> Result<usize> {
    let zone = network.zone();
    let clock = |meeting: &Meeting| meeting.starts_at.map(|at| rhythm::clock(at, zone));
    let hour = clock(after).filter(|hour| Some(*hour) != clock(before));
    let mut count = 0;
    for one in around.following() {
        let mut new = one.clone();
        copy(before, after, &mut new);
        if let (Some(hour), Some(at)) = (hour, one.starts_at) {
            new.starts_at = Some(rhythm::moment(at.day_in(zone), hour, zone));
        }
        if new != *one {
            meeting::write(tx, actor, "meeting.changed", one, new).await?;
            count += 1;
        }
    }
    let old = &around.series;
    let mut series = MeetingSeries {
        begins: hour.unwrap_or(old.begins),
        minutes: changed(&before.minutes, &after.minutes, &old.minutes),
        title: changed(&before.title, &after.title, &old.title),
        place: changed(&before.place, &after.place, &old.place),
        video_url: changed(&before.video_url, &after.video_url, &old.video_url),
        ..old.clone()
    };
    if series != *old {
        tx.save(&mut series).await?;
    }
    Ok(count)
}

/// What became of a value: what it was changed to, else what it is elsewhere.
fn changed<T: Clone + PartialEq>(before: &T, after: &T, other: &T) -> T {
    if before == after { other.clone() } else { after.clone() }
}

fn copy(before: &Meeting, after: &Meeting, to: &mut Meeting) {
    to.title = changed(&before.title, &after.title, &to.title);
    to.minutes = changed(&before.minutes, &after.minutes, &to.minutes);
    to.place = changed(&before.place, &after.place, &to.place);
    to.video_url = changed(&before.video_url, &after.video_url, &to.video_url);
}

/// Cancels the meetings that follow one and to which nobody is convened. Answers how many.
pub async fn cancel_following(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    around: &Around,
    reason: &str,
) -> Result<usize> {
    let mut count = 0;
    for one in around.following() {
        convocation::cancel(tx, actor, place, one.id, reason).await?;
        count += 1;
    }
    Ok(count)
}
