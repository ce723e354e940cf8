//! The account: who may sign in to a network, and with which roles.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::visitor::Held;
use kit::{Actor, Choice, Error, Result, Role, Tx, args, sql, text};
use serde_json::{Value, json};

use super::{link, password, session};

kit::table! {
    /// Someone who may sign in. Without `password_hash`, by a link received by e-mail only.
    pub struct Account in "account": versioned {
        pub name: String,
        pub email: String,
        /// The directory's sheet of this person, for a promeneur.
        pub person_id: Option<Id>,
        #[serde(skip)]
        pub password_hash: Option<String>,
        pub created_at: Timestamp,
        pub disabled_at: Option<Timestamp>,
    }
}

kit::table! {
    /// A role held in the network; a manager's is for one structure.
    pub struct AccountRole in "account_role" {
        pub account_id: Id,
        pub role: String,
        pub structure_id: Option<Id>,
        pub created_at: Timestamp,
    }
}

/// An account as someone wants it to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub name: String,
    pub email: String,
    pub roles: Vec<Held>,
    pub person_id: Option<Id>,
}

impl Wanted {
    /// An account with these roles; `structure` is the one a manager answers for.
    pub fn new(name: &str, email: &str, roles: &[Role], structure: Option<Id>) -> Self {
        let held =
            |role: &Role| Held { role: *role, structure_id: structure.filter(|_| *role == Role::Manager) };
        Self {
            name: name.to_owned(),
            email: email.to_owned(),
            roles: roles.iter().map(held).collect(),
            person_id: None,
        }
    }

    fn check(&self) -> Result<()> {
        if self.roles.is_empty() {
            return Err(Error::refused("Donnez au moins un rôle à cet accès."));
        }
        let lost = |held: &Held| held.role == Role::Manager && held.structure_id.is_none();
        if self.roles.iter().any(lost) {
            return Err(Error::refused("Indiquez la structure dont cette personne est responsable."));
        }
        Ok(())
    }

    fn is(&self, role: Role) -> bool {
        holds(&self.roles, role)
    }
}

/// Whether one of the roles held is this one.
pub fn holds(roles: &[Held], role: Role) -> bool {
    roles.iter().any(|held| held.role == role)
}

impl Account {
    pub fn subject(&self) -> Subject {
        Subject::new("account", self.id, self.name.clone())
    }

    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Who acts when someone not yet signed in acts on their own account.
    pub fn as_actor(&self, actor: Actor) -> Actor {
        Actor { account_id: Some(self.id), name: self.name.clone(), ..actor }
    }

    /// What the trail keeps: never the password.
    fn said(&self, roles: &[Held]) -> Value {
        let roles: Vec<String> = roles
            .iter()
            .map(|held| match held.structure_id {
                Some(structure) => format!("{}:{structure}", held.role.code()),
                None => held.role.code().to_owned(),
            })
            .collect();
        json!({
            "name": self.name,
            "email": self.email,
            "person_id": self.person_id,
            "roles": roles,
            "disabled_at": self.disabled_at,
        })
    }
}

/// The account of an address, disabled or not.
pub async fn find_by_email(tx: &mut Tx, network: Id, email: &str) -> Result<Option<Account>> {
    let sql = sql!(
        "select network_id, id, name, email, person_id, password_hash, created_at, disabled_at, version ",
        "from account where network_id = $1 and email = $2"
    );
    tx.optional(sql, args![network, email]).await
}

/// The roles of an account, the highest first.
pub async fn roles_of(tx: &mut Tx, network: Id, account: Id) -> Result<Vec<Held>> {
    let rows: Vec<AccountRole> = tx.all_in(network, "account_id", &[account]).await?;
    Ok(held(rows.iter()))
}

fn held<'a>(rows: impl Iterator<Item = &'a AccountRole>) -> Vec<Held> {
    let mut roles: Vec<Held> = rows
        .filter_map(|row| Some(Held { role: Role::from_code(&row.role)?, structure_id: row.structure_id }))
        .collect();
    roles.sort_by_key(|held| (held.role, held.structure_id));
    roles
}

/// Every account of a network with its roles, by name.
pub async fn list(tx: &mut Tx, network: Id) -> Result<Vec<(Account, Vec<Held>)>> {
    let sql = sql!(
        "select network_id, id, name, email, person_id, password_hash, created_at, disabled_at, version ",
        "from account where network_id = $1"
    );
    let mut accounts: Vec<Account> = tx.all(sql, args![network]).await?;
    accounts.sort_by_cached_key(|account| (text::fold(&account.name), account.id));
    let sql = sql!(
        "select network_id, id, account_id, role, structure_id, created_at from account_role ",
        "where network_id = $1"
    );
    let roles: Vec<AccountRole> = tx.all(sql, args![network]).await?;
    Ok(accounts
        .into_iter()
        .map(|account| {
            let held = held(roles.iter().filter(|row| row.account_id == account.id));
            (account, held)
        })
        .collect())
}

/// Who may sign in to a network, as a form offers them: by name, with the account's id.
pub async fn choices(tx: &mut Tx, network: Id) -> Result<Vec<Choice>> {
    let sql = sql!("select id, name from account where network_id = $1 and disabled_at is null");
    let mut all: Vec<(Id, String)> = tx.all(sql, args![network]).await?;
    all.sort_by_cached_key(|(id, name)| (text::fold(name), *id));
    Ok(all.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
}

/// Opens an account in the actor's network; refused when the address already has one.
/// Without a password one enters by invitation or by a link received by e-mail.
pub async fn create(tx: &mut Tx, actor: &Actor, wanted: Wanted, password: Option<String>) -> Result<Account> {
    wanted.check()?;
    let email = kit::web::form::email(&wanted.email).map_err(Error::Refused)?;
    if find_by_email(tx, actor.network_id, &email).await?.is_some() {
        return Err(Error::refused(format!("L’adresse {email} a déjà un accès à ce réseau.")));
    }
    let password_hash = match password {
        Some(password) => {
            if let Some(objection) = password::objection(&password, &email) {
                return Err(Error::refused(objection));
            }
            Some(password::hash(password).await?)
        }
        None => None,
    };
    let account = Account {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        name: wanted.name,
        email,
        person_id: wanted.person_id,
        password_hash,
        created_at: actor.now,
        disabled_at: None,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&account)).await?;
    put_roles(tx, actor, account.id, &wanted.roles).await?;
    let act = Act::new("account.created", account.subject()).after(&account.said(&wanted.roles));
    trail::record(tx, actor, act).await?;
    Ok(account)
}

async fn put_roles(tx: &mut Tx, actor: &Actor, account: Id, roles: &[Held]) -> Result<()> {
    tx.delete_in::<AccountRole>(actor.network_id, "account_id", &[account]).await?;
    let rows: Vec<AccountRole> = roles
        .iter()
        .map(|held| AccountRole {
            network_id: actor.network_id,
            id: Id::new(actor.now),
            account_id: account,
            role: held.role.code().to_owned(),
            structure_id: held.structure_id,
            created_at: actor.now,
        })
        .collect();
    tx.insert(&rows).await
}

/// Changes name, address, roles and sheet. The network always keeps a coordinator, and no one gives up
/// the role by which they are here.
pub async fn change(tx: &mut Tx, actor: &Actor, id: Id, wanted: Wanted) -> Result<Account> {
    wanted.check()?;
    let before: Account = tx.get(actor.network_id, id).await?;
    let roles = roles_of(tx, actor.network_id, id).await?;
    for role in [Role::Coordinator, Role::Operator] {
        if actor.account_id == Some(id) && holds(&roles, role) && !wanted.is(role) {
            return Err(Error::refused(format!(
                "Vous ne pouvez pas retirer votre propre rôle «\u{a0}{}\u{a0}» : demandez-le à quelqu’un d’autre.",
                role.label()
            )));
        }
    }
    if holds(&roles, Role::Coordinator) && !wanted.is(Role::Coordinator) {
        keep_a_coordinator(tx, &before).await?;
    }
    let email = kit::web::form::email(&wanted.email).map_err(Error::Refused)?;
    let moved = email != before.email;
    if moved && find_by_email(tx, actor.network_id, &email).await?.is_some() {
        return Err(Error::refused(format!("L’adresse {email} a déjà un accès à ce réseau.")));
    }
    let mut after = Account { name: wanted.name, email, person_id: wanted.person_id, ..before.clone() };
    tx.save(&mut after).await?;
    put_roles(tx, actor, id, &wanted.roles).await?;
    if moved {
        // What was sent to the old address must no longer open anything.
        link::close_all(tx, actor, id).await?;
    }
    let act = Act::new("account.changed", after.subject())
        .before(&before.said(&roles))
        .after(&after.said(&wanted.roles));
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Refuses to take away the last coordinator who can still sign in.
async fn keep_a_coordinator(tx: &mut Tx, leaving: &Account) -> Result<()> {
    if leaving.is_disabled() {
        return Ok(());
    }
    let sql = sql!(
        "select count(*) from account_role r ",
        "join account a on a.network_id = r.network_id and a.id = r.account_id ",
        "where r.network_id = $1 and r.role = 'coordinator' and a.disabled_at is null and a.id <> $2"
    );
    match tx.value::<i64>(sql, args![leaving.network_id, leaving.id]).await? {
        0 => Err(Error::refused(
            "C’est la dernière personne de la coordination : donnez d’abord ce rôle à quelqu’un d’autre.",
        )),
        _ => Ok(()),
    }
}

/// Closes an account: its sessions and links end at once, what it did stays.
pub async fn disable(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Account> {
    let before: Account = tx.get(actor.network_id, id).await?;
    if actor.account_id == Some(id) {
        return Err(Error::refused("Vous ne pouvez pas désactiver votre propre accès."));
    }
    if before.is_disabled() {
        return Ok(before);
    }
    let roles = roles_of(tx, actor.network_id, id).await?;
    if holds(&roles, Role::Coordinator) {
        keep_a_coordinator(tx, &before).await?;
    }
    let mut after = Account { disabled_at: Some(actor.now), ..before.clone() };
    tx.save(&mut after).await?;
    session::end_all(tx, actor.network_id, id, None).await?;
    link::close_all(tx, actor, id).await?;
    let act =
        Act::new("account.disabled", after.subject()).before(&before.said(&roles)).after(&after.said(&roles));
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Opens a closed account again; its password is as it was.
pub async fn enable(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Account> {
    let before: Account = tx.get(actor.network_id, id).await?;
    if !before.is_disabled() {
        return Ok(before);
    }
    let roles = roles_of(tx, actor.network_id, id).await?;
    let mut after = Account { disabled_at: None, ..before.clone() };
    tx.save(&mut after).await?;
    let act =
        Act::new("account.enabled", after.subject()).before(&before.said(&roles)).after(&after.said(&roles));
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Gives an account a password, already hashed: hashing takes long and has no place in a transaction.
pub async fn set_password(
    tx: &mut Tx,
    actor: &Actor,
    mut account: Account,
    password_hash: String,
    action: &'static str,
) -> Result<Account> {
    account.password_hash = Some(password_hash);
    tx.save(&mut account).await?;
    trail::record(tx, actor, Act::new(action, account.subject())).await?;
    Ok(account)
}
