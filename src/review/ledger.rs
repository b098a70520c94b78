//! The ledger: what reviewers have said of the items of a queue, kept up with the log of the store.
//!
//! In: decisions, in the order of the log. Out: the state of each item for each reviewer, who disagrees, and which decision is the next
//! to be taken back. Never: a decision on an item that is not of this queue.

use crate::store::{Decision, Standing, Verdict, stands};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What an item is for one reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing is said of it, or only a note.
    Open,
    Accepted,
    /// Accepted with other fields.
    Corrected,
    Rejected,
    Skipped,
    /// Reviewers say different things of it, whoever asks.
    Disputed,
}

impl State {
    pub const ALL: [Self; 6] = [Self::Open, Self::Accepted, Self::Corrected, Self::Rejected, Self::Skipped, Self::Disputed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Corrected => "corrected",
            Self::Rejected => "rejected",
            Self::Skipped => "skipped",
            Self::Disputed => "disputed",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    fn of(standing: &Standing) -> Self {
        let judgement = &standing.judgement;
        match judgement.verdict {
            Some(Verdict::Reject) => Self::Rejected,
            Some(Verdict::Skip) => Self::Skipped,
            Some(Verdict::Accept | Verdict::Edit) if !judgement.fields.is_empty() => Self::Corrected,
            Some(Verdict::Accept | Verdict::Edit) => Self::Accepted,
            _ => Self::Open,
        }
    }
}

/// What one reviewer said of one item.
#[derive(Debug, Default)]
struct Said {
    /// Without what was taken back, and without the records that were judged.
    stack: Vec<Decision>,
    standing: Option<Standing>,
}

#[derive(Debug, Default)]
pub struct Ledger {
    said: FxHashMap<u64, BTreeMap<String, Said>>,
    /// By reviewer: decisions that can be taken back, with their items, in the order of the log.
    order: BTreeMap<String, Vec<(i64, u64)>>,
    disputed: FxHashSet<u64>,
    /// The last decision of the log that is in here.
    pub last: i64,
}

impl Ledger {
    /// Takes in a decision; one on an item of another queue only moves the place in the log.
    pub fn add(&mut self, mut decision: Decision, of_queue: impl Fn(u64) -> bool) {
        self.last = self.last.max(decision.decision);
        let Some(item) = super::query::key(&decision.said.item).filter(|key| of_queue(*key)) else { return };
        decision.said.judged = None;
        let order = self.order.entry(decision.said.reviewer.clone()).or_default();
        let by_reviewer = self.said.entry(item).or_default();
        let said = by_reviewer.entry(decision.said.reviewer.clone()).or_default();
        if decision.said.verdict == Verdict::Undo {
            let gone = said.stack.pop().map(|d| d.decision);
            order.retain(|(d, _)| Some(*d) != gone);
        } else {
            order.push((decision.decision, item));
            said.stack.push(decision);
        }
        said.standing = stands(&said.stack);
        if disputed(by_reviewer) {
            self.disputed.insert(item)
        } else {
            self.disputed.remove(&item)
        };
    }

    pub fn state(&self, item: u64, reviewer: &str) -> State {
        self.standing(item, reviewer).map_or(State::Open, State::of)
    }

    pub fn has(&self, item: u64, reviewer: &str, wanted: State) -> bool {
        if wanted == State::Disputed { self.disputed.contains(&item) } else { self.state(item, reviewer) == wanted }
    }

    pub fn standing(&self, item: u64, reviewer: &str) -> Option<&Standing> {
        self.said.get(&item)?.get(reviewer)?.standing.as_ref()
    }

    /// What all reviewers said of an item that stands, by their names.
    pub fn standings(&self, item: u64) -> Vec<(&Standing, State)> {
        self.said.get(&item).into_iter().flatten().filter_map(|(_, said)| said.standing.as_ref()).map(|s| (s, State::of(s))).collect()
    }

    pub fn disputed(&self) -> usize {
        self.disputed.len()
    }

    /// A reviewer's last decision that stands, with all that were made with it at once, if `bulks` tells of some; the last first.
    pub fn undoable(&self, reviewer: &str, bulk: impl Fn(i64) -> Option<[i64; 2]>) -> Vec<(u64, Decision)> {
        let Some(order) = self.order.get(reviewer) else { return Vec::new() };
        let Some((last, _)) = order.last() else { return Vec::new() };
        let first = bulk(*last).map_or(*last, |[first, _]| first);
        let group = order.iter().rev().take_while(|(decision, _)| *decision >= first);
        // Of an item whose last word is another one, an undo would take back that.
        let top = |(decision, item): &(i64, u64)| {
            let said = self.said.get(item)?.get(reviewer)?;
            said.stack.last().filter(|d| d.decision == *decision).map(|d| (*item, d.clone()))
        };
        group.filter_map(top).collect()
    }

    /// Corrections that stand, of one reviewer.
    pub fn corrections(&self, item: u64, reviewer: &str) -> Map<String, Value> {
        self.standing(item, reviewer).map(|s| s.judgement.fields.clone()).unwrap_or_default()
    }
}

/// As [`crate::store::Store::disagreements`] tells it: to skip is to say nothing.
fn disputed(by_reviewer: &BTreeMap<String, Said>) -> bool {
    let said = by_reviewer.values().filter_map(|said| said.standing.as_ref()).map(|s| (State::of(s), &s.judgement.fields));
    let opinions: Vec<_> = said.filter(|(state, _)| matches!(state, State::Accepted | State::Corrected | State::Rejected)).collect();
    opinions.windows(2).any(|two| two[0] != two[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::NewDecision;

    fn decision(number: i64, reviewer: &str, item: &str, verdict: Verdict) -> Decision {
        let fields = (verdict == Verdict::Edit).then(|| Map::from_iter([("unit".to_owned(), "hộ".into())]));
        let (reviewer, item) = (reviewer.to_owned(), item.repeat(16));
        let said = NewDecision { reviewer, item, record: "r".into(), document: None, removal: false, verdict, fields, note: None, judged: None };
        Decision { decision: number, time: String::new(), said }
    }

    fn ledger(all: &[(&str, &str, Verdict)]) -> Ledger {
        let mut ledger = Ledger::default();
        for (number, (reviewer, item, verdict)) in (1..).zip(all) {
            ledger.add(decision(number, reviewer, item, *verdict), |_| true);
        }
        ledger
    }

    const A: u64 = 0xaaaa_aaaa_aaaa_aaaa;
    const B: u64 = 0xbbbb_bbbb_bbbb_bbbb;

    #[test]
    fn the_last_word_counts_and_an_undo_brings_back_the_one_before() {
        let mut ledger = ledger(&[("an", "a", Verdict::Accept), ("an", "a", Verdict::Reject)]);
        assert_eq!((ledger.state(A, "an"), ledger.state(A, "bình"), ledger.state(B, "an")), (State::Rejected, State::Open, State::Open));
        ledger.add(decision(3, "an", "a", Verdict::Undo), |_| true);
        assert_eq!(ledger.state(A, "an"), State::Accepted);
        ledger.add(decision(4, "an", "a", Verdict::Undo), |_| true);
        ledger.add(decision(5, "an", "a", Verdict::Undo), |_| true);
        assert_eq!((ledger.state(A, "an"), ledger.last, ledger.undoable("an", |_| None).len()), (State::Open, 5, 0));
    }

    #[test]
    fn decisions_are_taken_back_from_the_last_and_those_at_once_together() {
        let ledger = ledger(&[("an", "a", Verdict::Accept), ("bình", "a", Verdict::Accept), ("an", "b", Verdict::Skip)]);
        let items = |bulk: Option<[i64; 2]>| ledger.undoable("an", |_| bulk).into_iter().map(|(item, _)| item).collect::<Vec<_>>();
        assert_eq!((items(None), items(Some([1, 3]))), (vec![B], vec![B, A]));
    }

    #[test]
    fn to_skip_is_no_opinion_and_to_correct_is_another_one() {
        assert_eq!(ledger(&[("an", "a", Verdict::Accept), ("bình", "a", Verdict::Skip)]).disputed(), 0);
        assert_eq!(ledger(&[("an", "a", Verdict::Edit), ("bình", "a", Verdict::Edit)]).disputed(), 0);
        let ledger = ledger(&[("an", "a", Verdict::Accept), ("bình", "a", Verdict::Edit)]);
        assert!(ledger.has(A, "cúc", State::Disputed) && !ledger.has(B, "cúc", State::Disputed));
    }

    #[test]
    fn items_of_other_queues_are_passed_over() {
        let mut ledger = Ledger::default();
        ledger.add(decision(7, "an", "a", Verdict::Accept), |_| false);
        assert_eq!((ledger.last, ledger.said.len()), (7, 0));
    }
}
