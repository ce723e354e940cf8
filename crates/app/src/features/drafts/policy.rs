//! Who may keep drafts: everyone who may sign in, and each only their own. Every statement names the account.

use kit::{Error, Result, Role, Visitor};

/// Whether someone has forms of their own to fill in: any role will do.
pub fn may_keep(visitor: &Visitor) -> bool {
    visitor.is_any(&Role::ALL)
}

/// Refuses what [`may_keep`] refuses.
pub fn require(visitor: &Visitor) -> Result<()> {
    if may_keep(visitor) { Ok(()) } else { Err(Error::Forbidden) }
}

#[cfg(test)]
mod tests {
    use kit::Timestamp;
    use kit::db::Id;
    use kit::visitor::Held;

    use super::*;

    #[test]
    fn the_whole_truth_in_one_table() {
        let now = Timestamp(1_795_424_400_000_000);
        let visitor = |roles: Vec<Held>| Visitor {
            account_id: Id::new(now),
            session_id: Id::new(now),
            name: String::new(),
            email: String::new(),
            person_id: None,
            roles,
        };
        for role in Role::ALL {
            assert!(may_keep(&visitor(vec![Held { role, structure_id: None }])), "{role:?}");
        }
        assert!(!may_keep(&visitor(Vec::new())), "without a role there is nothing to write");
    }
}
