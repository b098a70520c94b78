//! For people on a terminal: a block for each document, a line for each item, and a line for each field that differs.

use super::{Heading, Item, Report, document, one_line, quotes, said, whose};
use crate::diff::{Class, Reason};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

const HEAD: Style = AnsiColor::Cyan.on_default().bold();
const FAINT: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
/// Letters of a value that are shown.
const WIDTH: usize = 100;

#[derive(Default)]
pub struct Table {
    document: Option<String>,
}

impl Report for Table {
    fn head(&mut self, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
        let [old, new] = heading.sides.each_ref().map(|s| clean(s));
        writeln!(out, "{HEAD}{old} → {new}{HEAD:#}\n{}", heading.line())
    }

    fn item(&mut self, item: &Item, out: &mut dyn Write) -> io::Result<()> {
        let name = document(item);
        if self.document.as_deref() != Some(name) {
            writeln!(out, "\n{HEAD}{}{HEAD:#}", clean(name))?;
            self.document = Some(name.to_owned());
        }
        let colour = colour(item.class);
        let reason = item.reason.filter(|r| *r != Reason::Id).map_or_else(String::new, |r| format!("  (paired by {})", r.as_str()));
        let whose = item.shown().map_or_else(String::new, |s| clean(&whose(&s.record)));
        let class = item.class.as_str();
        writeln!(out, "  {colour}{class:8}{colour:#} {STRONG}{}{STRONG:#}  {whose}{FAINT}{reason}  {}{FAINT:#}", figure(item), item.key)?;
        for change in &item.changes {
            writeln!(out, "           {FAINT}{:14}{FAINT:#} {} → {}", change.field, cut(&said(change.old.as_ref())), cut(&said(change.new.as_ref())))?;
        }
        Ok(())
    }

    fn foot(&mut self, left: usize, out: &mut dyn Write) -> io::Result<()> {
        if left > 0 {
            writeln!(out, "\n… and {left} more; --limit 0 shows all")?;
        }
        Ok(())
    }
}

fn figure(item: &Item) -> String {
    match quotes(item) {
        [Some(old), Some(new)] if old != new => format!("{} → {}", cut(&old), cut(&new)),
        [Some(quote), _] | [None, Some(quote)] => cut(&quote),
        [None, None] => String::new(),
    }
}

fn cut(text: &str) -> String {
    let text = clean(&one_line(text));
    if text.chars().count() <= WIDTH { text } else { text.chars().take(WIDTH).chain(['…']).collect() }
}

/// What would steer a terminal, or turn the direction of a line, is shown as its code.
fn clean(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if !text.contains(steers) {
        return text.to_owned();
    }
    text.chars().map(|c| if steers(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

fn colour(class: Class) -> Style {
    let colour = match class {
        Class::Added => AnsiColor::Green,
        Class::Removed => AnsiColor::Red,
        Class::Value | Class::Unit => AnsiColor::Magenta,
        Class::Field => AnsiColor::Yellow,
        Class::Rule | Class::Text | Class::Moved => AnsiColor::Blue,
    };
    colour.on_default()
}
