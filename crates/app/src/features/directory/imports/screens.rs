//! `/espace/reseau/imports`: send a file, say what its columns mean, see what would happen, do it, undo it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::jobs;
use kit::progress::Stage;
use kit::trail::{self, Act};
use kit::web::frame::Frame;
use kit::web::respond::{download, go, go_saying, page, refused};
use kit::web::upload::Upload;
use kit::{Choice, Cx, Error, Fields, Network, Result, args, sql, text};

use super::plan::Report;
use super::table::{self, Kind};
use super::{ApplyImport, Import, Review, ReviewSheet, apply as applying, read_again};
use crate::features::directory::policy::{Want, require};
use crate::features::directory::vocabulary::{List, Vocabulary};

/// Lines of a long report shown on screen; the rest is counted.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "directory/imports/list.html")]
struct ListPage {
    frame: Frame,
    form: Fields,
    imports: Vec<(Import, String, Report)>,
}

async fn list_page(cx: &Cx, form: Fields) -> Result<ListPage> {
    let mut tx = cx.read().await?;
    let sql = sql!(
        "select network_id, id, file_name, stored_as, state, author, account_id, choices, cast(null as text) as plan, ",
        "report, failure, created_at, applied_at, undone_at, version from import where network_id = $1 ",
        "order by id desc limit 20"
    );
    let imports: Vec<Import> = tx.all(sql, args![cx.network.id]).await?;
    let imports = imports
        .into_iter()
        .map(|import| {
            let report = import.report();
            (import.clone(), import.created_at.long_in(cx.network.zone()), report)
        })
        .collect();
    Ok(ListPage { frame: cx.frame("Importer un tableau"), form, imports })
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    Ok(page(&list_page(&cx, Fields::default()).await?))
}

/// Takes a file; it is read by a job, whose progress the next page shows.
pub async fn upload(cx: Cx, upload: Upload) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let Some((name, bytes)) = upload.file else {
        let mut form = upload.fields;
        form.reject("fichier", "Choisissez un fichier : XLSX, ODS ou CSV.");
        return Ok(refused(&list_page(&cx, form).await?));
    };
    let stored_as = cx.app.files.put(cx.network.id, bytes).await?;
    let mut tx = cx.write().await?;
    let import = super::add(&mut tx, &cx.actor(), &name, stored_as, "reading").await?;
    jobs::add(&mut tx, cx.network.id, cx.now, &super::ReadImport { import_id: import.id }).await?;
    tx.commit().await?;
    if cx.wants_json {
        return Ok(kit::web::respond::json(&serde_json::json!({ "goto": import.url() })));
    }
    Ok(go(&import.url()))
}

#[derive(Template)]
#[template(path = "directory/imports/import.html")]
struct ImportPage {
    frame: Frame,
    import: Import,
    stage: Stage,
    sheets: Vec<SheetView>,
    report: Report,
    ignored: usize,
    fill_only: bool,
}

/// A sheet with what each of its columns may be said to mean.
struct SheetView {
    sheet: ReviewSheet,
    choices: Vec<Choice>,
    columns: Vec<ColumnView>,
}

struct ColumnView {
    name: String,
    column: table::Column,
}

impl ImportPage {
    fn is_waiting(&self) -> bool {
        matches!(self.import.state.as_str(), "reading" | "applying")
    }
}

async fn import_page(cx: &Cx, id: Id) -> Result<ImportPage> {
    let mut tx = cx.read().await?;
    let import: Import = tx.get(cx.network.id, id).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let Review { sheets, report } = import.review();
    let report = if import.report.is_some() { import.report() } else { report };
    let networks = vocabulary.choices(List::SocialNetwork);
    let ignored = sheets.iter().flat_map(|s| &s.columns).filter(|c| c.field.is_none()).count();
    let sheets = sheets
        .into_iter()
        .map(|sheet| SheetView {
            choices: table::choices(sheet.kind, &networks),
            columns: sheet
                .columns
                .iter()
                .map(|column| ColumnView {
                    name: column_name(&sheet.name, &column.heading),
                    column: column.clone(),
                })
                .collect(),
            sheet,
        })
        .collect();
    Ok(ImportPage {
        frame: cx.frame(format!("Import «\u{a0}{}\u{a0}»", import.file_name)),
        stage: cx.app.progress.of(id).unwrap_or_default(),
        fill_only: import.choices().fill_only,
        import,
        sheets,
        report,
        ignored,
    })
}

/// Name of the form field that says what a column means.
fn column_name(sheet: &str, heading: &str) -> String {
    format!("colonne:{sheet}|{}", text::fold(heading))
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    Ok(page(&import_page(&cx, id).await?))
}

#[derive(Template)]
#[template(path = "directory/imports/progress.html")]
struct ProgressPart {
    import: Import,
    stage: Stage,
}

impl ProgressPart {
    fn is_waiting(&self) -> bool {
        matches!(self.import.state.as_str(), "reading" | "applying")
    }
}

/// The progress bar alone, which the page asks for again and again.
pub async fn progress(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let import: Import = tx.get(cx.network.id, id).await?;
    Ok(page(&ProgressPart { stage: cx.app.progress.of(id).unwrap_or_default(), import }))
}

/// Takes what was said of columns and duplicates, remembers the columns for next time, and plans again.
pub async fn review(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut import: Import = tx.get(cx.network.id, id).await?;
    if import.state != "review" && import.state != "refused" {
        return Err(Error::Stale);
    }
    let mut choices = import.choices();
    let sheets = import.review().sheets;
    for sheet in &sheets {
        for column in &sheet.columns {
            let name = column_name(&sheet.name, &column.heading);
            if !form.has(&name) {
                continue;
            }
            let field = form.get(&name).to_owned();
            if field != column.field.clone().unwrap_or_default() {
                remember(&mut tx, &cx, sheet.kind, &column.heading, &field).await?;
            }
            choices.columns.insert(format!("{}|{}", sheet.name, text::fold(&column.heading)), field);
        }
    }
    take_decisions(&form, &mut choices);
    import.choices = serde_json::to_string(&choices).map_err(Error::bug)?;
    read_again(&mut tx, &mut import, cx.now).await?;
    tx.commit().await?;
    Ok(go(&import.url()))
}

fn take_decisions(form: &Fields, choices: &mut super::Choices) {
    for name in form.names().filter_map(|name| name.strip_prefix("doublon:")) {
        choices.same.insert(name.to_owned(), form.get(&format!("doublon:{name}")) == "reunir");
    }
    if form.has("existants") {
        choices.fill_only = form.get("existants") == "completer";
    }
}

async fn remember(tx: &mut kit::Tx, cx: &Cx, kind: Kind, heading: &str, field: &str) -> Result<()> {
    let sql = sql!(
        "insert into import_heading (network_id, sheet_kind, heading_key, field, decided_at) ",
        "values ($1, $2, $3, $4, $5) on conflict (network_id, sheet_kind, heading_key) ",
        "do update set field = $4, decided_at = $5"
    );
    tx.run(sql, args![cx.network.id, kind.code(), text::fold(heading), field, cx.now]).await.map(|_| ())
}

/// Starts the import proper. With rejected rows it takes « importer le reste » to go on.
pub async fn apply(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut import: Import = tx.get(cx.network.id, id).await?;
    if import.state != "review" {
        return Err(Error::Stale);
    }
    let mut choices = import.choices();
    take_decisions(&form, &mut choices);
    choices.skip_rejected = form.flag("reste");
    if !import.review().report.rejected.is_empty() && !choices.skip_rejected {
        return Err(Error::refused(
            "Des lignes ne nomment personne : corrigez le fichier, ou cochez « Importer le reste ».",
        ));
    }
    import.choices = serde_json::to_string(&choices).map_err(Error::bug)?;
    import.state = "applying".to_owned();
    tx.save(&mut import).await?;
    jobs::add(&mut tx, cx.network.id, cx.now, &ApplyImport { import_id: id }).await?;
    tx.commit().await?;
    Ok(go(&import.url()))
}

/// Undoes a whole import.
pub async fn cancel(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut import: Import = tx.get(cx.network.id, id).await?;
    if import.state != "done" {
        return Err(Error::refused("Cet import n’est pas terminé, ou il a déjà été annulé."));
    }
    let actor = cx.actor();
    let left = applying::undo(&mut tx, &actor, id).await?;
    import.state = "undone".to_owned();
    import.undone_at = Some(cx.now);
    tx.save(&mut import).await?;
    trail::record(&mut tx, &actor, Act::new("import.undone", import.subject())).await?;
    tx.commit().await?;
    let said = match left.kept.len() {
        0 => "Import annulé : tout est comme avant.".to_owned(),
        n => format!(
            "Import annulé, sauf {n} élément{} modifié{} depuis : {}.",
            if n > 1 { "s" } else { "" },
            if n > 1 { "s" } else { "" },
            left.kept.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
        ),
    };
    Ok(go_saying("/espace/reseau/imports", &said))
}

/// An empty workbook with the headings that are understood.
pub async fn template(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let headings: Vec<String> = [
        "Nom",
        "Prénom",
        "Structure employeur",
        "Fonction",
        "Courriel",
        "Téléphone",
        "Commune",
        "Date d’entrée",
        "Date de sortie",
        "Charte",
        "Instagram",
        "Snapchat",
        "Discord",
        "Facebook",
        "Permanences en ligne",
        "Remarques",
    ]
    .map(str::to_owned)
    .to_vec();
    let bytes = documents::workbook::write("Promeneurs", &headings, &[]).map_err(Error::bug)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(&file_name(&cx.network), kind, bytes))
}

fn file_name(network: &Network) -> String {
    format!("modele-annuaire-{}.xlsx", network.code)
}
