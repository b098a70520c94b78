//! What the pages say, in Vietnamese and English, from one data file.
//!
//! In: the key of a text. Out: the text in a language. Never: a text of its own.

use once_cell::sync::Lazy;
use std::collections::HashMap;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Vi,
    En,
}

static WORDS: Lazy<HashMap<String, [String; 2]>> = Lazy::new(|| toml::from_str(include_str!("words.toml")).expect("the words are read by a test"));

impl Lang {
    /// Reads `vi` or `en`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "vi" => Some(Self::Vi),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        self.t("lang")
    }

    pub fn other(self) -> Self {
        if self == Self::Vi { Self::En } else { Self::Vi }
    }

    /// The first language of an `Accept-Language` header that there is, by its weights.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, Self)> = Vec::new();
        for part in header.split(',') {
            let (name, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
            let lang = name.trim().split('-').next().and_then(|l| Self::from_word(&l.to_ascii_lowercase()));
            wanted.extend(lang.filter(|_| weight > 0.0).map(|lang| (weight, lang)));
        }
        // Of equal weights the first counts.
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map(|(_, lang)| *lang)
    }

    /// A text; a key without one is given back, so that a page still says something.
    pub fn t(self, key: &str) -> &'static str {
        let place = if self == Self::Vi { 0 } else { 1 };
        WORDS.get(key).map_or("?", |texts| texts[place].as_str())
    }

    /// A text with values put in.
    pub fn with(self, key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        values.iter().fold(self.t(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
    }

    /// The name of a field of a record.
    pub fn field(self, name: &str) -> &'static str {
        self.t(&format!("field-{name}"))
    }

    /// A whole number as it is written in this language.
    pub fn number(self, number: usize) -> String {
        let mark = if self == Self::Vi { '.' } else { ',' };
        let digits = number.to_string();
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(mark);
            }
            out.push(digit);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Class, Reason};
    use crate::review::ledger::State;

    #[test]
    fn the_language_that_is_wanted_most_is_taken() {
        let accepted = |header: &str| Lang::accepted(header);
        assert_eq!(accepted("en-US,en;q=0.9,vi;q=0.8"), Some(Lang::En));
        assert_eq!(accepted("fr, vi-VN;q=0.5, en;q=0.4"), Some(Lang::Vi));
        assert_eq!((accepted("fr"), accepted(""), accepted("en;q=0")), (None, None, None));
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([Lang::Vi.number(1_234_567), Lang::En.number(999), Lang::En.number(10_000)], ["1.234.567", "999", "10,000"]);
    }

    #[test]
    fn every_text_that_a_page_asks_for_is_there_with_its_values_in_both_languages() {
        let sources = [
            include_str!("page/mod.rs"),
            include_str!("page/item.rs"),
            include_str!("page/queue.rs"),
            include_str!("page/panel.rs"),
            include_str!("page/other.rs"),
            include_str!("answer.rs"),
            include_str!("site.rs"),
            include_str!("keys.rs"),
        ];
        let quoted = regex::Regex::new(r#""([a-z][a-z-]+)""#).unwrap();
        let asked: std::collections::BTreeSet<&str> = sources.iter().flat_map(|s| quoted.captures_iter(s)).map(|c| c.get(1).unwrap().as_str()).collect();
        let made = |key: &str| {
            ["field-", "class-", "state-", "reason-", "ask-", "did-", "bulk-", "export-", "fault-"].iter().any(|p| key.starts_with(p)) || key.ends_with("-why")
        };
        let unused: Vec<&String> = WORDS.keys().filter(|k| !asked.contains(k.as_str()) && !made(k)).collect();
        assert!(unused.is_empty(), "{unused:?}");
        let calls = regex::Regex::new(r#"\.(?:t|with|words)\("([^"]+)""#).unwrap();
        for key in sources.iter().flat_map(|s| calls.captures_iter(s)).map(|c| c.get(1).unwrap().as_str()) {
            assert!(WORDS.contains_key(key), "{key}");
        }
        let classes = Class::ALL.iter().flat_map(|c| [format!("class-{}", c.as_str()), format!("ask-{}", c.as_str())]);
        let reasons = Reason::ALL.iter().map(|r| format!("reason-{}", r.as_str()));
        let states = State::ALL.iter().map(|s| format!("state-{}", s.as_str()));
        let fields = crate::record::FIELDS.iter().map(|f| format!("field-{f}"));
        for key in classes.chain(reasons).chain(states).chain(fields) {
            assert!(WORDS.contains_key(&key), "{key}");
        }
        let holes = regex::Regex::new(r"\{[a-z]+\}").unwrap();
        let values = |text: &str| holes.find_iter(text).map(|m| m.as_str().to_owned()).collect::<std::collections::BTreeSet<_>>();
        assert!(WORDS.values().all(|[vi, en]| values(vi) == values(en) && !vi.is_empty() && !en.is_empty()));
    }
}
