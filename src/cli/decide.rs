//! `solieu decide`: what the review page does, as commands.

use crate::diff::FilterArgs;
use crate::failure::{Failure, Status};
use crate::target::Target;
use anstyle::{AnsiColor, Style};
use serde_json::{Map, Value};
use solieu::diff::{Class, Counts, Item, Scope};
use solieu::record::corrected;
use solieu::store::{Asked, Decision, NewDecision, RunName, Standing, Store, Verdict};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

const FAINT: Style = Style::new().dimmed();
const NAME: Style = AnsiColor::Cyan.on_default();

/// Decides on records, or on what changed between two runs
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu decide accept f6df4efc9037eb04 --store runs.sqlite\n  solieu decide accept --store runs.sqlite --since prev --class rule,moved --yes\n  solieu decide edit f6df --store runs.sqlite value.amount=74 place.name='Hòa Bình'\n  solieu decide export --store runs.sqlite -o gold.jsonl && solieu eval gold.jsonl\n\nDecisions are only ever added, and each reviewer's are kept apart. A decision holds as long as its record, or both records of a difference, stay as they are."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Says that records are right, or that what is gone is rightly gone
    Accept(Several),
    /// Says that records are wrong, or that what is gone is missed
    Reject(Several),
    /// Puts them off
    Skip(Several),
    Edit(Edit),
    Note(Note),
    Undo(Undo),
    List(List),
    Disagreements(Disagreements),
    Export(Export),
    Import(Import),
}

/// Where, and who.
#[derive(clap::Args)]
struct By {
    /// The store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Who decides [default: $USER]
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
}

/// Which runs.
#[derive(clap::Args)]
struct Runs {
    /// The run: a number, last or prev
    #[arg(long, value_name = "RUN", default_value = "last", value_parser = run_name)]
    run: RunName,
    /// Decide on what changed since this run, instead of on records: a number, last or prev
    #[arg(long, value_name = "RUN", value_parser = run_name)]
    since: Option<RunName>,
}

#[derive(clap::Args)]
struct Several {
    /// Ids of records, or keys of items of `solieu diff` with --since; first letters are enough
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    runs: Runs,
    #[command(flatten)]
    filter: FilterArgs,
    /// Everything, without a filter
    #[arg(long)]
    all: bool,
    /// Also what this reviewer has decided already
    #[arg(long)]
    again: bool,
    /// Do it: without, the number of items is told and nothing is done
    #[arg(long)]
    yes: bool,
    /// Words that go with the decision
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Says that a record is right with other fields
#[derive(clap::Args)]
struct Edit {
    /// Id of a record, or key of an item with --since
    id: String,
    /// Fields with their right values, such as value.amount=74; nothing behind = empties a field
    #[arg(required = true, value_name = "FIELD=VALUE", value_parser = assignment)]
    fields: Vec<(String, Value)>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    runs: Runs,
    /// Words that go with the decision
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Writes words beside a record, without a verdict
#[derive(clap::Args)]
struct Note {
    /// Id of a record, or key of an item with --since
    id: String,
    text: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    runs: Runs,
}

/// Takes back the reviewer's last decision on each of these
#[derive(clap::Args)]
struct Undo {
    /// Ids of records, or keys of items, whole
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    by: By,
}

/// Lists what stands, of all reviewers or of one
#[derive(clap::Args)]
struct List {
    /// The store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Only this reviewer
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// Every decision, those that were taken back included; as json, `solieu decide import` reads it
    #[arg(long)]
    log: bool,
    /// How decisions are printed; json is one a line
    #[arg(long, value_enum, default_value_t = crate::runs::Format::Table)]
    format: crate::runs::Format,
}

/// Lists what reviewers disagree on; the exit status is 1 when there is anything
#[derive(clap::Args)]
struct Disagreements {
    /// The store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// How they are printed; json is one a line
    #[arg(long, value_enum, default_value_t = crate::runs::Format::Table)]
    format: crate::runs::Format,
}

/// Writes what is settled as gold for `solieu eval`
#[derive(clap::Args)]
struct Export {
    /// The store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// The run: a number, last or prev
    #[arg(long, value_name = "RUN", default_value = "last", value_parser = run_name)]
    run: RunName,
    /// Only this reviewer's decisions; without, all reviewers must agree
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// Also documents of which some figures are open; these become optional
    #[arg(long)]
    partial: bool,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Takes over decisions of another store, as `solieu decide list --log --format json` prints them
#[derive(clap::Args)]
struct Import {
    /// JSONL of decisions
    file: PathBuf,
    /// The store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
}

fn run_name(text: &str) -> Result<RunName, String> {
    RunName::parse(text.trim_start_matches('#')).ok_or_else(|| "write a number, last or prev".to_owned())
}

fn assignment(text: &str) -> Result<(String, Value), String> {
    let (field, value) = text.split_once('=').ok_or("write FIELD=VALUE")?;
    Ok((field.to_owned(), if value.is_empty() { Value::Null } else { value.into() }))
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        match self.command {
            Command::Accept(args) => args.run(Verdict::Accept),
            Command::Reject(args) => args.run(Verdict::Reject),
            Command::Skip(args) => args.run(Verdict::Skip),
            Command::Edit(args) => args.run(),
            Command::Note(args) => args.run(),
            Command::Undo(args) => args.run(),
            Command::List(args) => args.run(),
            Command::Disagreements(args) => args.run(),
            Command::Export(args) => args.run(),
            Command::Import(args) => args.run(),
        }
    }
}

impl By {
    fn reviewer(&self) -> Result<String, Failure> {
        let known = || ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty());
        let name = self.reviewer.clone().or_else(known).filter(|name| !name.trim().is_empty());
        name.ok_or_else(|| Failure::told("it is not known who decides; name the --reviewer"))
    }
}

impl Runs {
    /// Where to look, in numbers.
    fn scope<'a>(&self, path: &'a Path) -> Result<Scope<'a>, Failure> {
        let store = Store::existing(path)?;
        let since = self.since.map(|run| store.run(run)).transpose()?;
        Ok(Scope { store: path, run: store.run(self.run)?.run, since: since.map(|run| run.run) })
    }
}

impl Several {
    fn run(self, verdict: Verdict) -> Result<Status, Failure> {
        let reviewer = self.by.reviewer()?;
        let scope = self.runs.scope(&self.by.store)?;
        let mut store = Store::existing(&self.by.store)?;
        let filter = self.filter.filter();
        let items = if !self.ids.is_empty() {
            scope.named(&self.ids)?
        } else if !filter.is_empty() || self.all {
            let items = scope.filtered(&filter)?;
            if items.is_empty() {
                return Err(Failure::told("the filter matches nothing; check its words with `solieu diff`"));
            }
            let items = if self.again { items } else { undecided(items, &store, &reviewer)? };
            let counts = told(&items);
            if !self.yes {
                return Err(Failure::told(format!("{} would {} {counts}; nothing was done: add --yes to do it", reviewer, verdict.as_str())));
            }
            items
        } else {
            return Err(Failure::told("nothing is named; give ids, a filter such as --class moved, or --all"));
        };
        let decision = |item: &Item| NewDecision { note: self.note.clone(), ..item.decision(&reviewer, verdict) };
        store.decide(&items.iter().map(decision).collect::<Vec<_>>())?;
        anstream::println!("{}: {}", verdict.as_str(), told(&items));
        Ok(Status::Good)
    }
}

/// Items on which this reviewer has given no verdict yet.
fn undecided(items: Vec<Item>, store: &Store, reviewer: &str) -> Result<Vec<Item>, Failure> {
    let standings = store.standings(Asked { reviewer: Some(reviewer), record: None })?;
    let decided: BTreeSet<&str> = standings.iter().filter(|s| s.judgement.verdict.is_some()).map(|s| s.item.as_str()).collect();
    let all = items.len();
    let left: Vec<Item> = items.into_iter().filter(|item| !decided.contains(item.key.as_str())).collect();
    if left.len() < all {
        anstream::eprintln!("solieu: {} of {all} items were decided by {reviewer} before and stay so; --again includes them", all - left.len());
    }
    Ok(left)
}

/// How many items, by class where they are of a difference.
fn told(items: &[Item]) -> String {
    let mut counts = Counts::default();
    items.iter().for_each(|item| counts.add(item.class));
    let classes: Vec<String> = Class::ALL.iter().filter(|c| counts.of(**c) > 0).map(|c| format!("{}: {}", c.as_str(), counts.of(*c))).collect();
    let alone = items.iter().all(|item| item.class == Class::Added);
    let classes = if alone { String::new() } else { format!(" ({})", classes.join(", ")) };
    format!("{} {}{classes}", items.len(), if items.len() == 1 { "item" } else { "items" })
}

impl Edit {
    fn run(self) -> Result<Status, Failure> {
        let item = self.runs.scope(&self.by.store)?.named(std::slice::from_ref(&self.id))?.remove(0);
        let fields: Map<String, Value> = self.fields.into_iter().collect();
        if item.class == Class::Removed {
            return Err(Failure::told("the record is gone: reject its removal, or edit it in the run that has it (--run)"));
        }
        if let Some(shown) = item.shown() {
            corrected(&shown.record, &fields).map_err(Failure::told)?;
        }
        let said = item.decision(&self.by.reviewer()?, Verdict::Edit);
        one(&self.by.store, NewDecision { fields: Some(fields), note: self.note, ..said })
    }
}

impl Note {
    fn run(self) -> Result<Status, Failure> {
        let item = self.runs.scope(&self.by.store)?.named(std::slice::from_ref(&self.id))?.remove(0);
        let said = item.decision(&self.by.reviewer()?, Verdict::Note);
        one(&self.by.store, NewDecision { note: Some(self.text), ..said })
    }
}

fn one(path: &Path, decision: NewDecision) -> Result<Status, Failure> {
    Store::existing(path)?.decide(std::slice::from_ref(&decision))?;
    anstream::println!("{}: {}", decision.verdict.as_str(), decision.record);
    Ok(Status::Good)
}

impl Undo {
    fn run(self) -> Result<Status, Failure> {
        let reviewer = self.by.reviewer()?;
        let mut store = Store::existing(&self.by.store)?;
        let standings = store.standings(Asked { reviewer: Some(&reviewer), record: None })?;
        let last = |id: &String| {
            let of = standings.iter().filter(|s| s.record == *id || s.item == *id).max_by_key(|s| s.decision);
            of.ok_or_else(|| Failure::told(format!("{reviewer} has nothing to take back on {id:?}; see `solieu decide list`")))
        };
        let undone = self.ids.iter().map(last).collect::<Result<Vec<_>, _>>()?;
        let decisions: Vec<NewDecision> = undone.iter().map(|s| undo(s)).collect();
        store.decide(&decisions)?;
        for standing in undone {
            anstream::println!("undo: {} ({})", standing.record, standing.judgement.verdict.map_or("note", Verdict::as_str));
        }
        Ok(Status::Good)
    }
}

fn undo(standing: &Standing) -> NewDecision {
    NewDecision {
        reviewer: standing.reviewer.clone(),
        item: standing.item.clone(),
        record: standing.record.clone(),
        document: standing.document.clone(),
        removal: standing.removal,
        verdict: Verdict::Undo,
        fields: None,
        note: None,
        judged: None,
    }
}

impl List {
    fn run(self) -> Result<Status, Failure> {
        let store = Store::existing(&self.store)?;
        let asked = Asked { reviewer: self.reviewer.as_deref(), record: None };
        let mut out = anstream::stdout().lock();
        match (self.log, self.format) {
            (true, crate::runs::Format::Json) => lines(&store.decisions(asked)?, &mut out)?,
            (false, crate::runs::Format::Json) => lines(&store.standings(asked)?, &mut out)?,
            (true, crate::runs::Format::Table) => store.decisions(asked)?.iter().try_for_each(|d| writeln!(out, "{}", row_of_log(d)))?,
            (false, crate::runs::Format::Table) => store.standings(asked)?.iter().try_for_each(|s| writeln!(out, "{}", row(s)))?,
        }
        Ok(Status::Good)
    }
}

impl Disagreements {
    fn run(self) -> Result<Status, Failure> {
        let found = Store::existing(&self.store)?.disagreements()?;
        let mut out = anstream::stdout().lock();
        match self.format {
            crate::runs::Format::Json => lines(&found, &mut out)?,
            crate::runs::Format::Table => {
                for disagreement in &found {
                    writeln!(out, "{NAME}{}{NAME:#}  {FAINT}{}{FAINT:#}", disagreement.record, disagreement.item)?;
                    disagreement.standings.iter().try_for_each(|s| writeln!(out, "  {}", row(s)))?;
                }
            }
        }
        Ok(if found.is_empty() { Status::Good } else { Status::Partial })
    }
}

impl Export {
    fn run(self) -> Result<Status, Failure> {
        let store = Store::existing(&self.store)?;
        let run = store.run(self.run)?.run;
        let mut target = Target::open(self.output.as_deref(), false)?;
        let done = store.gold(run, self.reviewer.as_deref(), self.partial, |row| writeln!(target, "{row}"))?;
        target.finish()?;
        anstream::eprintln!("solieu: gold of run {run}; documents: {}, figures: {}", done.documents, done.figures);
        if done.open_figures > 0 {
            let what = if self.partial { "documents left out or partly optional" } else { "documents left out" };
            anstream::eprintln!("solieu: {what}: {}, for figures that are not settled: {}", done.open_documents, done.open_figures);
        }
        if done.disputed > 0 {
            anstream::eprintln!("solieu: figures that reviewers disagree on: {}; see `solieu decide disagreements`, or name one --reviewer", done.disputed);
        }
        if done.outdated > 0 {
            anstream::eprintln!("solieu: decisions left out, since run {run} reads their records in another way: {}", done.outdated);
        }
        Ok(Status::Good)
    }
}

impl Import {
    fn run(self) -> Result<Status, Failure> {
        let name = self.file.display();
        let file = std::fs::File::open(&self.file).map_err(|e| Failure::told(format!("{name}: cannot be opened: {e}; check the path")))?;
        let mut decisions: Vec<Decision> = Vec::new();
        for (number, line) in (1..).zip(BufReader::new(file).lines()) {
            let line = line.map_err(|e| Failure::told(format!("{name}:{number}: cannot be read: {e}")))?;
            if line.trim().is_empty() {
                continue;
            }
            let expected = "expected one decision a line, as `solieu decide list --log --format json` prints it; nothing was taken over";
            decisions.push(serde_json::from_str(&line).map_err(|e| Failure::told(format!("{name}:{number}: {e}; {expected}")))?);
        }
        let new = Store::existing(&self.store)?.import(&decisions)?;
        anstream::println!("decisions taken over: {new}, known before: {}", decisions.len() - new);
        Ok(Status::Good)
    }
}

fn lines<T: serde::Serialize>(rows: &[T], out: &mut impl Write) -> std::io::Result<()> {
    rows.iter().try_for_each(|row| writeln!(out, "{}", serde_json::json!(row)))
}

fn row(s: &Standing) -> String {
    let verdict = s.judgement.verdict.map_or("note", Verdict::as_str);
    let quote = s.judged.as_ref().map_or_else(String::new, |r| r.quote.split_whitespace().collect::<Vec<_>>().join(" "));
    let removal = if s.removal { " (removal)" } else { "" };
    format!(
        "{}  {verdict:7}{removal} {NAME}{}{NAME:#}  {quote}{}  {FAINT}{}{FAINT:#}",
        s.record,
        s.reviewer,
        more(&s.judgement.fields, &s.judgement.notes),
        s.time
    )
}

fn row_of_log(d: &Decision) -> String {
    let notes: Vec<String> = d.said.note.iter().cloned().collect();
    let more = more(d.said.fields.as_ref().unwrap_or(&Map::new()), &notes);
    format!("{}  {:7} {NAME}{}{NAME:#}{more}  {FAINT}{} {}{FAINT:#}", d.said.record, d.said.verdict.as_str(), d.said.reviewer, d.time, d.said.item)
}

fn more(fields: &Map<String, Value>, notes: &[String]) -> String {
    let fields = fields.iter().map(|(field, value)| format!("  {field}={}", value.as_str().unwrap_or_default()));
    fields.chain(notes.iter().map(|note| format!("  “{note}”"))).collect()
}
