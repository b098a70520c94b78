//! Disagreements, export, series.

use super::Frame;
use super::item::{indicator, opinion, readable};
use crate::diff::Wildcard;
use crate::review::answer::permanent;
use crate::review::desk::DeskError;
use crate::review::excerpt::{visible, web};
use crate::review::export;
use crate::review::ledger::State;
use crate::review::query::Query;
use crate::review::site::{Ask, Site};
use crate::review::words::Lang;
use crate::series::{Chart, Gather, Line, Panel, Point, Series, Wanted, svg};
use crate::store::Exported;
use maud::{Markup, html};

/// So many disagreements, and so many points of a line, stand on one page.
const SHOWN: usize = 200;

/// Items of which reviewers say different things.
///
/// # Errors
/// When the store cannot be read.
pub fn disagreements(site: &Site, ask: &Ask, reviewer: &str) -> Result<Markup, DeskError> {
    let (desk, lang) = (&site.desk, ask.lang);
    let places = desk.stand(&Query { state: Some(State::Disputed), ..Query::default() }, reviewer)?.places;
    let entries = places.iter().take(SHOWN).map(|place| &desk.index().entries[*place]);
    let rows = desk.with(|_, ledger| {
        let row = |entry: &crate::review::index::Entry| {
            html! {
                li {
                    a href=(permanent(entry.key)) { bdi { (visible(&entry.label)) } }
                    ul { @for (standing, state) in ledger.standings(entry.key) { li { (opinion(standing, state, lang)) } } }
                }
            }
        };
        entries.map(row).collect::<Vec<_>>()
    })?;
    let body = html! {
        main id="main" class="plain" tabindex="-1" {
            h1 { (lang.t("disagreements")) }
            p { (lang.t("disagreements-told")) }
            @if rows.is_empty() { p { (lang.t("disagreements-none")) } }
            ol class="disagreements" { @for row in &rows { (row) } }
            @if places.len() > SHOWN { p { (lang.with("more", &[("n", &lang.number(places.len() - SHOWN))])) } }
        }
    };
    Ok(Frame { site, ask, reviewer: Some(reviewer), here: "disagreements", title: lang.t("disagreements").to_owned() }.page(body))
}

/// What an export would hold, and the way to it.
///
/// # Errors
/// When the store cannot be read.
pub fn export(site: &Site, ask: &Ask, reviewer: &str) -> Result<Markup, DeskError> {
    let lang = ask.lang;
    let Exported { documents, figures, open_documents, open_figures, disputed, outdated } = export::count(site, ask)?;
    let counts = [
        ("export-documents", documents),
        ("export-figures", figures),
        ("export-open-documents", open_documents),
        ("export-open-figures", open_figures),
        ("export-disputed", disputed),
        ("export-outdated", outdated),
    ];
    let said = |name: &str| ask.query.get(name).map_or("", String::as_str);
    let reviewers = site.desk.with(|store, _| store.reviewers())??;
    let address = Query::default().address("/export.jsonl", &[("whose", said("whose")), ("partial", said("partial"))]);
    let body = html! {
        main id="main" class="plain" tabindex="-1" {
            h1 { (lang.t("export")) }
            p { (lang.with("export-told", &[("run", &site.desk.runs.1.run)])) }
            form method="get" action="/export" {
                label { span { (lang.t("export-whose")) }
                    select name="whose" {
                        option value="" { (lang.t("export-everyone")) }
                        @for name in &reviewers { option value=(name) selected[name == said("whose")] { (name) } }
                    }
                }
                label class="check" { input type="checkbox" name="partial" value="1" checked[said("partial") == "1"]; " " (lang.t("export-partial")) }
                button { (lang.t("export-look")) }
            }
            table class="counts" { @for (name, count) in counts { tr { th scope="row" { (lang.t(name)) } td { (lang.number(count)) } } } }
            p { a class="go" href=(address) download="gold.jsonl" { (lang.t("export-get")) } }
        }
    };
    Ok(Frame { site, ask, reviewer: Some(reviewer), here: "export", title: lang.t("export").to_owned() }.page(body))
}

/// The series that is asked for; none when no indicator is named.
fn gathered(site: &Site, ask: &Ask) -> Result<Option<Series>, DeskError> {
    let said = |name: &str| ask.query.get(name).map_or("", |v| v.trim());
    if said("indicator").is_empty() {
        return Ok(None);
    }
    let places = Some(said("place")).filter(|p| !p.is_empty()).map(Wildcard::new).into_iter().collect();
    let period = Some(said("period")).filter(|p| !p.is_empty()).map(str::to_owned);
    let mut gather = Gather::new(Wanted { indicator: said("indicator").to_owned(), places, period });
    site.desk.each_record(|record| gather.take(record))?;
    Ok(Some(gather.finish()))
}

fn chart(ask: &Ask) -> Chart {
    if ask.query.get("by").is_some_and(|by| by == "place") { Chart::Places } else { Chart::Lines }
}

/// The drawing of a series, as a file of its own.
///
/// # Errors
/// When the store cannot be read, or no indicator is named.
pub fn drawing(site: &Site, ask: &Ask) -> Result<String, DeskError> {
    gathered(site, ask)?.map(|series| svg(&series, chart(ask))).ok_or(DeskError::Missing)
}

/// A series as drawing and table.
///
/// # Errors
/// When the store cannot be read.
pub fn series(site: &Site, ask: &Ask, reviewer: &str) -> Result<Markup, DeskError> {
    let lang = ask.lang;
    let run = site.desk.runs.1.run;
    let rules = site.desk.extractor().rules();
    let found = gathered(site, ask)?;
    let said = |name: &str| ask.query.get(name).map_or("", String::as_str);
    let drawn = Query::default().address("/series.svg", &["indicator", "place", "period", "by"].map(|n| (n, said(n))));
    let known = site.desk.index().indicators.frequent(SHOWN);
    let places = site.desk.index().places.frequent(SHOWN);
    let body = html! {
        main id="main" class="plain wide" tabindex="-1" {
            h1 { (lang.t("series")) @if let Some(name) = indicator(rules, said("indicator"), lang) { ": " (name) } }
            p { (lang.with("series-told", &[("run", &run)])) }
            form method="get" action="/series" class="filter" {
                label { span { (lang.t("indicator")) } input name="indicator" list="indicators" value=(said("indicator")) required data-key="KeyF" autocomplete="off"; }
                datalist id="indicators" { @for (id, _) in known.iter().filter(|(id, _)| *id != "none") { option value=(id) { (indicator(rules, id, lang).unwrap_or(id)) } } }
                label { span { (lang.t("place")) } input name="place" list="places" value=(said("place")) autocomplete="off" title=(lang.t("wildcard")); }
                datalist id="places" { @for (name, _) in places { option value=(name.split('\t').next().unwrap_or(name)) {} } }
                label { span { (lang.t("period")) } input name="period" value=(said("period")) placeholder="2024" autocomplete="off"; }
                label { span { (lang.t("series-chart")) }
                    select name="by" {
                        option value="" { (lang.t("series-lines")) }
                        option value="place" selected[said("by") == "place"] { (lang.t("series-places")) }
                    }
                }
                button { (lang.t("series-show")) }
            }
            @match &found {
                None => p { (lang.t("series-choose")) },
                Some(series) if series.panels.is_empty() => p role="alert" { (lang.with("series-none", &[("run", &run)])) },
                Some(series) => {
                    a class="chart" href=(drawn) { img src=(drawn) alt=(lang.t("series-chart")); }
                    @if series.conflicts() > 0 { p class="wrong" { (lang.with("series-conflicts", &[("n", &lang.number(series.conflicts()))])) } }
                    @if series.timeless > 0 { p class="faint" { (lang.with("series-timeless", &[("n", &lang.number(series.timeless))])) } }
                    @for panel in &series.panels { (table(panel, lang)) }
                },
            }
        }
    };
    Ok(Frame { site, ask, reviewer: Some(reviewer), here: "series", title: lang.t("series").to_owned() }.page(body))
}

fn table(panel: &Panel, lang: Lang) -> Markup {
    let rows = panel.lines.iter().flat_map(|line| line.points.iter().map(move |point| (line, point)));
    html! {
        table class="points" {
            caption { (panel.axis.title()) }
            thead { tr { @for name in ["place", "status", "period", "value", "source-short"] { th scope="col" { (lang.t(name)) } } } }
            tbody { @for (line, point) in rows.take(SHOWN) { (row(line, point, lang)) } }
        }
        @if panel.len() > SHOWN { p { (lang.with("more", &[("n", &lang.number(panel.len() - SHOWN))])) } }
    }
}

fn row(line: &Line, point: &Point, lang: Lang) -> Markup {
    let long = |amount: &str| readable(amount, lang).unwrap_or_else(|| amount.to_owned());
    let status = line.key.status.as_str();
    html! {
        tr class=[point.conflict.then_some("conflict")] {
            td { bdi { (visible(line.key.place.as_deref().unwrap_or("–"))) } }
            td { span class={ "status " (status) } { (status) } }
            td { @if let Some(start) = &point.start { (start) " → " } (point.end) }
            td class="amount" {
                @if point.qualifier != "exact" { span class="faint" { (point.qualifier) " " } }
                (long(&point.amount)) @if let Some(upper) = &point.upper { " – " (long(upper)) } @if let Some(of) = &point.of { " / " (long(of)) }
                @if point.conflict { " " span class="wrong" { "⚠ " (lang.t("conflict")) } }
            }
            td {
                @for (i, source) in point.sources.iter().enumerate() {
                    @if i > 0 { ", " }
                    @match web(source.link.as_deref()) {
                        Some(link) => a href=(link) rel="noopener noreferrer" target="_blank" { bdi { (visible(&source.document)) } " ↗" },
                        None => bdi { (visible(&source.document)) },
                    }
                }
            }
        }
    }
}
