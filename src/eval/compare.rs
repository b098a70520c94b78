//! What a change of the rules won and lost: two runs over the same gold file, figure by figure.

use super::gold::{Figure, Predicted};
use super::score::{FIELDS, Pair, Scored, ScoredDocument};

/// A figure that is judged differently in the two runs.
#[derive(Debug)]
pub struct Changed<'a> {
    /// `found`, `spurious`, or one of [`FIELDS`].
    pub field: &'static str,
    /// Right now and wrong before, or the other way round.
    pub won: bool,
    pub document: &'a str,
    /// The gold figure; none for records that lie on no figure.
    pub figure: Option<&'a Figure>,
    pub old: Option<&'a Predicted>,
    pub new: Option<&'a Predicted>,
    pub context: &'a str,
}

/// All changes from an older to a newer run over the same gold file, in the order of fields, then of documents.
pub fn compare<'a>(old: &Scored<'a>, new: &Scored<'a>) -> Vec<Changed<'a>> {
    let mut out = Vec::new();
    out.extend(figures(old, new, "found", &|_| true));
    out.extend(spurious(old, new, false));
    out.extend(spurious(new, old, true));
    for (k, field) in FIELDS.into_iter().enumerate() {
        out.extend(figures(old, new, field, &|p| p.right[k]));
    }
    out
}

fn figures<'a>(old: &Scored<'a>, new: &Scored<'a>, field: &'static str, is_right: &dyn Fn(&Pair<'a>) -> bool) -> Vec<Changed<'a>> {
    let right = |pair: Option<&Pair<'a>>| pair.is_some_and(is_right);
    let both = old.figures().zip(new.figures());
    let changed = both.filter(|((_, _, before), (_, _, after))| right(*before) != right(*after));
    changed
        .map(|((document, figure, before), (_, _, after))| Changed {
            field,
            won: right(after),
            document: &document.gold.id,
            figure: Some(figure),
            old: before.map(|p| p.predicted),
            new: after.map(|p| p.predicted),
            context: document.around([figure.start, figure.end], 60, 40),
        })
        .collect()
}

/// Spurious records of one run that the other does not have.
fn spurious<'a>(run: &Scored<'a>, other: &Scored<'a>, appeared: bool) -> Vec<Changed<'a>> {
    let is_in = |d: &ScoredDocument<'a>, p: &Predicted| d.spurious.iter().any(|q| q.span.chars == p.span.chars);
    let mut out = Vec::new();
    for (document, twin) in run.documents.iter().zip(&other.documents) {
        for record in document.spurious.iter().filter(|p| !is_in(twin, p)) {
            let (old, new) = if appeared { (None, Some(*record)) } else { (Some(*record), None) };
            let context = document.around(record.span.chars, 60, 40);
            out.push(Changed { field: "spurious", won: !appeared, document: &document.gold.id, figure: None, old, new, context });
        }
    }
    out
}
