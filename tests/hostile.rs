//! Hostile inputs: each ends within some seconds, and in bounded memory.

use once_cell::sync::Lazy;
use solieu::document::Inputs;
use solieu::{Document, Extractor};
use std::time::{Duration, Instant};

/// Longer than any machine needs, shorter than anything that grows with the square of the input.
const PATIENCE: Duration = Duration::from_secs(20);

static EXTRACTOR: Lazy<Extractor> = Lazy::new(Extractor::new);

fn read(name: &str, page: &str) -> Option<Document> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.html");
    std::fs::write(&path, page).unwrap();
    Lazy::force(&EXTRACTOR);
    let started = Instant::now();
    let (input, raw) = Inputs::new([path]).next().unwrap().unwrap();
    let document = raw.decode(&input).ok();
    if let Some(document) = &document {
        EXTRACTOR.extract(document);
    }
    assert!(started.elapsed() < PATIENCE, "{name} took {:?}", started.elapsed());
    document
}

const TEXT: &str = "<p>Năm 2023, tỉnh Lai Châu có 94 xã, trong đó 39 xã đạt chuẩn nông thôn mới, chiếm 41,5% tổng số xã.</p>";

const TAGS: [&str; 17] = [
    "<div>",
    "<p>",
    "<b>",
    "<a href=x>",
    "<table>",
    "<table><tr><td>",
    "<ul><li>",
    "<span><p>",
    "<i><p>",
    "<svg>",
    "<select>",
    "<form>",
    "</p>",
    "<br>",
    "<!--",
    "<td>",
    "<h1>",
];

#[test]
fn half_a_million_tags_of_any_sort_end() {
    for tag in TAGS {
        let document = read(tag, &format!("{TEXT}{}{TEXT}", tag.repeat(500_000))).unwrap();
        assert!(document.text.contains("94 xã"), "{tag}: {:?}", document.origin);
        assert!(tag == "<!--" || !document.origin.notes.is_empty(), "{tag} is cut in silence");
    }
}

#[test]
fn tags_with_words_between_them_end_and_what_is_cut_is_told() {
    for tag in TAGS.into_iter().filter(|t| *t != "<!--" && *t != "<select>") {
        let document = read(tag, &format!("{TEXT}{}", format!("{tag}xã ").repeat(200_000))).unwrap();
        let whole = document.text.matches("xã").count() >= 200_000;
        assert!(whole || !document.origin.notes.is_empty(), "{tag}: {:?}", document.origin);
    }
}

#[test]
fn fifty_megabytes_of_attributes_end() {
    let many: String = (0..3_500_000).map(|i| format!(" a{i}=b{i}")).collect();
    let document = read("attributes", &format!("<html><body><div{many}>{TEXT}</div></body></html>")).unwrap();
    assert!(document.text.contains("94 xã"), "{}", document.text);
    read("one value", &format!("{TEXT}<div class=\"{}\">{TEXT}", "x ".repeat(20 << 20)));
    read("no end", &format!("{TEXT}<div class=\"{}", "x>".repeat(20 << 20)));
}

#[test]
fn huge_tables_end() {
    let spans = "<tr><td rowspan=1000000 colspan=1000000>1<td rowspan=1000000>2".repeat(50_000);
    read("spans", &format!("{TEXT}<table>{spans}</table>"));
    let rows: String = (0..50_000).map(|i| format!("<tr><td>Xã {i}<td>{i}<td>{}", i * 2)).collect();
    let document = read("rows", &format!("{TEXT}<table><tr><th>Xã<th>Hộ nghèo (hộ)<th>Tổng số hộ (hộ){rows}</table>")).unwrap();
    assert!(document.text.lines().count() > 50_000);
}

#[test]
fn links_lists_and_one_long_line_end() {
    read("links", &format!("{TEXT}{}", "<li><a href=x>Tin tức trong ngày của tỉnh</a>".repeat(300_000)));
    read("one line", &format!("<p>{}</p>", "Toàn tỉnh có 94 xã. ".repeat(200_000)));
    read("dates", &format!("<div>{}</div>", "<div class=date>31/02/2023 45/13/2024</div>".repeat(200_000)));
    read("json", &format!("<script type=application/ld+json>{}</script>{TEXT}", "[".repeat(1_000_000)));
}

#[test]
fn one_sentence_of_thousands_of_figures_ends() {
    for (words, times, figures) in [
        ("1 x ", 40_000, 0),
        ("(tăng 8%) so với ", 40_000, 40_000),
        ("5 xã trong số đó ", 40_000, 40_000),
        ("1/2 ", 40_000, 0),
        ("xã Hòa (huyện Lạc) 5 ha ", 20_000, 20_000),
        ("sẽ tăng từ 5% lên 6% ", 20_000, 40_000),
        ("5 tỷ đồng (6 tỷ đồng) năm 2016 ", 20_000, 40_000),
    ] {
        let document = Document::new("a", words.repeat(times));
        Lazy::force(&EXTRACTOR);
        let started = Instant::now();
        assert_eq!(EXTRACTOR.extract(&document).len(), figures, "{words}");
        assert!(started.elapsed() < PATIENCE, "{words} took {:?}", started.elapsed());
    }
}
