//! A trace for a terminal: lines with escape codes for colours.

use anstyle::{AnsiColor, Style};
use solieu::explain::{Line, Part, Tone};
use solieu::rules::RuleSet;
use solieu::{Document, Extractor};
use std::fmt::Write as _;
use std::sync::Arc;

/// Explains a text, room by room.
pub fn explain(rules: Arc<RuleSet>, document: &Document) -> String {
    printed(&solieu::explain::explain(&Extractor::with_rules(rules), document))
}

/// Explains the sentence that holds these bytes of a text.
#[cfg(feature = "sqlite")]
pub fn sentence_of(rules: Arc<RuleSet>, document: &Document, bytes: [usize; 2]) -> String {
    printed(&solieu::explain::explain_figure(&Extractor::with_rules(rules), document, bytes))
}

fn printed(lines: &[Line]) -> String {
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
