//! Dates as pages write them.
//!
//! In: a string. Out: the first date in it and where it stands. Never: a date that the calendar lacks, or one before the web.

use jiff::civil::Date;
use once_cell::sync::Lazy;
use regex::Regex;
use std::ops::Range;

/// Vietnam's offset from UTC, in hours: days are those of its calendar.
const OFFSET: i8 = 7;

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub date: Date,
    pub place: Range<usize>,
}

/// Dates are sought in short texts only: in so many bytes of one.
const LOOK: usize = 1000;

/// What the parts of a pattern are.
#[derive(Clone, Copy)]
enum Order {
    DayMonthYear,
    YearMonthDay,
    MonthDayYear,
}

static PATTERNS: Lazy<Vec<(Regex, Order)>> = Lazy::new(|| {
    let month = r"(\d{1,2}|giêng|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười một|mười hai|mười|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)";
    let patterns = [
        (r"(?i)(?-u:\b)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?-u:\b)|T)".to_owned(), Order::YearMonthDay),
        (format!(r"(?i)(?-u:\b)(\d{{1,2}})\s*(?:tháng|thg|th)\.?\s*{month}\s*[,/-]?\s*(?:năm\s*)?(\d{{4}})(?-u:\b)"), Order::DayMonthYear),
        (format!(r"(?i)(?-u:\b)(?:tháng|thg)\s*{month}\s+(\d{{1,2}}),?\s+(?:năm\s*)?(\d{{4}})(?-u:\b)"), Order::MonthDayYear),
        (r"(?-u:\b)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?-u:\b)".to_owned(), Order::DayMonthYear),
        (r"(?i)(?:thứ \w+|chủ nhật),?\s*(?:ngày\s*)?(\d{1,2}) (\d{1,2}) (\d{4})(?-u:\b)".to_owned(), Order::DayMonthYear),
        (format!(r"(?i)(?-u:\b){month} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?-u:\b)"), Order::MonthDayYear),
        (format!(r"(?i)(?-u:\b)(\d{{1,2}})[ -]{month},?[ -](\d{{4}})(?-u:\b)"), Order::DayMonthYear),
        (r"(?-u:\b)(\d{1,2})/(\d{1,2})/(\d{2})(?-u:\b)".to_owned(), Order::DayMonthYear),
    ];
    patterns.into_iter().filter_map(|(p, order)| Some((Regex::new(&p).ok()?, order))).collect()
});

/// The first date of a text.
pub fn find(text: &str) -> Option<Found> {
    let end = (0..=LOOK.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let text = &text[..end];
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let all = PATTERNS.iter().filter_map(|(pattern, order)| pattern.captures_iter(text).find_map(|c| read(text, &c, *order)));
    all.min_by_key(|f| f.place.start)
}

/// Does a line say nothing but a date and its time?
pub fn is_alone(text: &str) -> bool {
    if text.len() > LOOK {
        return false;
    }
    let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).count();
    find(text).is_some_and(|f| letters(text) - letters(&text[f.place]) <= 10)
}

fn read(text: &str, captures: &regex::Captures<'_>, order: Order) -> Option<Found> {
    let place = captures.get(0)?.range();
    let part = |i| captures.get(i).map(|m| m.as_str());
    let (day, month, year) = match order {
        Order::DayMonthYear => (part(1)?, part(2)?, part(3)?),
        Order::YearMonthDay => (part(3)?, part(2)?, part(1)?),
        Order::MonthDayYear => (part(2)?, part(1)?, part(3)?),
    };
    // `12/2024/QĐ-UBND` and `1/2/2024.5` are other things.
    if text[place.end..].starts_with('/') {
        return None;
    }
    let (mut day, mut month) = (day.parse::<i8>().ok()?, month_of(month)?);
    let american = month > 12 || is_american(&text[place.end..]);
    if american && matches!(order, Order::DayMonthYear) {
        std::mem::swap(&mut day, &mut month);
    }
    let year: i16 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    let date = Date::new(year, month, day).ok().filter(|d| (1996..2100).contains(&d.year()))?;
    Some(Found { date, place })
}

/// `8/5/2019 4:32 PM`, as an English server writes it.
fn is_american(behind: &str) -> bool {
    let behind = behind.trim_start();
    let time: usize = behind.bytes().take_while(|b| b.is_ascii_digit() || *b == b':').count();
    time >= 4 && behind.get(time..).is_some_and(|r| r.starts_with(" AM") || r.starts_with(" PM"))
}

fn month_of(text: &str) -> Option<i8> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let folded = crate::text::fold(text);
    let vietnamese =
        [&["giêng", "một"][..], &["hai"], &["ba"], &["tư", "bốn"], &["năm"], &["sáu"], &["bảy"], &["tám"], &["chín"], &["mười"], &["mười một"], &["mười hai"]];
    let english = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = vietnamese.iter().position(|names| names.contains(&folded.as_str())).or_else(|| english.iter().position(|m| folded.starts_with(m)))?;
    i8::try_from(at + 1).ok()
}

/// The day of a machine's date or time: `2019-08-05T23:30:00Z` is the 6th in Vietnam.
pub fn machine(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(Ok(time)) = text.contains('T').then(|| text.parse::<jiff::Timestamp>()) {
        let there = jiff::tz::Offset::constant(OFFSET).to_datetime(time);
        return Some(there.date()).filter(|d| d.year() >= 1996);
    }
    find(text).map(|f| f.date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<String> {
        find(text).map(|f| f.date.to_string())
    }

    #[test]
    fn dates_as_portals_write_them() {
        let same = [
            "05/08/2019",
            "(05.08.2019 16:32)",
            "Thứ hai, ngày 05 tháng 8 năm 2019",
            "thứ hai, 05 08 2019 08:51",
            "Ngày đăng: 5-8-2019 | 10:15",
            "05 Tháng Tám, 2019",
            "Tháng Tám 5, 2019",
            "5 Th8 2019",
            "August 5, 2019",
            "05-Aug-2019",
            "8/5/2019 4:32 PM",
            "2019-08-05 10:00",
            "16:32 | 05/08/2019",
            "5/8/19, 08:00",
        ];
        for text in same {
            assert_eq!(date(text).as_deref(), Some("2019-08-05"), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in ["12/2024/QĐ-UBND", "1.234.567", "31/02/2019", "điện thoại 024.3822.1234", "19-5-1890", "nhiệm kỳ 2015 - 2020", "1/2/2024/NQ"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_machines_are_days_in_vietnam() {
        assert_eq!(machine("2019-08-04T23:30:00Z").unwrap().to_string(), "2019-08-05");
        assert_eq!(machine("2019-08-05T00:10:00+07:00").unwrap().to_string(), "2019-08-05");
        assert_eq!(machine("2019-08-05T10:00:00").unwrap().to_string(), "2019-08-05");
        assert_eq!(machine("thứ năm, 17 08 2017 16:28").unwrap().to_string(), "2017-08-17");
    }
}
