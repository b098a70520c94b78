//! Word files: `.docx`.
//!
//! In: the bytes of a file. Out: its paragraphs, a line each, and the rows of its tables with their cells apart by tabs; the title from
//! its properties. Never: a number split where Word splits its runs; text that was deleted under revision; a bomb unpacked.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};

/// Tables in tables deeper than this are read as text.
const DEPTH: usize = 16;
/// The most places that one merged cell fills.
const SPAN: usize = 64;

/// What a Word file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Docx {
    pub text: String,
    pub title: Option<String>,
}

/// Reads a file; at most `limit` bytes of it are unpacked.
///
/// # Errors
/// Says what is wrong with the file.
pub fn read(bytes: &[u8], limit: usize) -> Result<Docx, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("no Word file: {e}"))?;
    let body = part(&mut archive, "word/document.xml", limit)?.ok_or("no Word file: it has no word/document.xml")?;
    let title = part(&mut archive, "docProps/core.xml", limit)?.and_then(|core| property(&core, "title"));
    Ok(Docx { text: text(&body)?, title })
}

fn part(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str, limit: usize) -> Result<Option<String>, String> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut out = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut out).map_err(|e| format!("{name} cannot be unpacked: {e}"))?;
    if out.len() > limit {
        return Err(format!("{name} is longer than {limit} bytes"));
    }
    String::from_utf8(out).map(Some).map_err(|_| format!("{name} is no UTF-8"))
}

fn property(xml: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let mut inside = false;
    let mut out = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) if e.local_name().as_ref() == name => inside = true,
            Event::End(_) => inside = false,
            Event::Text(t) if inside => out.push_str(&t),
            Event::GeneralRef(r) if inside => out.extend(character(&r)),
            Event::Eof => break,
            _ => {}
        }
    }
    Some(out.trim().to_owned()).filter(|t| !t.is_empty())
}

/// A table that is being read.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    /// Places that the cell fills beyond its first.
    more: usize,
    /// The cell goes on from the row above.
    below: bool,
}

#[derive(Default)]
struct Body {
    out: String,
    line: String,
    tables: Vec<Table>,
    /// Inside `w:t`.
    text: bool,
    /// The run is raised.
    raised: bool,
    /// Inside what was deleted, or a field's code.
    skipped: usize,
}

fn text(xml: &str) -> Result<String, String> {
    let mut reader = Reader::from_str(xml);
    let mut body = Body::default();
    loop {
        match reader.read_event() {
            Err(e) => return Err(format!("word/document.xml is broken at byte {}: {e}", reader.error_position())),
            Ok(Event::Eof) => break,
            Ok(Event::Start(e)) => body.open(&e, false),
            Ok(Event::Empty(e)) => body.open(&e, true),
            Ok(Event::End(e)) => body.close(e.local_name().as_ref()),
            Ok(Event::Text(t)) => body.put(&t),
            Ok(Event::GeneralRef(r)) => character(&r).into_iter().for_each(|c| body.put(c.encode_utf8(&mut [0; 4]))),
            Ok(_) => {}
        }
    }
    body.end_line();
    Ok(body.out)
}

/// `&amp;`, `&#233;`
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

impl Body {
    fn put(&mut self, text: &str) {
        if !self.text || self.skipped > 0 {
            return;
        }
        // As in pages: `10³` is no 103.
        if self.raised && text.starts_with(|c: char| c.is_ascii_digit()) && self.line.ends_with(|c: char| !c.is_alphabetic()) {
            self.line.push('^');
        }
        self.line.push_str(text);
    }

    fn open(&mut self, e: &BytesStart<'_>, empty: bool) {
        match e.local_name().as_ref() {
            "t" => self.text = !empty,
            "tab" if self.skipped == 0 => self.line.push(' '),
            "br" | "cr" if self.skipped == 0 => self.end_line(),
            "noBreakHyphen" if self.skipped == 0 => self.line.push('-'),
            "r" => self.raised = false,
            "vertAlign" => self.raised = value(e).is_some_and(|v| v == "superscript"),
            "del" | "instrText" | "moveFrom" | "Fallback" if !empty => self.skipped += 1,
            "tbl" if !empty => {
                self.end_line();
                self.tables.push(Table::default());
            }
            "tr" if !empty => self.table(|t| t.rows.push(Vec::new())),
            "tc" if !empty => self.table(|t| {
                (t.more, t.below) = (0, false);
                t.rows.last_mut().into_iter().for_each(|r| r.push(String::new()));
            }),
            "gridSpan" => {
                let span = value(e).and_then(|v| v.parse::<usize>().ok()).unwrap_or(1).clamp(1, SPAN);
                self.table(|t| t.more = span - 1);
            }
            "vMerge" => {
                let below = value(e).is_none_or(|v| v != "restart");
                self.table(|t| t.below = below);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.text = false,
            "p" => self.end_line(),
            "del" | "instrText" | "moveFrom" | "Fallback" => self.skipped = self.skipped.saturating_sub(1),
            "tc" => self.table(|t| {
                let below = t.below;
                let more = t.more;
                if let Some(row) = t.rows.last_mut() {
                    row.last_mut().filter(|_| below).into_iter().for_each(String::clear);
                    row.extend(std::iter::repeat_n(String::new(), more));
                }
            }),
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    /// The innermost table, when it is not too deep.
    fn table(&mut self, change: impl FnOnce(&mut Table)) {
        if self.tables.len() <= DEPTH
            && let Some(table) = self.tables.last_mut()
        {
            change(table);
        }
    }

    /// A paragraph ends: a line of the text, or more words of a cell.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return;
        }
        match self.tables.iter_mut().take(DEPTH).next_back().and_then(|t| t.rows.last_mut()).and_then(|r| r.last_mut()) {
            Some(cell) => {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&words);
            }
            None => {
                self.out.push_str(&words);
                self.out.push('\n');
            }
        }
    }

    /// Rows of the outermost table are lines; an inner table is text of its cell.
    fn end_table(&mut self) {
        self.end_line();
        let Some(table) = self.tables.pop() else { return };
        let rows: Vec<Vec<String>> = table.rows.into_iter().filter(|r| r.iter().any(|c| !c.is_empty())).collect();
        if !self.tables.is_empty() {
            self.line = rows.concat().join(" ");
            return self.end_line();
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        for mut row in rows {
            row.resize(width, String::new());
            self.out.push_str(&row.join("\t"));
            self.out.push('\n');
        }
    }
}

fn value(e: &BytesStart<'_>) -> Option<String> {
    let attribute = e.attributes().flatten().find(|a| a.key.local_name().as_ref() == "val")?;
    Some(attribute.value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(body: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let xml = format!("<w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>");
        for (name, content) in
            [("word/document.xml", xml.as_str()), ("docProps/core.xml", "<cp:coreProperties><dc:title>Báo cáo &amp; số liệu</dc:title></cp:coreProperties>")]
        {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn runs_are_joined_and_deletions_left_out() {
        let body = "<w:p><w:r><w:t>Có 112</w:t></w:r><w:r><w:t>/126 xã</w:t></w:r><w:del><w:r><w:delText>x</w:delText><w:t>9</w:t></w:r></w:del><w:r><w:tab/><w:t xml:space=\"preserve\">&lt; 5% &#233;</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>Hết.</w:t></w:r></w:p>";
        let docx = read(&file(body), 1 << 20).unwrap();
        assert_eq!(docx.text, "Có 112/126 xã < 5% é\nHết.\n");
        assert_eq!(docx.title.as_deref(), Some("Báo cáo & số liệu"));
    }

    #[test]
    fn raised_digits_are_no_part_of_a_number() {
        let up = |t: &str| format!("<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>{t}</w:t></w:r>");
        let body = format!("<w:p><w:r><w:t>10</w:t></w:r>{}<w:r><w:t> và 5 m</w:t></w:r>{}<w:r><w:t>, 45%</w:t></w:r></w:p>", up("3"), up("2"));
        assert_eq!(read(&file(&body), 1 << 20).unwrap().text, "10^3 và 5 m2, 45%\n");
    }

    #[test]
    fn tables_keep_their_columns() {
        let cell = |p: &str, t: &str| format!("<w:tc><w:tcPr>{p}</w:tcPr><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>");
        let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
        let head = row(&[cell("<w:vMerge w:val=\"restart\"/>", "Xã"), cell("<w:gridSpan w:val=\"2\"/>", "Năm 2023")]);
        let second = row(&[cell("<w:vMerge/>", ""), cell("", "Kế hoạch"), cell("", "Đạt")]);
        let data = row(&[cell("", "An"), cell("", "5"), cell("", "4")]);
        let docx = read(&file(&format!("<w:tbl>{head}{second}{data}</w:tbl>")), 1 << 20).unwrap();
        assert_eq!(docx.text, "Xã\tNăm 2023\t\n\tKế hoạch\tĐạt\nAn\t5\t4\n");
    }

    #[test]
    fn what_is_no_word_file_or_too_large_is_told() {
        assert!(read(b"PK", 100).unwrap_err().starts_with("no Word file"));
        assert!(read(&file(&"<w:p/>".repeat(1000)), 500).unwrap_err().contains("longer than 500"));
        assert!(read(&file("<w:p><w:r></w:p>"), 5000).unwrap_err().contains("broken"));
        let deep = format!("{}x", "<w:tbl><w:tr><w:tc>".repeat(100_000));
        assert!(read(&file(&deep), 64 << 20).is_err());
    }
}
