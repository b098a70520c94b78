//! What is known of a page, and when it is looked at again.

use rusqlite::{Connection, Row, params};

const DAY: i64 = 24 * 3600;
/// A timer is never quite on time: a day is over some hours before its end.
const SLACK: i64 = 4 * 3600;
/// The longest wait after failures, in days.
const PATIENCE: u32 = 30;

/// What is known of a page from before.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub page: i64,
    pub state: String,
    pub changed: Option<i64>,
    pub checks: u32,
    pub failures: u32,
    pub body: Option<String>,
    pub payload: Option<String>,
    pub response: Option<String>,
    pub response_date: Option<String>,
    pub reading: Option<String>,
    pub document: Option<String>,
    pub run: Option<i64>,
}

impl Page {
    pub fn read(connection: &Connection, page: i64) -> rusqlite::Result<Self> {
        let sql =
            "SELECT page, state, changed, checks, failures, body, payload, response, response_date, reading, document, run FROM nightly_pages WHERE page = ?";
        connection.prepare_cached(sql)?.query_row([page], |r: &Row<'_>| {
            Ok(Self {
                page: r.get(0)?,
                state: r.get(1)?,
                changed: r.get(2)?,
                checks: r.get(3)?,
                failures: r.get(4)?,
                body: r.get(5)?,
                payload: r.get(6)?,
                response: r.get(7)?,
                response_date: r.get(8)?,
                reading: r.get(9)?,
                document: r.get(10)?,
                run: r.get(11)?,
            })
        })
    }

    pub fn write(&self, connection: &Connection, answered: Option<i64>, due: Option<i64>) -> rusqlite::Result<()> {
        let sql = "UPDATE nightly_pages SET state = ?2, changed = ?3, checks = ?4, failures = ?5, body = ?6, payload = ?7, response = ?8, response_date = ?9, \
                   reading = ?10, document = ?11, run = ?12, checked = coalesce(?13, checked), due = ?14 WHERE page = ?1";
        let known = params![
            self.page,
            self.state,
            self.changed,
            self.checks,
            self.failures,
            self.body,
            self.payload,
            self.response,
            self.response_date,
            self.reading,
            self.document,
            self.run,
            answered,
            due
        ];
        connection.prepare_cached(sql)?.execute(known).map(drop)
    }

    /// When an article that was read is looked at again: so many days after its last change, by how often it was looked at since.
    pub fn due(&self, recheck: &[u64], now: i64) -> Option<i64> {
        let days = i64::try_from(*recheck.get(self.checks as usize)?).ok()?;
        let due = self.changed.unwrap_or(now) + days * DAY - SLACK;
        // What was missed is not made up for at once.
        Some(due.max(now + DAY - SLACK))
    }

    /// When a page that gave no answer is asked again: each night in a row without one doubles the wait.
    pub fn due_after_failure(&self, now: i64) -> i64 {
        let days = 2u32.saturating_pow(self.failures.saturating_sub(1)).min(PATIENCE);
        now + i64::from(days) * DAY - SLACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rechecks_follow_the_last_change() {
        let page = |checks| Page { changed: Some(0), checks, ..Page::default() };
        let days = |checks: u32, now: i64| page(checks).due(&[1, 3, 7], now * DAY).map(|d| (d + SLACK) / DAY);
        assert_eq!([days(0, 0), days(1, 1), days(2, 3), days(3, 7)], [Some(1), Some(3), Some(7), None]);
        assert_eq!(days(1, 9), Some(10));
    }

    #[test]
    fn failures_wait_longer_and_longer() {
        let days = |failures| (Page { failures, ..Page::default() }.due_after_failure(0) + SLACK) / DAY;
        assert_eq!([1, 2, 3, 4, 99].map(days), [1, 2, 4, 8, 30]);
    }
}
