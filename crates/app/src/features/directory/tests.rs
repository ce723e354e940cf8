//! Scenarios of the directory.
