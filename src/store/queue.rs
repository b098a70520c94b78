//! What a queue of items asks of the log: what was added to it since, and what a few decisions come to.
//!
//! In: the place of the last decision that is known. Out: those after it. Never: the whole log again.

use super::decision::{decision, standing};
use super::{Decision, Result, Standing, Store};

impl Store {
    /// Hands out the decisions behind a place of the log, in their order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn each_decision_after(&self, last: i64, mut take: impl FnMut(Decision)) -> Result<()> {
        let mut each = || {
            let mut select = self.connection.prepare_cached("SELECT * FROM decisions WHERE decision > ? ORDER BY decision")?;
            let mut rows = select.query([last])?;
            while let Some(row) = rows.next()? {
                take(decision(row)?);
            }
            Ok(())
        };
        each().map_err(|e| self.failed(e))
    }
}

/// What decisions of one reviewer on one item come to that were not taken back.
pub fn stands(stack: &[Decision]) -> Option<Standing> {
    standing(stack.to_vec())
}
