//! The report of a night: what a person should know in the morning.
//!
//! In: the state of a night that has ended, what became of its hosts. Out: [`Report`], as a page, as Markdown, as JSON, as metrics. Never: an
//! address or a title of a portal that is not escaped, or an alert without a reason.
//!
//! | file | question |
//! |---|---|
//! | `alert.rs` | what should somebody look at? |
//! | `changes.rs` | which figures of edited pages are others than before? |
//! | `html.rs`, `markdown.rs`, `metrics.rs` | how is it written? |

mod alert;
mod changes;
mod html;
mod markdown;
mod metrics;

pub use alert::{Alert, Sign};
pub use changes::Change;
pub use html::html;
pub use markdown::markdown;
pub use metrics::metrics;

use super::config::Config;
use super::dates;
use super::night::Fates;
use super::outcome::Outcome;
use super::state::{Counts, Fetch, State, StateError};
use jiff::Timestamp;
use serde::Serialize;

/// Failures that are named for each portal; the rest are counted.
const NAMED: usize = 50;
/// Nights of a chart.
const NIGHTS: usize = 60;
const PAIRS: usize = 200;

/// What a night was.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub night: i64,
    /// The run of the store that holds what was new or changed.
    pub run: i64,
    /// RFC 3339.
    pub began: String,
    pub ended: String,
    /// It was begun by a process that did not end it.
    pub resumed: bool,
    /// Is there an alert?
    pub good: bool,
    pub portals: Vec<Portal>,
    pub changes: Vec<Change>,
    /// Articles that are nearly the same as an earlier one, which both are kept.
    pub near: Vec<Near>,
}

/// What a portal gave.
#[derive(Debug, Clone, Serialize)]
pub struct Portal {
    pub name: String,
    pub alerts: Vec<Alert>,
    #[serde(flatten)]
    pub counts: Counts,
    pub new: u64,
    pub changed: u64,
    pub failed: u64,
    /// The profile that its lists are read with.
    pub profile: Option<String>,
    /// What of its budget is spent.
    pub spent: Option<&'static str>,
    pub failures: Vec<Failure>,
    /// This night and those before it, the oldest first.
    pub history: Vec<Point>,
}

/// An address that could not be had.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    pub url: String,
    pub kind: String,
    pub outcome: Outcome,
    pub reason: Option<String>,
}

/// A night of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// ISO date, in Vietnam.
    pub date: String,
    pub new: u64,
    pub failed: u64,
    pub figures: u64,
}

/// Two articles that are nearly the same.
#[derive(Debug, Clone, Serialize)]
pub struct Near {
    pub url: String,
    pub other: String,
    /// Bits of 64 in which their fingerprints differ.
    pub bits: u32,
}

impl Report {
    /// Makes the report of a night that ends at `ended` (seconds since 1970), and keeps its counts for later ones.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn make(state: &mut State, fates: &Fates, config: &Config, ended: i64) -> Result<Self, StateError> {
        let night = state.this()?;
        let failures = state.fetches(&|outcome| !outcome.is_good(), usize::MAX)?;
        let listed = state.fetches(&|outcome| outcome == Outcome::Listed, usize::MAX)?;
        let mut portals = Vec::new();
        for portal in &config.portals {
            let of = |fetches: &[Fetch]| fetches.iter().filter(|f| f.portal == portal.name).cloned().collect::<Vec<_>>();
            portals.push(of_portal(state, &portal.name, fates, &of(&failures), &of(&listed))?);
        }
        let changes = changes::of(state)?;
        let near = state.near(PAIRS)?.into_iter().map(|(url, other, bits)| Near { url, other, bits }).collect();
        let good = portals.iter().all(|p| p.alerts.is_empty());
        Ok(Self { night: night.night, run: night.run, began: moment(night.began), ended: moment(ended), resumed: state.resumed, good, portals, changes, near })
    }

    /// All figures of new and changed articles.
    pub fn figures(&self) -> u64 {
        self.portals.iter().map(|p| p.counts.figures).sum()
    }

    pub fn total(&self, of: impl Fn(&Portal) -> u64) -> u64 {
        self.portals.iter().map(of).sum()
    }

    /// As JSON, for machines.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

fn of_portal(state: &mut State, name: &str, fates: &Fates, failures: &[Fetch], listed: &[Fetch]) -> Result<Portal, StateError> {
    let counts = state.counts(name)?;
    let earlier = state.earlier(name, NIGHTS - 1)?;
    state.keep(name, &counts)?;
    let sign = Sign { counts: &counts, earlier: &earlier, failures, listed, fates };
    let point = |(began, counts): &(i64, Counts)| Point { date: day(*began), new: counts.of(Outcome::New), failed: counts.failed(), figures: counts.figures };
    let tonight = (state.began, counts.clone());
    let failure = |f: &Fetch| Failure { url: f.url.clone(), kind: f.kind.clone(), outcome: f.outcome, reason: f.reason.clone() };
    Ok(Portal {
        name: name.to_owned(),
        alerts: alert::alerts(&sign),
        new: counts.of(Outcome::New),
        changed: counts.of(Outcome::Changed),
        failed: counts.failed(),
        profile: fates.profiles.get(name).cloned(),
        spent: fates.spent.get(name).copied(),
        failures: failures.iter().take(NAMED).map(failure).collect(),
        history: earlier.iter().chain([&tonight]).map(point).collect(),
        counts,
    })
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().to_zoned(dates::vietnam()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn day(seconds: i64) -> String {
    moment(seconds)[..10].to_owned()
}
