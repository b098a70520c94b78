//! SDMX-CSV 2.0: the figures of catalogued series as observations.
//!
//! In: readings. Out: one observation a line, of the dataflow `SOLIEU:FIGURES(1.0)`. Texts contradict each other and themselves, so the
//! figure's own id is the last dimension: no two observations have one key, and none is chosen or dropped. Figures without
//! a series or an end of their time are no observations; [`Format::left_out`] counts them. Never: a code list: values are those of the records,
//! but for ids of series, in which SDMX allows no dots.

use super::Format;
use crate::pipeline::Reading;
use crate::record::{Period, Record};
use crate::terms::Status;
use ::csv::{Terminator, Writer, WriterBuilder};
use jiff::civil::Date;

const FLOW: [&str; 3] = ["dataflow", "SOLIEU:FIGURES(1.0)", "I"];
const HEAD: [&str; 21] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "INDICATOR",
    "REF_AREA",
    "TIME_PERIOD",
    "STATUS",
    "CHANGE",
    "FIGURE",
    "OBS_VALUE",
    "UNIT_MEASURE",
    "OBS_STATUS",
    "QUALIFIER",
    "OBS_UPPER",
    "OBS_OF",
    "BASIS",
    "REF_AREA_CODE",
    "REF_AREA_LEVEL",
    "DOCUMENT",
    "QUOTE",
    "LINK",
];
/// SDMX writes so what is not known.
const UNKNOWN: &str = "_U";

/// Observations for SDMX.
pub struct SdmxCsv;

impl Format for SdmxCsv {
    fn head(&self) -> Vec<u8> {
        let mut writer = writer(Vec::new());
        writer.write_record(HEAD).expect("memory takes all");
        writer.into_inner().expect("memory takes all")
    }

    fn write(&self, reading: &Reading, out: &mut Vec<u8>) {
        let mut writer = writer(std::mem::take(out));
        for row in reading.records.iter().filter_map(observation) {
            writer.write_record(row).expect("all rows have one length, and memory takes all");
        }
        *out = writer.into_inner().expect("memory takes all");
    }

    fn left_out(&self, reading: &Reading) -> usize {
        reading.records.iter().filter(|r| observation(r).is_none()).count()
    }
}

fn writer(out: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(out)
}

fn observation(record: &Record) -> Option<[String; HEAD.len()]> {
    let series = record.indicator.as_ref()?.id.replace('.', "_");
    let time = time_period(record.period.as_ref()?)?;
    let place = record.place.as_ref();
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
    let [structure, flow, action] = FLOW.map(str::to_owned);
    Some([
        structure,
        flow,
        action,
        series,
        place.map_or(UNKNOWN, |p| &p.name).to_owned(),
        time,
        record.status.as_str().to_owned(),
        record.change.as_str().to_owned(),
        record.id.clone(),
        record.value.amount.clone(),
        record.unit.clone(),
        observed(record.status).to_owned(),
        record.qualifier.as_str().to_owned(),
        or_nothing(&record.value.upper),
        or_nothing(&record.value.of),
        or_nothing(&record.basis),
        place.map(|p| or_nothing(&p.code)).unwrap_or_default(),
        place.map_or("", |p| p.level.as_str()).to_owned(),
        record.document.clone(),
        record.quote.clone(),
        or_nothing(&record.link),
    ])
}

/// The code of the cross-domain list CL_OBS_STATUS; a target is no observation in its sense.
fn observed(status: Status) -> &'static str {
    match status {
        Status::Actual => "A",
        Status::Estimate => "E",
        Status::Forecast => "F",
        Status::Target => "",
    }
}

/// The time in the ways of SDMX: a year, half, quarter, month or day where it is one, else a start with a duration.
fn time_period(period: &Period) -> Option<String> {
    let end: Date = period.end.as_deref()?.parse().ok()?;
    let Some(start) = period.start.as_deref() else { return Some(end.to_string()) };
    let start: Date = start.parse().ok()?;
    let year = start.year();
    Some(match months(start, end) {
        _ if start == end => end.to_string(),
        Some(1) => format!("{year:04}-{:02}", start.month()),
        Some(3) if start.month() % 3 == 1 => format!("{year:04}-Q{}", start.month() / 3 + 1),
        Some(6) if start.month() % 6 == 1 => format!("{year:04}-S{}", start.month() / 6 + 1),
        Some(12) if start.month() == 1 => format!("{year:04}"),
        Some(months) if months % 12 == 0 => format!("{start}/P{}Y", months / 12),
        Some(months) => format!("{start}/P{months}M"),
        None => format!("{start}/P{}D", start.until(end).ok()?.get_days().checked_add(1).filter(|days| *days > 0)?),
    })
}

/// How many whole months a time is long.
fn months(start: Date, end: Date) -> Option<i32> {
    let whole = start.day() == 1 && end == end.last_of_month();
    let count = (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month()) - i32::from(start.month()) + 1;
    (whole && count > 0).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    fn time(start: Option<&str>, end: Option<&str>) -> Option<String> {
        time_period(&Period { start: start.map(Into::into), end: end.map(Into::into), text: None })
    }

    #[test]
    fn times_are_written_as_sdmx_writes_them() {
        let of = |start, end| time(Some(start), Some(end)).unwrap();
        assert_eq!(of("2023-01-01", "2023-12-31"), "2023");
        assert_eq!(of("2023-07-01", "2023-12-31"), "2023-S2");
        assert_eq!(of("2023-10-01", "2023-12-31"), "2023-Q4");
        assert_eq!(of("2024-02-01", "2024-02-29"), "2024-02");
        assert_eq!(of("2024-02-03", "2024-02-03"), "2024-02-03");
        assert_eq!(of("2021-01-01", "2025-12-31"), "2021-01-01/P5Y");
        assert_eq!(of("2023-01-01", "2023-09-30"), "2023-01-01/P9M");
        assert_eq!(of("2023-01-03", "2023-01-12"), "2023-01-03/P10D");
        assert_eq!(time(None, Some("2022-12-31")).as_deref(), Some("2022-12-31"));
        assert_eq!((time(Some("2011-01-01"), None), time(Some("2023-01-12"), Some("2023-01-03"))), (None, None));
    }

    #[test]
    fn catalogued_figures_are_observations_and_the_others_are_counted() {
        let document = Document::new("a", "Đến ngày 31/12/2022, tỉnh Hòa Bình có 73/129 xã đạt chuẩn nông thôn mới và 5 con đò.");
        let reading = Reading { number: 1, records: Extractor::new().extract(&document), document };
        let csv = String::from_utf8([SdmxCsv.head(), SdmxCsv.bytes(&reading)].concat()).unwrap();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!((lines.len(), SdmxCsv.left_out(&reading)), (2, 1));
        assert!(lines[1].starts_with("dataflow,SOLIEU:FIGURES(1.0),I,ntm_commune_met,Hòa Bình,2022-12-31,actual,none,"), "{}", lines[1]);
        assert!(lines[1].contains(",73,xã,A,exact,,129,"), "{}", lines[1]);
    }
}
