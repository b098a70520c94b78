//! The page of a queue: filter, progress, neighbours, and the item it stands at.

use super::item::{Seen, article};
use super::panel::{self, Panel};
use super::{Frame, button, hidden, link};
use crate::diff::Class;
use crate::review::answer::done;
use crate::review::desk::{Desk, DeskError, Progress, Stand};
use crate::review::index::Names;
use crate::review::ledger::State;
use crate::review::query::Query;
use crate::review::site::{Ask, Site};
use crate::review::words::Lang;
use maud::{Markup, html};

/// Items before and behind that the list shows.
const NEIGHBOURS: usize = 9;
/// Names that a field of the filter offers.
const OFFERED: usize = 200;

/// The page of a queue.
///
/// # Errors
/// When the store cannot be read.
pub fn items(site: &Site, ask: &Ask, reviewer: &str, query: &Query, panel: &Panel) -> Result<Markup, DeskError> {
    let (desk, lang) = (&site.desk, ask.lang);
    let stand = desk.stand(query, reviewer)?;
    let ended = ask.query.get("end").is_some_and(|e| e == "1") && query.at.is_none();
    let here = stand.here.filter(|_| !ended);
    let seen = here.map(|place| Seen::new(site, place, reviewer)).transpose()?;
    let at = here.map(|place| desk.index().entries[place].key);
    let query = query.at(at);
    let body = html! {
        (progress(&stand.progress, done(lang, &ask.query), lang))
        (filter(desk, &query, &stand, lang))
        div class="desk" {
            (list(desk, &query, &stand, reviewer, lang)?)
            main id="main" tabindex="-1" {
                @match (&seen, panel) {
                    (_, Panel::Help) => (panel::help(&query, lang)),
                    (_, Panel::Bulk) => (panel::bulk(site, &query, &stand, lang)),
                    (Some(seen), _) => {
                        @if let Panel::Edit { form, fault } = panel { (panel::edit(site, &query, seen, form.as_ref(), fault.as_deref(), lang)) }
                        @if let Panel::Note { fault } = panel { (panel::note(site, &query, fault.as_deref(), lang)) }
                        (article(site, seen, lang))
                    }
                    (None, _) => (end(desk, &query, &stand, lang)),
                }
            }
        }
        // Nobody decides on an item that a panel covers.
        @if !matches!(panel, Panel::Bulk | Panel::Help) { (bar(site, &query, &stand, here.is_some(), lang)) }
    };
    let title = match (&seen, at) {
        (Some(seen), Some(_)) => seen.title(),
        _ => lang.t("end-title").to_owned(),
    };
    Ok(Frame { site, ask, reviewer: Some(reviewer), here: "review", title }.page(body))
}

fn progress(progress: &Progress, did: Option<String>, lang: Lang) -> Markup {
    let told = lang.with("progress", &[("done", &lang.number(progress.done)), ("all", &lang.number(progress.all))]);
    html! {
        section class="progress" aria-label=(lang.t("progress-label")) {
            progress max=(progress.all.max(1)) value=(progress.done) aria-label=(told) {}
            span { (told) }
            @for state in State::ALL.iter().filter(|s| **s != State::Open) {
                @if let Some(count) = progress.states.get(state) { span class={ "state " (state.as_str()) } { (lang.t(&format!("state-{}", state.as_str()))) " " (lang.number(*count)) } }
            }
            @if let Some(did) = did { span class="did" data-say="" { (did) } }
        }
    }
}

fn filter(desk: &Desk, query: &Query, stand: &Stand, lang: Lang) -> Markup {
    let counts = desk.diff().counts();
    let classes: Vec<(&str, String)> = if desk.is_single() {
        Vec::new()
    } else {
        let told = |c: &Class| (c.as_str(), format!("{} ({})", lang.t(&format!("class-{}", c.as_str())), lang.number(counts.of(*c))));
        Class::ALL.iter().filter(|c| counts.of(**c) > 0).map(told).collect()
    };
    let states: Vec<(&str, String)> = State::ALL.iter().map(|s| (s.as_str(), lang.t(&format!("state-{}", s.as_str())).to_owned())).collect();
    let checks: Vec<(&str, String)> =
        desk.index().checks.frequent(OFFERED).into_iter().map(|(name, n)| (name, format!("{name} ({})", lang.number(n)))).collect();
    let state = query.state.map_or("", State::as_str);
    let class = query.class.map_or("", Class::as_str);
    html! {
        search {
            form class="filter" method="get" action="/items" aria-label=(lang.t("filters")) {
                (select("state", lang.t("state"), &states, state, lang))
                @if !classes.is_empty() { (select("class", lang.t("class"), &classes, class, lang)) }
                @if !checks.is_empty() { (select("check", lang.t("check"), &checks, &query.check, lang)) }
                (named("indicator", lang.t("indicator"), &query.indicator, &desk.index().indicators, lang))
                (named("place", lang.t("place"), &query.place, &desk.index().places, lang))
                (named("document", lang.t("document"), &query.document, &desk.index().documents, lang))
                label class="words" {
                    span { (lang.t("words")) " " kbd { "F" } }
                    input name="q" value=(query.words) data-key="KeyF" type="search" autocomplete="off";
                }
                button { (lang.t("apply")) }
                @if !query.is_open() { a class="clear" href="/items" { (lang.t("clear")) } }
                (link("bulk", &query.address("/items", &[("panel", "bulk")]), lang, "quiet"))
                span class="found" {
                    @if stand.inside { (lang.with("position", &[("n", &lang.number(stand.position + 1)), ("of", &lang.number(stand.places.len()))])) }
                    @else { (lang.with("outside", &[("of", &lang.number(stand.places.len()))])) }
                }
            }
        }
    }
}

fn select(name: &str, label: &str, options: &[(&str, String)], chosen: &str, lang: Lang) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(name) {
                option value="" { (lang.t("all")) }
                @for (value, text) in options { option value=(value) selected[*value == chosen] { (text) } }
            }
        }
    }
}

/// A field with the names that there are.
fn named(name: &str, label: &str, value: &str, names: &Names, lang: Lang) -> Markup {
    let list = format!("{name}-names");
    html! {
        label {
            span { (label) }
            input name=(name) value=(value) list=(list) autocomplete="off" title=(lang.t("wildcard"));
        }
        datalist id=(list) {
            @for (name, count) in names.frequent(OFFERED) { option value=(name.split('\t').next().unwrap_or(name)) { (lang.number(count)) } }
        }
    }
}

/// The items around the one that is shown.
fn list(desk: &Desk, query: &Query, stand: &Stand, reviewer: &str, lang: Lang) -> Result<Markup, DeskError> {
    let first = stand.position.saturating_sub(NEIGHBOURS);
    let around = stand.places.iter().skip(first).take(2 * NEIGHBOURS + 1);
    let row = |place: &usize| -> Result<Markup, DeskError> {
        let entry = &desk.index().entries[*place];
        let state = desk.with(|_, ledger| ledger.state(entry.key, reviewer))?;
        let class = if desk.is_single() { "single" } else { entry.class.as_str() };
        Ok(html! {
            li {
                a href=(query.at(Some(entry.key)).address("/items", &[])) aria-current=[(query.at == Some(entry.key)).then_some("true")] {
                    span class={ "class " (class) } { (lang.t(&format!("class-{class}"))) }
                    span class="label" { bdi { (super::super::excerpt::visible(&entry.label)) } }
                    @if state != State::Open { span class={ "state " (state.as_str()) } { (lang.t(&format!("state-{}", state.as_str()))) } }
                }
            }
        })
    };
    let rows = around.map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(html! {
        nav class="queue" aria-label=(lang.t("queue")) {
            ol start=(first + 1) { @for row in rows { (row) } }
        }
    })
}

/// The buttons with their keys: always in sight.
fn bar(site: &Site, query: &Query, stand: &Stand, shown: bool, lang: Lang) -> Markup {
    let key = |place: usize| site.desk.index().entries[place].key;
    let to = |place: Option<usize>| place.map(|place| query.at(Some(key(place))).address("/items", &[]));
    let previous = if shown { stand.previous() } else { stand.places.last().copied() };
    html! {
        section class="bar" aria-label=(lang.t("commands")) {
            @if shown {
                form method="post" action="/decide" class="verdicts" {
                    (hidden(site, query))
                    (button("accept", "say", "accept", lang))
                    (button("reject", "say", "reject", lang))
                    (button("skip", "say", "skip", lang))
                }
            }
            form method="post" action="/undo" { (hidden(site, query)) (button("undo", "undo", "1", lang)) }
            @if shown {
                span class="more" {
                    (link("edit", &query.address("/items", &[("panel", "edit")]), lang, ""))
                    (link("note", &query.address("/items", &[("panel", "note")]), lang, ""))
                }
            }
            span class="steps" {
                @if let Some(to) = to(previous) { (link("previous", &to, lang, "")) }
                @if let Some(to) = to(stand.next()).filter(|_| shown) { (link("next", &to, lang, "")) }
            }
        }
    }
}

/// Where a queue is at its end, or has nothing.
fn end(desk: &Desk, query: &Query, stand: &Stand, lang: Lang) -> Markup {
    let all = stand.progress.all;
    let count = |state: State| stand.progress.states.get(&state).copied().unwrap_or(0);
    let with = |state: State| Query { state: Some(state), at: None, ..query.clone() }.address("/items", &[]);
    html! {
        section class="end" {
            @if desk.is_empty() {
                h1 { (lang.t("end-title")) }
                p { (lang.t("nothing-at-all")) }
            } @else if all == 0 {
                h1 { (lang.t("nothing-title")) }
                p role="alert" { (lang.with("nothing", &[("all", &lang.number(desk.len()))])) }
                p { a href="/items" { (lang.t("clear")) } }
            } @else {
                h1 { (lang.t("end-title")) }
                p data-say="" { (lang.with("end", &[("done", &lang.number(stand.progress.done)), ("all", &lang.number(all))])) }
                ul {
                    @if count(State::Open) > 0 { li { a href=(with(State::Open)) { (lang.with("end-open", &[("n", &lang.number(count(State::Open)))])) } } }
                    @if count(State::Skipped) > 0 { li { a href=(with(State::Skipped)) { (lang.with("end-skipped", &[("n", &lang.number(count(State::Skipped)))])) } } }
                    li { a href=(Query { state: None, at: None, ..query.clone() }.address("/items", &[])) { (lang.t("end-first")) } }
                    li { a href="/export" { (lang.t("export")) } }
                }
            }
        }
    }
}
