//! The classes of rules: a small closed set. A rule author picks a class and fills in words; only a new class needs code.

use super::{Cue, Dimension, NumeralRole, Refers, Scope, Verb, Yields};
use crate::terms::{Change, Level, Qualifier, Status};
use serde::{Deserialize, Serialize};

/// What a rule file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A named list of phrases that other rules use as `{id}`.
    Piece,
    /// A spelled-out number word.
    Numeral,
    /// A power of ten behind a number: nghìn, triệu, tỷ.
    Scale,
    /// A share in words: một nửa.
    Fraction,
    /// How exact the number is.
    Qualifier,
    /// Whether the figure is a level or the size of a change.
    Change,
    /// Fact, estimate, forecast or target.
    Status,
    /// A verb of reaching that is no part of a subject: đạt, là, có.
    Reach,
    /// A fixed phrase that holds a function word and is never cut: nông thôn mới, thu nhập bình quân.
    Compound,
    /// A word that opens a new clause.
    Boundary,
    /// A word that is cut off at the edges of a subject.
    Filler,
    /// A word that ends a noun phrase.
    Stop,
    /// With what a change is compared.
    Comparison,
    /// Of what a percentage is taken.
    Base,
    /// A unit of measurement.
    Unit,
    /// A noun that is counted.
    Counter,
    /// What joins two numbers to a range or a ratio.
    Join,
    /// A place in an order.
    Rank,
    /// What makes a rate without a slash: mỗi, bình quân một.
    Per,
    /// What looks like a figure and is none.
    Exclusion,
    /// How a time is written.
    Period,
    /// What opens a period to the past: tính đến, hết.
    Opener,
    /// A line that tells the date of publication.
    Dateline,
    /// A region, a country, or another name of an administrative unit.
    Place,
    /// A word that tells the level of a place: huyện, xã.
    Level,
    /// Words that stand for the place a text is about: toàn tỉnh, cả nước.
    Here,
    /// A noun that is measured: diện tích, giá, tổng vốn.
    Magnitude,
    /// A small word that a room of the context asks for by its part: `với` before a partner, `đã` before a verb.
    Cue,
    /// A family name: a place name behind it is a person.
    Surname,
    /// A word whose full stop does not end a sentence.
    Abbreviation,
    /// An arithmetic check.
    Check,
    /// A known series.
    Indicator,
    /// Where the pages of a portal keep title, text and date.
    Portal,
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(u64);

const _: () = assert!((Class::Portal as u32) < u64::BITS, "a class is a bit of `Classes`");

impl Classes {
    pub const fn only(class: Class) -> Self {
        Self(1u64 << class as u32)
    }

    pub const fn of<const N: usize>(classes: [Class; N]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < N {
            bits |= 1u64 << classes[i] as u32;
            i += 1;
        }
        Self(bits)
    }

    #[inline]
    pub fn add(&mut self, class: Class) {
        self.0 |= 1u64 << class as u32;
    }

    #[inline]
    pub fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    #[inline]
    pub const fn has(self, class: Class) -> bool {
        self.0 & 1u64 << class as u32 != 0
    }

    /// Is a class in both?
    #[inline]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a field of a rule may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A string.
    Text,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Number,
    /// True or false.
    Bool,
    /// A list of phrases.
    Phrases,
    /// A list of strings.
    Texts,
    /// `{ vi = "…", en = "…" }`.
    Names,
    /// `[[rule.example]]` or `[[rule.near_miss]]`.
    Cases,
}

/// One allowed field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub key: &'static str,
    pub kind: Type,
    pub required: bool,
}

const fn must(key: &'static str, kind: Type) -> Field {
    Field { key, kind, required: true }
}

const fn may(key: &'static str, kind: Type) -> Field {
    Field { key, kind, required: false }
}

impl Class {
    pub const ALL: [Class; 33] = [
        Class::Cue,
        Class::Surname,
        Class::Magnitude,
        Class::Piece,
        Class::Numeral,
        Class::Scale,
        Class::Fraction,
        Class::Qualifier,
        Class::Change,
        Class::Status,
        Class::Reach,
        Class::Compound,
        Class::Boundary,
        Class::Filler,
        Class::Stop,
        Class::Comparison,
        Class::Base,
        Class::Unit,
        Class::Counter,
        Class::Join,
        Class::Rank,
        Class::Per,
        Class::Exclusion,
        Class::Period,
        Class::Opener,
        Class::Dateline,
        Class::Place,
        Class::Level,
        Class::Here,
        Class::Abbreviation,
        Class::Check,
        Class::Indicator,
        Class::Portal,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Class::Piece => "piece",
            Class::Numeral => "numeral",
            Class::Scale => "scale",
            Class::Fraction => "fraction",
            Class::Qualifier => "qualifier",
            Class::Change => "change",
            Class::Status => "status",
            Class::Reach => "reach",
            Class::Compound => "compound",
            Class::Boundary => "boundary",
            Class::Filler => "filler",
            Class::Stop => "stop",
            Class::Comparison => "comparison",
            Class::Base => "base",
            Class::Unit => "unit",
            Class::Counter => "counter",
            Class::Join => "join",
            Class::Rank => "rank",
            Class::Per => "per",
            Class::Exclusion => "exclusion",
            Class::Period => "period",
            Class::Opener => "opener",
            Class::Dateline => "dateline",
            Class::Place => "place",
            Class::Level => "level",
            Class::Here => "here",
            Class::Surname => "surname",
            Class::Magnitude => "magnitude",
            Class::Cue => "cue",
            Class::Abbreviation => "abbreviation",
            Class::Check => "check",
            Class::Indicator => "indicator",
            Class::Portal => "portal",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }

    /// The fields that a rule of the class may have besides the common ones.
    pub fn fields(self) -> Vec<Field> {
        use Type::{Bool, Names, Number, OneOf, Phrases, Text, Texts};
        match self {
            Class::Numeral => vec![must("forms", Phrases), must("value", Number), must("role", OneOf(NumeralRole::TERMS))],
            Class::Scale => vec![must("forms", Phrases), must("power", Number)],
            Class::Fraction => vec![must("forms", Phrases), may("percent", Text), may("times", Text)],
            Class::Qualifier => vec![must("value", OneOf(Qualifier::TERMS)), may("before", Phrases), may("after", Phrases)],
            Class::Change => vec![must("value", OneOf(Change::TERMS)), must("forms", Phrases), may("noun", Bool), may("reach", Bool)],
            Class::Status => {
                vec![must("value", OneOf(Status::TERMS)), must("forms", Phrases), may("scope", OneOf(Scope::TERMS))]
            }
            Class::Unit => {
                vec![must("symbol", Text), must("dimension", OneOf(Dimension::TERMS)), must("forms", Phrases), may("factor", Text), may("scaled", Bool)]
            }
            Class::Counter => vec![must("forms", Phrases), may("classifier", Bool)],
            Class::Join => vec![must("makes", OneOf(&["range", "ratio"])), must("forms", Phrases)],
            Class::Reach => vec![must("forms", Phrases), must("verb", OneOf(Verb::TERMS))],
            Class::Cue => vec![must("forms", Phrases), must("part", OneOf(Cue::TERMS))],
            Class::Exclusion => vec![may("before", Phrases), may("after", Phrases), may("forms", Phrases), may("hard", Bool)],
            Class::Period => vec![must("yields", OneOf(Yields::TERMS)), must("forms", Phrases)],
            Class::Opener => vec![must("forms", Phrases), may("side", OneOf(&["until", "since"]))],
            Class::Place => {
                vec![may("name", Text), must("level", OneOf(Level::TERMS)), must("forms", Phrases), may("code", Text), may("country", Text), may("seat", Bool)]
            }
            Class::Level => vec![must("level", OneOf(Level::TERMS)), must("forms", Phrases), may("word", Text)],
            Class::Here => vec![must("refers", OneOf(Refers::TERMS)), must("forms", Phrases)],
            Class::Per => vec![may("forms", Phrases), may("after", Phrases)],
            Class::Rank => vec![must("forms", Phrases), may("place", Number)],
            Class::Check => vec![],
            Class::Indicator => vec![
                must("name", Names),
                may("programme", Text),
                must("kinds", Texts),
                must("units", Texts),
                must("match", Phrases),
                may("unless", Phrases),
                may("context", Phrases),
                may("basis", Phrases),
                may("change", Texts),
            ],
            Class::Portal => super::portals::FIELDS.iter().map(|&key| may(key, Texts)).collect(),
            _ => vec![must("forms", Phrases)],
        }
    }

    /// Fields of every rule.
    pub const COMMON: &'static [Field] = &[
        must("id", Type::Text),
        must("why", Type::Text),
        may("since", Type::Text),
        may("status", Type::OneOf(&["draft", "stable", "retired"])),
        may("example", Type::Cases),
        may("near_miss", Type::Cases),
    ];

    /// May a rule do without example and near miss? Word lists that no figure names do.
    pub fn is_support(self) -> bool {
        matches!(
            self,
            Class::Piece
                | Class::Numeral
                | Class::Abbreviation
                | Class::Filler
                | Class::Stop
                | Class::Boundary
                | Class::Reach
                | Class::Compound
                | Class::Level
                | Class::Place
                | Class::Cue
                | Class::Portal
        )
    }
}
