//! Time of each room on one article of the corpus.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use solieu::rules::RuleSet;
use solieu::sentence::Sentence;
use solieu::text::{NormalText, Span};
use solieu::{Document, Extractor};
use std::hint::black_box;

const ARTICLE: &str = include_str!("../corpus/press/ntm-ca-nuoc-2024.txt");

fn rooms(c: &mut Criterion) {
    let extractor = Extractor::new();
    let document = Document::new("bench", ARTICLE);
    assert!(extractor.extract(&document).len() > 25, "the article holds its figures");
    let rules = RuleSet::embedded();
    let mut group = c.benchmark_group("rooms");
    group.throughput(Throughput::Bytes(ARTICLE.len() as u64));
    group.bench_function("normalize", |b| b.iter(|| black_box(NormalText::new(black_box(ARTICLE)).as_str().len())));
    group.bench_function("tokens and phrases", |b| b.iter(|| black_box(Sentence::read(ARTICLE, Span::new(0, ARTICLE.len()), &rules).len())));
    group.bench_function("extract", |b| b.iter(|| black_box(extractor.extract(black_box(&document)).len())));
    group.finish();
}

criterion_group!(benches, rooms);
criterion_main!(benches);
