//! Series: what all documents say of one indicator, over time.
//!
//! In: records of any number of sides, an indicator, places. Out: panels, each with an axis that all its points may share, lines of one
//! place, status and sort of time, and points with their sources; contradictions are marked. Never: two units, levels and changes, or
//! a year and a half-year on one line; an amount that was rounded or converted.
//!
//! | file | question |
//! |---|---|
//! | `axis.rs` | what may share an axis, and what a line? |
//! | `agree.rs` | do two figures of one time and place contradict each other? |
//! | `table.rs`, `csv.rs` | how is a series written down? |
//! | `chart.rs`, `scale.rs` | how is it drawn? |

mod agree;
mod axis;
mod chart;
mod csv;
mod scale;
mod table;

pub use axis::{Axis, LineKey, Measure, Span};
pub use chart::{Chart, svg};
pub use csv::csv;
pub use table::table;

use crate::diff::Wildcard;
use crate::record::Record;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Id of the indicator.
    pub indicator: String,
    /// Names or codes; empty for all places.
    pub places: Vec<Wildcard>,
    /// Only points whose time ends with a date that begins so: `2024`, `2024-06`.
    pub period: Option<String>,
}

/// What is said of one indicator.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Series {
    pub indicator: String,
    /// The panel with most points first.
    pub panels: Vec<Panel>,
    /// Records of the indicator that are not here, since they tell no time.
    pub timeless: usize,
}

/// Lines that share an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Panel {
    pub axis: Axis,
    pub lines: Vec<Line>,
}

/// Points of one place, one status and one sort of time, by time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    #[serde(flatten)]
    pub key: LineKey,
    pub points: Vec<Point>,
}

/// A figure with those who say it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// First day, where the figure is not a state as of a day.
    pub start: Option<String>,
    /// Last day.
    pub end: String,
    /// Exact decimals.
    pub amount: String,
    pub upper: Option<String>,
    pub of: Option<String>,
    pub qualifier: &'static str,
    /// Another point of the same line and time says something else.
    pub conflict: bool,
    pub sources: Vec<Source>,
}

/// Who says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Source {
    pub document: String,
    pub record: String,
    pub quote: String,
    /// Scrolls a browser to the figure.
    pub link: Option<String>,
}

/// Gathers a series from records in any order.
#[derive(Debug, Default)]
pub struct Gather {
    wanted: Option<Wanted>,
    points: BTreeMap<Axis, BTreeMap<LineKey, BTreeMap<PointKey, BTreeSet<Source>>>>,
    timeless: usize,
    /// Places of the indicator, asked for or not.
    places: BTreeSet<String>,
    /// Indicators that were met, for those who ask for one that is not there.
    indicators: BTreeSet<String>,
}

/// What points are told apart by, in the order of time.
type PointKey = (String, Option<String>, String, Option<String>, Option<String>, crate::terms::Qualifier);

impl Gather {
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted: Some(wanted), ..Self::default() }
    }

    /// Takes a record, of whatever indicator.
    pub fn take(&mut self, record: &Record) {
        let Some(indicator) = &record.indicator else { return };
        if !self.indicators.contains(&indicator.id) {
            self.indicators.insert(indicator.id.clone());
        }
        let Some(wanted) = self.wanted.as_ref().filter(|w| w.indicator == indicator.id) else { return };
        if let Some(place) = &record.place {
            self.places.insert(place.name.clone());
        }
        let here = |w: &Wildcard| record.place.as_ref().is_some_and(|p| w.is(&p.name) || p.code.as_deref().is_some_and(|c| w.is(c)));
        if !wanted.places.is_empty() && !wanted.places.iter().any(here) {
            return;
        }
        let Some(end) = record.period.as_ref().and_then(|p| p.end.clone()) else {
            self.timeless += 1;
            return;
        };
        if wanted.period.as_ref().is_some_and(|wanted| !end.starts_with(wanted)) {
            return;
        }
        let start = record.period.as_ref().and_then(|p| p.start.clone());
        let value = record.value.clone();
        let key = (end, start, value.amount, value.upper, value.of, record.qualifier);
        let source = Source { document: record.document.clone(), record: record.id.clone(), quote: record.quote.clone(), link: record.link.clone() };
        let lines = self.points.entry(Axis::of(record)).or_default();
        lines.entry(LineKey::of(record)).or_default().entry(key).or_default().insert(source);
    }

    /// Indicators that were met.
    pub fn indicators(&self) -> impl Iterator<Item = &str> {
        self.indicators.iter().map(String::as_str)
    }

    /// Places of the indicator.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(String::as_str)
    }

    /// The series.
    pub fn finish(self) -> Series {
        let indicator = self.wanted.map(|w| w.indicator).unwrap_or_default();
        let line = |(key, points): (LineKey, BTreeMap<PointKey, BTreeSet<Source>>)| Line { key, points: points.into_iter().map(point).collect() };
        let panel = |(axis, lines): (Axis, BTreeMap<_, _>)| Panel { axis, lines: lines.into_iter().map(line).collect() };
        let mut panels: Vec<Panel> = self.points.into_iter().map(panel).collect();
        panels.iter_mut().flat_map(|p| &mut p.lines).for_each(|line| agree::mark(&mut line.points));
        panels.sort_by_key(|panel| (std::cmp::Reverse(panel.len()), panel.axis.clone()));
        Series { indicator, panels, timeless: self.timeless }
    }
}

fn point(((end, start, amount, upper, of, qualifier), sources): (PointKey, BTreeSet<Source>)) -> Point {
    Point { start, end, amount, upper, of, qualifier: qualifier.as_str(), conflict: false, sources: sources.into_iter().collect() }
}

impl Panel {
    /// Points of all lines.
    pub fn len(&self) -> usize {
        self.lines.iter().map(|line| line.points.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Series {
    /// Points that contradict others.
    pub fn conflicts(&self) -> usize {
        let points = self.panels.iter().flat_map(|p| &p.lines).flat_map(|l| &l.points);
        points.filter(|point| point.conflict).count()
    }
}
