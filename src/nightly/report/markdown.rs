//! The report as Markdown, for a mail or an issue.
//!
//! In: a report. Out: text. Never: markup out of an address, a title or an error of a portal.

use super::{Change, Portal, Report};
use std::fmt::Write as _;

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("# Night {} of {}\n\n", report.night, &report.began[..10]);
    let _ = writeln!(
        out,
        "{} portals, {} new articles, {} changed, {} failed, {} figures. From {} to {}{}. Run #{} of the store.\n",
        report.portals.len(),
        report.total(|p| p.new),
        report.total(|p| p.changed),
        report.total(|p| p.failed),
        report.figures(),
        report.began,
        report.ended,
        if report.resumed { ", gone on with after an interruption" } else { "" },
        report.run
    );
    alerts(report, &mut out);
    out.push_str("## Portals\n\n| portal | requests | new | changed | duplicate | failed | figures | left |\n|---|--:|--:|--:|--:|--:|--:|--:|\n");
    for p in &report.portals {
        let duplicate = p.counts.of(crate::nightly::Outcome::Duplicate);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {duplicate} | {} | {} | {} |",
            cell(&p.name),
            p.counts.requests,
            p.new,
            p.changed,
            p.failed,
            p.counts.figures,
            p.counts.left
        );
    }
    changes(&report.changes, &mut out);
    failures(&report.portals, &mut out);
    if !report.near.is_empty() {
        out.push_str("\n## Nearly the same, both kept\n\n");
        for n in &report.near {
            let _ = writeln!(out, "- {} and {} ({} of 64 bits differ)", cell(&n.url), cell(&n.other), n.bits);
        }
    }
    out
}

fn alerts(report: &Report, out: &mut String) {
    if report.good {
        out.push_str("Nothing to look at.\n\n");
        return;
    }
    out.push_str("## To look at\n\n");
    for (portal, alert) in report.portals.iter().flat_map(|p| p.alerts.iter().map(move |a| (p, a))) {
        let _ = writeln!(out, "- **{}**: {}: {}", cell(&portal.name), alert.code, cell(&alert.text));
    }
    out.push('\n');
}

fn changes(changes: &[Change], out: &mut String) {
    if changes.is_empty() {
        return;
    }
    out.push_str("\n## Figures of edited pages\n\n| what | before | now | page |\n|---|---|---|---|\n");
    for c in changes {
        let said = |quote: &Option<String>| quote.as_deref().map_or_else(|| "–".to_owned(), cell);
        let _ = writeln!(out, "| {} | {} | {} | {} |", cell(&c.what), said(&c.old), said(&c.new), cell(&c.url));
    }
}

fn failures(portals: &[Portal], out: &mut String) {
    if portals.iter().all(|p| p.failures.is_empty()) {
        return;
    }
    out.push_str("\n## Not to be had\n\n| portal | what | why | address |\n|---|---|---|---|\n");
    for (portal, f) in portals.iter().flat_map(|p| p.failures.iter().map(move |f| (p, f))) {
        let why = f.reason.clone().unwrap_or_default();
        let _ = writeln!(out, "| {} | {} {} | {} | {} |", cell(&portal.name), f.kind, f.outcome.word(), cell(&why), cell(&f.url));
    }
}

/// Text that means nothing to Markdown or HTML.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_portals_say_is_no_markup() {
        assert_eq!(super::cell("a|b\n<script>[x](y)"), "a\\|b &lt;script&gt;\\[x\\](y)");
    }
}
