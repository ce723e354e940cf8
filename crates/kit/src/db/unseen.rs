//! Tables that no public page shows: writing to them leaves kept pages as they are.

/// Tables whose rows no public page shows: writing them changes nothing for a visitor.
pub(super) const UNSEEN: &[&str] = &[
    "account",
    "account_link",
    "account_role",
    "distribution_list",
    "draft",
    "job",
    "mail_account",
    "mail_address",
    "mail_consent",
    "mail_topic",
    "mailing_recipient",
    "message_template",
    "network_change",
    "outbox",
    "outbox_body",
    "schedule_slot",
    "schema_migration",
    "session",
    "sign_in_failure",
    "trail",
    "trail_subject",
];
