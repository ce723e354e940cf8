//! Who may do what with notifications. Every act asks here first; what is not said is refused.

use kit::{Error, Id, Result, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read notifications of this account, and choose how it is told.
    Own(Id),
}

/// The one truth: to each their own, whatever their role.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    match want {
        Want::Own(account) => visitor.account_id == account,
    }
}

/// Refuses what [`may`] refuses: what others are told of is not known to exist.
pub fn require(visitor: &Visitor, want: Want) -> Result<()> {
    if may(visitor, want) { Ok(()) } else { Err(Error::NotFound) }
}

#[cfg(test)]
mod tests {
    use kit::Role;
    use kit::testing::visitor;

    use super::*;

    #[test]
    fn everyone_has_their_own_and_no_others() {
        for role in Role::ALL {
            let (visitor, other) = (visitor(role), visitor(role));
            let (me, other) = (visitor.account_id, other.account_id);
            assert!(may(&visitor, Want::Own(me)) && !may(&visitor, Want::Own(other)), "{role:?}");
        }
    }
}
