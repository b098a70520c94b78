//! One page that needs nothing else: old and new beside each other, the figure marked in its sentence.

use super::{Class, Heading, Item, Report, document, said, whose};
use crate::diff::Shown;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::io::{self, Write};

const STYLE: &str = include_str!("page.css");

#[derive(Default)]
pub struct Html {
    document: Option<String>,
}

impl Report for Html {
    fn head(&mut self, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
        let counts = heading.filtered.as_ref().unwrap_or(&heading.counts);
        let title = format!("{} → {}", heading.sides[0], heading.sides[1]);
        let markup = html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Nothing is loaded and nothing is run, whatever a document says.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            h1 { (title) }
            p { (heading.line()) }
            @if counts.items() > 0 {
                table {
                    caption { "Items of each class" }
                    tr { th scope="col" { "class" } th scope="col" { "items" } }
                    @for class in Class::ALL.iter().filter(|c| counts.of(**c) > 0) {
                        tr { td class=(class.as_str()) { (class.as_str()) } td { (counts.of(*class)) } }
                    }
                }
            }
        };
        writeln!(out, "{}\n<html lang=\"vi\">{}\n<main>", DOCTYPE.into_string(), markup.into_string())
    }

    fn item(&mut self, item: &Item, out: &mut dyn Write) -> io::Result<()> {
        let name = document(item);
        let heading = (self.document.as_deref() != Some(name)).then(|| name.to_owned());
        let markup = html! {
            @if let Some(name) = &heading { h2 { bdi { (name) } } }
            (article(item))
        };
        self.document = heading.or(self.document.take());
        writeln!(out, "{}", markup.into_string())
    }

    fn foot(&mut self, left: usize, out: &mut dyn Write) -> io::Result<()> {
        let more = html! { @if left > 0 { p { "… and " (left) " more" } } };
        writeln!(out, "</main>{}</html>", more.into_string())
    }
}

fn article(item: &Item) -> Markup {
    let whose = item.shown().map_or_else(String::new, |s| whose(&s.record));
    html! {
        article id=(item.key) {
            h3 {
                a href={ "#" (item.key) } { span class=(item.class.as_str()) { (item.class.as_str()) } }
                " " bdi { (whose) }
                @if let Some(reason) = item.reason { " " small { "paired by " (reason.as_str()) } }
            }
            div class="sides" {
                (side("old", item.old.as_ref()))
                (side("new", item.new.as_ref()))
            }
            @if !item.changes.is_empty() {
                table {
                    tr { th scope="col" { "field" } th scope="col" { "old" } th scope="col" { "new" } }
                    @for change in &item.changes {
                        tr { th scope="row" { (change.field) } td { bdi { (said(change.old.as_ref())) } } td { bdi { (said(change.new.as_ref())) } } }
                    }
                }
            }
        }
    }
}

fn side(name: &str, shown: Option<&Shown>) -> Markup {
    let Some(Shown { record, sentence, .. }) = shown else {
        return html! { div { b { (name) } p { "–" } } };
    };
    let [before, after] = around(sentence.as_deref(), &record.quote);
    // Only pages can be gone to; a link of any other kind is text.
    let link = record.link.as_deref().filter(|l| l.starts_with("https://") || l.starts_with("http://"));
    html! {
        div {
            b { (name) }
            p { bdi { (before) mark { (record.quote) } (after) } }
            @if let Some(link) = link { a href=(link) rel="noopener noreferrer" { "source" } }
        }
    }
}

/// What stands before and after a quote in its sentence.
fn around<'a>(sentence: Option<&'a str>, quote: &str) -> [&'a str; 2] {
    sentence.and_then(|s| s.split_once(quote)).map_or(["", ""], |(before, after)| [before, after])
}
