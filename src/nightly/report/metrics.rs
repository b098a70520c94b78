//! The report as metrics, for the text file collector of Prometheus.
//!
//! In: a report. Out: gauges by portal. Never: a label that breaks the format.

use super::{Portal, Report};
use std::fmt::Write as _;

/// What is measured: name, help, value.
type Gauge = (&'static str, &'static str, fn(&Portal) -> u64);

const GAUGES: [Gauge; 9] = [
    ("requests", "Requests of the last night", |p| p.counts.requests),
    ("bytes", "Bytes received in the last night", |p| p.counts.bytes),
    ("articles_new", "New articles of the last night", |p| p.new),
    ("articles_changed", "Articles whose text changed", |p| p.changed),
    ("articles_failed", "Articles that could not be had", |p| p.failed),
    ("figures", "Figures of new and changed articles", |p| p.counts.figures),
    ("lists_failed", "Lists, feeds and sitemaps that could not be read", |p| p.counts.lists_failed),
    ("left", "Addresses left to the next night", |p| p.counts.left),
    ("alerts", "Things to look at", |p| p.alerts.len() as u64),
];

/// The gauges of a night; `ended` in seconds since 1970.
pub fn metrics(report: &Report, ended: i64) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# HELP solieu_nightly_ended_seconds When the last night ended.\n# TYPE solieu_nightly_ended_seconds gauge");
    let _ = writeln!(out, "solieu_nightly_ended_seconds {ended}");
    let _ = writeln!(out, "# HELP solieu_nightly_good Whether the last night had no alert.\n# TYPE solieu_nightly_good gauge");
    let _ = writeln!(out, "solieu_nightly_good {}", u8::from(report.good));
    for (name, help, value) in GAUGES {
        let _ = writeln!(out, "# HELP solieu_nightly_{name} {help}.\n# TYPE solieu_nightly_{name} gauge");
        for portal in &report.portals {
            let _ = writeln!(out, "solieu_nightly_{name}{{portal=\"{}\"}} {}", label(&portal.name), value(portal));
        }
    }
    out
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_are_escaped() {
        assert_eq!(super::label("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
    }
}
