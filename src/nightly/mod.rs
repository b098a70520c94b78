//! The nightly job: portals over HTTP.
//!
//! In: a list of portals, a store, the time. Out: an archive of all that went over the wire, records of what is new, the history of
//! every page, a report. Never: two requests at once to a server, or sooner than it asks for; a page counted as done without its
//! records; a record twice; extraction of its own (it feeds `document` and the extractor).

mod address;
mod check;
mod clock;
pub mod config;
mod dates;
mod feed;
mod fetch;
mod guard;
mod job;
mod judge;
mod link;
mod listing;
mod lock;
mod log;
mod near;
mod night;
mod outcome;
mod prune;
mod queue;
pub mod report;
mod robots;
mod serve;
mod sitemap;
mod state;
mod tape;
mod warc;

pub use check::{Trial, Tried};
pub use clock::Clock;
pub use config::Config;
pub use guard::{Guard, Network};
pub use job::{NightError, nightly};
pub use log::Log;
pub use night::Settings;
pub use outcome::Outcome;
pub use prune::{Keep, PruneError, Pruned, prune};
pub use report::Report;
