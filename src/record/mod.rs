//! Records: what the program gives, as `record.schema.json` describes it.
//!
//! In: figures with their context and series. Out: owned [`Record`]s with stable ids, spans in code points and bytes of the
//! source, and arithmetic checks. Never: printing.

pub mod checks;
mod correct;
mod id;
mod link;
mod make;
mod schema;

pub use correct::{FIELDS, corrected};
pub use id::{item_key, record_id};
pub use link::{around, attach, sentence};
pub use make::make;
pub use schema::schema;

use crate::terms::{Change, Kind, Level, Qualifier, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How decimals are written.
const DECIMAL: &str = r"^-?[0-9]+(\.[0-9]+)?$";

/// A half-open range `[start, end]`.
pub type Range = [usize; 2];

/// Where the figure stands in the source text as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spans {
    /// Unicode code points, end exclusive.
    pub chars: Range,
    /// UTF-8 bytes, end exclusive.
    pub bytes: Range,
}

/// The number, scaled out, as plain decimal strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Value {
    #[schemars(extend("pattern" = DECIMAL))]
    pub amount: String,
    /// The upper end of a range.
    #[schemars(extend("pattern" = DECIMAL))]
    pub upper: Option<String>,
    /// The whole of a ratio, the size of the list of a rank.
    #[schemars(extend("pattern" = DECIMAL))]
    pub of: Option<String>,
}

/// The catalogued series that the figure belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorRef {
    pub id: String,
    pub programme: Option<String>,
}

/// Whose figure it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub name: String,
    /// Official code, when name and date leave one unit. Codes change meaning at 2025-07-01: keep them with the period.
    pub code: Option<String>,
    pub level: Level,
}

/// When it holds: ISO dates, inclusive; a state "as of" has no start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    #[schemars(extend("format" = "date"))]
    pub start: Option<String>,
    #[schemars(extend("format" = "date"))]
    pub end: Option<String>,
    /// The words that tell it.
    pub text: Option<String>,
}

/// One figure of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The same for the same document, place in it and figure, in every run.
    pub id: String,
    pub document: String,
    /// The figure as the source writes it, unnormalized.
    pub quote: String,
    pub span: Spans,
    pub kind: Kind,
    pub value: Value,
    pub unit: String,
    pub qualifier: Qualifier,
    pub change: Change,
    pub status: Status,
    /// What is counted or measured, in words of the text.
    pub subject: Option<String>,
    /// Of what a percentage is taken, or with what a change is compared.
    pub basis: Option<String>,
    pub indicator: Option<IndicatorRef>,
    pub place: Option<Place>,
    pub period: Option<Period>,
    /// Code points of the sentence that holds the figure.
    pub sentence: Range,
    /// The rule of `patterns/` that made the figure.
    pub rule: String,
    /// What does not add up: codes of `patterns/checks.toml`.
    pub checks: Vec<String>,
    /// The page with a text fragment that scrolls a browser to the figure; null when the document has no address.
    pub link: Option<String>,
}
