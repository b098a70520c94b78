mod anchor;
pub mod context;
pub mod diff;
pub mod document;
pub mod eval;
pub mod explain;
pub mod extract;
pub mod indicator;
#[cfg(feature = "nightly")]
pub mod nightly;
pub mod output;
pub mod pipeline;
pub mod quantity;
pub mod record;
#[cfg(feature = "review")]
pub mod review;
pub mod rules;
pub mod sentence;
pub mod series;
#[cfg(feature = "sqlite")]
pub mod store;
pub mod table;
pub mod terms;
pub mod text;

pub use document::Document;
pub use extract::Extractor;
pub use record::Record;
