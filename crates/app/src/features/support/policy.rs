//! Who may do what with tasks and the journal. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read, add, change and end tasks.
    Tasks,
    /// Read, take up and end the tasks that one was given.
    OwnTasks,
    /// Read and keep the journal of the coordination's activity.
    Journal,
}

/// The one truth: role × want. Tasks and journal are the coordination's own working papers; a task can be given to anyone of
/// the network.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::OwnTasks => {
            visitor.is_any(&[Role::Coordinator, Role::Caf, Role::Partner, Role::Manager, Role::Promeneur])
        }
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
    fn only_the_coordination_has_all_tasks_and_a_journal() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let keeps = role == Role::Coordinator;
            let has = !matches!(role, Role::Operator | Role::Guest);
            let wants = [Want::Tasks, Want::Journal, Want::OwnTasks];
            assert_eq!(wants.map(|want| may(&visitor, want)), [keeps, keeps, has], "{role:?}");
        }
    }
}
