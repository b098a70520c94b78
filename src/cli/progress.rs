//! How far a run is, on standard error: a line on a terminal, or JSON lines for programs; and a summary at its end.

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use solieu::document::InputError;
use solieu::pipeline::{Progress, Summary};
use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Runs that are over by then show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often programs are told.
const EVERY: Duration = Duration::from_secs(10);
const BAR: &str = "{elapsed_precise} {wide_bar} {bytes}/{total_bytes} ({msg}, {eta} left)";
const SPINNER: &str = "{elapsed_precise} {spinner} {bytes} ({msg})";
/// Files whose size is that of the text in them.
const PLAIN: [&str; 4] = ["txt", "jsonl", "html", "htm"];

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// A line on a terminal, after a second; nothing elsewhere
    Auto,
    /// A JSON line every 10 seconds, one for each skipped input, and one at the end
    Json,
    /// Nothing but skipped inputs
    Never,
}

/// Tells of the run while it lasts.
pub struct Reporter {
    mode: Mode,
    bar: ProgressBar,
    terminal: bool,
    state: Arc<State>,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

/// What the thread that tells programs has to know.
struct State {
    started: Instant,
    /// Bytes of all inputs, when they can be known beforehand.
    total: Option<u64>,
    /// Bytes that an earlier run has done.
    done_before: usize,
    so_far: Mutex<Summary>,
}

impl Reporter {
    /// `before` is what an interrupted run has done.
    pub fn new(mode: Mode, paths: &[PathBuf], before: &Summary) -> Self {
        let terminal = mode == Mode::Auto && stderr().is_terminal();
        let total = if terminal || mode == Mode::Json { size(paths) } else { None };
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(if total.is_some() { BAR } else { SPINNER }) {
            bar.set_style(style);
        }
        bar.set_position(before.bytes as u64);
        bar.reset_eta();
        let state = Arc::new(State { started: Instant::now(), total, done_before: before.bytes, so_far: Mutex::new(before.clone()) });
        let ticker = (mode == Mode::Json).then(|| tick(state.clone()));
        Self { mode, bar, terminal, state, ticker }
    }

    /// Tells of an input that was skipped.
    pub fn fault(&self, error: &InputError) {
        self.tell("skipped", error);
    }

    /// Tells of a row that bears the id of an earlier one.
    pub fn repeat(&self, told: &InputError) {
        self.tell("repeated", told);
    }

    fn tell(&self, event: &str, error: &InputError) {
        if self.mode == Mode::Json {
            let InputError { path, line, reason, advice } = error;
            return say(&json!({"event": event, "path": path.to_string_lossy(), "line": line, "reason": reason, "advice": advice}));
        }
        self.bar.suspend(|| anstream::eprintln!("solieu: {error}"));
    }

    /// Says what was done, and how much of it the format has no place for.
    pub fn close(self, summary: &Summary, left_out: usize) {
        self.bar.finish_and_clear();
        if let Some((sender, thread)) = self.ticker {
            drop(sender);
            let _ = thread.join();
        }
        if self.mode == Mode::Json {
            let mut line = self.state.line("summary", summary);
            line["kinds"] = json!(summary.kinds);
            line["reasons"] = json!(summary.reasons);
            line["left_out"] = left_out.into();
            return say(&line);
        }
        if self.terminal && self.state.started.elapsed() >= PATIENCE {
            anstream::eprintln!("{}", done(summary, self.state.rate(summary)));
        }
        skipped(summary).iter().for_each(|line| anstream::eprintln!("{line}"));
        if left_out > 0 {
            anstream::eprintln!("solieu: figures left out: {left_out}; they are in no catalogued series, or their time has no end");
        }
    }
}

impl Progress for Reporter {
    fn advance(&self, so_far: &Summary) {
        if self.mode == Mode::Json {
            self.state.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone_from(so_far);
        }
        if !self.terminal || self.state.started.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(so_far.bytes as u64);
        let rate = self.state.rate(so_far);
        self.bar.set_message(format!("{} documents, {} figures, {rate:.1} MB/s", so_far.documents, so_far.records));
    }
}

impl State {
    /// Megabytes a second, of this run alone.
    fn rate(&self, so_far: &Summary) -> f64 {
        (so_far.bytes - self.done_before.min(so_far.bytes)) as f64 / 1e6 / self.started.elapsed().as_secs_f64().max(1e-3)
    }

    fn line(&self, event: &str, so_far: &Summary) -> Value {
        let rate = self.rate(so_far);
        let left = self.total.map(|total| total.saturating_sub(so_far.bytes as u64) as f64 / 1e6 / rate).filter(|left| left.is_finite());
        json!({
            "event": event,
            "seconds": tenths(self.started.elapsed().as_secs_f64()),
            "documents": so_far.documents,
            "figures": so_far.records,
            "skipped": so_far.faults,
            "repeated": so_far.repeats,
            "bytes": so_far.bytes,
            "total_bytes": self.total,
            "megabytes_per_second": tenths(rate),
            "seconds_left": left.map(tenths),
        })
    }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A thread of its own: one large document may take longer than the time between two lines.
fn tick(state: Arc<State>) -> (Sender<()>, JoinHandle<()>) {
    let (sender, stop) = channel::<()>();
    let thread = std::thread::spawn(move || {
        while stop.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            let so_far = state.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone();
            say(&state.line("progress", &so_far));
        }
    });
    (sender, thread)
}

/// Whoever has stopped listening misses nothing.
fn say(line: &Value) {
    let _ = writeln!(stderr(), "{line}");
}

fn done(summary: &Summary, rate: f64) -> String {
    let kinds: Vec<String> = summary.kinds.iter().map(|(kind, count)| format!("{} {count}", kind.as_str())).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
    format!("solieu: documents: {}, figures: {}{kinds}, {rate:.1} MB/s", summary.documents, summary.records)
}

/// The closing lines, when something was skipped.
fn skipped(summary: &Summary) -> Vec<String> {
    if summary.faults == 0 {
        return Vec::new();
    }
    let plural = if summary.faults == 1 { "" } else { "s" };
    let mut lines = vec![format!("solieu: {} input{plural} skipped; documents: {}, figures: {}", summary.faults, summary.documents, summary.records)];
    if summary.faults > 1 {
        lines.extend(summary.reasons.iter().map(|(reason, count)| format!("solieu:   {count} × {reason}")));
    }
    lines
}

/// Bytes of all inputs; none when that can only be known by reading them.
fn size(paths: &[PathBuf]) -> Option<u64> {
    let plain = |path: &Path| path.extension().is_some_and(|e| PLAIN.iter().any(|p| e.eq_ignore_ascii_case(p)));
    let mut total = 0;
    for path in paths {
        if !path.is_dir() {
            total += path.metadata().ok().filter(|m| m.is_file() && (plain(path) || paths.len() == 1))?.len();
            continue;
        }
        let files = walkdir::WalkDir::new(path).into_iter().flatten().filter(|e| e.file_type().is_file());
        for file in files.filter(|e| plain(e.path())) {
            total += file.metadata().ok()?.len();
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use solieu::terms::Kind;

    fn summary() -> Summary {
        let reasons = [("not UTF-8 at byte", 2), ("the row has no `id`", 1)].map(|(r, n)| (r.to_owned(), n));
        Summary {
            documents: 4,
            records: 9,
            bytes: 3_000_000,
            faults: 3,
            repeats: 0,
            kinds: [(Kind::Count, 7), (Kind::Money, 2)].into(),
            reasons: reasons.into(),
        }
    }

    #[test]
    fn the_rate_and_the_time_left_are_of_this_run() {
        let started = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
        let state = State { started, total: Some(5_000_000), done_before: 1_000_000, so_far: Mutex::default() };
        let line = state.line("progress", &summary());
        assert_eq!((&line["megabytes_per_second"], &line["seconds_left"], &line["figures"]), (&json!(1.0), &json!(2.0), &json!(9)));
    }

    #[test]
    fn a_run_that_has_done_nothing_yet_knows_no_time_left() {
        let state = State { started: Instant::now(), total: Some(5), done_before: 7, so_far: Mutex::default() };
        assert_eq!(state.line("progress", &Summary::default())["seconds_left"], Value::Null);
    }

    #[test]
    fn the_end_tells_kinds_and_reasons() {
        assert_eq!(done(&summary(), 1.25), "solieu: documents: 4, figures: 9 (count 7, money 2), 1.2 MB/s");
        let lines = ["solieu: 3 inputs skipped; documents: 4, figures: 9", "solieu:   2 × not UTF-8 at byte", "solieu:   1 × the row has no `id`"];
        assert_eq!(skipped(&summary()), lines);
        assert!(skipped(&Summary::default()).is_empty());
    }
}
