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
    use kit::testing::visitor;

    use super::*;

    #[test]
    fn the_whole_truth_in_one_table() {
        for role in Role::ALL {
            assert!(may_keep(&visitor(role)), "{role:?}");
        }
        let nobody = Visitor { roles: Vec::new(), ..visitor(Role::Guest) };
        assert!(!may_keep(&nobody), "without a role there is nothing to write");
    }
}
