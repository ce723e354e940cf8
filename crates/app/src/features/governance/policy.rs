//! Who may do what with committees. Every act asks here first; what is not said is refused.

use kit::{Error, Result, Role, Visitor};

/// What one may want to do.
#[derive(Clone, Copy, Debug)]
pub enum Want {
    /// Ask which committees there are: one is shown those that one may read.
    List,
    /// Every committee of the network.
    ReadAll,
    /// One committee: `seated` says whether the visitor sits in it.
    Read { seated: bool },
    /// Take notes in a session of a committee: `shared` says whether the coordination lets its members.
    Note { seated: bool, shared: bool },
    /// Found committees, give seats, set their roadmap.
    Keep,
    /// Carry a decision out on someone: suspend a post, lift a suspension, exclude.
    Measure,
}

/// The one truth: role × want. The Caf steers the network with the coordination; others see what they sit in.
pub fn may(visitor: &Visitor, want: Want) -> bool {
    let steers = visitor.is_any(&[Role::Coordinator, Role::Caf]);
    match want {
        Want::List => steers || visitor.is_any(&[Role::Partner, Role::Manager, Role::Promeneur, Role::Guest]),
        Want::ReadAll => steers,
        Want::Read { seated } => steers || (seated && may(visitor, Want::List)),
        Want::Note { seated, shared } => {
            may(visitor, Want::Keep) || (shared && may(visitor, Want::Read { seated }))
        }
        Want::Keep | Want::Measure => visitor.is(Role::Coordinator),
    }
}

/// Refuses what [`may`] refuses: 404 for a committee that one may not even see, 403 for the rest.
pub fn require(visitor: &Visitor, want: Want) -> Result<()> {
    match (may(visitor, want), want) {
        (true, _) => Ok(()),
        (false, Want::Note { seated, .. }) if !may(visitor, Want::Read { seated }) => Err(Error::NotFound),
        (false, Want::Read { .. }) if may(visitor, Want::List) => Err(Error::NotFound),
        (false, _) => Err(Error::Forbidden),
    }
}

#[cfg(test)]
mod tests {
    use kit::testing::visitor;

    use super::*;

    #[test]
    fn the_whole_truth_in_one_table() {
        // Who; then: list, read all, read one without a seat, with one; take notes when they are shared, without a seat,
        // with one, and when they are not; keep, take a measure.
        let table = [
            (Role::Coordinator, [true; 9]),
            (Role::Caf, [true, true, true, true, true, true, false, false, false]),
            (Role::Partner, [true, false, false, true, false, true, false, false, false]),
            (Role::Manager, [true, false, false, true, false, true, false, false, false]),
            (Role::Promeneur, [true, false, false, true, false, true, false, false, false]),
            (Role::Guest, [true, false, false, true, false, true, false, false, false]),
            (Role::Operator, [false; 9]),
        ];
        let wants = [
            Want::List,
            Want::ReadAll,
            Want::Read { seated: false },
            Want::Read { seated: true },
            Want::Note { seated: false, shared: true },
            Want::Note { seated: true, shared: true },
            Want::Note { seated: true, shared: false },
            Want::Keep,
            Want::Measure,
        ];
        for (role, expected) in table {
            let visitor = visitor(role);
            assert_eq!(wants.map(|want| may(&visitor, want)), expected, "{role:?}");
        }
    }
}
