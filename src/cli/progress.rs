//! A progress line on standard error, for runs that take their time.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use solieu::pipeline::{Progress, Summary};
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Runs that are over by then show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const BAR: &str = "{elapsed_precise} {wide_bar} {bytes}/{total_bytes} ({bytes_per_sec}, {eta} left)  {msg}";
const SPINNER: &str = "{elapsed_precise} {spinner} {bytes} ({bytes_per_sec})  {msg}";

/// Shows itself after a second, when standard error is a terminal.
pub struct Bar {
    bar: ProgressBar,
    started: Instant,
    terminal: bool,
}

impl Bar {
    /// The bar has an end when all paths are files.
    pub fn new(paths: &[PathBuf]) -> Self {
        let total = size(paths);
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(if total.is_some() { BAR } else { SPINNER }) {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), terminal: stderr().is_terminal() }
    }

    /// Says something without tearing the bar.
    pub fn say(&self, text: &str) {
        self.bar.suspend(|| anstream::eprintln!("{text}"));
    }

    pub fn close(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&self, so_far: &Summary) {
        if !self.terminal || self.started.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(so_far.bytes as u64);
        self.bar.set_message(format!("{} documents, {} figures", so_far.documents, so_far.records));
    }
}

fn size(paths: &[PathBuf]) -> Option<u64> {
    let mut total = 0;
    for path in paths {
        total += path.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
    }
    Some(total)
}
