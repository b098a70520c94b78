//! The nightly job: portals over HTTP.
//!
//! In: a list of portals, a store, the time. Out: an archive of all that went over the wire, records of what is new, the history of
//! every page, a report. Never: two requests at once to a server, or sooner than it asks for; a page counted as done without its
//! records; a record twice; extraction of its own (it feeds `document` and the extractor).

mod address;
pub mod config;
mod dates;
mod feed;
mod fetch;
mod guard;
mod link;
mod listing;
mod near;
mod robots;
mod sitemap;
mod tape;
mod warc;

pub use config::Config;
pub use guard::Guard;
