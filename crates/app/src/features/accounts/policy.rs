//! Who may do what with accounts. Every act asks here first; what is not said is refused.

use kit::visitor::Held;
use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want<'a> {
    /// One's own account: password, sessions.
    KeepOwn,
    /// The list of who has access to the network.
    ReadUsers,
    /// Names of structures and promeneurs, to tie an account to.
    ReadNames,
    /// Give a role to someone.
    Grant(Role),
    /// Change, disable, enable or invite again an account that holds these roles.
    Keep(&'a [Held]),
}

/// The one truth: role × want. Coordinators keep everyone but operators; an operator, who has no business
/// in the content, keeps coordinators and operators only.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    let (coordinator, operator) = (visitor.is(Role::Coordinator), visitor.is(Role::Operator));
    match want {
        Want::KeepOwn => true,
        Want::ReadUsers => coordinator || operator,
        Want::ReadNames => coordinator,
        Want::Grant(Role::Operator) => operator,
        Want::Grant(Role::Coordinator) => coordinator || operator,
        Want::Grant(_) => coordinator,
        Want::Keep(roles) => {
            may(visitor, Want::ReadUsers) && roles.iter().all(|held| may(visitor, Want::Grant(held.role)))
        }
    }
}

/// Refuses what [`may`] refuses.
pub fn require(visitor: &Visitor, want: Want) -> Result<()> {
    if may(visitor, want) { Ok(()) } else { Err(Error::Forbidden) }
}

#[cfg(test)]
mod tests {
    use kit::testing::visitor;

    use super::*;

    #[test]
    fn the_whole_truth_in_one_table() {
        let of = |role| [Held { role, structure_id: None }];
        let (coordinators, operators, promeneurs) =
            (of(Role::Coordinator), of(Role::Operator), of(Role::Promeneur));
        // Who; then: keep own, read users, read names, grant coordinator, operator, promeneur,
        // keep a coordinator, an operator, a promeneur.
        let table = [
            (Role::Coordinator, [true, true, true, true, false, true, true, false, true]),
            (Role::Caf, [true, false, false, false, false, false, false, false, false]),
            (Role::Partner, [true, false, false, false, false, false, false, false, false]),
            (Role::Manager, [true, false, false, false, false, false, false, false, false]),
            (Role::Promeneur, [true, false, false, false, false, false, false, false, false]),
            (Role::Guest, [true, false, false, false, false, false, false, false, false]),
            (Role::Operator, [true, true, false, true, true, false, true, true, false]),
        ];
        for (role, expected) in table {
            let wants = [
                Want::KeepOwn,
                Want::ReadUsers,
                Want::ReadNames,
                Want::Grant(Role::Coordinator),
                Want::Grant(Role::Operator),
                Want::Grant(Role::Promeneur),
                Want::Keep(&coordinators),
                Want::Keep(&operators),
                Want::Keep(&promeneurs),
            ];
            assert_eq!(wants.map(|want| may(&visitor(role), want)), expected, "{role:?}");
        }
    }
}
