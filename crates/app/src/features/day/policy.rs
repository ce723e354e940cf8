//! What the day's page shows to whom. Everyone signed in has a day; only its parts differ.

use kit::{Role, Visitor};

/// The parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Figures and tasks of the whole network.
    Network,
    /// What only the coordination does: imports, duplicates, publishing.
    Tasks,
}

pub fn may_see(visitor: &Visitor, part: Part) -> bool {
    match part {
        Part::Network => visitor.is_any(&[Role::Coordinator, Role::Caf]),
        Part::Tasks => visitor.is(Role::Coordinator),
    }
}

#[cfg(test)]
mod tests {
    use kit::testing::visitor;

    use super::*;

    #[test]
    fn only_those_who_steer_see_the_network() {
        for role in Role::ALL {
            let visitor = visitor(role);
            let steers = matches!(role, Role::Coordinator | Role::Caf);
            assert_eq!(may_see(&visitor, Part::Network), steers, "{role:?}");
            assert_eq!(may_see(&visitor, Part::Tasks), role == Role::Coordinator, "{role:?}");
        }
    }
}
