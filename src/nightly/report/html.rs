//! The report as one page that needs nothing else.
//!
//! In: a report. Out: HTML with its style and charts within. Never: a script, or anything of a portal that is not escaped.

use super::{Change, Failure, Near, Point, Portal, Report};
use crate::nightly::outcome::Outcome;
use maud::{DOCTYPE, Markup, html};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}\
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}\
th{font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.alert{border-left:4px solid #b3261e;padding:.3rem .8rem;margin:.4rem 0;background:#fdf1f0}\
.good{border-left:4px solid #2e7d32;padding:.3rem .8rem;background:#f1f8f1}a{color:#0b57d0;overflow-wrap:anywhere}.old{color:#b3261e}.new{color:#2e7d32}\
.faint{color:#666}svg{display:block}@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}th,td{border-color:#333}.alert{background:#2d1715}\
.good{background:#16241a}a{color:#8ab4f8}.old{color:#f2928c}.new{color:#81c995}.faint{color:#999}}";

/// The report as a page.
pub fn html(report: &Report) -> String {
    let title = format!("Night {} of {}", report.night, &report.began[..10]);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p {
                    (report.portals.len()) " portals, " (report.total(|p| p.new)) " new articles, " (report.total(|p| p.changed)) " changed, "
                    (report.total(|p| p.failed)) " failed, " (report.figures()) " figures."
                    @if report.resumed { " It was gone on with after an interruption." }
                    br; span.faint { "From " (report.began) " to " (report.ended) ". Run #" (report.run) " of the store." }
                }
                (alerts(report))
                h2 { "Portals" } (portals(&report.portals))
                @if !report.changes.is_empty() { h2 { "Figures of edited pages" } (changes(&report.changes)) }
                @for portal in report.portals.iter().filter(|p| !p.failures.is_empty()) {
                    h2 { "Not to be had: " (portal.name) } (failures(&portal.failures, portal.failed + portal.counts.lists_failed))
                }
                @if !report.near.is_empty() { h2 { "Nearly the same, both kept" } (near(&report.near)) }
            }
        }
    };
    page.into_string()
}

fn alerts(report: &Report) -> Markup {
    html! {
        @if report.good { p.good { "Nothing to look at." } }
        @for (portal, alert) in report.portals.iter().flat_map(|p| p.alerts.iter().map(move |a| (p, a))) {
            p.alert { strong { (portal.name) } " " (alert.code) ": " (alert.text) }
        }
    }
}

fn portals(portals: &[Portal]) -> Markup {
    html! {
        table {
            thead { tr {
                th { "portal" } th.n { "requests" } th.n { "new" } th.n { "changed" } th.n { "duplicate" } th.n { "unchanged" } th.n { "failed" } th.n { "figures" }
                th.n { "left" } th { "new articles by night" }
            } }
            tbody { @for p in portals { tr {
                td { (p.name) @if let Some(profile) = &p.profile { br; span.faint { (profile) } } @if let Some(spent) = p.spent { br; span.faint { (spent) " of the night spent" } } }
                td.n { (p.counts.requests) } td.n { (p.new) } td.n { (p.changed) } td.n { (p.counts.of(Outcome::Duplicate)) } td.n { (p.counts.of(Outcome::Unchanged)) }
                td.n { (p.failed) } td.n { (p.counts.figures) } td.n { (p.counts.left) }
                td { (chart(&p.name, &p.history)) }
            } } }
        }
    }
}

/// Bars of new articles, one a night; failed ones in red on top.
fn chart(name: &str, history: &[Point]) -> Markup {
    const HEIGHT: u64 = 36;
    let most = history.iter().map(|p| p.new + p.failed).max().unwrap_or(0).max(1);
    let tall = |n: u64| n * HEIGHT / most;
    let width = history.len() * 4;
    html! {
        svg width=(width) height=(HEIGHT) viewBox=(format!("0 0 {width} {HEIGHT}")) role="img" {
            title { (name) ": new articles of " (history.len()) " nights, at most " (most) " in one" }
            @for (i, p) in history.iter().enumerate() {
                rect x=(i * 4) y=(HEIGHT - tall(p.new)) width="3" height=(tall(p.new)) fill="#4f7cac" { title { (p.date) ": " (p.new) " new, " (p.failed) " failed, " (p.figures) " figures" } }
                @if p.failed > 0 { rect x=(i * 4) y=(HEIGHT.saturating_sub(tall(p.new) + tall(p.failed))) width="3" height=(tall(p.failed).max(1)) fill="#b3261e" {} }
            }
        }
    }
}

fn link(url: &str) -> Markup {
    // Only what was asked by http(s) is stored; nothing else becomes a link.
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    html! { @if is_web { a href=(url) rel="noreferrer noopener" { (url) } } @else { (url) } }
}

fn changes(changes: &[Change]) -> Markup {
    html! {
        table {
            thead { tr { th { "what" } th { "before → now" } th { "page" } } }
            tbody { @for c in changes { tr {
                td { (c.what) }
                td { span.old { (c.old.as_deref().unwrap_or("–")) } " → " span.new { (c.new.as_deref().unwrap_or("–")) } }
                td { (link(&c.url)) }
            } } }
        }
    }
}

fn failures(failures: &[Failure], all: u64) -> Markup {
    html! {
        table {
            thead { tr { th { "what" } th { "why" } th { "address" } } }
            tbody { @for f in failures { tr { td { (f.kind) " " (f.outcome.word()) } td { (f.reason.as_deref().unwrap_or("")) } td { (link(&f.url)) } } } }
        }
        @if all > failures.len() as u64 { p.faint { "and " (all - failures.len() as u64) " more; the store has all of them" } }
    }
}

fn near(near: &[Near]) -> Markup {
    html! { ul { @for n in near { li { (link(&n.url)) " and " (link(&n.other)) span.faint { " (" (n.bits) " of 64 bits differ)" } } } } }
}
