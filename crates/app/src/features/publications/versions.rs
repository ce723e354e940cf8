//! `/espace/communication/site/{id}/versions`: the former texts, two of them side by side, and the way back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::markup::{self, Part};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Result, Tx};

use super::picture::Picture;
use super::policy::{Want, may, require};
use super::publication::{self, Publication};
use super::version::{self, Listed, Version};

struct Row {
    number: i64,
    title: String,
    author: String,
    when: String,
}

/// Two versions compared.
struct Comparison {
    before: i64,
    after: i64,
    /// Title, address, summary, cover: those that differ.
    fields: Vec<(&'static str, Vec<Part>)>,
    text: Vec<Part>,
}

impl Comparison {
    fn is_same(&self) -> bool {
        self.fields.is_empty() && self.text.iter().all(|part| !part.is_added() && !part.is_removed())
    }
}

#[derive(Template)]
#[template(path = "publications/versions.html")]
struct VersionsPage {
    frame: Frame,
    publication: Publication,
    rows: Vec<Row>,
    latest: i64,
    comparison: Option<Comparison>,
    may_keep: bool,
}

impl VersionsPage {
    fn is_before(&self, number: &i64) -> bool {
        self.comparison.as_ref().map_or(self.latest - 1, |compared| compared.before) == *number
    }

    fn is_after(&self, number: &i64) -> bool {
        self.comparison.as_ref().map_or(self.latest, |compared| compared.after) == *number
    }
}

/// `?avant=2&apres=5` says which two are compared; by default the last two.
pub async fn list(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Read)?;
    let mut tx = cx.read().await?;
    let publication = publication::find(&mut tx, cx.network.id, id).await?;
    let listed = version::list(&mut tx, cx.network.id, id).await?;
    let latest = listed.first().map_or(0, |version| version.number);
    let asked = |name: &str, otherwise: i64| query.0.get(name).parse::<i64>().unwrap_or(otherwise);
    let (before, after) = (asked("avant", latest - 1), asked("apres", latest));
    let known = |number: i64| listed.iter().any(|version| version.number == number);
    let comparison = match known(before) && known(after) && before != after {
        true => Some(compare(&cx, &mut tx, id, (before.min(after), before.max(after))).await?),
        false => None,
    };
    let when = |at: Timestamp| at.long_in(cx.network.zone());
    let row =
        |v: Listed| Row { number: v.number, title: v.title, author: v.author, when: when(v.written_at) };
    Ok(page(&VersionsPage {
        frame: cx.frame(format!("Versions de «\u{a0}{}\u{a0}»", publication.title)),
        rows: listed.into_iter().map(row).collect(),
        publication,
        latest,
        comparison,
        may_keep: may(visitor, Want::Keep),
    }))
}

async fn compare(cx: &Cx, tx: &mut Tx, id: Id, (before, after): (i64, i64)) -> Result<Comparison> {
    let one = version::find(tx, cx.network.id, id, before).await?;
    let two = version::find(tx, cx.network.id, id, after).await?;
    let covers: Vec<Id> = [one.cover_id, two.cover_id].into_iter().flatten().collect();
    let covers: Vec<Picture> = match one.cover_id == two.cover_id {
        true => Vec::new(),
        false => tx.all_in(cx.network.id, "id", &covers).await?,
    };
    let cover = |version: &Version| {
        let found = covers.iter().find(|picture| Some(picture.id) == version.cover_id);
        found.map(Picture::label).unwrap_or_default()
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let fields = [
        ("Titre", one.title.clone(), two.title.clone()),
        ("Adresse", one.slug.clone(), two.slug.clone()),
        ("Résumé", text(&one.summary), text(&two.summary)),
        ("Image de couverture", cover(&one), cover(&two)),
    ];
    let fields = fields.into_iter().filter(|(_, was, is)| was != is);
    Ok(Comparison {
        before,
        after,
        fields: fields.map(|(name, was, is)| (name, markup::compare(&was, &is))).collect(),
        text: markup::compare(&markup::text_with_all(&one.body), &markup::text_with_all(&two.body)),
    })
}

/// Makes a former text the present one. The address stays: links to it hold.
pub async fn restore(cx: Cx, Path((id, number)): Path<(Id, i64)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = publication::find(&mut tx, cx.network.id, id).await?;
    let version = version::find(&mut tx, cx.network.id, id, number).await?;
    let after = Publication {
        title: version.title,
        summary: version.summary,
        body: version.body,
        cover_id: version.cover_id,
        ..before.clone()
    };
    let after = publication::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(&after.url(), "Texte rétabli. Celui qui était là reste parmi les versions."))
}
