//! Gold: what reviewers settled, as `solieu eval` reads it.
//!
//! In: a run, the decisions of one reviewer or of all. Out: documents with their figures, and how many were left out, and why. Never: a
//! document as gold of which a figure is not settled: `eval` would count it as wrong.

use super::{Asked, Result, RunId, Standing, Store, Verdict};
use crate::record::{Record, corrected, item_key};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What an export did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    pub documents: usize,
    pub figures: usize,
    /// Documents with figures that nobody settled, with their number.
    pub open_documents: usize,
    pub open_figures: usize,
    /// Figures of which reviewers say different things.
    pub disputed: usize,
    /// Decisions on records that the run reads in another way now.
    pub outdated: usize,
}

/// What is settled of a record.
enum Settled {
    Right(Box<Record>),
    Wrong,
    Open,
    Disputed,
}

impl Store {
    /// Hands out documents of a run whose figures are all settled; with `partial` also the others, in which open figures are optional.
    ///
    /// # Errors
    /// When the store cannot be read, or the caller fails.
    pub fn gold(&self, run: RunId, reviewer: Option<&str>, partial: bool, mut take: impl FnMut(Value) -> std::io::Result<()>) -> Result<Exported> {
        let mut standings: BTreeMap<String, Vec<Standing>> = BTreeMap::new();
        for standing in self.standings(Asked { reviewer, record: None })? {
            standings.entry(standing.record.clone()).or_default().push(standing);
        }
        let mut done = Exported::default();
        for hash in self.documents(run)? {
            let records = self.records_of(run, &hash)?;
            if !records.iter().any(|r| standings.contains_key(&r.id)) {
                done.open_documents += usize::from(!records.is_empty());
                done.open_figures += records.len();
                continue;
            }
            let settled: Vec<Settled> = records.iter().map(|r| settle(r, standings.get(&r.id).map_or(&[], Vec::as_slice), &mut done)).collect();
            let open = settled.iter().filter(|s| matches!(s, Settled::Open | Settled::Disputed)).count();
            done.open_documents += usize::from(open > 0);
            done.open_figures += open;
            let Some(document) = self.document(&hash)?.filter(|_| open == 0 || partial) else { continue };
            let figures: Vec<Value> = records.iter().zip(&settled).filter_map(|(record, settled)| of(record, settled)).collect();
            done.documents += 1;
            done.figures += figures.len();
            let mut row = json!({"id": document.name, "text": document.text, "figures": figures});
            if let Some(published) = document.published {
                row["published"] = published.into();
            }
            take(row).map_err(|e| self.told(format!("the export cannot be written: {e}"), "check the disk and the permissions"))?;
        }
        Ok(done)
    }
}

/// What the last word of each reviewer on a record, as it is now, comes to.
fn settle(record: &Record, standings: &[Standing], done: &mut Exported) -> Settled {
    let mut last: BTreeMap<&str, &Standing> = BTreeMap::new();
    for standing in standings.iter().filter(|s| matches!(s.judgement.verdict, Some(Verdict::Accept | Verdict::Reject | Verdict::Edit))) {
        if standing.judged.as_ref().is_none_or(|judged| item_key(None, Some(judged)) != item_key(None, Some(record))) {
            done.outdated += 1;
            continue;
        }
        let kept = last.entry(&standing.reviewer).or_insert(standing);
        if kept.decision < standing.decision {
            *kept = standing;
        }
    }
    let opinion = |s: &Standing| {
        // To accept that a record is gone is to say that it was wrong.
        let right = (s.judgement.verdict != Some(Verdict::Reject)) != s.removal;
        right.then(|| corrected(record, &s.judgement.fields).ok()).flatten()
    };
    let mut opinions = last.values().map(|s| opinion(s));
    let Some(first) = opinions.next() else { return Settled::Open };
    if opinions.any(|other| other != first) {
        done.disputed += 1;
        return Settled::Disputed;
    }
    first.map_or(Settled::Wrong, |record| Settled::Right(Box::new(record)))
}

/// A figure as gold has it.
fn of(record: &Record, settled: &Settled) -> Option<Value> {
    let (right, optional) = match settled {
        Settled::Wrong => return None,
        Settled::Right(right) => (right.as_ref(), false),
        Settled::Open | Settled::Disputed => (record, true),
    };
    let mut figure = Map::new();
    let [start, end] = right.span.chars;
    let fixed = [("start", start.into()), ("end", end.into()), ("quote", right.quote.as_str().into()), ("kind", right.kind.as_str().into())];
    let value = &right.value;
    let numbers = [("amount", Some(&value.amount)), ("upper", value.upper.as_ref()), ("of", value.of.as_ref())];
    let terms = [("qualifier", right.qualifier.as_str()), ("change", right.change.as_str()), ("status", right.status.as_str())];
    let words = [("subject", right.subject.as_ref()), ("basis", right.basis.as_ref()), ("place", right.place.as_ref().map(|p| &p.name))];
    figure.extend(fixed.map(|(k, v): (&str, Value)| (k.to_owned(), v)));
    figure.extend(numbers.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?.as_str().into()))));
    figure.insert("unit".into(), right.unit.as_str().into());
    figure.extend(terms.map(|(k, v)| (k.to_owned(), v.into())));
    figure.extend(words.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?.as_str().into()))));
    if let Some(period) = &right.period {
        figure.insert("time".into(), json!({"start": period.start, "end": period.end}));
    }
    if optional {
        figure.insert("optional".into(), true.into());
    }
    Some(figure.into())
}
