//! What each room saw of a text, for people who write rules: the trace behind `solieu rules explain`.
//!
//! In: rules, a document. Out: a text with escape codes for colours. Never: a judgement of its own; all of it is what the
//! extractor keeps.

use crate::context::{Context, Dates, Read, Source};
use crate::extract::{Analysis, Finding};
use crate::quantity::{By, Quantity};
use crate::rules::{RuleId, RuleSet};
use crate::text::NormalText;
use crate::{Document, Extractor, Record};
use anstyle::{AnsiColor, Style};
use std::fmt::{Display, Write as _};
use std::sync::Arc;

const HEAD: Style = AnsiColor::Cyan.on_default().bold();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const NO: Style = AnsiColor::Red.on_default();
const RULE: Style = AnsiColor::Green.on_default();

/// Explains a text, room by room.
pub fn explain(rules: Arc<RuleSet>, document: &Document) -> String {
    let extractor = Extractor::with_rules(rules);
    let normal = NormalText::new(&document.text);
    let mut view = View { rules: extractor.rules(), out: String::new() };
    view.edits(&normal);
    match extractor.analyse(document, normal.as_str()) {
        None => view.put(0, &format!("{FAINT}no digit and no word of a number: nothing is read{FAINT:#}")),
        Some(analysis) => view.analysis(&analysis, &extractor.records(document, &normal, &analysis)),
    }
    view.out
}

/// Explains the sentence that holds these bytes of a text.
#[cfg(feature = "sqlite")]
pub fn sentence_of(rules: Arc<RuleSet>, document: &Document, bytes: [usize; 2]) -> String {
    let extractor = Extractor::with_rules(rules);
    let normal = NormalText::new(&document.text);
    let mut view = View { rules: extractor.rules(), out: String::new() };
    let Some(analysis) = extractor.analyse(document, normal.as_str()) else { return String::new() };
    let records = extractor.records(document, &normal, &analysis);
    let overlaps = |r: &Record| r.span.bytes[0] < bytes[1] && bytes[0] < r.span.bytes[1];
    let found = analysis.findings.iter().zip(&records).find(|(_, r)| overlaps(r));
    if let Some((finding, _)) = found {
        view.document(&analysis);
        view.sentence_with_figures(&analysis, finding.sentence, &records);
    }
    view.out
}

struct View<'r> {
    rules: &'r RuleSet,
    out: String,
}

impl View<'_> {
    fn put(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:depth$}{text}", "", depth = depth * 2);
    }

    /// A line of a name, its value, and where the value came from.
    fn field(&mut self, depth: usize, name: &str, value: &str, source: &str) {
        let source = if source.is_empty() { String::new() } else { format!("  {source}") };
        let _ = writeln!(self.out, "{:depth$}{FAINT}{name:10}{FAINT:#} {value}{source}", "", depth = depth * 2);
    }

    fn rule(&self, id: RuleId) -> String {
        self.rules.rules.get(id as usize).map_or_else(String::new, |r| format!("{RULE}{}{RULE:#}", r.id))
    }

    fn source(&self, source: Source) -> String {
        let scope = match source {
            Source::Rule(id) => return self.rule(id),
            Source::Default => "by default",
            Source::Clause => "from its clause",
            Source::Previous => "from the figure before",
            Source::Sentence => "from the sentence",
            Source::Paragraph => "from the paragraph",
            Source::Document => "from the document",
        };
        format!("{FAINT}{scope}{FAINT:#}")
    }

    fn edits(&mut self, normal: &NormalText<'_>) {
        if normal.edits().is_empty() {
            return;
        }
        self.put(0, &format!("{HEAD}normal form{HEAD:#}  edits: {}", normal.edits().len()));
        for edit in normal.edits() {
            let (from, to) = (edit.source.of(normal.source()), edit.normal.of(normal.as_str()));
            self.put(1, &format!("bytes {}..{}  {} → {to:?}", edit.source.start, edit.source.end, from.escape_unicode()));
        }
    }

    fn analysis(&mut self, analysis: &Analysis<'_>, records: &[Record]) {
        self.document(analysis);
        for i in 0..analysis.reads.len() {
            self.sentence_with_figures(analysis, i, records);
        }
    }

    fn sentence_with_figures(&mut self, analysis: &Analysis<'_>, i: usize, records: &[Record]) {
        let read = &analysis.reads[i];
        self.sentence(i, read);
        let here = analysis.findings.iter().zip(records).filter(|(f, _)| f.sentence == i);
        for (finding, record) in here {
            self.figure(read, finding, record);
        }
    }

    fn document(&mut self, analysis: &Analysis<'_>) {
        let published = analysis.published.map_or_else(|| "unknown".to_owned(), |d| d.to_string());
        self.put(0, &format!("{HEAD}document{HEAD:#}"));
        self.field(1, "published", &published, "");
        if let Some(main) = &analysis.frame.main.main {
            self.field(1, "about", &main.name, &format!("{FAINT}{}{FAINT:#}", main.level.as_str()));
        }
        if let Some(dates) = &analysis.frame.title_period {
            self.field(1, "title time", &days(dates), "");
        }
    }

    fn sentence(&mut self, i: usize, read: &Read<'_>) {
        let sentence = &read.sentence;
        let heading = if read.heading { ", heading" } else { "" };
        self.put(0, &format!("\n{HEAD}sentence {}{HEAD:#}  {FAINT}paragraph {}, {} tokens{heading}{FAINT:#}", i + 1, read.paragraph + 1, sentence.len()));
        self.put(1, sentence.span.of(sentence.text).trim());
        for rejected in &read.quantities.rejected {
            let by = match rejected.by {
                By::Rule(id) => self.rule(id),
                By::Check(name) => format!("{FAINT}{name} (by its spelling){FAINT:#}"),
            };
            self.field(1, "no figure", &format!("{NO}{}{NO:#}", sentence.quote(&rejected.tokens)), &by);
        }
        for period in &read.periods {
            let compared = if period.compared { "  compared with" } else { "" };
            let rule = self.rule(period.rule);
            self.field(1, "time", &format!("{} = {}{compared}", sentence.quote(&period.tokens), days(&period.dates)), &rule);
        }
        for place in &read.places {
            let compared = if place.compared { "  compared with" } else { "" };
            let rule = self.rule(place.rule);
            self.field(1, "place", &format!("{} = {} ({}){compared}", sentence.quote(&place.tokens), place.place.name, place.place.level.as_str()), &rule);
        }
    }

    fn figure(&mut self, read: &Read<'_>, finding: &Finding, record: &Record) {
        let q = &finding.quantity;
        self.put(1, &format!("{STRONG}{}{STRONG:#}", read.sentence.quote(&q.tokens)));
        let rule = self.rule(q.rule);
        self.field(2, q.kind.as_str(), &number(q), &rule);
        self.context(&finding.context);
        self.series(finding);
        if !record.checks.is_empty() {
            self.field(2, "checks", &format!("{NO}{}{NO:#}", record.checks.join(", ")), "");
        }
    }

    fn context(&mut self, c: &Context) {
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
        let rows = [
            ("qualifier", c.qualifier.0.as_str().to_owned(), c.qualifier.1),
            ("change", c.change.0.as_str().to_owned(), c.change.1),
            ("status", c.status.0.as_str().to_owned(), c.status.1),
            ("subject", said(&c.subject.0), c.subject.1),
            ("basis", said(&c.basis.0), c.basis.1),
            ("place", c.place.0.as_ref().map_or_else(|| "–".to_owned(), |p| p.name.clone()), c.place.1),
            ("period", c.period.0.as_ref().map_or_else(|| "–".to_owned(), days), c.period.1),
        ];
        for (name, value, source) in rows {
            let source = self.source(source);
            self.field(2, name, &value, &source);
        }
    }

    /// The series of a figure, and those that came close.
    fn series(&mut self, finding: &Finding) {
        let choice = &finding.indicator;
        let winner = choice.winner.map_or_else(|| "–".to_owned(), |id| self.rule(id));
        let others: Vec<String> = choice.candidates.iter().filter(|id| Some(**id) != choice.winner).map(|id| self.rule(*id)).collect();
        let also = if others.is_empty() { String::new() } else { format!("{FAINT}also matched:{FAINT:#} {}", others.join(", ")) };
        self.field(2, "indicator", &winner, &also);
    }
}

fn number(q: &Quantity) -> String {
    let more = |word: &str, n: Option<&dyn Display>| n.map_or_else(String::new, |n| format!(" {word} {n}"));
    let upper = q.upper.map(|n| n.normalize());
    let of = q.of.map(|n| n.normalize());
    let ends = more("to", upper.as_ref().map(|n| n as &dyn Display)) + &more("of", of.as_ref().map(|n| n as &dyn Display));
    format!("{}{ends} {}", q.amount.normalize(), q.unit)
}

fn days(dates: &Dates) -> String {
    let day = |d: Option<&dyn Display>| d.map_or_else(|| "open".to_owned(), ToString::to_string);
    format!("{} to {}", day(dates.start.as_ref().map(|d| d as &dyn Display)), day(dates.end.as_ref().map(|d| d as &dyn Display)))
}
