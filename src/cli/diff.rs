//! `solieu diff`: what changed between two runs.

use crate::failure::{Failure, Status, rules};
use crate::target::Target;
use clap::ValueEnum;
use solieu::Extractor;
use solieu::diff::report::{Heading, Html, Json, Markdown, Report, Table};
use solieu::diff::{Class, Counts, Diff, Filter, Item, Side, SideName, Spool, Wildcard, spool_lines};
use solieu::document::{InputError, Inputs, Reader};
use solieu::pipeline::{self, Options, Reading, Silent, Sink};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Items that a table shows at most, unless told otherwise.
const TABLE_LIMIT: usize = 200;
const HELP: &str = "Examples:
  solieu diff runs.sqlite#prev runs.sqlite#last
  solieu diff before.jsonl after.parquet --class value,unit
  solieu diff before.jsonl after.jsonl --indicator 'ntm.*' --format markdown
  solieu diff --rules built-in patterns corpus/press

A and B are JSONL files of records, Parquet files, - for JSONL on standard input, or runs of a store: FILE#3, FILE#last, FILE#prev; FILE alone is FILE#last. docs/diff.md tells classes, how records are paired, and the shape of json.

Exit status: 0 no differences (under the filter), 1 differences, 2 wrong usage, or a side cannot be read.";

/// Shows what changed between two runs: which figures came, went and changed, and how
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The old side and the new one; with --rules the inputs to read
    #[arg(required = true, value_name = "A B")]
    sides: Vec<String>,
    /// Compare two sets of rules on the inputs; `built-in` stands for the rules of the program
    #[arg(long, num_args = 2, value_names = ["OLD_DIR", "NEW_DIR"])]
    rules: Option<Vec<PathBuf>>,
    #[command(flatten)]
    filter: FilterArgs,
    /// How items are printed; json is one item a line
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Print at most so many items; 0 prints all [default: 200 for table, else all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Print the counts alone
    #[arg(long)]
    summary: bool,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Threads of --rules [default: one per core]
    #[arg(long, value_name = "N", requires = "rules")]
    jobs: Option<NonZeroUsize>,
}

/// Which items are asked for.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct FilterArgs {
    /// Only these classes: added, removed, value, unit, field, rule, text, moved
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = class)]
    class: Vec<Class>,
    /// Only these indicators; * stands for any letters, `none` for no indicator
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    indicator: Vec<Wildcard>,
    /// Only these places, by name or code
    #[arg(long, value_name = "PLACE", value_delimiter = ',')]
    place: Vec<Wildcard>,
    /// Only these documents
    #[arg(long, value_name = "NAME")]
    document: Vec<Wildcard>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Html,
    Markdown,
}

impl FilterArgs {
    pub fn filter(&self) -> Filter {
        let FilterArgs { class, indicator, place, document } = self.clone();
        Filter { classes: class, indicators: indicator, places: place, documents: document }
    }
}

fn class(word: &str) -> Result<Class, String> {
    Class::from_word(word).ok_or_else(|| format!("no such class; use some of: {}", Class::ALL.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", ")))
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let [old, new] = self.sides()?;
        let diff = Diff::new(old, new)?;
        let filter = self.filter.filter();
        let filtered = if filter.is_empty() { None } else { Some(count(&diff, &filter)?) };
        let heading = Heading { sides: diff.sides().map(|side| side.name().to_owned()), counts: diff.counts().clone(), filtered };
        if heading.filtered.as_ref().is_some_and(|counts| counts.items() == 0) && !diff.is_empty() {
            anstream::eprintln!("solieu: the filter matches none of {} items; check its words, or leave it out", diff.len());
        }
        let mut target = Target::open(self.output.as_deref(), self.format == Format::Table)?;
        self.print(&diff, &filter, &heading, &mut target)?;
        target.finish()?;
        let items = heading.filtered.as_ref().unwrap_or(&heading.counts).items();
        Ok(if items == 0 { Status::Good } else { Status::Partial })
    }

    fn sides(&self) -> Result<[Side; 2], Failure> {
        if let Some(dirs) = &self.rules {
            let side = |dir: &Path| read(dir, &self.sides, self.jobs);
            return Ok([side(&dirs[0])?, side(&dirs[1])?]);
        }
        let [old, new] = self.sides.as_slice() else {
            return Err(Failure::told(format!("two sides are needed, and {} given: solieu diff A B", self.sides.len())));
        };
        if [old, new].iter().all(|side| side.as_str() == "-") {
            return Err(Failure::told("only one side can be standard input"));
        }
        Ok([Side::open(&SideName::parse(old))?, Side::open(&SideName::parse(new))?])
    }

    fn print(&self, diff: &Diff, filter: &Filter, heading: &Heading, target: &mut Target) -> Result<(), Failure> {
        if self.summary && self.format == Format::Json {
            writeln!(target, "{}", serde_json::json!({"sides": heading.sides, "counts": heading.counts, "filtered": heading.filtered}))?;
            return Ok(());
        }
        let mut report: Box<dyn Report> = match self.format {
            Format::Table => Box::new(Table::default()),
            Format::Json => Box::new(Json),
            Format::Html => Box::new(Html::default()),
            Format::Markdown => Box::new(Markdown::default()),
        };
        report.head(heading, target)?;
        let items = heading.filtered.as_ref().unwrap_or(&heading.counts).items();
        let limit = match self.limit {
            _ if self.summary => 0,
            Some(0) => items,
            Some(limit) => limit.min(items),
            None if self.format == Format::Table => TABLE_LIMIT.min(items),
            None => items,
        };
        for item in diff.filtered(filter).take(limit) {
            report.item(&item?, target)?;
        }
        report.foot(if self.summary { 0 } else { items - limit }, target)?;
        Ok(())
    }
}

/// How many items of each class a filter lets through.
fn count(diff: &Diff, filter: &Filter) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    diff.filtered(filter).try_for_each(|item| item.map(|Item { class, .. }| counts.add(class)))?;
    Ok(counts)
}

/// Reads inputs with a set of rules.
fn read(dir: &Path, inputs: &[String], jobs: Option<NonZeroUsize>) -> Result<Side, Failure> {
    let rules = rules(Some(dir).filter(|dir| *dir != Path::new("built-in")))?;
    let reader = Reader::default().with_rules(rules.clone());
    let inputs = Inputs::new(inputs.iter().map(PathBuf::from).collect::<Vec<_>>()).with_reader(reader);
    let options = jobs.map_or_else(Options::default, |jobs| Options { jobs: jobs.get() });
    let mut lines = Lines { spool: Spool::new()?, faults: 0 };
    let make = |reading: Reading| {
        let mut bytes = Vec::new();
        spool_lines(&reading, &mut bytes);
        bytes
    };
    pipeline::run(inputs, &Extractor::with_rules(rules), options, make, &mut lines, &Silent)?;
    if lines.faults > 0 {
        return Err(Failure::told(format!("{} inputs cannot be read, so the sides would not be whole; mend or leave them out", lines.faults)));
    }
    Ok(lines.spool.side(dir.display().to_string())?)
}

struct Lines {
    spool: Spool,
    faults: usize,
}

impl Sink<Vec<u8>> for Lines {
    fn take(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        self.spool.write_all(&bytes)
    }

    fn fault(&mut self, error: InputError) {
        self.faults += 1;
        anstream::eprintln!("solieu: {error}");
    }
}
