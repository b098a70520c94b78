//! A table for people: one block a document, numbers as Vietnamese texts write them, colours by what is said.

use super::Format;
use crate::document::Document;
use crate::pipeline::Reading;
use crate::record::{Period, Record};
use crate::terms::{Change, Kind, Qualifier, Status};
use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, Cell, Color, ContentArrangement, TableComponent, presets};
use rust_decimal::Decimal;
use std::fmt::Write as _;

const NAME: Style = AnsiColor::Cyan.on_default().bold();
const FAINT: Style = Style::new().dimmed();
/// From this width on, place, period and series have columns of their own.
const WIDE: u16 = 110;
/// The narrowest table that can be read.
const NARROWEST: u16 = 60;

/// A table of a given width, with escape codes for colours: the stream it goes to strips them where they are not wanted.
pub struct Table {
    width: u16,
}

impl Table {
    /// `width` in columns of the terminal.
    pub fn new(width: u16) -> Self {
        Self { width: width.max(NARROWEST) }
    }

    fn rows(&self, records: &[Record]) -> comfy_table::Table {
        let wide = self.width >= WIDE;
        let mut table = comfy_table::Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(self.width).enforce_styling();
        for part in [TableComponent::HeaderLines, TableComponent::LeftHeaderIntersection, TableComponent::MiddleHeaderIntersections] {
            table.set_style(part, '─');
        }
        let head: &[&str] =
            if wide { &["figure", "value", "said", "subject", "place", "period", "indicator"] } else { &["figure", "value", "subject", "place, period"] };
        table.set_header(head.iter().map(|h| Cell::new(h).add_attribute(Attribute::Dim)));
        for record in records {
            table.add_row(if wide { wide_row(record) } else { narrow_row(record) });
        }
        table
    }
}

impl Format for Table {
    fn write(&self, Reading { document, records, .. }: &Reading, out: &mut Vec<u8>) {
        let mut text = heading(document, records.len());
        if !records.is_empty() {
            let _ = writeln!(text, "{}", self.rows(records));
        }
        text.push('\n');
        out.extend_from_slice(text.as_bytes());
    }
}

fn heading(document: &Document, figures: usize) -> String {
    let mut text = format!("{NAME}{}{NAME:#}", document.id);
    for more in [&document.title, &document.published].into_iter().flatten() {
        let _ = write!(text, "  {more}");
    }
    let noun = if figures == 1 { "figure" } else { "figures" };
    let _ = writeln!(text, "  {FAINT}{figures} {noun}{FAINT:#}");
    text
}

fn wide_row(record: &Record) -> Vec<Cell> {
    vec![
        quote(record),
        Cell::new(value(record)),
        said(record),
        Cell::new(subject(record)),
        Cell::new(place(record)),
        Cell::new(period(record.period.as_ref())),
        indicator(record),
    ]
}

fn narrow_row(record: &Record) -> Vec<Cell> {
    let marks = marks(record);
    let value = if marks.is_empty() { value(record) } else { format!("{}\n{marks}", value(record)) };
    let both: Vec<String> = [place(record), period(record.period.as_ref())].into_iter().filter(|t| !t.is_empty()).collect();
    vec![quote(record), Cell::new(value).fg_if(colour(record)), Cell::new(subject(record)), Cell::new(both.join("\n"))]
}

/// A cell that may keep the colour of the terminal.
trait MaybeColoured {
    fn fg_if(self, colour: Option<Color>) -> Self;
}

impl MaybeColoured for Cell {
    fn fg_if(self, colour: Option<Color>) -> Self {
        match colour {
            Some(colour) => self.fg(colour),
            None => self,
        }
    }
}

fn quote(record: &Record) -> Cell {
    let quote = record.quote.split_whitespace().collect::<Vec<_>>().join(" ");
    let cell = Cell::new(if record.checks.is_empty() { quote } else { format!("{quote}\n! {}", record.checks.join(", ")) }).add_attribute(Attribute::Bold);
    cell.fg_if((!record.checks.is_empty()).then_some(Color::Red))
}

fn said(record: &Record) -> Cell {
    Cell::new(marks(record)).fg_if(colour(record))
}

/// What departs from the default: qualifier, change, status.
fn marks(record: &Record) -> String {
    let qualifier = (record.qualifier != Qualifier::Exact).then(|| record.qualifier.as_str());
    let change = (record.change != Change::None).then(|| record.change.as_str());
    let status = (record.status != Status::Actual).then(|| record.status.as_str());
    [qualifier, change, status].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn colour(record: &Record) -> Option<Color> {
    match (record.status, record.change) {
        (Status::Estimate | Status::Forecast, _) => Some(Color::Yellow),
        (Status::Target, _) => Some(Color::Magenta),
        (_, Change::Increase | Change::IncreaseTo) => Some(Color::Green),
        (_, Change::Decrease | Change::DecreaseTo) => Some(Color::Blue),
        _ => None,
    }
}

fn subject(record: &Record) -> String {
    let subject = record.subject.as_deref().unwrap_or("–");
    match &record.basis {
        Some(basis) => format!("{subject}\n({basis})"),
        None => subject.to_owned(),
    }
}

fn place(record: &Record) -> String {
    record.place.as_ref().map_or_else(String::new, |p| p.name.clone())
}

fn indicator(record: &Record) -> Cell {
    Cell::new(record.indicator.as_ref().map_or("", |i| i.id.as_str())).fg(Color::Cyan)
}

/// A year as such, one day as such, an open side as an arrow.
fn period(period: Option<&Period>) -> String {
    let Some(period) = period else {
        return String::new();
    };
    let year = |d: &str, rest: &str| d.strip_suffix(rest).map(str::to_owned);
    match (period.start.as_deref(), period.end.as_deref()) {
        (Some(s), Some(e)) if s == e => s.to_owned(),
        (Some(s), Some(e)) => match (year(s, "-01-01"), year(e, "-12-31")) {
            (Some(a), Some(b)) if a == b => a,
            (Some(a), Some(b)) => format!("{a}–{b}"),
            _ => format!("{s} –\n{e}"),
        },
        (None, Some(e)) => format!("→ {e}"),
        (Some(s), None) => format!("{s} →"),
        (None, None) => String::new(),
    }
}

/// Number and unit: `24.372,898 tỷ VND`, `5.813/8.227 xã`, `4–5%`, `hạng 5/63`.
fn value(record: &Record) -> String {
    let read = |text: &str| text.parse::<Decimal>().ok();
    let (Some(amount), upper, of) = (read(&record.value.amount), record.value.upper.as_deref().and_then(read), record.value.of.as_deref().and_then(read))
    else {
        return format!("{} {}", record.value.amount, record.unit);
    };
    let scale = if record.kind == Kind::Money { scale(amount) } else { ("", Decimal::ONE) };
    let show = |n: Decimal| grouped(n / scale.1);
    let number = match (upper, of) {
        (Some(upper), _) => format!("{}–{}", show(amount), show(upper)),
        (_, Some(of)) => format!("{}/{}", show(amount), show(of)),
        _ => show(amount),
    };
    match record.unit.as_str() {
        "%" => format!("{number}%"),
        "hạng" => format!("hạng {number}"),
        unit => format!("{number}{} {unit}", scale.0),
    }
}

/// The scale word that texts use for an amount of money of this size.
fn scale(amount: Decimal) -> (&'static str, Decimal) {
    let (billion, million) = (Decimal::from(1_000_000_000), Decimal::from(1_000_000));
    match amount.abs() {
        a if a >= billion => (" tỷ", billion),
        a if a >= million => (" triệu", million),
        _ => ("", Decimal::ONE),
    }
}

/// A number with dots between thousands and a decimal comma.
fn grouped(value: Decimal) -> String {
    let text = value.normalize().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::from(if value.is_sign_negative() { "-" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        let _ = write!(out, ",{fraction}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;

    fn records(text: &str) -> (Document, Vec<Record>) {
        let document = Document::new("a.txt", text).published("2023-07-01");
        let records = Extractor::new().extract(&document);
        (document, records)
    }

    fn values(text: &str) -> Vec<String> {
        records(text).1.iter().map(value).collect()
    }

    #[test]
    fn values_are_written_the_vietnamese_way() {
        assert_eq!(values("Tổng vốn 24.372,898 tỷ đồng, chi 500 nghìn đồng."), ["24.372,898 tỷ VND", "500.000 VND"]);
        assert_eq!(values("Có 5.813/8.227 xã, tăng 4 - 5%."), ["5.813/8.227 xã", "4–5%"]);
    }

    #[test]
    fn numbers_are_grouped_and_keep_their_sign() {
        let shown = ["1234567.5", "-35.9", "0.05", "999", "1000"].map(|n| grouped(n.parse().unwrap()));
        assert_eq!(shown, ["1.234.567,5", "-35,9", "0,05", "999", "1.000"]);
    }

    #[test]
    fn periods_are_short() {
        let shown = |start: Option<&str>, end: Option<&str>| period(Some(&Period { start: start.map(str::to_owned), end: end.map(str::to_owned), text: None }));
        assert_eq!(shown(Some("2022-01-01"), Some("2022-12-31")), "2022");
        assert_eq!(shown(Some("2021-01-01"), Some("2025-12-31")), "2021–2025");
        assert_eq!(shown(None, Some("2022-07-31")), "→ 2022-07-31");
        assert_eq!(shown(Some("2022-07-05"), Some("2022-07-05")), "2022-07-05");
    }

    #[test]
    fn no_line_is_wider_than_the_table() {
        let (document, records) = records("Năm 2022, tổng giá trị giải ngân của tỉnh Lai Châu ước đạt hơn 1.350 tỷ đồng, bằng 89,5% kế hoạch.");
        let reading = Reading { number: 1, document, records };
        for width in [60, 80, 109, 110, 160] {
            let bytes = Table::new(width).bytes(&reading);
            let plain = anstream::adapter::strip_str(std::str::from_utf8(&bytes).unwrap()).to_string();
            let widest = plain.lines().map(|l| l.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} > {width}:\n{plain}");
            assert!(plain.contains("89,5%") && plain.contains("estimate"), "{plain}");
        }
    }
}
