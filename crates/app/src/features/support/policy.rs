//! Who may do what with tasks and the journal. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read, add, change and end tasks.
    Tasks,
    /// Read and keep the journal of the coordination's activity.
    Journal,
}

/// The one truth: role × want. Both are the coordination's own working papers.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Tasks | Want::Journal => visitor.is(Role::Coordinator),
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
    fn only_the_coordination_has_tasks_and_a_journal() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = role == Role::Coordinator;
            assert_eq!(
                [Want::Tasks, Want::Journal].map(|want| may(&visitor, want)),
                [expected; 2],
                "{role:?}"
            );
        }
    }
}
