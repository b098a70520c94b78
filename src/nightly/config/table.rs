//! A TOML table read key by key, with every fault kept at its place.
//!
//! In: a parsed table and the keys it may have. Out: values of the right type, and diagnostics. Never: a stop at the first fault.

use crate::rules::Diagnostic;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with the bytes where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// The faults of one file.
pub struct Faults<'f> {
    pub file: &'f str,
    pub found: Vec<Diagnostic>,
}

impl Faults<'_> {
    pub fn add(&mut self, code: &'static str, span: Range<usize>, message: impl Into<String>, label: &str, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, self.file, span, message).label(label).help(help));
    }
}

/// A table whose keys are asked for one by one.
pub struct Table<'t> {
    table: &'t DeTable<'t>,
    /// What the table is, for messages: `a portal`, `[limits]`.
    name: &'static str,
    pub span: Range<usize>,
}

impl<'t> Table<'t> {
    /// Takes a table and tells of each key that it must not have.
    pub fn new(table: &'t DeTable<'t>, name: &'static str, span: Range<usize>, keys: &[&str], faults: &mut Faults<'_>) -> Self {
        for (key, _) in table {
            let word = key.get_ref().as_ref();
            if !keys.contains(&word) {
                faults.add("unknown-key", key.span(), format!("{name} has no key `{word}`"), "unknown key", nearest(word, keys));
            }
        }
        Self { table, name, span }
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    /// The table below a key.
    pub fn table(&self, key: &str, name: &'static str, keys: &[&str], faults: &mut Faults<'_>) -> Option<Table<'t>> {
        let value = self.get(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Table::new(table, name, value.span(), keys, faults)),
            None => self.wrong(key, value, "a table", &format!("[{key}]"), faults),
        }
    }

    /// The tables of `[[key]]`.
    pub fn tables(&self, key: &str, name: &'static str, keys: &[&str], faults: &mut Faults<'_>) -> Vec<Table<'t>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            return self.wrong::<()>(key, value, "a list of tables", &format!("[[{key}]]"), faults).map_or_else(Vec::new, |()| Vec::new());
        };
        let mut out = Vec::new();
        for item in array {
            match item.get_ref().as_table() {
                Some(table) => out.push(Table::new(table, name, item.span(), keys, faults)),
                None => faults.add("wrong-type", item.span(), format!("`{key}` holds tables"), "no table", format!("write each below its own [[{key}]]")),
            }
        }
        out
    }

    pub fn text(&self, key: &str, example: &str, faults: &mut Faults<'_>) -> Option<At<String>> {
        let value = self.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(At { value: text.to_owned(), span: value.span() }),
            None => self.wrong(key, value, "a string", &format!("{key} = {example:?}"), faults),
        }
    }

    /// A string that must be there.
    pub fn must(&self, key: &str, example: &str, faults: &mut Faults<'_>) -> Option<At<String>> {
        if self.get(key).is_none() {
            faults.add("missing-key", self.span.clone(), format!("{} has no `{key}`", self.name), "here", format!("add {key} = {example:?}"));
        }
        self.text(key, example, faults)
    }

    pub fn texts(&self, key: &str, example: &str, faults: &mut Faults<'_>) -> Vec<At<String>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong::<()>(key, value, "a list of strings", &format!("{key} = [{example:?}]"), faults);
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(text) => out.push(At { value: text.to_owned(), span: item.span() }),
                None => faults.add("wrong-type", item.span(), format!("`{key}` holds strings"), "no string", format!("write {key} = [{example:?}]")),
            }
        }
        out
    }

    /// A whole number of at least `least`.
    pub fn number(&self, key: &str, least: i64, faults: &mut Faults<'_>) -> Option<u64> {
        let value = self.get(key)?;
        match whole(value.get_ref()).filter(|n| *n >= least) {
            Some(n) => u64::try_from(n).ok(),
            None => self.wrong(key, value, &format!("a whole number of at least {least}"), &format!("{key} = {}", least.max(10)), faults),
        }
    }

    pub fn numbers(&self, key: &str, faults: &mut Faults<'_>) -> Option<Vec<u64>> {
        let value = self.get(key)?;
        let array = value.get_ref().as_array();
        let read = array.and_then(|a| a.iter().map(|i| whole(i.get_ref()).and_then(|n| u64::try_from(n).ok())).collect::<Option<Vec<_>>>());
        if read.is_none() {
            self.wrong::<()>(key, value, "a list of whole numbers", &format!("{key} = [1, 3, 7]"), faults);
        }
        read
    }

    pub fn flag(&self, key: &str, faults: &mut Faults<'_>) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong(key, value, "true or false", &format!("{key} = true"), faults),
        }
    }

    /// Something that is read out of a string.
    pub fn parsed<T>(&self, key: &str, example: &str, what: &str, read: impl Fn(&str) -> Option<T>, faults: &mut Faults<'_>) -> Option<T> {
        let text = self.text(key, example, faults)?;
        let found = read(&text.value);
        if found.is_none() {
            faults.add("bad-value", text.span, format!("`{key}` is no {what}: {:?}", text.value), "this", format!("write {key} = {example:?}"));
        }
        found
    }

    fn wrong<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, want: &str, example: &str, faults: &mut Faults<'_>) -> Option<T> {
        faults.add("wrong-type", value.span(), format!("`{key}` of {} must be {want}", self.name), "wrong type", format!("write {example}"));
        None
    }
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    match value {
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).ok(),
        _ => None,
    }
}

fn nearest(word: &str, known: &[&str]) -> String {
    match known.iter().map(|k| (strsim::levenshtein(word, k), *k)).min() {
        Some((distance, key)) if distance <= 2 => format!("did you mean `{key}`?"),
        _ => format!("use one of: {}", known.join(", ")),
    }
}
