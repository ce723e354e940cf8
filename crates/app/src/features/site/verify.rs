//! `/verifier`: « Est-ce un vrai Promeneur ? » A parent types a name or a handle, or scans the code of a card, and
//! is told yes, no longer, or not known. Whoever was never published is not known.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id, fulltext};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result, Tx, args, sql, text};

use crate::features::directory::sheet::{self, Sheet};

/// Longest text looked for, in characters.
const MOST_QUERY: usize = 80;
/// Answers shown to one question.
const MOST_FOUND: usize = 5;

#[derive(Template)]
#[template(path = "site/verify.html")]
struct VerifyPage {
    frame: Frame,
    asked: String,
    answers: Vec<Answer>,
    /// A question was asked, and nobody is known by it.
    unknown: bool,
}

/// What is said of one person.
struct Answer {
    name: String,
    /// Where the sheet is, while the person is in post.
    url: Option<String>,
    structure: String,
    place: String,
    since: String,
    /// Until when, for who is no longer in post.
    until: String,
}

pub async fn ask(cx: Cx, query: Query) -> Result<Response> {
    let asked: String = text::tidy(query.0.get("nom")).chars().take(MOST_QUERY).collect();
    let mut tx = cx.read().await?;
    let ids = if asked.is_empty() { Vec::new() } else { candidates(&mut tx, cx.network.id, &asked).await? };
    let sheets = sheet::load(&mut tx, cx.network.id, &ids).await?;
    answer(cx, asked, &sheets)
}

/// The code of a promeneur's card.
pub async fn code(cx: Cx, Path(code): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sql = sql!("select id from person where network_id = $1 and slug = $2 and deleted_at is null");
    let found: Option<(Id,)> = tx.optional(sql, args![cx.network.id, code.as_str()]).await?;
    let ids: Vec<Id> = found.into_iter().map(|(id,)| id).collect();
    let sheets = sheet::load(&mut tx, cx.network.id, &ids).await?;
    answer(cx, text::tidy(&code).chars().take(MOST_QUERY).collect(), &sheets)
}

fn answer(cx: Cx, asked: String, sheets: &[Sheet]) -> Result<Response> {
    let today = cx.today();
    let answers: Vec<Answer> =
        sheets.iter().filter_map(|sheet| judge(sheet, today)).take(MOST_FOUND).collect();
    let frame = cx.frame("Est-ce un vrai Promeneur du Net ?").describe(
        "Vérifiez qu’une personne est bien un Promeneur du Net : par son nom, son pseudo ou sa carte.",
    );
    Ok(page(&VerifyPage { frame, unknown: !asked.is_empty() && answers.is_empty(), asked, answers }))
}

/// People known by a handle, exactly, or by a name.
async fn candidates(tx: &mut Tx, network: Id, asked: &str) -> Result<Vec<Id>> {
    let handle = sql!(
        "select person_id from social_profile where network_id = $1 and handle_key = $2 and is_public = $3 limit 5"
    );
    let key = text::fold(asked.trim_start_matches('@'));
    let by_handle: Vec<(Id,)> = tx.all(handle, args![network, key, true]).await?;
    if !by_handle.is_empty() {
        return Ok(by_handle.into_iter().map(|(id,)| id).collect());
    }
    // « Yanis PdN » : what promeneurs add to their name says nothing of who they are.
    let words: Vec<String> = text::fold(asked)
        .split(' ')
        .filter(|word| !matches!(*word, "pdn" | "promeneur" | "du" | "net"))
        .map(str::to_owned)
        .collect();
    let found = fulltext::find(tx, network, &words.join(" "), Some("person"), &["network"], 20).await?;
    // A name is asked for: a structure or a telephone that matches proves nothing.
    let named = |title: &str| {
        let title = text::fold(title);
        words.iter().all(|word| {
            title.split(' ').any(|part| part.starts_with(word.as_str()) || text::distance(part, word) <= 1)
        })
    };
    Ok(found.into_iter().filter(|entry| named(&entry.title)).map(|entry| entry.subject_id).collect())
}

/// « Yes », « no longer », or nothing for who was never shown to the public.
fn judge(sheet: &Sheet, today: Date) -> Option<Answer> {
    let person = &sheet.person;
    person.first_published_at?;
    let is_public = sheet.is_public(today);
    let holding = sheet.main(today)?;
    // Someone in post whose sheet is hidden for now is neither confirmed nor denied.
    if !is_public && !holding.mandate.is_over(today) {
        return None;
    }
    let day = |day: Option<Date>| day.map(Date::long).unwrap_or_default();
    Some(Answer {
        name: person.name(),
        url: is_public.then(|| person.public_url()),
        structure: holding.structure.name.clone(),
        place: holding.structure.commune.clone().unwrap_or_default(),
        since: day(holding.mandate.started_on),
        until: day(holding.mandate.ended_on),
    })
}
