//! `solieu show`: one record of a store, with all that is known of it.

use crate::failure::{Failure, Status, rules};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use solieu::explain;
use solieu::record::around;
use solieu::rules::RuleSet;
use solieu::store::{Asked, Decision, Found, Store, StoredDocument};
use solieu::{Document, Extractor, Record};
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

const HEAD: Style = AnsiColor::Cyan.on_default().bold();
const FAINT: Style = Style::new().dimmed();
const MARK: Style = AnsiColor::Yellow.on_default().bold().invert();
/// Characters before and after the figure that are shown.
const AROUND: usize = 400;
/// So many records of an unclear prefix are named.
const NAMED: usize = 10;

/// Shows a record of a store: the text around it, every field, its rule, checks, decisions and source
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu show f6df4efc9037eb04 --store runs.sqlite\n  solieu show f6df --store runs.sqlite --format json | jq .decisions\n\nWhere runs read the record differently, the one of the newest run is shown, or of --run."
)]
pub struct Args {
    /// Id of a record, or its first letters where they are enough
    record: String,
    /// The store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// The run to take it from
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// A folder of rule files, for the explanation
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let store = Store::existing(&self.store)?;
        let found = self.found(&store)?;
        let document = store.document(&found.document)?;
        let decisions = store.decisions(Asked { record: Some(&found.record.id), reviewer: None })?;
        let mut out = anstream::stdout().lock();
        if self.format == Format::Json {
            let document =
                document.map(|d| serde_json::json!({"hash": d.hash, "name": d.name, "title": d.title, "published": d.published, "url": d.url, "text": d.text}));
            let told = serde_json::json!({"record": found.record, "runs": found.runs, "document": document, "decisions": decisions});
            writeln!(out, "{told}")?;
            return Ok(Status::Good);
        }
        let rules = rules(self.patterns.as_deref())?;
        let of_run = found.runs.last().and_then(|run| store.run(solieu::store::RunName::Number(*run)).ok());
        let same_rules = of_run.is_some_and(|run| *run.rules == *rules.hash);
        let mut text = heading(&found, document.as_ref());
        fields(&found.record, &mut text);
        explanation(&rules, same_rules, &found.record, document.as_ref(), &mut text);
        said(&decisions, &mut text);
        out.write_all(text.as_bytes())?;
        Ok(Status::Good)
    }

    /// The one record that is meant.
    fn found(&self, store: &Store) -> Result<Found, Failure> {
        let mut found = store.find(&self.record, 10_000)?;
        let mut ids: Vec<String> = found.iter().map(|f| f.record.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > 1 {
            let more = if ids.len() > NAMED { " …" } else { "" };
            return Err(Failure::told(format!(
                "{} records begin with {:?}: {}{more}; give more letters",
                ids.len(),
                self.record,
                ids[..ids.len().min(NAMED)].join(" ")
            )));
        }
        if let Some(run) = self.run {
            found.retain(|f| f.runs.contains(&run));
        }
        let place = self.run.map_or_else(|| "any run".to_owned(), |run| format!("run {run}"));
        if found.is_empty() {
            let store = self.store.display();
            return Err(Failure::told(format!(
                "{store}: no record {:?} in {place}; ids are in `solieu extract` and `solieu diff`, runs in `solieu runs {store}`",
                self.record
            )));
        }
        Ok(found.remove(0))
    }
}

fn heading(found: &Found, document: Option<&StoredDocument>) -> String {
    let record = &found.record;
    let mut text = format!("{HEAD}{}{HEAD:#}  {}", record.id, record.document);
    let known = document.map(|d| [d.title.as_deref(), d.published.as_deref()]);
    known.into_iter().flatten().flatten().for_each(|more| text += &format!("  {more}"));
    let runs: Vec<String> = found.runs.iter().map(ToString::to_string).collect();
    let _ = writeln!(text, "  {FAINT}runs {}{FAINT:#}\n", runs.join(" "));
    if let Some(document) = document {
        let [before, after] = around(&document.text, record.span.bytes, AROUND);
        let quote = document.text.get(record.span.bytes[0]..record.span.bytes[1]).unwrap_or(&record.quote);
        let _ = writeln!(text, "{}{MARK}{quote}{MARK:#}{}\n", before.trim_start(), after.trim_end());
    }
    text
}

/// Every field of a record, nested ones with points.
fn fields(record: &Record, text: &mut String) {
    let json = serde_json::to_value(record).unwrap_or_default();
    for (name, value) in json.as_object().into_iter().flatten() {
        match value.as_object() {
            Some(parts) if name != "span" => parts.iter().for_each(|(part, value)| field(&format!("{name}.{part}"), value, text)),
            _ => field(name, value, text),
        }
    }
}

fn field(name: &str, value: &serde_json::Value, text: &mut String) {
    let value = match value {
        serde_json::Value::Null => "–".to_owned(),
        serde_json::Value::String(value) => value.clone(),
        other => other.to_string(),
    };
    let _ = writeln!(text, "{FAINT}{name:20}{FAINT:#} {value}");
}

/// What the rules say, and what each room saw of the sentence.
fn explanation(rules: &Arc<RuleSet>, same: bool, record: &Record, document: Option<&StoredDocument>, text: &mut String) {
    let ids = [Some(record.rule.as_str()), record.indicator.as_ref().map(|i| i.id.as_str())].into_iter().flatten();
    for id in ids.chain(record.checks.iter().map(String::as_str)) {
        let why = rules.find(id).map_or("not among these rules", |rule| rule.why.trim());
        let _ = writeln!(text, "\n{HEAD}{id}{HEAD:#}\n{why}");
    }
    let Some(document) = document else { return };
    if !same {
        let _ = writeln!(text, "\n{FAINT}The run had other rules than these (see --patterns): what follows is how these read the sentence.{FAINT:#}");
    }
    let source = Document {
        published: document.published.clone(),
        title: document.title.clone(),
        url: document.url.clone(),
        ..Document::new(document.name.as_str(), document.text.as_str())
    };
    let _ = write!(text, "\n{}", explain::paint(&explain::explain_figure(&Extractor::with_rules(rules.clone()), &source, record.span.bytes)));
}

fn said(decisions: &[Decision], text: &mut String) {
    if decisions.is_empty() {
        let _ = writeln!(text, "\n{FAINT}no decisions{FAINT:#}");
        return;
    }
    let _ = writeln!(text, "\n{HEAD}decisions{HEAD:#}");
    for Decision { time, said, .. } in decisions {
        let fields = said.fields.as_ref().map_or_else(String::new, |f| format!("  {}", serde_json::json!(f)));
        let note = said.note.as_ref().map_or_else(String::new, |n| format!("  {n}"));
        let _ = writeln!(text, "{FAINT}{time}{FAINT:#}  {:7} {}{fields}{note}  {FAINT}{}{FAINT:#}", said.verdict.as_str(), said.reviewer, said.item);
    }
}
