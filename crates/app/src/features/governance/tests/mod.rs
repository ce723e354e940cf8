//! Scenarios of governance, through the real router.

mod committees;
mod guests;
mod meeting_trash;
mod meetings;
mod minutes;
mod sessions;
mod together;

use kit::Actor;
use kit::testing::TestApp;

fn actor(test: &TestApp) -> Actor {
    Actor::program(test.network.id, "Essai", test.app.now())
}

/// Every row of a table.
async fn all<T: kit::db::Table>(test: &TestApp) -> Vec<T> {
    test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap()
}
