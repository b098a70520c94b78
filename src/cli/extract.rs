//! `solieu extract`: records out of texts.

use crate::failure::{Failure, Status, rules};
use crate::progress::Bar;
use crate::target::Target;
use clap::ValueEnum;
use solieu::document::{Encoding, InputError, Inputs, LIMIT, Reader};
use solieu::output::{Format, Jsonl, Table};
use solieu::pipeline::{self, Options, Sink, Summary};
use solieu::{Document, Extractor, Record};
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The width of a table that goes to a file.
const FILE_WIDTH: u16 = 140;

/// Reads the figures of texts
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu extract corpus/press\n  solieu extract news.jsonl -o records.jsonl\n  curl … | solieu extract --format table -\n\nA PATH is a text (.txt), a saved page (.html), a Word file (.docx), an archive of them (.warc, .warc.gz, .zip, .tar.gz), a JSONL file of {\"id\", \"text\" or \"html\", \"published\"?, \"title\"?, \"url\"?}, a folder that is searched for all of these, or - for standard input. A bad input is reported and skipped; the exit status is then 1."
)]
pub struct Args {
    /// Texts, pages, archives, folders, JSONL files, or - for standard input [default: - when something is piped in]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How records are written [default: table on a terminal, else jsonl]
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
    /// Read all bytes in this encoding: utf-8, windows-1258, tcvn3, vni, viqr, …
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The largest document that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = LIMIT)]
    max_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// One JSON record a line
    Jsonl,
    /// A table to read
    Table,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let paths = self.paths()?;
        let rules = rules(self.patterns.as_deref())?;
        let reader = Reader::default().with_rules(rules.clone()).with_encoding(self.encoding);
        let extractor = Extractor::with_rules(rules);
        let format = self.format();
        let target = Target::open(self.output.as_deref(), format == FormatName::Table)?;
        let bar = Bar::new(&paths);
        let mut writer = Writer { target, bar: &bar };
        let inputs = Inputs::new(paths).with_limit(self.max_bytes).with_reader(reader);
        let format = self.writer(format);
        let make = |document: &Document, records: Vec<Record>| format.bytes(document, &records);
        let summary = pipeline::run(inputs, &extractor, self.options(), make, &mut writer, &bar);
        bar.close();
        let summary = summary?;
        writer.target.finish()?;
        Ok(report(&summary))
    }

    fn paths(&self) -> Result<Vec<PathBuf>, Failure> {
        if !self.paths.is_empty() {
            return Ok(self.paths.clone());
        }
        if io::stdin().is_terminal() {
            return Err(Failure::told("nothing to read; name files or folders, or pipe a text into it (see `solieu extract --help`)"));
        }
        Ok(vec![PathBuf::from("-")])
    }

    fn format(&self) -> FormatName {
        let to_terminal = self.output.is_none() && io::stdout().is_terminal();
        self.format.unwrap_or(if to_terminal { FormatName::Table } else { FormatName::Jsonl })
    }

    fn writer(&self, format: FormatName) -> Box<dyn Format> {
        match format {
            FormatName::Jsonl => Box::new(Jsonl),
            FormatName::Table => Box::new(Table::new(self.width())),
        }
    }

    fn width(&self) -> u16 {
        let terminal = || comfy_table::Table::new().width();
        let told = || std::env::var("COLUMNS").ok()?.parse().ok();
        let wanted = if self.output.is_none() { terminal().or_else(told) } else { None };
        wanted.unwrap_or(FILE_WIDTH)
    }

    fn options(&self) -> Options {
        self.jobs.map_or_else(Options::default, |jobs| Options { jobs: jobs.get() })
    }
}

struct Writer<'a> {
    target: Target,
    bar: &'a Bar,
}

impl Sink<Vec<u8>> for Writer<'_> {
    fn take(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        self.target.write_all(&bytes)
    }

    fn fault(&mut self, error: InputError) {
        self.bar.say(&format!("solieu: {error}"));
    }
}

/// The closing line, when something was skipped.
fn report(summary: &Summary) -> Status {
    if summary.faults == 0 {
        return Status::Good;
    }
    let plural = if summary.faults == 1 { "" } else { "s" };
    anstream::eprintln!("solieu: {} input{plural} skipped; documents: {}, figures: {}", summary.faults, summary.documents, summary.records);
    Status::Partial
}
