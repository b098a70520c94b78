//! Saved pages: how many a second, against the readability crate alone on the same pages in the same run.
//!
//! `cargo bench --bench pages`; with `PAGES=DIR` on the pages of a folder instead of `corpus/pages`. Python's trafilatura on the same pages:
//! `benches/pages_trafilatura.py`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use solieu::document::{Input, Inputs, Raw, Reader};
use std::hint::black_box;
use std::path::PathBuf;

fn folder() -> PathBuf {
    std::env::var_os("PAGES").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/pages"), PathBuf::from)
}

fn html() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the folder of pages");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "html")).collect();
    paths.sort();
    paths
}

fn raws(reader: Reader) -> Vec<(Input, Raw)> {
    Inputs::new(html()).with_reader(reader).map(|item| item.expect("a page")).collect()
}

/// Reads all pages; gives the letters of their texts, so that a bench that reads nothing is seen.
fn all(raws: &[(Input, Raw)]) -> usize {
    raws.iter().map(|(input, raw)| raw.decode(input).expect("a document").text.len()).sum()
}

fn readability(pages: &[String]) -> usize {
    let read = |p: &String| dom_smoothie::Readability::new(p.as_str(), None, None).ok()?.parse().ok();
    pages.iter().filter_map(read).map(|a| a.text_content.len()).sum()
}

fn pages(c: &mut Criterion) {
    let (special, general) = (raws(Reader::default()), raws(Reader::default().without_profiles()));
    let sources: Vec<String> = html().iter().map(|p| String::from_utf8_lossy(&std::fs::read(p).expect("a page")).into_owned()).collect();
    assert!(all(&special) > 0 && all(&general) > 0 && readability(&sources) > 0);
    let mut group = c.benchmark_group("pages");
    group.throughput(Throughput::Elements(sources.len() as u64));
    group.bench_function("with profiles", |b| b.iter(|| black_box(all(&special))));
    group.bench_function("without profiles", |b| b.iter(|| black_box(all(&general))));
    group.bench_function("readability crate alone", |b| b.iter(|| black_box(readability(&sources))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = pages
}
criterion_main!(benches);
