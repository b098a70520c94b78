//! From rules as written to rules as used.
//!
//! In: rule files. Out: a [`RuleSet`] of the rules without fault, and all faults. Never: a stop at the first fault.

use super::anchors::{Anchor, AnchorWords};
use super::class::Class;
use super::diagnostic::Diagnostic;
use super::gazetteer::Gazetteer;
use super::lexicon::{Lexicon, Role};
use super::phrase::{Item, Phrase, PhraseError};
use super::raw::{At, RawRule};
use super::{Cue, Data, Dimension, Indicator, Known, NumeralRole, Refers, Rule, RuleId, RuleSet, Scope, SourceFile, Verb, Yields};
use crate::terms::{Change, Kind, Level, Qualifier, Status};
use crate::text::{Abbreviations, Vocabulary, fold};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Keys that hold phrases, with the role they give.
const PHRASE_KEYS: [(&str, Role); 7] = [
    ("forms", Role::Form),
    ("before", Role::Before),
    ("after", Role::After),
    ("match", Role::Match),
    ("unless", Role::Unless),
    ("context", Role::Context),
    ("basis", Role::Basis),
];
/// The file of administrative units.
const UNITS: &str = "places/units.csv";
/// Marks that texts have and that rules need not name.
const MARKS: [&str; 18] = [".", ",", ";", ":", "(", ")", "[", "]", "-", "/", "%", "\"", "'", "+", "|", "*", "!", "?"];

/// Compiles rule files.
pub fn compile(files: Vec<SourceFile>) -> (RuleSet, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let raw = read_all(&files, &mut diagnostics);
    compile_read(files, raw, diagnostics)
}

/// Compiles rule files that have been checked, without a look at their examples: most of what they say.
pub fn compile_checked(files: Vec<SourceFile>) -> (RuleSet, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut raw = Vec::new();
    for (i, file) in rule_files(&files) {
        super::raw::read(i, &file.name, &without_cases(&file.text), &mut raw, &mut diagnostics);
    }
    compile_read(files, raw, diagnostics)
}

fn compile_read(files: Vec<SourceFile>, raw: Vec<RawRule>, diagnostics: Vec<Diagnostic>) -> (RuleSet, Vec<Diagnostic>) {
    let mut compiler = Compiler::new(&files, diagnostics);
    let raw = compiler.without_duplicates(raw);
    compiler.read_pieces(&raw);
    for rule in &raw {
        compiler.rule(rule);
    }
    compiler.unused_pieces(&raw);
    compiler.diagnostics.extend(super::portals::faults(&files, &raw));
    compiler.finish(files.clone())
}

/// All rules of all files as written.
pub fn read_all(files: &[SourceFile], diagnostics: &mut Vec<Diagnostic>) -> Vec<RawRule> {
    let mut raw = Vec::new();
    for (i, file) in rule_files(files) {
        super::raw::read(i, &file.name, &file.text, &mut raw, diagnostics);
    }
    raw
}

fn rule_files(files: &[SourceFile]) -> impl Iterator<Item = (usize, &SourceFile)> {
    files.iter().enumerate().filter(|(_, f)| f.name.ends_with(".toml"))
}

/// A rule file with blanks for examples and near misses, so that all else stays where it is.
fn without_cases(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut case = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with("[[") {
            case = line.starts_with("[[rule.");
        }
        if case { out.extend(std::iter::repeat_n(' ', line.len())) } else { out.push_str(line) }
    }
    out
}

struct Compiler<'f> {
    files: &'f [SourceFile],
    diagnostics: Vec<Diagnostic>,
    pieces: FxHashMap<String, Vec<Phrase>>,
    used_pieces: BTreeSet<String>,
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    indicators: Lexicon,
    surroundings: Lexicon,
    place_names: Lexicon,
    rules: Vec<Rule>,
    abbreviations: Vec<String>,
    anchors: BTreeSet<String>,
    place_anchors: BTreeSet<String>,
    /// Words that make a scale word a vague number (`vài`), and scale words.
    vague: BTreeSet<String>,
    scales: BTreeSet<String>,
}

impl<'f> Compiler<'f> {
    fn new(files: &'f [SourceFile], diagnostics: Vec<Diagnostic>) -> Self {
        let mut vocabulary = Vocabulary::default();
        for mark in MARKS {
            vocabulary.intern(mark);
        }
        Self {
            files,
            diagnostics,
            pieces: FxHashMap::default(),
            used_pieces: BTreeSet::new(),
            vocabulary,
            lexicon: Lexicon::default(),
            indicators: Lexicon::default(),
            surroundings: Lexicon::default(),
            place_names: Lexicon::default(),
            rules: Vec::new(),
            abbreviations: Vec::new(),
            anchors: BTreeSet::new(),
            place_anchors: BTreeSet::new(),
            vague: BTreeSet::new(),
            scales: BTreeSet::new(),
        }
    }

    fn name(&self, rule: &RawRule) -> String {
        self.files[rule.file].name.clone()
    }

    /// Drops rules that an overlay replaces; reports ids that one layer has twice.
    fn without_duplicates(&mut self, raw: Vec<RawRule>) -> Vec<RawRule> {
        let mut seen: FxHashMap<String, usize> = FxHashMap::default();
        let mut kept: Vec<Option<RawRule>> = Vec::new();
        for rule in raw {
            let overlay = self.files[rule.file].overlay;
            match seen.get(&rule.id.value).map(|&i| (i, kept[i].as_ref().map(|k| (k.file, k.id.span.clone())))) {
                Some((i, Some((file, _)))) if overlay && !self.files[file].overlay => kept[i] = Some(rule),
                Some((_, Some((file, span)))) => {
                    let first = Diagnostic::error("", &self.files[file].name, span, "").position(&self.files[file].text);
                    let d = Diagnostic::error("duplicate-id", &self.name(&rule), rule.id.span.clone(), format!("two rules are called `{}`", rule.id.value))
                        .label("the second")
                        .help(format!("the first stands in {} at line {}; rename one", self.files[file].name, first.0));
                    self.diagnostics.push(d);
                }
                _ => {
                    seen.insert(rule.id.value.clone(), kept.len());
                    kept.push(Some(rule));
                }
            }
        }
        kept.into_iter().flatten().collect()
    }

    fn read_pieces(&mut self, raw: &[RawRule]) {
        for rule in raw.iter().filter(|r| r.class == Class::Piece) {
            let phrases = rule.list("forms").iter().filter_map(|f| self.parse(rule, f)).collect();
            self.pieces.insert(rule.id.value.clone(), phrases);
        }
        let names: Vec<String> = self.pieces.keys().cloned().collect();
        for rule in raw.iter().filter(|r| r.class == Class::Piece) {
            if names.contains(&rule.id.value) && self.reaches(&rule.id.value, &rule.id.value, 0) {
                let d = Diagnostic::error("cyclic-piece", &self.name(rule), rule.id.span.clone(), format!("the piece `{}` holds itself", rule.id.value))
                    .label("this piece")
                    .help("write the words out in one of the pieces");
                self.diagnostics.push(d);
            }
        }
        let cyclic: Vec<String> = names.into_iter().filter(|n| self.reaches(n, n, 0)).collect();
        for name in cyclic {
            self.pieces.insert(name, Vec::new());
        }
    }

    fn reaches(&self, from: &str, target: &str, depth: usize) -> bool {
        let inner = self.pieces.get(from).into_iter().flatten().flat_map(Phrase::pieces);
        depth < 8 && inner.into_iter().any(|(name, _)| name == target || self.reaches(&name, target, depth + 1))
    }

    /// Parses a phrase and checks the pieces that it names.
    fn parse(&mut self, rule: &RawRule, text: &At<String>) -> Option<Phrase> {
        match Phrase::parse(&text.value) {
            Ok(phrase) => Some(phrase),
            Err(e) => {
                self.phrase_fault(rule, text, e);
                None
            }
        }
    }

    fn phrase_fault(&mut self, rule: &RawRule, text: &At<String>, e: PhraseError) {
        // The span of the phrase inside the file: behind the opening quote, when the string has no escapes.
        let written = &self.files[rule.file].text[text.span.clone()];
        let inside = text.span.start + written.find(text.value.as_str()).unwrap_or(0);
        let end = e.span.end.min(text.value.len());
        let span = inside + e.span.start.min(end)..inside + end;
        self.diagnostics.push(Diagnostic::error(e.code, &self.name(rule), span, e.message).label("here").help(e.help));
    }

    fn rows(&mut self, rule: &RawRule, text: &At<String>) -> Vec<Vec<Item>> {
        let Some(phrase) = self.parse(rule, text) else {
            return Vec::new();
        };
        for (piece, span) in phrase.pieces() {
            if self.pieces.contains_key(&piece) {
                self.used_pieces.insert(piece);
            } else {
                let known: Vec<&str> = self.pieces.keys().map(String::as_str).collect();
                let near = known
                    .iter()
                    .filter(|k| strsim::levenshtein(k, &piece) <= 3)
                    .min_by_key(|k| (strsim::levenshtein(k, &piece), **k))
                    .map_or(String::new(), |k| format!("did you mean `{{{k}}}`? "));
                let help = format!("{near}pieces are defined in files of class \"piece\"");
                self.phrase_fault(rule, text, PhraseError { span, code: "unknown-piece", message: format!("no piece is called `{piece}`"), help });
            }
        }
        match phrase.rows(&self.pieces) {
            Ok(rows) => rows,
            Err(e) => {
                self.phrase_fault(rule, text, e);
                Vec::new()
            }
        }
    }

    fn rule(&mut self, raw: &RawRule) {
        let id = self.rules.len() as RuleId;
        let Some(data) = self.data(raw) else { return };
        let retired = raw.text("status") == "retired";
        if !retired {
            for (key, role) in PHRASE_KEYS {
                for text in raw.list(key) {
                    self.phrase(raw, id, &data, role, text);
                }
            }
        }
        self.rules.push(Rule {
            id: raw.id.value.as_str().into(),
            class: raw.class,
            file: raw.file,
            span: raw.id.span.clone(),
            why: raw.text("why").into(),
            since: raw.text("since").into(),
            retired,
            data,
        });
    }

    fn phrase(&mut self, raw: &RawRule, id: RuleId, data: &Data, role: Role, text: &At<String>) {
        let rows = self.rows(raw, text);
        if raw.class == Class::Abbreviation {
            self.abbreviations.push(fold(&text.value));
        }
        if matches!(raw.class, Class::Level | Class::Here | Class::Place) && !text.value.contains(['(', '{', '<', '?', '.', '-']) {
            self.place_anchors.insert(text.value.clone());
        }
        for row in rows {
            if let Some(anchor) = anchor(data, &row) {
                self.anchors.insert(anchor);
            }
            if let (Some(set), [Item::Text(word)]) = (self.halves(data), &*row) {
                set.insert(word.to_string());
            }
            let lexicon = match raw.class {
                Class::Piece | Class::Abbreviation | Class::Check => continue,
                Class::Indicator if matches!(role, Role::Basis | Role::Context) => &mut self.surroundings,
                Class::Indicator => &mut self.indicators,
                _ => &mut self.lexicon,
            };
            lexicon.add(&row, &mut self.vocabulary, raw.class, role, id);
        }
    }

    fn data(&mut self, raw: &RawRule) -> Option<Data> {
        let number = |key: &str| u64::try_from(raw.number(key)).ok();
        Some(match raw.class {
            Class::Numeral => Data::Numeral { value: number("value")?, role: NumeralRole::from_term(raw.text("role"))? },
            Class::Scale => Data::Scale { power: u32::try_from(raw.number("power")).ok().filter(|&p| p <= 18)? },
            Class::Fraction => {
                let times = raw.text("percent").is_empty();
                Data::Fraction { value: self.decimal(raw, if times { "times" } else { "percent" })?, times }
            }
            Class::Exclusion => Data::Exclusion { hard: raw.flag("hard") },
            Class::Rank => Data::Rank { place: u32::try_from(raw.number("place")).ok().filter(|&p| p > 0) },
            Class::Qualifier => Data::Qualifier(Qualifier::from_term(raw.text("value"))?),
            Class::Reach => Data::Reach(Verb::from_term(raw.text("verb"))?),
            Class::Cue => Data::Cue(Cue::from_term(raw.text("part"))?),
            Class::Change => Data::Change { value: Change::from_term(raw.text("value"))?, noun: raw.flag("noun"), reach: raw.flag("reach") },
            Class::Status => {
                Data::Status { value: Status::from_term(raw.text("value"))?, scope: Scope::from_term(raw.text("scope")).unwrap_or(Scope::Sentence) }
            }
            Class::Unit => Data::Unit {
                symbol: raw.text("symbol").into(),
                dimension: Dimension::from_term(raw.text("dimension"))?,
                factor: if raw.text("factor").is_empty() { Decimal::ONE } else { self.decimal(raw, "factor")? },
                scaled: raw.flag("scaled"),
            },
            Class::Counter => Data::Counter { classifier: raw.flag("classifier") },
            Class::Join => Data::Join { ratio: raw.text("makes") == "ratio" },
            Class::Period => Data::Period(Yields::from_term(raw.text("yields"))?),
            Class::Opener => Data::Opener { until: raw.text("side") != "since" },
            Class::Place => {
                let told = |key: &str| Some(raw.text(key)).filter(|c| !c.is_empty()).map(Into::into);
                Data::Place {
                    name: raw.text("name").into(),
                    level: Level::from_term(raw.text("level"))?,
                    code: told("code"),
                    country: told("country"),
                    seat: raw.flag("seat"),
                }
            }
            Class::Level => Data::Level { level: Level::from_term(raw.text("level"))?, word: raw.text("word").into() },
            Class::Here => Data::Here(Refers::from_term(raw.text("refers"))?),
            Class::Indicator => Data::Indicator(Box::new(self.indicator(raw)?)),
            _ => Data::Words,
        })
    }

    fn decimal(&mut self, raw: &RawRule, key: &str) -> Option<Decimal> {
        let read = raw.text(key).parse().ok();
        if read.is_none() {
            let d = Diagnostic::error("bad-number", &self.name(raw), raw.id.span.clone(), format!("`{key}` is no decimal number"))
                .label("in this rule")
                .help("write digits with a point, e.g. \"33.33\"");
            self.diagnostics.push(d);
        }
        read
    }

    fn indicator(&mut self, raw: &RawRule) -> Option<Indicator> {
        let kinds = self.terms(raw, "kinds", Kind::from_term, Kind::ALL.iter().map(|k| k.as_str()).collect());
        let changes = self.terms(raw, "change", Change::from_term, Change::ALL.iter().map(|k| k.as_str()).collect());
        let (vi, en) = raw.names();
        Some(Indicator {
            name_vi: vi.into(),
            name_en: en.into(),
            programme: Some(raw.text("programme")).filter(|p| !p.is_empty()).map(Into::into),
            kinds: kinds?,
            units: raw.list("units").iter().map(|u| fold(&u.value).into()).collect(),
            changes: changes?,
            has_context: !raw.list("context").is_empty(),
            has_basis: !raw.list("basis").is_empty(),
        })
    }

    fn terms<T>(&mut self, raw: &RawRule, key: &str, read: impl Fn(&str) -> Option<T>, known: Vec<&str>) -> Option<Vec<T>> {
        let mut out = Vec::new();
        for text in raw.list(key) {
            match read(&text.value) {
                Some(term) => out.push(term),
                None => {
                    let d = Diagnostic::error("unknown-term", &self.name(raw), text.span.clone(), format!("`{}` is no value of `{key}`", text.value))
                        .label("unknown")
                        .help(format!("use one of: {}", known.join(", ")));
                    self.diagnostics.push(d);
                    return None;
                }
            }
        }
        Some(out)
    }

    /// Where the words go that are an anchor only together: `vài` and `trăm`.
    fn halves(&mut self, data: &Data) -> Option<&mut BTreeSet<String>> {
        match data {
            Data::Numeral { role: NumeralRole::Vague, .. } => Some(&mut self.vague),
            Data::Scale { .. } => Some(&mut self.scales),
            _ => None,
        }
    }

    fn unused_pieces(&mut self, raw: &[RawRule]) {
        let inner: Vec<String> = self.pieces.values().flatten().flat_map(Phrase::pieces).map(|(n, _)| n).collect();
        self.used_pieces.extend(inner);
        for rule in raw.iter().filter(|r| r.class == Class::Piece && !self.used_pieces.contains(&r.id.value)) {
            let d =
                Diagnostic::warning("unused-piece", &self.files[rule.file].name, rule.id.span.clone(), format!("no rule uses the piece `{}`", rule.id.value))
                    .label("unused")
                    .help("remove it, or use it");
            self.diagnostics.push(d);
        }
    }

    fn finish(mut self, files: Vec<SourceFile>) -> (RuleSet, Vec<Diagnostic>) {
        let gazetteer = self.gazetteer();
        let cue = |rule: RuleId| match self.rules.get(rule as usize)?.data {
            Data::Cue(cue) => Some(cue),
            _ => None,
        };
        for lexicon in [&mut self.lexicon, &mut self.indicators, &mut self.surroundings, &mut self.place_names] {
            lexicon.freeze(cue);
        }
        self.vocabulary.freeze();
        let small = self.small_numerals();
        self.lexicon.set_small(small);
        let vague = self.vague.iter().flat_map(|v| self.scales.iter().map(move |s| format!("{v} {s}")));
        self.anchors.extend(vague);
        let mut anchors = AnchorWords::default();
        self.anchors.iter().for_each(|phrase| anchors.add(Anchor::Figure, phrase));
        self.place_anchors.iter().for_each(|phrase| anchors.add(Anchor::Place, phrase));
        let by_id: FxHashMap<Box<str>, RuleId> = self.rules.iter().enumerate().map(|(i, r)| (r.id.clone(), i as RuleId)).collect();
        let known = Known::find(|id| by_id.get(id).copied());
        let set = RuleSet {
            hash: hash(&files).into(),
            files,
            rules: self.rules,
            vocabulary: self.vocabulary,
            lexicon: self.lexicon,
            indicators: self.indicators,
            surroundings: self.surroundings,
            place_names: self.place_names,
            gazetteer,
            abbreviations: Abbreviations::new(self.abbreviations),
            anchors,
            by_id,
            known,
        };
        (set, self.diagnostics)
    }

    /// Reads the units and enters the names of provinces and districts; those of communes are read behind a level word.
    fn gazetteer(&mut self) -> Gazetteer {
        let Some(file) = self.files.iter().rev().find(|f| f.name == UNITS) else {
            return Gazetteer::default();
        };
        let (gazetteer, bad) = Gazetteer::read(&file.text);
        for line in bad {
            let start: usize = file.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            let d = Diagnostic::error("bad-unit", &file.name, start..start + 1, "this line is no administrative unit")
                .label("here")
                .help("columns: level,code,name,full_name,parent_code,valid_from,valid_to");
            self.diagnostics.push(d);
        }
        for (i, unit) in gazetteer.upper().iter().enumerate() {
            if unit.level == Level::Province {
                self.place_anchors.insert(unit.name.to_string());
            }
            if let Ok(rows) = Phrase::parse(&unit.name).and_then(|p| p.rows(&self.pieces)) {
                for row in rows {
                    self.place_names.add(&row, &mut self.vocabulary, Class::Place, Role::Form, i as RuleId);
                }
            }
        }
        gazetteer
    }

    fn small_numerals(&self) -> Vec<(u32, u16)> {
        let mut out = Vec::new();
        for sym in 1..=self.vocabulary.len() as u32 {
            let word = [crate::text::Token { start: 0, end: 0, sym, kind: crate::text::Kind::Word, flags: Default::default() }];
            let mut hits = Vec::new();
            self.lexicon.find("", &word, &mut hits);
            let value = hits.iter().find_map(|h| match self.rules[h.rule as usize].data {
                Data::Numeral { value, role: NumeralRole::Digit | NumeralRole::Ten } => u16::try_from(value).ok(),
                _ => None,
            });
            out.extend(value.map(|v| (sym, v)));
        }
        out
    }
}

/// The words by which a scan sees that a figure in words may begin here. `một`, `tư` and `năm` are too common to be looked for
/// alone: the figures that begin with them have a second word.
fn anchor(data: &Data, row: &[Item]) -> Option<String> {
    let word = |i: usize| row.get(i).and_then(|item| if let Item::Text(t) = item { Some(&**t) } else { None });
    match data {
        Data::Numeral { role: NumeralRole::Digit | NumeralRole::Ten | NumeralRole::Dozen, value } => {
            word(0).filter(|w| *value != 1 && !matches!(*w, "năm" | "tư" | "lăm" | "nhăm")).map(str::to_owned)
        }
        Data::Fraction { .. } => Some(format!("{} {}", word(0)?, word(1)?)),
        Data::Scale { .. } => Some(format!("một {}", word(0)?)),
        Data::Rank { place: Some(_) } => Some(format!("{} {}", word(0)?, word(1)?)),
        _ => None,
    }
}

fn hash(files: &[SourceFile]) -> String {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for file in files {
        hasher.update(file.name.as_bytes());
        hasher.update(&[0]);
        hasher.update(file.text.as_bytes());
        hasher.update(&[0]);
    }
    format!("{:016x}", hasher.digest())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_the_same_without_their_examples() {
        let (whole, _) = compile(super::super::source::embedded());
        let (alone, faults) = compile_checked(super::super::source::embedded());
        assert!(faults.iter().all(|f| f.code != "toml-syntax"), "{faults:?}");
        assert_eq!(format!("{:?}", whole.rules), format!("{:?}", alone.rules));
        assert_eq!(whole.hash, alone.hash);
    }
}
