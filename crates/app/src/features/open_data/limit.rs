//! How often one place may ask: enough for any honest program, too little to weigh on the pages of the site.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use kit::db::{Id, Timestamp};
use kit::{Cx, Error, Result};

use crate::features::accounts::place;

/// Requests per minute and place.
pub const MOST_PER_MINUTE: u32 = 600;
/// Places remembered at once; beyond, those of minutes gone by are forgotten, or else all.
const MOST_PLACES: usize = 50_000;

/// How many requests came from each place, and in which minute.
#[derive(Default)]
struct Count {
    places: HashMap<(Id, String), (i64, u32)>,
}

static COUNT: LazyLock<Mutex<Count>> = LazyLock::new(Mutex::default);

impl Count {
    fn one_more(&mut self, who: (Id, String), now: Timestamp) -> bool {
        let minute = now.0.div_euclid(60_000_000);
        if self.places.len() >= MOST_PLACES {
            self.places.retain(|_, (known, _)| *known == minute);
        }
        if self.places.len() >= MOST_PLACES {
            self.places.clear();
        }
        let (known, asked) = self.places.entry(who).or_default();
        if *known != minute {
            (*known, *asked) = (minute, 0);
        }
        *asked = asked.saturating_add(1);
        *asked <= MOST_PER_MINUTE
    }
}

/// Counts a request; [`Error::TooMany`] when there were too many in this minute. What comes from the machine
/// itself is not counted: a proxy that says nothing of its clients must not shut them all out.
pub fn check(cx: &Cx) -> Result<()> {
    let here = cx.address.parse().is_ok_and(|address: std::net::IpAddr| address.to_canonical().is_loopback());
    let who = (cx.network.id, place(&cx.address));
    let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    if here || count.one_more(who, cx.now) {
        return Ok(());
    }
    Err(Error::TooMany(format!(
        "Au plus {MOST_PER_MINUTE} demandes par minute depuis une même connexion\u{a0}: réessayez dans une minute."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_waits_for_the_next_minute_and_others_do_not() {
        let now = Timestamp(1_795_424_400_000_000);
        let (mut count, network) = (Count::default(), Id::new(now));
        let who = |name: &str| (network, name.to_owned());
        for _ in 0..MOST_PER_MINUTE {
            assert!(count.one_more(who("192.0.2.1"), now));
        }
        assert!(!count.one_more(who("192.0.2.1"), now));
        assert!(count.one_more(who("192.0.2.2"), now));
        assert!(count.one_more(who("192.0.2.1"), now.plus_minutes(1)));
    }
}
