//! Scenarios of the shared mailbox.
