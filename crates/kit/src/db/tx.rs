//! A transaction: the only way to the data.

use std::sync::atomic::Ordering;

use futures::future::BoxFuture;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction};

use super::arg::{for_postgres, for_sqlite};
use super::changes::Touched;
use super::{Arg, Db, Heard, Id, QUERIES, Sql, Table, Versioned, table};
use crate::error::{Error, Result};

/// What can be read from a row, on both engines. Derive `sqlx::FromRow`.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

pub(super) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// An open transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Tx {
    pub(super) inner: Inner,
    pub(super) db: Db,
    pub(super) wakes_jobs: bool,
    pub(super) touched: Touched,
    /// Shared texts that this transaction changes, each with the rank of its last change.
    pub(super) texts: Vec<(Id, i64)>,
}

/// What a statement returned, not yet read into a type.
enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Rows {
    fn read<T: Row>(self, place: &Sql) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(T::from_row).collect::<Result<_, _>>(),
            Self::Postgres(rows) => rows.iter().map(T::from_row).collect::<Result<_, _>>(),
        }
        .map_err(|e| failed(place, e))
    }
}

/// How much of what a statement returns is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    All,
    First,
}

/// Texts that `kit::db` built in this process, for the test that looks for missing indexes.
#[cfg(debug_assertions)]
static BUILT_TEXTS: std::sync::Mutex<std::collections::BTreeSet<String>> =
    std::sync::Mutex::new(std::collections::BTreeSet::new());

/// Every text built so far; none in a release.
pub fn built_texts() -> Vec<String> {
    #[cfg(debug_assertions)]
    return BUILT_TEXTS.lock().map(|texts| texts.iter().cloned().collect()).unwrap_or_default();
    #[cfg(not(debug_assertions))]
    Vec::new()
}

fn built(text: String, inner: &Inner) -> SqlStr {
    #[cfg(debug_assertions)]
    if let Ok(mut texts) = BUILT_TEXTS.lock() {
        texts.insert(text.clone());
    }
    let text = match inner {
        Inner::Sqlite(_) => nameless(&text).unwrap_or(text),
        Inner::Postgres(_) => text,
    };
    AssertSqlSafe(text).into_sql_str()
}

/// `$1, $2, $3` as `?, ?, ?`, when each stands once and in order. SQLite looks the name of a placeholder up
/// among all the others each time it is bound: a statement of 5,000 named ones spends its time there.
fn nameless(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split('$');
    plain.push_str(pieces.next()?);
    for (at, piece) in pieces.enumerate() {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        if piece[..digits].parse() != Ok(at + 1) {
            return None;
        }
        plain.push('?');
        plain.push_str(&piece[digits..]);
    }
    Some(plain)
}

/// Where a text that `kit::db` builds itself is said to stand.
const BUILT: Sql = Sql { text: "built", file: "kit::db", line: 0 };

impl Tx {
    pub(super) fn new(inner: Inner, db: Db) -> Self {
        Self { inner, db, wakes_jobs: false, touched: Touched::default(), texts: Vec::new() }
    }

    /// The one place that asks an engine for rows. Boxed and free of type parameters: both drivers are
    /// compiled once, here, and not again for each type of row in each feature.
    fn rows<'a>(
        &'a mut self,
        place: &'a Sql,
        text: SqlStr,
        args: Vec<Arg>,
        want: Want,
    ) -> BoxFuture<'a, Result<Rows>> {
        Box::pin(async move {
            let _ = QUERIES.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
            match &mut self.inner {
                Inner::Sqlite(tx) => {
                    let query = sqlx::query_with::<Sqlite, _>(text, for_sqlite(args).map_err(Error::bug)?);
                    match want {
                        Want::All => query.fetch_all(&mut **tx).await,
                        Want::First => {
                            query.fetch_optional(&mut **tx).await.map(|row| row.into_iter().collect())
                        }
                    }
                    .map(Rows::Sqlite)
                }
                Inner::Postgres(tx) => {
                    let query =
                        sqlx::query_with::<Postgres, _>(text, for_postgres(args).map_err(Error::bug)?);
                    match want {
                        Want::All => query.fetch_all(&mut **tx).await,
                        Want::First => {
                            query.fetch_optional(&mut **tx).await.map(|row| row.into_iter().collect())
                        }
                    }
                    .map(Rows::Postgres)
                }
            }
            .map_err(|e| failed(place, e))
        })
    }

    /// The one place that runs a statement for its effect; boxed as [`Tx::rows`] is.
    fn effect<'a>(&'a mut self, place: &'a Sql, text: SqlStr, args: Vec<Arg>) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let _ = QUERIES.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
            match &mut self.inner {
                Inner::Sqlite(tx) => {
                    sqlx::query_with::<Sqlite, _>(text, for_sqlite(args).map_err(Error::bug)?)
                        .execute(&mut **tx)
                        .await
                        .map(|done| done.rows_affected())
                }
                Inner::Postgres(tx) => {
                    sqlx::query_with::<Postgres, _>(text, for_postgres(args).map_err(Error::bug)?)
                        .execute(&mut **tx)
                        .await
                        .map(|done| done.rows_affected())
                }
            }
            .map_err(|e| failed(place, e))
        })
    }

    /// Every row.
    pub async fn all<T: Row>(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Vec<T>> {
        self.touched.note(sql.text, args.first());
        self.rows(&sql, sql.text.into_sql_str(), args, Want::All).await?.read(&sql)
    }

    /// The first row, if any.
    pub async fn optional<T: Row>(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Option<T>> {
        self.touched.note(sql.text, args.first());
        Ok(self.rows(&sql, sql.text.into_sql_str(), args, Want::First).await?.read(&sql)?.pop())
    }

    /// The row that must be there; [`Error::NotFound`] when it is not.
    pub async fn one<T: Row>(&mut self, sql: Sql, args: Vec<Arg>) -> Result<T> {
        self.optional(sql, args).await?.ok_or(Error::NotFound)
    }

    /// The one value of the one row.
    pub async fn value<V>(&mut self, sql: Sql, args: Vec<Arg>) -> Result<V>
    where
        (V,): Row,
    {
        Ok(self.one::<(V,)>(sql, args).await?.0)
    }

    /// Runs a statement and returns how many rows it touched.
    pub async fn run(&mut self, sql: Sql, args: Vec<Arg>) -> Result<u64> {
        self.touched.note(sql.text, args.first());
        self.effect(&sql, sql.text.into_sql_str(), args).await
    }

    /// Runs a text that [`table`] built from a table's columns, or that `kit::db` keeps per engine.
    pub(super) async fn run_built(&mut self, text: String, args: Vec<Arg>) -> Result<u64> {
        let text = built(text, &self.inner);
        self.effect(&BUILT, text, args).await
    }

    pub(super) async fn all_built<T: Row>(&mut self, text: String, args: Vec<Arg>) -> Result<Vec<T>> {
        let text = built(text, &self.inner);
        self.rows(&BUILT, text, args, Want::All).await?.read(&BUILT)
    }

    /// The row with this id in this network; [`Error::NotFound`] when there is none.
    pub async fn get<T: Table>(&mut self, network: Id, id: Id) -> Result<T> {
        let text =
            format!("select {} from {} where network_id = $1 and id = $2", T::COLUMNS.join(", "), T::NAME);
        self.all_built(text, crate::args![network, id]).await?.pop().ok_or(Error::NotFound)
    }

    /// Every row of the network: for work that truly needs them all, such as an import.
    pub async fn all_of<T: Table>(&mut self, network: Id) -> Result<Vec<T>> {
        let text = format!("select {} from {} where network_id = $1", T::COLUMNS.join(", "), T::NAME);
        self.all_built(text, crate::args![network]).await
    }

    /// Every row of the network whose `column` is one of these ids, in no particular order.
    pub async fn all_in<T: Table>(
        &mut self,
        network: Id,
        column: &'static str,
        ids: &[Id],
    ) -> Result<Vec<T>> {
        self.all_with(network, column, &ids.iter().map(|id| Arg::from(*id)).collect::<Vec<_>>()).await
    }

    /// The same for a column of texts.
    pub async fn all_in_texts<T: Table>(
        &mut self,
        network: Id,
        column: &'static str,
        texts: &[String],
    ) -> Result<Vec<T>> {
        self.all_with(network, column, &texts.iter().map(Arg::from).collect::<Vec<_>>()).await
    }

    async fn all_with<T: Table>(
        &mut self,
        network: Id,
        column: &'static str,
        values: &[Arg],
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for list in table::lists(values) {
            let text = format!(
                "select {} from {} where network_id = $1 and {column} in ({})",
                T::COLUMNS.join(", "),
                T::NAME,
                table::places(2, list.len())
            );
            let mut args = crate::args![network];
            args.extend(list);
            found.extend(self.all_built::<T>(text, args).await?);
        }
        Ok(found)
    }

    /// Rows of `A` whose `column` is one of these ids, each with the row of `B` that its column `link` names.
    pub async fn all_joined<A: Table, B: Table>(
        &mut self,
        network: Id,
        link: &'static str,
        column: &'static str,
        ids: &[Id],
    ) -> Result<Vec<(A, B)>> {
        let columns = |table: &str, columns: &[&str]| -> Vec<String> {
            columns.iter().map(|column| format!("{table}.{column}")).collect()
        };
        let selected = [columns("a", A::COLUMNS), columns("b", B::COLUMNS)].concat().join(", ");
        let mut found = Vec::new();
        for list in table::lists(&ids.iter().map(|id| Arg::from(*id)).collect::<Vec<_>>()) {
            let text = format!(
                "select {selected} from {} a join {} b on b.network_id = a.network_id and b.id = a.{link} \
                 where a.network_id = $1 and a.{column} in ({})",
                A::NAME,
                B::NAME,
                table::places(2, list.len())
            );
            let mut args = crate::args![network];
            args.extend(list);
            let rows = self.all_built::<table::Beside<A, B>>(text, args).await?;
            found.extend(rows.into_iter().map(|table::Beside(a, b)| (a, b)));
        }
        Ok(found)
    }

    /// Deletes the rows of the network whose `column` is one of these ids.
    pub async fn delete_in<T: Table>(&mut self, network: Id, column: &'static str, ids: &[Id]) -> Result<()> {
        self.touched.note_row(T::NAME, network);
        for list in table::lists(&ids.iter().map(|id| Arg::from(*id)).collect::<Vec<_>>()) {
            let text = format!(
                "delete from {} where network_id = $1 and {column} in ({})",
                T::NAME,
                table::places(2, list.len())
            );
            let mut args = crate::args![network];
            args.extend(list);
            self.run_built(text, args).await?;
        }
        Ok(())
    }

    /// Inserts rows, many per statement.
    pub async fn insert<T: Table>(&mut self, rows: &[T]) -> Result<()> {
        for part in table::parts(rows) {
            for row in part {
                self.touched.note_row(T::NAME, row.key().0);
            }
            let args = part.iter().flat_map(Table::args).collect();
            self.run_built(table::insert_text(T::NAME, T::COLUMNS, part.len()), args).await?;
        }
        Ok(())
    }

    /// Saves a row that was read before; [`Error::Stale`] when someone else saved it meanwhile.
    pub async fn save<T: Versioned>(&mut self, row: &mut T) -> Result<()> {
        let read = row.version();
        row.set_version(read + 1);
        let (network, id) = row.key();
        self.touched.note_row(T::NAME, network);
        let mut args = row.args();
        args.extend(crate::args![network, id, read]);
        match self.run_built(table::update_text(T::NAME, T::COLUMNS), args).await? {
            1 => Ok(()),
            _ => Err(Error::Stale),
        }
    }

    /// Deletes a row for good. Most things go to the trash instead.
    pub async fn delete<T: Table>(&mut self, network: Id, id: Id) -> Result<u64> {
        self.touched.note_row(T::NAME, network);
        let text = format!("delete from {} where network_id = $1 and id = $2", T::NAME);
        self.run_built(text, crate::args![network, id]).await
    }

    /// Asks that the job runner be woken once this is committed.
    pub fn wake_jobs(&mut self) {
        self.wakes_jobs = true;
    }

    /// Makes everything done here durable and visible.
    pub async fn commit(mut self) -> Result<()> {
        let counts = self.count_changes().await?;
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
        .map_err(Error::bug)?;
        self.db.changed(&counts);
        for (text, rank) in &self.texts {
            self.db.heard.tell(Heard::Text(*text, *rank));
        }
        if self.wakes_jobs {
            self.db.jobs_added.notify_waiters();
        }
        Ok(())
    }
}

/// Says where a statement stands when it failed; a broken unique rule is a conflict, not a fault.
fn failed(sql: &Sql, error: sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(db) if db.is_unique_violation() => Error::Taken(db.to_string()),
        _ => Error::bug(format!("{sql}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::nameless;

    #[test]
    fn placeholders_lose_their_names_only_when_nothing_depends_on_them() {
        assert_eq!(nameless("a = $1 and b in ($2, $3)").as_deref(), Some("a = ? and b in (?, ?)"));
        assert_eq!(nameless("a = $1 or b = $1"), None);
        assert_eq!(nameless("a = $2 and b = $1"), None);
        assert_eq!(nameless("a = 1").as_deref(), Some("a = 1"));
        assert_eq!(nameless("cost in $"), None);
    }
}
