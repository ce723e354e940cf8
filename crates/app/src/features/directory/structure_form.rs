//! `/espace/reseau/structures/nouvelle` and `/{id}/modifier`.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx, territory};

use super::cleaning::{name, phone, postcode, siret, structure_name, website};
use super::policy::{Want, require};
use super::structure::{self, MOST_PRESENTATION, Structure};
use super::vocabulary::{List, Vocabulary};

#[derive(Template)]
#[template(path = "directory/structure_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    types: Vec<Choice>,
    legal_forms: Vec<Choice>,
    employers: Vec<Choice>,
    statuses: Vec<Choice>,
    exit_reasons: Vec<Choice>,
    stored: Option<Structure>,
    similar: Vec<Structure>,
    action: String,
}

impl FormPage {
    async fn new(cx: &Cx, tx: &mut Tx, form: Fields, stored: Option<Structure>) -> Result<Self> {
        let vocabulary = Vocabulary::load(tx, &cx.network).await?;
        let title =
            stored.as_ref().map_or("Ajouter une structure".to_owned(), |s| format!("Modifier {}", s.name));
        let action = stored
            .as_ref()
            .map_or("/espace/reseau/structures/nouvelle".to_owned(), |s| format!("{}/modifier", s.url()));
        Ok(Self {
            frame: cx.frame(title),
            form,
            types: vocabulary.choices(List::StructureType),
            legal_forms: vocabulary.choices(List::LegalForm),
            employers: vec![Choice::new("public", "Public"), Choice::new("private", "Privé")],
            statuses: structure::status_choices(),
            exit_reasons: vocabulary.choices(List::ExitReason),
            stored,
            similar: Vec::new(),
            action,
        })
    }

    /// Reads the form into a structure; what is wrong is noted in the form.
    fn read(&self, form: &mut Fields, s: &mut Structure, departement: &str) {
        s.name = form.required("nom", 160, "Indiquez le nom de la structure.");
        s.name_key = structure_name::key(&s.name);
        s.kind = form.choice("type", &self.types);
        s.legal_form = form.choice("forme", &self.legal_forms);
        s.employer_status = form.choice("employeur", &self.employers);
        s.siret = form.parse("siret", siret::read);
        s.address = form.text("adresse", 200);
        s.postcode = form.parse("code_postal", postcode::read);
        self.read_commune(form, s, departement);
        s.phone = form.parse("telephone", phone::read);
        s.email = form.email("courriel");
        s.website = form.parse("site", website::read);
        s.presentation = form.watched("presentation", MOST_PRESENTATION, s.presentation.as_deref());
        s.for_youth = form.flag("jeunes");
        s.for_parents = form.flag("parents");
        s.manager_name = form.text("responsable", 120).map(|n| name::person(&n));
        s.manager_title = form.text("responsable_fonction", 120);
        s.manager_phone = form.parse("responsable_telephone", phone::read);
        s.manager_email = form.email("responsable_courriel");
        s.call_ref = form.text("aap", 60);
        s.labelled_posts = form.number("postes", 0..=50).unwrap_or(s.labelled_posts);
        s.status = form.choice("statut", &self.statuses).unwrap_or_else(|| s.status.clone());
        s.entered_on = form.date("entree");
        s.left_on = form.date("sortie");
        s.exit_reason = form.choice("motif", &self.exit_reasons);
        s.ps_jeunes_until = form.date("ps_jeunes");
        s.note = form.watched("note", 2000, s.note.as_deref());
        if let (Some(entry), Some(exit)) = (s.entered_on, s.left_on)
            && exit < entry
        {
            form.reject("sortie", "La sortie ne peut pas précéder l’entrée.");
        }
    }

    fn read_commune(&self, form: &mut Fields, s: &mut Structure, departement: &str) {
        let Some(typed) = form.text("commune", 120) else {
            (s.insee_code, s.commune, s.epci, s.latitude, s.longitude) = (None, None, None, None, None);
            return;
        };
        let plain = typed.split(" (").next().unwrap_or_default();
        match territory::named(plain, s.postcode.as_deref(), departement) {
            Some(commune) => s.settle_in(commune),
            None => form.reject("commune", "Cette commune n’est pas dans la liste officielle. Choisissez-la dans les propositions, ou précisez le code postal."),
        }
    }
}

fn typed(s: &Structure) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<kit::Date>| value.map(|d| d.to_string()).unwrap_or_default();
    let number = |value: &Option<String>| value.as_deref().map(phone::display).unwrap_or_default();
    let tick = |on: bool| if on { "1".to_owned() } else { String::new() };
    Fields::of([
        ("nom", s.name.clone()),
        ("type", text(&s.kind)),
        ("forme", text(&s.legal_form)),
        ("employeur", text(&s.employer_status)),
        ("siret", s.siret.as_deref().map(siret::display).unwrap_or_default()),
        ("adresse", text(&s.address)),
        ("code_postal", text(&s.postcode)),
        ("commune", text(&s.commune)),
        ("telephone", number(&s.phone)),
        ("courriel", text(&s.email)),
        ("site", text(&s.website)),
        ("presentation", text(&s.presentation)),
        ("jeunes", tick(s.for_youth)),
        ("parents", tick(s.for_parents)),
        ("responsable", text(&s.manager_name)),
        ("responsable_fonction", text(&s.manager_title)),
        ("responsable_telephone", number(&s.manager_phone)),
        ("responsable_courriel", text(&s.manager_email)),
        ("aap", text(&s.call_ref)),
        ("postes", s.labelled_posts.to_string()),
        ("statut", s.status.clone()),
        ("entree", day(s.entered_on)),
        ("sortie", day(s.left_on)),
        ("motif", text(&s.exit_reason)),
        ("ps_jeunes", day(s.ps_jeunes_until)),
        ("note", text(&s.note)),
        ("version", s.version.to_string()),
    ])
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let form = typed(&Structure::named(cx.network.id, cx.now, ""));
    Ok(page(&FormPage::new(&cx, &mut tx, form, None).await?))
}

pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = FormPage::new(&cx, &mut tx, Fields::default(), None).await?;
    let mut new = Structure::named(cx.network.id, cx.now, "");
    page.read(&mut form, &mut new, &cx.network.code);
    if form.errors().is_empty() && !form.flag("distinct") {
        page.similar = super::duplicates::structures_like(&mut tx, &new).await?;
        if !page.similar.is_empty() {
            form.reject(
                "distinct",
                "Une structure semblable est déjà dans l’annuaire : vérifiez avant d’ajouter.",
            );
        }
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    new.slug = structure::free_slug(&mut tx, cx.network.id, &new.name).await?;
    structure::add(&mut tx, &cx.actor(), std::slice::from_ref(&new), None).await?;
    tx.commit().await?;
    Ok(go_saying(&new.url(), "Structure créée."))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let stored = structure::find(&mut tx, cx.network.id, id).await?;
    Ok(page(&FormPage::new(&cx, &mut tx, typed(&stored), Some(stored)).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let stored = structure::find(&mut tx, cx.network.id, id).await?;
    let mut page = FormPage::new(&cx, &mut tx, Fields::default(), Some(stored.clone())).await?;
    let mut after = stored.clone();
    page.read(&mut form, &mut after, &cx.network.code);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    if !form.is_fresh(&typed(&stored)) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = structure::change(&mut tx, &cx.actor(), &stored, after, "structure.changed", None).await?;
    tx.commit().await?;
    Ok(go_saying(&after.url(), "Structure enregistrée."))
}
