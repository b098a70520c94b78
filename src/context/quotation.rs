//! Quotations: where a mark opens or closes one.
//!
//! In: a sentence, a token. Out: whether a quotation begins or ends there, and its other mark. Never: a saying, only names of a few words.

use crate::sentence::Sentence;
use crate::text::Flags;

/// How many tokens a quoted name may have.
const LONGEST: usize = 9;

/// Does a quotation begin at a token? A straight mark opens one when it leans on the word behind it.
pub fn opens(s: &Sentence<'_>, t: usize) -> bool {
    let spaced = |t: usize| s.tokens.get(t).is_some_and(|t| t.flags.has(Flags::SPACE));
    s.is_mark(t, "“") || s.is_mark(t, "\"") && (t == 0 || spaced(t)) && !spaced(t + 1)
}

/// Does a quotation end at a token? A straight mark closes one when it leans on the word before it.
pub fn closes(s: &Sentence<'_>, t: usize) -> bool {
    let leans = || t > 0 && !s.tokens[t].flags.has(Flags::SPACE);
    s.is_mark(t, "”") || s.is_mark(t, "\"") && leans()
}

/// The mark that closes a name quoted from `open` on, when it stands before `limit`.
pub fn closing(s: &Sentence<'_>, open: usize, limit: usize) -> Option<usize> {
    (open + 1..limit.min(open + LONGEST + 1)).take_while(|&t| !opens(s, t)).find(|&t| closes(s, t))
}

/// The mark that opens the quoted name around a token, when it stands at `from` or behind.
pub fn opening(s: &Sentence<'_>, from: usize, t: usize) -> Option<usize> {
    (from..t).rev().take(LONGEST).find(|&open| opens(s, open)).filter(|&open| closing(s, open, s.len()).is_some_and(|close| close >= t))
}
