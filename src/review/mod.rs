//! Review: a local web page on which analysts settle what two runs of a store read differently, or what one run reads.
//!
//! In: a store, one run or two, requests of browsers. Out: pages, and decisions in the store. Never: a change of a record, a request that
//! the guard has not passed, markup from a document, or anything loaded from elsewhere.
//!
//! | file | question |
//! |---|---|
//! | `desk.rs` | which items are there, and what is done with them? |
//! | `index.rs` | which items does a filter ask for? |
//! | `ledger.rs` | what did reviewers say of each item? |
//! | `query.rs` | which filter, and which item? |
//! | `edit.rs`, `export.rs` | what does a form correct, and how is gold sent? |
//! | `excerpt.rs` | where does the figure stand in its text? |
//! | `site.rs`, `guard.rs` | who may ask? |
//! | `answer.rs` | what does each address do? |
//! | `page/` | how does it look? |
//! | `words.rs`, `words.toml`, `keys.rs` | what do the pages say, and which keys are there? |
//!
//! Pages work without the script, which only saves the time to load them and listens to keys.

mod answer;
mod desk;
mod edit;
mod excerpt;
mod export;
mod guard;
mod index;
mod keys;
mod ledger;
mod page;
mod query;
mod site;
mod words;

pub use desk::{Desk, DeskError};
pub use guard::secret;
pub use site::{Server, Settings};
pub use words::Lang;
