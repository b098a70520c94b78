//! A series as a table to read: a block for each axis, a line for each point.

use super::{Line, Panel, Point, Series};
use std::fmt::Write as _;

/// All points with their panel and line.
pub(super) fn points(series: &Series) -> impl Iterator<Item = (&Panel, &Line, &Point)> {
    series.panels.iter().flat_map(|panel| panel.lines.iter().flat_map(move |line| line.points.iter().map(move |point| (panel, line, point))))
}

/// A series as text.
pub fn table(series: &Series) -> String {
    let mut text = String::new();
    for panel in &series.panels {
        let _ = writeln!(text, "{}  [{}, {}]", series.indicator, panel.axis.title(), panel.axis.kind.as_str());
        for line in &panel.lines {
            let _ = writeln!(text, "  {}", clean(&line.key.title()));
            line.points.iter().for_each(|point| row(point, &mut text));
        }
        text.push('\n');
    }
    text
}

fn row(point: &Point, text: &mut String) {
    let mark = if point.conflict { '!' } else { ' ' };
    let sources: Vec<String> = point.sources.iter().map(|s| clean(&s.document)).collect();
    let when = point.start.as_ref().map_or_else(|| format!("→ {}", point.end), |start| format!("{start}…{}", point.end));
    let _ = writeln!(text, "   {mark} {when:22} {:>18}  {}", value(point), sources.join(", "));
}

/// The number, with what limits it.
pub fn value(point: &Point) -> String {
    let sign = match point.qualifier {
        "approx" => "~",
        "over" => ">",
        "nearly" | "under" => "<",
        "at_least" => "≥",
        "at_most" => "≤",
        _ => "",
    };
    let upper = point.upper.as_ref().map_or_else(String::new, |upper| format!("…{upper}"));
    let of = point.of.as_ref().map_or_else(String::new, |of| format!("/{of}"));
    format!("{sign}{}{upper}{of}", point.amount)
}

/// Without what would steer a terminal.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')).collect()
}
