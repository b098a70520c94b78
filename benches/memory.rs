//! Memory over many pages: it depends on the largest document and the number of jobs, not on how many there are.
//!
//! `cargo bench --bench memory`; `COUNT=10000` and `JOBS=2` are the defaults. The pages are those of `corpus/pages`, each with other numbers and
//! up to a hundred more paragraphs, in folders of a thousand. Linux only: it asks `/proc/self/status`.

use solieu::Extractor;
use solieu::document::{InputError, Inputs};
use solieu::pipeline::{Options, Reading, Silent, Sink, run};
use std::path::{Path, PathBuf};

/// Growth from the first tenth to the end that is no growth.
const FLAT: f64 = 1.15;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

fn sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pages");
    let entries = std::fs::read_dir(folder).expect("the folder of pages");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "html")).collect();
    paths.sort();
    paths.iter().map(|p| String::from_utf8_lossy(&std::fs::read(p).expect("a page")).into_owned()).collect()
}

/// A page like the source, with other digits, and longer.
fn varied(source: &str, i: usize) -> String {
    let digit = |c: char| char::from(b'1' + ((c as usize + i) % 9) as u8);
    let text = |part: &str| part.chars().map(|c| if c.is_ascii_digit() { digit(c) } else { c }).collect::<String>();
    // Digits between tags alone: those in tags and scripts are names.
    let mut out: String = source.split_inclusive('<').map(|p| p.split_once('>').map_or(p.to_owned(), |(tag, t)| format!("{tag}>{}", text(t)))).collect();
    let more: String = (0..i % 100).map(|k| format!("<p>Năm 2023, xã số {k} có {} hộ, trong đó {},{}% là hộ nghèo.</p>", i + k, k % 30, i % 10)).collect();
    if let Some(end) = out.rfind("</p>") {
        out.insert_str(end + 4, &more);
    }
    out
}

fn write(dir: &Path, count: usize) -> u64 {
    let sources = sources();
    let mut bytes = 0;
    for i in 0..count {
        let folder = dir.join(format!("{:03}", i / 1000));
        std::fs::create_dir_all(&folder).expect("a folder");
        let page = varied(&sources[i % sources.len()], i);
        bytes += page.len() as u64;
        std::fs::write(folder.join(format!("{i:06}.html")), page).expect("a page");
    }
    bytes
}

/// Resident memory now and at its highest, in MB.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let of = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name)).expect("a line of it");
        line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).expect("kilobytes") / 1e3
    };
    (of("VmRSS:"), of("VmHWM:"))
}

struct Watch {
    step: usize,
    pages: usize,
    records: usize,
    highest: Vec<f64>,
}

impl Sink<usize> for Watch {
    fn take(&mut self, records: usize) -> std::io::Result<()> {
        self.pages += 1;
        self.records += records;
        if self.pages.is_multiple_of(self.step) {
            let (now, highest) = memory();
            println!("{:7} pages {:8} figures {now:7.1} MB now {highest:7.1} MB at most", self.pages, self.records);
            self.highest.push(highest);
        }
        Ok(())
    }

    fn fault(&mut self, error: InputError) {
        panic!("{error}");
    }
}

fn main() {
    let (count, jobs) = (number("COUNT", 10_000), number("JOBS", 2));
    let dir = tempfile::tempdir().expect("a folder");
    let bytes = write(dir.path(), count);
    println!("{count} pages, {:.0} MB, {jobs} jobs", bytes as f64 / 1e6);
    let mut watch = Watch { step: (count / 10).max(1), pages: 0, records: 0, highest: Vec::new() };
    let make = |reading: Reading| reading.records.len();
    run(Inputs::new([dir.path().to_owned()]), &Extractor::new(), Options { jobs }, make, &mut watch, &Silent).expect("a run");
    assert_eq!(watch.pages, count);
    let growth = watch.highest.last().copied().unwrap_or(0.0) / watch.highest.first().copied().unwrap_or(1.0);
    println!("from the first tenth to the end: × {growth:.3}");
    assert!(growth < FLAT, "memory grows with the number of pages");
}
