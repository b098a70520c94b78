//! A trace for a terminal.
//!
//! In: lines. Out: a text with escape codes for colours, which `anstream` strips where there are none. Never: a word of its own.

use super::{Line, Part, Tone};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;

/// Writes a trace with colours.
pub fn paint(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let faint = style(Tone::Faint);
        let gap = if line.gap { "\n" } else { "" };
        let name = line.name.map_or_else(String::new, |name| format!("{faint}{name:10}{faint:#} "));
        let source = if line.source.is_empty() { String::new() } else { format!("  {}", toned(&line.source)) };
        let _ = writeln!(out, "{gap}{:depth$}{name}{}{source}", "", toned(&line.value), depth = line.depth * 2);
    }
    out
}

fn toned(parts: &[Part]) -> String {
    parts.iter().map(|Part { tone, text }| if *tone == Tone::Plain { text.clone() } else { format!("{0}{text}{0:#}", style(*tone)) }).collect()
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Head => AnsiColor::Cyan.on_default().bold(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dimmed(),
        Tone::No => AnsiColor::Red.on_default(),
        Tone::Rule => AnsiColor::Green.on_default(),
    }
}
