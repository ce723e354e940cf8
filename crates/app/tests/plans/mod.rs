//! What SQLite means to do for each statement: none may read more as a network grows.

use std::fmt::Write as _;

use kit::Role;
use kit::db::statements;
use kit::testing::TestApp;

use crate::town::Town;

/// Tables that stay short in a network, or that a nightly purge keeps so.
const SHORT: [&str; 16] = [
    "schema_migration",
    "schedule_slot",
    "network",
    "n",
    "list_item",
    "territorial_group",
    "import_heading",
    "account",
    "account_role",
    "r",
    "account_link",
    "mailbox",
    "mailbox_status",
    "session",
    "s",
    "sign_in_failure",
];

/// Statements that must look at everything, by a part of their place or text, with the reason.
const WHOLE: [(&str, &str); 8] = [
    ("upkeep/campaign.rs", "a campaign asks everyone in post"),
    ("directory/rounds.rs", "everything is brought up to date"),
    ("mailings/known.rs", "a list is made out of everyone in the directory"),
    ("mailings/address.rs", "addresses in error, of which there are few, by an index of those alone"),
    ("from job where network_id = $1 and done_at is null", "jobs that wait, by an index of those alone"),
    ("directory/export.rs", "an export holds the whole directory"),
    ("directory/duplicates.rs", "every sheet is compared with every other"),
    ("where network_id = $1", "an import or an export compares with, or writes, all that is known"),
];

/// Whether a plan reads a whole table, or all that a network has in one: its cost would grow with age.
fn reads_it_all(text: &str, plan: &str) -> bool {
    let walks_in_order = text.contains(" limit ") && !plan.contains("TEMP B-TREE");
    plan.lines().any(|line| {
        let table = line.split_whitespace().nth(1).unwrap_or_default();
        let inner = plan.contains(&format!("CO-ROUTINE {table}"));
        let whole = line.starts_with("SCAN")
            && !line.contains("VIRTUAL TABLE INDEX")
            && !line.contains("CONSTANT ROW")
            && !inner;
        let network = line.starts_with("SEARCH") && line.ends_with("(network_id=?)");
        (whole || (network && !walks_in_order)) && !SHORT.contains(&table)
    })
}

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let test = TestApp::start(app::parts()).await;
    if test.app.db.engine() != "SQLite" {
        // PostgreSQL plans by what tables hold; an index that serves one engine serves the other.
        return;
    }
    let town = Town::build(&test, &test.network).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for (_, path) in (app::parts().routes)().list().iter().filter(|(method, _)| *method == "GET") {
        coordinator.get(&town.address(path)).await;
    }
    let mut texts: Vec<(String, String)> =
        statements().map(|sql| (sql.to_string(), sql.text.to_owned())).collect();
    texts.extend(kit::db::built_texts().into_iter().map(|text| ("built".to_owned(), text)));
    let mut found = String::new();
    for (place, text) in texts {
        let reads = ["select", "update", "delete"].iter().any(|verb| text.starts_with(verb));
        let excused = |(part, _): &(&str, &str)| place.contains(part) || text.ends_with(part);
        if !reads || WHOLE.iter().any(excused) {
            continue;
        }
        let plan = test.app.db.explain(&text, Vec::new()).await.unwrap();
        if reads_it_all(&text, &plan) {
            writeln!(found, "{place}\n  {text}\n{plan}").unwrap();
        }
    }
    assert!(found.is_empty(), "{found}");
}
