//! For a pull request: a table of classes, then a list of items, folded away where a host of the text can fold.

use super::{Class, Heading, Item, Report, document, quotes, said, whose};
use std::io::{self, Write};

#[derive(Default)]
pub struct Markdown {
    document: Option<String>,
}

impl Report for Markdown {
    fn head(&mut self, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
        let [old, new] = heading.sides.each_ref().map(|s| escaped(s));
        writeln!(out, "### {old} → {new}\n\n{}\n", escaped(&heading.line()))?;
        let counts = heading.filtered.as_ref().unwrap_or(&heading.counts);
        if counts.items() == 0 {
            return Ok(());
        }
        writeln!(out, "| class | items |\n|---|---:|")?;
        for class in Class::ALL.iter().filter(|c| counts.of(**c) > 0) {
            writeln!(out, "| {} | {} |", class.as_str(), counts.of(*class))?;
        }
        Ok(())
    }

    fn item(&mut self, item: &Item, out: &mut dyn Write) -> io::Result<()> {
        let name = document(item);
        if self.document.as_deref() != Some(name) {
            writeln!(out, "\n**{}**\n", escaped(name))?;
            self.document = Some(name.to_owned());
        }
        let figure = match quotes(item) {
            [Some(old), Some(new)] if old != new => format!("{} → {}", escaped(&old), escaped(&new)),
            [Some(quote), _] | [None, Some(quote)] => escaped(&quote),
            [None, None] => String::new(),
        };
        let whose = item.shown().map_or_else(String::new, |s| escaped(&whose(&s.record)));
        let reason = item.reason.map_or_else(String::new, |r| format!(", paired by {}", r.as_str()));
        writeln!(out, "- **{}** {figure} ({whose}{reason})", item.class.as_str())?;
        for change in &item.changes {
            writeln!(out, "  - {}: {} → {}", change.field, escaped(&said(change.old.as_ref())), escaped(&said(change.new.as_ref())))?;
        }
        Ok(())
    }

    fn foot(&mut self, left: usize, out: &mut dyn Write) -> io::Result<()> {
        if left > 0 { writeln!(out, "\n… and {left} more") } else { Ok(()) }
    }
}

/// Text that means nothing to Markdown, nor to HTML within it, and names nobody.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => out.extend(['\\', c]),
            // No second line, and no other direction.
            c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => out.push(' '),
            c => out.push(c),
        }
    }
    out.replace("://", ":&#47;/")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_a_document_says_is_only_text() {
        assert_eq!(escaped("<script> [a](javascript:x) @all |\n#1"), "&lt;script&gt; \\[a\\](javascript:x) &#64;all \\| \\#1");
        assert_eq!(escaped("https://a.vn"), "https:&#47;/a.vn");
    }
}
