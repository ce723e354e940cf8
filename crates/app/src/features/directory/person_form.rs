//! `/espace/reseau/promeneurs/nouveau` and `/{id}/modifier`: who someone is, and what the public sees of it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::cleaning::{name, phone};
use super::mandate::{self, Mandate};
use super::person::{self, Person};
use super::policy::{Want, require};
use super::vocabulary::{List, Vocabulary};
use super::{duplicates, structure};

#[derive(Template)]
#[template(path = "directory/person_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    themes: Vec<Choice>,
    structures: Vec<Choice>,
    fields: Vec<Choice>,
    /// The person as stored, when one is changed.
    stored: Option<Person>,
    similar: Vec<Person>,
    action: String,
    draft: String,
}

impl FormPage {
    async fn new(cx: &Cx, tx: &mut Tx, form: Fields, stored: Option<Person>) -> Result<Self> {
        let vocabulary = Vocabulary::load(tx, &cx.network).await?;
        let title =
            stored.as_ref().map_or("Ajouter un promeneur".to_owned(), |p| format!("Modifier {}", p.name()));
        let action = stored
            .as_ref()
            .map_or("/espace/reseau/promeneurs/nouveau".to_owned(), |p| format!("{}/modifier", p.url()));
        let structures = match stored {
            Some(_) => Vec::new(),
            None => structure_choices(tx, cx.network.id).await?,
        };
        Ok(Self {
            frame: cx.frame(title),
            form,
            themes: vocabulary.choices(List::Theme),
            structures,
            fields: person::FIELDS.iter().map(|(c, l)| Choice::new(*c, *l)).collect(),
            draft: action.clone(),
            action,
            stored,
            similar: Vec::new(),
        })
    }
}

/// Structures to choose from, by name.
pub(super) async fn structure_choices(tx: &mut Tx, network: Id) -> Result<Vec<Choice>> {
    let sql = kit::sql!(
        "select id, name from structure where network_id = $1 and deleted_at is null order by name_key limit 1000"
    );
    let rows: Vec<(Id, String)> = tx.all(sql, kit::args![network]).await?;
    Ok(rows.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
}

fn typed(person: &Person) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let tick = |on: bool| if on { "1".to_owned() } else { String::new() };
    let mut form = Fields::of([
        ("prenom", person.first_name.clone()),
        ("nom", person.last_name.clone()),
        ("fonction", text(&person.job_title)),
        ("courriel", text(&person.email)),
        ("telephone", person.phone.as_deref().map(phone::display).unwrap_or_default()),
        ("presentation", text(&person.presentation)),
        ("jeunes", tick(person.for_youth)),
        ("parents", tick(person.for_parents)),
        ("note", text(&person.note)),
        ("version", person.version.to_string()),
    ]);
    person.theme_codes().iter().for_each(|code| form.add("themes", *code));
    person.visible.split(',').for_each(|code| form.add("visible", code));
    form
}

/// Reads the form into a person; what is wrong is noted in the form.
fn read(form: &mut Fields, person: &mut Person, themes: &[Choice]) {
    person.first_name = name::person(&form.required("prenom", 80, "Indiquez le prénom."));
    person.last_name = name::person(&form.required("nom", 80, "Indiquez le nom."));
    person.name_key = person::name_key(&person.first_name, &person.last_name);
    person.job_title = form.text("fonction", 120);
    person.email = form.email("courriel");
    person.phone = form.parse("telephone", phone::read);
    person.presentation =
        form.watched("presentation", structure::MOST_PRESENTATION, person.presentation.as_deref());
    person.for_youth = form.flag("jeunes");
    person.for_parents = form.flag("parents");
    if !person.for_youth && !person.for_parents {
        form.reject("jeunes", "Indiquez au moins un public : jeunes ou parents.");
    }
    let known = |codes: Vec<&str>, choices: &[Choice]| {
        let kept: Vec<&str> = codes.into_iter().filter(|c| choices.iter().any(|k| k.value == *c)).collect();
        kept.join(",")
    };
    person.themes = known(form.many("themes"), themes);
    let fields: Vec<Choice> = person::FIELDS.iter().map(|(c, l)| Choice::new(*c, *l)).collect();
    person.visible = known(form.many("visible"), &fields);
    person.note = form.watched("note", 2000, person.note.as_deref());
}

pub async fn blank(cx: Cx, query: kit::web::cx::Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let mut form = typed(&Person::named(cx.network.id, cx.now, "", ""));
    form.set("structure", query.0.get("structure"));
    Ok(page(&FormPage::new(&cx, &mut tx, form, None).await?))
}

/// Adds someone, with the post they come for when a structure is chosen.
pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut person = Person::named(cx.network.id, cx.now, "", "");
    let mut page = FormPage::new(&cx, &mut tx, Fields::default(), None).await?;
    read(&mut form, &mut person, &page.themes);
    let place = form.choice("structure", &page.structures).and_then(|id| id.parse::<Id>().ok());
    let started_on = form.date("debut");
    if form.errors().is_empty() && !form.flag("distinct") {
        page.similar = duplicates::like(&mut tx, &person).await?;
        if !page.similar.is_empty() {
            form.reject(
                "distinct",
                "Quelqu’un de semblable est déjà dans l’annuaire : vérifiez avant d’ajouter.",
            );
        }
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    person.slug = person::free_slug(&mut tx, cx.network.id, &person.name(), &Default::default()).await?;
    let actor = cx.actor();
    person::add(&mut tx, &actor, std::slice::from_ref(&person), None).await?;
    if let Some(place) = place {
        let structure = structure::find(&mut tx, cx.network.id, place).await?;
        let rank = mandate::free_rank(&mut tx, cx.network.id, place).await?;
        let mut post = Mandate::new(cx.network.id, cx.now, place, rank, Some(person.id));
        post.started_on = started_on.or(Some(cx.today()));
        mandate::open(&mut tx, &actor, post, &structure, None).await?;
    }
    tx.commit().await?;
    Ok(go_saying(&person.url(), "Fiche créée."))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let person = person::find(&mut tx, cx.network.id, id).await?;
    Ok(page(&FormPage::new(&cx, &mut tx, typed(&person), Some(person)).await?))
}

/// Saves a sheet; when someone else saved it meanwhile, both texts are shown.
pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let stored = person::find(&mut tx, cx.network.id, id).await?;
    let mut page = FormPage::new(&cx, &mut tx, Fields::default(), Some(stored.clone())).await?;
    let mut after = stored.clone();
    read(&mut form, &mut after, &page.themes);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    if !form.is_fresh(&typed(&stored)) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let person = person::change(&mut tx, &cx.actor(), &stored, after, "person.changed", None).await?;
    tx.commit().await?;
    Ok(go_saying(&person.url(), "Fiche enregistrée."))
}
