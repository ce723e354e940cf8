//! Who may do what with the shared mailbox. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read conversations, notes and attachments.
    Read,
    /// Sort, assign, note, answer.
    Treat,
    /// Connect the mailbox, change its signature, saved replies and rules.
    SetUp,
}

/// The one truth: role × want. The mailbox is the coordination's: what people write to it is read by no one else.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Read | Want::Treat | Want::SetUp => visitor.is(Role::Coordinator),
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
    fn only_the_coordination_opens_its_mailbox() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = role == Role::Coordinator;
            let wants = [Want::Read, Want::Treat, Want::SetUp];
            assert_eq!(wants.map(|want| may(&visitor, want)), [expected; 3], "{role:?}");
        }
    }
}
