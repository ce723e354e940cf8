//! Who may do what with the site's own pages. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Read what is not published: drafts, former texts, the library of pictures.
    Read,
    /// Write, publish, withdraw, arrange the menu, send pictures.
    Keep,
}

/// The one truth: role × want. Everyone else reads what is public.
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
    fn the_whole_truth_in_one_table() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let expected = role == Role::Coordinator;
            assert_eq!([Want::Read, Want::Keep].map(|want| may(&visitor, want)), [expected; 2], "{role:?}");
        }
    }
}
