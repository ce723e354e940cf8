//! The values a statement takes.

use sqlx::Arguments;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

use super::{Date, Id, Timestamp};

/// One value bound to a placeholder. The absent value keeps its type, which PostgreSQL wants to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    Text(Option<String>),
    Int(Option<i64>),
    Float(Option<f64>),
    Bool(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

/// The values of a statement in the order of `$1, $2…`: `args![network.id, "valence", None::<i64>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Arg::from($value)),*] };
}

macro_rules! arg_from {
    ($($from:ty => $variant:ident, |$v:ident| $convert:expr;)*) => {$(
        impl From<$from> for Arg {
            fn from($v: $from) -> Self {
                Self::$variant(Some($convert))
            }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|$v| $convert))
            }
        }
    )*};
}
arg_from! {
    String => Text, |v| v;
    &str => Text, |v| v.to_owned();
    &String => Text, |v| v.clone();
    Id => Text, |v| v.to_string();
    Date => Text, |v| v.to_string();
    i64 => Int, |v| v;
    Timestamp => Int, |v| v.0;
    f64 => Float, |v| v;
    bool => Bool, |v| v;
    Vec<u8> => Bytes, |v| v;
}

macro_rules! bind_all {
    ($name:ident, $arguments:ty) => {
        pub(super) fn $name(args: Vec<Arg>) -> Result<$arguments, BoxDynError> {
            let mut bound = <$arguments>::default();
            for arg in args {
                match arg {
                    Arg::Text(value) => bound.add(value)?,
                    Arg::Int(value) => bound.add(value)?,
                    Arg::Float(value) => bound.add(value)?,
                    Arg::Bool(value) => bound.add(value)?,
                    Arg::Bytes(value) => bound.add(value)?,
                }
            }
            Ok(bound)
        }
    };
}
bind_all!(for_sqlite, SqliteArguments);
bind_all!(for_postgres, PgArguments);
