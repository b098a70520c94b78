//! Arithmetic checks between the figures of one document (to come).

use crate::extract::Analysis;
use crate::rules::RuleSet;

pub fn run(_rules: &RuleSet, analysis: &Analysis<'_>) -> Vec<Vec<String>> {
    analysis.findings.iter().map(|_| Vec::new()).collect()
}
