//! Letters and their lower case.
//!
//! In: a character. Out: its lower case, when it is a letter. Never: a letter that becomes two.

/// Lower case of every character below U+2000, and whether it is a letter: what the standard library knows, without its search.
pub struct Letters {
    lower: [u16; LETTERS],
}

const LETTERS: usize = 0x2000;

static TABLE: once_cell::sync::Lazy<Box<Letters>> = once_cell::sync::Lazy::new(|| {
    let mut table = Box::new(Letters { lower: [0; LETTERS] });
    for code in 0..LETTERS as u32 {
        let Some(c) = char::from_u32(code).filter(|c| c.is_alphabetic()) else { continue };
        let mut lower = c.to_lowercase();
        // A letter whose lower case is two characters stays as it is.
        let one = lower.next().filter(|_| lower.next().is_none()).unwrap_or(c);
        table.lower[code as usize] = u16::try_from(one as u32).unwrap_or(code as u16);
    }
    table
});

impl Letters {
    pub fn table() -> &'static Self {
        &TABLE
    }

    /// The lower case of a letter; none for other characters.
    #[inline]
    pub fn lower(&self, c: char) -> Option<char> {
        match self.lower.get(c as usize) {
            Some(0) => None,
            Some(&code) => char::from_u32(u32::from(code)),
            None => c.is_alphabetic().then(|| c.to_lowercase().next().unwrap_or(c)),
        }
    }
}
