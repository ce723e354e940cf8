//! Rows as structs. `table!` declares a struct whose fields are the columns of a table; reading one
//! row, inserting many and saving one with its version check then need no SQL of their own.

use super::Arg;

/// What [`table!`](crate::table) knows of a table.
pub trait Table: super::Row + ReadAt<sqlx::sqlite::SqliteRow> + ReadAt<sqlx::postgres::PgRow> {
    const NAME: &'static str;
    const COLUMNS: &'static [&'static str];
    fn args(&self) -> Vec<Arg>;
    fn key(&self) -> (super::Id, super::Id);
}

/// Reads a table's row from the columns of a wider one, in the order of [`Table::COLUMNS`], from `at` on.
pub trait ReadAt<R>: Sized {
    fn read_at(row: &R, at: usize) -> sqlx::Result<Self>;
}

/// The rows of two tables side by side, as [`Tx::all_joined`](super::Tx::all_joined) reads them.
pub(super) struct Beside<A, B>(pub A, pub B);

macro_rules! beside {
    ($row:ty) => {
        impl<'r, A: Table + ReadAt<$row>, B: ReadAt<$row>> sqlx::FromRow<'r, $row> for Beside<A, B> {
            fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                Ok(Self(A::read_at(row, 0)?, B::read_at(row, A::COLUMNS.len())?))
            }
        }
    };
}
beside!(sqlx::sqlite::SqliteRow);
beside!(sqlx::postgres::PgRow);

/// A mutable row: `version` grows by one with each save, and a save of an old version is refused.
pub trait Versioned: Table {
    fn version(&self) -> i64;
    fn set_version(&mut self, version: i64);
}

/// The name and columns of a table, registered so that a test can compare them with the schema.
pub struct Shape {
    pub name: &'static str,
    pub columns: &'static [&'static str],
}

inventory::collect!(Shape);

/// Every table declared with [`table!`](crate::table).
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    inventory::iter::<Shape>.into_iter()
}

/// How many rows, or values of a list, a built statement holds. Few sizes make few texts: engines keep each prepared, and
/// one of hundreds of rows weighs as much as all the others of a page.
const SIZES: [usize; 8] = [1, 2, 5, 10, 20, 50, 100, 200];

/// Cuts rows into parts of these sizes, the largest first.
pub(super) fn parts<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.iter().rev().copied().find(|size| *size <= rows.len())?;
        let (part, rest) = rows.split_at(size);
        rows = rest;
        Some(part)
    })
}

/// Values for lists in which a value may stand twice, as `in (…)`: filled up to these sizes with the last one.
pub(super) fn lists(values: &[Arg]) -> impl Iterator<Item = Vec<Arg>> {
    let most = SIZES[SIZES.len() - 1];
    values.chunks(most).map(move |chunk| {
        let size = SIZES.iter().copied().find(|size| *size >= chunk.len()).unwrap_or(most);
        let mut list = chunk.to_vec();
        if let Some(last) = chunk.last() {
            list.resize(size, last.clone());
        }
        list
    })
}

/// `$3, $4, $5` for three places from the third.
pub(super) fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The text of `insert into … values` for `rows` rows.
pub(super) fn insert_text(name: &str, columns: &[&str], rows: usize) -> String {
    let mut text = format!("insert into {name} ({}) values ", columns.join(", "));
    let mut place = 1;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&place.to_string());
            place += 1;
        }
        text.push(')');
    }
    text
}

/// The text that saves a row: every column set, `version` taken from `$n` only when still the one read.
pub(super) fn update_text(name: &str, columns: &[&str]) -> String {
    let sets: Vec<String> =
        columns.iter().enumerate().map(|(at, column)| format!("{column} = ${}", at + 1)).collect();
    let n = columns.len();
    format!(
        "update {name} set {} where network_id = ${} and id = ${} and version = ${}",
        sets.join(", "),
        n + 1,
        n + 2,
        n + 3
    )
}

/// Declares a table's row.
///
/// ```ignore
/// kit::table! {
///     /// An organisation that employs promeneurs.
///     pub struct Structure in "structure" { pub name: String, pub siret: Option<String> }
/// }
/// ```
/// `network_id`, `id` and, with `versioned`, `version` are added to the fields.
#[macro_export]
macro_rules! table {
    ($(#[$meta:meta])* pub struct $name:ident in $table:literal $(: $versioned:ident)? {
        $($(#[$field_meta:meta])* pub $field:ident : $type:ty),* $(,)?
    }) => {
        $crate::table!(@struct $($versioned)? ; $(#[$meta])* $name $table { $($(#[$field_meta])* $field : $type),* });
    };
    (@read $row:ty, $name:ident { $($field:ident),* }) => {
        impl $crate::db::ReadAt<$row> for $name {
            fn read_at(row: &$row, at: usize) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                let mut next = at + 2;
                $(
                    let $field = row.try_get(next)?;
                    next += 1;
                )*
                debug_assert_eq!(next, at + <Self as $crate::db::Table>::COLUMNS.len());
                Ok(Self { network_id: row.try_get(at)?, id: row.try_get(at + 1)?, $($field),* })
            }
        }
    };
    (@struct versioned ; $(#[$meta:meta])* $name:ident $table:literal { $($(#[$fm:meta])* $field:ident : $type:ty),* }) => {
        $crate::table!(@emit ; $(#[$meta])* $name $table { $($(#[$fm])* $field : $type,)* version : i64 });
        impl $crate::db::Versioned for $name {
            fn version(&self) -> i64 { self.version }
            fn set_version(&mut self, version: i64) { self.version = version; }
        }
    };
    (@struct ; $(#[$meta:meta])* $name:ident $table:literal { $($(#[$fm:meta])* $field:ident : $type:ty),* }) => {
        $crate::table!(@emit ; $(#[$meta])* $name $table { $($(#[$fm])* $field : $type),* });
    };
    (@emit ; $(#[$meta:meta])* $name:ident $table:literal { $($(#[$fm:meta])* $field:ident : $type:ty),* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, sqlx::FromRow)]
        pub struct $name {
            pub network_id: $crate::db::Id,
            pub id: $crate::db::Id,
            $($(#[$fm])* pub $field: $type),*
        }
        impl $crate::db::Table for $name {
            const NAME: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &["network_id", "id", $(stringify!($field)),*];
            fn args(&self) -> Vec<$crate::db::Arg> {
                vec![
                    $crate::db::Arg::from(self.network_id),
                    $crate::db::Arg::from(self.id),
                    $($crate::db::Arg::from(self.$field.clone())),*
                ]
            }
            fn key(&self) -> ($crate::db::Id, $crate::db::Id) { (self.network_id, self.id) }
        }
        $crate::table!(@read sqlx::sqlite::SqliteRow, $name { $($field),* });
        $crate::table!(@read sqlx::postgres::PgRow, $name { $($field),* });
        $crate::inventory::submit! {
            $crate::db::Shape {
                name: $table,
                columns: <$name as $crate::db::Table>::COLUMNS,
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_come_in_few_sizes_and_nothing_is_lost() {
        let rows: Vec<usize> = (0..437).collect();
        let sizes: Vec<usize> = parts(&rows).map(<[usize]>::len).collect();
        assert_eq!(sizes, [200, 200, 20, 10, 5, 2]);
        assert_eq!(parts(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(parts::<usize>(&[]).count(), 0);
        let values: Vec<Arg> = (0..203_i64).map(Arg::from).collect();
        assert_eq!(lists(&values).map(|list| list.len()).collect::<Vec<_>>(), [200, 5]);
    }
}
