//! Who writes, known by address from the directory.

use std::collections::HashMap;

use kit::db::Id;
use kit::trail::Subject;
use kit::{Result, Tx, args, sql};

/// Someone or something of the directory that has an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// `person`, `contact` or `structure`.
    pub kind: &'static str,
    pub id: Id,
    pub label: String,
    /// The structure or organisation it belongs to, when there is one.
    pub of: Option<(&'static str, Id, String)>,
}

impl Known {
    pub fn subject(&self) -> Subject {
        Subject::new(self.kind, self.id, &self.label)
    }

    pub fn url(&self) -> String {
        url(self.kind, self.id)
    }
}

/// Where the sheet of something of the directory is.
pub fn url(kind: &str, id: Id) -> String {
    match kind {
        "person" => format!("/espace/reseau/promeneurs/{id}"),
        "structure" => format!("/espace/reseau/structures/{id}"),
        "organisation" => format!("/espace/reseau/partenaires/{id}"),
        _ => format!("/espace/reseau/contacts/{id}/modifier"),
    }
}

type Row = (Id, String, String, Option<Id>, Option<String>);

/// Who has an address, as looked up so far: first synchronisations meet the same ones again and again.
#[derive(Default)]
pub struct Senders(HashMap<String, Option<Known>>);

impl Senders {
    /// Who has an address: a person before a contact, a contact before a structure.
    pub async fn of(&mut self, tx: &mut Tx, network: Id, address: &str) -> Result<Option<Known>> {
        if let Some(known) = self.0.get(address) {
            return Ok(known.clone());
        }
        let found = find(tx, network, address).await?;
        self.0.insert(address.to_owned(), found.clone());
        Ok(found)
    }
}

/// Who has an address.
pub async fn find(tx: &mut Tx, network: Id, address: &str) -> Result<Option<Known>> {
    if address.is_empty() {
        return Ok(None);
    }
    let known = |kind, (id, first, last, of, name): Row, of_kind| Known {
        kind,
        id,
        label: format!("{first} {last}").trim().to_owned(),
        of: of.zip(name).map(|(id, name)| (of_kind, id, name)),
    };
    let sql = sql!(
        "select p.id, p.first_name, p.last_name, s.id, s.name from person p ",
        "left join mandate m on m.network_id = p.network_id and m.person_id = p.id and m.ended_on is null ",
        "and m.deleted_at is null left join structure s on s.network_id = m.network_id and s.id = m.structure_id ",
        "where p.network_id = $1 and p.email = $2 and p.deleted_at is null order by p.id, m.id limit 1"
    );
    if let Some(row) = tx.optional::<Row>(sql, args![network, address]).await? {
        return Ok(Some(known("person", row, "structure")));
    }
    let sql = sql!(
        "select c.id, c.first_name, c.last_name, o.id, o.name from contact c left join organisation o ",
        "on o.network_id = c.network_id and o.id = c.organisation_id ",
        "where c.network_id = $1 and c.email = $2 and c.deleted_at is null order by c.id limit 1"
    );
    if let Some(row) = tx.optional::<Row>(sql, args![network, address]).await? {
        return Ok(Some(known("contact", row, "organisation")));
    }
    // Written apart, so that each has its index.
    let by_email = sql!(
        "select id, name, '', cast(null as text), cast(null as text) from structure ",
        "where network_id = $1 and email = $2 and deleted_at is null order by id limit 1"
    );
    let by_manager = sql!(
        "select id, name, '', cast(null as text), cast(null as text) from structure ",
        "where network_id = $1 and manager_email = $2 and deleted_at is null order by id limit 1"
    );
    for sql in [by_email, by_manager] {
        if let Some(row) = tx.optional::<Row>(sql, args![network, address]).await? {
            return Ok(Some(known("structure", row, "structure")));
        }
    }
    Ok(None)
}
