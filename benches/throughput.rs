//! Whole-process ratios on the same input in one run: (a) the floor: read the file, parse each row with borrowed fields, check
//! NFC, look for digits; (b) extraction with JSONL output on one thread; (c) on all cores; (d) the library alone, on text in
//! memory. With `SOLIEU_BASELINE=script.py` (JSONL in, JSONL out on standard streams) a script is timed on the same file too.
//!
//! Two inputs, made of the articles of the corpus with sentences without figures between their lines: dense press text (a figure
//! every 100 bytes) and ordinary news (one every 500, as in a sample of 7,000 news texts). `cargo bench --bench throughput --
//! --mb 20` sets their size (default 50).

use solieu::document::Inputs;
use solieu::output::{Format, Jsonl};
use solieu::pipeline::{self, Options, Reading, Silent, Sink, Summary};
use solieu::{Document, Extractor};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// As the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FILLER: &str = include_str!("filler.txt");
/// How much text without figures goes with the text of an article, in percent: the corpus alone has a figure every 65 bytes.
const DENSE: usize = 30;
const ORDINARY: usize = 670;

fn main() -> io::Result<()> {
    let mb = std::env::args().skip_while(|a| a != "--mb").nth(1).and_then(|n| n.parse().ok()).unwrap_or(50usize);
    let folder = tempfile::tempdir()?;
    for (name, dilution) in [("dense press text", DENSE), ("ordinary news", ORDINARY)] {
        let path = folder.path().join("input.jsonl");
        generate(&path, mb << 20, dilution)?;
        measure(name, &path)?;
    }
    Ok(())
}

/// Rows of own text with variation, up to a size.
fn generate(path: &Path, size: usize, dilution: usize) -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/press");
    let mut names: Vec<PathBuf> = fs::read_dir(corpus)?.map(|e| e.map(|e| e.path())).collect::<io::Result<_>>()?;
    names.sort();
    let articles: Vec<String> = names.iter().map(fs::read_to_string).collect::<io::Result<_>>()?;
    let filler: Vec<&str> = FILLER.lines().collect();
    let mut out = io::BufWriter::new(fs::File::create(path)?);
    let (mut written, mut n) = (0, 0);
    while written < size {
        let article = &articles[n % articles.len()];
        let text = diluted(article, &filler, dilution, n);
        let row = serde_json::json!({ "id": format!("{n}"), "text": text }).to_string();
        writeln!(out, "{row}")?;
        written += row.len() + 1;
        n += 1;
    }
    out.flush()
}

/// An article with sentences that hold no figure between its lines.
fn diluted(article: &str, filler: &[&str], percent: usize, seed: usize) -> String {
    let mut out = String::with_capacity(article.len() * (100 + percent) / 50);
    let mut next = seed;
    for line in article.lines() {
        out.push_str(line);
        let bytes = line.len() * percent / 100;
        let from = out.len();
        while out.len() - from < bytes {
            out.push(' ');
            out.push_str(filler[next % filler.len()]);
            next += 7;
        }
        out.push('\n');
    }
    out
}

#[derive(serde::Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    #[allow(dead_code)]
    id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    text: std::borrow::Cow<'a, str>,
}

fn measure(name: &str, path: &Path) -> io::Result<()> {
    let size = fs::metadata(path)?.len() as f64 / 1e6;
    let floor = best(|| floor(path))?;
    let (one, few) = timed(|| run(path, 1))?;
    let (all, many) = timed(|| run(path, Options::default().jobs))?;
    assert_eq!(few, many, "the number of threads changes nothing");
    assert!(few.records > few.documents, "the answer is there: {few:?}");
    let texts: Vec<Document> =
        fs::read_to_string(path)?.lines().map(|l| serde_json::from_str::<Row<'_>>(l).map(|r| Document::new("d", r.text))).collect::<Result<_, _>>()?;
    let extractor = Extractor::new();
    let (library, found) = timed(|| Ok(texts.iter().map(|d| extractor.extract(d).len()).sum::<usize>()))?;
    assert_eq!(found, few.records, "the library alone reads the same");
    let bytes = texts.iter().map(|d| d.text.len()).sum::<usize>() as f64 / 1e6;

    let apart = size * 1e6 / few.records as f64;
    println!("{name}: {size:.0} MB, {} documents, {} figures, one every {apart:.0} bytes", few.documents, few.records);
    let line = |what: &str, time: Duration, note: String| println!("  {what:34} {:>8.2} s {:>8.1} MB/s  {note}", time.as_secs_f64(), size / time.as_secs_f64());
    line("(a) floor", floor, String::new());
    line("(b) extraction, one thread", one, format!("{:.1} times (a)", one.as_secs_f64() / floor.as_secs_f64()));
    line("(c) extraction, all cores", all, format!("{:.2} times as fast as (b)", one.as_secs_f64() / all.as_secs_f64()));
    println!("  {:34} {:>8.2} s {:>8.1} MB/s", "(d) library alone, text in memory", library.as_secs_f64(), bytes / library.as_secs_f64());
    if let Some(script) = std::env::var_os("SOLIEU_BASELINE") {
        let (time, ()) = timed(|| baseline(&script, path))?;
        line("(e) baseline script", time, format!("(b) is {:.2} times as fast", time.as_secs_f64() / one.as_secs_f64()));
    }
    Ok(())
}

/// What any reader of these files must do.
fn floor(path: &Path) -> io::Result<usize> {
    let bytes = fs::read(path)?;
    let mut digits = 0;
    for line in bytes.split(|&b| b == b'\n').filter(|l| !l.is_empty()) {
        let line = std::str::from_utf8(line).map_err(io::Error::other)?;
        let row: Row<'_> = serde_json::from_str(line)?;
        let nfc = unicode_normalization::is_nfc_quick(row.text.chars()) == unicode_normalization::IsNormalized::Yes;
        digits += usize::from(nfc) + row.text.bytes().filter(u8::is_ascii_digit).count();
    }
    Ok(digits)
}

struct Discard(usize);

impl Sink<Vec<u8>> for Discard {
    fn take(&mut self, piece: Vec<u8>) -> io::Result<()> {
        self.0 += piece.len();
        Ok(())
    }

    fn fault(&mut self, error: solieu::document::InputError) {
        panic!("the generated input is good: {error}");
    }
}

fn run(path: &Path, jobs: usize) -> io::Result<Summary> {
    let make = |reading: Reading| Jsonl.bytes(&reading);
    pipeline::run(Inputs::new([path.to_owned()]), &Extractor::new(), Options { jobs }, make, &mut Discard(0), &Silent)
}

fn baseline(script: &std::ffi::OsStr, path: &Path) -> io::Result<()> {
    let status = std::process::Command::new("python3").arg(script).stdin(fs::File::open(path)?).stdout(std::process::Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the baseline script failed")) }
}

/// The median of three runs.
fn timed<T>(work: impl Fn() -> io::Result<T>) -> io::Result<(Duration, T)> {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..3 {
        let start = Instant::now();
        last = Some(work()?);
        times.push(start.elapsed());
    }
    times.sort();
    Ok((times[1], last.expect("ran three times")))
}

fn best<T>(work: impl Fn() -> io::Result<T>) -> io::Result<Duration> {
    timed(work).map(|(time, _)| time)
}
