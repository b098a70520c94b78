//! Dates as feeds and sitemaps write them.
//!
//! In: a date in a standard form, or in one of those that portals write instead. Out: a moment. Never: a moment of a form that can be read
//! in two ways and of which no portal is known.

use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil::Date};

/// Vietnam has one time, all year.
pub fn vietnam() -> TimeZone {
    TimeZone::fixed(Offset::constant(7))
}

/// Forms without a zone, in which the day stands first.
const DAY_FIRST: [&str; 10] = [
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%H:%M:%S %d/%m/%Y",
    "%H:%M %d/%m/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
];
/// With AM or PM the system behind it writes as Americans do, …
const MONTH_FIRST: [&str; 2] = ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p"];
/// … unless that gives no date.
const DAY_FIRST_12: [&str; 2] = ["%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p"];

/// Reads a moment; one without a zone is told in Vietnam's time.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let zoned = text.parse::<Timestamp>().ok().or_else(|| named_zone(text)).or_else(|| rfc2822::parse(&with_offset(text)).ok().map(|z| z.timestamp()));
    zoned.or_else(|| local(text)).filter(|t| (1996..2100).contains(&t.to_zoned(vietnam()).year()))
}

/// ISO with an offset but no seconds, or a date alone.
fn named_zone(text: &str) -> Option<Timestamp> {
    let formats = ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z"];
    formats.iter().find_map(|f| strtime::parse(f, text).ok()?.to_timestamp().ok())
}

/// `GMT+7` and `+7` as mail writes them: `+0700`.
fn with_offset(text: &str) -> String {
    let Some((rest, zone)) = text.rsplit_once(' ') else {
        return text.to_owned();
    };
    let number = zone.trim_start_matches("GMT").trim_start_matches("UTC").trim_start_matches("ICT");
    if zone == "ICT" {
        return format!("{rest} +0700");
    }
    let Some((sign, digits)) = number.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-")) else {
        return text.to_owned();
    };
    let digits = digits.replace(':', "");
    match digits.len() {
        1 => format!("{rest} {sign}0{digits}00"),
        2 => format!("{rest} {sign}{digits}00"),
        _ => format!("{rest} {sign}{digits}"),
    }
}

fn local(text: &str) -> Option<Timestamp> {
    let text = text.replace(" SA", " AM").replace(" CH", " PM").replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let date_time = |f: &&str| {
        let parsed = strtime::parse(f, &text).ok()?;
        parsed.to_datetime().ok().or_else(|| parsed.to_date().ok().map(Date::into))
    };
    let found: Option<DateTime> = MONTH_FIRST.iter().chain(&DAY_FIRST_12).chain(&DAY_FIRST).find_map(date_time);
    let iso = || text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(Date::into));
    found.or_else(iso)?.to_zoned(vietnam()).ok().map(|z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_portals() {
        let same = [
            "Wed, 12 Nov 2025 08:30:00 GMT+7",
            "Wed, 12 Nov 2025 08:30:00 +0700",
            "Wed, 12 Nov 2025 01:30:00 GMT",
            "12/11/2025 08:30:00",
            "12/11/2025 08:30",
            "12-11-2025 08:30:00",
            "11/12/2025 8:30:00 AM",
            "2025-11-12T08:30:00+07:00",
            "2025-11-12T01:30:00Z",
            "2025-11-12T08:30:00",
            "2025-11-12 08:30:00",
            "2025-11-12T08:30+07:00",
            "08:30 12/11/2025",
            "11/12/2025 8:30:00 SA",
            "Wed, 12 Nov 2025 08:30:00 ICT",
        ];
        for text in same {
            assert_eq!(read(text).map(|t| t.to_string()).as_deref(), Some("2025-11-12T01:30:00Z"), "{text}");
        }
        assert_eq!(read("2025-11-12").unwrap().to_string(), "2025-11-11T17:00:00Z");
        assert_eq!(read("25/12/2025 8:30:00 PM").unwrap().to_string(), "2025-12-25T13:30:00Z");
    }

    #[test]
    fn what_is_no_date_gives_none() {
        assert_eq!(["", "hôm qua", "0001-01-01T00:00:00Z", "31/02/2025", "GMT+7"].map(read), [None; 5]);
    }
}
