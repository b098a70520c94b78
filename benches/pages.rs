//! Saved pages: how many a second, and how many of their numbers are whole, against the readability crate alone and against Python's
//! trafilatura on the same pages in the same run.
//!
//! `cargo bench --bench pages`; with `PAGES=DIR` on a folder of `NAME.html` with `NAME.txt` instead of `corpus/pages`; with
//! `TRAFILATURA=…/bin/python` (an environment with `pip install trafilatura`) also against that. Readers take turns, round after round, so that
//! what else the machine does concerns all of them; the median round counts.

use solieu::document::{Raw, Reader, Sort};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;
/// Pages of a round at least: the same ones again, when there are fewer.
const PAGES: usize = 200;

struct Page {
    html: String,
    /// What must be read from it.
    text: String,
}

trait Read {
    fn name(&self) -> &'static str;
    /// The texts of all pages, with the time that took.
    fn read(&mut self, pages: &[Page]) -> (Vec<String>, Duration);
}

struct Ours(&'static str, Arc<Reader>);

impl Read for Ours {
    fn name(&self) -> &'static str {
        self.0
    }

    fn read(&mut self, pages: &[Page]) -> (Vec<String>, Duration) {
        let input = solieu::document::Input { path: "a.html".into(), line: None };
        let raws: Vec<Raw> = pages.iter().map(|p| Raw::new("a", Sort::Html, p.html.clone().into_bytes(), self.1.clone())).collect();
        timed(|| raws.iter().map(|raw| raw.decode(&input).expect("a document").text).collect())
    }
}

struct Readability;

impl Read for Readability {
    fn name(&self) -> &'static str {
        "readability crate alone"
    }

    fn read(&mut self, pages: &[Page]) -> (Vec<String>, Duration) {
        let config = || dom_smoothie::Config { text_mode: dom_smoothie::TextMode::Formatted, ..Default::default() };
        let read = |p: &Page| dom_smoothie::Readability::new(p.html.as_str(), None, Some(config())).ok()?.parse().ok();
        timed(|| pages.iter().map(|p| read(p).map(|a| a.text_content.to_string()).unwrap_or_default()).collect())
    }
}

/// Python, which reads a round of pages when asked, and tells the time that reading alone took.
struct Trafilatura(Child);

impl Trafilatura {
    fn start(python: &str, pages: &[Page]) -> std::io::Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pages_trafilatura.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let html: Vec<&str> = pages.iter().map(|p| p.html.as_str()).collect();
        if let Some(input) = &mut child.stdin {
            writeln!(input, "{}", serde_json::to_string(&html)?)?;
        }
        Ok(Self(child))
    }
}

impl Read for Trafilatura {
    fn name(&self) -> &'static str {
        "Python trafilatura"
    }

    fn read(&mut self, _: &[Page]) -> (Vec<String>, Duration) {
        writeln!(self.0.stdin.as_mut().expect("its input"), "read").expect("a reader that listens");
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().expect("its output")).read_line(&mut line).expect("an answer");
        let (seconds, texts): (f64, Vec<String>) = serde_json::from_str(&line).expect("seconds and texts");
        (texts, Duration::from_secs_f64(seconds))
    }
}

impl Drop for Trafilatura {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed())
}

fn pages() -> Vec<Page> {
    let folder = std::env::var_os("PAGES").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/pages"), PathBuf::from);
    let entries = std::fs::read_dir(folder).expect("the folder of pages");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "html")).collect();
    paths.sort();
    let read = |p: &PathBuf| Page {
        html: String::from_utf8_lossy(&std::fs::read(p).expect("a page")).into_owned(),
        text: std::fs::read_to_string(p.with_extension("txt")).unwrap_or_default(),
    };
    let count = PAGES.max(paths.len());
    paths.iter().cycle().take(count).map(read).collect()
}

/// How many of the numbers with a mark inside (`1.234`, `5,8`, `62/126`) stand whole in what was read; and how many there are.
fn whole(pages: &[Page], texts: &[String]) -> (usize, usize) {
    let is_number = |w: &&str| w.contains(['.', ',', '/']) && w.starts_with(|c: char| c.is_ascii_digit()) && w.ends_with(|c: char| c.is_ascii_digit());
    let words = |text: &str| text.split(|c: char| c.is_whitespace() || "();:%".contains(c)).map(|w| w.trim_matches(['.', ','])).map(str::to_owned).collect();
    let mut found = (0, 0);
    for (page, text) in pages.iter().zip(texts) {
        let read: std::collections::HashSet<String> = words(text);
        let expected: std::collections::HashSet<String> = words(&page.text);
        let numbers: Vec<&String> = expected.iter().filter(|w| is_number(&w.as_str())).collect();
        found.0 += numbers.iter().filter(|w| read.contains(**w)).count();
        found.1 += numbers.len();
    }
    found
}

fn main() {
    let pages = pages();
    let bytes: usize = pages.iter().map(|p| p.html.len()).sum();
    let mut readers: Vec<Box<dyn Read>> = vec![
        Box::new(Ours("solieu, with profiles", Arc::default())),
        Box::new(Ours("solieu, without profiles", Arc::new(Reader::default().without_profiles()))),
        Box::new(Readability),
    ];
    if let Ok(python) = std::env::var("TRAFILATURA") {
        readers.push(Box::new(Trafilatura::start(&python, &pages).expect("Python with trafilatura")));
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); readers.len()];
    let mut texts: Vec<Vec<String>> = readers.iter_mut().map(|r| r.read(&pages).0).collect();
    for _ in 0..ROUNDS {
        for (i, reader) in readers.iter_mut().enumerate() {
            let (read, time) = reader.read(&pages);
            assert_eq!(read, texts[i], "{} reads a page in two ways", reader.name());
            times[i].push(time);
        }
    }
    println!("{} pages, {} KB, {ROUNDS} rounds", pages.len(), bytes / 1000);
    for ((reader, times), texts) in readers.iter().zip(&mut times).zip(&mut texts) {
        times.sort();
        let median = times[ROUNDS / 2].as_secs_f64();
        let (numbers, all) = whole(&pages, texts);
        let rate = pages.len() as f64 / median;
        println!("{:26} {rate:7.0} pages/s {:7.1} MB/s   numbers whole: {numbers} of {all}", reader.name(), bytes as f64 / 1e6 / median);
    }
    let exact = pages.iter().zip(&texts[0]).filter(|(p, t)| p.text == **t).count();
    println!("exactly the expected text with profiles: {exact} of {}", pages.len());
    assert!(std::env::var_os("PAGES").is_some() || exact == pages.len(), "a page of the corpus is read wrongly");
}
