//! How long `solieu diff` takes for a million records on each side, and how much memory: `cargo bench --bench million`.
//!
//! Three pairs of sides are made: one as a change of rules leaves it, one as a night of edited pages leaves it, and one in which every
//! record differs. Each is compared, and all items are read again and written as JSON, into nothing. Numbers of records and items are
//! checked. A number of records may be given: `cargo bench --bench million -- 100000`.

use solieu::diff::report::{Json, Report};
use solieu::diff::{Class, Diff, Side, SideName};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// Figures of a document.
const FIGURES: usize = 10;

/// What differs on the new side.
#[derive(Clone, Copy)]
struct Edit {
    name: &'static str,
    /// One record of so many has another value, and one another rule.
    value: usize,
    rule: usize,
    /// One document of so many is longer by a word at its beginning: all its figures move.
    moved: usize,
    /// One document of so many is only on one side.
    one_side: usize,
}

const EDITS: [Edit; 3] = [
    Edit { name: "rules", value: 100, rule: 20, moved: usize::MAX, one_side: usize::MAX },
    Edit { name: "pages", value: 1000, rule: usize::MAX, moved: 50, one_side: 100 },
    Edit { name: "all", value: 2, rule: 1, moved: 1, one_side: usize::MAX },
];

fn main() -> io::Result<()> {
    let records = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(1_000_000);
    let dir = tempfile::tempdir()?;
    for edit in EDITS {
        let [old, new] = ["old.jsonl", "new.jsonl"].map(|name| dir.path().join(name));
        let made = [side(&old, records, None)?, side(&new, records, Some(edit))?];
        measure(edit.name, &old, &new, made);
    }
    Ok(())
}

fn measure(name: &str, old: &Path, new: &Path, made: [usize; 2]) {
    let started = Instant::now();
    let open = |path: &Path| Side::open(&SideName { path: path.to_owned(), run: None }).expect("the side was made a moment ago");
    let diff = Diff::new(open(old), open(new)).expect("the sides are whole");
    let compared = started.elapsed();
    for item in diff.items() {
        Json.item(&item.expect("the sides are still there"), &mut io::sink()).expect("nothing takes all");
    }
    assert_eq!(diff.counts().records(), made);
    let counts: Vec<String> = Class::ALL.iter().map(|c| format!("{} {}", c.as_str(), diff.counts().of(*c))).collect();
    let bytes = [old, new].iter().map(|p| fs::metadata(p).map_or(0, |m| m.len())).sum::<u64>() / 1_000_000;
    println!(
        "{name}: {} + {} records, {bytes} MB; compared in {:.1} s, with all items written {:.1} s; most memory so far {} MB; {}",
        made[0],
        made[1],
        compared.as_secs_f64(),
        started.elapsed().as_secs_f64(),
        most_memory(),
        counts.join(", ")
    );
}

/// What the system says that this process has held at most, in megabytes.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn side(path: &Path, records: usize, edit: Option<Edit>) -> io::Result<usize> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let hits = |every: fn(&Edit) -> usize, n: usize| edit.is_some_and(|e| n % every(&e) == 7 % every(&e));
    let mut made = 0;
    for document in 0..records.div_ceil(FIGURES) {
        // What the new side misses it has under another name.
        let gone = hits(|e| e.one_side, document);
        let name = format!("{}/bai-{document}.html", if gone { "moi" } else { "tin" });
        let shift = if hits(|e| e.moved, document) { 9 } else { 0 };
        for figure in 0..FIGURES.min(records - document * FIGURES) {
            let number = document * FIGURES + figure;
            let amount = number % 997 + usize::from(hits(|e| e.value, number)) + if gone { 5000 } else { 0 };
            let rule = if hits(|e| e.rule, number) { "counter.other" } else { "counter.admin" };
            let start = 120 * figure + 40 + shift;
            line(&mut out, &name, amount, rule, start, figure)?;
            made += 1;
        }
    }
    out.flush()?;
    Ok(made)
}

fn line(out: &mut impl Write, document: &str, amount: usize, rule: &str, start: usize, figure: usize) -> io::Result<()> {
    let quote = format!("{amount} xã");
    let end = start + quote.chars().count();
    let bytes = [start + 30, start + 30 + quote.len()];
    let id = solieu::record::record_id(document, bytes, &quote);
    let indicator = if figure.is_multiple_of(4) { r#"{"id":"ntm.commune.met","programme":"ntm"}"# } else { "null" };
    let sentence = [start - 30, start + 60];
    writeln!(
        out,
        r#"{{"id":"{id}","document":"{document}","quote":"{quote}","span":{{"chars":[{start},{end}],"bytes":{bytes:?}}},"kind":"count","value":{{"amount":"{amount}","upper":null,"of":null}},"unit":"xã","qualifier":"exact","change":"none","status":"actual","subject":"xã đạt chuẩn nông thôn mới","basis":null,"indicator":{indicator},"place":{{"name":"Hòa Bình","code":"17","level":"province"}},"period":{{"start":null,"end":"20{:02}-12-31","text":"Đến ngày 31/12"}},"sentence":{sentence:?},"rule":"{rule}","checks":[],"link":null}}"#,
        10 + figure
    )
}
