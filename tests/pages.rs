//! Saved pages: each `corpus/pages/NAME.html` says what `NAME.txt` and `NAME.json` hold.

use serde_json::Value;
use solieu::document::{Inputs, Reader};
use solieu::{Document, Extractor};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pages")
}

fn read(path: &Path, reader: Reader) -> Document {
    let (input, raw) = Inputs::new([path.to_owned()]).with_reader(reader).next().unwrap().unwrap();
    raw.decode(&input).unwrap()
}

/// The names of all pages.
fn pages() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "html")).collect();
    found.sort();
    assert!(found.len() >= 12);
    found
}

fn differences(page: &Path, document: &Document) -> Vec<String> {
    let expected: Value = serde_json::from_str(&fs::read_to_string(page.with_extension("json")).unwrap()).unwrap();
    let text = fs::read_to_string(page.with_extension("txt")).unwrap();
    let said = [("title", &document.title), ("published", &document.published), ("url", &document.url)];
    let name = page.file_stem().unwrap().to_string_lossy();
    let mut out: Vec<String> = said
        .iter()
        .filter(|(key, value)| !text.is_empty() && expected[*key].as_str() != value.as_deref())
        .map(|(key, value)| format!("{name}: {key} is {value:?}, not {}", expected[*key]))
        .collect();
    if document.text != text {
        out.push(format!("{name}: {:?}\n--- text\n{}--- expected\n{text}", document.origin, document.text));
    }
    out
}

#[test]
fn pages_give_title_text_and_date() {
    let wrong: Vec<String> = pages().iter().flat_map(|p| differences(p, &read(p, Reader::default()))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without any profile most pages still give their text whole; none gives a number that it does not have.
#[test]
fn most_pages_need_no_profile() {
    let words = |s: &str| s.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut right = 0;
    for page in pages() {
        let document = read(&page, Reader::default().without_profiles());
        let expected = words(&fs::read_to_string(page.with_extension("txt")).unwrap());
        let found = words(&document.text);
        let html = fs::read_to_string(&page).unwrap();
        right += usize::from(found == expected);
        let torn: Vec<&String> = found
            .iter()
            .filter(|w| w.contains(',') && w.bytes().next().is_some_and(|b| b.is_ascii_digit()) && !expected.contains(w) && !html.contains(*w))
            .collect();
        assert!(torn.is_empty(), "{page:?}: {torn:?}");
    }
    assert!(right >= 8, "{right}");
}

/// What `read` prints is what `extract` sees.
#[test]
fn a_page_and_its_printed_document_give_the_same_records() {
    let extractor = Extractor::new();
    for page in pages() {
        let document = read(&page, Reader::default());
        let again = Document {
            text: document.text.clone(),
            published: document.published.clone(),
            title: document.title.clone(),
            url: document.url.clone(),
            ..Document::new(document.id.as_str(), "")
        };
        assert_eq!(extractor.extract(&document), extractor.extract(&again), "{page:?}");
    }
}

#[test]
fn figures_in_cells_know_their_headings() {
    let document = read(&folder().join("liferay-table.html"), Reader::default());
    let records = Extractor::new().extract(&document);
    let cell = records.iter().find(|r| r.quote == "803").unwrap();
    assert_eq!((cell.value.amount.as_str(), cell.unit.as_str(), cell.subject.as_deref()), ("803", "hộ", Some("Số hộ nghèo")));
    assert_eq!(cell.place.as_ref().map(|p| p.name.as_str()), Some("huyện Bù Gia Mập"));
    let period = cell.period.as_ref().unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2022-01-01"), Some("2022-12-31")));
    assert_eq!(&document.text[cell.span.bytes[0]..cell.span.bytes[1]], "803");
    let document = read(&folder().join("cms-body.html"), Reader::default());
    let records = Extractor::new().extract(&document);
    let cell = records.iter().find(|r| r.quote == "190,5").unwrap();
    assert_eq!((cell.value.amount.as_str(), cell.unit.as_str(), cell.subject.as_deref()), ("190500", "tấn", Some("Sản lượng rau")));
}
