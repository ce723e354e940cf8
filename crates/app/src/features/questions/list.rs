//! `/espace/accompagnement/questions`: what is asked, what waits for an answer first, the oldest first; then what was answered.

use askama::Template;
use axum::response::Response;
use kit::db::{Date, Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Choice, Cx, Fields, Result, Tx, args, sql};

use super::policy::{Want, require};
use super::question::{self, ANSWERED_FROM, CATEGORIES, Question, STATES};
use crate::features::accounts::account::Account;
use crate::features::directory::export::Table;
use crate::features::directory::file;
use crate::features::support::{AboutLink, duration};

/// What the filter calls everything that waits, whatever its state.
const UNANSWERED: &str = "sans-reponse";
/// After every key.
const LAST: &str = "2";
/// Words of the title that a search looks for; more say nothing more.
const MOST_WORDS: usize = 3;
/// An export holds at most this many.
const MOST_EXPORTED: usize = 10_000;

struct Row {
    question: Question,
    about: Option<AboutLink>,
    asker: Option<AboutLink>,
    owner: String,
    is_to_review: bool,
}

#[derive(Template)]
#[template(path = "questions/list.html")]
struct QuestionsPage {
    frame: Frame,
    rows: Vec<Row>,
    query: Fields,
    states: Vec<Choice>,
    categories: Vec<Choice>,
    uri: String,
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

impl QuestionsPage {
    fn is_narrowed(&self) -> bool {
        ["q", "etat", "categorie"].iter().any(|name| !self.query.get(name).is_empty())
    }
}

/// What a list is narrowed to.
struct Sought {
    /// Folded words of the title, as patterns; empty for none.
    words: [String; MOST_WORDS],
    state: Option<&'static str>,
    category: Option<&'static str>,
    /// Keys before this one.
    until: &'static str,
}

impl Sought {
    fn of(query: &Fields) -> Self {
        let named = kit::text::fold(query.get("q"));
        let mut words = named.split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%"));
        Self {
            words: std::array::from_fn(|_| words.next().unwrap_or_default()),
            state: STATES.iter().map(|(code, ..)| *code).find(|code| *code == query.get("etat")),
            category: CATEGORIES.iter().map(|(code, _)| *code).find(|code| *code == query.get("categorie")),
            until: if query.get("etat") == UNANSWERED { ANSWERED_FROM } else { LAST },
        }
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    if query.has("format") {
        let (rows, _) = rows(&cx, &mut tx, &query, &Cursor::default(), MOST_EXPORTED).await?;
        return file(query.get("format"), &table(&cx, &rows));
    }
    let cursor = Cursor::read(query.get("apres"));
    let (rows, next) = rows(&cx, &mut tx, &query, &cursor, PAGE).await?;
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    let mut states = vec![Choice::new(UNANSWERED, "Sans réponse")];
    states.extend(STATES.iter().map(|(code, label, _)| Choice::new(*code, *label)));
    Ok(page(&QuestionsPage {
        frame: cx.frame("Questions"),
        rows,
        query,
        states,
        categories: question::categories(),
        uri: cx.uri.clone(),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: cursor.id.map(|_| with_params(&cx.uri, &[("apres", "")])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
    }))
}

async fn rows(
    cx: &Cx,
    tx: &mut Tx,
    query: &Fields,
    cursor: &Cursor,
    most: usize,
) -> Result<(Vec<Row>, Option<String>)> {
    let network = cx.network.id;
    let after = (cursor.key.as_deref().unwrap_or_default(), cursor.id.as_deref().unwrap_or_default());
    let one_more = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let found = find(tx, network, &Sought::of(query), after, one_more).await?;
    let (found, next) = pager::page(found, most, |one| (one.order_key.clone(), one.id.to_string()));
    let mut owners: Vec<Id> = found.iter().filter_map(|question| question.owner_id).collect();
    owners.sort();
    owners.dedup();
    let accounts: Vec<Account> = tx.all_in(network, "id", &owners).await?;
    Ok((found.into_iter().map(|question| row(cx, question, &accounts)).collect(), next))
}

fn row(cx: &Cx, question: Question, accounts: &[Account]) -> Row {
    let owner = accounts.iter().find(|account| Some(account.id) == question.owner_id);
    Row {
        about: question.about(),
        asker: question.asker_sheet(),
        owner: owner.map(|account| account.name.clone()).unwrap_or_default(),
        is_to_review: question.is_to_review(cx.today()),
        question,
    }
}

fn table(cx: &Cx, rows: &[Row]) -> Table {
    let headings = [
        "Question",
        "Détail",
        "Catégorie",
        "Canal",
        "Posée le",
        "Posée par",
        "À propos de",
        "État",
        "Suivie par",
        "Réponse",
        "Sources",
        "À revoir le",
        "Temps passé",
        "Répondue le",
        "Ajoutée par",
    ];
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let long = |at: Timestamp| at.long_in(cx.network.zone());
    let line = |row: &Row| {
        let question = &row.question;
        vec![
            question.title.clone(),
            text(&question.body),
            question.category_label().to_owned(),
            question.channel_label().to_owned(),
            question.asked_on.short(),
            question.asker.clone(),
            text(&question.about_label),
            question.state_label().to_owned(),
            row.owner.clone(),
            text(&question.answer),
            text(&question.sources),
            question.review_on.map(Date::short).unwrap_or_default(),
            question.minutes.map(duration::say).unwrap_or_default(),
            question.answered_at.map(long).unwrap_or_default(),
            question.created_by.clone(),
        ]
    };
    Table {
        name: format!("questions-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.iter().map(line).collect(),
    }
}

/// Those sought, in the order of the list, after a place in it. One state is an index of its own.
async fn find(
    tx: &mut Tx,
    network: Id,
    sought: &Sought,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Question>> {
    let [first, second, third] = &sought.words;
    let Some(state) = sought.state else {
        let sql = sql!(
            "select network_id, id, title, title_key, body, category, channel, asked_on, order_key, asker, ",
            "asker_kind, asker_id, asker_url, about_kind, about_id, about_label, about_url, answer, sources, ",
            "review_on, minutes, state, owner_id, created_by, created_at, updated_at, answered_at, version ",
            "from question where network_id = $1 and (order_key, id) > ($2, $3) and order_key < $4 ",
            "and ($5 = '' or title_key like $5) and ($6 = '' or title_key like $6) ",
            "and ($7 = '' or title_key like $7) and (cast($8 as text) is null or category = $8) ",
            "order by order_key, id limit $9"
        );
        let until = sought.until;
        let args = args![network, after.0, after.1, until, first, second, third, sought.category, most];
        return tx.all(sql, args).await;
    };
    let sql = sql!(
        "select network_id, id, title, title_key, body, category, channel, asked_on, order_key, asker, ",
        "asker_kind, asker_id, asker_url, about_kind, about_id, about_label, about_url, answer, sources, ",
        "review_on, minutes, state, owner_id, created_by, created_at, updated_at, answered_at, version ",
        "from question where network_id = $1 and state = $4 and (order_key, id) > ($2, $3) ",
        "and ($5 = '' or title_key like $5) and ($6 = '' or title_key like $6) ",
        "and ($7 = '' or title_key like $7) and (cast($8 as text) is null or category = $8) ",
        "order by order_key, id limit $9"
    );
    let args = args![network, after.0, after.1, state, first, second, third, sought.category, most];
    tx.all(sql, args).await
}
