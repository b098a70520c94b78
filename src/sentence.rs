//! A sentence as the rooms behind `text` see it: tokens, and the phrases of the rules found in them.
//!
//! In: normalized text, the span of a sentence, the rules. Out: [`Sentence`]. Never: a choice between overlapping phrases.

use crate::rules::{Class, Classes, Cue, Cues, Hit, Role, Rule, RuleSet};
use crate::text::{Kind, Span, Sym, Token, fold, tokenize};
use std::borrow::Cow;
use std::ops::Range;

/// One sentence.
#[derive(Debug, Clone)]
pub struct Sentence<'t> {
    pub text: &'t str,
    pub span: Span,
    pub tokens: Vec<Token>,
    hits: Vec<Hit>,
    /// One more than there are tokens.
    places: Vec<Place>,
    /// The classes of all hits.
    classes: Classes,
}

/// What begins and ends at the border before a token.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// The first hit that starts at the token or later.
    first: u32,
    begins: Classes,
    ends: Classes,
    /// Classes of the hits that the token is in.
    covers: Classes,
    /// Cues that begin here.
    cues: Cues,
}

impl<'t> Sentence<'t> {
    pub fn read(text: &'t str, span: Span, rules: &RuleSet) -> Self {
        let mut tokens = Vec::with_capacity(span.of(text).len() / 4);
        tokenize(text, span, &rules.vocabulary, &mut tokens);
        let mut hits = Vec::with_capacity(3 * tokens.len());
        let mut places = vec![Place::default(); tokens.len() + 1];
        let mut classes = Classes::default();
        rules.lexicon.visit(text, &tokens, |_| true, &mut |found| {
            if let [covered @ .., behind] = &mut places[found.start..=found.end] {
                behind.ends.add_all(found.classes);
                covered.iter_mut().for_each(|p| p.covers.add_all(found.classes));
                if let Some(place) = covered.first_mut() {
                    place.begins.add_all(found.classes);
                    place.cues.add_all(found.cues);
                    // How many, first.
                    place.first += found.len() as u32;
                }
            }
            classes.add_all(found.classes);
            hits.extend(found.hits());
        });
        let mut at = 0;
        for place in &mut places {
            at += std::mem::replace(&mut place.first, at);
        }
        Self { text, span, tokens, hits, places, classes }
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Is there a hit of one of these classes?
    pub fn holds(&self, classes: Classes) -> bool {
        self.classes.meets(classes)
    }

    /// Hits that start at a token.
    pub fn at(&self, token: usize) -> &[Hit] {
        if token >= self.tokens.len() {
            return &[];
        }
        &self.hits[self.places[token].first as usize..self.places[token + 1].first as usize]
    }

    /// Hits of some classes that start at a token.
    pub fn of(&self, token: usize, classes: Classes) -> impl DoubleEndedIterator<Item = &Hit> + Clone {
        let hits = if self.begins(token, classes) { self.at(token) } else { &[] };
        hits.iter().filter(move |h| classes.has(h.class))
    }

    /// Does a hit of one of these classes start at a token?
    #[inline]
    pub fn begins(&self, token: usize, classes: Classes) -> bool {
        self.places.get(token).is_some_and(|p| p.begins.meets(classes))
    }

    /// Does a hit of one of these classes end right before a token?
    #[inline]
    pub fn ends(&self, token: usize, classes: Classes) -> bool {
        self.places.get(token).is_some_and(|p| p.ends.meets(classes))
    }

    /// Is a token in a hit of one of these classes?
    #[inline]
    pub fn covers(&self, token: usize, classes: Classes) -> bool {
        self.places.get(token).is_some_and(|p| p.covers.meets(classes))
    }

    /// Does a cue of this part begin at a token?
    #[inline]
    pub fn is(&self, token: usize, cue: Cue) -> bool {
        self.places.get(token).is_some_and(|p| p.cues.has(cue))
    }

    /// The end of the longest cue of this part that begins at a token.
    #[inline]
    pub fn cue(&self, token: usize, cue: Cue) -> Option<usize> {
        let hits = if self.is(token, cue) { self.at(token) } else { &[] };
        hits.iter().filter(|h| h.cue == Some(cue)).map(|h| h.end as usize).max()
    }

    /// The longest hit of a class that starts at a token.
    #[inline]
    pub fn longest(&self, token: usize, class: Class) -> Option<&Hit> {
        self.of(token, Classes::only(class)).max_by_key(|h| h.end)
    }

    #[inline]
    pub fn longest_as(&self, token: usize, class: Class, role: Role) -> Option<&Hit> {
        self.of(token, Classes::only(class)).filter(|h| h.role == role).max_by_key(|h| h.end)
    }

    /// The longest hit of a class and role that ends right before a token.
    pub fn ending(&self, token: usize, class: Class, role: Role) -> Option<&Hit> {
        const LONGEST: usize = 8;
        let class = Classes::only(class);
        if !self.ends(token, class) {
            return None;
        }
        (token.saturating_sub(LONGEST)..token).find_map(|start| self.of(start, class).find(|h| h.role == role && h.end as usize == token))
    }

    pub fn word(&self, token: usize) -> &'t str {
        self.tokens.get(token).map_or("", |t| t.text(self.text))
    }

    /// Is a token one of these words, letter by letter?
    #[inline]
    pub fn is_any(&self, token: usize, words: &[&str]) -> bool {
        self.tokens.get(token).is_some_and(|t| words.iter().any(|w| t.bytes(self.text) == w.as_bytes()))
    }

    /// A word in small letters.
    pub fn lower(&self, token: usize) -> Cow<'t, str> {
        match self.tokens.get(token) {
            Some(t) if t.is_capital() => fold(t.text(self.text)).into(),
            Some(t) => t.text(self.text).into(),
            None => "".into(),
        }
    }

    pub fn sym(&self, token: usize) -> Sym {
        self.tokens.get(token).map_or(0, |t| t.sym)
    }

    /// Is the token this mark?
    #[inline]
    pub fn is_mark(&self, token: usize, mark: &str) -> bool {
        self.tokens.get(token).is_some_and(|t| t.kind == Kind::Mark && t.bytes(self.text) == mark.as_bytes())
    }

    pub fn is_dash(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|t| t.kind == Kind::Mark) && matches!(self.word(token), "-" | "–" | "—" | "‐" | "‑" | "‒" | "−")
    }

    /// The bytes of a token range.
    pub fn bytes(&self, tokens: &Range<usize>) -> Span {
        match (self.tokens.get(tokens.start), tokens.end.checked_sub(1).and_then(|i| self.tokens.get(i))) {
            (Some(a), Some(b)) if tokens.start < tokens.end => Span::new(a.start as usize, b.end as usize),
            _ => Span::new(self.span.start, self.span.start),
        }
    }

    /// The text of a token range.
    pub fn quote(&self, tokens: &Range<usize>) -> &'t str {
        self.bytes(tokens).of(self.text)
    }

    pub fn rule<'r>(&self, hit: &Hit, rules: &'r RuleSet) -> &'r Rule {
        rules.rule(hit.rule)
    }
}
