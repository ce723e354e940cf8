//! Scenarios of governance, through the real router.

mod committees;
mod meetings;
