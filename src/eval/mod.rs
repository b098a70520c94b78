//! Evaluation: how well records agree with a gold file.
//!
//! In: gold documents, records. Out: precision, recall and F1 of every field, the errors, and what changed against an
//! earlier run. Never: a rule of its own; it agrees with the project's `score.py` to the last digit.
//!
//! A record and a gold figure are paired when their numbers overlap in the text, one to one, best overlap first. A field
//! counts as right only where detection and that field are right. The rows `marked …` count only what departs from the
//! default, so that a program cannot do well by always answering with the default. Finding an optional figure is neither
//! rewarded nor punished.

mod compare;
mod gold;
mod report;
mod score;
mod text;

pub use compare::{Changed, compare};
pub use gold::{
    Amounts, ByDocument, Figure, GoldDocument, GoldError, Named, PlaceName, Plain, Predicted, PredictedSpan, Said, Time, extracted, gold, predicted,
};
pub use report::{changes, errors, scores};
pub use score::{FIELDS, Pair, Row, Scored, ScoredDocument, Scores};
pub use text::{fold, number, place_name, same_text, same_unit};
