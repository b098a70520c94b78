//! Rules: pattern files, checked and compiled for the rooms that use them.
//!
//! In: the files of `patterns/`, embedded or from a folder. Out: a [`RuleSet`] (vocabulary, lexicon, typed rules, gazetteer)
//! and diagnostics with file, line and column. Never: a rule that is written in code.

mod anchors;
pub mod check;
mod class;
mod compile;
pub mod diagnostic;
mod fired;
mod gazetteer;
mod lexicon;
mod part;
mod phrase;
mod portals;
mod raw;
pub mod source;

pub use anchors::{Anchor, AnchorWords};
pub use class::{Class, Classes};
pub use compile::{compile, compile_checked};
pub use diagnostic::{Diagnostic, Severity};
pub use fired::fired;
pub use gazetteer::{Gazetteer, Unit};
pub use lexicon::{Entry, Hit, Lexicon, Role};
pub use part::{Cue, Cues, Dimension, NumeralRole, Refers, Scope, Verb, Yields};
pub use phrase::{Phrase, PhraseError, Slot};
pub use portals::{Portal, portals};
pub use raw::{Expect, ExpectPeriod, RawCase, RawRule};
pub use source::{ReadError, SourceFile};

use crate::terms::{Change, Kind, Level, Qualifier, Status};
use crate::text::{Abbreviations, Vocabulary};
use once_cell::sync::Lazy;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A rule's place in [`RuleSet::rules`].
pub type RuleId = u32;

/// A catalogued series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    pub name_vi: Box<str>,
    pub name_en: Box<str>,
    pub programme: Option<Box<str>>,
    pub kinds: Vec<Kind>,
    /// Folded.
    pub units: Vec<Box<str>>,
    pub changes: Vec<Change>,
    pub has_context: bool,
    pub has_basis: bool,
}

/// What a rule means, by class.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Words,
    Numeral {
        value: u64,
        role: NumeralRole,
    },
    Scale {
        power: u32,
    },
    /// A share in percent, or how many times.
    /// A verb between a subject and its number.
    Reach(Verb),
    Cue(Cue),
    Fraction {
        value: Decimal,
        times: bool,
    },
    /// A hard exclusion holds even before a unit.
    Exclusion {
        hard: bool,
    },
    /// A place in an order; the words themselves may tell it.
    Rank {
        place: Option<u32>,
    },
    Qualifier(Qualifier),
    Change {
        value: Change,
        noun: bool,
        reach: bool,
    },
    Status {
        value: Status,
        scope: Scope,
    },
    Unit {
        symbol: Box<str>,
        dimension: Dimension,
        factor: Decimal,
        /// Only behind a scale word: `75 triệu bảng`, not `3 bảng`.
        scaled: bool,
    },
    Counter {
        classifier: bool,
    },
    Join {
        ratio: bool,
    },
    Period(Yields),
    Opener {
        until: bool,
    },
    Place {
        /// Empty where each form is a name.
        name: Box<str>,
        level: Level,
        code: Option<Box<str>>,
        /// The country that it lies in, when that is another one.
        country: Option<Box<str>>,
        /// The government of that country sits there, and may be called by its name.
        seat: bool,
    },
    Level {
        level: Level,
        word: Box<str>,
    },
    Here(Refers),
    Indicator(Box<Indicator>),
}

/// One rule, compiled.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: Box<str>,
    pub class: Class,
    /// Index into [`RuleSet::files`].
    pub file: usize,
    /// Bytes of the id in the file.
    pub span: Range<usize>,
    pub why: Box<str>,
    pub since: Box<str>,
    pub retired: bool,
    pub data: Data,
}

/// Rules that the rooms ask for by name; none when an overlay has removed one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// `base.plan`
    pub base_plan: Option<RuleId>,
    /// `boundary.parts`
    pub boundary_parts: Option<RuleId>,
    /// `counter.ellipsis`
    pub counter_ellipsis: Option<RuleId>,
    /// `counter.other`
    pub counter_other: Option<RuleId>,
    /// `exclusion.document-part`
    pub exclusion_document_part: Option<RuleId>,
    /// `level.province`
    pub level_province: Option<RuleId>,
    /// `money.vnd`
    pub money_vnd: Option<RuleId>,
    pub score_point: Option<RuleId>,
    pub status_project: Option<RuleId>,
    /// `period.first-months`
    pub period_first_months: Option<RuleId>,
    /// `range.words`
    pub range_words: Option<RuleId>,
    /// `rank.place`
    pub rank_place: Option<RuleId>,
    /// `ratio.words`
    pub ratio_words: Option<RuleId>,
}

impl Known {
    fn find(id: impl Fn(&str) -> Option<RuleId>) -> Self {
        Self {
            base_plan: id("base.plan"),
            boundary_parts: id("boundary.parts"),
            counter_ellipsis: id("counter.ellipsis"),
            counter_other: id("counter.other"),
            exclusion_document_part: id("exclusion.document-part"),
            level_province: id("level.province"),
            money_vnd: id("money.vnd"),
            score_point: id("score.point"),
            status_project: id("status.project"),
            period_first_months: id("period.first-months"),
            range_words: id("range.words"),
            rank_place: id("rank.place"),
            ratio_words: id("ratio.words"),
        }
    }
}

/// Everything that the rooms need to know of the rules.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub files: Vec<SourceFile>,
    pub rules: Vec<Rule>,
    pub vocabulary: Vocabulary,
    pub lexicon: Lexicon,
    /// What subjects of indicators say.
    pub indicators: Lexicon,
    /// What the basis of a figure, or its sentence, must say beside.
    pub surroundings: Lexicon,
    pub place_names: Lexicon,
    pub gazetteer: Gazetteer,
    pub abbreviations: Abbreviations,
    /// First words of spelled-out figures, level words, names of provinces and regions, words for the place of the text.
    pub anchors: AnchorWords,
    by_id: FxHashMap<Box<str>, RuleId>,
    /// Rules that the rooms ask for by name.
    pub known: Known,
    /// xxh3 of all files: two runs with the same hash used the same rules.
    pub hash: Box<str>,
}

static EMBEDDED: Lazy<Arc<RuleSet>> = Lazy::new(|| {
    let (set, diagnostics) = compile_checked(source::embedded());
    let first = diagnostics.iter().find(|d| d.severity == Severity::Error);
    assert!(first.is_none(), "the embedded rules have a fault, which `cargo test` finds: {first:?}");
    Arc::new(set)
});

impl RuleSet {
    /// The rules that are part of the program; compiled once a process.
    pub fn embedded() -> Arc<Self> {
        EMBEDDED.clone()
    }

    /// The embedded rules with those of a folder laid over them.
    ///
    /// # Errors
    /// When the folder cannot be read, or a rule in it has a fault; all faults are given at once.
    pub fn overlaid(dir: &Path) -> Result<Self, LoadError> {
        let files = source::overlaid(dir)?;
        let (set, diagnostics) = compile(files);
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            let files = set.files;
            return Err(LoadError::Faults { files, diagnostics });
        }
        Ok(set)
    }

    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id as usize]
    }

    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.by_id.get(id).map(|&i| self.rule(i))
    }

    pub fn id_of(&self, id: &str) -> Option<RuleId> {
        self.by_id.get(id).copied()
    }
}

/// Why a set of rules could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{} faults in the rules", diagnostics.len())]
    Faults { files: Vec<SourceFile>, diagnostics: Vec<Diagnostic> },
}
