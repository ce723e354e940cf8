//! The Picture: what was sent, in several widths, with what it shows in words and on what agreement it may be shown.

use std::collections::{BTreeMap, HashMap};

use kit::db::{Date, Id, Timestamp};
use kit::markup::{self, Drawn};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Result, Tx, args, sql, text};

kit::table! {
    /// A picture of the library.
    pub struct Picture in "picture": versioned {
        /// What it shows, in words; empty for one that only decorates.
        pub alt: String,
        pub alt_key: String,
        pub credit: Option<String>,
        /// Pixels of the widest file.
        pub width: i64,
        pub height: i64,
        /// JSON: `960.webp` → name in the store.
        pub files: String,
        /// Who can be recognised: a code of [`SHOWS`].
        pub shows: String,
        /// Who they are, without naming a minor, and where the agreements are kept.
        pub people_shown: Option<String>,
        /// Day of the agreement; that of both parents for a minor (civil code, art. 372-1, law 2024-120).
        pub consent_on: Option<Date>,
        /// Last day of the agreement. Afterwards the public no longer sees the picture.
        pub consent_until: Option<Date>,
        pub uploaded_by: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

/// Who can be recognised in a picture.
pub const SHOWS: [(&str, &str); 3] = [
    ("nobody", "Aucune personne reconnaissable"),
    ("adults", "Des adultes"),
    ("minors", "Des mineurs, seuls ou avec des adultes"),
];

impl Picture {
    pub fn subject(&self) -> Subject {
        Subject::new("picture", self.id, self.label())
    }

    /// What it is called in lists.
    pub fn label(&self) -> String {
        if self.alt.is_empty() { "Image décorative".to_owned() } else { self.alt.clone() }
    }

    pub fn url(&self) -> String {
        format!("/espace/communication/site/images/{}", self.id)
    }

    /// Where stored texts say that it is.
    pub fn address(&self) -> String {
        markup::picture_address(self.id)
    }

    /// The small one, for lists.
    pub fn thumbnail(&self) -> String {
        format!("/images/{}/480.webp", self.id)
    }

    /// Names of the files in the store, by `960.webp`.
    pub fn stored(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.files).unwrap_or_default()
    }

    /// Whether the agreement covers this day.
    pub fn may_be_shown(&self, today: Date) -> bool {
        self.deleted_at.is_none()
            && (self.shows == "nobody" || self.consent_until.is_none_or(|until| until >= today))
    }

    /// The stored file that answers `960.webp`: that width, else the widest below, else the narrowest there is.
    pub fn file(&self, asked: &str) -> Option<(String, &'static str)> {
        let (width, format) = asked.split_once('.')?;
        let width: u32 = width.parse().ok().filter(|width| (1..=9999).contains(width))?;
        let media = match format {
            "webp" => "image/webp",
            "jpg" => "image/jpeg",
            _ => return None,
        };
        let mut there: Vec<(u32, String)> = self
            .stored()
            .into_iter()
            .filter_map(|(name, file)| {
                let (width, of) = name.split_once('.')?;
                (of == format).then(|| Some((width.parse().ok()?, file)))?
            })
            .collect();
        there.sort();
        let at = there.iter().rposition(|(w, _)| *w <= width).unwrap_or(0);
        there.into_iter().nth(at).map(|(_, file)| (file, media))
    }

    pub fn drawn(&self) -> Drawn {
        let mut widths: Vec<i64> = self
            .stored()
            .keys()
            .filter_map(|name| name.strip_suffix(".webp").and_then(|width| width.parse().ok()))
            .collect();
        widths.sort_unstable();
        Drawn { id: self.id, width: self.width, height: self.height, widths }
    }
}

/// Adds or saves a picture.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Picture>,
    mut after: Picture,
) -> Result<Picture> {
    after.alt_key = text::fold(&after.alt);
    after.updated_at = actor.now;
    let act = match before {
        Some(before) => {
            let action = match (before.deleted_at, after.deleted_at) {
                (None, Some(_)) => "picture.trashed",
                (Some(_), None) => "picture.restored",
                _ => "picture.changed",
            };
            tx.save(&mut after).await?;
            Act::new(action, after.subject()).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("picture.added", after.subject()).after(&after)
        }
    };
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Those of these pictures that may be shown on a day.
pub async fn shown(tx: &mut Tx, network: Id, ids: &[Id], today: Date) -> Result<HashMap<Id, Picture>> {
    let mut found: Vec<Picture> = tx.all_in(network, "id", ids).await?;
    found.retain(|picture| picture.may_be_shown(today));
    Ok(found.into_iter().map(|picture| (picture.id, picture)).collect())
}

/// A page of the library, the latest first, before a moment and an id.
pub async fn page(
    tx: &mut Tx,
    network: Id,
    named: &str,
    before: (Timestamp, &str),
    most: i64,
) -> Result<Vec<Picture>> {
    let sql = sql!(
        "select network_id, id, alt, alt_key, credit, width, height, files, shows, people_shown, consent_on, ",
        "consent_until, uploaded_by, created_at, updated_at, deleted_at, version from picture ",
        "where network_id = $1 and deleted_at is null and (created_at, id) < ($2, $3) ",
        "and ($4 = '' or alt_key like '%' || $4 || '%') order by created_at desc, id desc limit $5"
    );
    tx.all(sql, args![network, before.0, before.1, named, most]).await
}

/// Those whose agreement ended before a day, the longest ago first.
pub async fn ended(tx: &mut Tx, network: Id, today: Date, named: &str, most: i64) -> Result<Vec<Picture>> {
    let sql = sql!(
        "select network_id, id, alt, alt_key, credit, width, height, files, shows, people_shown, consent_on, ",
        "consent_until, uploaded_by, created_at, updated_at, deleted_at, version from picture ",
        "where network_id = $1 and deleted_at is null and consent_until < $2 ",
        "and ($3 = '' or alt_key like '%' || $3 || '%') order by consent_until, id limit $4"
    );
    tx.all(sql, args![network, today, named, most]).await
}

/// Those in the trash, the last thrown first.
pub async fn thrown(tx: &mut Tx, network: Id, named: &str, most: i64) -> Result<Vec<Picture>> {
    let sql = sql!(
        "select network_id, id, alt, alt_key, credit, width, height, files, shows, people_shown, consent_on, ",
        "consent_until, uploaded_by, created_at, updated_at, deleted_at, version from picture ",
        "where network_id = $1 and deleted_at is not null and ($2 = '' or alt_key like '%' || $2 || '%') ",
        "order by deleted_at desc, id desc limit $3"
    );
    tx.all(sql, args![network, named, most]).await
}

/// A picture about which nothing is known yet.
pub fn blank(network: Id, now: Timestamp, author: &str) -> Picture {
    Picture {
        network_id: network,
        id: Id::new(now),
        alt: String::new(),
        alt_key: String::new(),
        credit: None,
        width: 0,
        height: 0,
        files: "{}".to_owned(),
        shows: "nobody".to_owned(),
        people_shown: None,
        consent_on: None,
        consent_until: None,
        uploaded_by: author.to_owned(),
        created_at: now,
        updated_at: now,
        deleted_at: None,
        version: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_width_answers() {
        let now = Timestamp(1_795_424_400_000_000);
        let mut picture = blank(Id::new(now), now, "Essai");
        picture.files = "{\"480.webp\":\"a\",\"700.webp\":\"b\",\"700.jpg\":\"c\"}".to_owned();
        let file = |asked: &str| picture.file(asked).map(|(file, _)| file);
        assert_eq!(file("960.webp").as_deref(), Some("b"));
        assert_eq!(file("480.webp").as_deref(), Some("a"));
        assert_eq!(file("100.webp").as_deref(), Some("a"));
        assert_eq!(file("960.jpg").as_deref(), Some("c"));
        for odd in ["960.svg", "../960.webp", "960", "0.webp", ""] {
            assert_eq!(file(odd), None, "{odd}");
        }
        assert_eq!(picture.drawn().widths, [480, 700]);
    }
}
