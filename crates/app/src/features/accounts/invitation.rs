//! `/espace/reglages/utilisateurs/nouveau`: giving someone access, by an e-mail that lets them in.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::visitor::Held;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Fields, Network, Result, Role, Tx, Visitor, args, sql, trail};

use super::account::{self, Account, Wanted};
use super::link::{self, Purpose};
use super::policy::{Want, may, require};
use super::{letter, users};

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct InvitationPage {
    frame: Frame,
    form: Fields,
    offer: Offer,
}

/// What can be chosen for an account.
pub(super) struct Offer {
    pub roles: Vec<Choice>,
    pub structures: Vec<Choice>,
    pub people: Vec<Choice>,
}

impl Offer {
    /// Roles that the visitor may give and, for a coordinator, structures and promeneurs by name.
    pub async fn load(tx: &mut Tx, network: Id, visitor: &Visitor) -> Result<Self> {
        let given = Role::ALL.into_iter().filter(|role| may(visitor, Want::Grant(*role)));
        let mut offer = Self {
            roles: given.map(|role| Choice::new(role.code(), role.label())).collect(),
            structures: Vec::new(),
            people: Vec::new(),
        };
        if !may(visitor, Want::ReadNames) {
            return Ok(offer);
        }
        let sql = sql!(
            "select id, name from structure where network_id = $1 and deleted_at is null ",
            "order by name_key limit 1000"
        );
        let rows: Vec<(Id, String)> = tx.all(sql, args![network]).await?;
        offer.structures = rows.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
        let sql = sql!(
            "select id, first_name, last_name from person where network_id = $1 and deleted_at is null ",
            "order by name_key limit 1000"
        );
        let rows: Vec<(Id, String, String)> = tx.all(sql, args![network]).await?;
        let person =
            |(id, first, last): (Id, String, String)| Choice::new(id.to_string(), format!("{last} {first}"));
        offer.people = rows.into_iter().map(person).collect();
        Ok(offer)
    }

    /// Reads the form; what is wrong is noted in it.
    pub fn read(&self, form: &mut Fields) -> Wanted {
        let name = form.required("nom", 120, "Indiquez le nom et le prénom.");
        let email = form.email("courriel").unwrap_or_default();
        if email.is_empty() {
            form.reject("courriel", "Indiquez l’adresse électronique.");
        }
        let offered = |code: &&str| self.roles.iter().any(|choice| choice.value == **code);
        let chosen: Vec<Role> =
            form.many("roles").into_iter().filter(offered).filter_map(Role::from_code).collect();
        if chosen.is_empty() {
            form.reject("roles", "Choisissez au moins un rôle.");
        }
        let structure = form.choice("structure", &self.structures).and_then(|id| id.parse::<Id>().ok());
        if chosen.contains(&Role::Manager) && structure.is_none() {
            form.reject("structure", "Choisissez la structure dont cette personne est responsable.");
        }
        let person_id = form.choice("promeneur", &self.people).and_then(|id| id.parse::<Id>().ok());
        Wanted { person_id, ..Wanted::new(&name, &email, &chosen, structure) }
    }
}

/// Notes beside the field that an address already has an account other than `own`.
pub(super) async fn refuse_taken(
    tx: &mut Tx,
    network: Id,
    form: &mut Fields,
    wanted: &Wanted,
    own: Option<Id>,
) -> Result<()> {
    let found = account::find_by_email(tx, network, &wanted.email).await?;
    if found.is_some_and(|account| Some(account.id) != own) {
        form.reject("courriel", "Cette adresse a déjà un accès à ce réseau.");
    }
    Ok(())
}

/// Opens an account and sends its invitation.
pub async fn open(
    tx: &mut Tx,
    actor: &kit::Actor,
    network: &Network,
    base: &str,
    wanted: Wanted,
) -> Result<Account> {
    let account = account::create(tx, actor, wanted, None).await?;
    send(tx, actor, network, base, &account).await?;
    Ok(account)
}

/// Sends an invitation; those sent before no longer work.
pub async fn send(
    tx: &mut Tx,
    actor: &kit::Actor,
    network: &Network,
    base: &str,
    account: &Account,
) -> Result<()> {
    link::close_all(tx, actor, account.id).await?;
    letter::send(tx, network, actor.now, account, Purpose::Invitation, base).await?;
    trail::record(tx, actor, trail::Act::new("account.invited", account.subject())).await.map(|_| ())
}

pub async fn blank(cx: Cx) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadUsers)?;
    let mut tx = cx.read().await?;
    let offer = Offer::load(&mut tx, cx.network.id, visitor).await?;
    Ok(page(&InvitationPage { frame: cx.frame("Inviter quelqu’un"), form: Fields::default(), offer }))
}

pub async fn invite(cx: Cx, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadUsers)?;
    let mut tx = cx.write().await?;
    let offer = Offer::load(&mut tx, cx.network.id, visitor).await?;
    let wanted = offer.read(&mut form);
    refuse_taken(&mut tx, cx.network.id, &mut form, &wanted, None).await?;
    if form.check().is_err() {
        return Ok(refused(&InvitationPage { frame: cx.frame("Inviter quelqu’un"), form, offer }));
    }
    require(visitor, Want::Keep(&wanted.roles))?;
    let account = open(&mut tx, &cx.actor(), &cx.network, &cx.link_base(), wanted).await?;
    tx.commit().await?;
    Ok(go_saying(users::URL, &format!("Invitation envoyée à {}.", account.email)))
}

/// Roles in words, with the structure of a manager.
pub(super) fn role_words(roles: &[Held], structures: &[Choice]) -> String {
    let word = |held: &Held| {
        let structure = held.structure_id.map(|id| id.to_string());
        match structures.iter().find(|choice| Some(&choice.value) == structure.as_ref()) {
            Some(choice) => format!("{} ({})", held.role.label(), choice.label),
            None => held.role.label().to_owned(),
        }
    };
    roles.iter().map(word).collect::<Vec<_>>().join(", ")
}
