//! `solieu read`: documents as `extract` sees them.

use crate::failure::{Failure, Status, rules};
use crate::target::Target;
use serde::Serialize;
use solieu::Document;
use solieu::document::{Encoding, InputError, Inputs, LIMIT, Origin, Reader};
use solieu::pipeline::{Options, Sink, documents};
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Prints documents as `extract` sees them: text, title, date, and where each came from
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu read pages/ | jq -r .text\n  solieu read crawl.warc.gz -o documents.jsonl\n  solieu read --encoding tcvn3 bao-cao-1999.txt\n\nOne JSON object a line: {\"id\", \"title\", \"published\", \"text\", \"url\", \"from\": {…}}. A page that is no article has an empty text and a note in `from`. What is printed can be read again: `solieu extract` gives the same records for it."
)]
pub struct Args {
    /// Pages, texts, archives, office files, folders, JSONL files, or - for standard input [default: - when something is piped in]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Read all bytes in this encoding: utf-8, windows-1258, tcvn3, vni, viqr, …
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
    /// Find articles without the profiles of portals
    #[arg(long)]
    no_profiles: bool,
    /// Threads [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The largest document that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = LIMIT)]
    max_bytes: usize,
}

/// A document as it is printed.
#[derive(Serialize)]
struct Row<'d> {
    id: &'d str,
    title: Option<&'d str>,
    published: Option<&'d str>,
    text: &'d str,
    url: Option<&'d str>,
    from: &'d Origin,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        if self.paths.is_empty() && io::stdin().is_terminal() {
            return Err(Failure::told("nothing to read; name files or folders, or pipe a page into it (see `solieu read --help`)"));
        }
        let reader = Reader::default().with_rules(rules(self.patterns.as_deref())?).with_encoding(self.encoding);
        let reader = if self.no_profiles { reader.without_profiles() } else { reader };
        let paths = if self.paths.is_empty() { vec![PathBuf::from("-")] } else { self.paths };
        let inputs = Inputs::new(paths).with_limit(self.max_bytes).with_reader(reader);
        let options = self.jobs.map_or_else(Options::default, |jobs| Options { jobs: jobs.get() });
        let mut writer = Writer { target: Target::open(self.output.as_deref(), false)?, faults: 0 };
        documents(inputs, options, row, &mut writer)?;
        writer.target.finish()?;
        Ok(if writer.faults == 0 { Status::Good } else { Status::Partial })
    }
}

fn row(document: &Document) -> Vec<u8> {
    let Document { id, text, published, title, url, origin } = document;
    let row = Row { id, title: title.as_deref(), published: published.as_deref(), text, url: url.as_deref(), from: origin };
    // Strings always serialize.
    let mut line = serde_json::to_vec(&row).unwrap_or_default();
    line.push(b'\n');
    line
}

struct Writer {
    target: Target,
    faults: usize,
}

impl Sink<Vec<u8>> for Writer {
    fn take(&mut self, line: Vec<u8>) -> io::Result<()> {
        self.target.write_all(&line)
    }

    fn fault(&mut self, error: InputError) {
        self.faults += 1;
        anstream::eprintln!("solieu: {error}");
    }
}
