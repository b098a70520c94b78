//! Anchors: where a text may hold a figure. One pass finds them; text without one costs no more than that.
//!
//! In: normalized text, the rules. Out: [`Anchors`]: digits, and words that a spelled-out figure begins with. Never: a
//! judgement whether a figure is there.

use crate::rules::RuleSet;
use crate::text::{Letters, Span};

/// Where the anchors of a text begin, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors(Vec<u32>);

impl Anchors {
    pub fn find(text: &str, rules: &RuleSet) -> Self {
        let mut out = Vec::new();
        let mut digits_end = 0;
        for m in rules.anchors.find_iter(text) {
            let digit = text.as_bytes()[m.start()].is_ascii_digit();
            // One anchor for a run of digits.
            if digit && m.start() > 0 && digits_end == m.start() {
                digits_end = m.end();
            } else if digit || stands_alone(text, m.start(), m.end()) {
                digits_end = if digit { m.end() } else { 0 };
                out.push(m.start() as u32);
            }
        }
        Self(out)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Is there an anchor in a part of the text? A run of digits counts where it begins.
    pub fn within(&self, span: Span) -> bool {
        let at = self.0.partition_point(|&a| (a as usize) < span.start);
        self.0.get(at).is_some_and(|&a| (a as usize) < span.end)
    }
}

/// No letter on either side.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| Letters::table().lower(c).is_some());
    !letter(text[..start].chars().next_back()) && !letter(text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_number_words_are_anchors() {
        let text = "Sáng nay có 1.250 hộ, hai xã; bao nhiêu nữa?";
        let anchors = Anchors::find(text, &RuleSet::embedded());
        let found: Vec<&str> = anchors.0.iter().map(|&a| &text[a as usize..a as usize + 3]).collect();
        assert_eq!(found, ["1.2", "250", "hai"]);
        let at = |part: &str| text.find(part).map(|i| Span::new(i, i + part.len())).unwrap();
        assert_eq!(["Sáng nay có", "hai xã", "bao nhiêu nữa", "1.250 hộ"].map(|p| anchors.within(at(p))), [false, true, false, true]);
    }
}
