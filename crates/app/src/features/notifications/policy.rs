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
    use kit::visitor::Held;
    use kit::{Role, Timestamp};

    use super::*;

    #[test]
    fn everyone_has_their_own_and_no_others() {
        let now = Timestamp(1_795_424_400_000_000);
        let (me, other) = (Id::new(now), Id::new(now));
        for role in Role::ALL {
            let visitor = Visitor {
                account_id: me,
                session_id: me,
                name: String::new(),
                email: String::new(),
                person_id: None,
                roles: vec![Held { role, structure_id: None }],
            };
            assert!(may(&visitor, Want::Own(me)) && !may(&visitor, Want::Own(other)), "{role:?}");
        }
    }
}
