//! The Publication: a page or a piece of news, from draft to withdrawn, and the acts that change it.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, jobs, markup, sql, text};
use serde_json::Value;

use super::picture_use;
use super::place::{self, Place};
use super::scheduled::PublishScheduled;
use super::{findable, menu, slug, version};

kit::table! {
    /// A page or a piece of news.
    pub struct Publication in "publication": versioned {
        /// `page` or `news`.
        pub kind: String,
        /// The built-in page whose own text this replaces or introduces: a code of [`place::PLACES`].
        pub place: Option<String>,
        pub title: String,
        pub title_key: String,
        pub slug: String,
        pub summary: Option<String>,
        /// Cleaned by [`markup`].
        pub body: String,
        pub cover_id: Option<Id>,
        /// A code of [`STATES`].
        pub state: String,
        pub scheduled_for: Option<Timestamp>,
        /// When it was first published.
        pub published_at: Option<Timestamp>,
        /// Where the public menu shows it: empty, `top`, `foot` or `both`.
        pub menu: String,
        pub menu_rank: i64,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

pub const PAGE: &str = "page";
pub const NEWS: &str = "news";

pub const STATES: [(&str, &str); 4] =
    [("draft", "Brouillon"), ("scheduled", "Programmée"), ("published", "Publiée"), ("withdrawn", "Retirée")];

/// Longest title and summary, in characters.
pub const MOST_TITLE: usize = 160;
pub const MOST_SUMMARY: usize = 300;
/// Longest body, in bytes: some sixty printed pages.
pub const MOST_BODY: usize = 300_000;

impl Publication {
    pub fn titled(network: Id, now: Timestamp, kind: &str, title: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            kind: kind.to_owned(),
            place: None,
            title: title.to_owned(),
            title_key: text::fold(title),
            slug: text::slug(title),
            summary: None,
            body: String::new(),
            cover_id: None,
            state: "draft".to_owned(),
            scheduled_for: None,
            published_at: None,
            menu: String::new(),
            menu_rank: 0,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("publication", self.id, &self.title)
    }

    /// Where it is written.
    pub fn url(&self) -> String {
        format!("/espace/communication/site/{}/modifier", self.id)
    }

    /// Where an act upon it is asked for.
    pub fn act_url(&self, act: &str) -> String {
        format!("/espace/communication/site/{}/{act}", self.id)
    }

    pub fn placed(&self) -> Option<&'static Place> {
        self.place.as_deref().and_then(place::by_code)
    }

    /// Where the public reads it, once it is published.
    pub fn public_url(&self) -> String {
        match (self.placed(), self.is_news()) {
            (Some(place), _) => place.url.to_owned(),
            (None, true) => format!("/actualites/{}", self.slug),
            (None, false) => format!("/pages/{}", self.slug),
        }
    }

    pub fn is_news(&self) -> bool {
        self.kind == NEWS
    }

    pub fn is_public(&self) -> bool {
        self.state == "published" && self.deleted_at.is_none()
    }

    pub fn kind_label(&self) -> &'static str {
        match (self.is_news(), &self.place) {
            (true, _) => "Actualité",
            (false, Some(_)) => "Texte du site",
            (false, None) => "Page",
        }
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, _)| *code == self.state).map_or("", |(_, label)| label)
    }

    /// Published now; the day of its first publication stays.
    pub fn publish(&mut self, at: Timestamp) {
        "published".clone_into(&mut self.state);
        self.scheduled_for = None;
        self.published_at = self.published_at.or(Some(at));
    }

    pub fn schedule(&mut self, at: Timestamp) {
        "scheduled".clone_into(&mut self.state);
        self.scheduled_for = Some(at);
    }

    /// Taken off the site: a draft again when nobody ever read it.
    pub fn withdraw(&mut self) {
        let state = if self.published_at.is_some() { "withdrawn" } else { "draft" };
        state.clone_into(&mut self.state);
        self.scheduled_for = None;
    }

    fn same_text(&self, other: &Self) -> bool {
        (&self.title, &self.slug, &self.summary, &self.body, self.cover_id)
            == (&other.title, &other.slug, &other.summary, &other.body, other.cover_id)
    }
}

/// What the trail keeps: all but the text itself, which the versions keep.
fn told(publication: &Publication) -> Value {
    let mut value = serde_json::to_value(publication).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("body");
    }
    value
}

fn action(before: &Publication, after: &Publication) -> &'static str {
    match (before.deleted_at, after.deleted_at) {
        (None, Some(_)) => return "publication.trashed",
        (Some(_), None) => return "publication.restored",
        _ => {}
    }
    match (before.state.as_str(), after.state.as_str()) {
        (was, "published") if was != "published" => "publication.published",
        (_, "scheduled") if before.scheduled_for != after.scheduled_for => "publication.scheduled",
        ("published" | "scheduled", "withdrawn" | "draft") => "publication.withdrawn",
        _ => "publication.changed",
    }
}

/// Adds or saves a publication with all that follows from it: version, redirect, pictures used, menu, job.
/// Its body is cleaned here, whoever asks.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Publication>,
    mut after: Publication,
) -> Result<Publication> {
    after.title_key = text::fold(&after.title);
    after.body = markup::clean(&after.body);
    after.updated_at = actor.now;
    let act = match before {
        Some(before) => {
            tx.save(&mut after).await?;
            Act::new(action(before, &after), after.subject()).before(&told(before)).after(&told(&after))
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("publication.added", after.subject()).after(&told(&after))
        }
    };
    trail::record(tx, actor, act).await?;
    if before.is_none_or(|before| !before.same_text(&after)) {
        version::note(tx, actor, &after).await?;
        picture_use::note(tx, actor, &after).await?;
    }
    if after.deleted_at.is_none() {
        slug::settle(tx, actor, before, &after).await?;
    }
    findable::put(tx, &after).await?;
    if let Some(due) = after.scheduled_for.filter(|due| before.and_then(|b| b.scheduled_for) != Some(*due)) {
        let job = PublishScheduled { publication: after.id, due };
        jobs::add_at(tx, after.network_id, actor.now, due, &job).await?;
    }
    if before.is_some_and(|before| !before.menu.is_empty()) || !after.menu.is_empty() {
        menu::refresh(tx, after.network_id).await?;
    }
    Ok(after)
}

/// One that is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Publication> {
    let found: Publication = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// The one that has, or last had, an address; those in the trash come last.
pub async fn by_slug(tx: &mut Tx, network: Id, kind: &str, slug: &str) -> Result<Option<Publication>> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and kind = $2 and slug = $3 and deleted_at is null"
    );
    tx.optional(sql, args![network, kind, slug]).await
}

/// The published text of a place, if the network wrote one.
pub async fn published_at_place(tx: &mut Tx, network: Id, place: &str) -> Result<Option<Publication>> {
    Ok(at_place(tx, network, place).await?.filter(Publication::is_public))
}

/// The text of a place in whatever state, if the network wrote one.
pub async fn at_place(tx: &mut Tx, network: Id, place: &str) -> Result<Option<Publication>> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and place = $2 and deleted_at is null"
    );
    tx.optional(sql, args![network, place]).await
}

/// Every text that stands at a place.
pub async fn at_places(tx: &mut Tx, network: Id) -> Result<Vec<Publication>> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and place in ('network', 'join', 'help', 'contact', 'legal', 'privacy', ",
        "'accessibility', 'resources') and deleted_at is null"
    );
    tx.all(sql, args![network]).await
}

/// The latest published of a kind, before a moment and an id; places are no pages of their own.
pub async fn latest(
    tx: &mut Tx,
    network: Id,
    kind: &str,
    before: (Timestamp, &str),
    most: i64,
) -> Result<Vec<Publication>> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and kind = $2 and state = 'published' and deleted_at is null and place is null ",
        "and (published_at, id) < ($3, $4) order by published_at desc, id desc limit $5"
    );
    tx.all(sql, args![network, kind, before.0, before.1, most]).await
}

/// What lists look for.
pub struct Sought<'q> {
    /// Folded text of the title.
    pub named: &'q str,
    pub kind: Option<&'q str>,
    pub state: Option<&'q str>,
}

/// Those of the network, the last changed first, after a moment and an id.
pub async fn page(
    tx: &mut Tx,
    network: Id,
    sought: &Sought<'_>,
    before: (Timestamp, &str),
    most: i64,
) -> Result<Vec<Publication>> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and deleted_at is null and place is null and (updated_at, id) < ($2, $3) ",
        "and ($4 = '' or title_key like '%' || $4 || '%') and (cast($5 as text) is null or kind = $5) ",
        "and (cast($6 as text) is null or state = $6) order by updated_at desc, id desc limit $7"
    );
    let args = args![network, before.0, before.1, sought.named, sought.kind, sought.state, most];
    tx.all(sql, args).await
}

/// The same of those in the trash, the last thrown first.
pub async fn page_of_trash(
    tx: &mut Tx,
    network: Id,
    sought: &Sought<'_>,
    before: (Timestamp, &str),
    most: i64,
) -> Result<Vec<Publication>> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and deleted_at is not null and (deleted_at, id) < ($2, $3) ",
        "and ($4 = '' or title_key like '%' || $4 || '%') and (cast($5 as text) is null or kind = $5) ",
        "order by deleted_at desc, id desc limit $6"
    );
    tx.all(sql, args![network, before.0, before.1, sought.named, sought.kind, most]).await
}
