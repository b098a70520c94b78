//! What somebody should look at.
//!
//! In: what a portal gave tonight and in earlier nights. Out: alerts, each with what was seen. Never: an alert for a single page that failed:
//! the report names it, and nobody is woken for it.

use crate::nightly::judge::NO_LINKS;
use crate::nightly::night::Fates;
use crate::nightly::outcome::Outcome;
use crate::nightly::state::{Counts, Fetch};
use serde::Serialize;

/// So many nights without news are no silence yet.
const QUIET: usize = 3;
/// Below these numbers a share says nothing.
const PAGES: u64 = 5;
const EARLIER: u64 = 10;
/// Nights that tonight is compared with.
const WINDOW: usize = 14;

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// `unreachable`, `blocked`, `tls_error`, `needs_js`, `robots`, `lists_failed`, `no_links`, `many_failures`, `silent`, `layout`, `figures`.
    pub code: String,
    pub text: String,
}

/// What a portal is judged by.
pub struct Sign<'s> {
    pub counts: &'s Counts,
    /// The oldest first.
    pub earlier: &'s [(i64, Counts)],
    /// Requests of tonight that failed, …
    pub failures: &'s [Fetch],
    /// … and lists that were read.
    pub listed: &'s [Fetch],
    pub fates: &'s Fates,
}

/// All alerts of a portal.
pub fn alerts(sign: &Sign<'_>) -> Vec<Alert> {
    let mut out = Vec::new();
    out.extend(lists(sign));
    out.extend(sign.listed.iter().find(|f| f.reason.as_deref() == Some(NO_LINKS)).map(|f| alert("no_links", format!("{}: {NO_LINKS}", f.url))));
    out.extend(failures(sign.counts));
    out.extend(silence(sign));
    out.extend(layout(sign));
    out
}

fn alert(code: &str, text: String) -> Alert {
    Alert { code: code.to_owned(), text }
}

/// Nothing to begin with could be read, or not all of it.
fn lists(sign: &Sign<'_>) -> Option<Alert> {
    let first = sign.failures.iter().find(|f| f.kind != "article");
    let host = || sign.fates.hosts.iter().find(|(host, _)| sign.failures.iter().any(|f| f.url.starts_with(host.as_str())));
    let (outcome, what) = match (first, host()) {
        (Some(f), _) => (f.outcome, format!("{}: {}", f.url, f.reason.clone().unwrap_or_else(|| f.outcome.word()))),
        (None, Some((host, (outcome, why)))) => (*outcome, format!("{host}: {why}")),
        (None, None) if sign.counts.requests == 0 => {
            return Some(alert("unreachable", "nothing was asked of it: its host is not known, or was left alone".to_owned()));
        }
        (None, None) => return None,
    };
    if sign.counts.lists > 0 {
        return Some(alert(
            "lists_failed",
            format!("{} of {} lists could not be read; {what}", sign.counts.lists_failed, sign.counts.lists + sign.counts.lists_failed),
        ));
    }
    let code = match outcome {
        Outcome::Blocked | Outcome::TlsError | Outcome::NeedsJs | Outcome::Robots => outcome.word(),
        _ => "unreachable".to_owned(),
    };
    Some(alert(&code, what))
}

fn failures(counts: &Counts) -> Option<Alert> {
    let (failed, all) = (counts.failed(), counts.outcomes.values().sum::<u64>());
    let most = counts.outcomes.iter().filter(|(w, _)| Outcome::of_word(w).is_some_and(|o| !o.is_good())).max_by_key(|(_, n)| **n)?;
    (failed >= PAGES && failed * 5 > all).then(|| alert("many_failures", format!("{failed} of {all} articles could not be had, most often: {}", most.0)))
}

/// A portal that had news and has none, for longer than ever before.
fn silence(sign: &Sign<'_>) -> Option<Alert> {
    let news: Vec<u64> = sign.earlier.iter().map(|(_, c)| c.of(Outcome::New)).chain([sign.counts.of(Outcome::New)]).collect();
    let quiet = news.iter().rev().take_while(|n| **n == 0).count();
    let before = &news[..news.len() - quiet];
    let longest = before.split(|n| *n > 0).map(<[u64]>::len).max().unwrap_or(0);
    let told = || alert("silent", format!("no new article for {quiet} nights; it was never silent for more than {longest} before"));
    (quiet >= QUIET && quiet > 2 * longest && before.iter().sum::<u64>() > 0).then(told)
}

/// Pages that were articles are none now, or have no figures.
fn layout(sign: &Sign<'_>) -> Vec<Alert> {
    let recent = sign.earlier.iter().rev().take(WINDOW).map(|(_, c)| c);
    let mut sum = Counts::default();
    for counts in recent {
        sum.figures += counts.figures;
        counts.outcomes.iter().for_each(|(word, n)| *sum.outcomes.entry(word.clone()).or_default() += n);
    }
    let read = |c: &Counts| c.of(Outcome::New) + c.of(Outcome::Changed);
    let pages = |c: &Counts| read(c) + c.of(Outcome::Duplicate) + c.of(Outcome::NoArticle);
    let (now, then) = (sign.counts, &sum);
    let enough = |of: &dyn Fn(&Counts) -> u64| of(now) >= PAGES && of(then) >= EARLIER;
    let mut out = Vec::new();
    // Shares compared without a division: a/b < c/(2d).
    if enough(&pages) && read(now) * pages(then) * 2 < read(then) * pages(now) {
        out.push(alert(
            "layout",
            format!("{} of {} pages are articles, {} of {} in the nights before: has its layout changed?", read(now), pages(now), read(then), pages(then)),
        ));
    }
    if enough(&read) && now.figures * read(then) * 3 < then.figures * read(now) {
        out.push(alert("figures", format!("{} figures in {} articles, {} in {} in the nights before", now.figures, read(now), then.figures, read(then))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn counts(new: u64, no_article: u64, figures: u64) -> Counts {
        let outcomes = BTreeMap::from([("new".to_owned(), new), ("no_article".to_owned(), no_article)]);
        Counts { requests: 10, lists: 1, outcomes, figures, ..Counts::default() }
    }

    fn codes(tonight: &Counts, earlier: &[Counts]) -> Vec<String> {
        let earlier: Vec<(i64, Counts)> = (0..).zip(earlier.iter().cloned()).collect();
        alerts(&Sign { counts: tonight, earlier: &earlier, failures: &[], listed: &[], fates: &Fates::default() }).into_iter().map(|a| a.code).collect()
    }

    #[test]
    fn a_portal_that_falls_silent_is_told_and_a_slow_one_is_not() {
        let nights = |news: &[u64]| news.iter().map(|n| counts(*n, 0, *n)).collect::<Vec<_>>();
        assert_eq!(codes(&counts(0, 0, 0), &nights(&[4, 3, 5, 0, 0])), ["silent"]);
        assert!(codes(&counts(0, 0, 0), &nights(&[4, 3, 5, 0])).is_empty());
        assert!(codes(&counts(0, 0, 0), &nights(&[1, 0, 0, 0, 1, 0, 0])).is_empty());
        assert!(codes(&counts(0, 0, 0), &nights(&[0, 0, 0, 0])).is_empty());
    }

    #[test]
    fn a_layout_that_broke_shows_in_shares() {
        let before = vec![counts(10, 1, 50); 3];
        assert_eq!(codes(&counts(2, 8, 10), &before), ["layout"]);
        assert_eq!(codes(&counts(10, 0, 5), &before), ["figures"]);
        assert!(codes(&counts(9, 2, 30), &before).is_empty());
        assert!(codes(&counts(1, 2, 0), &before).is_empty(), "too few to say");
    }

    #[test]
    fn many_failures_are_told_and_single_ones_are_not() {
        let with = |failed: u64| {
            let mut c = counts(10, 0, 10);
            c.outcomes.insert("slow".to_owned(), failed);
            c
        };
        assert_eq!(codes(&with(5), &[]), ["many_failures"]);
        assert!(codes(&with(2), &[]).is_empty());
    }
}
