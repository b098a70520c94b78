//! Numbers in digits: which sign groups thousands and which begins the fraction.
//!
//! Vietnamese practice is a dot for thousands and a comma for decimals (Luật Kế toán 2003, art. 12); English signs
//! and mixtures are common. The rule: both signs: the last is decimal; one sign not followed by exactly three digits:
//! decimal; a sign that repeats: thousands. `1.234` and `1,234` alone are settled by what follows and by the
//! other numbers of the text.

use rust_decimal::Decimal;

/// How a text writes its numbers, as far as it tells beyond doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Numbers that only make sense with a decimal comma or grouping dots.
    pub vietnamese: u32,
    /// Numbers that only make sense with a decimal point or grouping commas.
    pub english: u32,
}

impl Style {
    /// Counts the unambiguous numbers of a text; its runs of digits begin at `starts`, in order.
    pub fn of(text: &str, starts: impl IntoIterator<Item = usize>) -> Self {
        let mut style = Self::default();
        let bytes = text.as_bytes();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut done = 0;
        for start in starts {
            if start < done {
                continue;
            }
            let sign = digits(start);
            if matches!(bytes.get(sign), Some(b'.' | b',')) && bytes.get(sign + 1).is_some_and(u8::is_ascii_digit) {
                done = sign + bytes[sign..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
                style.count(text[start..done].trim_end_matches(['.', ',']));
            }
        }
        style
    }

    fn count(&mut self, number: &str) {
        let signs: Vec<char> = number.chars().filter(|c| !c.is_ascii_digit()).collect();
        let fraction = number.rsplit(['.', ',']).next().map_or(0, str::len);
        match signs.as_slice() {
            [','] if fraction != 3 => self.vietnamese += 1,
            // More digits than four are those of a code (`1.012783`).
            ['.'] if fraction != 3 && fraction <= 4 && !looks_like_date(number) => self.english += 1,
            [first, .., last] if first != last => *(if *last == ',' { &mut self.vietnamese } else { &mut self.english }) += 2,
            [first, .., _] if groups_of_three(number, *first) => *(if *first == '.' { &mut self.vietnamese } else { &mut self.english }) += 2,
            _ => {}
        }
    }

    pub fn is_english(self) -> bool {
        self.english > self.vietnamese
    }
}

/// `16.5`, `7.2017`: day and month, or month and year, with a dot.
fn looks_like_date(number: &str) -> bool {
    let Some((a, b)) = number.split_once('.') else {
        return false;
    };
    let (Ok(a), Ok(b)) = (a.parse::<u32>(), b.parse::<u32>()) else {
        return false;
    };
    (1..=31).contains(&a) && ((1..=12).contains(&b) || (1900..2100).contains(&b))
}

fn groups_of_three(number: &str, sign: char) -> bool {
    number.split(sign).skip(1).all(|g| g.len() == 3)
}

/// What stands behind a number, as far as it tells how to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// A scale word, a percent sign or another unit that goes with fractions.
    Fractional,
    /// Đồng, which have no fractions.
    Dong,
    /// A counted noun: whole numbers.
    Counted,
    /// Another currency right behind: whole numbers, mostly.
    Whole,
    Unknown,
}

/// The value of a number token; none when it is too long to be held exactly.
pub fn value(raw: &str, behind: Behind, style: Style) -> Option<Decimal> {
    let signs: Vec<(usize, char)> = raw.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let decimal_at = match signs.as_slice() {
        [] => None,
        [(at, sign)] => single_sign(raw, *at, *sign, behind, style).then_some(*at),
        [.., (at, last)] => (signs[0].1 != *last).then_some(*at),
    };
    let mut digits = String::with_capacity(raw.len());
    for (i, c) in raw.char_indices() {
        if Some(i) == decimal_at {
            digits.push('.');
        } else if c.is_ascii_digit() {
            digits.push(c);
        }
    }
    let value = Decimal::from_str_exact(&digits).ok()?;
    Some(value.normalize())
}

/// Does the only sign of a number begin its fraction?
fn single_sign(raw: &str, at: usize, sign: char, behind: Behind, style: Style) -> bool {
    let (whole, fraction) = (&raw[..at], &raw[at + 1..]);
    // `936.000`: nobody writes a fraction of noughts.
    if fraction == "000" && whole.len() <= 3 && !whole.starts_with('0') {
        return false;
    }
    if fraction.len() != 3 || whole.len() > 3 || whole == "0" {
        return true;
    }
    match (sign, behind) {
        ('.', Behind::Dong | Behind::Counted) => whole.starts_with('0'),
        ('.', _) => style.is_english() && style.vietnamese == 0 || whole.starts_with('0'),
        (_, Behind::Dong) => false,
        (_, Behind::Counted | Behind::Whole) => style.vietnamese > 0 && style.english == 0 && style.vietnamese > 2,
        (_, Behind::Fractional) => !(style.is_english() && style.vietnamese == 0),
        (_, Behind::Unknown) => !style.is_english(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(text: &str) -> Style {
        let digit = |i: &usize| text.as_bytes()[*i].is_ascii_digit();
        Style::of(text, (0..text.len()).filter(|i| digit(i) && (*i == 0 || !digit(&(i - 1)))))
    }
    use proptest::prelude::*;

    fn read(raw: &str, behind: Behind, text: &str) -> String {
        value(raw, behind, style(text)).unwrap().to_string()
    }

    #[test]
    fn vietnamese_signs() {
        assert_eq!(read("24.372,898", Behind::Fractional, ""), "24372.898");
        assert_eq!(read("5.813", Behind::Whole, ""), "5813");
        assert_eq!(read("33,103", Behind::Fractional, ""), "33.103");
        assert_eq!(read("0.125", Behind::Unknown, ""), "0.125");
        assert_eq!(read("1.831", Behind::Whole, "8,5% và 2.300,5"), "1831");
        assert_eq!(read("1,831", Behind::Whole, "1.831 xã"), "1831");
        assert_eq!(read("22,660", Behind::Dong, "8,5% và 3,2% và 1,15%"), "22660");
    }

    #[test]
    fn english_signs() {
        assert_eq!(read("1,234,567.8", Behind::Unknown, ""), "1234567.8");
        assert_eq!(read("8.12", Behind::Fractional, ""), "8.12");
        assert_eq!(read("1,831", Behind::Whole, "8.12% of 1,200,000"), "1831");
        assert_eq!(read("2.709", Behind::Unknown, "12.5 and 1,200,000"), "2.709");
    }

    #[test]
    fn dates_are_no_evidence() {
        assert_eq!(style("ngày 16.5 và tháng 7.2017"), Style::default());
    }

    proptest! {
        #[test]
        fn grouping_never_changes_the_digits(n in 0u64..10_000_000_000, f in proptest::option::of(1u32..99)) {
            let grouped = n.to_string().as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap().to_owned()).collect::<Vec<_>>();
            let (vn, en) = (grouped.join("."), grouped.join(","));
            let tail = f.map_or(String::new(), |f| format!("{f:02}"));
            let want = Decimal::from_str_exact(&format!("{n}{}{tail}", if tail.is_empty() { "" } else { "." })).unwrap().normalize();
            if !tail.is_empty() || grouped.len() > 2 {
                let sign = |s: &str| if tail.is_empty() { String::new() } else { format!("{s}{tail}") };
                prop_assert_eq!(value(&format!("{vn}{}", sign(",")), Behind::Unknown, Style::default()).unwrap(), want);
                prop_assert_eq!(value(&format!("{en}{}", sign(".")), Behind::Unknown, Style::default()).unwrap(), want);
            }
        }
    }
}
