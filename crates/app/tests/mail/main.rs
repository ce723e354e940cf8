//! The shared mailbox against a real Dovecot and a real Postfix: `scripts/mail.sh cargo test -p app --test mail`.

mod answers;
mod hostile;
mod servers;
mod step;
