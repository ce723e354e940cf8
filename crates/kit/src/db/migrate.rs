//! The schema, brought up to date: one text for both engines, each step once, all or nothing.

use super::tx::Inner;
use super::{Db, Timestamp, Tx, fulltext};
use crate::error::{Error, Result};
use crate::{args, sql};

/// One released step. Never edited once released: a changed text is refused at start.
pub struct Migration {
    pub name: &'static str,
    pub text: &'static str,
}

/// Applies what has not been applied yet and returns the names of those steps.
pub async fn run(db: &Db, migrations: &[Migration], now: Timestamp) -> Result<Vec<&'static str>> {
    let mut tx = db.write().await?;
    if matches!(tx.inner, Inner::Postgres(_)) {
        // Several processes may start at once: the second waits here and finds the work done.
        tx.all_built::<(i32,)>("select 1 from pg_advisory_xact_lock(20260301)".to_owned(), Vec::new())
            .await?;
    }
    tx.run_built(
        "create table if not exists schema_migration \
         (name text primary key, hash text not null, applied_at bigint not null)"
            .to_owned(),
        Vec::new(),
    )
    .await?;
    let known: Vec<(String, String)> =
        tx.all_built("select name, hash from schema_migration".to_owned(), Vec::new()).await?;
    let mut applied = Vec::new();
    for migration in migrations {
        let hash = blake3::hash(migration.text.as_bytes()).to_hex().to_string();
        match known.iter().find(|(name, _)| name == migration.name) {
            Some((_, before)) if *before == hash => continue,
            Some(_) => {
                return Err(Error::bug(format!("migration {} was edited after its release", migration.name)));
            }
            None => apply(&mut tx, migration).await?,
        }
        let sql = sql!("insert into schema_migration (name, hash, applied_at) values ($1, $2, $3)");
        tx.run(sql, args![migration.name, hash, now]).await?;
        applied.push(migration.name);
    }
    tx.commit().await?;
    Ok(applied)
}

async fn apply(tx: &mut Tx, migration: &Migration) -> Result<()> {
    for statement in statements(migration.text) {
        match statement.trim() {
            // The one thing that no common SQL says.
            "-- full-text index" => fulltext::create(tx).await?,
            text => {
                let text = match tx.inner {
                    Inner::Sqlite(_) => text.replace(" bytes", " blob"),
                    Inner::Postgres(_) => text.replace(" bytes", " bytea"),
                };
                tx.run_built(text, Vec::new())
                    .await
                    .map_err(|e| Error::bug(format!("migration {}: {e}", migration.name)))?;
            }
        }
    }
    Ok(())
}

/// The statements of a text: each ends with a `;` at the end of a line. Comment lines are dropped.
fn statements(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim() == "-- full-text index" {
            all.push(line.trim().to_owned());
            continue;
        }
        if line.is_empty() || line.trim_start().starts_with("--") {
            continue;
        }
        match line.strip_suffix(';') {
            Some(last) => {
                current.push_str(last);
                all.push(std::mem::take(&mut current));
            }
            None => {
                current.push_str(line);
                current.push('\n');
            }
        }
    }
    all
}
