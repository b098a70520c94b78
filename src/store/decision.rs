//! Decisions: what reviewers said of items, and what of it stands.
//!
//! In: decisions, one after the other. Out: the log, what stands of it for each reviewer and item, and where reviewers disagree.
//! Never: a change of what was said: undoing is a decision, too.

use super::{Result, Store, now};
use crate::record::Record;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a reviewer says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is right: the record, or that it is gone.
    Accept,
    /// It is wrong.
    Reject,
    /// Not now.
    Skip,
    /// Takes back the reviewer's last decision on the item that is not taken back yet.
    Undo,
    /// It is right with these fields.
    Edit,
    /// No verdict, only words.
    Note,
}

impl Verdict {
    pub const ALL: [Self; 6] = [Self::Accept, Self::Reject, Self::Skip, Self::Undo, Self::Edit, Self::Note];

    /// The word that the store writes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Skip => "skip",
            Self::Undo => "undo",
            Self::Edit => "edit",
            Self::Note => "note",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == word)
    }
}

/// A decision to be written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewDecision {
    pub reviewer: String,
    /// What was looked at: [`crate::record::item_key`].
    pub item: String,
    /// Id of the record.
    pub record: String,
    /// Hash of the document that it was judged by.
    #[serde(default)]
    pub document: Option<String>,
    /// The judged record is one that the newer run no longer has: to accept is to say that it is rightly gone.
    #[serde(default)]
    pub removal: bool,
    pub verdict: Verdict,
    /// Of an edit: fields of the record as [`crate::record::Record`] writes them, with the value that they should have.
    #[serde(default)]
    pub fields: Option<Map<String, Value>>,
    #[serde(default)]
    pub note: Option<String>,
    /// The record as it was judged.
    #[serde(default)]
    pub judged: Option<Record>,
}

/// A decision of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Place in the log of this store.
    #[serde(default)]
    pub decision: i64,
    /// RFC 3339, UTC.
    pub time: String,
    #[serde(flatten)]
    pub said: NewDecision,
}

/// What one reviewer's decisions on one item come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    pub reviewer: String,
    pub item: String,
    pub record: String,
    pub document: Option<String>,
    pub removal: bool,
    #[serde(flatten)]
    pub judgement: Judgement,
    pub judged: Option<Record>,
    /// The last decision that counts, and its time.
    pub decision: i64,
    pub time: String,
}

/// A verdict with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Judgement {
    /// Accept, reject, skip or edit; none when there are only notes.
    pub verdict: Option<Verdict>,
    /// Corrections: all edits that stand, the later over the earlier.
    pub fields: Map<String, Value>,
    pub notes: Vec<String>,
}

/// An item of which reviewers say different things.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    pub item: String,
    pub record: String,
    /// By reviewer.
    pub standings: Vec<Standing>,
}

/// Which decisions are asked for; none asks for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    pub reviewer: Option<&'a str>,
    /// Id of a record.
    pub record: Option<&'a str>,
}

impl Store {
    /// Writes decisions down, all of them or none; gives the place in the log of the last.
    ///
    /// # Errors
    /// When the store cannot be written, an edit has no fields, or a note no words.
    pub fn decide(&mut self, decisions: &[NewDecision]) -> Result<i64> {
        let time = now();
        self.append(decisions.iter().map(|said| (time.as_str(), said)))
    }

    /// Takes over decisions with their times; gives how many were new. One that is there already is passed over.
    ///
    /// # Errors
    /// As [`Store::decide`].
    pub fn import(&mut self, decisions: &[Decision]) -> Result<usize> {
        let known = self.decisions(Asked::default())?;
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        known.iter().for_each(|d| *left.entry(alike(d)).or_default() += 1);
        // What is twice in the file is twice in the log.
        let new: Vec<&Decision> = decisions.iter().filter(|d| left.get_mut(&alike(d)).is_none_or(|n| std::mem::replace(n, n.saturating_sub(1)) == 0)).collect();
        self.append(new.iter().map(|d| (d.time.as_str(), &d.said)))?;
        Ok(new.len())
    }

    /// The log, or a part of it, in its order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn decisions(&self, asked: Asked<'_>) -> Result<Vec<Decision>> {
        let all = || {
            let sql = "SELECT * FROM decisions WHERE (?1 IS NULL OR reviewer = ?1) AND (?2 IS NULL OR record = ?2) ORDER BY decision";
            let mut select = self.connection.prepare_cached(sql)?;
            let decisions = select.query_map(params![asked.reviewer, asked.record], decision)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(decisions)
        };
        all().map_err(|e| self.failed(e))
    }

    /// What stands of the log, by item and reviewer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn standings(&self, asked: Asked<'_>) -> Result<Vec<Standing>> {
        Ok(standings(self.decisions(asked)?))
    }

    /// Items of which reviewers say different things. To skip is to say nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn disagreements(&self) -> Result<Vec<Disagreement>> {
        Ok(disagreements(self.standings(Asked::default())?))
    }

    /// Who has decided anything.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reviewers(&self) -> Result<Vec<String>> {
        let all = || {
            let mut select = self.connection.prepare_cached("SELECT DISTINCT reviewer FROM decisions ORDER BY reviewer")?;
            let names = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(names)
        };
        all().map_err(|e| self.failed(e))
    }

    fn append<'d>(&mut self, decisions: impl Iterator<Item = (&'d str, &'d NewDecision)>) -> Result<i64> {
        self.in_transaction(|transaction| {
            let sql =
                "INSERT INTO decisions (time, reviewer, item, record, document, removal, verdict, fields, note, judged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            let mut insert = transaction.prepare_cached(sql)?;
            for (time, d) in decisions {
                let fields = d.fields.as_ref().map(|f| Value::Object(f.clone()).to_string());
                let judged = d.judged.as_ref().map(serde_json::to_string).transpose().map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
                insert.execute(params![time, d.reviewer, d.item, d.record, d.document, d.removal, d.verdict.as_str(), fields, d.note, judged])?;
            }
            Ok(transaction.last_insert_rowid())
        })
    }
}

/// What stands of a log.
fn standings(log: Vec<Decision>) -> Vec<Standing> {
    let mut stacks: BTreeMap<(String, String), Vec<Decision>> = BTreeMap::new();
    for decision in log {
        let stack = stacks.entry((decision.said.item.clone(), decision.said.reviewer.clone())).or_default();
        if decision.said.verdict == Verdict::Undo { drop(stack.pop()) } else { stack.push(decision) }
    }
    stacks.into_values().filter_map(standing).collect()
}

pub(super) fn standing(stack: Vec<Decision>) -> Option<Standing> {
    let mut judgement = Judgement::default();
    for Decision { said, .. } in &stack {
        if said.verdict != Verdict::Note {
            judgement.verdict = Some(said.verdict);
        }
        for (name, value) in said.fields.iter().flatten() {
            // What was emptied as a whole has no parts of earlier edits.
            let part = |key: &String| key.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
            judgement.fields.retain(|key, _| !part(key));
            judgement.fields.insert(name.clone(), value.clone());
        }
        judgement.notes.extend(said.note.clone());
    }
    // A record that is wrong has no right fields.
    if judgement.verdict == Some(Verdict::Reject) {
        judgement.fields.clear();
    }
    let Decision { decision, time, said } = stack.into_iter().last()?;
    let NewDecision { reviewer, item, record, document, removal, judged, .. } = said;
    Some(Standing { reviewer, item, record, document, removal, judgement, judged, decision, time })
}

fn disagreements(standings: Vec<Standing>) -> Vec<Disagreement> {
    let mut by_item: BTreeMap<String, Vec<Standing>> = BTreeMap::new();
    for standing in standings {
        if matches!(standing.judgement.verdict, Some(Verdict::Accept | Verdict::Reject | Verdict::Edit)) {
            by_item.entry(standing.item.clone()).or_default().push(standing);
        }
    }
    let differ = |all: &[Standing]| all.windows(2).any(|two| opinion(&two[0]) != opinion(&two[1]));
    let told = |(item, standings): (String, Vec<Standing>)| {
        let record = standings.first().map(|s| s.record.clone()).unwrap_or_default();
        differ(&standings).then_some(Disagreement { item, record, standings })
    };
    by_item.into_iter().filter_map(told).collect()
}

/// What two reviewers must share to agree.
fn opinion(standing: &Standing) -> (bool, &Map<String, Value>) {
    (standing.judgement.verdict == Some(Verdict::Reject), &standing.judgement.fields)
}

/// What two entries share that are the same decision in two stores.
fn alike(decision: &Decision) -> String {
    serde_json::json!([decision.time, decision.said]).to_string()
}

pub(super) fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let wrong = |e: Box<dyn std::error::Error + Send + Sync>| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, e);
    let verdict: String = row.get("verdict")?;
    let fields: Option<String> = row.get("fields")?;
    let judged: Option<String> = row.get("judged")?;
    Ok(Decision {
        decision: row.get("decision")?,
        time: row.get("time")?,
        said: NewDecision {
            reviewer: row.get("reviewer")?,
            item: row.get("item")?,
            record: row.get("record")?,
            document: row.get("document")?,
            removal: row.get("removal")?,
            verdict: Verdict::from_word(&verdict).ok_or_else(|| wrong(format!("no verdict: {verdict}").into()))?,
            fields: fields.map(|f| serde_json::from_str(&f)).transpose().map_err(|e| wrong(e.into()))?,
            note: row.get("note")?,
            judged: judged.map(|j| serde_json::from_str(&j)).transpose().map_err(|e| wrong(e.into()))?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reviewer: &str, verdict: Verdict, unit: Option<&str>) -> NewDecision {
        let fields = unit.map(|unit| Map::from_iter([("unit".to_owned(), unit.into())]));
        let note = (verdict == Verdict::Note).then(|| "xem lại".to_owned());
        NewDecision { reviewer: reviewer.into(), item: "i".into(), record: "r".into(), document: None, removal: false, verdict, fields, note, judged: None }
    }

    fn store(dir: &tempfile::TempDir, name: &str, all: &[NewDecision]) -> Store {
        let mut store = Store::open(&dir.path().join(name)).unwrap();
        store.decide(all).unwrap();
        store
    }

    fn verdict(store: &Store, reviewer: &str) -> Option<Verdict> {
        store.standings(Asked { reviewer: Some(reviewer), record: None }).unwrap().first().and_then(|s| s.judgement.verdict)
    }

    #[test]
    fn an_undo_takes_back_one_decision_after_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = store(&dir, "a", &[said("an", Verdict::Accept, None), said("an", Verdict::Reject, None)]);
        let undo = said("an", Verdict::Undo, None);
        assert_eq!(verdict(&store, "an"), Some(Verdict::Reject));
        store.decide(std::slice::from_ref(&undo)).unwrap();
        assert_eq!(verdict(&store, "an"), Some(Verdict::Accept));
        store.decide(&[undo.clone(), undo]).unwrap();
        assert_eq!(verdict(&store, "an"), None);
        assert_eq!(store.decisions(Asked::default()).unwrap().len(), 5);
    }

    #[test]
    fn edits_add_up_and_a_rejection_drops_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = store(&dir, "a", &[said("an", Verdict::Edit, Some("hộ")), said("an", Verdict::Note, None), said("an", Verdict::Accept, None)]);
        let judgement = store.standings(Asked::default()).unwrap().remove(0).judgement;
        assert_eq!((judgement.verdict, judgement.fields["unit"].as_str(), judgement.notes.len()), (Some(Verdict::Accept), Some("hộ"), 1));
        store.decide(&[said("an", Verdict::Reject, None)]).unwrap();
        assert!(store.standings(Asked::default()).unwrap()[0].judgement.fields.is_empty());
    }

    #[test]
    fn reviewers_are_kept_apart_and_their_disagreements_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = store(&dir, "a", &[said("an", Verdict::Accept, None), said("bình", Verdict::Skip, None)]);
        assert!(store.disagreements().unwrap().is_empty());
        store.decide(&[said("bình", Verdict::Edit, Some("hộ"))]).unwrap();
        let found = store.disagreements().unwrap();
        assert_eq!((found.len(), found[0].standings.len(), store.reviewers().unwrap()), (1, 2, vec!["an".to_owned(), "bình".to_owned()]));
    }

    #[test]
    fn a_log_travels_and_comes_but_once() {
        let dir = tempfile::tempdir().unwrap();
        let first = store(&dir, "a", &[said("an", Verdict::Skip, None), said("an", Verdict::Skip, None), said("an", Verdict::Reject, None)]);
        let mut second = store(&dir, "b", &[]);
        let lines: Vec<String> = first.decisions(Asked::default()).unwrap().iter().map(|d| serde_json::to_string(d).unwrap()).collect();
        let log: Vec<Decision> = lines.iter().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!([second.import(&log).unwrap(), second.import(&log).unwrap()], [3, 0]);
        assert_eq!(verdict(&second, "an"), Some(Verdict::Reject));
    }

    #[test]
    fn what_was_decided_can_be_neither_changed_nor_removed() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = store(&dir, "a", &[said("an", Verdict::Accept, None)]);
        for sql in ["DELETE FROM decisions", "UPDATE decisions SET verdict = 'reject'"] {
            assert!(store.connection.execute_batch(sql).unwrap_err().to_string().contains("only ever added"));
        }
        assert!(store.decide(&[said("an", Verdict::Edit, None)]).is_err());
    }
}
