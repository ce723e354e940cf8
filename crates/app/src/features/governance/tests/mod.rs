//! Scenarios of governance, through the real router.

mod committees;
mod consequences;
mod guests;
mod meeting_trash;
mod meetings;
mod minutes;
mod papers;
mod posts_by_decision;
mod series;
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

/// Lets time pass until so many minutes after a meeting begins; before it when they are negative.
async fn wait_for(test: &TestApp, page: &str, minutes: i64) {
    let meetings: Vec<super::meeting::Meeting> = all(test).await;
    let meeting = meetings.into_iter().find(|one| page.ends_with(&one.id.to_string())).unwrap();
    let left = (meeting.starts_at.unwrap().0 - test.app.now().0) / 60_000_000;
    test.app.clock.advance_minutes(left + minutes);
}
