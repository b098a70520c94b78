//! What time it is, so that nights can be played through at any hour.

use jiff::{SignedDuration, Timestamp};

/// The time of the job: that of the machine, or one that began elsewhere and runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock(SignedDuration);

impl Clock {
    /// A clock that shows this time now.
    pub fn at(start: Timestamp) -> Self {
        Self(start.duration_since(Timestamp::now()))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::now().checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}
