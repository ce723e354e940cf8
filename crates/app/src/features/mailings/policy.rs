//! Who may write to many. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// See lists, their members, mailings and what became of them.
    Read,
    /// Change lists, templates and topics; write and send mailings.
    Keep,
}

/// The one truth: role × want. Addresses of a whole network are the coordination's business alone.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Read | Want::Keep => visitor.is(Role::Coordinator),
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
    fn only_the_coordination_writes_to_many() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = role == Role::Coordinator;
            assert_eq!([Want::Read, Want::Keep].map(|w| may(&visitor, w)), [expected; 2], "{role:?}");
        }
    }
}
