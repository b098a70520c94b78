//! What may share an axis, and what a line.
//!
//! An axis has one unit, and holds levels or changes, not both. A line has one place, one status, one sort of time, and one basis where
//! the basis says of what a share is taken. Counts and parts of ratios (`73 xã`, `73/129 xã`) are the same thing; any other two kinds are
//! not. Units are compared as they are written in records: nothing is converted.

use crate::record::{Period, Record};
use crate::terms::{Change, Kind, Level, Status};
use jiff::Unit;
use jiff::civil::Date;
use serde::Serialize;

/// What all points of a panel share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Axis {
    pub unit: String,
    /// The kind; `count` for parts of ratios, too.
    pub kind: Kind,
    pub measure: Measure,
}

/// A level, or the size of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    Level,
    Increase,
    Decrease,
}

/// What all points of a line share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LineKey {
    /// None where the text does not tell whose figure it is.
    pub place: Option<String>,
    pub level: Option<Level>,
    pub status: Status,
    pub span: Span,
    /// Of shares and changes.
    pub basis: Option<String>,
}

/// Sorts of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// As of a day.
    State,
    Day,
    /// So many whole months.
    Months(u16),
    /// Any other number of days.
    Days(u32),
}

impl Axis {
    pub fn of(record: &Record) -> Self {
        let kind = if record.kind == Kind::Ratio { Kind::Count } else { record.kind };
        let measure = match record.change {
            Change::Increase => Measure::Increase,
            Change::Decrease => Measure::Decrease,
            Change::None | Change::IncreaseTo | Change::DecreaseTo => Measure::Level,
        };
        Self { unit: record.unit.clone(), kind, measure }
    }

    /// In words.
    pub fn title(&self) -> String {
        match self.measure {
            Measure::Level => self.unit.clone(),
            Measure::Increase => format!("{}, increase", self.unit),
            Measure::Decrease => format!("{}, decrease", self.unit),
        }
    }
}

impl LineKey {
    pub fn of(record: &Record) -> Self {
        let of_basis = record.kind == Kind::Percent || Axis::of(record).measure != Measure::Level;
        Self {
            place: record.place.as_ref().map(|p| p.name.clone()),
            level: record.place.as_ref().map(|p| p.level),
            status: record.status,
            span: record.period.as_ref().map_or(Span::State, Span::of),
            basis: record.basis.clone().filter(|_| of_basis),
        }
    }

    /// In words: place, status where it is no fact, sort of time, basis.
    pub fn title(&self) -> String {
        let status = (self.status != Status::Actual).then(|| self.status.as_str().to_owned());
        let parts = [Some(self.place.clone().unwrap_or_else(|| "–".into())), status, self.span.title(), self.basis.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Span {
    fn of(period: &Period) -> Self {
        let day = |text: &Option<String>| text.as_ref().and_then(|t| t.parse::<Date>().ok());
        let (Some(start), Some(end)) = (day(&period.start), day(&period.end)) else { return Self::State };
        let Ok(behind) = end.tomorrow() else { return Self::State };
        let months = start.until((Unit::Month, behind)).ok().filter(|span| span.get_days() == 0).map(|span| span.get_months());
        let days = || start.until((Unit::Day, behind)).map_or(0, |span| span.get_days());
        match months.and_then(|m| u16::try_from(m).ok()).filter(|m| *m > 0) {
            Some(months) => Self::Months(months),
            None if start == end => Self::Day,
            None => Self::Days(u32::try_from(days()).unwrap_or(0)),
        }
    }

    /// In words; nothing for a state.
    pub fn title(self) -> Option<String> {
        match self {
            Self::State => None,
            Self::Months(12) => Some("year".into()),
            Self::Day => Some("1 day".into()),
            Self::Months(months) if months % 12 == 0 => Some(format!("{} years", months / 12)),
            Self::Months(1) => Some("1 month".into()),
            Self::Months(months) => Some(format!("{months} months")),
            Self::Days(days) => Some(format!("{days} days")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    fn record(text: &str) -> Record {
        Extractor::new().extract(&Document::new("a", text)).remove(0)
    }

    #[test]
    fn counts_and_parts_share_an_axis_and_units_and_changes_do_not() {
        let axis = |text: &str| Axis::of(&record(text));
        assert_eq!(axis("Có 73 xã đạt chuẩn."), axis("Có 73/129 xã đạt chuẩn."));
        assert_ne!(axis("Đạt 5 tỷ đồng."), axis("Đạt 5 tỷ USD."));
        assert_ne!(axis("Sản lượng tăng 5%."), axis("Sản lượng giảm 5%."));
        assert_ne!(axis("Sản lượng đạt 5 tấn."), axis("Sản lượng tăng 5 tấn."));
    }

    #[test]
    fn sorts_of_time_are_told_apart() {
        let span = |start: Option<&str>, end: &str| Span::of(&Period { start: start.map(Into::into), end: Some(end.into()), text: None });
        assert_eq!(span(Some("2024-01-01"), "2024-12-31"), Span::Months(12));
        assert_eq!(span(Some("2024-01-01"), "2024-06-30"), Span::Months(6));
        assert_eq!(span(Some("2024-02-01"), "2024-02-29"), Span::Months(1));
        assert_eq!(span(Some("2024-02-10"), "2024-02-10"), Span::Day);
        assert_eq!(span(Some("2024-02-10"), "2024-02-19"), Span::Days(10));
        assert_eq!(span(None, "2024-02-10"), Span::State);
        assert_eq!(span(Some("2021-01-01"), "2025-12-31").title().as_deref(), Some("5 years"));
    }
}
