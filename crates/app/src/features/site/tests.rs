//! Scenarios of the public site.
