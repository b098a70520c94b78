//! Quantities: the figure by itself, number, scale, unit, range or ratio, and what looks like one and is none.
//!
//! In: a sentence and how its text writes numbers. Out: [`Quantities`]: figures in order of tokens, and rejected numbers
//! with the rule that rejected them. Never: a look beyond the figure, but to restore a unit that was dropped.

mod ellipsis;
mod number;
mod numeral;
mod ratio;
mod reject;
mod scan;
mod unit;

pub use number::{Behind, Style};
pub use unit::{Unit, names_place};

use crate::rules::{Dimension, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Kind;
use rust_decimal::Decimal;
use std::ops::Range;

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Tokens of the quote.
    pub tokens: Range<usize>,
    /// Tokens of the number or numbers, with scale words.
    pub number: Range<usize>,
    pub kind: Kind,
    pub amount: Decimal,
    pub upper: Option<Decimal>,
    pub of: Option<Decimal>,
    pub unit: String,
    /// Tokens of the unit or counted noun; empty when it was restored.
    pub unit_tokens: Range<usize>,
    /// The unit is a counted noun.
    pub counted: bool,
    /// The noun of which a percentage is taken, when it directly follows.
    pub base: Option<Range<usize>>,
    /// The number had a scale word (nghìn, triệu, tỷ).
    pub scale: Option<Decimal>,
    /// It has a scale word, in digits or spelled out.
    pub scaled: bool,
    pub rule: RuleId,
}

/// A number that is no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub tokens: Range<usize>,
    /// The rule, or the name of a built-in check (see `reject.rs`).
    pub by: By,
}

/// What rejected a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Rule(RuleId),
    Check(&'static str),
}

/// What a sentence holds.
#[derive(Debug, Clone, Default)]
pub struct Quantities {
    pub figures: Vec<Quantity>,
    pub rejected: Vec<Rejected>,
}

/// What earlier sentences of the paragraph leave: the unit that a bare number takes up.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The last counted noun.
    pub counted: Option<Last>,
    /// The last other unit.
    pub measured: Option<Last>,
    /// The last amount of money.
    pub money: Option<Last>,
    /// The first months that the text reports on: a bare `6 tháng` then is that time.
    pub months: Option<u32>,
    /// The year that the paragraph told last.
    pub year: Option<i16>,
}

/// A figure that a later one may leave its unit to.
#[derive(Debug, Clone)]
pub struct Last {
    pub unit: String,
    pub kind: Kind,
    pub amount: Decimal,
    pub rule: RuleId,
}

/// Reads the quantities of a sentence.
pub fn read(sentence: &Sentence<'_>, rules: &RuleSet, style: &dyn Fn() -> Style, memory: &mut Memory) -> Quantities {
    let mut out = scan::scan(sentence, rules, style, memory.months);
    ellipsis::restore(sentence, rules, &mut out, memory);
    out
}

/// Reads the value of a table cell with the unit that its headings tell. The quote is the number alone.
pub fn of_cell(sentence: &Sentence<'_>, rules: &RuleSet, style: &dyn Fn() -> Style, unit: Option<&str>) -> Quantities {
    let text = format!("{} {}", sentence.span.of(sentence.text), unit.unwrap_or(""));
    let span = crate::text::Span::new(0, text.len());
    let with_unit = Sentence::read(&text, span, rules);
    let mut out = read(&with_unit, rules, style, &mut Memory::default());
    out.figures.truncate(1);
    for q in &mut out.figures {
        let end = sentence.len();
        (q.tokens, q.number, q.unit_tokens, q.base) = (0..end, 0..end, end..end, None);
    }
    out.rejected.clear();
    out
}

/// The kind of a figure with this unit.
fn kind_of(unit: &Unit<'_>) -> Kind {
    match (unit.per, unit.dimension) {
        (true, Some(Dimension::Percent)) => Kind::Percent,
        (true, Some(Dimension::Duration)) => Kind::Duration,
        (true, _) => Kind::Rate,
        (_, None) => Kind::Count,
        (_, Some(Dimension::Money)) => Kind::Money,
        (_, Some(Dimension::Percent)) => Kind::Percent,
        (_, Some(Dimension::Points)) => Kind::Points,
        (_, Some(Dimension::Measure)) => Kind::Measure,
        (_, Some(Dimension::Multiple)) => Kind::Multiple,
        (_, Some(Dimension::Duration)) => Kind::Duration,
    }
}
