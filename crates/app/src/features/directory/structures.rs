//! `/espace/reseau/structures`: every structure, narrowed, sorted, exported.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::PAGE;
use kit::web::respond::{download, page};
use kit::{Choice, Cx, Network, Result};

use super::export::{self, Describe};
use super::listing::{self, Controls, Filter, Page, Plan, Sort};
use super::mediation;
use super::policy::{Want, may, require};
use super::structure::{self, Structure};
use super::vocabulary::{List, Vocabulary};

const SORTS: [Sort; 4] = [
    Sort { param: "nom", label: "Nom", facet: "structure" },
    Sort { param: "commune", label: "Commune", facet: "structure.by_commune" },
    Sort { param: "statut", label: "Statut", facet: "structure.by_status" },
    Sort { param: "modifie", label: "Modification", facet: "structure.by_update" },
];

struct Row {
    structure: Structure,
    kind: String,
    held: usize,
}

#[derive(Template)]
#[template(path = "directory/structures.html")]
struct StructuresPage {
    frame: Frame,
    page: Page,
    controls: Controls,
    rows: Vec<Row>,
    may_keep: bool,
    is_empty_network: bool,
}

pub(super) fn filters(vocabulary: &Vocabulary, network: &Network) -> Vec<Filter> {
    let communes = kit::territory::communes_of(&network.code);
    let mut places: Vec<Choice> = communes.map(|c| Choice::new(&c.code, &c.name)).collect();
    places.sort_by_key(|choice| kit::text::fold(&choice.label));
    let yes_no = |yes, no| vec![Choice::new("yes", yes), Choice::new("no", no)];
    let filter = |param, label, facet, choices| Filter { param, label, facet, choices };
    vec![
        filter("statut", "Statut", "structure.status", structure::status_choices()),
        filter("type", "Type", "structure.type", vocabulary.choices(List::StructureType)),
        filter("commune", "Commune", "structure.commune", places),
        filter("poste", "Postes", "structure.vacancy", yes_no("Poste à pourvoir", "Au complet")),
        filter("publie", "Site public", "structure.published", yes_no("Publiée", "Non publiée")),
    ]
}

pub(super) fn plan(filters: &[Filter]) -> Plan<'_> {
    Plan {
        kind: "structure",
        all: "structure",
        filters,
        sorts: &SORTS,
        audiences: &["network"],
        with_cards: false,
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadNetwork)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let filters = filters(&vocabulary, &cx.network);
    if query.get("format") == "mediation" {
        let file = mediation::file(&mut tx, &cx.network, cx.today()).await?;
        return Ok(download(&file.name, "text/csv; charset=utf-8", file.bytes));
    }
    let found = match query.has("format") {
        true => Page {
            ids: listing::all(&mut tx, cx.network.id, &plan(&filters), &query).await?,
            ..Page::default()
        },
        false => listing::find(&mut tx, cx.network.id, &plan(&filters), &query, PAGE).await?,
    };
    let structures: Vec<Structure> = tx.all_in(cx.network.id, "id", &found.ids).await?;
    let structures = listing::in_order(&found.ids, structures, |s| s.id);
    let held = export::with_held(&mut tx, cx.network.id, structures).await?;
    if query.has("format") {
        let describe = Describe { vocabulary: &vocabulary, conditions: Vec::new(), today: cx.today() };
        return super::people::file(query.get("format"), &describe.structures(&cx.network, &held));
    }
    let rows: Vec<Row> = held
        .into_iter()
        .map(|(structure, held)| Row {
            kind: vocabulary.label_of(List::StructureType, structure.kind.as_deref()),
            held,
            structure,
        })
        .collect();
    let controls = Controls::new(&cx.uri, query, filters, &found);
    Ok(page(&StructuresPage {
        frame: cx.frame("Structures"),
        is_empty_network: found.total == 0 && controls.chips.is_empty(),
        page: found,
        controls,
        rows,
        may_keep: may(visitor, Want::Keep),
    }))
}
