//! What is told while a night is at work, on standard error.
//!
//! In: events. Out: a line each: JSON for machines, words for people. Never: a credential: addresses that hold one are not asked, and of the
//! webhook only the host is told.

use super::outcome::Outcome;
use super::state::{Answer, Receipt};
use serde_json::{Map, Value, json};
use std::io::Write;
use url::Url;

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Log {
    Json,
    #[default]
    Text,
    /// Only what went wrong.
    Quiet,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Event {
    warning: bool,
    text: String,
    fields: Map<String, Value>,
}

impl Event {
    pub fn new(name: &str, warning: bool, text: String, fields: Value) -> Self {
        let mut all = Map::new();
        all.insert("time".into(), jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into());
        all.insert("level".into(), if warning { "warning" } else { "info" }.into());
        all.insert("event".into(), name.into());
        if let Value::Object(fields) = fields {
            all.extend(fields);
        }
        Self { warning, text, fields: all }
    }

    pub fn begin(night: i64, resumed: bool, portals: usize) -> Self {
        let text = format!("night {night} {}, portals: {portals}", if resumed { "goes on" } else { "begins" });
        Self::new("begin", false, text, json!({"night": night, "resumed": resumed, "portals": portals}))
    }

    pub fn leave(host: &str, outcome: Outcome, why: &str) -> Self {
        Self::new("host_left", true, format!("{host} is left alone for the night: {why}"), json!({"host": host, "outcome": outcome, "reason": why}))
    }

    pub fn spent(portal: &str, what: &str) -> Self {
        let text = format!("{portal}: its {what} for the night are spent, the rest is left to the next");
        Self::new("budget_spent", false, text, json!({"portal": portal, "budget": what}))
    }

    pub fn page(portal: &str, url: &Url, kind: &str, answer: &Answer<'_>, receipt: &Receipt) -> Self {
        let word = receipt.outcome.word();
        let why = receipt.reason.as_deref().map_or_else(String::new, |r| format!(" ({r})"));
        let fields = json!({
            "portal": portal, "kind": kind, "url": url.as_str(), "outcome": word, "reason": receipt.reason, "figures": receipt.figures, "found": receipt.found,
            "status": answer.exchange.ok().map(|e| e.status), "bytes": answer.exchange.map_or(0, |e| e.response.len()),
            "ms": u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX), "again": answer.again.is_some(),
        });
        Self::new("page", !receipt.outcome.is_good(), format!("{portal}: {kind} {word} {url}{why}"), fields)
    }
}

impl Log {
    /// Tells an event; who cannot hear it does not stop the night.
    pub fn say(self, event: &Event) {
        let line = match self {
            Log::Quiet if !event.warning => return,
            Log::Json => Value::Object(event.fields.clone()).to_string(),
            _ => event.text.clone(),
        };
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}
