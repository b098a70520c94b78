//! `solieu rules`: what the program knows, and whether it holds.

use crate::failure::{Failure, Status, rules};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;
use solieu::document::Inputs;
use solieu::explain;
use solieu::rules::check::{Checked, authored, check, extent};
use solieu::rules::{Class, Data, Diagnostic, Rule, RuleSet, Severity, source};
use solieu::{Document, Extractor};
use std::io::{Read, Write};
use std::path::PathBuf;

const ID: Style = AnsiColor::Cyan.on_default();
const FAINT: Style = Style::new().dimmed();

/// Lists, shows, checks and explains rules
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    List(List),
    Show(Show),
    Check(Check),
    Explain(Explain),
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        match self.command {
            Command::List(args) => args.run(),
            Command::Show(args) => args.run(),
            Command::Check(args) => args.run(),
            Command::Explain(args) => args.run(),
        }
    }
}

/// Lists the rules
#[derive(clap::Args)]
struct List {
    /// Only rules of this class
    #[arg(long, value_name = "CLASS", value_parser = class)]
    class: Option<Class>,
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

fn class(name: &str) -> Result<Class, String> {
    Class::from_name(name).ok_or_else(|| format!("no such class; use one of: {}", Class::ALL.map(Class::name).join(", ")))
}

impl List {
    fn run(self) -> Result<Status, Failure> {
        let rules = rules(self.patterns.as_deref())?;
        let listed: Vec<&Rule> = rules.rules.iter().filter(|r| self.class.is_none_or(|c| r.class == c)).collect();
        let width = listed.iter().map(|r| r.id.chars().count()).max().unwrap_or(0);
        let mut out = anstream::stdout();
        for rule in listed {
            let retired = if rule.retired { " (retired)" } else { "" };
            writeln!(out, "{ID}{:width$}{ID:#}  {:12}  {}{FAINT}{retired}{FAINT:#}", rule.id, rule.class.name(), title(rule))?;
        }
        Ok(Status::Good)
    }
}

/// The name of a series, or the first line of what a rule is for.
fn title(rule: &Rule) -> &str {
    match &rule.data {
        Data::Indicator(indicator) => &indicator.name_vi,
        _ => rule.why.trim().lines().next().unwrap_or(""),
    }
}

/// Shows a rule as it is written
#[derive(clap::Args)]
struct Show {
    /// The id of a rule, as records and `solieu rules list` give it
    id: String,
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

impl Show {
    fn run(self) -> Result<Status, Failure> {
        let rules = rules(self.patterns.as_deref())?;
        let rule = rules.find(&self.id).ok_or_else(|| self.unknown(&rules))?;
        let file = &rules.files[rule.file];
        let (line, _) = Diagnostic::error("", &file.name, rule.span.clone(), "").position(&file.text);
        let written = authored(&rules).into_iter().find(|r| *r.id.value == *rule.id);
        let (examples, near_misses) = written.map_or((0, 0), |r| (r.examples.len(), r.near_misses.len()));
        let mut out = anstream::stdout();
        writeln!(out, "{ID}{}{ID:#}  {}  {FAINT}{}:{line}{FAINT:#}", rule.id, rule.class.name(), file.name)?;
        if let Data::Indicator(i) = &rule.data {
            writeln!(out, "{} / {}", i.name_vi, i.name_en)?;
        }
        writeln!(out, "{FAINT}examples: {examples}, near misses: {near_misses}{FAINT:#}\n")?;
        writeln!(out, "{}", file.text[extent(&file.text, rule.span.start)].trim_end())?;
        Ok(Status::Good)
    }

    fn unknown(&self, rules: &RuleSet) -> Failure {
        let mut near: Vec<&str> = rules.rules.iter().map(|r| &*r.id).filter(|id| id.contains(self.id.as_str())).take(8).collect();
        near.extend(rules.rules.iter().map(|r| &*r.id).min_by_key(|id| strsim::levenshtein(id, &self.id)).filter(|_| near.is_empty()));
        Failure::told(format!("no rule is called `{}`; did you mean {}? (`solieu rules list` names all)", self.id, near.join(", ")))
    }
}

/// Checks rules: every fault of their files, every example, every near miss
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu rules check patterns\n  solieu rules check my-rules --corpus corpus/press\n\nA DIR that has all the folders of patterns/ is checked as a whole set; any other is laid over the built-in rules. Exit status 1 when there are errors; warnings do not count."
)]
struct Check {
    /// A folder of rule files [default: the built-in rules]
    dir: Option<PathBuf>,
    /// Texts on which every rule should fire somewhere
    #[arg(long, value_name = "PATH", num_args = 1..)]
    corpus: Vec<PathBuf>,
    /// How faults are written
    #[arg(long, value_enum, default_value_t = Report::Text)]
    format: Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Report {
    /// Each fault with its line, a caret and what to do
    Text,
    /// One JSON array
    Json,
}

/// A fault with its line and column, for programs.
#[derive(Serialize)]
struct Placed<'a> {
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
    line: usize,
    column: usize,
}

impl Check {
    fn run(self) -> Result<Status, Failure> {
        let files = match &self.dir {
            None => source::embedded(),
            Some(dir) => source::overlaid(dir).map_err(|e| Failure::told(e.to_string()))?,
        };
        let corpus = (!self.corpus.is_empty()).then(|| Inputs::new(self.corpus.clone()));
        let checked = check(files, corpus)?;
        match self.format {
            Report::Text => text(&checked)?,
            Report::Json => json(&checked)?,
        }
        for error in &checked.unread {
            anstream::eprintln!("solieu: {error}");
        }
        let is_good = checked.count(Severity::Error) == 0 && checked.unread.is_empty();
        Ok(if is_good { Status::Good } else { Status::Partial })
    }
}

fn source_of<'a>(checked: &'a Checked, diagnostic: &Diagnostic) -> &'a str {
    checked.rules.files.iter().rev().find(|f| f.name == diagnostic.file).map_or("", |f| &f.text)
}

fn text(checked: &Checked) -> Result<(), Failure> {
    let mut out = anstream::stdout();
    for diagnostic in &checked.diagnostics {
        writeln!(out, "{}\n", diagnostic.render(source_of(checked, diagnostic), true))?;
    }
    let (rules, files) = (checked.rules.rules.len(), checked.rules.files.len());
    let (errors, warnings) = (checked.count(Severity::Error), checked.count(Severity::Warning));
    writeln!(
        out,
        "rules: {rules}, files: {files}, examples: {}, near misses: {}; errors: {errors}, warnings: {warnings}",
        checked.examples, checked.near_misses
    )?;
    Ok(())
}

fn json(checked: &Checked) -> Result<(), Failure> {
    let placed = |diagnostic| {
        let (line, column) = Diagnostic::position(diagnostic, source_of(checked, diagnostic));
        Placed { diagnostic, line, column }
    };
    let all: Vec<Placed<'_>> = checked.diagnostics.iter().map(placed).collect();
    writeln!(std::io::stdout().lock(), "{:#}", serde_json::json!(all))?;
    Ok(())
}

/// Shows what each room saw of a text
#[derive(clap::Args)]
#[command(after_help = "Example:\n  solieu rules explain \"Tính đến tháng 7/2022, cả nước có 5.813/8.227 xã đạt chuẩn nông thôn mới.\"")]
struct Explain {
    /// The text, or - to read it from standard input
    text: String,
    /// When it was published, as YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date)]
    published: Option<String>,
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

fn date(text: &str) -> Result<String, String> {
    match text.parse::<jiff::civil::Date>() {
        Ok(date) => Ok(date.to_string()),
        Err(_) => Err("write it as YYYY-MM-DD".to_owned()),
    }
}

impl Explain {
    fn run(self) -> Result<Status, Failure> {
        let rules = rules(self.patterns.as_deref())?;
        let text = if self.text == "-" { piped()? } else { self.text };
        let document = Document { published: self.published, ..Document::new("-", text) };
        anstream::stdout().write_all(explain::paint(&explain::explain(&Extractor::with_rules(rules), &document)).as_bytes())?;
        Ok(Status::Good)
    }
}

fn piped() -> Result<String, Failure> {
    let mut text = String::new();
    match std::io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(e) => Err(Failure::told(format!("standard input cannot be read: {e}; pipe a UTF-8 text into it"))),
    }
}
