//! All phrases of the rules in one trie over symbols, walked once per sentence.
//!
//! In: flat rows of symbols, each with the class, role and rule it stands for. Out: hits of a token row, by start.
//! Never: a choice between hits; the rooms that ask choose.

use super::phrase::{Item, Slot};
use super::{Class, Classes, Cue, Cues, RuleId};
use crate::text::{Flags, Kind, Sym, Token, Vocabulary};
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// What the key of a phrase list says about it (`forms`, `before`, `match` …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Form,
    Before,
    After,
    Match,
    Unless,
    Context,
    Basis,
}

/// One row of the lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub class: Class,
    pub role: Role,
    pub rule: RuleId,
    /// Slots with their place in the row.
    pub slots: Box<[(u8, Slot)]>,
}

/// A phrase found in a token row: tokens `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub start: u32,
    pub end: u32,
    pub entry: u32,
    pub class: Class,
    pub role: Role,
    /// The part of a cue, so that no room must look at the rule for it.
    pub cue: Option<Cue>,
    pub rule: RuleId,
}

impl Hit {
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

const SLOT_BASE: Sym = 0xFFFF_FF00;
/// The bit of the gap among the slots of a node.
const GAP_BIT: u16 = 1 << 15;
const GAP: Sym = 0xFFFF_FFFF;
/// How many words `...` may stand for.
const GAP_WORDS: usize = 5;

/// A node of the frozen trie. Small, since walking is mostly waiting for memory.
#[derive(Debug, Default, Clone, Copy)]
struct Node {
    /// The first of its edges in [`Lexicon::table`], and how many.
    edges: u32,
    /// A bit for each symbol of an edge, by its last six bits: most words go on nowhere.
    mask: u64,
    edge_count: u16,
    /// Which slots have an edge from here, a bit each; bit 15: a gap.
    slots: u16,
    /// Its place in [`Lexicon::ends`]; 0 where no row ends.
    ends: u32,
}

/// The rows that end at a node.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    /// The first of them in [`Lexicon::hits`], and how many.
    first: u32,
    count: u32,
    classes: Classes,
    cues: Cues,
}

/// The hits of one row of tokens.
pub struct Found<'l> {
    pub start: usize,
    pub end: usize,
    pub classes: Classes,
    pub cues: Cues,
    hits: &'l [Hit],
}

impl<'l> Found<'l> {
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    pub fn hits(&self) -> impl ExactSizeIterator<Item = Hit> + use<'l> {
        let (start, end) = (self.start as u32, self.end as u32);
        self.hits.iter().map(move |h| Hit { start, end, ..*h })
    }
}

/// A token row that is walked, with the slots that each token fits.
struct Walk<'a> {
    tokens: &'a [Token],
    slots: &'a [u16],
}

/// The trie.
#[derive(Debug, Clone)]
pub struct Lexicon {
    nodes: Vec<Node>,
    /// While growing: edges by node and symbol.
    edges: FxHashMap<u64, u32>,
    /// While growing: the rows that end at each node.
    rows: Vec<Vec<u32>>,
    /// When frozen: the edges of all nodes, those of one node sorted by symbol.
    table: Vec<(Sym, u32)>,
    /// When frozen: of each node where rows end. The first is of none.
    ends: Vec<Ends>,
    /// When frozen: a hit for each row, those of one node together; without tokens.
    hits: Vec<Hit>,
    /// Edges of the root by symbol.
    roots: Vec<u32>,
    entries: Vec<Entry>,
    /// Values of one-word numerals, by symbol.
    small: Vec<u16>,
    /// The slots that these fit.
    small_slots: Vec<u16>,
    /// Slots that some row has.
    used_slots: u16,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
            edges: FxHashMap::default(),
            rows: vec![Vec::new()],
            table: Vec::new(),
            ends: vec![Ends::default()],
            hits: Vec::new(),
            roots: Vec::new(),
            entries: Vec::new(),
            small: Vec::new(),
            small_slots: Vec::new(),
            used_slots: 0,
        }
    }
}

fn key(node: u32, sym: Sym) -> u64 {
    u64::from(node) << 32 | u64::from(sym)
}

impl Lexicon {
    /// Adds one row.
    pub fn add(&mut self, row: &[Item], vocabulary: &mut Vocabulary, class: Class, role: Role, rule: RuleId) {
        let mut node = 0;
        let mut slots = Vec::new();
        for (i, item) in row.iter().enumerate() {
            let sym = match item {
                Item::Text(word) => vocabulary.intern(word),
                Item::Slot(slot) => {
                    slots.push((i as u8, *slot));
                    self.nodes[node as usize].slots |= 1 << *slot as u16;
                    self.used_slots |= 1 << *slot as u16;
                    SLOT_BASE + *slot as Sym
                }
                Item::Gap => {
                    self.nodes[node as usize].slots |= GAP_BIT;
                    GAP
                }
            };
            node = self.step_or_grow(node, sym);
        }
        let entry = Entry { class, role, rule, slots: slots.into_boxed_slice() };
        let rows = &mut self.rows[node as usize];
        if !rows.iter().any(|&e| self.entries[e as usize] == entry) {
            rows.push(self.entries.len() as u32);
            self.entries.push(entry);
        }
    }

    fn step_or_grow(&mut self, node: u32, sym: Sym) -> u32 {
        if let Some(next) = self.step(node, sym) {
            return next;
        }
        let next = self.nodes.len() as u32;
        self.nodes.push(Node::default());
        self.rows.push(Vec::new());
        if node == 0 && sym < SLOT_BASE {
            if self.roots.len() <= sym as usize {
                self.roots.resize(sym as usize + 1, 0);
            }
            self.roots[sym as usize] = next;
        } else {
            self.edges.insert(key(node, sym), next);
        }
        next
    }

    fn step(&self, node: u32, sym: Sym) -> Option<u32> {
        if node == 0 && sym < SLOT_BASE {
            return self.roots.get(sym as usize).copied().filter(|&n| n != 0);
        }
        self.edges.get(&key(node, sym)).copied()
    }

    /// Lays edges and rows out for walking, with the cues that rules are. No row can be added behind it.
    ///
    /// # Panics
    /// When a node has more than 65,535 edges; there are not so many words.
    pub fn freeze(&mut self, cue: impl Fn(RuleId) -> Option<Cue>) {
        let count = |n: usize| u16::try_from(n).expect("fewer edges than words");
        let mut edges: Vec<(u32, Sym, u32)> = self.edges.drain().map(|(k, to)| ((k >> 32) as u32, k as u32, to)).collect();
        edges.sort_unstable();
        self.table = edges.iter().map(|&(_, sym, to)| (sym, to)).collect();
        let mut start = 0;
        for of_node in edges.chunk_by(|a, b| a.0 == b.0) {
            let node = &mut self.nodes[of_node[0].0 as usize];
            (node.edges, node.edge_count) = (start, count(of_node.len()));
            node.mask = of_node.iter().fold(0, |mask, &(_, sym, _)| mask | 1 << (sym % 64));
            start += of_node.len() as u32;
        }
        let rows = std::mem::take(&mut self.rows);
        for (node, rows) in self.nodes.iter_mut().zip(rows).filter(|(_, rows)| !rows.is_empty()) {
            let mut ends = Ends { first: self.hits.len() as u32, count: rows.len() as u32, ..Ends::default() };
            for entry in rows {
                let Entry { class, role, rule, .. } = self.entries[entry as usize];
                let cue = cue(rule).filter(|_| class == Class::Cue);
                self.hits.push(Hit { start: 0, end: 0, entry, class, role, cue, rule });
                ends.classes.add(class);
                cue.into_iter().for_each(|cue| ends.cues.add(cue));
            }
            node.ends = self.ends.len() as u32;
            self.ends.push(ends);
        }
    }

    #[inline]
    fn next(&self, node: &Node, sym: Sym) -> Option<u32> {
        let row = &self.table[node.edges as usize..][..node.edge_count as usize];
        if row.len() <= 8 {
            return row.iter().find(|e| e.0 == sym).map(|e| e.1);
        }
        row.binary_search_by_key(&sym, |e| e.0).ok().map(|i| row[i].1)
    }

    /// Tells which symbols are numerals of one word.
    pub fn set_small(&mut self, values: impl IntoIterator<Item = (Sym, u16)>) {
        for (sym, value) in values {
            if self.small.len() <= sym as usize {
                self.small.resize(sym as usize + 1, u16::MAX);
                self.small_slots.resize(sym as usize + 1, bit(Slot::Word));
            }
            self.small[sym as usize] = value;
            self.small_slots[sym as usize] = bit(Slot::Word) | bit(Slot::Small) | if (1..=12).contains(&value) { bit(Slot::Month) } else { 0 };
        }
    }

    pub fn entry(&self, hit: &Hit) -> &Entry {
        &self.entries[hit.entry as usize]
    }

    /// All hits of a token row, by start, then by length. Clears `out` first.
    pub fn find(&self, text: &str, tokens: &[Token], out: &mut Vec<Hit>) {
        self.find_from(text, tokens, |_| true, out);
    }

    /// As [`Lexicon::find`], of hits that start at a token that `begins` accepts.
    pub fn find_from(&self, text: &str, tokens: &[Token], begins: impl Fn(&Token) -> bool, out: &mut Vec<Hit>) {
        out.clear();
        self.visit(text, tokens, begins, &mut |found| out.extend(found.hits()));
    }

    /// Hits that start at the first token, by length.
    pub fn find_at_start(&self, text: &str, tokens: &[Token]) -> SmallVec<[Hit; 8]> {
        let mut out = SmallVec::new();
        self.visit_at(text, tokens, 0..tokens.len().min(1), |_| true, &mut |found| out.extend(found.hits()));
        out
    }

    /// Shows all hits that start at a token that `begins` accepts, by start, then by length.
    pub fn visit(&self, text: &str, tokens: &[Token], begins: impl Fn(&Token) -> bool, see: &mut impl FnMut(Found<'_>)) {
        self.visit_at(text, tokens, 0..tokens.len(), begins, see);
    }

    fn visit_at(&self, text: &str, tokens: &[Token], starts: Range<usize>, begins: impl Fn(&Token) -> bool, see: &mut impl FnMut(Found<'_>)) {
        let slots: SmallVec<[u16; 64]> =
            if self.used_slots == 0 { smallvec![0; tokens.len()] } else { tokens.iter().map(|t| self.slots_of(text, t)).collect() };
        let walk = Walk { tokens, slots: &slots };
        let root = &self.nodes[0];
        for start in starts {
            let token = &tokens[start];
            if !begins(token) {
                continue;
            }
            let fitting = root.slots & slots[start];
            if fitting != 0 {
                self.branch(&walk, start, start, root, fitting, see);
            }
            if let Some(&node) = self.roots.get(token.sym as usize).filter(|&&n| n != 0) {
                self.walk(&walk, start, start + 1, node, see);
            }
        }
    }

    fn walk(&self, walk: &Walk<'_>, start: usize, mut at: usize, mut node: u32, see: &mut impl FnMut(Found<'_>)) {
        loop {
            let here = &self.nodes[node as usize];
            if here.ends != 0 {
                let Ends { first, count, classes, cues } = self.ends[here.ends as usize];
                see(Found { start, end: at, classes, cues, hits: &self.hits[first as usize..][..count as usize] });
            }
            let Some(token) = walk.tokens.get(at) else { return };
            let fitting = here.slots & (walk.slots[at] | GAP_BIT);
            if fitting != 0 {
                self.branch(walk, start, at, here, fitting, see);
            }
            if here.mask & 1 << (token.sym % 64) == 0 || token.sym == 0 {
                return;
            }
            match self.next(here, token.sym) {
                Some(next) => node = next,
                None => return,
            }
            at += 1;
        }
    }

    /// Goes on through the slots and gaps of a node.
    fn branch(&self, walk: &Walk<'_>, start: usize, at: usize, node: &Node, fitting: u16, see: &mut impl FnMut(Found<'_>)) {
        let mut rest = fitting & !GAP_BIT;
        while rest != 0 {
            let slot = rest.trailing_zeros();
            rest &= rest - 1;
            if let Some(next) = self.next(node, SLOT_BASE + slot) {
                self.walk(walk, start, at + 1, next, see);
            }
        }
        if fitting & GAP_BIT != 0
            && let Some(next) = self.next(node, GAP)
        {
            for skip in 0..=GAP_WORDS.min(walk.tokens.len() - at) {
                self.walk(walk, start, at + skip, next, see);
            }
        }
    }

    /// Which slots a token fits, a bit each: those for which [`Lexicon::slot_value`] gives a value.
    #[inline]
    fn slots_of(&self, text: &str, token: &Token) -> u16 {
        let bits = match token.kind {
            Kind::Mark => 0,
            Kind::Number => number_slots(token.bytes(text)),
            Kind::Word if token.is_capital() => self.word_slots(token) | capital_slots(token, text),
            Kind::Word => self.word_slots(token),
        };
        bits & self.used_slots
    }

    #[inline]
    fn word_slots(&self, token: &Token) -> u16 {
        self.small_slots.get(token.sym as usize).copied().unwrap_or(bit(Slot::Word))
    }

    /// The value that a token has for a slot, when it fits.
    pub fn slot_value(&self, slot: Slot, text: &str, token: &Token) -> Option<u32> {
        let word = token.text(text);
        if token.kind == Kind::Number {
            return number_value(slot, word);
        }
        if token.kind == Kind::Mark {
            return None;
        }
        match slot {
            Slot::Small | Slot::Month => {
                let value = *self.small.get(token.sym as usize)?;
                (value != u16::MAX && (slot == Slot::Small || (1..=12).contains(&value))).then_some(u32::from(value))
            }
            Slot::Quarter => roman(word).filter(|&v| v <= 4),
            Slot::Roman => roman(word),
            Slot::Word => Some(0),
            Slot::Caps => word.chars().all(char::is_uppercase).then_some(0),
            _ => None,
        }
    }
}

/// The bit of a slot.
const fn bit(slot: Slot) -> u16 {
    1 << slot as u16
}

/// The slots that a number fits.
fn number_slots(word: &[u8]) -> u16 {
    const SHORT: u16 = bit(Slot::Number) | bit(Slot::Small);
    let digit = |i: usize| word[i].wrapping_sub(b'0');
    let when = |fits: bool, slot: Slot| if fits { bit(slot) } else { 0 };
    match word.len() {
        1 => SHORT | when(digit(0) > 0, Slot::Day) | when(digit(0) > 0, Slot::Month) | when((1..=4).contains(&digit(0)), Slot::Quarter),
        2 => {
            let value = 10 * digit(0) + digit(1);
            SHORT | bit(Slot::ShortYear) | when((1..=31).contains(&value), Slot::Day) | when((1..=12).contains(&value), Slot::Month)
        }
        3..8 => {
            let sign = word.iter().position(|b| !b.is_ascii_digit());
            bit(Slot::Number)
                | match (word.len(), sign) {
                    (3, None) => bit(Slot::Small),
                    (4, None) => when((*b"1900"..=*b"2100").contains(&[word[0], word[1], word[2], word[3]]), Slot::Year),
                    (_, Some(_)) => dotted_slots(word),
                    _ => 0,
                }
        }
        _ => bit(Slot::Number),
    }
}

fn dotted_slots(word: &[u8]) -> u16 {
    let fits = |slot: Slot| std::str::from_utf8(word).ok().and_then(|w| number_value(slot, w)).is_some();
    [Slot::DayMonth, Slot::MonthYear].into_iter().filter(|&s| fits(s)).fold(0, |bits, s| bits | bit(s))
}

/// The slots that a word with a capital fits, beside those of its small letters.
fn capital_slots(token: &Token, text: &str) -> u16 {
    let word = token.text(text);
    let mut bits = 0;
    if let Some(value) = roman(word) {
        bits |= bit(Slot::Roman) | if value <= 4 { bit(Slot::Quarter) } else { 0 };
    }
    if (token.flags.has(Flags::UPPER) || word.chars().nth(1).is_none()) && word.chars().all(char::is_uppercase) {
        bits |= bit(Slot::Caps);
    }
    bits
}

fn number_value(slot: Slot, word: &str) -> Option<u32> {
    let plain = || word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse::<u32>().ok()).flatten();
    let within = |low: u32, high: u32, digits: usize| plain().filter(|v| (low..=high).contains(v) && word.len() <= digits);
    match slot {
        Slot::Day => within(1, 31, 2),
        Slot::Month => within(1, 12, 2),
        Slot::Year => within(1900, 2100, 4),
        Slot::ShortYear => within(0, 99, 2).filter(|_| word.len() == 2),
        Slot::Small => within(0, 999, 3),
        Slot::Quarter => within(1, 4, 1),
        Slot::Number => Some(0),
        Slot::DayMonth => split(word).filter(|&(d, m)| (1..=31).contains(&d) && (1..=12).contains(&m)).map(|(d, m)| d * 100 + m),
        Slot::MonthYear => split(word).filter(|&(m, y)| (1..=12).contains(&m) && (1900..=2100).contains(&y)).map(|(m, y)| m * 10_000 + y),
        Slot::Roman | Slot::Word | Slot::Caps => None,
    }
}

fn split(word: &str) -> Option<(u32, u32)> {
    let (a, b) = word.split_once('.')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}

/// The value of a Roman numeral up to 39 in capital letters.
fn roman(word: &str) -> Option<u32> {
    let value = |b: &u8| match b {
        b'I' => Some(1),
        b'V' => Some(5),
        b'X' => Some(10),
        _ => None,
    };
    let digits = word.as_bytes();
    if digits.len() > 7 {
        return None;
    }
    let mut total = 0;
    for (i, digit) in digits.iter().enumerate() {
        let (one, next) = (value(digit)?, digits.get(i + 1).and_then(value).unwrap_or(0));
        total += if next > one { -one } else { one };
    }
    u32::try_from(total).ok().filter(|t| (1..40).contains(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals() {
        assert_eq!([roman("IV"), roman("XIII"), roman("II"), roman("A"), roman("iv")], [Some(4), Some(13), Some(2), None, None]);
    }

    #[test]
    fn slots_check_their_range() {
        assert_eq!(number_value(Slot::Day, "31"), Some(31));
        assert_eq!(number_value(Slot::Day, "32"), None);
        assert_eq!(number_value(Slot::Year, "5813"), None);
        assert_eq!(number_value(Slot::DayMonth, "16.5"), Some(1605));
    }
}
