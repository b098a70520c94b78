//! Arithmetic checks between the figures of one document. The codes are those of `patterns/checks.toml`.
//!
//! In: the findings of a document. Out: for each the codes of what does not add up. Never: a change of a figure. A check
//! speaks only where the text itself joins the figures, so that it can be believed.

use crate::context::{self, Read};
use crate::extract::{Analysis, Finding};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, RuleSet};
use crate::sentence::Sentence;
use crate::terms::{Change, Kind};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::ops::Range;

/// Codes of one finding.
type Codes = Vec<String>;

/// Runs all checks.
pub fn run(rules: &RuleSet, analysis: &Analysis<'_>) -> Vec<Codes> {
    let mut codes: Vec<Codes> = vec![Vec::new(); analysis.findings.len()];
    let mut start = 0;
    while start < analysis.findings.len() {
        let sentence = analysis.findings[start].sentence;
        let end = start + analysis.findings[start..].iter().take_while(|f| f.sentence == sentence).count();
        let row = Row { rules, read: &analysis.reads[sentence], sentence: &analysis.reads[sentence].sentence, findings: &analysis.findings[start..end] };
        row.check(&mut codes[start..end]);
        start = end;
    }
    codes
}

/// The figures of one sentence.
struct Row<'a> {
    rules: &'a RuleSet,
    read: &'a Read<'a>,
    sentence: &'a Sentence<'a>,
    findings: &'a [Finding],
}

fn flag(codes: &mut [Codes], i: usize, code: &str) {
    if !codes[i].iter().any(|c| c == code) {
        codes[i].push(code.to_owned());
    }
}

impl Row<'_> {
    fn check(&self, codes: &mut [Codes]) {
        for i in 0..self.findings.len() {
            self.ratio(i, codes);
            self.share(i, codes);
            self.direction(i, codes);
            self.parts(i, codes);
        }
        self.date(codes);
    }

    fn quantity(&self, i: usize) -> &Quantity {
        &self.read.quantities.figures[self.findings[i].figure]
    }

    fn between(&self, a: usize, b: usize) -> Range<usize> {
        self.quantity(a).tokens.end..self.quantity(b).tokens.start.max(self.quantity(a).tokens.end)
    }

    fn words_between(&self, a: usize, b: usize) -> impl Iterator<Item = Cow<'_, str>> {
        self.between(a, b).map(|t| self.sentence.lower(t))
    }

    /// A part larger than its whole.
    fn ratio(&self, i: usize, codes: &mut [Codes]) {
        let q = self.quantity(i);
        if q.kind == Kind::Ratio && q.counted && q.of.is_some_and(|of| q.amount > of) {
            flag(codes, i, "ratio-over-one");
        }
    }

    /// `5.813/8.227 xã (70,7%)`, `418,3 tỷ đồng, bằng 62,7% kế hoạch (667,1 tỷ đồng)`
    fn share(&self, i: usize, codes: &mut [Codes]) {
        let Some(percent) = self.findings.get(i + 1).map(|_| self.quantity(i + 1)).filter(|q| q.kind == Kind::Percent && q.upper.is_none()) else { return };
        let q = self.quantity(i);
        let restates = self.restates(i);
        let level = self.findings[i + 1].context.change.0 == Change::None || self.findings[i].context.change.0 == self.findings[i + 1].context.change.0;
        if !restates || !level || q.upper.is_some() {
            return;
        }
        let whole = match q.of {
            Some(of) if !self.has_plan(i + 1) => Some(of),
            None => self.plan_in_brackets(i),
            _ => None,
        };
        if let Some(share) = whole.filter(|w| !w.is_zero()).and_then(|w| q.amount.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(w))
            && share.checked_sub(percent.amount).is_some_and(|apart| apart.abs() > rounding(percent.amount))
        {
            flag(codes, i + 1, "percent-ratio");
        }
    }

    /// Does the next figure say this one as a share: in brackets, or behind `chiếm`, `đạt`, `bằng` with nothing else in its clause?
    fn restates(&self, i: usize) -> bool {
        let words: Vec<Cow<'_, str>> = self.words_between(i, i + 1).collect();
        let clause: Vec<&Cow<'_, str>> = words.iter().rev().take_while(|w| !matches!(&***w, "," | "(" | ";" | ".")).collect();
        let verb = clause.iter().any(|w| matches!(&***w, "chiếm" | "đạt" | "bằng" | "tương" | "tức"));
        let bracket = words.iter().rev().nth(clause.len()).is_some_and(|w| w == "(");
        words.len() <= 16 && clause.len() <= 3 && (verb || bracket && clause.len() <= 1) && !words.iter().any(|w| matches!(&**w, ";" | "." | ")"))
    }

    fn has_plan(&self, i: usize) -> bool {
        self.quantity(i).base.as_ref().is_some_and(|b| self.sentence.longest(b.start, Class::Base).is_some_and(|h| self.rules.known.base_plan == Some(h.rule)))
    }

    /// The plan that stands in brackets behind a share of it.
    fn plan_in_brackets(&self, i: usize) -> Option<Decimal> {
        let plan = self.quantity(i + 2.min(self.findings.len().checked_sub(i + 1)?));
        let (value, share) = (self.quantity(i), self.quantity(i + 1));
        let bracket = self.sentence.is_mark(plan.tokens.start.checked_sub(1)?, "(") && self.has_plan(i + 1);
        let same = plan.unit == value.unit && plan.kind == value.kind && plan.tokens.start > share.tokens.end && plan.tokens.start - share.tokens.end <= 8;
        (bracket && same).then_some(plan.amount)
    }

    /// `giảm từ 5% xuống 7%`
    fn direction(&self, i: usize, codes: &mut [Codes]) {
        let Some(next) = self.findings.get(i + 1) else { return };
        let (a, b) = (self.quantity(i), self.quantity(i + 1));
        let from = a.tokens.start.checked_sub(1).is_some_and(|t| self.sentence.word(t).eq_ignore_ascii_case("từ"));
        if !from || a.unit != b.unit || a.upper.is_some() || b.upper.is_some() || self.words_between(i, i + 1).any(|w| w == ";" || w == ".") {
            return;
        }
        let wrong = match next.context.change.0 {
            Change::DecreaseTo => b.amount > a.amount,
            Change::IncreaseTo => b.amount < a.amount,
            _ => false,
        };
        if wrong {
            flag(codes, i + 1, "change-direction");
        }
    }

    /// `total, gồm a, b và c`: the parts make the total; `trong đó`: they do not exceed it.
    fn parts(&self, i: usize, codes: &mut [Codes]) {
        let total = self.quantity(i);
        let Some(complete) = self.opens_parts(i) else { return };
        let parts = self.parts_of(i);
        if parts.len() < 2 || total.upper.is_some() {
            return;
        }
        let last = parts[parts.len() - 1];
        let rest = (self.quantity(last).tokens.end..self.sentence.len()).any(|t| matches!(self.sentence.word(t), "còn" | "khác"));
        let complete = complete && !rest;
        let add = |a: Decimal, b: Decimal| a.checked_add(b);
        let sum = parts.iter().map(|&p| self.quantity(p).amount).try_fold(Decimal::ZERO, add);
        let slack = parts.iter().map(|&p| unit_of_last_digit(self.quantity(p))).try_fold(unit_of_last_digit(total), add);
        let (Some(sum), Some(slack)) = (sum, slack) else { return };
        let (Some(most), Some(reached)) = (total.amount.checked_add(slack), sum.checked_add(slack)) else { return };
        let thousand = |a: Decimal, b: Decimal| a.checked_div(b).is_some_and(|times| times > Decimal::from(990) && times < Decimal::from(1010));
        if thousand(sum, total.amount) || thousand(total.amount, sum) {
            flag(codes, i, "scale-thousand");
        } else if sum > most || complete && reached < total.amount {
            flag(codes, i, "sum-total");
        }
    }

    /// Do parts follow; are they said to be all?
    fn opens_parts(&self, i: usize) -> Option<bool> {
        self.findings.get(i + 1)?;
        if self.between(i, i + 1).len() > 14 {
            return None;
        }
        let (mut all, mut only, mut among, mut before) = (false, false, false, Cow::Borrowed(""));
        for word in self.words_between(i, i + 1) {
            match &*word {
                ";" | "." => return None,
                "gồm" => all = true,
                "chỉ" => only = true,
                "đó" => among |= before == "trong",
                _ => {}
            }
            before = word;
        }
        if all && !only { Some(true) } else { among.then_some(false) }
    }

    /// The figures behind a total that are of its unit, in one run, up to a clause of another sort.
    fn parts_of(&self, i: usize) -> Vec<usize> {
        let total = self.quantity(i);
        let mut out = Vec::new();
        for p in i + 1..self.findings.len() {
            let q = self.quantity(p);
            let timed = self.between(p - 1, p).any(|t| self.sentence.begins(t, Classes::only(Class::Period)));
            let joined = !timed && !self.words_between(p - 1, p).any(|w| matches!(&*w, "." | "nâng" | "đưa" | "tăng" | "giảm" | "riêng" | "so"));
            if !joined
                || q.unit != total.unit
                || q.kind != total.kind
                || q.upper.is_some()
                || self.findings[p].context.change.0 != self.findings[i].context.change.0
            {
                break;
            }
            out.push(p);
        }
        out
    }

    /// A day that the calendar does not have.
    fn date(&self, codes: &mut [Codes]) {
        let bad = self.sentence.holds(Classes::of([Class::Period, Class::Dateline]))
            && self
                .sentence
                .hits()
                .iter()
                .any(|h| matches!(h.class, Class::Period | Class::Dateline) && context::impossible_date(self.sentence, self.rules, h));
        if bad {
            (0..codes.len()).for_each(|i| flag(codes, i, "impossible-date"));
        }
    }
}

/// What the last digit that is written stands for.
fn unit_of_last_digit(q: &Quantity) -> Decimal {
    let written = q.amount.normalize();
    let mut unit = Decimal::new(1, written.scale());
    if written.scale() == 0 {
        let digits = written.abs().to_string();
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        unit = Decimal::from_i128_with_scale(10i128.pow(zeros.min(20) as u32), 0);
    }
    unit
}

/// How far a written percentage may be off: one unit of its last digit, at least a tenth.
fn rounding(percent: Decimal) -> Decimal {
    Decimal::new(1, percent.normalize().scale()).min(Decimal::ONE).max(Decimal::new(1, 1)) + Decimal::new(1, 2)
}
