//! What opens the mailbox: a password, or an OAuth 2 permission from which access tokens are drawn. Sealed at rest; it is
//! read only to be said to the server.

use kit::mail::MailAccount;
use kit::{App, Result};

/// What the secret of an account is sealed for.
pub use kit::mail::PURPOSE;

/// The word to say to the server now.
pub fn word(app: &App, account: &MailAccount) -> Result<String> {
    app.secret.unseal(PURPOSE, &account.secret)
}
