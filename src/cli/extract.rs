//! `solieu extract`: texts in, records out.

use crate::book::{Bind, built, parquet, sqlite, stream};
use crate::failure::{Failure, Status, rules};
use crate::keep::Keeper;
use crate::outlet::{Layout, Outlet, Writer, is_folder, tidy};
use crate::progress::{Mode, Reporter};
use clap::ValueEnum;
use serde_json::{Map, Value};
use solieu::Extractor;
use solieu::document::{Encoding, Inputs, LIMIT, Reader};
use solieu::output::columns::{DOCUMENTS, RECORDS};
use solieu::output::{Annotations, Csv, Flavour, Format, Jsonl, Origin, Rows, SdmxCsv, Table, datapackage};
use solieu::pipeline::{self, Options, Reading};
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// The width of a table that goes to a file.
const FILE_WIDTH: u16 = 140;
const HELP: &str = "Examples:
  solieu extract corpus/press
  solieu extract news.jsonl -o records.parquet
  solieu extract news.jsonl --format csv --excel -o records.csv
  solieu extract news.jsonl --package tables
  solieu extract crawl.warc.gz --format sqlite -o out/ --resume
  solieu extract corpus/press --store runs.sqlite
  curl … | solieu extract --format table -

A PATH is a text (.txt), a saved page (.html), a Word file (.docx), an archive of them (.warc, .warc.gz, .zip, .tar.gz), a JSONL file of {\"id\", \"text\" or \"html\", \"published\"?, \"title\"?, \"url\"?}, a folder that is searched for all of these, or - for standard input. A bad input is reported and skipped; the exit status is then 1.";

/// Reads the figures of texts
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Texts, pages, archives, folders, JSONL files, or - for standard input [default: - when something is piped in]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How records are written [default: by the ending of the output file; else table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// CSV for Excel: byte order mark, semicolons, decimal comma, no cell that is run as a formula
    #[arg(long)]
    excel: bool,
    /// Write to a file, which appears when it is whole; or into a folder (one that is there, or ends in /)
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write documents.csv and records.csv with their description, datapackage.json, into a folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["format", "excel", "output"])]
    package: Option<PathBuf>,
    /// Keep the run in a store: its documents, records and settings; without an output of its own nothing else is written
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    store: Option<PathBuf>,
    /// Go on with the interrupted run that lies in the folder of --output or --package, if there is one
    #[arg(long)]
    resume: bool,
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
    /// How progress is told, on standard error
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Mode::Auto)]
    progress: Mode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// One JSON record a line
    Jsonl,
    /// One record a line, flat; docs/columns.md tells the columns
    Csv,
    /// The same columns, typed and compressed
    Parquet,
    /// A database of documents and records
    Sqlite,
    /// One W3C Web Annotation a line
    Webannotation,
    /// Observations of the catalogued series
    SdmxCsv,
    /// A table to read
    Table,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let paths = self.paths()?;
        let format = self.format()?;
        let rules = rules(self.patterns.as_deref())?;
        let reader = Reader::default().with_rules(rules.clone()).with_encoding(self.encoding);
        let extractor = Extractor::with_rules(rules);
        let layout = self.layout(format, Origin::of(extractor.rules()));
        let folder = self.folder(format)?;
        let mut keeper = self.keeper(format, &layout.origin)?;
        let outlet = self.outlet(format, &layout, folder.as_deref())?;
        let start = outlet.start();
        let reporter = Reporter::new(self.progress, &paths, &start.summary);
        let left_out = outlet.left_out();
        let keeps = keeper.is_some();
        let mut writer = Writer { outlet, reporter: &reporter, left_out, keeper: keeper.as_mut() };
        let inputs = Inputs::new(paths).with_limit(self.max_bytes).with_reader(reader);
        let make = |reading: Reading| layout.piece(reading, keeps);
        let summary = match &writer.outlet {
            Outlet::Done(start) => Ok(start.summary.clone()),
            _ => pipeline::run_from(start, inputs, &extractor, self.options(), make, &mut writer, &reporter),
        };
        let Writer { outlet, left_out, .. } = writer;
        let summary = summary.and_then(|summary| outlet.finish(&layout, &summary).map(|()| summary));
        let summary = summary.map_err(|error| Failure::output(error, folder.as_deref()))?;
        reporter.close(&summary, left_out);
        keeper.map_or(Ok(()), |keeper| keeper.finish(&summary))?;
        Ok(if summary.faults + summary.repeats == 0 { Status::Good } else { Status::Partial })
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

    fn format(&self) -> Result<FormatName, Failure> {
        let to_terminal = self.output.is_none() && self.package.is_none() && !self.only_store() && io::stdout().is_terminal();
        let ending = self.output.as_deref().and_then(Path::extension).and_then(|e| FormatName::of_ending(&e.to_string_lossy()));
        let otherwise = if self.excel { FormatName::Csv } else { FormatName::Jsonl };
        let format = self.format.or(ending).unwrap_or(if to_terminal && !self.excel { FormatName::Table } else { otherwise });
        built(&format.name())?;
        if self.excel && format != FormatName::Csv {
            return Err(Failure::told("--excel is for CSV; leave out the other --format"));
        }
        if format == FormatName::Parquet && to_terminal {
            return Err(Failure::told("Parquet is nothing to read on a terminal; name a file with -o"));
        }
        Ok(format)
    }

    /// The folder to write into, if it is one.
    fn folder(&self, format: FormatName) -> Result<Option<PathBuf>, Failure> {
        let output = self.output.as_deref().filter(|path| self.resume || is_folder(path));
        match self.package.as_deref().or(output) {
            None if self.resume => Err(Failure::told("--resume needs the folder of the run; name it with --output DIR or --package DIR")),
            Some(path) if path.exists() && !path.is_dir() => {
                Err(Failure::told(format!("{}: no folder; --resume and --package write into one, name another path", path.display())))
            }
            Some(_) if format == FormatName::Table => Err(Failure::told("a table is for reading; write another --format into a folder")),
            folder => Ok(folder.map(tidy)),
        }
    }

    /// Whether nothing but the store is written.
    fn only_store(&self) -> bool {
        self.store.is_some() && self.output.is_none() && self.package.is_none() && self.format.is_none() && !self.excel
    }

    fn keeper(&self, format: FormatName, origin: &Origin) -> Result<Option<Keeper>, Failure> {
        let Some(path) = &self.store else { return Ok(None) };
        let mut settings = self.settings(format, origin);
        if self.only_store() {
            settings.remove("--format");
        }
        settings.insert("--patterns".into(), self.patterns.as_ref().map(|dir| dir.to_string_lossy()).into());
        let inputs = self.paths()?.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        Keeper::begin(path, origin, inputs, settings).map(Some)
    }

    fn layout(&self, format: FormatName, origin: Origin) -> Layout {
        let csv = |sheet, flavour| Box::new(Csv::new(sheet, flavour));
        let lines = |name, format: Box<dyn Format>| (vec![(name, format)], None);
        let book = |name, bind: Bind| (vec![("rows.jsonl", Box::new(Rows) as Box<dyn Format>)], Some((name, bind)));
        let (files, book) = match format {
            _ if self.only_store() => (Vec::new(), None),
            _ if self.package.is_some() => {
                (vec![("documents.csv", csv(&DOCUMENTS, Flavour::Plain) as Box<dyn Format>), ("records.csv", csv(&RECORDS, Flavour::Plain))], None)
            }
            FormatName::Jsonl => lines("records.jsonl", Box::new(Jsonl)),
            FormatName::Csv => lines("records.csv", csv(&RECORDS, if self.excel { Flavour::Excel } else { Flavour::Plain })),
            FormatName::Parquet => book("records.parquet", parquet),
            FormatName::Sqlite => book("records.sqlite", sqlite),
            FormatName::Webannotation => lines("annotations.jsonl", Box::new(Annotations)),
            FormatName::SdmxCsv => lines("observations.csv", Box::new(SdmxCsv)),
            FormatName::Table => lines("table", Box::new(Table::new(self.width()))),
        };
        let extra = self.package.as_ref().map(|_| ("datapackage.json", format!("{:#}\n", datapackage(&origin)).into_bytes()));
        Layout { files, book, extra, coloured: format == FormatName::Table, origin }
    }

    fn outlet(&self, format: FormatName, layout: &Layout, folder: Option<&Path>) -> Result<Outlet, Failure> {
        if let Some(dir) = folder {
            return Outlet::folder(layout, dir, self.settings(format, &layout.origin), self.resume);
        }
        if format == FormatName::Sqlite {
            let path = self.output.as_deref().ok_or_else(|| Failure::told("SQLite cannot be written into a pipe; name a file with -o"))?;
            return Outlet::bound(layout, path, sqlite);
        }
        Outlet::file(layout, self.output.as_deref(), |target| stream(target, &layout.origin))
    }

    /// What a run must share with the one that it goes on with.
    fn settings(&self, format: FormatName, origin: &Origin) -> Map<String, Value> {
        let output = if self.package.is_some() { "package".to_owned() } else { format.name() };
        let mut settings: Map<String, Value> = origin.pairs().into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        let encoding = self.encoding.map_or_else(|| "detected".to_owned(), Encoding::name);
        let told = [("--format", output.into()), ("--excel", self.excel.into()), ("--max-bytes", self.max_bytes.into()), ("--encoding", encoding.into())];
        settings.extend(told.map(|(key, value): (&str, Value)| (key.to_owned(), value)));
        settings
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

impl FormatName {
    /// As it is written after `--format`.
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned())
    }

    /// What the ending of a file says.
    fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(FormatName::Csv),
            "parquet" => Some(FormatName::Parquet),
            "sqlite" | "db" => Some(FormatName::Sqlite),
            _ => None,
        }
    }
}
