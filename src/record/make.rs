//! From findings to records.
//!
//! In: a document, its normal form and what the rooms saw of it. Out: a record for each figure, in text order. Never: a look at
//! the text but through the spans that are there.

use super::{IndicatorRef, Period, Place, Record, Spans, Value, attach, checks, record_id};
use crate::context::{Dates, PlaceRef};
use crate::document::Document;
use crate::extract::{Analysis, Finding};
use crate::rules::{Data, RuleId, RuleSet};
use crate::text::NormalText;
use jiff::civil::Date;
use jiff::fmt::temporal::DateTimePrinter;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

static PRINTER: DateTimePrinter = DateTimePrinter::new();

/// The records of an analysis of this text.
pub fn make(rules: &RuleSet, document: &Document, normal: &NormalText<'_>, analysis: &Analysis<'_>) -> Vec<Record> {
    let checks = checks::run(rules, analysis);
    let chars = || Chars::new(normal.source());
    let mut maker = Maker { rules, document, normal, analysis, chars: chars(), borders: chars(), codes: FxHashMap::default(), sentence: None };
    let mut out: Vec<Record> = analysis.findings.iter().zip(checks).map(|(finding, checks)| maker.record(finding, checks)).collect();
    attach(document, &mut out);
    out
}

struct Maker<'a> {
    rules: &'a RuleSet,
    document: &'a Document,
    normal: &'a NormalText<'a>,
    analysis: &'a Analysis<'a>,
    chars: Chars<'a>,
    /// The same for sentences, which figures stand in the middle of.
    borders: Chars<'a>,
    /// Codes of places on dates, as far as they were asked for.
    codes: FxHashMap<(PlaceRef, Option<Date>), Option<&'a str>>,
    /// The last sentence, with its span in code points.
    sentence: Option<(usize, [usize; 2])>,
}

impl Maker<'_> {
    fn record(&mut self, finding: &Finding, checks: Vec<String>) -> Record {
        let (q, c) = (self.analysis.quantity(finding), &finding.context);
        let bytes = self.normal.to_source(self.analysis.reads[finding.sentence].sentence.bytes(&q.tokens));
        let span = Spans { chars: [self.chars.at(bytes.start), self.chars.at(bytes.end)], bytes: [bytes.start, bytes.end] };
        let sentence = self.sentence(finding.sentence);
        let quote = bytes.of(self.normal.source()).to_owned();
        Record {
            id: record_id(&self.document.id, span.bytes, &quote),
            document: self.document.id.clone(),
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
            indicator: finding.indicator.winner.map(|id| self.indicator(id)),
            place: c.place.0.as_ref().map(|place| self.place(place, c.period.0.as_ref().and_then(|p| p.end))),
            period: c.period.0.as_ref().map(period),
            sentence,
            rule: self.rules.rule(q.rule).id.clone().into_string(),
            checks,
            link: None,
        }
    }

    /// The span of a sentence in code points.
    fn sentence(&mut self, index: usize) -> [usize; 2] {
        match self.sentence {
            Some((last, span)) if last == index => span,
            _ => {
                let bytes = self.normal.to_source(self.analysis.reads[index].sentence.span);
                let span = [self.borders.at(bytes.start), self.borders.at(bytes.end)];
                self.sentence = Some((index, span));
                span
            }
        }
    }

    /// A place with its code on the date of the figure, or that of publication.
    fn place(&mut self, place: &PlaceRef, date: Option<Date>) -> Place {
        let date = date.or(self.analysis.published);
        let code = self.codes.entry((place.clone(), date)).or_insert_with(|| {
            let province = self.analysis.frame.main.province.as_ref().map(|p| p.bare.as_str());
            self.rules.gazetteer.code(&place.bare, place.level, date.map(iso).as_deref(), province)
        });
        Place { name: place.name.clone(), code: code.map(str::to_owned), level: place.level }
    }

    fn indicator(&self, id: RuleId) -> IndicatorRef {
        let rule = self.rules.rule(id);
        let programme = match &rule.data {
            Data::Indicator(i) => i.programme.clone().map(String::from),
            _ => None,
        };
        IndicatorRef { id: rule.id.clone().into_string(), programme }
    }
}

fn period(dates: &Dates) -> Period {
    Period { start: dates.start.map(iso), end: dates.end.map(iso), text: Some(String::from(&*dates.text)).filter(|t| !t.is_empty()) }
}

/// `2024-12-31`
fn iso(date: Date) -> String {
    let mut out = String::with_capacity(16);
    PRINTER.print_date(&date, &mut out).expect("memory takes all");
    out
}

/// A decimal as records write it: digits, perhaps a point and more digits.
fn plain(value: Decimal) -> String {
    match (value.scale(), i64::try_from(value.mantissa())) {
        (0, Ok(whole)) => whole.to_string(),
        _ => value.normalize().to_string(),
    }
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
            self.chars += self.source[self.byte..byte].chars().count();
        } else {
            self.chars -= self.source[byte..self.byte].chars().count();
        }
        self.byte = byte;
        self.chars
    }
}
