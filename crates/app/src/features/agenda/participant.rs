//! The Participant: someone asked by a poll, as they were known then.

use kit::db::{Id, Timestamp};
use kit::trail::Subject;
use kit::{App, Error, Network, Result, Tx, args, sql};

use super::date_poll::DatePoll;

kit::table! {
    /// Someone who is asked.
    pub struct Participant in "poll_participant": versioned {
        pub poll_id: Id,
        pub name: String,
        pub organisation: String,
        pub order_key: String,
        /// Absent for someone who is asked by telephone.
        pub email: Option<String>,
        /// A code of [`ORIGINS`].
        pub origin: String,
        /// The committee or the list they came in from.
        pub origin_label: String,
        /// When they were first written to, and when last.
        pub invited_at: Option<Timestamp>,
        pub asked_at: Option<Timestamp>,
        /// When they last said something, and since when they have spoken of every date.
        pub answered_at: Option<Timestamp>,
        pub complete_at: Option<Timestamp>,
        /// `link` or `coordination`.
        pub answered_by: Option<String>,
        pub answer_note: Option<String>,
        pub reminders: i64,
        pub next_reminder_at: Option<Timestamp>,
        pub created_at: Timestamp,
    }
}

/// How people come into a poll.
pub const ORIGINS: [(&str, &str); 3] =
    [("committee", "Comité"), ("list", "Liste"), ("typed", "Ajout à la main")];

/// Most people asked by one poll.
pub const MOST_PARTICIPANTS: usize = 300;
/// Longest name, in characters.
const MOST_NAME: usize = 160;
/// What links to one's answers are signed for.
const PURPOSE: &str = "date poll answer";
/// Days after which someone who says nothing is asked again, each counted from the message before.
const WAITS: [i64; 2] = [3, 4];

impl Participant {
    /// Someone of a name and an address, from somewhere.
    pub fn new(
        poll: &DatePoll,
        now: Timestamp,
        (name, organisation): (&str, &str),
        email: Option<String>,
        (origin, origin_label): (&str, &str),
    ) -> Self {
        let name: String = kit::text::tidy(name).chars().take(MOST_NAME).collect();
        let name = if name.is_empty() { email.clone().unwrap_or_default() } else { name };
        Self {
            network_id: poll.network_id,
            id: Id::new(now),
            poll_id: poll.id,
            order_key: kit::text::fold(&name),
            name,
            organisation: organisation.to_owned(),
            email,
            origin: origin.to_owned(),
            origin_label: origin_label.to_owned(),
            invited_at: None,
            asked_at: None,
            answered_at: None,
            complete_at: None,
            answered_by: None,
            answer_note: None,
            reminders: 0,
            next_reminder_at: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}/participants/{}", super::POLLS, self.poll_id, self.id)
    }

    pub fn origin_said(&self) -> String {
        let label = ORIGINS.iter().find(|(code, _)| *code == self.origin).map_or("", |(_, label)| label);
        if self.origin_label.is_empty() {
            label.to_owned()
        } else {
            format!("{label} «\u{a0}{}\u{a0}»", self.origin_label)
        }
    }

    /// Whether they can be written to and were not yet.
    pub fn waits_for_invitation(&self) -> bool {
        self.invited_at.is_none() && self.email.is_some()
    }

    /// Whether some date is left of which they have said nothing.
    pub fn is_silent(&self) -> bool {
        self.complete_at.is_none()
    }

    /// What makes two the same person: their address, or what they are called when they have none.
    pub(super) fn key(&self) -> String {
        self.email
            .clone()
            .unwrap_or_else(|| format!("{}/{}", self.order_key, kit::text::fold(&self.organisation)))
    }

    pub fn subject(&self) -> Subject {
        Subject::new("poll_participant", self.id, &self.name)
    }

    /// When they are next asked again if they say nothing: after [`WAITS`], sooner when little time is left, not once it is
    /// over.
    pub fn next_reminder(&self, poll: &DatePoll, network: &Network, now: Timestamp) -> Option<Timestamp> {
        self.email.as_ref()?;
        let wait = usize::try_from(self.reminders).ok().and_then(|sent| WAITS.get(sent))?;
        let ends = poll.ends_at(network);
        let half = Timestamp(now.0 + (ends.0 - now.0) / 2);
        Some(half.min(now.plus_days(*wait))).filter(|at| *at > now && *at < ends)
    }
}

/// The link by which someone answers, without an account.
pub fn token(app: &App, network: Id, participant: Id) -> String {
    app.secret.token(PURPOSE, network, participant)
}

/// Who answers by a link; [`Error::Gone`] for any other, without saying why.
pub async fn of_token(tx: &mut Tx, app: &App, network: &Network, token: &str) -> Result<Participant> {
    app.secret.row_of_token(tx, PURPOSE, network.id, token, Error::unknown_link).await
}

/// Everyone who is asked, by name.
pub async fn of_poll(tx: &mut Tx, network: Id, poll: Id) -> Result<Vec<Participant>> {
    let sql = sql!(
        "select network_id, id, poll_id, name, organisation, order_key, email, origin, origin_label, invited_at, asked_at, ",
        "answered_at, complete_at, answered_by, answer_note, reminders, next_reminder_at, created_at, version ",
        "from poll_participant where network_id = $1 and poll_id = $2 order by order_key, id limit 500"
    );
    tx.all(sql, args![network, poll]).await
}

/// How many are asked, and how many of them have not spoken of every date.
pub(super) async fn count(tx: &mut Tx, network: Id, poll: Id) -> Result<(i64, i64)> {
    let sql = sql!(
        "select count(*), count(case when complete_at is null then 1 end) from poll_participant ",
        "where network_id = $1 and poll_id = $2"
    );
    tx.one(sql, args![network, poll]).await
}

/// Those whose reminder is due.
pub(super) async fn due(tx: &mut Tx, network: Id, now: Timestamp, most: i64) -> Result<Vec<Participant>> {
    let sql = sql!(
        "select network_id, id, poll_id, name, organisation, order_key, email, origin, origin_label, invited_at, asked_at, ",
        "answered_at, complete_at, answered_by, answer_note, reminders, next_reminder_at, created_at, version ",
        "from poll_participant where network_id = $1 and next_reminder_at is not null and next_reminder_at <= $2 ",
        "order by next_reminder_at, id limit $3"
    );
    tx.all(sql, args![network, now, most]).await
}

/// After a date was added, nobody has spoken of every one.
pub(super) async fn reopen_all(tx: &mut Tx, network: Id, poll: Id) -> Result<()> {
    let sql = sql!("update poll_participant set complete_at = null where network_id = $1 and poll_id = $2");
    tx.run(sql, args![network, poll]).await.map(drop)
}

/// After dates went, those who had spoken of the `left` others have spoken of every one.
pub(super) async fn complete_all(
    tx: &mut Tx,
    network: Id,
    poll: Id,
    left: i64,
    now: Timestamp,
) -> Result<()> {
    let sql = sql!(
        "update poll_participant set complete_at = $4, next_reminder_at = null where network_id = $1 and poll_id = $2 ",
        "and complete_at is null and answered_at is not null and (select count(*) from poll_answer a ",
        "where a.network_id = poll_participant.network_id and a.participant_id = poll_participant.id) = $3"
    );
    tx.run(sql, args![network, poll, left, now]).await.map(drop)
}

/// Nobody is asked again.
pub(super) async fn stop_reminders(tx: &mut Tx, network: Id, poll: Id) -> Result<()> {
    let sql = sql!(
        "update poll_participant set next_reminder_at = null where network_id = $1 and poll_id = $2 ",
        "and next_reminder_at is not null"
    );
    tx.run(sql, args![network, poll]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_come_sooner_when_little_time_is_left_and_never_after_it() {
        let network = Network::portal();
        let now = Timestamp(1_795_424_400_000_000);
        let poll = |days: i64| DatePoll {
            closes_on: network.day_of(now.plus_days(days)),
            ..DatePoll::blank(&network, now)
        };
        let email = Some("zoe@caf.test".to_owned());
        let one = Participant::new(&poll(20), now, ("Zoé Perrin", "Caf"), email, ("typed", ""));
        assert_eq!(one.next_reminder(&poll(20), &network, now), Some(now.plus_days(3)));
        let soon = one.next_reminder(&poll(1), &network, now).unwrap();
        assert!(soon > now && soon < now.plus_days(1));
        assert_eq!(one.next_reminder(&poll(-1), &network, now), None);
        assert_eq!(Participant { reminders: 2, ..one.clone() }.next_reminder(&poll(20), &network, now), None);
        assert_eq!(Participant { email: None, ..one }.next_reminder(&poll(20), &network, now), None);
    }
}
