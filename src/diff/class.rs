//! What sort of difference it is, and why two records were paired.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|x| x.as_str() == word)
            }
        }
    };
}

words! {
    /// What changed most: of all that changed the first in this order.
    Class {
        /// Only the new side has it.
        Added = "added",
        /// Only the old side has it.
        Removed = "removed",
        /// Amount, upper end or whole.
        Value = "value",
        Unit = "unit",
        /// Kind, qualifier, change, status, subject, basis, indicator, place, period or checks.
        Field = "field",
        /// The rule that made it.
        Rule = "rule",
        /// The quote, the words of its time, or the sentence around it.
        Text = "text",
        /// Only where it stands.
        Moved = "moved",
    }
}

words! {
    /// Why two records were paired: the stages, in their order.
    Reason {
        /// They have one id.
        Id = "id",
        /// Their quotes stand at the same place, one within the other.
        Overlap = "overlap",
        /// The same figure at another place of the document.
        Moved = "moved",
        /// The same document, indicator, place and period.
        Series = "series",
        /// The same document, subject, unit, place and period, where there is no indicator.
        Subject = "subject",
        /// The same figure in another document, which no other record on either side equals.
        Document = "document",
    }
}

/// How many items there are of each class, and how many records are the same on both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub same: usize,
    pub classes: BTreeMap<Class, usize>,
}

impl Counts {
    pub fn add(&mut self, class: Class) {
        *self.classes.entry(class).or_default() += 1;
    }

    pub fn of(&self, class: Class) -> usize {
        self.classes.get(&class).copied().unwrap_or(0)
    }

    /// Items of all classes.
    pub fn items(&self) -> usize {
        self.classes.values().sum()
    }

    /// Records of the old side and of the new one.
    pub fn records(&self) -> [usize; 2] {
        let both = self.same + self.items() - self.of(Class::Added) - self.of(Class::Removed);
        [both + self.of(Class::Removed), both + self.of(Class::Added)]
    }
}
