//! Checking rules by what their authors wrote beside them: every example, every near miss, and a corpus.
//!
//! In: rule files, perhaps documents. Out: all faults at once, each with its place and what to do. Never: a stop at the first.
//!
//! Codes besides those of the loader: `no-example`, `no-near-miss`, `example-fails`, `near-miss-matches`, and as warnings
//! `pending-passes`, `never-fires`.

use super::class::Class;
use super::compile::{compile, read_all};
use super::diagnostic::{Diagnostic, Severity};
use super::fired::fired;
use super::raw::{At, Expect, ExpectPeriod, RawCase, RawRule};
use super::{RuleId, RuleSet, SourceFile};
use crate::document::{Document, InputError, Inputs};
use crate::eval::{number, place_name, same_text};
use crate::extract::Extractor;
use crate::pipeline::{self, Options, Reading, Silent, Sink};
use crate::record::Record;
use crate::text::{NormalText, fold};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    pub rules: Arc<RuleSet>,
    /// By file and place.
    pub diagnostics: Vec<Diagnostic>,
    pub examples: usize,
    pub near_misses: usize,
    /// Inputs of the corpus that could not be read.
    pub unread: Vec<InputError>,
}

impl Checked {
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }
}

/// Compiles the rules and runs all their examples and near misses. With a corpus, tells which rules never fire on it.
///
/// In a set of two layers, completeness is asked of the upper one only; examples of both are run, since a new rule may break
/// an old one.
///
/// # Errors
/// When the threads for the corpus cannot be started.
pub fn check(files: Vec<SourceFile>, corpus: Option<Inputs>) -> io::Result<Checked> {
    let (set, mut diagnostics) = compile(files);
    let rules = Arc::new(set);
    let extractor = Extractor::with_rules(rules.clone());
    let raw = authored(&rules);
    let (examples, near_misses) = (raw.iter().map(|r| r.examples.len()).sum(), raw.iter().map(|r| r.near_misses.len()).sum());
    let sound: Vec<&RawRule> = raw.iter().filter(|r| r.text("status") != "retired" && !is_faulty(&rules, r, &diagnostics)).collect();
    let asked: Vec<&RawRule> = sound.iter().copied().filter(|r| is_asked(&rules, r) && !r.class.is_support()).collect();
    diagnostics.extend(asked.iter().flat_map(|rule| incomplete(&rules, rule)));
    let tried: Vec<Vec<Diagnostic>> = sound.par_iter().map(|rule| Trial { extractor: &extractor, rule }.run()).collect();
    diagnostics.extend(tried.into_iter().flatten());
    let mut over = Corpus::default();
    if let Some(inputs) = corpus {
        over.run(inputs, &extractor)?;
        diagnostics.extend(asked.iter().filter(|r| rules.id_of(&r.id.value).is_some_and(|id| !over.fired.contains(&id))).map(|rule| silent(&rules, rule)));
    }
    diagnostics.sort_by(|a, b| (&a.file, a.span.start, a.code).cmp(&(&b.file, b.span.start, b.code)));
    Ok(Checked { rules, diagnostics, examples, near_misses, unread: over.unread })
}

/// The rules of a set as written, without those that an overlay replaces.
pub fn authored(set: &RuleSet) -> Vec<RawRule> {
    let mut told_by_the_compiler = Vec::new();
    let mut raw = read_all(&set.files, &mut told_by_the_compiler);
    raw.retain(|r| set.find(&r.id.value).is_none_or(|rule| rule.file == r.file && rule.span == r.id.span));
    raw
}

/// The bytes of the rule at a place of a file: from its `[[rule]]` to the next.
pub fn extent(text: &str, at: usize) -> Range<usize> {
    const HEAD: &str = "[[rule]]";
    let start = text.get(..at).and_then(|before| before.rfind(HEAD)).unwrap_or(0);
    let end = text.get(at..).and_then(|behind| behind.find(HEAD)).map_or(text.len(), |i| at + i);
    start..end
}

/// A rule with a fault of its own: its examples would only repeat it.
fn is_faulty(rules: &RuleSet, rule: &RawRule, diagnostics: &[Diagnostic]) -> bool {
    let file = &rules.files[rule.file];
    let extent = extent(&file.text, rule.id.span.start);
    rules.find(&rule.id.value).is_none() || diagnostics.iter().any(|d| d.severity == Severity::Error && d.file == file.name && extent.contains(&d.span.start))
}

/// Must the rule be complete? Those below an overlay are somebody else's.
fn is_asked(rules: &RuleSet, rule: &RawRule) -> bool {
    rules.files[rule.file].overlay || !rules.files.iter().any(|f| f.overlay)
}

/// Examples and near misses that a rule lacks.
fn incomplete(rules: &RuleSet, rule: &RawRule) -> Vec<Diagnostic> {
    let needed = if rule.class == Class::Indicator { 2 } else { 1 };
    let handled = rule.examples.iter().filter(|c| !c.pending).count();
    let fault = |code, what: &str, needed: usize, help: &str| {
        let message = format!("`{}` needs {needed} {what}{}", rule.id.value, if needed == 1 { "" } else { "s" });
        Diagnostic::error(code, &rules.files[rule.file].name, rule.id.span.clone(), message).label("this rule").help(help)
    };
    let mut out = Vec::new();
    if handled < needed {
        out.push(fault(
            "no-example",
            "example",
            needed,
            "add [[rule.example]] with text = \"…\" and expect = { quote = \"…\", kind = \"…\", amount = \"…\", unit = \"…\" }",
        ));
    }
    if rule.near_misses.is_empty() {
        out.push(fault("no-near-miss", "near miss", 1, "add [[rule.near_miss]] with a text that looks right and must not match"));
    }
    out
}

/// A rule that the corpus does not bear out.
fn silent(rules: &RuleSet, rule: &RawRule) -> Diagnostic {
    Diagnostic::warning("never-fires", &rules.files[rule.file].name, rule.id.span.clone(), format!("`{}` never fires on the corpus", rule.id.value))
        .label("this rule")
        .help("add a text of its kind to the corpus, or retire the rule with status = \"retired\"")
}

/// The examples and near misses of one rule.
struct Trial<'a> {
    extractor: &'a Extractor,
    rule: &'a RawRule,
}

/// What a text gave.
struct Seen {
    records: Vec<Record>,
    fired: BTreeSet<RuleId>,
}

/// Why a case fails: where, and what is said.
struct Fault {
    span: Range<usize>,
    message: String,
    label: String,
}

impl Trial<'_> {
    fn run(&self) -> Vec<Diagnostic> {
        let examples = self.rule.examples.iter().filter_map(|case| {
            let fault = case.expect.as_ref().and_then(|expect| self.example(case, expect));
            let help = "mend the rule or the expectation; `solieu rules explain TEXT` shows what each room saw";
            self.judge(case, fault, "example-fails", help)
        });
        let near_misses = self.rule.near_misses.iter().filter_map(|case| {
            let help = "narrow the rule until it leaves this text alone; `solieu rules explain TEXT` shows what matched";
            self.judge(case, self.near_miss(case), "near-miss-matches", help)
        });
        examples.chain(near_misses).collect()
    }

    /// A case that fails is an error, unless it is a known gap; a known gap that is none any more is good news.
    fn judge(&self, case: &RawCase, fault: Option<Fault>, code: &'static str, help: &str) -> Option<Diagnostic> {
        let file = &self.extractor.rules().files[self.rule.file].name;
        match (fault, case.pending) {
            (Some(fault), false) => Some(Diagnostic::error(code, file, fault.span, fault.message).label(fault.label).help(help)),
            (None, true) => {
                let d = Diagnostic::warning("pending-passes", file, case.span.clone(), format!("a pending case of `{}` passes now", self.rule.id.value));
                Some(d.label("this case").help("remove `pending = true`"))
            }
            _ => None,
        }
    }

    fn see(&self, case: &RawCase) -> Seen {
        let document = Document { id: self.rule.id.value.clone(), text: case.text.clone(), published: case.published.clone(), ..Document::default() };
        look(self.extractor, &document)
    }

    fn has_fired(&self, fired: &BTreeSet<RuleId>) -> bool {
        self.extractor.rules().id_of(&self.rule.id.value).is_some_and(|id| fired.contains(&id))
    }

    fn near_miss(&self, case: &RawCase) -> Option<Fault> {
        let seen = self.see(case);
        let id = &self.rule.id.value;
        let on: Vec<&str> = seen.records.iter().filter(|r| r.indicator.as_ref().is_some_and(|i| i.id == *id)).map(|r| r.quote.as_str()).collect();
        let label = if on.is_empty() { "here".to_owned() } else { format!("on {}", on.join(", ")) };
        self.has_fired(&seen.fired).then(|| Fault { span: case.span.clone(), message: format!("`{id}` matches a near miss"), label })
    }

    fn example(&self, case: &RawCase, expect: &At<Expect>) -> Option<Fault> {
        let seen = self.see(case);
        let id = &self.rule.id.value;
        let at = |key: &str| key_span(&self.extractor.rules().files[self.rule.file].text, &expect.span, key);
        let same_quote = seen.records.iter().filter(|r| r.quote == expect.value.quote);
        let Some((record, differences)) = same_quote.map(|r| (r, differences(&expect.value, r))).min_by_key(|(_, d)| d.len()) else {
            let found: Vec<&str> = seen.records.iter().map(|r| r.quote.as_str()).collect();
            let label = if found.is_empty() { "no figure is found at all".to_owned() } else { format!("found: {}", found.join(", ")) };
            return Some(Fault { span: at("quote"), message: format!("an example of `{id}` fails: no figure reads {}", expect.value.quote), label });
        };
        if let Some(first) = differences.first() {
            let told: Vec<String> = differences.iter().map(|d| format!("`{}` should be {} and is {}", d.field, d.expected, d.got)).collect();
            return Some(Fault {
                span: at(first.field),
                message: format!("an example of `{id}` fails: {}", told.join("; ")),
                label: format!("is {}", first.got),
            });
        }
        let message = format!("an example of `{id}` fails: the record is right, but the rule has no part in it");
        let label = match (self.rule.class, &record.indicator) {
            (Class::Indicator, Some(other)) => format!("its series is {}", other.id),
            (Class::Indicator, None) => "it belongs to no series".to_owned(),
            _ => "other rules gave it".to_owned(),
        };
        let is_its = record.indicator.as_ref().is_some_and(|i| i.id == *id);
        let took_part = if self.rule.class == Class::Indicator { is_its } else { self.has_fired(&seen.fired) };
        (!took_part).then(|| Fault { span: at("quote"), message, label })
    }
}

fn look(extractor: &Extractor, document: &Document) -> Seen {
    let normal = NormalText::new(&document.text);
    match extractor.analyse(document, normal.as_str()) {
        None => Seen { records: Vec::new(), fired: BTreeSet::new() },
        Some(analysis) => {
            let records = extractor.records(document, &normal, &analysis);
            let fired = fired(extractor.rules(), &analysis, &records);
            Seen { records, fired }
        }
    }
}

/// The bytes of a key inside a table; the whole table when it does not say the key.
fn key_span(text: &str, table: &Range<usize>, key: &str) -> Range<usize> {
    let inside = text.get(table.clone()).unwrap_or("");
    let stands_alone = |at: &usize| {
        let before = inside[..*at].chars().next_back();
        let behind = inside[at + key.len()..].trim_start();
        behind.starts_with('=') && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    };
    match inside.match_indices(key).map(|(at, _)| at).find(stands_alone) {
        Some(at) => table.start + at..table.start + at + key.len(),
        None => table.clone(),
    }
}

/// A field that is not as expected.
struct Difference {
    field: &'static str,
    expected: String,
    got: String,
}

/// All fields of a record that an example does not expect; what the example does not write is the default.
fn differences(expect: &Expect, record: &Record) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut put = |is_same: bool, field, expected: Option<&str>, got: Option<&str>| {
        let shown = |text: Option<&str>| text.filter(|t| !t.is_empty()).map_or_else(|| "nothing".to_owned(), |t| format!("\"{t}\""));
        if !is_same {
            out.push(Difference { field, expected: shown(expected), got: shown(got) });
        }
    };
    put(expect.kind == record.kind.as_str(), "kind", Some(&expect.kind), Some(record.kind.as_str()));
    for (field, expected, got) in [
        ("amount", Some(expect.amount.as_str()), Some(record.value.amount.as_str())),
        ("upper", expect.upper.as_deref(), record.value.upper.as_deref()),
        ("of", expect.of.as_deref(), record.value.of.as_deref()),
    ] {
        put(number(expected) == number(got), field, expected, got);
    }
    put(fold(&expect.unit) == fold(&record.unit), "unit", Some(&expect.unit), Some(&record.unit));
    for (field, expected, got) in [
        ("qualifier", &expect.qualifier, record.qualifier.as_str()),
        ("change", &expect.change, record.change.as_str()),
        ("status", &expect.status, record.status.as_str()),
    ] {
        put(expected == got, field, Some(expected), Some(got));
    }
    for (field, expected, got) in [("subject", &expect.subject, &record.subject), ("basis", &expect.basis, &record.basis)] {
        put(same_text(expected.as_deref(), got.as_deref()), field, expected.as_deref(), got.as_deref());
    }
    let place = record.place.as_ref().map(|p| p.name.as_str());
    put(place_name(expect.place.as_deref()) == place_name(place), "place", expect.place.as_deref(), place);
    let (expected, got) = (days(expect.period.as_ref()), record.period.as_ref().map_or((None, None), |p| (p.start.as_deref(), p.end.as_deref())));
    put(expected == got, "period", span_of_days(expected).as_deref(), span_of_days(got).as_deref());
    out
}

type Days<'a> = (Option<&'a str>, Option<&'a str>);

fn days(period: Option<&ExpectPeriod>) -> Days<'_> {
    period.map_or((None, None), |p| (p.start.as_deref(), p.end.as_deref()))
}

fn span_of_days((start, end): Days<'_>) -> Option<String> {
    (start.is_some() || end.is_some()).then(|| format!("{} to {}", start.unwrap_or("open"), end.unwrap_or("open")))
}

/// Which rules fire on a corpus.
#[derive(Default)]
struct Corpus {
    fired: BTreeSet<RuleId>,
    unread: Vec<InputError>,
}

impl Corpus {
    fn run(&mut self, inputs: Inputs, extractor: &Extractor) -> io::Result<()> {
        let make = |reading: Reading| look(extractor, &reading.document).fired;
        pipeline::run(inputs, extractor, Options::default(), make, self, &Silent).map(drop)
    }
}

impl Sink<BTreeSet<RuleId>> for Corpus {
    fn take(&mut self, fired: BTreeSet<RuleId>) -> io::Result<()> {
        self.fired.extend(fired);
        Ok(())
    }

    fn fault(&mut self, error: InputError) {
        self.unread.push(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_as_a_word_before_its_equals_sign() {
        let text = "expect = { quote = \"of 5\", kind = \"of\", of = \"8\" }";
        assert_eq!(&text[key_span(text, &(9..text.len()), "of")], "of");
        assert_eq!(key_span(text, &(9..text.len()), "of").start, text.rfind("of").unwrap());
        assert_eq!(key_span(text, &(9..text.len()), "place"), 9..text.len());
    }

    #[test]
    fn the_extent_of_a_rule_ends_where_the_next_begins() {
        let text = "class = \"x\"\n[[rule]]\nid = \"a\"\n[[rule.example]]\n[[rule]]\nid = \"b\"\n";
        let of = |id: &str| text[extent(text, text.find(id).unwrap())].to_owned();
        assert_eq!(of("\"a\""), "[[rule]]\nid = \"a\"\n[[rule.example]]\n");
        assert_eq!(of("\"b\""), "[[rule]]\nid = \"b\"\n");
    }
}
