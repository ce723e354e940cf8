//! Who may have mail and the instance examined. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Have everything examined, read what was found, send a test message to oneself.
    Examine,
}

/// The one truth: role × want. It shows no content, so that whoever runs the instance may.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Examine => visitor.is_any(&[Role::Coordinator, Role::Operator]),
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
    fn the_coordination_and_the_operator_call_the_doctor() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = matches!(role, Role::Coordinator | Role::Operator);
            assert_eq!(may(&visitor, Want::Examine), expected, "{role:?}");
        }
    }
}
