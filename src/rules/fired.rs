//! Which rules had a part in what was read: the trace that examples, near misses and a corpus are checked by.

use super::{Class, Hit, RuleId, RuleSet};
use crate::context::{Context, Read, Source};
use crate::extract::{Analysis, Finding};
use crate::quantity::{By, Quantity};
use crate::record::Record;
use crate::sentence::Sentence;
use crate::terms::Kind;
use std::collections::BTreeSet;
use std::ops::Range;

/// How far before a figure the words stand that make it a rate (`bình quân mỗi xã đạt 6,2 tiêu chí`).
const RATE_REACH: usize = 7;

/// All rules that took part in figures, their context and their series, or that rejected a number.
///
/// Most rules leave a trace of their own. Those that only steer the reading (where a clause ends, what is cut off a subject)
/// leave none: they count as fired when their words stand in a sentence with a figure.
pub fn fired(rules: &RuleSet, analysis: &Analysis<'_>, records: &[Record]) -> BTreeSet<RuleId> {
    let mut out = BTreeSet::new();
    for finding in &analysis.findings {
        of_figure(&analysis.reads[finding.sentence].sentence, analysis.quantity(finding), finding, &mut out);
    }
    for read in &analysis.reads {
        of_sentence(read, &mut out);
        // Bodies of the state steer the place of the whole text.
        let central = |r: &RuleId| matches!(rules.rule(*r).data, crate::rules::Data::Here(crate::rules::Refers::Central));
        out.extend(read.sentence.hits().iter().filter(|h| h.class == Class::Here).map(|h| h.rule).filter(central));
        if analysis.published.is_some() {
            out.extend(read.sentence.hits().iter().filter(|h| h.class == Class::Dateline).map(|h| h.rule));
        }
    }
    out.extend(records.iter().flat_map(|r| &r.checks).filter_map(|code| rules.id_of(code)));
    out
}

fn of_figure(sentence: &Sentence<'_>, q: &Quantity, finding: &Finding, out: &mut BTreeSet<RuleId>) {
    out.insert(q.rule);
    out.extend(finding.indicator.winner);
    out.extend(sources(&finding.context));
    out.extend(words(sentence, &q.tokens));
    out.extend(q.base.iter().flat_map(|base| of_class(sentence, base.clone(), Class::Base)));
    if q.kind == Kind::Rate {
        out.extend(of_class(sentence, before(q), Class::Per));
    }
}

fn before(q: &Quantity) -> Range<usize> {
    q.number.start.saturating_sub(RATE_REACH)..q.number.start
}

/// The rules that gave the context of a figure.
fn sources(c: &Context) -> impl Iterator<Item = RuleId> {
    let all = [c.qualifier.1, c.change.1, c.status.1, c.basis.1, c.subject.1, c.place.1, c.period.1];
    all.into_iter().filter_map(|source| match source {
        Source::Rule(id) => Some(id),
        _ => None,
    })
}

/// The rules of the words of a quote: at each word the longest phrase, so that `km` does not fire inside `km vuông`.
fn words(sentence: &Sentence<'_>, quote: &Range<usize>) -> Vec<RuleId> {
    let is_word =
        |h: &Hit| matches!(h.class, Class::Numeral | Class::Scale | Class::Fraction | Class::Unit | Class::Counter | Class::Join | Class::Rank | Class::Per);
    let mut out = Vec::new();
    let mut at = quote.start;
    while at < quote.end {
        let inside = || sentence.at(at).iter().filter(|h| is_word(h) && h.end as usize <= quote.end);
        let end = inside().map(|h| h.end).max();
        out.extend(inside().filter(|h| Some(h.end) == end).map(|h| h.rule));
        at = end.map_or(at + 1, |end| (end as usize).max(at + 1));
    }
    out
}

/// The rules of a class whose phrases lie in a range of tokens.
fn of_class(sentence: &Sentence<'_>, range: Range<usize>, class: Class) -> impl Iterator<Item = RuleId> {
    range.clone().flat_map(move |t| sentence.at(t)).filter(move |h| h.class == class && h.end as usize <= range.end).map(|h| h.rule)
}

fn of_sentence(read: &Read<'_>, out: &mut BTreeSet<RuleId>) {
    let sentence = &read.sentence;
    out.extend(read.quantities.rejected.iter().filter_map(|r| match r.by {
        By::Rule(id) => Some(id),
        By::Check(_) => None,
    }));
    for period in &read.periods {
        out.insert(period.rule);
        out.extend(sentence.longest(period.tokens.start, Class::Opener).map(|h| h.rule));
    }
    out.extend(read.places.iter().map(|p| p.rule));
    for comparison in &read.comparisons.all {
        out.extend(sentence.longest(comparison.start, Class::Comparison).map(|h| h.rule));
    }
    if !read.quantities.figures.is_empty() {
        out.extend(sentence.hits().iter().filter(|h| !leaves_a_trace(h.class)).map(|h| h.rule));
    }
}

/// Is it told elsewhere whether a rule of the class took part?
fn leaves_a_trace(class: Class) -> bool {
    matches!(
        class,
        Class::Numeral
            | Class::Scale
            | Class::Fraction
            | Class::Unit
            | Class::Counter
            | Class::Join
            | Class::Rank
            | Class::Per
            | Class::Base
            | Class::Qualifier
            | Class::Change
            | Class::Status
            | Class::Comparison
            | Class::Exclusion
            | Class::Period
            | Class::Opener
            | Class::Dateline
            | Class::Place
            | Class::Level
            | Class::Here
            | Class::Check
            | Class::Indicator
    )
}
