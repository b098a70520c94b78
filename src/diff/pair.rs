//! Which records belong together, and why.
//!
//! In: the entries of two sides. Out: pairs that differ, with class and reason, and the number of equal ones. Stage after stage takes
//! what the ones before have left; within a stage records are paired in the order of the text. Never: a choice that depends on the
//! order of the input, on chance, or on which side is the new one.

use super::class::{Class, Reason};
use super::entry::{At, Entry};
use super::side::{Side, SideError};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// An item, by where its records are.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub class: Class,
    pub reason: Option<Reason>,
    pub old: Option<At>,
    pub new: Option<At>,
    document: u64,
    start: u32,
}

/// What no stage has taken yet.
struct Left {
    olds: Vec<Entry>,
    news: Vec<Entry>,
    pairs: Vec<Pair>,
    same: usize,
}

/// How a stage pairs records of one key.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// The first with the first, in the order of the text.
    InOrder,
    /// Only where each side has one.
    Alone,
}

/// Pairs two sides.
///
/// # Errors
/// When an id occurs twice on one side, or a side cannot be read again.
pub fn pairs(mut olds: Vec<Entry>, mut news: Vec<Entry>, old: &Side, new: &Side) -> Result<(Vec<Pair>, usize), SideError> {
    rayon::join(|| olds.par_sort_unstable_by_key(|e| e.id), || news.par_sort_unstable_by_key(|e| e.id));
    unique(&olds, old)?;
    unique(&news, new)?;
    let mut left = Left { olds: Vec::new(), news: Vec::new(), pairs: Vec::new(), same: 0 };
    left.by_id(olds, news);
    left.overlapping(old, new)?;
    left.stage(Reason::Moved, How::InOrder, |e| mix(e.document, e.same));
    left.stage(Reason::Moved, How::InOrder, |e| e.alike);
    left.stage(Reason::Series, How::InOrder, |e| e.series);
    left.stage(Reason::Series, How::InOrder, |e| e.time);
    left.stage(Reason::Subject, How::InOrder, |e| e.subject);
    left.stage(Reason::Document, How::Alone, |e| mix(mix(u64::from(e.span[0]), u64::from(e.span[1])), e.same));
    left.stage(Reason::Document, How::Alone, |e| e.same);
    Ok(left.finish())
}

/// Refuses a side on which two records have one id.
fn unique(entries: &[Entry], side: &Side) -> Result<(), SideError> {
    let repeated: Vec<&[Entry]> = entries.chunk_by(|a, b| a.id == b.id).filter(|chunk| chunk.len() > 1).collect();
    let Some(first) = repeated.first() else { return Ok(()) };
    let shown = side.read(first[0].at)?;
    let records = repeated.iter().map(|chunk| chunk.len()).sum();
    Err(SideError::Repeated { side: side.name().to_owned(), records, ids: repeated.len(), first: shown.record.id, document: shown.record.document })
}

impl Left {
    /// Merges the two sides, which are sorted by id.
    fn by_id(&mut self, olds: Vec<Entry>, news: Vec<Entry>) {
        let (mut olds, mut news) = (olds.into_iter().peekable(), news.into_iter().peekable());
        loop {
            match (olds.peek(), news.peek()) {
                (Some(old), Some(new)) if old.id == new.id => {
                    let (old, new) = (*old, *new);
                    self.pair(old, new, Reason::Id);
                    olds.next();
                    news.next();
                }
                (Some(old), new) if new.is_none_or(|new| old.id < new.id) => self.olds.extend(olds.next()),
                (_, Some(_)) => self.news.extend(news.next()),
                (_, None) => return,
            }
        }
    }

    fn pair(&mut self, old: Entry, new: Entry, reason: Reason) {
        let Some(class) = old.class(&new) else {
            self.same += 1;
            return;
        };
        self.pairs.push(Pair { class, reason: Some(reason), old: Some(old.at), new: Some(new.at), document: new.document, start: new.span[0] });
    }

    /// Pairs what has the same key.
    fn stage(&mut self, reason: Reason, how: How, key: impl Fn(&Entry) -> u64 + Sync) {
        if self.olds.is_empty() || self.news.is_empty() {
            return;
        }
        let sort = |entries: &mut Vec<Entry>| entries.par_sort_unstable_by_key(|e| (key(e), e.document, e.span, e.id));
        rayon::join(|| sort(&mut self.olds), || sort(&mut self.news));
        let (olds, news) = (std::mem::take(&mut self.olds), std::mem::take(&mut self.news));
        let mut rest = news.as_slice();
        for group in olds.chunk_by(|a, b| key(a) == key(b)) {
            let wanted = key(&group[0]);
            let before = rest.partition_point(|e| key(e) < wanted);
            self.news.extend_from_slice(&rest[..before]);
            rest = &rest[before..];
            let (with, behind) = rest.split_at(rest.partition_point(|e| key(e) == wanted));
            rest = behind;
            self.group(group, with, reason, how, wanted);
        }
        self.news.extend_from_slice(rest);
    }

    fn group(&mut self, olds: &[Entry], news: &[Entry], reason: Reason, how: How, key: u64) {
        let fits = key != 0 && (how == How::InOrder || olds.len() == 1 && news.len() == 1);
        let count = if fits { olds.len().min(news.len()) } else { 0 };
        for (old, new) in olds.iter().zip(news).take(count) {
            self.pair(*old, *new, reason);
        }
        self.olds.extend_from_slice(&olds[count..]);
        self.news.extend_from_slice(&news[count..]);
    }

    /// Pairs figures whose quotes stand at the same place, one within the other: another rule took more or fewer words.
    fn overlapping(&mut self, old: &Side, new: &Side) -> Result<(), SideError> {
        let sort = |entries: &mut Vec<Entry>| entries.par_sort_unstable_by_key(|e| (e.document, e.span, e.id));
        sort(&mut self.olds);
        sort(&mut self.news);
        let mut meets = meets(&self.olds, &self.news);
        let common = |a: &Entry, b: &Entry| a.span[1].min(b.span[1]) - a.span[0].max(b.span[0]);
        // The larger part in common first; no side comes before the other.
        meets.sort_unstable_by_key(|&(o, n)| {
            let (a, b) = (&self.olds[o], &self.news[n]);
            (Reverse(common(a, b)), a.document, a.span.min(b.span), a.span.max(b.span), a.id.min(b.id))
        });
        let (mut old_taken, mut new_taken) = (vec![false; self.olds.len()], vec![false; self.news.len()]);
        for (o, n) in meets {
            let (a, b) = (self.olds[o], self.news[n]);
            if old_taken[o] || new_taken[n] || !within(old, a.at, new, b.at)? {
                continue;
            }
            (old_taken[o], new_taken[n]) = (true, true);
            self.pair(a, b, Reason::Overlap);
        }
        let mut taken = old_taken.into_iter();
        self.olds.retain(|_| !taken.next().unwrap_or(false));
        let mut taken = new_taken.into_iter();
        self.news.retain(|_| !taken.next().unwrap_or(false));
        Ok(())
    }

    /// What is left came or went.
    fn finish(mut self) -> (Vec<Pair>, usize) {
        for e in &self.olds {
            self.pairs.push(Pair { class: Class::Removed, reason: None, old: Some(e.at), new: None, document: e.document, start: e.span[0] });
        }
        for e in &self.news {
            self.pairs.push(Pair { class: Class::Added, reason: None, old: None, new: Some(e.at), document: e.document, start: e.span[0] });
        }
        sort(&mut self.pairs);
        (self.pairs, self.same)
    }
}

/// In the order of the new side's documents, then of the old side's, and of the figures in them.
fn sort(pairs: &mut [Pair]) {
    let mut documents: FxHashMap<u64, (bool, At)> = FxHashMap::default();
    for pair in pairs.iter() {
        let Some(here) = pair.new.map(|at| (false, at)).or(pair.old.map(|at| (true, at))) else { continue };
        documents.entry(pair.document).and_modify(|first| *first = here.min(*first)).or_insert(here);
    }
    pairs.par_sort_unstable_by_key(|p| (documents.get(&p.document).copied(), p.start, p.class, p.new, p.old));
}

/// Pairs of places of which the spans overlap. Both lists are sorted by document and span.
fn meets(olds: &[Entry], news: &[Entry]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut first = 0;
    for (o, old) in olds.iter().enumerate() {
        let passed = |new: &Entry| (new.document, new.span[1]) <= (old.document, old.span[0]);
        while news.get(first).is_some_and(passed) {
            first += 1;
        }
        let near = news[first..].iter().take_while(|new| new.document == old.document && new.span[0] < old.span[1]);
        out.extend(near.enumerate().filter(|(_, new)| new.span[1] > old.span[0]).map(|(i, _)| (o, first + i)));
    }
    out
}

/// Whether one quote is a part of the other, at the place where it stands.
fn within(old: &Side, a: At, new: &Side, b: At) -> Result<bool, SideError> {
    let (a, b) = (old.read(a)?.record, new.read(b)?.record);
    let (short, long) = if a.quote.len() <= b.quote.len() { (a, b) } else { (b, a) };
    let start = short.span.bytes[0].checked_sub(long.span.bytes[0]);
    Ok(start.and_then(|start| long.quote.get(start..)).is_some_and(|rest| rest.starts_with(&short.quote)))
}

fn mix(a: u64, b: u64) -> u64 {
    (a.rotate_left(32) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15).max(1)
}
