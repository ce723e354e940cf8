//! `/espace/reseau/promeneurs`: every promeneur, narrowed, sorted, exported, published by the handful.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::pager::PAGE;
use kit::web::respond::{download, go_saying, page};
use kit::{Choice, Cx, Error, Fields, Network, Result, Tx};

use super::export::{Cell, Describe, PERSON_COLUMNS, Table};
use super::listing::{self, Controls, Filter, Page, Plan, Sort};
use super::mandate::{CHARTER_STATES, CONDITIONS, STANDINGS};
use super::person;
use super::policy::{Want, may, require};
use super::sheet::{self, Sheet};
use super::vocabulary::{List, Vocabulary};
use super::{thunderbird, vcard};

/// Shown beside the name unless told otherwise.
const FIRST_COLUMNS: &str = "structure,commune,situation,charte,entree,publie";

const SORTS: [Sort; 5] = [
    Sort { param: "nom", label: "Nom", facet: "person" },
    Sort { param: "structure", label: "Structure", facet: "person.by_structure" },
    Sort { param: "commune", label: "Commune", facet: "person.by_commune" },
    Sort { param: "entree", label: "Entrée", facet: "person.by_start" },
    Sort { param: "modifie", label: "Modification", facet: "person.by_update" },
];

/// A row of the list: its cells as text, in the order of the columns shown.
struct Row {
    id: Id,
    name: String,
    url: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "directory/people.html")]
struct PeoplePage {
    frame: Frame,
    page: Page,
    controls: Controls,
    rows: Vec<Row>,
    columns: Vec<(&'static str, &'static str, Option<&'static str>)>,
    column_choices: Vec<(Choice, bool)>,
    may_keep: bool,
    is_empty_network: bool,
}

fn filters(vocabulary: &Vocabulary, network: &Network) -> Vec<Filter> {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(c, l)| Choice::new(*c, *l)).collect::<Vec<_>>();
    let communes = kit::territory::communes_of(&network.code);
    let mut places: Vec<Choice> = communes.map(|c| Choice::new(&c.code, &c.name)).collect();
    places.sort_by_key(|choice| kit::text::fold(&choice.label));
    let filter = |param, label, facet, choices| Filter { param, label, facet, choices };
    vec![
        filter("situation", "Situation", "person.standing", pairs(&STANDINGS)),
        filter("manque", "Il manque", "person.missing", pairs(&CONDITIONS)),
        filter("charte", "Charte", "person.charter", pairs(&CHARTER_STATES)),
        filter(
            "publie",
            "Site public",
            "person.published",
            pairs(&[("yes", "Publié"), ("no", "Non publié")]),
        ),
        filter("commune", "Commune", "person.commune", places),
        filter("type", "Type de structure", "person.type", vocabulary.choices(List::StructureType)),
        filter("theme", "Thème", "person.theme", vocabulary.choices(List::Theme)),
        filter("reseau", "Réseau social", "person.network", vocabulary.choices(List::SocialNetwork)),
        filter("public", "Public", "person.audience", pairs(&[("jeunes", "Jeunes"), ("parents", "Parents")])),
    ]
}

fn plan(filters: &[Filter]) -> Plan<'_> {
    Plan { kind: "person", all: "person", filters, sorts: &SORTS, audiences: &["network"], with_cards: false }
}

/// The list, or with `format=csv`, `xlsx` or `vcf` the file of all that it holds.
pub async fn list(cx: Cx, query: kit::web::cx::Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadNetwork)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let filters = filters(&vocabulary, &cx.network);
    if query.has("format") {
        return export(&cx, &mut tx, &vocabulary, &filters, &query).await;
    }
    let found = listing::find(&mut tx, cx.network.id, &plan(&filters), &query, PAGE).await?;
    let sheets = sheet::load(&mut tx, cx.network.id, &found.ids).await?;
    let shown = shown_columns(&query);
    let describe = describe(&cx, &vocabulary);
    let rows = sheets.iter().map(|sheet| row(&describe, sheet, &shown)).collect();
    let columns = shown
        .iter()
        .map(|(code, label)| (*code, *label, SORTS.iter().find(|s| s.param == *code).map(|s| s.param)))
        .collect();
    let column_choices = PERSON_COLUMNS
        .iter()
        .map(|(code, label)| (Choice::new(*code, *label), shown.iter().any(|(c, _)| c == code)))
        .collect();
    let controls = Controls::new(&cx.uri, query, filters, &found);
    Ok(page(&PeoplePage {
        frame: cx.frame("Promeneurs"),
        is_empty_network: found.total == 0 && controls.chips.is_empty(),
        page: found,
        controls,
        rows,
        columns,
        column_choices,
        may_keep: may(visitor, Want::Keep),
    }))
}

fn shown_columns(query: &Fields) -> Vec<(&'static str, &'static str)> {
    let asked = query.many("colonnes");
    let asked: Vec<&str> = if asked.is_empty() {
        FIRST_COLUMNS.split(',').collect()
    } else {
        asked.iter().flat_map(|c| c.split(',')).collect()
    };
    PERSON_COLUMNS.into_iter().filter(|(code, _)| asked.contains(code)).collect()
}

fn describe<'a>(cx: &Cx, vocabulary: &'a Vocabulary) -> Describe<'a> {
    Describe { vocabulary, conditions: cx.network.settings().active_conditions, today: cx.today() }
}

fn row(describe: &Describe, sheet: &Sheet, columns: &[(&'static str, &'static str)]) -> Row {
    Row {
        id: sheet.person.id,
        name: format!("{} {}", sheet.person.last_name, sheet.person.first_name).trim().to_owned(),
        url: sheet.person.url(),
        cells: columns.iter().map(|(code, label)| describe.person(sheet, code, label)).collect(),
    }
}

async fn export(
    cx: &Cx,
    tx: &mut Tx,
    vocabulary: &Vocabulary,
    filters: &[Filter],
    query: &Fields,
) -> Result<Response> {
    let ids = listing::all(tx, cx.network.id, &plan(filters), query).await?;
    if query.get("format") == "vcf" {
        return vcard::of_list(cx, tx, &ids).await;
    }
    if query.get("format") == "thunderbird" {
        let bytes = thunderbird::of_list(tx, &cx.network, cx.today(), &ids).await?;
        let name = format!("carnet-thunderbird-{}-{}.csv", cx.network.code, cx.today());
        return Ok(download(&name, "text/csv; charset=utf-8", bytes));
    }
    let shown =
        if query.many("colonnes").is_empty() { PERSON_COLUMNS.to_vec() } else { shown_columns(query) };
    let table = describe(cx, vocabulary).people(tx, &cx.network, &ids, &shown).await?;
    file(query.get("format"), &table)
}

/// A list as a file: `csv` for French Excel, `xlsx`.
pub fn file(format: &str, table: &Table) -> Result<Response> {
    match format {
        "csv" => Ok(download(&format!("{}.csv", table.name), "text/csv; charset=utf-8", table.csv()?)),
        "xlsx" => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(download(&format!("{}.xlsx", table.name), kind, table.xlsx()?))
        }
        _ => Err(Error::NotFound),
    }
}

/// Publishes or takes off the people ticked in the list. What cannot be published is said, the rest is done.
pub async fn act(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let ids: Vec<Id> = form.many("id").iter().filter_map(|id| id.parse().ok()).take(500).collect();
    let back = if form.get("retour").starts_with("/espace/reseau/promeneurs") {
        form.get("retour")
    } else {
        "/espace/reseau/promeneurs"
    };
    if ids.is_empty() {
        return Ok(go_saying(back, "Cochez d’abord les fiches concernées."));
    }
    let mut tx = cx.write().await?;
    let actor = cx.actor();
    let (mut done, mut left) = (0, Vec::new());
    for id in ids {
        let acted = match form.get("action") {
            "publier" => person::publish(&mut tx, &actor, id).await.map(|_| ()),
            "depublier" => person::unpublish(&mut tx, &actor, id, None).await.map(|_| ()),
            _ => return Err(Error::refused("Action inconnue.")),
        };
        match acted {
            Ok(()) => done += 1,
            Err(Error::Refused(reason)) => left.push(reason),
            Err(error) => return Err(error),
        }
    }
    tx.commit().await?;
    let verb = if form.get("action") == "publier" { "en ligne" } else { "hors ligne" };
    let mut said = match done {
        0 => format!("Aucune fiche mise {verb}."),
        1 => format!("1 fiche mise {verb}."),
        n => format!("{n} fiches mises {verb}."),
    };
    for reason in left.iter().take(3) {
        said.push(' ');
        said.push_str(reason);
    }
    Ok(go_saying(back, &said))
}
