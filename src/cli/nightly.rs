//! `solieu nightly` and `solieu prune`: the job of every night, and making room for it.

use crate::failure::{Failure, Status, rules};
use clap::ValueEnum;
use solieu::nightly::{Clock, Config, Guard, Keep, Log, Network, Settings, nightly, prune};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

const HELP: &str = "Examples:
  solieu nightly portals.toml
  solieu nightly /etc/solieu/portals.toml --log json

Asks the portals for what is new, archives it, stores its figures, and writes the report. Started again after an interruption, it goes on where it stopped. docs/nightly.md tells how to run it from a timer.

Exit status: 0 nothing to look at; 1 the report names something to look at (a portal that cannot be read, fell silent, or changed its layout); 2 the night could not be run.";

/// Fetches what is new on portals, archives, extracts, stores, reports
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The list of portals (TOML)
    #[arg(value_name = "FILE")]
    config: PathBuf,
    /// How the night tells what it does, on standard error
    #[arg(long, value_enum, value_name = "HOW", default_value_t = LogName::Text)]
    log: LogName,
    #[command(flatten)]
    common: Common,
}

/// What all commands over portals take.
#[derive(clap::Args)]
pub struct Common {
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
    /// For tests: ask machines of this private network, too
    #[arg(long, value_name = "NETWORK", hide_short_help = true)]
    allow_private: Vec<Network>,
    /// For tests: the address of a host, instead of a look-up
    #[arg(long, value_name = "HOST=ADDRESS:PORT", value_parser = host, hide_short_help = true)]
    resolve: Vec<(String, SocketAddr)>,
    /// For tests: the time that the night begins with
    #[arg(long, value_name = "TIME", hide_short_help = true)]
    now: Option<jiff::Timestamp>,
    /// For tests: the first wait before another try, in milliseconds
    #[arg(long, value_name = "MS", hide_short_help = true)]
    again: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogName {
    /// A line of JSON for each event
    Json,
    /// A line of words for each event
    Text,
    /// Only what went wrong
    Quiet,
}

fn host(text: &str) -> Result<(String, SocketAddr), String> {
    let (host, address) = text.split_once('=').ok_or("write HOST=ADDRESS:PORT")?;
    Ok((host.to_ascii_lowercase(), address.parse().map_err(|e| format!("{address}: {e}"))?))
}

impl Common {
    pub fn settings(&self, log: Log) -> Result<Settings, Failure> {
        let guard = Guard { open: self.allow_private.clone(), hosts: self.resolve.iter().cloned().collect() };
        let clock = self.now.map_or_else(Clock::default, Clock::at);
        let mut settings = Settings { guard, clock, ..Settings::new(rules(self.patterns.as_deref())?, log) };
        settings.again = self.again.map_or(settings.again, Duration::from_millis);
        Ok(settings)
    }
}

/// Reads a configuration, or tells all its faults.
pub fn config(path: &Path) -> Result<Config, Failure> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|e| Failure::told(format!("{name}: cannot be read: {e}; `portals.example.toml` shows what it should hold")))?;
    Config::read(&name, &text).map_err(|faults| {
        let rendered: Vec<String> = faults.iter().map(|d| d.render(&text, true)).collect();
        Failure::Config { file: name, count: rendered.len(), rendered: rendered.join("\n\n") }
    })
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let log = match self.log {
            LogName::Json => Log::Json,
            LogName::Text => Log::Text,
            LogName::Quiet => Log::Quiet,
        };
        let report = nightly(&config(&self.config)?, &self.common.settings(log)?).map_err(|e| Failure::told(e.to_string()))?;
        Ok(if report.good { Status::Good } else { Status::Partial })
    }
}

/// Removes archives, history and reports of nights that are long past
#[derive(clap::Args)]
#[command(
    after_help = "Records, documents and decisions are never removed. Without an option nothing is.\n\nExample:\n  solieu prune portals.toml --archives 730 --history 730 --reports 365"
)]
pub struct PruneArgs {
    /// The list of portals (TOML)
    #[arg(value_name = "FILE")]
    config: PathBuf,
    /// Keep web archives of so many days
    #[arg(long, value_name = "DAYS")]
    archives: Option<u32>,
    /// Keep the history of requests of so many days
    #[arg(long, value_name = "DAYS")]
    history: Option<u32>,
    /// Keep reports of so many days
    #[arg(long, value_name = "DAYS")]
    reports: Option<u32>,
    /// Only tell what would be removed
    #[arg(long)]
    dry_run: bool,
    /// For tests: the present time
    #[arg(long, value_name = "TIME", hide_short_help = true)]
    now: Option<jiff::Timestamp>,
}

impl PruneArgs {
    pub fn run(self) -> Result<Status, Failure> {
        let keep = Keep { archives: self.archives, history: self.history, reports: self.reports, dry: self.dry_run };
        if (keep.archives, keep.history, keep.reports) == (None, None, None) {
            return Err(Failure::told("nothing to remove; say how many days to keep: --archives DAYS, --history DAYS, --reports DAYS"));
        }
        let clock = self.now.map_or_else(Clock::default, Clock::at);
        let pruned = prune(&config(&self.config)?, keep, clock).map_err(|e| Failure::told(e.to_string()))?;
        let would = if keep.dry { "would remove" } else { "removed" };
        anstream::println!(
            "{would} {} archive files ({} bytes), {} requests of the history, {} reports",
            pruned.archives.len(),
            pruned.bytes,
            pruned.requests,
            pruned.reports.len()
        );
        Ok(Status::Good)
    }
}
