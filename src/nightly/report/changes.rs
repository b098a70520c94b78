//! Figures of edited pages that are others than before.
//!
//! In: articles whose text changed, with the records of both texts. Out: what was corrected (old and new), what came, what went. Never: a
//! figure that only moved.

use crate::nightly::outcome::Outcome;
use crate::nightly::state::{State, StateError};
use crate::record::Record;
use serde::Serialize;

/// A figure of an edited page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub portal: String,
    pub url: String,
    /// What is counted or measured, or the series.
    pub what: String,
    /// As the page said before; none for a figure that came.
    pub old: Option<String>,
    /// As it says now; none for one that went.
    pub new: Option<String>,
    /// Ids of the records.
    pub old_record: Option<String>,
    pub new_record: Option<String>,
}

/// The changes of a night, by portal and address.
pub fn of(state: &mut State) -> Result<Vec<Change>, StateError> {
    let edited = state.fetches(&|outcome| outcome == Outcome::Changed, usize::MAX)?;
    let run = state.run;
    let mut out = Vec::new();
    for fetch in edited {
        let (Some((before, before_run)), Some(document)) = (&fetch.before, &fetch.document) else {
            continue;
        };
        let old = state.store().records_of(*before_run, before)?;
        let new = state.store().records_of(run, document)?;
        out.extend(pairs(&old, &new).into_iter().map(|(old, new)| change(&fetch.portal, &fetch.url, old, new)));
    }
    Ok(out)
}

fn change(portal: &str, url: &str, old: Option<&Record>, new: Option<&Record>) -> Change {
    let told = new.or(old);
    let subject = told.and_then(|r| r.subject.clone());
    let series = told.and_then(|r| r.indicator.as_ref().map(|i| i.id.clone()));
    Change {
        portal: portal.to_owned(),
        url: url.to_owned(),
        what: subject.or(series).unwrap_or_default(),
        old: old.map(|r| r.quote.clone()),
        new: new.map(|r| r.quote.clone()),
        old_record: old.map(|r| r.id.clone()),
        new_record: new.map(|r| r.id.clone()),
    }
}

/// What is the same is left out; what is left is paired by what it is about, then in text order.
fn pairs<'r>(old: &'r [Record], new: &'r [Record]) -> Vec<(Option<&'r Record>, Option<&'r Record>)> {
    let mut olds: Vec<&Record> = old.iter().collect();
    let mut news: Vec<&Record> = Vec::new();
    for record in new {
        match olds.iter().position(|o| about(o) == about(record) && says(o) == says(record)) {
            Some(at) => drop(olds.remove(at)),
            None => news.push(record),
        }
    }
    let mut out = Vec::new();
    for record in news {
        let at = olds.iter().position(|o| about(o) == about(record));
        out.push((at.map(|at| olds.remove(at)), Some(record)));
    }
    out.extend(olds.into_iter().map(|o| (Some(o), None)));
    out
}

/// What a figure is about, whatever its value.
fn about(r: &Record) -> impl PartialEq + '_ {
    let place = r.place.as_ref().map(|p| &p.name);
    let period = r.period.as_ref().map(|p| (&p.start, &p.end));
    (r.kind, &r.unit, r.change, r.status, &r.subject, &r.basis, r.indicator.as_ref().map(|i| &i.id), place, period)
}

fn says(r: &Record) -> impl PartialEq + '_ {
    (&r.value.amount, &r.value.upper, &r.value.of, r.qualifier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    fn quotes(old: &str, new: &str) -> Vec<(Option<String>, Option<String>)> {
        let read = |text: &str| Extractor::new().extract(&Document::new("a", text));
        let (old, new) = (read(old), read(new));
        pairs(&old, &new).into_iter().map(|(o, n)| (o.map(|r| r.quote.clone()), n.map(|r| r.quote.clone()))).collect()
    }

    #[test]
    fn a_corrected_figure_is_old_and_new_and_one_that_moved_is_nothing() {
        let old = "Năm 2024, tỉnh Lai Châu có 94 xã. Toàn tỉnh trồng mới 1.200 ha rừng.";
        assert_eq!(quotes(old, &format!("Tin mới. {old}")), []);
        assert_eq!(quotes(old, &old.replace("1.200", "1.250")), [(Some("1.200 ha".into()), Some("1.250 ha".into()))]);
        assert_eq!(quotes(old, "Năm 2024, tỉnh Lai Châu có 94 xã."), [(Some("1.200 ha".into()), None)]);
    }
}
