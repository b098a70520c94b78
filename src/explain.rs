//! The trace: what each room saw of a text, for people who write rules or judge records.
//!
//! In: an extractor, a document. Out: lines of toned words, for a terminal or a page to print. Never: a judgement of its own; all of it is
//! what the extractor keeps.

mod paint;

pub use paint::paint;

use crate::context::{Context, Dates, Read, Source};
use crate::extract::{Analysis, Finding};
use crate::quantity::{By, Quantity};
use crate::rules::{RuleId, RuleSet};
use crate::text::NormalText;
use crate::{Document, Extractor, Record};
use std::fmt::Display;

/// What words of a trace are, for whoever colours them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Head,
    Strong,
    Faint,
    /// What was rejected, or does not add up.
    No,
    /// Id of a rule.
    Rule,
}

/// Words of one tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub tone: Tone,
    pub text: String,
}

/// A line: a name with its value and where the value came from, or words alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Steps to the right.
    pub depth: usize,
    /// An empty line stands before it.
    pub gap: bool,
    pub name: Option<&'static str>,
    pub value: Vec<Part>,
    pub source: Vec<Part>,
    /// Of lines about one figure: its bytes in the source.
    pub figure: Option<[usize; 2]>,
}

/// Explains a text, room by room.
pub fn explain(extractor: &Extractor, document: &Document) -> Vec<Line> {
    let normal = NormalText::new(&document.text);
    let mut trace = Trace::new(extractor.rules());
    trace.edits(&normal);
    match extractor.analyse(document, normal.as_str()) {
        None => trace.put(0, vec![faint("no digit and no word of a number: nothing is read")]),
        Some(analysis) => {
            let records = extractor.records(document, &normal, &analysis);
            trace.document(&analysis);
            (0..analysis.reads.len()).for_each(|i| trace.sentence_with_figures(&analysis, i, &records));
        }
    }
    trace.lines
}

/// Explains the sentence of the figure at these bytes of a text; nothing where none is read there.
pub fn explain_figure(extractor: &Extractor, document: &Document, bytes: [usize; 2]) -> Vec<Line> {
    let normal = NormalText::new(&document.text);
    let mut trace = Trace::new(extractor.rules());
    let Some(analysis) = extractor.analyse(document, normal.as_str()) else { return Vec::new() };
    let records = extractor.records(document, &normal, &analysis);
    let overlaps = |r: &Record| r.span.bytes[0] < bytes[1] && bytes[0] < r.span.bytes[1];
    let found = analysis.findings.iter().zip(&records).find(|(_, r)| overlaps(r));
    if let Some((finding, _)) = found {
        trace.document(&analysis);
        trace.sentence_with_figures(&analysis, finding.sentence, &records);
    }
    trace.lines
}

struct Trace<'r> {
    rules: &'r RuleSet,
    lines: Vec<Line>,
    figure: Option<[usize; 2]>,
}

impl<'r> Trace<'r> {
    fn new(rules: &'r RuleSet) -> Self {
        Self { rules, lines: Vec::new(), figure: None }
    }

    fn put(&mut self, depth: usize, value: Vec<Part>) {
        self.lines.push(Line { depth, gap: false, name: None, value, source: Vec::new(), figure: self.figure });
    }

    /// A line of a name, its value, and where the value came from.
    fn field(&mut self, depth: usize, name: &'static str, value: Vec<Part>, source: Vec<Part>) {
        self.lines.push(Line { depth, gap: false, name: Some(name), value, source, figure: self.figure });
    }

    fn rule(&self, id: RuleId) -> Vec<Part> {
        self.rules.rules.get(id as usize).map(|r| Part { tone: Tone::Rule, text: r.id.to_string() }).into_iter().collect()
    }

    fn source(&self, source: Source) -> Vec<Part> {
        let scope = match source {
            Source::Rule(id) => return self.rule(id),
            Source::Default => "by default",
            Source::Clause => "from its clause",
            Source::Previous => "from the figure before",
            Source::Sentence => "from the sentence",
            Source::Paragraph => "from the paragraph",
            Source::Document => "from the document",
        };
        vec![faint(scope)]
    }

    fn edits(&mut self, normal: &NormalText<'_>) {
        if normal.edits().is_empty() {
            return;
        }
        self.put(0, vec![head("normal form"), plain(format!("  edits: {}", normal.edits().len()))]);
        for edit in normal.edits() {
            let (from, to) = (edit.source.of(normal.source()), edit.normal.of(normal.as_str()));
            self.put(1, vec![plain(format!("bytes {}..{}  {} → {to:?}", edit.source.start, edit.source.end, from.escape_unicode()))]);
        }
    }

    fn document(&mut self, analysis: &Analysis<'_>) {
        let published = analysis.published.map_or_else(|| "unknown".to_owned(), |d| d.to_string());
        self.put(0, vec![head("document")]);
        self.field(1, "published", vec![plain(published)], Vec::new());
        if let Some(main) = &analysis.frame.main.main {
            self.field(1, "about", vec![plain(main.name.to_string())], vec![faint(main.level.as_str())]);
        }
        if let Some(dates) = &analysis.frame.title_period {
            self.field(1, "title time", vec![plain(days(dates))], Vec::new());
        }
    }

    fn sentence_with_figures(&mut self, analysis: &Analysis<'_>, i: usize, records: &[Record]) {
        let read = &analysis.reads[i];
        self.sentence(i, read);
        for (finding, record) in analysis.findings.iter().zip(records).filter(|(f, _)| f.sentence == i) {
            self.figure = Some(record.span.bytes);
            self.figure(read, finding, record);
        }
        self.figure = None;
    }

    fn sentence(&mut self, i: usize, read: &Read<'_>) {
        let sentence = &read.sentence;
        let heading = if read.heading { ", heading" } else { "" };
        let told = format!("paragraph {}, {} tokens{heading}", read.paragraph + 1, sentence.len());
        self.put(0, vec![head(format!("sentence {}", i + 1)), plain("  "), faint(told)]);
        self.lines.iter_mut().last().into_iter().for_each(|line| line.gap = true);
        self.put(1, vec![plain(sentence.span.of(sentence.text).trim())]);
        for rejected in &read.quantities.rejected {
            let by = match rejected.by {
                By::Rule(id) => self.rule(id),
                By::Check(name) => vec![faint(format!("{name} (by its spelling)"))],
            };
            self.field(1, "no figure", vec![Part { tone: Tone::No, text: sentence.quote(&rejected.tokens).to_string() }], by);
        }
        for period in &read.periods {
            let compared = if period.compared { "  compared with" } else { "" };
            let rule = self.rule(period.rule);
            self.field(1, "time", vec![plain(format!("{} = {}{compared}", sentence.quote(&period.tokens), days(&period.dates)))], rule);
        }
        for place in &read.places {
            let compared = if place.compared { "  compared with" } else { "" };
            let rule = self.rule(place.rule);
            let named = if place.place.name.is_empty() { "no place".to_owned() } else { format!("{} ({})", place.place.name, place.place.level.as_str()) };
            let value = format!("{} = {named}{compared}", sentence.quote(&place.tokens));
            self.field(1, "place", vec![plain(value)], rule);
        }
    }

    fn figure(&mut self, read: &Read<'_>, finding: &Finding, record: &Record) {
        let q = &read.quantities.figures[finding.figure];
        self.put(1, vec![Part { tone: Tone::Strong, text: read.sentence.quote(&q.tokens).to_string() }]);
        let rule = self.rule(q.rule);
        self.field(2, q.kind.as_str(), vec![plain(number(q))], rule);
        self.context(&finding.context);
        self.series(finding);
        if !record.checks.is_empty() {
            self.field(2, "checks", vec![Part { tone: Tone::No, text: record.checks.join(", ") }], Vec::new());
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
            self.field(2, name, vec![plain(value)], source);
        }
    }

    /// The series of a figure, and those that came close.
    fn series(&mut self, finding: &Finding) {
        let choice = &finding.indicator;
        let winner = choice.winner.map_or_else(|| vec![plain("–")], |id| self.rule(id));
        let mut also = Vec::new();
        for id in choice.candidates.iter().filter(|id| Some(**id) != choice.winner) {
            also.push(if also.is_empty() { faint("also matched:") } else { plain(",") });
            also.push(plain(" "));
            also.extend(self.rule(*id));
        }
        self.field(2, "indicator", winner, also);
    }
}

fn plain(text: impl Into<String>) -> Part {
    Part { tone: Tone::Plain, text: text.into() }
}

fn head(text: impl Into<String>) -> Part {
    Part { tone: Tone::Head, text: text.into() }
}

fn faint(text: impl Into<String>) -> Part {
    Part { tone: Tone::Faint, text: text.into() }
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
