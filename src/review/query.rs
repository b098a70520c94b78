//! What a page asks for: a filter, and the item that it stands at.
//!
//! In: pairs of an address or a form. Out: a [`Query`], and the address that leads back to it. Never: a place in a list: a queue changes
//! while it is worked on, so the cursor is the key of an item.

use super::ledger::State;
use crate::diff::{Class, Wildcard};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;

/// What stays as it is in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'*');

/// Names and values of an address or a form.
pub type Pairs = BTreeMap<String, String>;

/// Which items, and where among them. An empty part asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub class: Option<Class>,
    pub state: Option<State>,
    /// Code of a check that fired.
    pub check: String,
    /// Id of an indicator, a name or code of a place, the name of a document; `*` stands for any letters.
    pub indicator: String,
    pub place: String,
    pub document: String,
    /// Words that must be in it, whatever their accents.
    pub words: String,
    /// Key of the item.
    pub at: Option<u64>,
}

impl Query {
    pub fn of(pairs: &Pairs) -> Self {
        let said = |name: &str| pairs.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
        Self {
            class: Class::from_word(&said("class")),
            state: State::from_word(&said("state")),
            check: said("check"),
            indicator: said("indicator"),
            place: said("place"),
            document: said("document"),
            words: said("q"),
            at: key(&said("at")),
        }
    }

    /// The parts of the filter that are asked for.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let text = |t: &str| t.to_owned();
        let all = [
            ("class", self.class.map_or_else(String::new, |c| text(c.as_str()))),
            ("state", self.state.map_or_else(String::new, |s| text(s.as_str()))),
            ("check", text(&self.check)),
            ("indicator", text(&self.indicator)),
            ("place", text(&self.place)),
            ("document", text(&self.document)),
            ("q", text(&self.words)),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Whether it asks for all items.
    pub fn is_open(&self) -> bool {
        self.pairs().is_empty()
    }

    /// The same filter at another item.
    pub fn at(&self, key: Option<u64>) -> Self {
        Self { at: key, ..self.clone() }
    }

    /// The address of a page with this filter and cursor, and with more.
    pub fn address(&self, page: &str, more: &[(&str, &str)]) -> String {
        let at = self.at.map(|key| ("at", told(key)));
        let own = self.pairs().into_iter().chain(at);
        let pairs: Vec<String> = own.map(|(name, value)| pair(name, &value)).chain(more.iter().map(|(name, value)| pair(name, value))).collect();
        if pairs.is_empty() { page.to_owned() } else { format!("{page}?{}", pairs.join("&")) }
    }

    /// A wildcard that a name is held against; none asks for all.
    pub(super) fn wildcard(text: &str) -> Option<Wildcard> {
        (!text.is_empty()).then(|| Wildcard::new(text))
    }
}

fn pair(name: &str, value: &str) -> String {
    format!("{name}={}", utf8_percent_encode(value, PLAIN))
}

/// The key of an item, as addresses write it.
pub fn told(key: u64) -> String {
    format!("{key:016x}")
}

/// Reads a key: 16 hex digits.
pub fn key(text: &str) -> Option<u64> {
    let is_key = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_key.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_query() {
        let pairs = Pairs::from(
            [("class", "value"), ("state", "open"), ("q", "hộ nghèo & \"x\""), ("place", "Lai Châu"), ("at", "00ff00ff00ff00ff"), ("junk", "1")]
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
        let query = Query::of(&pairs);
        let address = query.address("/items", &[("panel", "edit")]);
        assert!(
            address.starts_with("/items?class=value&state=open&place=Lai%20Ch%C3%A2u&q=") && address.ends_with("&at=00ff00ff00ff00ff&panel=edit"),
            "{address}"
        );
        let read = |part: &str| {
            let (name, value) = part.split_once('=').unwrap();
            (name.to_owned(), percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned())
        };
        assert_eq!(Query::of(&address.split_once('?').unwrap().1.split('&').map(read).collect()), query);
        assert!(Query::default().is_open() && !query.is_open());
        assert_eq!(Query::default().address("/items", &[]), "/items");
    }

    #[test]
    fn what_is_no_key_is_none() {
        assert_eq!(["", "x", "00ff", "+0ff00ff00ff00ff", "00ff00ff00ff00fg"].map(key), [None; 5]);
        assert_eq!(key(&told(u64::MAX)), Some(u64::MAX));
    }
}
