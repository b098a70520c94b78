//! Items of a store to decide on: those of a difference, or the records of a run by themselves.
//!
//! In: a store, a run, perhaps the run before, ids or a filter. Out: items. Never: a choice where an id is unclear.

use super::{Diff, Filter, Item, Shown, Side, SideError};
use crate::store::{Result, RunId, Store, StoreError};
use std::path::Path;

/// Where items are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    pub store: &'a Path,
    pub run: RunId,
    /// With an older run, the items are those of the difference of the two; else each record is an item.
    pub since: Option<RunId>,
}

impl Scope<'_> {
    /// The items that a filter lets through.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn filtered(&self, filter: &Filter) -> std::result::Result<Vec<Item>, SideError> {
        let side = |run| Ok::<_, SideError>(Side::run(Store::existing(self.store)?, run));
        if let Some(since) = self.since {
            return Diff::new(side(since)?, side(self.run)?)?.filtered(filter).collect();
        }
        let mut items = Vec::new();
        side(self.run)?.each(|shown| {
            if filter.has_record(&[&shown.record]) {
                items.push(Item::alone(shown));
            }
            Ok(())
        })?;
        Ok(items)
    }

    /// The items of these ids: of a record, or of an item; their first letters are enough where they are clear.
    ///
    /// # Errors
    /// When an id is unknown or unclear, or the store cannot be read.
    pub fn named(&self, ids: &[String]) -> std::result::Result<Vec<Item>, SideError> {
        if self.since.is_some() {
            let items = self.filtered(&Filter::default())?;
            return ids.iter().map(|id| self.one(id, items.iter().filter(|item| is(item, id)).cloned().collect())).collect();
        }
        let store = Store::existing(self.store)?;
        ids.iter().map(|id| self.one(id, self.found(&store, id)?)).collect()
    }

    fn found(&self, store: &Store, id: &str) -> Result<Vec<Item>> {
        let found = store.find(id, 1000)?.into_iter().filter(|found| found.runs.contains(&self.run));
        Ok(found.map(|f| Item::alone(Shown { record: f.record, sentence: None, document_hash: Some(f.document) })).collect())
    }

    fn one(&self, id: &str, mut items: Vec<Item>) -> std::result::Result<Item, SideError> {
        let told = |reason: String, advice: &str| SideError::Store(StoreError::Told { path: self.store.to_owned(), reason, advice: advice.to_owned() });
        match items.len() {
            1 => Ok(items.remove(0)),
            0 if self.since.is_some() => Err(told(format!("no item {id:?} in the difference of the two runs"), "see `solieu diff`, or leave out --since")),
            0 => Err(told(format!("no record {id:?} in run {}", self.run), "see `solieu runs`; an item of a difference needs --since")),
            n => Err(told(format!("{n} items of run {} begin with {id:?}", self.run), "give more letters, or the key of the item")),
        }
    }
}

fn is(item: &Item, id: &str) -> bool {
    let records = [&item.old, &item.new].into_iter().flatten();
    item.key.starts_with(id) || records.map(|s| &s.record.id).any(|record| record.starts_with(id))
}
