//! One item: old and new beside each other, the figure in its text, why it is read so, what reviewers said.

use super::super::excerpt::{Excerpt, plain_line, visible, web};
use crate::diff::{Item, Shown};
use crate::explain::{Line, Part, Tone, explain_figure};
use crate::record::FIELDS;
use crate::review::answer::permanent;
use crate::review::desk::{DeskError, plain};
use crate::review::edit;
use crate::review::ledger::State;
use crate::review::query::key;
use crate::review::site::Site;
use crate::review::words::Lang;
use crate::rules::{Data, RuleSet};
use crate::store::{Standing, StoredDocument};
use maud::{Markup, html};
use serde_json::{Map, Value};

/// A longer document is not explained with each item: that would take longer than a keystroke may.
const LONGEST: usize = 300_000;
/// What says nothing where it is as usual.
const USUAL: [(&str, &str); 3] = [("qualifier", "exact"), ("change", "none"), ("status", "actual")];

/// An item with all that its page shows.
pub struct Seen {
    pub key: u64,
    pub item: Item,
    /// Documents of the old side and of the new.
    documents: [Option<StoredDocument>; 2],
    pub state: State,
    said: Vec<(Standing, State)>,
    corrections: Map<String, Value>,
    trace: Trace,
    single: bool,
    reviewer: String,
}

enum Trace {
    Lines(Vec<Line>),
    NoText,
    TooLong,
}

impl Seen {
    /// # Errors
    /// When the store cannot be read.
    pub fn new(site: &Site, place: usize, reviewer: &str) -> Result<Self, DeskError> {
        let desk = &site.desk;
        let item = desk.item(place)?;
        let key = key(&item.key).unwrap_or_default();
        let hash = |shown: &Option<Shown>| shown.as_ref().and_then(|s| s.document_hash.clone());
        let (old, new) = (hash(&item.old), hash(&item.new));
        let read = |hash: Option<String>| hash.map(|hash| desk.document(&hash)).transpose().map(Option::flatten);
        let same = old == new;
        let newer = read(new)?;
        let documents = [if same { newer.clone() } else { read(old)? }, newer];
        let trace = trace(site, &item, &documents);
        let (state, said, corrections) = desk.with(|_, ledger| {
            let said = ledger.standings(key).into_iter().map(|(standing, state)| (standing.clone(), state)).collect();
            (ledger.state(key, reviewer), said, ledger.corrections(key, reviewer))
        })?;
        Ok(Self { key, item, documents, state, said, corrections, trace, single: desk.is_single(), reviewer: reviewer.to_owned() })
    }

    /// What the window says.
    pub fn title(&self) -> String {
        self.item.shown().map_or_else(String::new, |s| plain_line(&format!("{} – {}", s.record.quote, s.record.document)))
    }

    /// Corrections of the reviewer that stand.
    pub fn corrections(&self) -> &Map<String, Value> {
        &self.corrections
    }

    /// Whether old and new stand at other places, or in other texts.
    fn has_two_texts(&self) -> bool {
        let (old, new) = (self.item.old.as_ref(), self.item.new.as_ref());
        old.is_some() && new.is_some() && place(old) != place(new)
    }

    /// How the page calls its class.
    fn class(&self) -> &'static str {
        if self.single { "single" } else { self.item.class.as_str() }
    }
}

fn trace(site: &Site, item: &Item, documents: &[Option<StoredDocument>; 2]) -> Trace {
    let document = documents[usize::from(item.new.is_some())].as_ref();
    let (Some(shown), Some(document)) = (item.shown(), document) else { return Trace::NoText };
    if document.text.len() > LONGEST {
        return Trace::TooLong;
    }
    let bytes = shown.record.span.bytes;
    let lines = explain_figure(site.desk.extractor(), &plain(document), bytes);
    // Of the figures of a sentence only this one.
    Trace::Lines(lines.into_iter().filter(|l| l.figure.is_none_or(|[start, end]| start < bytes[1] && bytes[0] < end)).collect())
}

pub fn article(site: &Site, seen: &Seen, lang: Lang) -> Markup {
    let class = seen.class();
    let rules = site.desk.extractor().rules();
    html! {
        article aria-labelledby="item-title" {
            header {
                p class="ask" { (lang.t(&format!("ask-{class}"))) }
                h1 id="item-title" {
                    span class={ "class " (class) } { (lang.t(&format!("class-{class}"))) } " "
                    (heading(&seen.item))
                    @if seen.state != State::Open {
                        " " span class={ "state " (seen.state.as_str()) } { (lang.with("state-yours", &[("state", &lang.t(&format!("state-{}", seen.state.as_str())))])) }
                    }
                }
                (whose(&seen.item, rules, lang))
            }
            div class={ "columns" @if seen.has_two_texts() { " both" } } {
                div {
                    (texts(seen, lang))
                    (checks(&seen.item, rules, lang))
                    (said(seen, lang))
                }
                (fields(&seen.item, rules, lang))
            }
            (why(site, seen, lang))
            (foot(seen, lang))
        }
    }
}

fn heading(item: &Item) -> Markup {
    let quote = |shown: &Option<Shown>| shown.as_ref().map(|s| s.record.quote.clone());
    let (old, new) = (quote(&item.old), quote(&item.new));
    html! {
        @if let (Some(old), Some(new)) = (&old, &new) {
            @if old != new { del { bdi { (visible(old)) } } " → " }
            bdi { (visible(new)) }
        } @else if let Some(quote) = new.or(old) { bdi { (visible(&quote)) } }
    }
}

/// Series, place and time, in words.
fn whose(item: &Item, rules: &RuleSet, lang: Lang) -> Markup {
    let Some(record) = item.shown().map(|s| &s.record) else { return html! {} };
    let series = record.indicator.as_ref().map(|i| indicator(rules, &i.id, lang).unwrap_or(&i.id).to_owned());
    let period = record.period.as_ref().map(|p| [p.start.as_deref(), p.end.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" → "));
    let parts = [series.or(record.subject.clone()), record.place.as_ref().map(|p| p.name.clone()), period];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
    html! { p class="whose" { @for (i, part) in parts.iter().enumerate() { @if i > 0 { " · " } bdi { (visible(part)) } } } }
}

/// The name of an indicator.
pub fn indicator<'r>(rules: &'r RuleSet, id: &str, lang: Lang) -> Option<&'r str> {
    match &rules.find(id)?.data {
        Data::Indicator(indicator) => Some(if lang == Lang::Vi { &indicator.name_vi } else { &indicator.name_en }),
        _ => None,
    }
}

fn texts(seen: &Seen, lang: Lang) -> Markup {
    let sides = [("old", seen.item.old.as_ref(), &seen.documents[0]), ("new", seen.item.new.as_ref(), &seen.documents[1])];
    let both = sides.iter().all(|(_, shown, _)| shown.is_some());
    let same = both && !seen.has_two_texts();
    html! {
        section class="texts" aria-label=(lang.t("text")) {
            @for (name, shown, document) in sides {
                @if let Some(shown) = shown.filter(|_| !(same && name == "old")) {
                    div class="text" {
                        @if both && !same { h2 { (lang.t(name)) } }
                        (source_name(shown, document.as_ref(), lang))
                        (text(shown, document.as_ref(), lang))
                    }
                }
            }
            @if same { p class="faint" { (lang.t("same-text")) } }
        }
    }
}

/// Where a figure stands in which text.
fn place(shown: Option<&Shown>) -> Option<(&str, [usize; 2])> {
    shown.and_then(|s| Some((s.document_hash.as_deref()?, s.record.span.bytes)))
}

fn source_name(shown: &Shown, document: Option<&StoredDocument>, lang: Lang) -> Markup {
    html! {
        p class="source" {
            @if let Some(title) = document.and_then(|d| d.title.as_deref()) { bdi class="title" { (visible(title)) } " · " }
            bdi { (visible(&shown.record.document)) }
            @if let Some(date) = document.and_then(|d| d.published.as_deref()) { " · " (lang.with("published", &[("date", &date)])) }
        }
    }
}

fn text(shown: &Shown, document: Option<&StoredDocument>, lang: Lang) -> Markup {
    let Some(document) = document else { return html! { p class="wrong" role="alert" { (lang.t("no-text")) } } };
    let Some(e) = Excerpt::new(&document.text, &shown.record) else {
        return html! { p class="wrong" role="alert" { (lang.t("wrong-text")) bdi { (visible(&shown.record.quote)) } } };
    };
    let cut = |cut: bool| if cut { "…" } else { "" };
    html! {
        blockquote lang="vi" dir="ltr" {
            (cut(e.cut[0])) (visible(e.before)) span class="sentence" { (visible(e.lead)) mark { (visible(e.quote)) } (visible(e.rest)) } (visible(e.after)) (cut(e.cut[1]))
        }
    }
}

/// A row of the table of fields.
struct Row {
    name: &'static str,
    old: Option<String>,
    new: Option<String>,
}

fn rows(item: &Item) -> Vec<Row> {
    let json = |shown: &Option<Shown>| shown.as_ref().and_then(|s| serde_json::to_value(&s.record).ok());
    let (old, new) = (json(&item.old), json(&item.new));
    let of = |record: &Option<Value>, name: &str| record.as_ref().and_then(|r| edit::field(r, name));
    let checks = |shown: &Option<Shown>| shown.as_ref().map(|s| s.record.checks.join(" ")).filter(|c| !c.is_empty());
    let more = ["rule", "quote", "document"];
    let mut rows: Vec<Row> = FIELDS.into_iter().chain(more).map(|name| Row { name, old: of(&old, name), new: of(&new, name) }).collect();
    rows.insert(FIELDS.len(), Row { name: "checks", old: checks(&item.old), new: checks(&item.new) });
    let range = |shown: &Option<Shown>| shown.as_ref().map(|s| format!("{}–{}", s.record.span.chars[0], s.record.span.chars[1]));
    rows.push(Row { name: "span.chars", old: range(&item.old), new: range(&item.new) });
    rows.retain(|row| row.old.is_some() || row.new.is_some());
    rows
}

fn fields(item: &Item, rules: &RuleSet, lang: Lang) -> Markup {
    let both = item.old.is_some() && item.new.is_some();
    let only = if item.new.is_some() { "new" } else { "old" };
    html! {
        table class="fields" {
            caption class="hidden" { (lang.t("fields")) }
            thead {
                tr {
                    th scope="col" { (lang.t("field")) }
                    @if both { th scope="col" { (lang.t("old")) } th scope="col" { (lang.t("new")) } }
                    @else { th scope="col" { (lang.t(only)) } }
                }
            }
            tbody {
                @for row in rows(item) {
                    @let changed = both && row.old != row.new;
                    tr class=[changed.then_some("changed")] {
                        th scope="row" {
                            (lang.field(row.name))
                            @if changed { span class="mark" { " ≠" } span class="hidden" { " (" (lang.t("changed")) ")" } }
                        }
                        @if both || only == "old" { td { (value(row.name, row.old.as_deref(), rules, lang)) } }
                        @if both || only == "new" { td { (value(row.name, row.new.as_deref(), rules, lang)) } }
                    }
                }
            }
        }
    }
}

fn value(name: &str, value: Option<&str>, rules: &RuleSet, lang: Lang) -> Markup {
    let Some(value) = value else { return html! { span class="faint" { "–" } } };
    let usual = USUAL.contains(&(name, value));
    let beside = match name {
        "value.amount" | "value.upper" | "value.of" => readable(value, lang),
        "indicator.id" => indicator(rules, value, lang).map(str::to_owned),
        _ => None,
    };
    html! {
        bdi class=[usual.then_some("faint")] { (visible(value)) }
        @if let Some(beside) = beside { " " small { (beside) } }
    }
}

/// A long decimal as people write it; none where it is short.
pub fn readable(amount: &str, lang: Lang) -> Option<String> {
    let (whole, part) = amount.split_once('.').map_or((amount, None), |(w, p)| (w, Some(p)));
    let digits = whole.trim_start_matches('-');
    if digits.len() < 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (group, point) = if lang == Lang::Vi { ('.', ',') } else { (',', '.') };
    let mut out = if whole.starts_with('-') { "−".to_owned() } else { String::new() };
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    part.into_iter().for_each(|part| out.extend([point].into_iter().chain(part.chars())));
    Some(out)
}

fn checks(item: &Item, rules: &RuleSet, lang: Lang) -> Markup {
    let checks: Vec<&String> = item.shown().map(|s| s.record.checks.iter().collect()).unwrap_or_default();
    html! {
        @if !checks.is_empty() {
            section class="checks" aria-label=(lang.t("checks")) {
                h2 { (lang.t("checks")) }
                ul { @for check in checks { li { code { (check) } " – " (rules.find(check).map_or(lang.t("rule-unknown"), |r| r.why.trim())) } } }
            }
        }
    }
}

/// What is said of the item; what others say only when the reviewer has decided, so that nobody is led.
fn said(seen: &Seen, lang: Lang) -> Markup {
    let decided = seen.state != State::Open;
    let (shown, kept): (Vec<_>, Vec<_>) = seen.said.iter().partition(|(standing, _)| decided || standing.reviewer == seen.reviewer);
    html! {
        @if !seen.said.is_empty() {
            section class="said" aria-label=(lang.t("said")) {
                h2 { (lang.t("said")) }
                ul { @for (standing, state) in shown { li { (opinion(standing, *state, lang)) } } }
                @if !kept.is_empty() { p class="faint" { (lang.with("said-hidden", &[("n", &lang.number(kept.len()))])) } }
            }
        }
    }
}

/// What one reviewer said, with corrections and notes.
pub fn opinion(standing: &Standing, state: State, lang: Lang) -> Markup {
    html! {
        b { bdi { (visible(&standing.reviewer)) } } " "
        span class={ "state " (state.as_str()) } { (lang.t(&format!("state-{}", state.as_str()))) }
        " " time datetime=(standing.time) { (standing.time) }
        @if !standing.judgement.fields.is_empty() {
            div { (lang.t("correction")) ": "
                @for (i, (name, value)) in standing.judgement.fields.iter().enumerate() {
                    @if i > 0 { "; " }
                    (if name.contains('.') || !["indicator", "place", "period"].contains(&name.as_str()) { lang.field(name) } else { lang.t(name) })
                    " = " bdi { (visible(value.as_str().unwrap_or("–"))) }
                }
            }
        }
        @for note in &standing.judgement.notes { p class="note" { bdi { (visible(note)) } } }
    }
}

/// The rule, and what each room saw of the sentence.
fn why(site: &Site, seen: &Seen, lang: Lang) -> Markup {
    let rules = site.desk.extractor().rules();
    let Some(record) = seen.item.shown().map(|s| &s.record) else { return html! {} };
    let run = if seen.item.new.is_some() { Some(&site.desk.runs.1) } else { site.desk.runs.0.as_ref() };
    let other = run.is_some_and(|run| *run.rules != *rules.hash);
    html! {
        details class="trace" open {
            summary { (lang.t("trace")) }
            p { code { (record.rule) } " – " (rules.find(&record.rule).map_or(lang.t("rule-unknown"), |r| r.why.trim())) }
            @if other { p class="wrong" { (lang.t("trace-other")) } }
            @match &seen.trace {
                Trace::NoText => p { (lang.t("no-text")) },
                Trace::TooLong => p { (lang.with("trace-long", &[("id", &record.id)])) },
                Trace::Lines(lines) if lines.is_empty() => p { (lang.t("trace-none")) },
                Trace::Lines(lines) => div class="lines" lang="en" { @for line in lines { (traced(line)) } },
            }
        }
    }
}

fn traced(line: &Line) -> Markup {
    html! {
        div class={ "line d" (line.depth) } {
            @if let Some(name) = line.name { span class="name" { (name) } " " }
            span { (toned(&line.value)) }
            @if !line.source.is_empty() { " " span class="from" { (toned(&line.source)) } }
        }
    }
}

fn toned(parts: &[Part]) -> Markup {
    html! {
        @for Part { tone, text } in parts {
            @match tone {
                Tone::Plain => (visible(text)),
                Tone::Head | Tone::Strong => b { (visible(text)) },
                Tone::Faint => span class="faint" { (visible(text)) },
                Tone::No => span class="no" { (visible(text)) },
                Tone::Rule => code { (visible(text)) },
            }
        }
    }
}

fn foot(seen: &Seen, lang: Lang) -> Markup {
    let record = seen.item.shown().map(|s| &s.record);
    let url = seen.documents[usize::from(seen.item.new.is_some())].as_ref().and_then(|d| d.url.as_deref());
    let link = web(record.and_then(|r| r.link.as_deref())).or_else(|| web(url));
    html! {
        footer class="item-foot" {
            @match (link, url) {
                (Some(link), _) => a class="go" href=(link) rel="noopener noreferrer" target="_blank" { (lang.t("source")) " ↗" },
                (None, Some(url)) => span { (lang.t("bad-source")) bdi { (visible(url)) } },
                (None, None) => span class="faint" { (lang.t("no-source")) },
            }
            a href=(permanent(seen.key)) { (lang.t("permalink")) }
            @if let Some(reason) = seen.item.reason { span { (lang.with("paired", &[("why", &lang.t(&format!("reason-{}", reason.as_str())))])) } }
            @if let Some(record) = record { span { (lang.field("id")) " " code { (record.id) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_amounts_are_grouped_for_reading() {
        assert_eq!(readable("24372898000000", Lang::Vi).as_deref(), Some("24.372.898.000.000"));
        assert_eq!(readable("-12345.60", Lang::En).as_deref(), Some("−12,345.60"));
        assert_eq!((readable("5813", Lang::Vi), readable("nhiều hơn", Lang::Vi)), (None, None));
    }
}
