//! Which items are asked for.
//!
//! In: classes, patterns of indicators, places, documents. Out: yes or no for an item. Never: a filter that lets nothing through
//! and does not say so: the caller can ask how many there were.

use super::class::Class;
use super::item::Item;
use crate::record::Record;

/// Which items are asked for: those that are in every list that is not empty. An item is in a list when its old or its new record is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub classes: Vec<Class>,
    /// Ids of indicators; `none` is for those without.
    pub indicators: Vec<Wildcard>,
    /// Names or codes of places.
    pub places: Vec<Wildcard>,
    /// Names of documents.
    pub documents: Vec<Wildcard>,
}

/// A text in which `*` stands for any letters. Upper and lower case are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard(String);

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn has_class(&self, class: Class) -> bool {
        self.classes.is_empty() || self.classes.contains(&class)
    }

    pub fn has(&self, item: &Item) -> bool {
        let records: Vec<&Record> = [&item.old, &item.new].into_iter().flatten().map(|s| &s.record).collect();
        self.has_class(item.class) && self.has_record(&records)
    }

    /// Whether one of the records is in each of the lists.
    pub fn has_record(&self, records: &[&Record]) -> bool {
        let any = |list: &[Wildcard], is: &dyn Fn(&Wildcard, &Record) -> bool| list.is_empty() || list.iter().any(|w| records.iter().any(|r| is(w, r)));
        any(&self.indicators, &|w, r| w.is(r.indicator.as_ref().map_or("none", |i| &i.id)))
            && any(&self.places, &|w, r| r.place.as_ref().is_some_and(|p| w.is(&p.name) || p.code.as_deref().is_some_and(|c| w.is(c))))
            && any(&self.documents, &|w, r| w.is(&r.document))
    }
}

impl Wildcard {
    pub fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    pub fn is(&self, text: &str) -> bool {
        let Some((head, rest)) = self.0.split_once('*') else { return self.0 == text };
        let Some(mut left) = text.strip_prefix(head) else { return false };
        let mut parts: Vec<&str> = rest.split('*').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let Some(at) = left.find(part) else { return false };
            left = &left[at + part.len()..];
        }
        left.ends_with(last)
    }
}

impl std::str::FromStr for Wildcard {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        let is = |pattern: &str, text: &str| Wildcard::new(pattern).is(text);
        assert!(is("ntm.*", "ntm.commune.met") && is("*", "") && is("*.met", "ntm.commune.met") && is("n*c*m*t", "ntm.commune.met") && is("a", "a"));
        assert!(!is("ntm", "ntm.commune") && !is("*.x", "ntm") && !is("a*a", "a") && !is("a*b*c", "ac"));
    }
}
