//! Does this look like Vietnamese?
//!
//! In: a text that may have been decoded wrongly. Out: how many of its words with marks are syllables that the language allows. Never:
//! a word list.

use crate::text::is_syllable;

/// How much of a text is Vietnamese.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Words with a letter or sign outside ASCII …
    pub marked: usize,
    /// … that are syllables.
    pub good: usize,
}

impl Score {
    /// From 0 to 1; 0 when no word has a mark.
    pub fn share(self) -> f64 {
        if self.marked == 0 { 0.0 } else { self.good as f64 / self.marked as f64 }
    }
}

/// Scores a text by its first words.
pub fn score(text: &str) -> Score {
    let mut out = Score::default();
    for word in text.split(is_border).filter(|w| !w.is_ascii()).take(4000) {
        out.marked += 1;
        out.good += usize::from(is_syllable(word));
    }
    out
}

/// White space, ASCII marks and digits, and the signs of ordinary typography.
fn is_border(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii() && !c.is_ascii_alphabetic()
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '–' | '—' | '\u{A0}' | '•' | '²' | '³' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_words_do_not_count() {
        assert_eq!(score("Trong quý I, “tỉnh” Lai Châu đạt 5,3%…"), Score { marked: 4, good: 4 });
        assert_eq!(score("plain words only").share(), 0.0);
    }
}
