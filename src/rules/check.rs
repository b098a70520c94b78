//! Checks (to come).
