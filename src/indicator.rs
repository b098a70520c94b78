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

/// Chooses series, figure after figure. Figures next to each other often share subject, basis and sentence, so it keeps what
/// was found in the last of each.
pub struct Chooser<'r> {
    rules: &'r RuleSet,
    subject: Found,
    basis: Found,
    around: Option<Vec<Hit>>,
    tokens: Vec<Token>,
}

/// Phrases of indicators in a text.
#[derive(Default)]
struct Found {
    text: String,
    hits: Vec<Hit>,
}

impl Found {
    fn read(&mut self, rules: &RuleSet, lexicon: &Lexicon, text: &str, tokens: &mut Vec<Token>) {
        if self.text != text {
            phrases(rules, lexicon, text, tokens, &mut self.hits);
            text.clone_into(&mut self.text);
        }
    }

    fn has(&self, rule: RuleId, role: Role) -> bool {
        has(&self.hits, rule, role)
    }
}

fn has(hits: &[Hit], rule: RuleId, role: Role) -> bool {
    hits.iter().any(|h| h.rule == rule && h.role == role)
}

impl<'r> Chooser<'r> {
    pub fn new(rules: &'r RuleSet) -> Self {
        Self { rules, subject: Found::default(), basis: Found::default(), around: None, tokens: Vec::new() }
    }

    /// The figures that follow stand in another sentence.
    pub fn next_sentence(&mut self) {
        self.around = None;
    }

    /// Chooses the series of a figure.
    pub fn choose(&mut self, sentence: &Sentence<'_>, q: &Quantity, c: &Context) -> Choice {
        let Some(subject) = c.subject.0.as_deref() else { return Choice::default() };
        let rules = self.rules;
        self.subject.read(rules, &rules.indicators, subject, &mut self.tokens);
        if !self.subject.hits.iter().any(|h| h.role == Role::Match) {
            return Choice::default();
        }
        let basis = c.basis.0.as_deref().unwrap_or("");
        self.basis.read(rules, &rules.surroundings, basis, &mut self.tokens);
        let plan = q.kind == Kind::Percent && self.of_plan(basis);
        let mut matches: Vec<(usize, bool, RuleId)> = Vec::new();
        for hit in self.subject.hits.iter().filter(|h| h.role == Role::Match) {
            let Data::Indicator(indicator) = &rules.rule(hit.rule).data else { continue };
            let fits = fits(indicator, q, c, plan) && (!indicator.has_basis || self.basis.has(hit.rule, Role::Basis));
            if !fits || self.subject.has(hit.rule, Role::Unless) {
                continue;
            }
            let context = indicator.has_context && has(self.around.get_or_insert_with(|| in_sentence(rules, sentence)), hit.rule, Role::Context);
            if indicator.has_context && !context {
                continue;
            }
            matches.push((hit.len(), context, hit.rule));
        }
        decide(matches)
    }

    fn of_plan(&mut self, basis: &str) -> bool {
        let Some(plan) = self.rules.known.base_plan else { return false };
        let mut hits = Vec::new();
        phrases(self.rules, &self.rules.lexicon, basis, &mut self.tokens, &mut hits);
        hits.iter().any(|h| h.class == Class::Base && h.rule == plan)
    }
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
    if indicator.units.iter().any(|u| **u == *unit) {
        return true;
    }
    let unit = fold(unit);
    let extends = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with([' ', ',']));
    indicator.units.iter().any(|u| **u == *unit || extends(u, &unit) || extends(&unit, u))
}

fn phrases(rules: &RuleSet, lexicon: &Lexicon, text: &str, tokens: &mut Vec<Token>, hits: &mut Vec<Hit>) {
    tokens.clear();
    tokenize(text, Span::new(0, text.len()), &rules.vocabulary, tokens);
    lexicon.find(text, tokens, hits);
}

fn in_sentence(rules: &RuleSet, sentence: &Sentence<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    rules.surroundings.find(sentence.text, &sentence.tokens, &mut hits);
    hits
}
