//! A message as it is known, and where its copies lie on the server.

use kit::db::{Id, Timestamp};

use super::nature::Nature;
use super::reading::{File, Recipients};

kit::table! {
    /// A message; its copies in several folders are one.
    pub struct MailMessage in "mail_message" {
        pub thread_id: Id,
        pub message_key: String,
        /// With its angle brackets; empty when it has none.
        pub message_id: String,
        pub sender_name: String,
        pub sender_email: String,
        /// JSON: [`Recipients`].
        pub recipients: String,
        pub subject: String,
        pub preview: String,
        pub sent_at: Timestamp,
        pub received_at: Timestamp,
        pub size: i64,
        /// Name of the message as it came, in the store of files.
        pub raw: String,
        /// JSON: a list of [`File`].
        pub files: String,
        /// `in` or `out`.
        pub direction: String,
        pub nature: String,
        pub readable: bool,
        /// Who wrote, in the directory: `person`, `contact` or `structure`; empty when unknown there.
        pub sender_kind: String,
        pub sender_id: Option<Id>,
        /// It looks as if a young person had written it.
        pub young: bool,
    }
}

kit::table! {
    /// What a message says, without its HTML. Its id is the message's.
    pub struct MailText in "mail_text" {
        pub body: String,
    }
}

kit::table! {
    /// A copy of a message in a folder of the server.
    pub struct Place in "mail_place" {
        pub folder_id: Id,
        pub uid: i64,
        pub message_id: Id,
        pub thread_id: Id,
        pub seen: bool,
        pub answered: bool,
        pub flagged: bool,
    }
}

impl MailMessage {
    pub fn recipients(&self) -> Recipients {
        serde_json::from_str(&self.recipients).unwrap_or_default()
    }

    pub fn files(&self) -> Vec<File> {
        serde_json::from_str(&self.files).unwrap_or_default()
    }

    pub fn nature(&self) -> Nature {
        Nature::of_code(&self.nature)
    }

    pub fn is_out(&self) -> bool {
        self.direction == "out"
    }

    /// Who wrote, as readers know them.
    pub fn from(&self) -> &str {
        match (self.sender_name.as_str(), self.sender_email.as_str()) {
            ("", "") => "Expéditeur inconnu",
            ("", email) => email,
            (name, _) => name,
        }
    }

    /// Where answers go: where the sender asked, else to the sender.
    pub fn answers_to(&self) -> Vec<(String, String)> {
        let asked = self.recipients().reply_to;
        if asked.is_empty() { vec![(self.sender_email.clone(), self.sender_name.clone())] } else { asked }
    }
}
