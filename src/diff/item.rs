//! Items: what a difference is made of, as it is shown and decided on.
//!
//! In: two records that belong together, or one. Out: an [`Item`] with every field that differs. Never: an item of two equal records.

use super::class::{Class, Reason};
use crate::record::{Place, Record, item_key};
use serde::Serialize;

/// A record of one side with what is known around it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    pub record: Record,
    /// Its sentence; none where the side has no text. Of a long one at most 300 characters before and after the figure.
    pub sentence: Option<String>,
    /// Hash of its document, where the side is a store.
    pub document_hash: Option<String>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// As in the record, with points: `value.amount`, `place.name`. `sentence` is its text; where a side has none, the place of the
    /// figure in it and its length.
    pub field: &'static str,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Names the item: the same for the same two records, in whichever run they are.
    pub key: String,
    pub class: Class,
    /// Why the two were paired; none where there is only one.
    pub reason: Option<Reason>,
    /// Every field that differs; empty where there is only one record.
    pub changes: Vec<Change>,
    pub old: Option<Shown>,
    pub new: Option<Shown>,
}

impl Item {
    pub(super) fn new(class: Class, reason: Option<Reason>, old: Option<Shown>, new: Option<Shown>) -> Self {
        let record = |shown: &Option<Shown>| shown.as_ref().map(|s| s.record.clone());
        let key = item_key(record(&old).as_ref(), record(&new).as_ref());
        let changes = if let (Some(old), Some(new)) = (&old, &new) { changes(old, new) } else { Vec::new() };
        Self { key, class, reason, changes, old, new }
    }

    /// A record without another to compare it with, as an item to decide on.
    pub fn alone(shown: Shown) -> Self {
        Self::new(Class::Added, None, None, Some(shown))
    }

    /// What a reviewer says of this item.
    #[cfg(feature = "sqlite")]
    pub fn decision(&self, reviewer: &str, verdict: crate::store::Verdict) -> crate::store::NewDecision {
        let shown = self.shown();
        crate::store::NewDecision {
            reviewer: reviewer.to_owned(),
            item: self.key.clone(),
            record: shown.map(|s| s.record.id.clone()).unwrap_or_default(),
            document: shown.and_then(|s| s.document_hash.clone()),
            removal: self.class == Class::Removed,
            verdict,
            fields: None,
            note: None,
            judged: shown.map(|s| s.record.clone()),
        }
    }

    /// The record to decide on: the new one, or the old one when it is gone.
    pub fn shown(&self) -> Option<&Shown> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// Every field that differs, in the order of the classes.
fn changes(old: &Shown, new: &Shown) -> Vec<Change> {
    let fields = fields(&old.record).into_iter().zip(fields(&new.record));
    let differ = fields.filter(|((_, old), (_, new))| old != new).map(|((field, old), (_, new))| Change { field, old, new });
    let mut changes: Vec<Change> = differ.collect();
    let (a, b) = match (&old.sentence, &new.sentence) {
        (Some(a), Some(b)) => (Some(a.clone()), Some(b.clone())),
        _ => (in_sentence(&old.record), in_sentence(&new.record)),
    };
    if a.is_some() && b.is_some() && a != b {
        changes.push(Change { field: "sentence", old: a, new: b });
    }
    changes
}

/// What is known of a sentence without its text: where in it the figure stands, and how long it is, in code points.
fn in_sentence(r: &Record) -> Option<String> {
    let length = r.sentence[1].saturating_sub(r.sentence[0]);
    (length > 0).then(|| format!("{} of {length}", r.span.chars[0].saturating_sub(r.sentence[0])))
}

/// All that is compared, but for the sentence.
fn fields(r: &Record) -> Vec<(&'static str, Option<String>)> {
    let some = |text: &str| Some(text.to_owned());
    let (period, place) = (r.period.as_ref(), r.place.as_ref());
    let range = |[start, end]: [usize; 2]| Some(format!("{start}-{end}"));
    let code = |p: &Place| p.code.clone();
    vec![
        ("value.amount", some(&r.value.amount)),
        ("value.upper", r.value.upper.clone()),
        ("value.of", r.value.of.clone()),
        ("unit", some(&r.unit)),
        ("kind", some(r.kind.as_str())),
        ("qualifier", some(r.qualifier.as_str())),
        ("change", some(r.change.as_str())),
        ("status", some(r.status.as_str())),
        ("subject", r.subject.clone()),
        ("basis", r.basis.clone()),
        ("indicator.id", r.indicator.as_ref().map(|i| i.id.clone())),
        ("indicator.programme", r.indicator.as_ref().and_then(|i| i.programme.clone())),
        ("place.name", place.map(|p| p.name.clone())),
        ("place.code", place.and_then(code)),
        ("place.level", place.map(|p| p.level.as_str().to_owned())),
        ("period.start", period.and_then(|p| p.start.clone())),
        ("period.end", period.and_then(|p| p.end.clone())),
        ("checks", Some(r.checks.join(" ")).filter(|c| !c.is_empty())),
        ("rule", some(&r.rule)),
        ("quote", some(&r.quote)),
        ("period.text", period.and_then(|p| p.text.clone())),
        ("document", some(&r.document)),
        ("span.chars", range(r.span.chars)),
        ("span.bytes", range(r.span.bytes)),
    ]
}
