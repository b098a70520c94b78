//! Do two figures of one line and time contradict each other?
//!
//! Two exact numbers do when they differ. An inexact one (`gần 6.300`, `trên 300`, `khoảng 5`) agrees with whatever lies on its side and not
//! further away than a tenth; `at_least` and `at_most` have no such end. A range agrees with what lies in it.

use super::Point;
use crate::terms::Qualifier;
use rust_decimal::Decimal;

/// Marks the points that contradict another of their line and time.
pub fn mark(points: &mut [Point]) {
    let same_time = |a: &Point, b: &Point| a.end == b.end && a.start == b.start;
    for group in points.chunk_by_mut(same_time) {
        let bounds: Vec<_> = group.iter().map(bounds).collect();
        let wholes: Vec<_> = group.iter().map(|p| p.of.clone()).collect();
        for i in 0..group.len() {
            let others = (0..group.len()).filter(|j| *j != i);
            let differs = |j: usize| !meet(bounds[i], bounds[j]) || wholes[i].is_some() && wholes[j].is_some() && wholes[i] != wholes[j];
            group[i].conflict = others.into_iter().any(differs);
        }
    }
}

type Bounds = Option<(Decimal, Decimal)>;

/// Numbers that are no decimals contradict nothing.
fn meet(a: Bounds, b: Bounds) -> bool {
    a.zip(b).is_none_or(|((a, b), (c, d))| a <= d && c <= b)
}

/// Between which numbers the true one may be.
fn bounds(point: &Point) -> Bounds {
    let low: Decimal = point.amount.parse().ok()?;
    let high = point.upper.as_ref().map_or(Some(low), |upper| upper.parse().ok())?;
    let tenth = low.abs() / Decimal::TEN;
    Some(match Qualifier::from_term(point.qualifier)? {
        Qualifier::Exact => (low, high),
        Qualifier::Approx => (low - tenth, high + tenth),
        Qualifier::Over => (low, high + tenth),
        Qualifier::Nearly | Qualifier::Under => (low - tenth, high),
        Qualifier::AtLeast => (low, Decimal::MAX),
        Qualifier::AtMost => (Decimal::MIN, high),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(amount: &str, qualifier: &'static str) -> Point {
        Point { start: None, end: "2024-12-31".into(), amount: amount.into(), upper: None, of: None, qualifier, conflict: false, sources: Vec::new() }
    }

    fn conflict(a: (&str, &'static str), b: (&str, &'static str)) -> bool {
        let mut points = [point(a.0, a.1), point(b.0, b.1)];
        mark(&mut points);
        assert_eq!(points[0].conflict, points[1].conflict);
        points[0].conflict
    }

    #[test]
    fn exact_numbers_must_be_equal_and_inexact_ones_near() {
        assert!(conflict(("5", "exact"), ("6", "exact")));
        assert!(!conflict(("5", "exact"), ("5.0", "exact")));
        assert!(!conflict(("6300", "nearly"), ("6269", "exact")));
        assert!(conflict(("6300", "nearly"), ("6301", "exact")));
        assert!(conflict(("6300", "nearly"), ("3000", "exact")));
        assert!(!conflict(("300", "at_least"), ("900", "exact")));
        assert!(conflict(("300", "over"), ("900", "exact")));
    }

    #[test]
    fn other_times_contradict_nothing() {
        let mut points = [point("5", "exact"), Point { end: "2023-12-31".into(), ..point("6", "exact") }];
        mark(&mut points);
        assert!(!points[0].conflict && !points[1].conflict);
    }
}
