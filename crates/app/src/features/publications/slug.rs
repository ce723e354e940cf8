//! The part of an address that names a publication: proposed from the title, kept unlike any other, and remembered
//! when it changes, so that old links still lead there.

use kit::db::{Id, Timestamp};
use kit::{Actor, Result, Tx, args, sql, text};

use super::publication::{self, Publication};

kit::table! {
    /// An address that a publication had.
    pub struct Redirect in "publication_redirect" {
        pub publication_id: Id,
        pub kind: String,
        pub slug: String,
        pub created_at: Timestamp,
    }
}

/// Names that are those of the site itself, or would be taken for them.
const RESERVED: [&str; 22] = [
    "accessibilite",
    "accueil",
    "actualites",
    "agenda",
    "api",
    "assets",
    "besoin-d-aide",
    "carte",
    "connexion",
    "contact",
    "devenir-promeneur",
    "donnees-personnelles",
    "espace",
    "images",
    "le-reseau",
    "mentions-legales",
    "nouveau",
    "pages",
    "plan-du-site",
    "promeneurs",
    "ressources",
    "structures",
];

/// Reads an address as typed: what it will be, or why it cannot be.
pub fn read(typed: &str) -> Result<String, String> {
    let last = typed.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let slug = text::slug(last);
    if slug == "sans-nom" {
        return Err("Écrivez l’adresse en lettres et en chiffres, par exemple fete-du-numerique.".to_owned());
    }
    if RESERVED.contains(&slug.as_str()) {
        return Err(format!(
            "«\u{a0}{slug}\u{a0}» est une adresse du site lui-même\u{a0}: choisissez-en une autre."
        ));
    }
    Ok(slug)
}

/// The title of another publication that has this address, or to which it leads.
pub async fn holder(tx: &mut Tx, after: &Publication, slug: &str) -> Result<Option<String>> {
    let sql = sql!(
        "select title from publication where network_id = $1 and kind = $2 and slug = $3 and deleted_at is null ",
        "and id <> $4 union all select p.title from publication_redirect r join publication p ",
        "on p.network_id = r.network_id and p.id = r.publication_id where r.network_id = $1 and r.kind = $2 ",
        "and r.slug = $3 and r.publication_id <> $4 and p.deleted_at is null"
    );
    let found: Option<(String,)> =
        tx.optional(sql, args![after.network_id, &after.kind, slug, after.id]).await?;
    Ok(found.map(|(title,)| title))
}

/// The address proposed for a title: the first that is free, « fete », « fete-2 »…
pub async fn proposed(tx: &mut Tx, after: &Publication) -> Result<String> {
    let stem = text::slug(&after.title);
    let mut slug = stem.clone();
    let mut turn = 2;
    while RESERVED.contains(&slug.as_str()) || holder(tx, after, &slug).await?.is_some() {
        slug = format!("{stem}-{turn}");
        turn += 1;
    }
    Ok(slug)
}

/// After a save: the former address leads to the new one, and the new one leads nowhere else.
pub(super) async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Publication>,
    after: &Publication,
) -> Result<()> {
    let moved = before.filter(|before| before.slug != after.slug);
    if before.is_some() && moved.is_none() {
        return Ok(());
    }
    let sql = sql!("delete from publication_redirect where network_id = $1 and kind = $2 and slug = $3");
    tx.run(sql, args![after.network_id, &after.kind, &after.slug]).await?;
    let Some(before) = moved.filter(|before| before.published_at.is_some()) else { return Ok(()) };
    let redirect = Redirect {
        network_id: after.network_id,
        id: Id::new(actor.now),
        publication_id: after.id,
        kind: after.kind.clone(),
        slug: before.slug.clone(),
        created_at: actor.now,
    };
    tx.insert(std::slice::from_ref(&redirect)).await
}

/// Where a former address leads, in whatever state that is.
pub async fn target(tx: &mut Tx, network: Id, kind: &str, slug: &str) -> Result<Option<Publication>> {
    let sql = sql!(
        "select publication_id from publication_redirect where network_id = $1 and kind = $2 and slug = $3"
    );
    let found: Option<(Id,)> = tx.optional(sql, args![network, kind, slug]).await?;
    match found {
        Some((id,)) => publication::find(tx, network, id).await.map(Some).or(Ok(None)),
        None => Ok(None),
    }
}

/// The former addresses of a publication, the latest first.
pub async fn former(tx: &mut Tx, network: Id, publication: Id) -> Result<Vec<String>> {
    let sql = sql!("select id, slug from publication_redirect where network_id = $1 and publication_id = $2");
    let mut found: Vec<(Id, String)> = tx.all(sql, args![network, publication]).await?;
    found.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    Ok(found.into_iter().map(|(_, slug)| slug).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_plain_and_not_one_of_the_site() {
        assert_eq!(read("Fête du numérique\u{a0}!").as_deref(), Ok("fete-du-numerique"));
        assert_eq!(read("https://drome.test/actualites/le-bilan/").as_deref(), Ok("le-bilan"));
        assert!(read("Contact").is_err() && read("???").is_err());
    }
}
