//! Saved pages: from HTML to a title, a text, a date and an address.
//!
//! In: the source of a page as text, what is known of it from outside. Out: [`Page`]: what it says and where each part came from; no text,
//! but a note, for a page that is no article. Never: a menu, a caption or a list of other articles in the text; a number that is split or
//! glued; a date out of the footer; a stop at a page that is broken.
//!
//! | file | question |
//! |---|---|
//! | `guard.rs`, `giant.rs` | how is a hostile page parsed in bounded time and memory? |
//! | `query.rs` | which elements does a selector find? |
//! | `dom.rs` | what sort of element is this? |
//! | `profile.rs` | which portal is it, and where does it keep what? |
//! | `meta.rs`, `date.rs` | what does the page say of itself, for machines? |
//! | `choose.rs` | which element holds the article? |
//! | `render.rs`, `grid.rs` | which lines of text are in it, and which tables? |
//! | `article.rs` | which of the lines are the article? |
//! | `head.rs` | which line is the title, which the lead, and where is the date? |

mod article;
mod choose;
mod date;
mod dom;
mod giant;
mod grid;
mod guard;
mod head;
mod meta;
mod profile;
mod query;
mod render;

pub use profile::Profiles;

use render::Line;
use std::ops::Range;

/// What a page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub title: Option<Told>,
    /// ISO date.
    pub published: Option<Told>,
    pub url: Option<Told>,
    /// Title, lead and body, a paragraph a line, the cells of a table apart by tabs; empty when the page is no article.
    pub text: String,
    /// Who found the text: the id of a profile, `readability`, `table` (a page that is little else), `weight` (the element that holds most of the
    /// running text), `json-ld`; `page` when nothing was found.
    pub text_from: String,
    pub notes: Vec<String>,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub value: String,
    pub from: String,
}

impl Told {
    fn new(value: impl Into<String>, from: impl Into<String>) -> Self {
        Self { value: value.into(), from: from.into() }
    }
}

/// Parses a page that may be hostile.
#[cfg(feature = "nightly")]
pub(crate) fn parse(source: &str) -> scraper::Html {
    guard::parse(source).html
}

/// Reads a page. `url` is its address, when it is known from outside.
pub fn read(source: &str, url: Option<&str>, profiles: &Profiles) -> Page {
    let dom = guard::parse(source);
    let mut meta = meta::read(&dom);
    let url = url.map(|u| Told::new(u, "given")).or_else(|| address(source, &meta));
    let host = url.as_ref().and_then(|u| host(&u.value));
    let fitting = profiles.of(&dom, host.as_deref());
    let mut marks = fitting.marks(&dom);
    choose::spare(&dom, &mut marks);
    meta.prefer_in_view(&dom, &marks);
    let chosen = choose::article(&dom, &fitting, &mut marks);
    let root = chosen.as_ref().map_or_else(|| *dom.html.root_element(), |c| c.root);
    marks.keep(root);
    let named = head::named(&dom, &fitting, root.id(), chosen.as_ref().map(|c| c.by.as_str()), &mut marks);
    let rendered = render::render(dom.html.tree.root(), &marks);
    let found = chosen.as_ref().is_some_and(|c| c.by != choose::WEIGHT);
    let inside = without_head(&rendered.lines, rendered.inside(root.id()), found);
    let body = article::body(&rendered.lines[inside.clone()], &fitting);
    let title = head::title(&meta, &named, &rendered, &inside, &body, &fitting);
    let mut page = Page { text_from: chosen.map_or_else(|| "page".to_owned(), |c| c.by), ..Page::default() };
    let title_line = title.as_ref().and_then(|t| t.line);
    let lead = head::lead(&meta, &named, &rendered, &inside, title_line, &fitting);
    let is_article = article::is_one(&joined(&lead, &body), &rendered.lines[inside.clone()]);
    page.published = head::date(&meta, &named, &rendered, &inside, title_line, &fitting, url.as_ref().map(|u| u.value.as_str()));
    page.title = title.map(|t| t.told);
    page.url = url;
    page.notes.clone_from(&dom.notes);
    let scripted = meta.body.as_deref().map(head::scripted).unwrap_or_default();
    page.fill(&lead, &body, &scripted, is_article);
    page
}

impl Page {
    /// The text: that of a script, where it holds far more than the page shows; a note, when there is none.
    fn fill(&mut self, lead: &[Line], body: &[Line], scripted: &[String], is_article: bool) {
        let texts = |lines: &[Line]| lines.iter().map(|l| l.text.clone()).collect::<Vec<_>>();
        if scripted.iter().map(|l| dom::weight(l)).sum::<usize>() > 2 * weight(lead, body) {
            self.text_from = "json-ld".to_owned();
            self.text = assemble(self.title.as_ref(), &[], scripted);
        } else if is_article {
            self.text = assemble(self.title.as_ref(), &texts(lead), &texts(body));
        } else {
            self.notes.push("no article: the page has no running text of its own, as a home page or a list of articles has none".to_owned());
        }
    }
}

/// From the first line that is not beside the article; where the element was only guessed, from the first running text.
fn without_head(lines: &[Line], inside: Range<usize>, found: bool) -> Range<usize> {
    let begins = |i: &usize| !lines[*i].beside && (found || article::is_sentence(&lines[*i]));
    let first = inside.clone().find(begins).unwrap_or(inside.start);
    first..inside.end
}

fn joined(lead: &[Line], body: &[Line]) -> Vec<Line> {
    lead.iter().chain(body).cloned().collect()
}

fn weight(lead: &[Line], body: &[Line]) -> usize {
    lead.iter().chain(body).map(|l| l.weight).sum()
}

/// Title, lead and body as one text; what says the same twice is said once.
fn assemble(title: Option<&Told>, lead: &[String], body: &[String]) -> String {
    let title = title.map(|t| t.value.as_str());
    let mut out: Vec<&str> = Vec::new();
    for line in title.into_iter().chain(lead.iter().map(String::as_str)).chain(body.iter().map(String::as_str)) {
        let again = out.len() <= lead.len() + 1 && out.iter().any(|o| head::same(o, line));
        if !again {
            out.push(line);
        }
    }
    let mut text = out.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The address that the page gives itself, or that the browser wrote into it when it was saved.
fn address(source: &str, meta: &meta::Meta) -> Option<Told> {
    let saved = || {
        let at = source.get(..4096).unwrap_or(source).find("saved from url=(")?;
        let rest = source[at..].split_once(')')?.1;
        let url = rest.split(char::is_whitespace).next()?;
        url.starts_with("http").then(|| Told::new(url, "saved from"))
    };
    let of = |from: &str| meta.urls.iter().find(|u| u.from == from).map(|u| Told::new(u.value.clone(), u.from));
    ["link", "og", "json-ld"].iter().find_map(|from| of(from)).or_else(saved).or_else(|| of("base"))
}

/// The host of an address, in lower case, without the archive that it was taken from.
fn host(url: &str) -> Option<String> {
    let archived = url.split_once("web.archive.org/web/").and_then(|(_, rest)| rest.split_once('/')).map(|(_, original)| original);
    let rest = archived.unwrap_or(url).split_once("://").map_or_else(|| archived.unwrap_or(url), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    (!host.is_empty()).then_some(host)
}
