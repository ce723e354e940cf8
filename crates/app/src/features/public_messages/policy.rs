//! Who may do what with messages of the public. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read and export them.
    Read,
    /// Say that one is dealt with, or no longer.
    Handle,
}

/// The one truth: role × want. They were written to the coordination, and to no one else.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Read | Want::Handle => visitor.is(Role::Coordinator),
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
    fn only_the_coordination_reads_what_was_written_to_it() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = role == Role::Coordinator;
            assert_eq!([Want::Read, Want::Handle].map(|w| may(&visitor, w)), [expected; 2], "{role:?}");
        }
    }
}
