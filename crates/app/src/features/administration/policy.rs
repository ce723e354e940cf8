//! Who may do what with settings. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read settings, lists and components.
    ReadSettings,
    /// Change what the network decides for itself.
    ChangeSettings,
    /// Rename, extend and retire entries of lists.
    ChangeLists,
    /// Read the messages that the network sent.
    ReadOutbox,
}

/// The one truth: role × want. An operator runs the instance without access to what people write.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    let (coordinator, operator) = (visitor.is(Role::Coordinator), visitor.is(Role::Operator));
    match want {
        Want::ReadSettings | Want::ChangeSettings => coordinator || operator,
        Want::ChangeLists | Want::ReadOutbox => coordinator,
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
        // Who; then: read settings, change settings, change lists, read the outbox.
        let table = [
            (Role::Coordinator, [true, true, true, true]),
            (Role::Caf, [false; 4]),
            (Role::Partner, [false; 4]),
            (Role::Manager, [false; 4]),
            (Role::Promeneur, [false; 4]),
            (Role::Guest, [false; 4]),
            (Role::Operator, [true, true, false, false]),
        ];
        for (role, expected) in table {
            let visitor = visitor(role);
            let wants = [Want::ReadSettings, Want::ChangeSettings, Want::ChangeLists, Want::ReadOutbox];
            assert_eq!(wants.map(|want| may(&visitor, want)), expected, "{role:?}");
        }
    }
}
