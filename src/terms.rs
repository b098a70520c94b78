//! The terms of the record: what the fields of a figure may say. `design/annotation.md` of the project gives the meaning of each.

macro_rules! terms {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The terms, in the same order.
            pub const TERMS: &'static [&'static str] = &[$($text),+];

            /// The term as records write it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            pub fn from_term(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|t| t.as_str() == text)
            }
        }
    };
}

pub(crate) use terms;

terms! {
    /// What sort of figure it is.
    Kind {
        /// How many of a countable thing.
        Count = "count",
        /// Part of a whole, both counted.
        Ratio = "ratio",
        /// A share or a relative change in %.
        Percent = "percent",
        /// Percentage points.
        Points = "points",
        /// An amount in a currency.
        Money = "money",
        /// An amount in a physical unit, or a score.
        Measure = "measure",
        /// An amount per something.
        Rate = "rate",
        /// Times as much.
        Multiple = "multiple",
        /// A place in an order.
        Rank = "rank",
        /// A length of time or an age.
        Duration = "duration",
    }
}

terms! {
    /// How exact the number is said to be.
    Qualifier {
        Exact = "exact",
        Approx = "approx",
        Over = "over",
        Nearly = "nearly",
        Under = "under",
        AtLeast = "at_least",
        AtMost = "at_most",
    }
}

terms! {
    /// A level, the size of a change, or the level reached by one.
    Change {
        None = "none",
        Increase = "increase",
        Decrease = "decrease",
        IncreaseTo = "increase_to",
        DecreaseTo = "decrease_to",
    }
}

terms! {
    /// Fact, estimate, forecast or target.
    Status {
        Actual = "actual",
        Estimate = "estimate",
        Forecast = "forecast",
        Target = "target",
    }
}

terms! {
    /// The level of a place.
    Level {
        Country = "country",
        Region = "region",
        Province = "province",
        District = "district",
        Commune = "commune",
        Village = "village",
    }
}
