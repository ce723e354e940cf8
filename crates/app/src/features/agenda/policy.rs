//! Who may do what with date polls. Every act asks here first; what is not said is refused. Those who are asked answer by
//! their personal link, which is all the right they need.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// See which polls there are and what was answered.
    Read,
    /// Prepare polls, send them, conclude them.
    Keep,
}

/// The one truth: role × want. The Caf steers the network with the coordination.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Read => visitor.is_any(&[Role::Coordinator, Role::Caf]),
        Want::Keep => visitor.is(Role::Coordinator),
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
            (Role::Promeneur, [false; 2]),
            (Role::Guest, [false; 2]),
            (Role::Operator, [false; 2]),
        ];
        for (role, expected) in table {
            let visitor = visitor(role);
            assert_eq!([Want::Read, Want::Keep].map(|want| may(&visitor, want)), expected, "{role:?}");
        }
    }
}
