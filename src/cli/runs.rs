//! `solieu runs`: the runs of a store.

use crate::failure::{Failure, Status};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Table};
use solieu::store::{Run, RunName, State, Store};
use std::io::Write;
use std::path::PathBuf;

const WARN: Style = AnsiColor::Yellow.on_default();
/// A run that was written to so shortly before is likely at work.
const AT_WORK: i64 = 60;

/// Lists the runs of a store, or removes some
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  solieu runs runs.sqlite\n  solieu runs runs.sqlite --format json | jq .rules\n  solieu runs remove runs.sqlite 3 4\n\nAn unfinished run is at work, or was broken off. Elsewhere a run is named runs.sqlite#3, runs.sqlite#last or runs.sqlite#prev (the finished run before the last)."
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The store
    #[arg(required = true)]
    store: Option<PathBuf>,
    /// How runs are printed; json is one run a line
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
}

#[derive(clap::Subcommand)]
enum Command {
    Remove(Remove),
}

/// Removes runs, with what no other run and no decision needs
#[derive(clap::Args)]
struct Remove {
    /// The store
    store: PathBuf,
    /// Numbers of runs
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<i64>,
    /// Also a run that may be at work
    #[arg(long)]
    force: bool,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        if let Some(Command::Remove(remove)) = self.command {
            return remove.run();
        }
        let store = Store::existing(&self.store.unwrap_or_default())?;
        let runs = store.runs()?;
        let mut out = anstream::stdout().lock();
        match self.format {
            Format::Json => runs.iter().try_for_each(|run| writeln!(out, "{}", serde_json::json!(run)))?,
            Format::Table if runs.is_empty() => writeln!(out, "no runs")?,
            Format::Table => writeln!(out, "{}", table(&runs))?,
        }
        Ok(Status::Good)
    }
}

impl Remove {
    fn run(self) -> Result<Status, Failure> {
        let mut store = Store::existing(&self.store)?;
        // All are looked at before one is removed.
        let runs = self.runs.iter().map(|run| store.run(RunName::Number(*run))).collect::<Result<Vec<_>, _>>()?;
        if let Some(run) = runs.iter().find(|run| !self.force && at_work(run)) {
            let text = "was written to within the last minute and may be at work; wait, or add --force";
            return Err(Failure::told(format!("{}: run {} {text}", self.store.display(), run.run)));
        }
        for run in runs {
            store.remove(run.run)?;
            anstream::println!("removed run {} ({}, documents: {}, figures: {})", run.run, state(&run), run.documents, run.figures);
        }
        Ok(Status::Good)
    }
}

fn at_work(run: &Run) -> bool {
    let written: Option<jiff::Timestamp> = run.written.parse().ok();
    run.state == State::Unfinished && written.is_some_and(|at| jiff::Timestamp::now().as_second() - at.as_second() < AT_WORK)
}

fn state(run: &Run) -> &'static str {
    if run.state == State::Finished { "finished" } else { "unfinished" }
}

fn table(runs: &[Run]) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(
        ["run", "started", "state", "documents", "figures", "skipped", "program", "rules", "inputs"].map(|h| Cell::new(h).add_attribute(Attribute::Bold)),
    );
    for run in runs {
        let state = match &run.finished {
            Some(_) => "finished".to_owned(),
            None => format!("{WARN}unfinished{WARN:#}, last written {}", run.written),
        };
        let rules = run.rules.get(..8).unwrap_or(&run.rules);
        let counts = [run.documents, run.figures, run.skipped].map(|n| n.to_string());
        let [documents, figures, skipped] = counts;
        table.add_row([
            run.run.to_string(),
            run.started.clone(),
            state,
            documents,
            figures,
            skipped,
            run.program.clone(),
            rules.to_owned(),
            run.inputs.join(" "),
        ]);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
