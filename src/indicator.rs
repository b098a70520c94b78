//! Indicators: which known series a figure belongs to.
//!
//! In: a figure in its context. Out: the one rule whose phrase is found in the subject, whose kind, unit, change, basis and sentence
//! fit, and whose phrase is longest; the others as candidates. Never: a guess when two rules match equally.

use crate::context::Context;
use crate::quantity::Quantity;
use crate::rules::{Class, Data, Hit, Indicator, Lexicon, Role, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::{Change, Kind};
use crate::text::{Span, Token, fold, tokenize};

/// The series of a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub winner: Option<RuleId>,
    /// All rules that match, longest phrase first; several of one length leave no winner.
    pub candidates: Vec<RuleId>,
}

/// Chooses the series of a figure.
pub fn choose(rules: &RuleSet, sentence: &Sentence<'_>, q: &Quantity, c: &Context) -> Choice {
    let Some(subject) = c.subject.0.as_deref() else { return Choice::default() };
    let found = phrases(rules, &rules.indicators, subject);
    if !found.iter().any(|h| h.role == Role::Match) {
        return Choice::default();
    }
    let basis = c.basis.0.as_deref().map_or_else(Vec::new, |b| phrases(rules, &rules.indicators, b));
    let plan = c.basis.0.as_deref().is_some_and(|b| of_plan(rules, b));
    let mut around = None;
    let mut matches: Vec<(usize, bool, RuleId)> = Vec::new();
    for hit in found.iter().filter(|h| h.role == Role::Match) {
        let Data::Indicator(indicator) = &rules.rule(hit.rule).data else { continue };
        let has = |hits: &[Hit], role| hits.iter().any(|h| h.rule == hit.rule && h.role == role);
        let excluded = has(&found, Role::Unless);
        let fits = fits(indicator, q, c, plan) && (!indicator.has_basis || has(&basis, Role::Basis));
        if excluded || !fits {
            continue;
        }
        let context = indicator.has_context && has(around.get_or_insert_with(|| in_sentence(rules, sentence)), Role::Context);
        if indicator.has_context && !context {
            continue;
        }
        matches.push((hit.len(), context, hit.rule));
    }
    decide(matches)
}

/// The longest phrase wins; of equal ones the rule whose context is there too; else none.
fn decide(mut matches: Vec<(usize, bool, RuleId)>) -> Choice {
    matches.sort_by_key(|&(len, context, rule)| (std::cmp::Reverse(len), std::cmp::Reverse(context), rule));
    let mut candidates: Vec<RuleId> = Vec::new();
    for &(.., rule) in &matches {
        if !candidates.contains(&rule) {
            candidates.push(rule);
        }
    }
    let winner = matches.first().filter(|first| !matches.iter().any(|m| m.2 != first.2 && (m.0, m.1) == (first.0, first.1))).map(|m| m.2);
    Choice { winner, candidates }
}

fn fits(indicator: &Indicator, q: &Quantity, c: &Context, plan: bool) -> bool {
    let kind = indicator.kinds.contains(&q.kind);
    let change = indicator.changes.is_empty() || indicator.changes.contains(&c.change.0);
    if !kind || !change || !has_unit(indicator, &q.unit) {
        return false;
    }
    let pure_share = indicator.units.iter().all(|u| matches!(&**u, "%" | "pp"));
    match q.kind {
        // A share of a series of amounts is its growth or its part of a plan, not another quantity.
        Kind::Percent if !pure_share => c.change.0 != Change::None || c.basis.0.is_some(),
        // A share of a plan is no value of a series of shares.
        Kind::Percent => !plan || indicator.has_basis,
        _ => true,
    }
}

/// One unit may extend the other: `đơn vị`, `đơn vị cấp huyện`.
fn has_unit(indicator: &Indicator, unit: &str) -> bool {
    let unit = fold(unit);
    let extends = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with([' ', ',']));
    indicator.units.iter().any(|u| **u == *unit || extends(u, &unit) || extends(&unit, u))
}

fn of_plan(rules: &RuleSet, basis: &str) -> bool {
    let plan = rules.known.base_plan;
    phrases(rules, &rules.lexicon, basis).iter().any(|h| h.class == Class::Base && Some(h.rule) == plan)
}

fn phrases(rules: &RuleSet, lexicon: &Lexicon, text: &str) -> Vec<Hit> {
    let mut tokens: Vec<Token> = Vec::with_capacity(16);
    tokenize(text, Span::new(0, text.len()), &rules.vocabulary, &mut tokens);
    let mut hits = Vec::new();
    lexicon.find(text, &tokens, &mut hits);
    hits
}

fn in_sentence(rules: &RuleSet, sentence: &Sentence<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    rules.indicators.find(sentence.text, &sentence.tokens, &mut hits);
    hits
}
