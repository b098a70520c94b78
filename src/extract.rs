//! The extractor: a document in, records out.
//!
//! The rooms in order: text, quantity, context, indicator, record. This is the only place that knows them all.

use crate::anchor::Anchors;
use crate::context::{self, Frame, PeriodMention, Read, State, Year};
use crate::document::Document;
use crate::indicator;
use crate::quantity::{self, Memory, Quantity, Style};
use crate::record::{self, Record};
use crate::rules::RuleSet;
use crate::sentence::Sentence;
use crate::table::{self, Cell};
use crate::text::{NormalText, Span, paragraphs, sentences};
use jiff::civil::Date;
use smallvec::SmallVec;
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
    /// Index of the sentence in [`Analysis::reads`].
    pub sentence: usize,
    /// Index of the figure in its sentence.
    pub figure: usize,
    pub context: context::Context,
    pub indicator: indicator::Choice,
}

/// A sentence with where it stands.
struct Line<'t> {
    sentence: Sentence<'t>,
    paragraph: usize,
    /// Of its paragraph, from 0.
    index: usize,
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

impl Analysis<'_> {
    /// The figure of a finding.
    pub fn quantity(&self, finding: &Finding) -> &Quantity {
        &self.reads[finding.sentence].quantities.figures[finding.figure]
    }
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
        let anchors = Anchors::find(text, &self.rules);
        if anchors.is_empty() {
            return None;
        }
        let (sentences, mut published) = self.sentences(text, &anchors);
        if let Some(date) = document.published.as_deref().and_then(|d| d.parse().ok()) {
            published = Some(date);
        }
        let style = OnceCell::new();
        let style = || *style.get_or_init(|| Style::of(text, anchors.digits(text)));
        let (reads, frame, published) = self.read(sentences, document, published, style);
        let mut analysis = Analysis { reads, findings: Vec::new(), frame, published };
        analysis.findings.reserve_exact(analysis.reads.iter().map(|r| r.quantities.figures.len()).sum());
        self.contexts(&mut analysis);
        Some(analysis)
    }

    /// The sentences that matter: the lead, and every paragraph with an anchor.
    fn sentences<'t>(&self, text: &'t str, anchors: &Anchors) -> (Vec<Line<'t>>, Option<Date>) {
        let mut out = Vec::new();
        let mut published = None;
        let (paragraphs, tables) = table::split(text, paragraphs(text), &self.rules);
        for (p, paragraph) in paragraphs.into_iter().enumerate() {
            let cell = tables.cell(p).cloned();
            if cell.is_none() && tables.holds(p) {
                continue;
            }
            let body = paragraph.of(text);
            let lead = p < LEAD;
            // What a list hangs on says whose time and status its items have.
            let announces = body.ends_with(':');
            if !lead && !announces && !anchors.within(paragraph) {
                continue;
            }
            let spans = sentences(text, paragraph, &self.rules.abbreviations);
            let heading = spans.len() == 1 && is_heading(body);
            let last = spans.len().saturating_sub(1);
            for (k, span) in spans.into_iter().enumerate() {
                let needed = lead && k < LEAD || heading || announces && k == last;
                if !needed && !anchors.within(span) && !anchors.may_name_place(text, span) {
                    continue;
                }
                let sentence = Sentence::read(text, span, &self.rules);
                if published.is_none() {
                    published = context::dateline(&sentence, &self.rules, None).or_else(|| context::lone_date(&sentence, &self.rules).filter(|_| heading));
                }
                out.push(Line { sentence, paragraph: p, index: k, heading, cell: cell.clone() });
            }
        }
        (out, published)
    }

    fn read<'t>(
        &self,
        sentences: Vec<Line<'t>>,
        document: &Document,
        published: Option<Date>,
        style: impl Fn() -> Style,
    ) -> (Vec<Read<'t>>, Frame, Option<Date>) {
        let rules = &*self.rules;
        let mut tally = context::Tally::default();
        let mut raw_places = Vec::with_capacity(sentences.len());
        let weight = |i: usize, paragraph: usize| match (paragraph, i) {
            (0, _) => 4,
            (_, 0..LEAD) => 2,
            _ => 1,
        };
        raw_places.extend(sentences.iter().map(|line| context::find_places(&line.sentence, rules)));
        context::without_namesakes(sentences.iter().map(|l| &l.sentence), &mut raw_places);
        for (i, (line, raw)) in sentences.iter().zip(&raw_places).enumerate() {
            tally.add(&line.sentence, raw, weight(i, line.paragraph));
        }
        for (i, (line, raw)) in sentences.iter().zip(&raw_places).enumerate() {
            tally.add_bare(&line.sentence, raw, weight(i, line.paragraph));
        }
        let headline = document.title.as_deref().map(|t| Sentence::read(t, Span::new(0, t.len()), rules));
        let said = headline.as_ref().map(|h| context::find_places(h, rules));
        if let (Some(headline), Some(said)) = (&headline, &said) {
            tally.add(headline, said, 4);
        }
        // What a picture shows is no title.
        let caption = sentences.iter().take(2).any(|l| context::is_caption(&l.sentence));
        let first = raw_places.first().filter(|_| !caption).map_or(&[][..], |r| r);
        let title = said.as_deref().filter(|s| !s.is_empty()).unwrap_or(first);
        let own_line = said.as_ref().is_some_and(|s| !s.is_empty()) || sentences.first().is_some_and(|l| l.heading);
        let main = tally.settle(rules, title, own_line);
        let told = sentences.iter().find_map(|l| context::told_year(&l.sentence, rules)).map(|t| t.year);
        let published = published.or_else(|| sentences.iter().take(LEAD).find_map(|l| context::dateline(&l.sentence, rules, told)));
        let mut year = Year { published, told: if published.is_some() { None } else { told }, ..Year::default() };
        // A headline may leave it to the text to say which months it speaks of: `9 tháng thu nội địa đạt 77,4% dự toán`.
        let lead = sentences.iter().take(LEAD).find_map(|l| context::first_months(&l.sentence, rules));
        // `5 tháng` in a report on May.
        let lead = lead.or_else(|| sentences.iter().take(LEAD).filter(|l| l.heading).find_map(|l| context::month_of(&l.sentence, rules)));
        let lead = lead.or_else(|| {
            let lines: SmallVec<[&Sentence<'_>; LEAD]> = sentences.iter().take(LEAD).map(|l| &l.sentence).collect();
            context::months_up_to(&lines, rules)
        });
        let mut memory = Memory { months: lead, ..Memory::default() };
        let mut last_named = context::LastNamed::default();
        let mut reads: Vec<Read<'t>> = Vec::with_capacity(sentences.len());
        for (Line { sentence, paragraph, index, heading, cell }, raw) in sentences.into_iter().zip(raw_places) {
            if reads.last().is_none_or(|r| r.paragraph != paragraph) {
                memory = Memory { months: memory.months, year: memory.year, ..Memory::default() };
            }
            memory.months = context::first_months(&sentence, rules).or(memory.months);
            year.months = memory.months;
            let quantities = match &cell {
                Some(cell) => quantity::of_cell(&sentence, rules, &style, cell.unit.as_deref()),
                None => quantity::read(&sentence, rules, &style, &mut memory),
            };
            let comparisons = context::comparisons(&sentence, &quantities.figures);
            let compared = &comparisons.all;
            let places = context::resolve_places(&sentence, rules, &raw, (&tally, &main), compared, &mut last_named);
            year = year.in_sentence(context::told_year(&sentence, rules));
            year.above = memory.year;
            let periods = context::mentions(&sentence, rules, year, compared);
            memory.months = memory.months.or_else(|| context::months_until(&periods));
            memory.year = context::year_of(&periods).or(memory.year);
            reads.push(Read { sentence, quantities, comparisons, periods, places, paragraph, index, heading, cell });
        }
        // A single day is that of an event, or of the report.
        let names_time = |p: &&PeriodMention| !p.compared && !context::is_programme_span(rules, p) && !p.dates.is_day();
        let own = |periods: &[PeriodMention]| periods.iter().rev().find(names_time).map(|p| p.dates.clone());
        let of_headline = headline.as_ref().and_then(|h| own(&context::mentions(h, rules, year, &[])));
        // The lines of a title hold no figure; the first one may only say whose report it is.
        let titles = reads.iter().take(LEAD).enumerate().take_while(|(i, r)| r.paragraph == *i && (*i == 0 || r.heading));
        let title_period = of_headline.or_else(|| titles.map(|(_, r)| r).find_map(|r| own(&r.periods)));
        (reads, Frame { main, title_period, published }, published)
    }

    fn contexts(&self, analysis: &mut Analysis<'_>) {
        let mut state = State::default();
        let mut chooser = indicator::Chooser::new(&self.rules);
        for (i, read) in analysis.reads.iter().enumerate() {
            chooser.next_sentence();
            let contexts = context::read(&self.rules, &analysis.frame, read, &mut state);
            for (figure, context) in contexts.into_iter().enumerate() {
                let indicator = chooser.choose(&read.sentence, &read.quantities.figures[figure], &context);
                analysis.findings.push(Finding { sentence: i, figure, context, indicator });
            }
        }
    }

    /// The records of an analysis of this text.
    pub fn records(&self, document: &Document, normal: &NormalText<'_>, analysis: &Analysis<'_>) -> Vec<Record> {
        record::make(&self.rules, document, normal, analysis)
    }
}

/// A line of its own that is no sentence.
fn is_heading(line: &str) -> bool {
    !line.ends_with(['.', ';', '!', '?', '…', ',']) && line.chars().count() <= 160
}
