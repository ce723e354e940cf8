//! Who may do what with questions. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read the register.
    Read,
    /// Note, take, answer and close questions.
    Keep,
}

/// The one truth: role × want. The register is the coordination's own working paper.
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
    fn only_the_coordination_reads_and_keeps_questions() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = role == Role::Coordinator;
            assert_eq!([Want::Read, Want::Keep].map(|want| may(&visitor, want)), [expected; 2], "{role:?}");
        }
    }
}
