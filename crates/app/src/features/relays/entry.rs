//! A relay as it is shown: national or local, everything already decided.

use kit::db::Date;
use kit::{Cx, Result, Tx};

use super::national::{self, National};
use super::opening::State;
use super::relay::{self, Relay, audience_label, theme_label};
use crate::features::directory::cleaning::phone;
use crate::features::directory::office_hours::Moment;

/// What a reader sees of a relay.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub theme: &'static str,
    pub audience: &'static str,
    pub description: String,
    /// As shown, and as dialled.
    pub phone: Option<(String, String)>,
    pub sms: Option<String>,
    /// Without `https://`, and whole.
    pub website: Option<(String, String)>,
    pub email: Option<String>,
    pub place: String,
    pub hours: Vec<String>,
    pub cost: String,
    pub source: String,
    /// When it was verified, or of when its source is.
    pub checked: String,
    pub is_to_be_checked: bool,
    pub is_local: bool,
    pub state: State,
}

impl Entry {
    fn national(relay: &National, moment: &Moment) -> Self {
        Self {
            name: relay.name.to_owned(),
            theme: theme_label(relay.theme),
            audience: audience_label(relay.audience),
            description: relay.description.to_owned(),
            phone: (!relay.phone.is_empty()).then(|| (dialled(relay.phone), relay.phone.to_owned())),
            sms: Some(relay.sms.to_owned()).filter(|sms| !sms.is_empty()),
            website: website(Some(relay.url)),
            email: None,
            place: String::new(),
            hours: vec![relay.hours.clone()],
            cost: relay.cost.to_owned(),
            source: relay.source.to_owned(),
            checked: relay.checked(),
            is_to_be_checked: relay.is_to_be_checked(moment.today),
            is_local: false,
            state: relay.opening.at(moment),
        }
    }

    pub fn local(relay: &Relay, moment: &Moment) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let place: Vec<&str> =
            [relay.address.as_deref(), relay.commune.as_deref()].into_iter().flatten().collect();
        Self {
            name: relay.name.clone(),
            theme: theme_label(&relay.theme),
            audience: audience_label(&relay.audience),
            description: text(&relay.description),
            phone: relay.phone.as_deref().map(|number| (phone::display(number), number.to_owned())),
            sms: None,
            website: website(relay.url.as_deref()),
            email: relay.email.clone(),
            place: place.join(", "),
            hours: text(&relay.hours).lines().map(str::to_owned).collect(),
            cost: text(&relay.cost),
            source: text(&relay.source),
            checked: relay.verified_on.map(Date::long).unwrap_or_default(),
            is_to_be_checked: relay.is_to_be_checked(moment.today),
            is_local: true,
            state: relay.opening().at(moment),
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// « jusqu’à 19 h », when it is open.
    pub fn open_until(&self) -> Option<&str> {
        match &self.state {
            State::Open(until) => Some(until),
            _ => None,
        }
    }

    /// « demain, 9 h – 12 h », when it is closed and hours are known.
    pub fn opens(&self) -> Option<&str> {
        match &self.state {
            State::Later(next) => Some(next),
            _ => None,
        }
    }
}

/// `0 800 23 13 13` of `0800231313`; short numbers as they are.
fn dialled(number: &str) -> String {
    phone::read(number).map_or_else(|_| number.to_owned(), |stored| phone::display(&stored))
}

fn website(url: Option<&str>) -> Option<(String, String)> {
    let url = url.filter(|url| !url.is_empty())?;
    let shown = url.split("://").nth(1).unwrap_or(url).trim_start_matches("www.").trim_end_matches('/');
    Some((shown.to_owned(), url.to_owned()))
}

/// The emergency numbers, which never close.
pub fn emergencies(cx: &Cx) -> Vec<Entry> {
    let moment = Moment::of(&cx.network, cx.now);
    national::all().iter().filter(|r| r.is_emergency()).map(|r| Entry::national(r, &moment)).collect()
}

/// The other relays, national and of the network: open now first, those near here before the others.
pub async fn for_the_public(cx: &Cx, tx: &mut Tx) -> Result<Vec<Entry>> {
    let moment = Moment::of(&cx.network, cx.now);
    let local = relay::in_use(tx, cx.network.id).await?;
    let mut all: Vec<Entry> = local.iter().map(|relay| Entry::local(relay, &moment)).collect();
    let national = national::all().iter().filter(|relay| !relay.is_emergency());
    all.extend(national.map(|relay| Entry::national(relay, &moment)));
    all.sort_by_key(|entry| match entry.state {
        State::Open(_) => 0,
        State::Later(_) => 1,
        State::Unknown => 2,
    });
    Ok(all)
}
