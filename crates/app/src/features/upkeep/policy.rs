//! Who may propose, decide and ask. Every act asks here first; what is not said is refused.

use kit::{Error, Id, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Propose changes to one's own sheet.
    ProposePerson(Id),
    /// Propose changes to the structure one answers for.
    ProposeStructure(Id),
    /// Decide on proposals, report them to the national site, ask everyone.
    Decide,
    /// Read a proposal made by this account.
    ReadRequest(Option<Id>),
}

/// The one truth: role × want.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    let coordinator = visitor.is(Role::Coordinator);
    match want {
        Want::ProposePerson(id) => visitor.is(Role::Promeneur) && visitor.person_id == Some(id),
        Want::ProposeStructure(id) => visitor.manages(id),
        Want::Decide => coordinator,
        Want::ReadRequest(author) => coordinator || author == Some(visitor.account_id),
    }
}

/// Refuses what [`may`] refuses: 404 for what is someone else's, 403 for what is the coordinator's.
pub fn require(visitor: &Visitor, want: Want) -> Result<()> {
    match (may(visitor, want), want) {
        (true, _) => Ok(()),
        (false, Want::Decide) => Err(Error::Forbidden),
        (false, _) => Err(Error::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use kit::visitor::Held;
    use kit::{Timestamp, testing};

    use super::*;

    #[test]
    fn the_whole_truth_in_one_table() {
        let now = Timestamp(1_795_424_400_000_000);
        let (mine, other, account) = (Id::new(now), Id::new(now), Id::new(now));
        // Who; then: propose for oneself, for another, for one's structure, for another; decide; read one's
        // own proposal, another's.
        let table = [
            (Role::Coordinator, [false, false, false, false, true, true, true]),
            (Role::Caf, [false, false, false, false, false, true, false]),
            (Role::Partner, [false, false, false, false, false, true, false]),
            (Role::Manager, [false, false, true, false, false, true, false]),
            (Role::Promeneur, [true, false, false, false, false, true, false]),
            (Role::Guest, [false, false, false, false, false, true, false]),
            (Role::Operator, [false, false, false, false, false, true, false]),
        ];
        for (role, expected) in table {
            let structure_id = (role == Role::Manager).then_some(mine);
            let visitor = Visitor {
                account_id: account,
                person_id: Some(mine),
                roles: vec![Held { role, structure_id }],
                ..testing::visitor(role)
            };
            let found = [
                Want::ProposePerson(mine),
                Want::ProposePerson(other),
                Want::ProposeStructure(mine),
                Want::ProposeStructure(other),
                Want::Decide,
                Want::ReadRequest(Some(account)),
                Want::ReadRequest(Some(other)),
            ]
            .map(|want| may(&visitor, want));
            assert_eq!(found, expected, "{role:?}");
        }
    }
}
