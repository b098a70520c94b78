//! Profiles of portals: where a page keeps its title, text and date, as CSS selectors.
//!
//! In: the rules of class `portal`. Out: [`Portal`]s in the order of their files. Never: a look at a page.

use super::class::Class;
use super::compile::read_all;
use super::diagnostic::Diagnostic;
use super::raw::RawRule;
use super::{RuleSet, SourceFile};

/// The keys of a profile.
pub const FIELDS: [&str; 18] = [
    "hosts", "marks", "title", "lead", "body", "date", "drop", "apart", "caption", "stop", "skip", "list", "next", "article", "feeds", "ignore", "blocked",
    "scripted",
];
/// Those that hold CSS selectors.
const SELECTORS: [&str; 10] = ["marks", "title", "lead", "body", "date", "drop", "apart", "caption", "list", "next"];
/// Those that hold regular expressions.
const EXPRESSIONS: [&str; 1] = ["article"];

/// Where the pages of a portal, or of a system that many portals run on, keep what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portal {
    pub id: String,
    /// Names of hosts, each with all below it; `*` for every page.
    pub hosts: Vec<String>,
    /// Selectors by which the system is known: one of them finds something.
    pub marks: Vec<String>,
    /// Selectors, the first that finds something wins.
    pub title: Vec<String>,
    pub lead: Vec<String>,
    pub body: Vec<String>,
    pub date: Vec<String>,
    /// Selectors of what is no part of the text.
    pub drop: Vec<String>,
    /// Selectors of inline elements that the style sheet sets apart from the words beside them.
    pub apart: Vec<String>,
    /// Selectors of what is said of a picture, unless it is long enough to be a part of the text.
    pub caption: Vec<String>,
    /// Beginnings of lines behind which the article is over, …
    pub stop: Vec<String>,
    /// … and of lines that are left out.
    pub skip: Vec<String>,
    /// Selectors of links to articles on a page that lists them, …
    pub list: Vec<String>,
    /// … and of the link to the next page of the list.
    pub next: Vec<String>,
    /// Regular expressions of path and query, one of which an article's address fits.
    pub article: Vec<String>,
    /// Paths at which such portals have feeds.
    pub feeds: Vec<String>,
    /// Keys of a query that name no article, with `*` for any end.
    pub ignore: Vec<String>,
    /// Phrases of pages that say that the visitor is kept out, …
    pub blocked: Vec<String>,
    /// … or that the page is made by scripts.
    pub scripted: Vec<String>,
}

/// The profiles of a set of rules.
pub fn portals(rules: &RuleSet) -> Vec<Portal> {
    let files: Vec<SourceFile> = rules.files.iter().filter(|f| f.text.contains("\"portal\"")).cloned().collect();
    let raw = read_all(&files, &mut Vec::new());
    let used = |r: &&RawRule| {
        let overlaid = rules.find(&r.id.value).is_some_and(|rule| rule.span != r.id.span || rules.files[rule.file].name != files[r.file].name);
        r.class == Class::Portal && !overlaid && r.text("status") != "retired"
    };
    raw.iter().filter(used).map(portal).collect()
}

fn portal(raw: &RawRule) -> Portal {
    let list = |key: &str| raw.list(key).iter().map(|t| t.value.clone()).collect();
    Portal {
        id: raw.id.value.clone(),
        hosts: list("hosts"),
        marks: list("marks"),
        title: list("title"),
        lead: list("lead"),
        body: list("body"),
        date: list("date"),
        drop: list("drop"),
        apart: list("apart"),
        caption: list("caption"),
        stop: list("stop"),
        skip: list("skip"),
        list: list("list"),
        next: list("next"),
        article: list("article"),
        feeds: list("feeds"),
        ignore: list("ignore"),
        blocked: list("blocked"),
        scripted: list("scripted"),
    }
}

/// Selectors and regular expressions that cannot be read.
pub fn faults(files: &[SourceFile], raw: &[RawRule]) -> Vec<Diagnostic> {
    let rules = || raw.iter().filter(|r| r.class == Class::Portal);
    let selectors = rules().flat_map(|r| SELECTORS.iter().flat_map(move |key| r.list(key).iter().map(move |text| (r, text))));
    let fault = |(rule, text): (&RawRule, &super::raw::At<String>)| {
        let message = unreadable(&text.value)?;
        let d = Diagnostic::error("bad-selector", &files[rule.file].name, text.span.clone(), message);
        Some(d.label("this selector").help("write a CSS selector: `#id`, `.class`, `div.a > p`, `[itemprop=headline]`"))
    };
    let expressions = rules().flat_map(|r| EXPRESSIONS.iter().flat_map(move |key| r.list(key).iter().map(move |text| (r, text))));
    let odd = |(rule, text): (&RawRule, &super::raw::At<String>)| {
        let error = regex::Regex::new(&text.value).err()?;
        let reason = error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let d = Diagnostic::error("bad-regex", &files[rule.file].name, text.span.clone(), format!("`{}` is no regular expression: {reason}", text.value));
        Some(d.label("this expression").help("it is matched against path and query of an address: `/chi-tiet/`, `-[0-9]+\\.html$`"))
    };
    selectors.filter_map(fault).chain(expressions.filter_map(odd)).collect()
}

#[cfg(feature = "pages")]
fn unreadable(selector: &str) -> Option<String> {
    scraper::Selector::parse(selector).err().map(|e| format!("`{selector}` is no CSS selector: {e}"))
}

/// Without pages nobody asks for them.
#[cfg(not(feature = "pages"))]
fn unreadable(_: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::super::{compile, source};
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { name: "portals/mine.toml".into(), text: text.to_owned().into(), overlay: true }
    }

    #[test]
    fn an_overlay_replaces_a_profile_and_retires_one() {
        let mut files = source::embedded();
        files.push(file("class = \"portal\"\n[[rule]]\nid = \"portal.any\"\nwhy = \"x\"\nhosts = [\"*\"]\nbody = [\"#mine\"]"));
        let (set, faults) = compile(files);
        assert!(faults.iter().all(|d| d.code != "bad-selector"), "{faults:?}");
        let any: Vec<Portal> = portals(&set).into_iter().filter(|p| p.id == "portal.any").collect();
        assert_eq!(any.len(), 1);
        assert_eq!(any[0].body, ["#mine"]);
    }

    #[cfg(feature = "pages")]
    #[test]
    fn a_selector_that_is_none_is_a_fault_with_its_place() {
        let text = "class = \"portal\"\n[[rule]]\nid = \"portal.x\"\nwhy = \"x\"\nbody = [\"div\", \"p[[\"]";
        let (_, faults) = compile(vec![file(text)]);
        let fault = faults.iter().find(|d| d.code == "bad-selector").unwrap();
        assert_eq!(&text[fault.span.clone()], "\"p[[\"");
    }
}
