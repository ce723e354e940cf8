//! What the public sees of a sheet: published fields only, already decided here so that no template can
//! show more.

use kit::db::{Date, Id};
use kit::{Cx, Result, Tx};

use crate::features::directory::card::{self, Card};
use crate::features::directory::cleaning::phone;
use crate::features::directory::listing::Page;
use crate::features::directory::office_hours::{self, Moment, OfficeHours, Slot, When};
use crate::features::directory::sheet::Sheet;
use crate::features::directory::vocabulary::{List, Vocabulary};

/// A promeneur in public.
#[derive(Clone, Debug)]
pub struct Shown {
    pub name: String,
    pub initials: String,
    /// Address of the photo, when it may be shown.
    pub photo: Option<String>,
    pub tone: usize,
    pub job_title: Option<String>,
    pub structure: String,
    /// Address of the structure's page, when it has one.
    pub structure_url: Option<String>,
    pub place: String,
    pub presentation: Option<String>,
    pub themes: Vec<String>,
    pub audiences: Vec<&'static str>,
    pub profiles: Vec<Profile>,
    pub hours: Vec<String>,
    pub online: bool,
    /// « En ligne maintenant, jusqu’à 19 h » or « mardi 17 h – 19 h ».
    pub next: String,
    pub email: Option<String>,
    pub phone: Option<(String, String)>,
    pub since: Option<String>,
    pub verified: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Profile {
    pub network: String,
    pub handle: String,
    pub url: Option<String>,
}

/// A promeneur among others: a card, and when they are online.
#[derive(Clone, Debug)]
pub struct Listed {
    pub card: Card,
    pub has_photo: bool,
    pub online: bool,
    /// « jusqu’à 19 h » or « demain, 17 h – 19 h ».
    pub next: String,
}

/// Those of these people who are public, in that order.
pub async fn load(cx: &Cx, tx: &mut Tx, ids: &[Id]) -> Result<Vec<Listed>> {
    Ok(listed(cx, card::load(tx, cx.network.id, ids).await?))
}

/// Those of a page of the list.
pub async fn of_page(cx: &Cx, tx: &mut Tx, page: &Page) -> Result<Vec<Listed>> {
    Ok(listed(cx, card::of_page(tx, cx.network.id, page).await?))
}

fn listed(cx: &Cx, cards: Vec<Option<Card>>) -> Vec<Listed> {
    let moment = Moment::of(&cx.network, cx.now);
    cards
        .into_iter()
        .flatten()
        // Whoever left last night is gone, even before lists are brought up to date.
        .filter(|card: &Card| card.until.is_none_or(|day| day > moment.today))
        .map(|card| {
            let (online, next) = announced(&card.slots, &card.off, &moment);
            Listed { has_photo: card.photo_from.is_some_and(|day| day <= moment.today), online, next, card }
        })
        .collect()
}

/// Whether someone is online, and until or from when.
fn announced(slots: &[Slot], off: &[Date], moment: &Moment) -> (bool, String) {
    match office_hours::when(slots, off, moment) {
        When::Now(until) => (true, format!("jusqu’à {}", office_hours::clock(until))),
        When::Next(text) => (false, text),
        When::Never => (false, String::new()),
    }
}

/// What is public of a sheet; `None` when nothing is.
pub fn shown(sheet: &Sheet, vocabulary: &Vocabulary, moment: &Moment) -> Option<Shown> {
    if !sheet.is_public(moment.today) {
        return None;
    }
    as_public(sheet, vocabulary, moment)
}

/// What would be public of a sheet, were it published today; `None` for who never held a post.
pub fn as_public(sheet: &Sheet, vocabulary: &Vocabulary, moment: &Moment) -> Option<Shown> {
    let holding = sheet.main(moment.today)?;
    let person = &sheet.person;
    let only = |field: &str, value: &Option<String>| value.clone().filter(|_| person.shows(field));
    let hours: &[OfficeHours] = if person.shows("office_hours") { &sheet.hours } else { &[] };
    let slots: Vec<Slot> = hours.iter().map(Slot::from).collect();
    let (online, next) = announced(&slots, &sheet.off, moment);
    let themes = if person.shows("themes") { person.theme_codes() } else { Vec::new() };
    Some(Shown {
        name: person.name(),
        initials: person.initials(),
        photo: shows_photo(sheet, moment.today).then(|| format!("{}/photo", person.public_url())),
        tone: person.tone(),
        job_title: only("job_title", &person.job_title),
        structure: holding.structure.name.clone(),
        structure_url: holding.structure.published_at.map(|_| holding.structure.public_url()),
        place: holding.structure.commune.clone().unwrap_or_default(),
        presentation: only("presentation", &person.presentation),
        themes: themes.into_iter().map(|code| vocabulary.label(List::Theme, code)).collect(),
        audiences: [(person.for_youth, "Jeunes"), (person.for_parents, "Parents")]
            .into_iter()
            .filter(|(served, _)| *served)
            .map(|(_, label)| label)
            .collect(),
        profiles: sheet
            .public_profiles()
            .map(|profile| Profile {
                network: vocabulary.label(List::SocialNetwork, &profile.social_network),
                handle: profile.handle.clone(),
                url: profile.url.clone(),
            })
            .collect(),
        hours: hours.iter().map(OfficeHours::label).collect(),
        online,
        next,
        email: only("email", &person.email),
        phone: only("phone", &person.phone).map(|number| (phone::display(&number), number)),
        since: holding.mandate.started_on.map(Date::long),
        verified: person.verified_on.map(Date::long),
    })
}

/// Whether the photo may be seen in public: there is one, with a consent, on a sheet that shows it.
pub fn shows_photo(sheet: &Sheet, today: Date) -> bool {
    let person = &sheet.person;
    sheet.is_public(today)
        && person.photo.is_some()
        && person.photo_consent_on.is_some_and(|day| day <= today)
        && person.shows("photo")
}

/// An address that a harvester of pages does not recognise at once; people read it, copies keep it.
pub fn protected(email: &str) -> String {
    email.replace('@', " (arobase) ")
}
