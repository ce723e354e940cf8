//! Who has which address book. What stands in each is decided card by card, by the policy of the directory.

use kit::{Role, Visitor};

use super::book::Book;
use crate::features::directory::policy::{Want, may};

/// The books of a visitor. An operator runs the instance and has no business in its content.
pub fn books(visitor: &Visitor) -> Vec<Book> {
    let someone = visitor.roles.iter().any(|held| held.role != Role::Operator);
    Book::ALL
        .into_iter()
        .filter(|book| match book {
            Book::People | Book::Structures => someone,
            Book::Partners => may(visitor, Want::ReadNetwork),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use kit::testing::visitor;

    use super::*;

    #[test]
    fn the_whole_truth_in_one_table() {
        let table = [
            (Role::Coordinator, 3),
            (Role::Caf, 3),
            (Role::Partner, 2),
            (Role::Manager, 2),
            (Role::Promeneur, 2),
            (Role::Guest, 2),
            (Role::Operator, 0),
        ];
        for (role, expected) in table {
            let visitor = visitor(role);
            assert_eq!(books(&visitor).len(), expected, "{role:?}");
        }
    }
}
