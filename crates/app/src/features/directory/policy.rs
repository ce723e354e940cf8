//! Who may do what in the directory. Every act asks here first; what is not said is refused.

use kit::db::{Date, Id};
use kit::{Error, Result, Role, Visitor};

use super::sheet::Sheet;

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want<'a> {
    /// Lists, map, search, exports of the whole network.
    ReadNetwork,
    /// Enter, change, publish, import, merge, delete.
    Keep,
    /// Internal notes and contacts' private lines.
    ReadNotes,
    /// One person's sheet with its history.
    ReadPerson(&'a Sheet, Date),
    /// One structure's sheet with its posts.
    ReadStructure(Id),
}

/// The one truth: role × want.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    let coordinator = visitor.is(Role::Coordinator);
    match want {
        Want::Keep | Want::ReadNotes => coordinator,
        Want::ReadNetwork => coordinator || visitor.is(Role::Caf),
        Want::ReadPerson(sheet, today) => {
            may(visitor, Want::ReadNetwork)
                || visitor.person_id == Some(sheet.person.id)
                || sheet.holdings.iter().any(|h| !h.mandate.is_over(today) && visitor.manages(h.structure.id))
        }
        Want::ReadStructure(id) => may(visitor, Want::ReadNetwork) || visitor.manages(id),
    }
}

/// Refuses what [`may`] refuses: 404 for what one may not even see, 403 for what one sees but may not do.
pub fn require(visitor: &Visitor, want: Want) -> Result<()> {
    match (may(visitor, want), want) {
        (true, _) => Ok(()),
        (false, Want::ReadPerson(..) | Want::ReadStructure(_)) => Err(Error::NotFound),
        (false, _) => Err(Error::Forbidden),
    }
}

#[cfg(test)]
mod tests {
    use kit::visitor::Held;
    use kit::{Timestamp, testing};

    use super::super::mandate::Mandate;
    use super::super::person::Person;
    use super::super::sheet::Holding;
    use super::super::structure::Structure;
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000_000);

    fn visitor(role: Role, structure: Option<Id>, person: Option<Id>) -> Visitor {
        Visitor {
            person_id: person,
            roles: vec![Held { role, structure_id: structure }],
            ..testing::visitor(role)
        }
    }

    #[test]
    fn the_whole_truth_in_one_table() {
        let network = Id::new(NOW);
        let today: Date = "2026-11-23".parse().unwrap();
        let person = Person::named(network, NOW, "Noé", "Lefèvre");
        let (mine, past) = (Structure::named(network, NOW, "MJC"), Structure::named(network, NOW, "Foyer"));
        let held = Mandate::new(network, NOW, mine.id, 1, Some(person.id));
        let mut over = Mandate::new(network, NOW, past.id, 1, Some(person.id));
        over.ended_on = Some("2020-01-01".parse().unwrap());
        let sheet = Sheet {
            person: person.clone(),
            holdings: vec![
                Holding { mandate: held, structure: mine.clone() },
                Holding { mandate: over, structure: past.clone() },
            ],
            profiles: Vec::new(),
            hours: Vec::new(),
            off: Vec::new(),
        };
        // Who; then: read the network, keep, read notes, read this person, read their structure.
        let table = [
            (visitor(Role::Coordinator, None, None), [true, true, true, true, true]),
            (visitor(Role::Caf, None, None), [true, false, false, true, true]),
            (visitor(Role::Partner, None, None), [false; 5]),
            (visitor(Role::Manager, Some(mine.id), None), [false, false, false, true, true]),
            (visitor(Role::Manager, Some(past.id), None), [false; 5]),
            (visitor(Role::Manager, None, None), [false; 5]),
            (visitor(Role::Promeneur, None, Some(person.id)), [false, false, false, true, false]),
            (visitor(Role::Promeneur, None, Some(Id::new(NOW))), [false; 5]),
            (visitor(Role::Guest, None, None), [false; 5]),
            (visitor(Role::Operator, None, None), [false; 5]),
        ];
        for (visitor, expected) in table {
            let wants = [
                Want::ReadNetwork,
                Want::Keep,
                Want::ReadNotes,
                Want::ReadPerson(&sheet, today),
                Want::ReadStructure(mine.id),
            ];
            let found = wants.map(|want| may(&visitor, want));
            assert_eq!(found, expected, "{:?}", visitor.roles);
        }
    }
}
