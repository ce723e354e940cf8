//! The tables that pages kept in memory need not heed.

/// Tables whose rows no public page shows: writing them changes nothing for a visitor.
pub(super) const UNSEEN: &[&str] = &[
    "account",
    "account_link",
    "account_role",
    "activity_entry",
    "diagnosis",
    "draft",
    "job",
    "mail_account",
    "network_change",
    "notification",
    "notification_choice",
    "notification_cursor",
    "outbox",
    "outbox_body",
    "quiet_hours",
    "reply_way",
    "schedule_slot",
    "schema_migration",
    "session",
    "sign_in_failure",
    "task",
    "trail",
    "trail_subject",
];
