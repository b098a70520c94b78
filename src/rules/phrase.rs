//! The phrase language of rule files.
//!
//! A phrase is words and marks. `(a|b c)` gives alternatives; `?` behind a word, group or piece makes it optional;
//! `{piece}` stands for a shared list; `<slot>` for a number of a kind; `...` for up to five words (indicators only).
//! Phrases have no repetition, so each is a finite set of symbol rows, which is what the lexicon wants.

use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;

/// What kind of token a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Slot {
    /// `<d>`: day of a month, 1 to 31.
    Day,
    /// `<m>`: month, 1 to 12.
    Month,
    /// `<y>`: year, 1900 to 2100.
    Year,
    /// `<y2>`: two digits behind a year range, `2021-25`.
    ShortYear,
    /// `<n>`: a whole number below 1,000, in digits or one word.
    Small,
    /// `<q>`: quarter, I to IV or 1 to 4.
    Quarter,
    /// `<num>`: any number in digits.
    Number,
    /// `<dm>`: day and month with a dot between, `16.5`.
    DayMonth,
    /// `<my>`: month and year with a dot between, `5.2017`.
    MonthYear,
    /// `<r>`: a Roman numeral.
    Roman,
    /// `<w>`: any word.
    Word,
    /// `<caps>`: a word in capital letters.
    Caps,
}

pub const SLOTS: [(&str, Slot); 12] = [
    ("d", Slot::Day),
    ("m", Slot::Month),
    ("y", Slot::Year),
    ("y2", Slot::ShortYear),
    ("n", Slot::Small),
    ("q", Slot::Quarter),
    ("num", Slot::Number),
    ("dm", Slot::DayMonth),
    ("my", Slot::MonthYear),
    ("r", Slot::Roman),
    ("w", Slot::Word),
    ("caps", Slot::Caps),
];

/// One symbol of a flat phrase.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Item {
    /// Shared: a word stands in many rows.
    Text(Rc<str>),
    Slot(Slot),
    /// `...`: up to five words.
    Gap,
}

/// What is wrong with a phrase, and at which bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseError {
    pub span: Range<usize>,
    pub code: &'static str,
    pub message: String,
    pub help: String,
}

#[derive(Debug, Clone)]
enum Node {
    Item(Item),
    Piece(String, Range<usize>),
    Choice(Vec<Vec<Node>>),
    Optional(Box<Node>),
}

/// A phrase as written, parsed.
#[derive(Debug, Clone)]
pub struct Phrase(Vec<Node>);

/// More rows than this make a rule unreadable and the lexicon large.
const MAX_ROWS: usize = 4096;

impl Phrase {
    /// # Errors
    /// With the place of the fault inside `text`.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let mut parser = Parser { text, at: 0 };
        let nodes = parser.sequence()?;
        if parser.at < text.len() {
            return Err(parser.fail(parser.at..parser.at + 1, "phrase-bracket", "closing sign without an opening one", "remove it, or open the group before"));
        }
        if nodes.is_empty() {
            return Err(parser.fail(0..text.len(), "phrase-empty", "the phrase has no word", "write at least one word"));
        }
        Ok(Self(nodes))
    }

    /// The pieces that the phrase names, with their place.
    pub fn pieces(&self) -> Vec<(String, Range<usize>)> {
        let mut out = Vec::new();
        walk(&self.0, &mut |name, span| out.push((name.to_owned(), span.clone())));
        out
    }

    /// All flat rows of the phrase. A piece that `pieces` does not hold, or that holds itself, gives nothing: the loader has
    /// reported it.
    ///
    /// # Errors
    /// When there are too many rows.
    pub fn rows(&self, pieces: &FxHashMap<String, Vec<Phrase>>) -> Result<Vec<Vec<Item>>, PhraseError> {
        let rows = expand(&self.0, pieces, 0);
        let fail = |code, message: &str, help: &str| Err(PhraseError { span: 0..usize::MAX, code, message: message.to_owned(), help: help.to_owned() });
        if rows.len() > MAX_ROWS {
            return fail("phrase-too-wide", "the phrase stands for more than 4,096 wordings", "split it, or use fewer alternatives");
        }
        if rows.iter().any(Vec::is_empty) {
            return fail("phrase-optional", "every word of the phrase is optional", "leave one word without `?`");
        }
        Ok(rows)
    }
}

fn walk(nodes: &[Node], see: &mut impl FnMut(&str, &Range<usize>)) {
    for node in nodes {
        match node {
            Node::Item(_) => {}
            Node::Piece(name, span) => see(name, span),
            Node::Choice(rows) => rows.iter().for_each(|r| walk(r, see)),
            Node::Optional(inner) => walk(std::slice::from_ref(inner), see),
        }
    }
}

fn expand(nodes: &[Node], pieces: &FxHashMap<String, Vec<Phrase>>, depth: usize) -> Vec<Vec<Item>> {
    let mut rows: Vec<Vec<Item>> = vec![Vec::new()];
    for node in nodes {
        let tails = expand_node(node, pieces, depth);
        if rows.len() * tails.len() > MAX_ROWS {
            return vec![Vec::new(); MAX_ROWS + 1];
        }
        rows = rows.iter().flat_map(|head| tails.iter().map(move |tail| [head.as_slice(), tail.as_slice()].concat())).collect();
    }
    rows
}

fn expand_node(node: &Node, pieces: &FxHashMap<String, Vec<Phrase>>, depth: usize) -> Vec<Vec<Item>> {
    match node {
        Node::Item(item) => vec![vec![item.clone()]],
        Node::Choice(rows) => rows.iter().flat_map(|r| expand(r, pieces, depth)).collect(),
        Node::Optional(inner) => {
            let mut rows = expand_node(inner, pieces, depth);
            rows.push(Vec::new());
            rows
        }
        Node::Piece(name, _) if depth < 8 => pieces.get(name).into_iter().flatten().flat_map(|p| expand(&p.0, pieces, depth + 1)).collect(),
        Node::Piece(..) => Vec::new(),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn fail(&self, span: Range<usize>, code: &'static str, message: &str, help: &str) -> PhraseError {
        PhraseError { span: span.start..span.end.min(self.text.len()).max(span.start), code, message: message.to_owned(), help: help.to_owned() }
    }

    fn sequence(&mut self) -> Result<Vec<Node>, PhraseError> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if matches!(c, ')' | '|' | '}' | '>') {
                break;
            } else {
                let node = self.node(c)?;
                nodes.push(self.maybe_optional(node));
            }
        }
        Ok(nodes)
    }

    fn maybe_optional(&mut self, node: Node) -> Node {
        if self.peek() == Some('?') {
            self.at += 1;
            return Node::Optional(Box::new(node));
        }
        node
    }

    fn node(&mut self, c: char) -> Result<Node, PhraseError> {
        match c {
            '(' => self.group(),
            '{' => {
                let (name, span) = self.enclosed('}')?;
                Ok(Node::Piece(name, span))
            }
            '<' => self.slot(),
            '?' => Err(self.fail(self.at..self.at + 1, "phrase-question", "`?` stands behind nothing", "put it right behind a word, group or piece")),
            _ if self.text[self.at..].starts_with("...") => {
                self.at += 3;
                Ok(Node::Item(Item::Gap))
            }
            _ => Ok(Node::Item(Item::Text(self.word(c).into()))),
        }
    }

    fn group(&mut self) -> Result<Node, PhraseError> {
        let open = self.at;
        self.at += 1;
        let mut rows = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            rows.push(self.sequence()?);
        }
        if self.peek() != Some(')') {
            return Err(self.fail(open..open + 1, "phrase-bracket", "this group is never closed", "add `)` behind its last word"));
        }
        self.at += 1;
        Ok(Node::Choice(rows))
    }

    fn slot(&mut self) -> Result<Node, PhraseError> {
        let (name, span) = self.enclosed('>')?;
        match SLOTS.iter().find(|(n, _)| *n == name) {
            Some((_, slot)) => Ok(Node::Item(Item::Slot(*slot))),
            None => {
                let known = SLOTS.map(|(n, _)| format!("<{n}>")).join(" ");
                Err(self.fail(span, "phrase-slot", &format!("no slot is called `{name}`"), &format!("use one of {known}")))
            }
        }
    }

    fn enclosed(&mut self, close: char) -> Result<(String, Range<usize>), PhraseError> {
        let open = self.at;
        let inner = &self.text[open + 1..];
        match inner.find(close) {
            Some(len) => {
                self.at = open + 1 + len + 1;
                Ok((inner[..len].trim().to_owned(), open..self.at))
            }
            None => Err(self.fail(open..open + 1, "phrase-bracket", &format!("`{}` is never closed", &self.text[open..=open]), &format!("add `{close}`"))),
        }
    }

    /// A run of letters (with a power digit: `m2`), a run of digits, or one mark, folded.
    fn word(&mut self, first: char) -> String {
        if first == '\\' {
            self.at += 1;
        }
        let first = self.peek().unwrap_or(first);
        let start = self.at;
        if !first.is_alphanumeric() {
            self.at += first.len_utf8();
            return if matches!(first, '–' | '—') { "-".to_owned() } else { first.to_string() };
        }
        let digits = first.is_ascii_digit();
        let letters = crate::text::Letters::table();
        while let Some(c) =
            self.peek().filter(|&c| (letters.lower(c).is_some() || ('\u{0300}'..='\u{036F}').contains(&c)) && !digits || c.is_ascii_digit() && digits)
        {
            self.at += c.len_utf8();
        }
        // A letter or digit of another script is a word of its own.
        if self.at == start {
            self.at += first.len_utf8();
        }
        if crate::text::POWERED.contains(&&self.text[start..self.at]) && self.text[self.at..].starts_with(['2', '3']) {
            self.at += 1;
        }
        crate::text::fold(&self.text[start..self.at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_of_other_scripts_are_read_and_passed() {
        for text in ["đ\u{ED9} chừng", "\u{ED9}", "中文 xã", "5\u{661}"] {
            assert_eq!(rows(text).len(), 1, "{text}");
        }
    }

    fn rows(text: &str) -> Vec<String> {
        let mut pieces = FxHashMap::default();
        pieces.insert("ntm".to_owned(), vec![Phrase::parse("nông thôn mới").unwrap(), Phrase::parse("NTM").unwrap()]);
        let show = |row: Vec<Item>| {
            row.iter()
                .map(|i| match i {
                    Item::Text(t) => t.to_string(),
                    Item::Slot(s) => format!("<{s:?}>"),
                    Item::Gap => "...".into(),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        Phrase::parse(text).unwrap().rows(&pieces).unwrap().into_iter().map(show).collect()
    }

    #[test]
    fn alternatives_options_and_pieces_multiply() {
        assert_eq!(rows("xã {ntm}"), ["xã nông thôn mới", "xã ntm"]);
        assert_eq!(rows("(hộ|khẩu) nghèo? X"), ["hộ nghèo x", "hộ x", "khẩu nghèo x", "khẩu x"]);
        assert_eq!(rows("tháng <m>/<y>"), ["tháng <Month> / <Year>"]);
    }

    #[test]
    fn faults_have_a_place() {
        let e = Phrase::parse("xã (đạt|chưa").unwrap_err();
        assert_eq!((e.code, e.span), ("phrase-bracket", 4..5));
        assert_eq!(Phrase::parse("tháng <mm>").unwrap_err().code, "phrase-slot");
        assert_eq!(Phrase::parse("a?").unwrap().rows(&FxHashMap::default()).unwrap_err().code, "phrase-optional");
    }
}
