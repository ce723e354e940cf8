//! Statements: one text for both engines, each known by the place where it stands.

use std::fmt;

/// A statement as written in a feature. Made by [`sql!`](crate::sql), which registers it, so that one
/// test can prepare every statement of the program on both engines.
#[derive(Clone, Copy)]
pub struct Sql {
    pub text: &'static str,
    pub file: &'static str,
    pub line: u32,
}

inventory::collect!(Sql);

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Every statement of the program.
pub fn statements() -> impl Iterator<Item = &'static Sql> {
    inventory::iter::<Sql>.into_iter()
}

/// Names a statement: `tx.all::<Row>(sql!("select … where network_id = $1"), args![id])`.
/// Several pieces are joined at compile time.
#[macro_export]
macro_rules! sql {
    ($($piece:expr),+ $(,)?) => {{
        const SQL: $crate::db::Sql =
            $crate::db::Sql { text: concat!($($piece),+), file: file!(), line: line!() };
        $crate::inventory::submit! { SQL }
        SQL
    }};
}
