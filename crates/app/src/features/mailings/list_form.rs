//! `/espace/messagerie/listes/nouvelle` and `…/{id}/modifier`: what a list is made of. One field for each kind of
//! rule, so that no script is needed; members and exclusions are typed, one on each line.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::form;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx, args, mail, sql, territory};

use super::definition::{AUDIENCES, Definition, Other, PUBLISHED, ROLES, Rule};
use super::distribution_list::{self, DistributionList, POSTING};
use super::expansion::Source;
use super::lists::{URL, open};
use super::policy::{Want, require};
use crate::features::directory::mandate::{CHARTER_STATES, STANDINGS};
use crate::features::directory::map::TerritorialGroup;
use crate::features::directory::vocabulary::{List as Vocab, Vocabulary};

/// Kinds of rules whose values are ticked in a list.
const TICKED: [&str; 11] = [
    "role",
    "standing",
    "charter",
    "published",
    "audience",
    "theme",
    "network",
    "type",
    "partner_type",
    "epci",
    "group",
];
/// Most structures offered by name.
const MOST_STRUCTURES: i64 = 2_000;
const MOST_LINES: usize = 20_000;

/// What can be ticked.
struct Offered {
    roles: Vec<Choice>,
    standings: Vec<Choice>,
    charters: Vec<Choice>,
    published: Vec<Choice>,
    audiences: Vec<Choice>,
    themes: Vec<Choice>,
    networks: Vec<Choice>,
    types: Vec<Choice>,
    partner_types: Vec<Choice>,
    epci: Vec<Choice>,
    groups: Vec<Choice>,
    structures: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "mailings/list_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    offered: Offered,
    posting: Vec<Choice>,
    action: String,
    back: String,
    is_new: bool,
}

impl FormPage {
    /// Whether structures or partners are chosen by what they are.
    fn names_places(&self) -> bool {
        ["type", "partner_type", "structure"].iter().any(|kind| !self.form.many(kind).is_empty())
    }
}

fn choices(pairs: &[(&str, &str)]) -> Vec<Choice> {
    pairs.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

async fn offered(cx: &Cx, tx: &mut Tx) -> Result<Offered> {
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let sql = sql!(
        "select id, name from structure where network_id = $1 and deleted_at is null order by name_key, id limit $2"
    );
    let structures: Vec<(Id, String)> = tx.all(sql, args![cx.network.id, MOST_STRUCTURES]).await?;
    let mut groups: Vec<TerritorialGroup> = tx.all_of(cx.network.id).await?;
    groups.retain(|group| group.deleted_at.is_none());
    let mut epci: Vec<&str> = territory::communes_of(&cx.network.code).map(|c| c.epci.as_str()).collect();
    epci.sort_unstable();
    epci.dedup();
    let mut epci: Vec<Choice> = epci
        .iter()
        .filter_map(|code| territory::epci(code))
        .map(|e| Choice::new(&e.siren, &e.name))
        .collect();
    epci.sort_by_key(|choice| kit::text::fold(&choice.label));
    Ok(Offered {
        roles: choices(&ROLES),
        standings: choices(&STANDINGS),
        charters: choices(&CHARTER_STATES),
        published: choices(&PUBLISHED),
        audiences: choices(&AUDIENCES),
        themes: vocabulary.choices(Vocab::Theme),
        networks: vocabulary.choices(Vocab::SocialNetwork),
        types: vocabulary.choices(Vocab::StructureType),
        partner_types: vocabulary.choices(Vocab::OrganisationType),
        epci,
        groups: groups.into_iter().map(|group| Choice::new(group.id.to_string(), group.name)).collect(),
        structures: structures.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
    })
}

async fn form_page(cx: &Cx, tx: &mut Tx, list: Option<&DistributionList>, form: Fields) -> Result<FormPage> {
    let title = list.map_or_else(|| "Créer une liste".to_owned(), |list| list.name.clone());
    Ok(FormPage {
        frame: cx.frame(title),
        form,
        offered: offered(cx, tx).await?,
        posting: choices(&POSTING),
        action: list.map_or_else(|| format!("{URL}/nouvelle"), |list| format!("{}/modifier", list.url())),
        back: list.map_or_else(|| URL.to_owned(), DistributionList::url),
        is_new: list.is_none(),
    })
}

/// What is stored, as it is typed.
fn form_of(list: &DistributionList, source: &Source) -> Fields {
    let definition = list.definition();
    let mut form = Fields::of([
        ("nom", list.name.clone()),
        ("description", list.description.clone()),
        ("reunion", if definition.any { "une" } else { "toutes" }.to_owned()),
        ("mois", definition.values("newcomer").first().cloned().unwrap_or_default()),
        ("referents", definition.values("referent").first().cloned().unwrap_or_default()),
        ("adresse", list.local_part.clone()),
        ("ecriture", list.posting.clone()),
        ("version", list.version.to_string()),
    ]);
    for kind in TICKED.into_iter().chain(["structure"]) {
        definition.values(kind).iter().for_each(|value| form.add(kind, value));
    }
    let communes: Vec<&str> = definition
        .values("commune")
        .iter()
        .map(|code| territory::commune(code).map_or(code.as_str(), |commune| commune.name.as_str()))
        .collect();
    form.set("communes", communes.join("\n"));
    let by_hand = source.everyone.iter().filter(|known| {
        known.person_id.is_some_and(|id| definition.people.contains(&id))
            || known.contact_id.is_some_and(|id| definition.contacts.contains(&id))
    });
    let mut lines: Vec<String> = by_hand.map(|k| k.address.clone().unwrap_or_else(|| k.name())).collect();
    lines.extend(definition.others.iter().map(|other| format!("{} <{}>", other.name, other.address)));
    form.set("ajouts", lines.join("\n"));
    form.set("exclusions", definition.excluded.join("\n"));
    form
}

/// What was typed, as a definition; what cannot be read is said beside its field.
fn read(form: &mut Fields, offered: &Offered, source: &Source, departement: &str) -> Definition {
    let mut definition = Definition { any: form.get("reunion") == "une", ..Definition::default() };
    let lists = [
        &offered.roles,
        &offered.standings,
        &offered.charters,
        &offered.published,
        &offered.audiences,
        &offered.themes,
        &offered.networks,
        &offered.types,
        &offered.partner_types,
        &offered.epci,
        &offered.groups,
    ];
    for (kind, known) in TICKED.into_iter().zip(lists).chain([("structure", &offered.structures)]) {
        let typed: Vec<String> = form.many(kind).into_iter().map(str::to_owned).collect();
        if typed.iter().any(|value| !known.iter().any(|choice| choice.value == *value)) {
            form.reject(kind, "Choisissez dans la liste.");
        }
        add(&mut definition, kind, typed);
    }
    if let Some(months) = form.number("mois", 1..=60) {
        add(&mut definition, "newcomer", vec![months.to_string()]);
    }
    if form.flag("referents") {
        add(&mut definition, "referent", vec!["yes".to_owned()]);
    }
    read_communes(form, &mut definition, departement);
    read_people(form, &mut definition, source);
    definition
}

fn add(definition: &mut Definition, kind: &str, values: Vec<String>) {
    if !values.is_empty() {
        definition.rules.push(Rule { kind: kind.to_owned(), values });
    }
}

fn lines_of(form: &mut Fields, name: &str) -> Vec<String> {
    let typed = form.lines(name, MOST_LINES).unwrap_or_default();
    let parts = typed.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty());
    parts.map(str::to_owned).collect()
}

fn read_communes(form: &mut Fields, definition: &mut Definition, departement: &str) {
    let mut codes = Vec::new();
    for line in lines_of(form, "communes") {
        match territory::commune(&line).or_else(|| territory::named(&line, None, departement)) {
            Some(commune) => codes.push(commune.code.clone()),
            None => form.reject("communes", format!("« {line} » n’est pas une commune connue.")),
        }
    }
    add(definition, "commune", codes);
}

fn read_people(form: &mut Fields, definition: &mut Definition, source: &Source) {
    for line in lines_of(form, "ajouts") {
        match source.find(&line) {
            Some(known) => {
                definition.people.extend(known.person_id);
                definition.contacts.extend(known.contact_id);
            }
            None => match other(&line) {
                Some(other) => definition.others.push(other),
                None => form.reject(
                    "ajouts",
                    format!(
                        "« {line} » n’est ni un nom de l’annuaire, ni « Nom <adresse> », ni une adresse."
                    ),
                ),
            },
        }
    }
    for line in lines_of(form, "exclusions") {
        let known = source.find(&line).and_then(|known| known.address.clone());
        match known.or_else(|| form::email(&line).ok()) {
            Some(address) => definition.excluded.push(address.to_lowercase()),
            None => form
                .reject("exclusions", format!("« {line} » n’est ni un nom de l’annuaire, ni une adresse.")),
        }
    }
}

/// The address that was typed for a list, with who writes there; what another list or the mailbox has is refused.
async fn read_address(tx: &mut Tx, cx: &Cx, form: &mut Fields, id: Option<Id>) -> Result<(String, String)> {
    let posting = form.choice("ecriture", &choices(&POSTING)).unwrap_or_else(|| "moderated".to_owned());
    let typed = form.text("adresse", 200).unwrap_or_default().to_lowercase();
    // The whole address is understood too.
    let local = typed.split('@').next().unwrap_or_default().trim().to_owned();
    if local.is_empty() {
        return Ok((local, posting));
    }
    let fits = local.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c));
    if !fits || local.len() > 64 || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        form.reject("adresse", "Des lettres sans accent, des chiffres, des tirets et des points seulement.");
    }
    let own = mail::own_account(tx, cx.network.id).await?.map(|account| account.address.to_lowercase());
    if own.as_deref().and_then(|own| own.split('@').next()) == Some(local.as_str()) {
        form.reject("adresse", "C’est l’adresse de la boîte du réseau : choisissez-en une autre.");
    }
    if distribution_list::is_taken(tx, cx.network.id, &local, id).await? {
        form.reject("adresse", "Une autre liste a déjà cette adresse.");
    }
    Ok((local, posting))
}

/// « Claire Vernet <claire@asso.example> », or an address alone.
fn other(line: &str) -> Option<Other> {
    let (name, address) = match line.split_once('<') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches('>').trim()),
        None => (line, line),
    };
    let address = form::email(address).ok()?;
    let name = if name.is_empty() || name == line { address.clone() } else { name.to_owned() };
    Some(Other { name, address })
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = open(&cx).await?;
    let usual = [("reunion", "toutes"), ("role", "active"), ("ecriture", "moderated")];
    let form = Fields::of(usual.map(|(name, value)| (name, value.to_owned())));
    Ok(page(&form_page(&cx, &mut tx, None, form).await?))
}

pub async fn add_list(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    save(&cx, None, form).await
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let list = distribution_list::find(&mut tx, cx.network.id, id).await?;
    let everyone = super::known::people_by_hand(&mut tx, cx.network.id, &list.definition()).await?;
    let source = Source::of(everyone, cx.today());
    let form = form_of(&list, &source);
    Ok(page(&form_page(&cx, &mut tx, Some(&list), form).await?))
}

pub async fn save_list(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    save(&cx, Some(id), form).await
}

async fn save(cx: &Cx, id: Option<Id>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let before = match id {
        Some(id) => Some(distribution_list::find(&mut tx, cx.network.id, id).await?),
        None => None,
    };
    let source = Source::load(&mut tx, &cx.network, cx.today(), None).await?;
    let name = form.required("nom", 80, "Donnez un nom à la liste.");
    let description = form.text("description", 200).unwrap_or_default();
    let offered = offered(cx, &mut tx).await?;
    let definition = read(&mut form, &offered, &source, &cx.network.code);
    let (local_part, posting) = read_address(&mut tx, cx, &mut form, id).await?;
    if form.check().is_err() {
        return Ok(refused(&form_page(cx, &mut tx, before.as_ref(), form).await?));
    }
    if let Some(before) = before.as_ref().filter(|before| !form.is_fresh(&form_of(before, &source))) {
        return Ok(conflict(&form_page(cx, &mut tx, Some(before), form).await?));
    }
    let mut after =
        before.clone().unwrap_or_else(|| DistributionList::named(cx.network.id, cx.now, &name, &definition));
    (after.name, after.description, after.definition) = (name, description, definition.write());
    (after.local_part, after.posting) = (local_part, posting);
    let kept = distribution_list::keep(&mut tx, &cx.actor(), before.as_ref(), after).await?;
    tx.commit().await?;
    Ok(go_saying(&kept.url(), "La liste est enregistrée."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn someone_of_elsewhere_is_a_name_and_an_address() {
        let claire = other("Claire Vernet <Claire@Asso.example>").unwrap();
        assert_eq!((claire.name.as_str(), claire.address.as_str()), ("Claire Vernet", "claire@asso.example"));
        assert_eq!(other("a@b.example").unwrap().name, "a@b.example");
        assert!(other("Claire Vernet").is_none());
    }
}
