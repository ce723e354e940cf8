//! The shared mailbox against a real Dovecot and a real Postfix: `scripts/mail.sh cargo test -p app --test mail`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod answers;
mod consent;
mod hostile;
mod lists;
mod servers;
mod step;
mod trouble;
