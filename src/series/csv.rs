//! A series as CSV: a row for each source of each point.

use super::Series;
use std::io::{self, Write};

const HEAD: [&str; 18] = [
    "indicator",
    "unit",
    "kind",
    "measure",
    "place",
    "place_level",
    "status",
    "basis",
    "period_start",
    "period_end",
    "amount",
    "amount_upper",
    "amount_of",
    "qualifier",
    "conflict",
    "document",
    "record",
    "link",
];

/// Writes a series.
///
/// # Errors
/// When the stream cannot be written.
pub fn csv(series: &Series, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(HEAD)?;
    for (panel, line, point) in super::table::points(series) {
        let measure = serde_json::to_value(panel.axis.measure).unwrap_or_default();
        for source in &point.sources {
            writer.write_record([
                series.indicator.as_str(),
                panel.axis.unit.as_str(),
                panel.axis.kind.as_str(),
                measure.as_str().unwrap_or_default(),
                text(&line.key.place),
                line.key.level.map_or("", |l| l.as_str()),
                line.key.status.as_str(),
                text(&line.key.basis),
                text(&point.start),
                point.end.as_str(),
                point.amount.as_str(),
                text(&point.upper),
                text(&point.of),
                point.qualifier,
                if point.conflict { "1" } else { "0" },
                source.document.as_str(),
                source.record.as_str(),
                text(&source.link),
            ])?;
        }
    }
    writer.flush()
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}
