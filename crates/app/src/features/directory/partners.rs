//! `/espace/reseau/partenaires` and `/espace/reseau/contacts`: organisations around the network and whom
//! one talks to there.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::{conflict, download, go_saying, json, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx, args, sql, territory};

use super::cleaning::{name, phone, postcode, website};
use super::contact::{self, Contact, Organisation};
use super::exchange::{self, Exchange};
use super::history::{self, Event};
use super::policy::{Want, may, require};
use super::thunderbird;
use super::vocabulary::{List, Vocabulary};

struct Row {
    organisation: Organisation,
    kind: String,
    referents: String,
}

#[derive(Template)]
#[template(path = "directory/partners.html")]
struct PartnersPage {
    frame: Frame,
    rows: Vec<Row>,
    q: String,
    kind: String,
    kinds: Vec<Choice>,
    next_url: Option<String>,
    may_keep: bool,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadNetwork)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    if query.get("format") == "thunderbird" {
        let bytes = thunderbird::everyone(&mut tx, &cx.network, cx.today()).await?;
        let name = format!("carnet-thunderbird-{}-{}.csv", cx.network.code, cx.today());
        return Ok(download(&name, "text/csv; charset=utf-8", bytes));
    }
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let q = kit::text::fold(query.get("q"));
    let kind = Some(query.get("type")).filter(|k| !k.is_empty());
    let after = Cursor::read(query.get("apres"));
    let sql = sql!(
        "select network_id, id, name, name_key, kind, address, postcode, insee_code, commune, website, phone, ",
        "email, territory, note, created_at, updated_at, deleted_at, version from organisation ",
        "where network_id = $1 and deleted_at is null and (name_key, id) > ($2, $3) ",
        "and ($4 = '' or name_key like '%' || $4 || '%') and (cast($5 as text) is null or kind = $5) ",
        "order by name_key, id limit $6"
    );
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let args = args![
        cx.network.id,
        after.key.unwrap_or_default(),
        after.id.unwrap_or_default(),
        q.as_str(),
        kind,
        most
    ];
    let found: Vec<Organisation> = tx.all(sql, args).await?;
    let (found, next) = pager::page(found, PAGE, |o| (o.name_key.clone(), o.id.to_string()));
    let ids: Vec<Id> = found.iter().map(|o| o.id).collect();
    let contacts: Vec<Contact> = tx.all_in(cx.network.id, "organisation_id", &ids).await?;
    let rows = found
        .into_iter()
        .map(|organisation| Row {
            kind: vocabulary.label_of(List::OrganisationType, organisation.kind.as_deref()),
            referents: contacts
                .iter()
                .filter(|c| {
                    c.organisation_id == Some(organisation.id) && c.is_referent && c.deleted_at.is_none()
                })
                .map(Contact::name)
                .collect::<Vec<_>>()
                .join(", "),
            organisation,
        })
        .collect();
    Ok(page(&PartnersPage {
        frame: cx.frame("Contacts et partenaires"),
        rows,
        q: query.get("q").to_owned(),
        kind: query.get("type").to_owned(),
        kinds: vocabulary.choices(List::OrganisationType),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        may_keep: may(visitor, Want::Keep),
    }))
}

/// `/espace/reseau/partenaires.json`: partners that a typed part of a name may mean, as `[{value, label, hint}]`.
pub async fn suggest(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::ReadNetwork)?;
    let q = kit::text::fold(query.0.get("q"));
    let sql = sql!(
        "select name, commune from organisation where network_id = $1 and deleted_at is null ",
        "and name_key like '%' || $2 || '%' order by name_key, id limit 8"
    );
    let mut tx = cx.read().await?;
    let found: Vec<(String, Option<String>)> = tx.all(sql, args![cx.network.id, q]).await?;
    let found = found.into_iter().map(|(name, commune)| {
        serde_json::json!({ "value": &name, "label": &name, "hint": commune.unwrap_or_default() })
    });
    Ok(json(&found.collect()))
}

#[derive(Template)]
#[template(path = "directory/partner_sheet.html")]
pub(super) struct PartnerPage {
    frame: Frame,
    organisation: Organisation,
    kind: String,
    phone: String,
    contacts: Vec<Contact>,
    exchanges: Vec<Exchange>,
    /// The exchange being noted.
    form: Fields,
    means: Vec<Choice>,
    contact_choices: Vec<Choice>,
    timeline: Vec<Event>,
    may_keep: bool,
}

impl PartnerPage {
    /// Whom an exchange was with.
    fn with(&self, exchange: &Exchange) -> String {
        let contact = self.contacts.iter().find(|contact| Some(contact.id) == exchange.contact_id);
        contact.map(Contact::name).unwrap_or_default()
    }
}

/// A partner's sheet, with an exchange being noted.
pub(super) async fn partner_page(cx: &Cx, tx: &mut Tx, id: Id, form: Fields) -> Result<PartnerPage> {
    let visitor = cx.visitor()?;
    let organisation = contact::find_organisation(tx, cx.network.id, id).await?;
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let mut contacts: Vec<Contact> = tx.all_in(cx.network.id, "organisation_id", &[id]).await?;
    contacts.retain(|c| c.deleted_at.is_none());
    contacts.sort_by_key(|c| (!c.is_referent, c.name_key.clone()));
    let may_keep = may(visitor, Want::Keep);
    let exchanges = if may_keep { exchange::with(tx, cx.network.id, id).await? } else { Vec::new() };
    let timeline = history::of(tx, &cx.network, "organisation", id, may(visitor, Want::ReadNotes)).await?;
    Ok(PartnerPage {
        frame: cx.frame(organisation.name.clone()),
        kind: vocabulary.label_of(List::OrganisationType, organisation.kind.as_deref()),
        phone: organisation.phone.as_deref().map(phone::display).unwrap_or_default(),
        contact_choices: contacts.iter().map(|c| Choice::new(c.id.to_string(), c.name())).collect(),
        contacts,
        exchanges,
        form,
        means: exchange::means_choices(),
        timeline,
        may_keep,
        organisation,
    })
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::ReadNetwork)?;
    let mut tx = cx.read().await?;
    let form = Fields::of([("jour", cx.today().to_string())]);
    Ok(page(&partner_page(&cx, &mut tx, id, form).await?))
}

#[derive(Template)]
#[template(path = "directory/partner_form.html")]
struct PartnerForm {
    frame: Frame,
    form: Fields,
    kinds: Vec<Choice>,
    stored: Option<Organisation>,
    action: String,
}

async fn partner_form(cx: &Cx, tx: &mut Tx, id: Option<Id>) -> Result<PartnerForm> {
    let stored = match id {
        Some(id) => Some(contact::find_organisation(tx, cx.network.id, id).await?),
        None => None,
    };
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let shown = stored.clone().unwrap_or_else(|| Organisation::named(cx.network.id, cx.now, ""));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let form = Fields::of([
        ("nom", shown.name.clone()),
        ("type", text(&shown.kind)),
        ("adresse", text(&shown.address)),
        ("code_postal", text(&shown.postcode)),
        ("commune", text(&shown.commune)),
        ("site", text(&shown.website)),
        ("telephone", shown.phone.as_deref().map(phone::display).unwrap_or_default()),
        ("courriel", text(&shown.email)),
        ("territoire", text(&shown.territory)),
        ("note", text(&shown.note)),
        ("version", shown.version.to_string()),
    ]);
    let action = stored
        .as_ref()
        .map_or("/espace/reseau/partenaires/nouveau".to_owned(), |o| format!("{}/modifier", o.url()));
    Ok(PartnerForm {
        frame: cx.frame(
            stored.as_ref().map_or("Ajouter un partenaire".to_owned(), |o| format!("Modifier {}", o.name)),
        ),
        form,
        kinds: vocabulary.choices(List::OrganisationType),
        stored,
        action,
    })
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&partner_form(&cx, &mut tx, None).await?))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&partner_form(&cx, &mut tx, Some(id)).await?))
}

pub async fn add(cx: Cx, form: Fields) -> Result<Response> {
    keep(cx, None, form).await
}

pub async fn save(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    keep(cx, Some(id), form).await
}

async fn keep(cx: Cx, id: Option<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = partner_form(&cx, &mut tx, id).await?;
    let mut o = page.stored.clone().unwrap_or_else(|| Organisation::named(cx.network.id, cx.now, ""));
    if page.stored.is_some() && !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    o.name = form.required("nom", 160, "Indiquez le nom du partenaire.");
    o.kind = form.choice("type", &page.kinds);
    o.address = form.text("adresse", 200);
    o.postcode = form.parse("code_postal", postcode::read);
    o.website = form.parse("site", website::read);
    o.phone = form.parse("telephone", phone::read);
    o.email = form.email("courriel");
    o.territory = form.text("territoire", 160);
    o.note = form.watched("note", 2000, o.note.as_deref());
    (o.commune, o.insee_code) = (None, None);
    if let Some(typed) = form.text("commune", 120) {
        match territory::named(
            typed.split(" (").next().unwrap_or_default(),
            o.postcode.as_deref(),
            &cx.network.code,
        ) {
            Some(commune) => {
                o.commune = Some(commune.name.clone());
                o.insee_code = Some(commune.code.clone());
            }
            None => form.reject("commune", "Cette commune n’est pas dans la liste officielle."),
        }
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let kept = contact::keep_organisation(&mut tx, &cx.actor(), page.stored.as_ref(), o).await?;
    tx.commit().await?;
    Ok(go_saying(&kept.url(), "Partenaire enregistré."))
}

#[derive(Template)]
#[template(path = "directory/contact_form.html")]
struct ContactForm {
    frame: Frame,
    form: Fields,
    organisations: Vec<Choice>,
    structures: Vec<Choice>,
    stored: Option<Contact>,
    action: String,
}

async fn contact_form(cx: &Cx, tx: &mut Tx, id: Option<Id>) -> Result<ContactForm> {
    let stored = match id {
        Some(id) => Some(contact::find_contact(tx, cx.network.id, id).await?),
        None => None,
    };
    let sql = sql!(
        "select id, name from organisation where network_id = $1 and deleted_at is null order by name_key limit 1000"
    );
    let organisations: Vec<(Id, String)> = tx.all(sql, args![cx.network.id]).await?;
    let shown = stored.clone().unwrap_or_else(|| Contact::named(cx.network.id, cx.now, "", ""));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<kit::Date>| value.map(|d| d.to_string()).unwrap_or_default();
    let form = Fields::of([
        ("prenom", shown.first_name.clone()),
        ("nom", shown.last_name.clone()),
        ("organisation", shown.organisation_id.map(|id| id.to_string()).unwrap_or_default()),
        ("structure", shown.structure_id.map(|id| id.to_string()).unwrap_or_default()),
        ("fonction", text(&shown.job_title)),
        ("courriel", text(&shown.email)),
        ("telephone", shown.phone.as_deref().map(phone::display).unwrap_or_default()),
        ("referent", if shown.is_referent { "1".to_owned() } else { String::new() }),
        ("debut", day(shown.started_on)),
        ("fin", day(shown.ended_on)),
        ("note", text(&shown.note)),
        ("version", shown.version.to_string()),
    ]);
    Ok(ContactForm {
        frame: cx.frame(
            stored.as_ref().map_or("Ajouter un contact".to_owned(), |c| format!("Modifier {}", c.name())),
        ),
        form,
        organisations: organisations
            .into_iter()
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect(),
        structures: super::person_form::structure_choices(tx, cx.network.id).await?,
        action: stored.as_ref().map_or("/espace/reseau/contacts/nouveau".to_owned(), Contact::url),
        stored,
    })
}

pub async fn blank_contact(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let mut page_form = contact_form(&cx, &mut tx, None).await?;
    page_form.form.set("organisation", query.0.get("organisation"));
    page_form.form.set("structure", query.0.get("structure"));
    Ok(page(&page_form))
}

pub async fn edit_contact(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&contact_form(&cx, &mut tx, Some(id)).await?))
}

pub async fn add_contact(cx: Cx, form: Fields) -> Result<Response> {
    keep_contact(cx, None, form).await
}

pub async fn save_contact(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    keep_contact(cx, Some(id), form).await
}

async fn keep_contact(cx: Cx, id: Option<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = contact_form(&cx, &mut tx, id).await?;
    let mut c = page.stored.clone().unwrap_or_else(|| Contact::named(cx.network.id, cx.now, "", ""));
    if page.stored.is_some() && !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    c.first_name = form.text("prenom", 80).map(|n| name::person(&n)).unwrap_or_default();
    c.last_name = name::person(&form.required("nom", 80, "Indiquez le nom."));
    c.organisation_id = form.choice("organisation", &page.organisations).and_then(|id| id.parse().ok());
    c.structure_id = form.choice("structure", &page.structures).and_then(|id| id.parse().ok());
    if c.organisation_id.is_none() && c.structure_id.is_none() {
        form.reject("organisation", "Indiquez où travaille ce contact : partenaire ou structure.");
    }
    c.job_title = form.text("fonction", 120);
    c.email = form.email("courriel");
    c.phone = form.parse("telephone", phone::read);
    c.is_referent = form.flag("referent");
    c.started_on = form.date("debut");
    c.ended_on = form.date("fin");
    c.note = form.watched("note", 2000, c.note.as_deref());
    if let (Some(start), Some(end)) = (c.started_on, c.ended_on)
        && end < start
    {
        form.reject("fin", "La fin ne peut pas précéder le début.");
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let kept = contact::keep_contact(&mut tx, &cx.actor(), page.stored.as_ref(), c).await?;
    tx.commit().await?;
    let back = match (kept.organisation_id, kept.structure_id) {
        (Some(id), _) => format!("/espace/reseau/partenaires/{id}"),
        (_, Some(id)) => format!("/espace/reseau/structures/{id}"),
        _ => "/espace/reseau/partenaires".to_owned(),
    };
    Ok(go_saying(&back, "Contact enregistré."))
}
