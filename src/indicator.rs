//! Indicators: which known series a figure belongs to (to come).

use crate::context::Context;
use crate::quantity::Quantity;
use crate::rules::{RuleId, RuleSet};
use crate::sentence::Sentence;

#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub winner: Option<RuleId>,
    pub candidates: Vec<RuleId>,
}

pub fn choose(_rules: &RuleSet, _s: &Sentence<'_>, _q: &Quantity, _c: &Context) -> Choice {
    Choice::default()
}
