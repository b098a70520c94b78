//! All phrases of the rules in one trie over symbols, walked once per sentence.
//!
//! In: flat rows of symbols, each with the class, role and rule it stands for. Out: hits of a token row, by start.
//! Never: a choice between hits; the rooms that ask choose.

use super::phrase::{Item, Slot};
use super::{Class, RuleId};
use crate::text::{Kind, Sym, Token, Vocabulary};
use rustc_hash::FxHashMap;

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
/// Slots that a number can fill.
const NUMBER_SLOTS: u16 = 1 << Slot::Day as u16
    | 1 << Slot::Month as u16
    | 1 << Slot::Year as u16
    | 1 << Slot::ShortYear as u16
    | 1 << Slot::Small as u16
    | 1 << Slot::Quarter as u16
    | 1 << Slot::Number as u16
    | 1 << Slot::DayMonth as u16
    | 1 << Slot::MonthYear as u16;
const GAP: Sym = 0xFFFF_FFFF;
/// How many words `...` may stand for.
const GAP_WORDS: usize = 5;

#[derive(Debug, Default, Clone)]
struct Node {
    /// Which slots have an edge from here, a bit each; bit 15: a gap.
    slots: u16,
    entries: Vec<u32>,
    /// The node's edges in [`Lexicon::table`], when frozen.
    edges: (u32, u32),
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
    /// When frozen: the edges of all nodes, those of one node sorted by symbol.
    table: Vec<(Sym, u32)>,
    /// Edges of the root by symbol.
    roots: Vec<u32>,
    entries: Vec<Entry>,
    /// Values of one-word numerals, by symbol.
    small: Vec<u16>,
    /// Slots that some row has.
    used_slots: u16,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
            edges: FxHashMap::default(),
            table: Vec::new(),
            roots: Vec::new(),
            entries: Vec::new(),
            small: Vec::new(),
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
        let known = self.nodes[node as usize].entries.iter().any(|&e| self.entries[e as usize] == entry);
        if !known {
            self.nodes[node as usize].entries.push(self.entries.len() as u32);
            self.entries.push(entry);
        }
    }

    fn step_or_grow(&mut self, node: u32, sym: Sym) -> u32 {
        if let Some(next) = self.step(node, sym) {
            return next;
        }
        let next = self.nodes.len() as u32;
        self.nodes.push(Node::default());
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

    /// Lays the edges out for walking. No row can be added behind it.
    pub fn freeze(&mut self) {
        let mut edges: Vec<(u32, Sym, u32)> = self.edges.drain().map(|(k, to)| ((k >> 32) as u32, k as u32, to)).collect();
        edges.sort_unstable();
        self.table = edges.iter().map(|&(_, sym, to)| (sym, to)).collect();
        let mut start = 0;
        while start < edges.len() {
            let node = edges[start].0;
            let end = start + edges[start..].iter().take_while(|e| e.0 == node).count();
            self.nodes[node as usize].edges = (start as u32, end as u32);
            start = end;
        }
    }

    #[inline]
    fn next(&self, node: u32, sym: Sym) -> Option<u32> {
        if node == 0 && sym < SLOT_BASE {
            return self.roots.get(sym as usize).copied().filter(|&n| n != 0);
        }
        let (start, end) = self.nodes[node as usize].edges;
        let row = &self.table[start as usize..end as usize];
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
            }
            self.small[sym as usize] = value;
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
        let slots: Vec<u16> = if self.used_slots == 0 { vec![0; tokens.len()] } else { tokens.iter().map(|t| self.slots_of(text, t)).collect() };
        let walk = Walk { tokens, slots: &slots };
        for (start, token) in tokens.iter().enumerate() {
            if begins(token) && (token.sym != 0 || slots[start] != 0) {
                self.walk(&walk, start, start, 0, out);
            }
        }
    }

    fn walk(&self, walk: &Walk<'_>, start: usize, mut at: usize, mut node: u32, out: &mut Vec<Hit>) {
        loop {
            let here = &self.nodes[node as usize];
            for &entry in &here.entries {
                let e = &self.entries[entry as usize];
                out.push(Hit { start: start as u32, end: at as u32, entry, class: e.class, role: e.role, rule: e.rule });
            }
            let Some(token) = walk.tokens.get(at) else { return };
            let fitting = here.slots & (walk.slots[at] | GAP_BIT);
            if fitting != 0 {
                self.branch(walk, start, at, node, fitting, out);
            }
            match if token.sym == 0 { None } else { self.next(node, token.sym) } {
                Some(next) => node = next,
                None => return,
            }
            at += 1;
        }
    }

    /// Goes on through the slots and gaps of a node.
    fn branch(&self, walk: &Walk<'_>, start: usize, at: usize, node: u32, fitting: u16, out: &mut Vec<Hit>) {
        let mut rest = fitting & !GAP_BIT;
        while rest != 0 {
            let slot = rest.trailing_zeros();
            rest &= rest - 1;
            if let Some(next) = self.next(node, SLOT_BASE + slot) {
                self.walk(walk, start, at + 1, next, out);
            }
        }
        if fitting & GAP_BIT != 0
            && let Some(next) = self.next(node, GAP)
        {
            for skip in 0..=GAP_WORDS.min(walk.tokens.len() - at) {
                self.walk(walk, start, at + skip, next, out);
            }
        }
    }

    /// Which slots a token fits, a bit each.
    fn slots_of(&self, text: &str, token: &Token) -> u16 {
        if token.kind == Kind::Mark {
            return 0;
        }
        let may_fit = match token.kind {
            Kind::Number => NUMBER_SLOTS,
            _ => {
                let numeral = self.small.get(token.sym as usize).is_some_and(|&v| v != u16::MAX);
                let roman = token.is_capital() && token.end - token.start <= 5;
                1 << Slot::Word as u16
                    | if numeral { 1 << Slot::Small as u16 | 1 << Slot::Month as u16 } else { 0 }
                    | if roman { 1 << Slot::Roman as u16 | 1 << Slot::Quarter as u16 } else { 0 }
                    | if token.is_capital() { 1 << Slot::Caps as u16 } else { 0 }
            }
        } & self.used_slots;
        let mut out = 0;
        for (_, slot) in super::phrase::SLOTS {
            let bit = 1 << slot as u16;
            if may_fit & bit != 0 && self.slot_value(slot, text, token).is_some() {
                out |= bit;
            }
        }
        out
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
    let value = |c| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let digits: Vec<i32> = word.chars().map(value).collect::<Option<_>>()?;
    let total: i32 = digits.iter().enumerate().map(|(i, &d)| if digits.get(i + 1).is_some_and(|&n| n > d) { -d } else { d }).sum();
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
