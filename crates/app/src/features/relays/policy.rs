//! Who may do what with relays. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read the list, with what is due for a check.
    Read,
    /// Add, change, retire.
    Keep,
}

/// The one truth: role × want. Promeneurs refer people; everyone reads the public page.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    let coordinator = visitor.is(Role::Coordinator);
    match want {
        Want::Read => coordinator || visitor.is_any(&[Role::Caf, Role::Promeneur]),
        Want::Keep => coordinator,
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
        // Who; then: read, keep.
        let table = [
            (Role::Coordinator, [true, true]),
            (Role::Caf, [true, false]),
            (Role::Partner, [false; 2]),
            (Role::Manager, [false; 2]),
            (Role::Promeneur, [true, false]),
            (Role::Guest, [false; 2]),
            (Role::Operator, [false; 2]),
        ];
        for (role, expected) in table {
            let visitor = visitor(role);
            assert_eq!([Want::Read, Want::Keep].map(|want| may(&visitor, want)), expected, "{role:?}");
        }
    }
}
