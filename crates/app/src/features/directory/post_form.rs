//! Posts: opened from a structure or for a person, changed at `/espace/reseau/postes/{id}/modifier`.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx, args, sql};

use super::mandate::{self, Mandate, charter_choices};
use super::person::{self, Person};
use super::policy::{Want, require};
use super::structure::{self, Structure};
use crate::features::Origin;

#[derive(Template)]
#[template(path = "directory/post_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    structure: Option<Structure>,
    person: Option<Person>,
    structures: Vec<Choice>,
    people: Vec<Choice>,
    charter: Vec<Choice>,
    stored: Option<Mandate>,
    action: String,
    back: String,
    /// The decisions that suspended it or ended it.
    follows: Vec<Origin>,
}

impl FormPage {
    async fn load_choices(&mut self, tx: &mut Tx, network: Id) -> Result<()> {
        if self.structure.is_none() {
            self.structures = super::person_form::structure_choices(tx, network).await?;
        }
        if self.person.is_none() {
            self.people = people_choices(tx, network).await?;
        }
        Ok(())
    }

    fn read(&self, form: &mut Fields, mandate: &mut Mandate) {
        mandate.rank = form.number("rang", 1..=50).unwrap_or(mandate.rank);
        mandate.started_on = form.date("debut");
        mandate.ended_on = form.date("fin");
        mandate.weekly_hours = form.parse("heures", hours);
        mandate.charter = form.choice("charte", &self.charter).unwrap_or_else(|| mandate.charter.clone());
        mandate.charter_signed_on = form.date("charte_le");
        mandate.info_sheet_on = form.date("fiche_le");
        mandate.national_listing_on = form.date("national_le");
        mandate.national_listing_url = form.parse("national_url", super::cleaning::website::read);
        mandate.training_on = form.date("formation_le");
        mandate.job_description_on = form.date("poste_le");
        mandate.absent_from = form.date("absent_du");
        mandate.absent_until = form.date("absent_au");
        mandate.note = form.watched("note", 2000, mandate.note.as_deref());
        before(form, "fin", mandate.started_on, mandate.ended_on, "La fin ne peut pas précéder le début.");
        before(
            form,
            "absent_au",
            mandate.absent_from,
            mandate.absent_until,
            "Le retour ne peut pas précéder le départ en absence.",
        );
        if mandate.charter_signed_on.is_some() && mandate.charter != "signed" {
            form.reject("charte", "Une date de signature est indiquée : choisissez « Signée ».");
        }
    }
}

fn before(form: &mut Fields, name: &str, start: Option<Date>, end: Option<Date>, message: &str) {
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        form.reject(name, message);
    }
}

/// « 5,5 » or « 5.5 » hours a week, at most 48.
pub(super) fn hours(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches(['h', ' ']).replace(',', ".").parse::<f64>().ok();
    let fitting = number.filter(|n| (0.0..=48.0).contains(n));
    fitting.ok_or_else(|| "Indiquez un nombre d’heures par semaine entre 0 et 48.".to_owned())
}

async fn people_choices(tx: &mut Tx, network: Id) -> Result<Vec<Choice>> {
    let sql = sql!(
        "select id, last_name || ' ' || first_name from person where network_id = $1 and deleted_at is null ",
        "order by name_key limit 2000"
    );
    let rows: Vec<(Id, String)> = tx.all(sql, args![network]).await?;
    Ok(rows.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
}

fn typed(m: &Mandate) -> Fields {
    let day = |value: Option<Date>| value.map(|d| d.to_string()).unwrap_or_default();
    Fields::of([
        ("rang", m.rank.to_string()),
        ("debut", day(m.started_on)),
        ("fin", day(m.ended_on)),
        ("heures", m.weekly_hours.map(|h| h.to_string().replace('.', ",")).unwrap_or_default()),
        ("charte", m.charter.clone()),
        ("charte_le", day(m.charter_signed_on)),
        ("fiche_le", day(m.info_sheet_on)),
        ("national_le", day(m.national_listing_on)),
        ("national_url", m.national_listing_url.clone().unwrap_or_default()),
        ("formation_le", day(m.training_on)),
        ("poste_le", day(m.job_description_on)),
        ("absent_du", day(m.absent_from)),
        ("absent_au", day(m.absent_until)),
        ("note", m.note.clone().unwrap_or_default()),
        ("version", m.version.to_string()),
    ])
}

fn form_page(cx: &Cx, title: String, action: String, back: String, form: Fields) -> FormPage {
    FormPage {
        frame: cx.frame(title),
        form,
        structure: None,
        person: None,
        structures: Vec::new(),
        people: Vec::new(),
        charter: charter_choices(),
        stored: None,
        action,
        back,
        follows: Vec::new(),
    }
}

async fn for_structure(cx: &Cx, tx: &mut Tx, id: Id) -> Result<FormPage> {
    let structure = structure::find(tx, cx.network.id, id).await?;
    let rank = mandate::free_rank(tx, cx.network.id, id).await?;
    let mut form = typed(&Mandate::new(cx.network.id, cx.now, id, rank, None));
    form.set("debut", cx.today().to_string());
    let url = structure.url();
    let mut page = form_page(
        cx,
        format!("Ouvrir un poste – {}", structure.name),
        format!("{url}/postes/nouveau"),
        url,
        form,
    );
    page.structure = Some(structure);
    page.load_choices(tx, cx.network.id).await?;
    Ok(page)
}

async fn for_person(cx: &Cx, tx: &mut Tx, id: Id) -> Result<FormPage> {
    let person = person::find(tx, cx.network.id, id).await?;
    let mut form = typed(&Mandate::new(cx.network.id, cx.now, id, 1, Some(id)));
    form.set("debut", cx.today().to_string());
    form.set("rang", "");
    let url = person.url();
    let mut page = form_page(
        cx,
        format!("Donner un poste à {}", person.name()),
        format!("{url}/postes/nouveau"),
        url,
        form,
    );
    page.person = Some(person);
    page.load_choices(tx, cx.network.id).await?;
    Ok(page)
}

pub async fn blank_in_structure(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&for_structure(&cx, &mut tx, id).await?))
}

pub async fn blank_for_person(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&for_person(&cx, &mut tx, id).await?))
}

pub async fn open_in_structure(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let page = for_structure(&cx, &mut tx, id).await?;
    open(cx, tx, page, form).await
}

pub async fn open_for_person(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let page = for_person(&cx, &mut tx, id).await?;
    open(cx, tx, page, form).await
}

async fn open(cx: Cx, mut tx: Tx, mut page: FormPage, mut form: Fields) -> Result<Response> {
    let structure_id = match &page.structure {
        Some(structure) => Some(structure.id),
        None => form.choice("structure", &page.structures).and_then(|id| id.parse().ok()),
    };
    let Some(structure_id) = structure_id else {
        form.reject("structure", "Choisissez la structure.");
        page.form = form;
        return Ok(refused(&page));
    };
    let holder = match &page.person {
        Some(person) => Some(person.id),
        None => form.choice("personne", &page.people).and_then(|id| id.parse().ok()),
    };
    let rank = mandate::free_rank(&mut tx, cx.network.id, structure_id).await?;
    let mut new = Mandate::new(cx.network.id, cx.now, structure_id, rank, holder);
    page.read(&mut form, &mut new);
    let checked = form.check();
    let structure = structure::find(&mut tx, cx.network.id, structure_id).await?;
    let opened = match checked {
        Ok(()) => mandate::open(&mut tx, &cx.actor(), new, &structure, None).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(_) => {
            tx.commit().await?;
            Ok(go_saying(&page.back, "Poste ouvert."))
        }
        Err(Error::Refused(reason)) => {
            form.reject("rang", reason);
            page.form = form;
            Ok(refused(&page))
        }
        Err(Error::Invalid(_)) => {
            page.form = form;
            Ok(refused(&page))
        }
        Err(error) => Err(error),
    }
}

async fn stored_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<FormPage> {
    let stored = mandate::find(tx, cx.network.id, id).await?;
    let structure: Structure = tx.get(cx.network.id, stored.structure_id).await?;
    let holder = match stored.person_id {
        Some(id) => Some(tx.get::<Person>(cx.network.id, id).await?),
        None => None,
    };
    let back = holder.as_ref().map_or_else(|| structure.url(), Person::url);
    let title = format!("Poste n° {} – {}", stored.rank, structure.name);
    let mut page = form_page(cx, title, format!("/espace/reseau/postes/{id}/modifier"), back, typed(&stored));
    page.follows = super::person_sheet::decided(cx, tx, [&stored].into_iter()).await?;
    page.structure = Some(structure);
    page.person = holder;
    page.stored = Some(stored);
    page.load_choices(tx, cx.network.id).await?;
    Ok(page)
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&stored_page(&cx, &mut tx, id).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = stored_page(&cx, &mut tx, id).await?;
    let Some(stored) = page.stored.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let mut after = stored.clone();
    page.read(&mut form, &mut after);
    if stored.person_id.is_none() {
        after.person_id = form.choice("personne", &page.people).and_then(|id| id.parse().ok());
    }
    let saved = match form.check() {
        Ok(()) => mandate::change(&mut tx, &cx.actor(), &stored, after, "mandate.changed", None).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => {
            tx.commit().await?;
            Ok(go_saying(&page.back, "Poste enregistré."))
        }
        Err(Error::Refused(reason)) => {
            form.reject("rang", reason);
            page.form = form;
            Ok(refused(&page))
        }
        Err(Error::Invalid(_)) => {
            page.form = form;
            Ok(refused(&page))
        }
        Err(error) => Err(error),
    }
}
