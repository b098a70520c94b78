//! The extractor: a document in, records out.
//!
//! The rooms in order: text, quantity, context, indicator, record. This is the only place that knows them all.

use crate::context::{self, Dates, Frame, PlaceRef, Read, State, Year};
use crate::document::Document;
use crate::indicator;
use crate::quantity::{self, Memory, Quantity, Style};
use crate::record::{IndicatorRef, Period, Place, Record, Spans, Value, checks, record_id};
use crate::rules::{RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::table::{self, Cell};
use crate::text::{NormalText, Span, paragraphs, sentences};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::sync::Arc;

/// How many sentences at the start say what a text is about.
const LEAD: usize = 3;

/// Reads figures out of documents. Cheap to clone; share one between threads.
///
/// ```
/// use solieu::{Document, Extractor};
///
/// let text = "Tính đến tháng 7/2022, cả nước có 5.813/8.227 xã đạt chuẩn nông thôn mới.";
/// let records = Extractor::new().extract(&Document::new("demo", text));
/// assert_eq!(records[0].quote, "5.813/8.227 xã");
/// assert_eq!(records[0].value.amount, "5813");
/// assert_eq!(records[0].value.of.as_deref(), Some("8227"));
/// assert_eq!(records[0].place.as_ref().unwrap().name, "Việt Nam");
/// assert_eq!(records[0].period.as_ref().unwrap().end.as_deref(), Some("2022-07-31"));
/// ```
#[derive(Debug, Clone)]
pub struct Extractor {
    rules: Arc<RuleSet>,
}

impl Default for Extractor {
    fn default() -> Self {
        Self::new()
    }
}

/// A figure with all that was found out about it.
#[derive(Debug, Clone)]
pub struct Finding {
    pub quantity: Quantity,
    pub context: context::Context,
    pub indicator: indicator::Choice,
    /// Index of the sentence in [`Analysis::reads`].
    pub sentence: usize,
}

/// A sentence with where it stands.
struct Line<'t> {
    sentence: Sentence<'t>,
    paragraph: usize,
    heading: bool,
    cell: Option<Cell>,
}

/// All that the rooms saw of a document; what `explain` shows.
pub struct Analysis<'t> {
    pub reads: Vec<Read<'t>>,
    pub findings: Vec<Finding>,
    pub frame: Frame,
    pub published: Option<Date>,
}

impl Extractor {
    /// With the rules that are part of the program.
    pub fn new() -> Self {
        Self { rules: RuleSet::embedded() }
    }

    pub fn with_rules(rules: Arc<RuleSet>) -> Self {
        Self { rules }
    }

    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The figures of a document, in text order.
    pub fn extract(&self, document: &Document) -> Vec<Record> {
        let normal = NormalText::new(&document.text);
        match self.analyse(document, normal.as_str()) {
            Some(analysis) => self.records(document, &normal, &analysis),
            None => Vec::new(),
        }
    }

    /// What each room sees of a normalized text; none when it holds no number.
    pub fn analyse<'t>(&self, document: &Document, text: &'t str) -> Option<Analysis<'t>> {
        if !self.has_anchor(text) {
            return None;
        }
        let (sentences, mut published) = self.sentences(text);
        if let Some(date) = document.published.as_deref().and_then(|d| d.parse().ok()) {
            published = Some(date);
        }
        let (reads, frame, published) = self.read(sentences, text, document, published);
        let mut analysis = Analysis { reads, findings: Vec::new(), frame, published };
        self.contexts(&mut analysis);
        Some(analysis)
    }

    /// Digits, or a word that a spelled-out figure begins with.
    fn has_anchor(&self, text: &str) -> bool {
        text.bytes().any(|b| b.is_ascii_digit()) || self.has_word_anchor(text)
    }

    fn has_word_anchor(&self, text: &str) -> bool {
        self.rules.anchors.find_iter(text).any(|m| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            !letter(text[..m.start()].chars().next_back()) && !letter(text[m.end()..].chars().next())
        })
    }

    /// A word of place with a capital or nothing behind it: `huyện Sơn Động`, `cả nước`; not `xã hội`.
    fn may_name_place(&self, text: &str) -> bool {
        self.rules.place_anchors.find_iter(text).any(|m| {
            let before = text[..m.start()].chars().next_back().is_some_and(char::is_alphabetic);
            let mut rest = text[m.end()..].chars();
            let behind = rest.clone().next().is_some_and(char::is_alphabetic);
            let name = rest.find(|c| !c.is_whitespace() && *c != '.').is_none_or(|c| c.is_uppercase() || !c.is_alphabetic());
            let long = m.len() > 9 || text[m.start()..].starts_with(char::is_uppercase);
            !before && !behind && (name || long)
        })
    }

    /// The sentences that matter: the lead, and every paragraph with an anchor.
    fn sentences<'t>(&self, text: &'t str) -> (Vec<Line<'t>>, Option<Date>) {
        let mut out = Vec::new();
        let mut published = None;
        let (paragraphs, tables) = table::split(text, paragraphs(text));
        for (p, paragraph) in paragraphs.into_iter().enumerate() {
            let cell = tables.cell(p).cloned();
            if cell.is_none() && tables.holds(p) {
                continue;
            }
            let body = paragraph.of(text);
            let lead = p < LEAD;
            if !lead && !self.has_anchor(body) {
                continue;
            }
            let spans = sentences(text, paragraph, &self.rules.abbreviations);
            let heading = spans.len() == 1 && is_heading(body);
            for (k, span) in spans.into_iter().enumerate() {
                if !(lead && k < LEAD) && !heading && !self.has_anchor(span.of(text)) && !self.may_name_place(span.of(text)) {
                    continue;
                }
                let sentence = Sentence::read(text, span, &self.rules);
                if published.is_none() {
                    published = context::dateline(&sentence, &self.rules, None).or_else(|| context::lone_date(&sentence, &self.rules).filter(|_| heading));
                }
                out.push(Line { sentence, paragraph: p, heading, cell: cell.clone() });
            }
        }
        (out, published)
    }

    fn read<'t>(&self, sentences: Vec<Line<'t>>, text: &'t str, document: &Document, published: Option<Date>) -> (Vec<Read<'t>>, Frame, Option<Date>) {
        let rules = &*self.rules;
        let style = OnceCell::new();
        let style = || *style.get_or_init(|| Style::of(text));
        let mut tally = context::Tally::default();
        let mut raw_places = Vec::with_capacity(sentences.len());
        for (i, Line { sentence: s, paragraph: p, .. }) in sentences.iter().enumerate() {
            let raw = context::find_places(s, rules);
            tally.add(
                &raw,
                if *p == 0 {
                    4
                } else if i < LEAD {
                    2
                } else {
                    1
                },
            );
            raw_places.push(raw);
        }
        let headline = document.title.as_deref().map(|t| Sentence::read(t, Span::new(0, t.len()), rules));
        let said = headline.as_ref().map(|h| context::find_places(h, rules));
        if let Some(said) = &said {
            tally.add(said, 4);
        }
        let first = raw_places.first().map_or(&[][..], |r| r);
        let title = said.as_deref().filter(|s| !s.is_empty()).unwrap_or(first);
        let main = tally.settle(rules, title);
        let told = sentences.iter().find_map(|l| context::told_year(&l.sentence, rules));
        let published = published.or_else(|| sentences.iter().take(LEAD).find_map(|l| context::dateline(&l.sentence, rules, told)));
        let mut year = Year { published, told: if published.is_some() { None } else { told }, months: None };
        let mut memory = Memory::default();
        let mut reads: Vec<Read<'t>> = Vec::with_capacity(sentences.len());
        for (Line { sentence, paragraph, heading, cell }, raw) in sentences.into_iter().zip(raw_places) {
            if reads.last().is_none_or(|r| r.paragraph != paragraph) {
                memory = Memory { months: memory.months, ..Memory::default() };
            }
            memory.months = context::first_months(&sentence, rules).or(memory.months);
            year.months = memory.months;
            let quantities = match &cell {
                Some(cell) => quantity::of_cell(&sentence, rules, &style, cell.unit.as_deref()),
                None => quantity::read(&sentence, rules, &style, &mut memory),
            };
            let compared = context::comparisons(&sentence, &quantities.figures);
            let places = context::resolve_places(&sentence, rules, &raw, &tally, &main, &compared);
            // With a date of publication only the sentence itself can mean another year.
            year.told = context::told_year(&sentence, rules).or(if published.is_some() { None } else { year.told });
            let periods = context::mentions(&sentence, rules, year, &compared);
            reads.push(Read { sentence, quantities, periods, places, paragraph, heading, cell });
        }
        let title_period = reads
            .first()
            .filter(|r| r.paragraph == 0)
            .and_then(|r| r.periods.iter().rev().find(|p| !p.compared && !context::is_programme_span(rules, p)).map(|p| p.dates.clone()));
        let of_headline = |h: &Sentence<'_>| {
            context::mentions(h, rules, year, &[]).into_iter().rev().find(|p| !p.compared && !context::is_programme_span(rules, p)).map(|p| p.dates)
        };
        let title_period = headline.as_ref().and_then(of_headline).or(title_period);
        (reads, Frame { main, title_period }, published)
    }

    fn contexts(&self, analysis: &mut Analysis<'_>) {
        let mut state = State::default();
        for (i, read) in analysis.reads.iter().enumerate() {
            let contexts = context::read(&self.rules, &analysis.frame, read, &mut state);
            for (quantity, context) in read.quantities.figures.iter().zip(contexts) {
                let indicator = indicator::choose(&self.rules, &read.sentence, quantity, &context);
                analysis.findings.push(Finding { quantity: quantity.clone(), context, indicator, sentence: i });
            }
        }
    }

    /// The records of an analysis of this text.
    pub fn records(&self, document: &Document, normal: &NormalText<'_>, analysis: &Analysis<'_>) -> Vec<Record> {
        let checks = checks::run(&self.rules, analysis);
        let mut chars = Chars::new(normal.source());
        let mut codes = FxHashMap::default();
        let mut sentence = (usize::MAX, [0, 0]);
        let mut out: Vec<Record> = Vec::with_capacity(analysis.findings.len());
        for (finding, checks) in analysis.findings.iter().zip(checks) {
            let read = &analysis.reads[finding.sentence];
            if sentence.0 != finding.sentence {
                let span = normal.to_source(read.sentence.span);
                sentence = (finding.sentence, [chars.at(span.start), chars.at(span.end)]);
            }
            let bytes = normal.to_source(read.sentence.bytes(&finding.quantity.tokens));
            let spans = Spans { chars: [chars.at(bytes.start), chars.at(bytes.end)], bytes: [bytes.start, bytes.end] };
            out.push(self.record(document, normal, analysis, finding, spans, bytes, sentence.1, checks, &mut codes));
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn record(
        &self,
        document: &Document,
        normal: &NormalText<'_>,
        analysis: &Analysis<'_>,
        finding: &Finding,
        span: Spans,
        bytes: Span,
        sentence: [usize; 2],
        checks: Vec<String>,
        codes: &mut FxHashMap<(PlaceRef, Option<String>), Option<String>>,
    ) -> Record {
        let (q, c) = (&finding.quantity, &finding.context);
        let quote = bytes.of(normal.source()).to_owned();
        let period = c.period.0.as_ref().map(period);
        let date = period.as_ref().and_then(|p| p.end.clone()).or_else(|| analysis.published.map(|d| d.to_string()));
        let province = analysis.frame.main.province.as_ref().map(|p| p.bare.as_str());
        let place = c.place.0.as_ref().map(|p| {
            let code = codes
                .entry((p.clone(), date.clone()))
                .or_insert_with(|| self.rules.gazetteer.code(&p.bare, p.level, date.as_deref(), province).map(str::to_owned));
            Place { name: p.name.clone(), code: code.clone(), level: p.level }
        });
        let indicator = finding.indicator.winner.map(|id| self.indicator(id));
        Record {
            id: record_id(&document.id, span.bytes, &quote),
            document: document.id.clone(),
            quote,
            span,
            kind: q.kind,
            value: Value { amount: plain(q.amount), upper: q.upper.map(plain), of: q.of.map(plain) },
            unit: q.unit.clone(),
            qualifier: c.qualifier.0,
            change: c.change.0,
            status: c.status.0,
            subject: c.subject.0.clone(),
            basis: c.basis.0.clone(),
            indicator,
            place,
            period,
            sentence,
            rule: self.rules.rule(q.rule).id.to_string(),
            checks,
        }
    }

    fn indicator(&self, id: RuleId) -> IndicatorRef {
        let rule = self.rules.rule(id);
        let programme = match &rule.data {
            crate::rules::Data::Indicator(i) => i.programme.as_ref().map(ToString::to_string),
            _ => None,
        };
        IndicatorRef { id: rule.id.to_string(), programme }
    }
}

fn period(dates: &Dates) -> Period {
    Period { start: dates.start.map(|d| d.to_string()), end: dates.end.map(|d| d.to_string()), text: Some(dates.text.clone()).filter(|t| !t.is_empty()) }
}

/// A decimal as records write it: digits, perhaps a point and more digits.
fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// A line of its own that is no sentence.
fn is_heading(line: &str) -> bool {
    !line.ends_with(['.', ';', '!', '?', '…', ',']) && line.chars().count() <= 160
}

/// Code points of byte offsets that are asked for in growing order, mostly.
struct Chars<'s> {
    source: &'s str,
    byte: usize,
    chars: usize,
}

impl<'s> Chars<'s> {
    fn new(source: &'s str) -> Self {
        Self { source, byte: 0, chars: 0 }
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte >= self.byte {
            self.chars += count(&self.source.as_bytes()[self.byte..byte]);
        } else {
            self.chars -= count(&self.source.as_bytes()[byte..self.byte]);
        }
        self.byte = byte;
        self.chars
    }
}

/// Code points in a run of UTF-8: bytes that do not continue a character.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| (b as i8) >= -0x40).count()
}
