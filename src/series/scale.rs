//! Where things stand in a drawing: numbers and days to coordinates, and round numbers for an axis.

use jiff::civil::{Date, date};

/// A number line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: f64,
    to: f64,
    /// Coordinates of both ends.
    at: [f64; 2],
}

impl Scale {
    /// A line that holds all these numbers, from 0 on where they are all of one sign.
    pub fn round(numbers: impl Iterator<Item = f64>, at: [f64; 2]) -> Self {
        let (low, high) = numbers.fold((0.0_f64, 0.0_f64), |(low, high), n| (low.min(n), high.max(n)));
        let step = step(low, high);
        Self { from: (low / step).floor() * step, to: ((high / step).ceil() * step).max(step), at }
    }

    /// A line from the first to the last, with some room.
    pub fn tight(numbers: impl Iterator<Item = f64> + Clone, at: [f64; 2]) -> Self {
        let low = numbers.clone().fold(f64::INFINITY, f64::min);
        let high = numbers.fold(f64::NEG_INFINITY, f64::max);
        let room = if low < high { (high - low) * 0.04 } else { 200.0 };
        Self { from: low - room, to: high + room, at }
    }

    pub fn of(self, number: f64) -> f64 {
        self.at[0] + (number - self.from) / (self.to - self.from) * (self.at[1] - self.at[0])
    }

    /// Round numbers of the line.
    pub fn ticks(self) -> Vec<f64> {
        let step = step(self.from, self.to);
        let count = ((self.to - self.from) / step).round().clamp(1.0, 20.0) as i32;
        (0..=count).map(|i| self.from + f64::from(i) * step).collect()
    }

    /// The first days of years on the line.
    pub fn years(self) -> Vec<(i16, f64)> {
        let year = |n: f64| (1970.0 + n / 365.2425).floor() as i16;
        let (from, to) = (year(self.from), year(self.to).saturating_add(1));
        let every = ((to - from) / 8 + 1).max(1);
        let days = (from..=to).filter(|y| y % every == 0).map(|y| (y, day(date(y, 1, 1))));
        days.filter(|(_, d)| (self.from..=self.to).contains(d)).collect()
    }
}

/// Days since 1970.
pub fn day(date: Date) -> f64 {
    f64::from(date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() as i32) / 24.0
}

/// 1, 2 or 5 times a power of ten, so that four to ten of them make up the line.
fn step(low: f64, high: f64) -> f64 {
    let span = if high > low { high - low } else { 1.0 };
    let power = 10_f64.powf((span / 5.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| span / step <= 6.0).unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_all_numbers() {
        let scale = Scale::round([3.0, 97.0].into_iter(), [100.0, 0.0]);
        assert_eq!(scale.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!((scale.of(0.0), scale.of(100.0)), (100.0, 0.0));
        let scale = Scale::round([-4.0, 7.0].into_iter(), [0.0, 1.0]);
        assert_eq!(scale.ticks(), [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0]);
        assert!(Scale::round(std::iter::empty(), [0.0, 1.0]).of(0.0).is_finite());
    }

    #[test]
    fn years_stand_at_their_first_day() {
        let days = [date(2021, 6, 30), date(2024, 12, 31)].map(day);
        let years: Vec<i16> = Scale::tight(days.into_iter(), [0.0, 1.0]).years().into_iter().map(|(y, _)| y).collect();
        assert_eq!(years, [2022, 2023, 2024, 2025]);
    }
}
