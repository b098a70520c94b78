//! Pages: how it looks.
//!
//! In: what the desk says. Out: markup. Never: text of a document that is not escaped, an address of a document that is not of the web, or
//! a style or script within a page.
//!
//! | file | question |
//! |---|---|
//! | `queue.rs` | which items are there, and how far is one? |
//! | `item.rs` | what is this item? |
//! | `panel.rs` | edit, note, bulk, help |
//! | `other.rs` | disagreements, export, series |

mod item;
mod other;
mod panel;
mod queue;

pub use other::{disagreements, drawing, export, series};
pub use panel::Panel;
pub use queue::items;

use super::keys::{Key, key};
use super::query::Query;
use super::site::{Ask, Site};
use super::words::Lang;
use maud::{DOCTYPE, Markup, html};

/// What stands around every page.
struct Frame<'a> {
    site: &'a Site,
    ask: &'a Ask,
    /// None where nobody is known yet.
    reviewer: Option<&'a str>,
    /// Which page it is, for the menu.
    here: &'static str,
    title: String,
}

impl Frame<'_> {
    fn page(&self, body: Markup) -> Markup {
        let lang = self.ask.lang;
        let desk = &self.site.desk;
        let runs = match &desk.runs.0 {
            Some(old) => lang.with("runs", &[("old", &old.run), ("new", &desk.runs.1.run)]),
            None => lang.with("run", &[("new", &desk.runs.1.run)]),
        };
        let run = &desk.runs.1;
        let made = lang.with("run-made", &[("time", &run.started), ("program", &run.program), ("rules", &run.rules)]);
        let menu = [("/items?state=open", "review"), ("/series", "series"), ("/disagreements", "disagreements"), ("/export", "export")];
        let disputed = desk.with(|_, ledger| ledger.disputed()).unwrap_or_default();
        let top = html! {
            header class="top" {
                strong class="brand" { "solieu" }
                span class="runs" title=(made) { (runs) }
                nav aria-label=(lang.t("review")) {
                    @for (to, name) in menu {
                        a href=(to) aria-current=[(name == self.here).then_some("page")] {
                            (lang.t(name))
                            @if name == "disagreements" && disputed > 0 { " " span class="count" { (lang.number(disputed)) } }
                        }
                    }
                    @if self.here == "review" {
                        (link("help", &Query::of(&self.ask.query).address(&self.ask.path, &[("panel", "help")]), lang, "quiet"))
                    }
                }
                span class="me" {
                    @if let Some(reviewer) = self.reviewer { a href="/who" title=(lang.t("reviewer")) { bdi { (reviewer) } } }
                    " "
                    a href=(self.turned()) hreflang=(lang.other().as_str()) lang=(lang.other().as_str()) { (lang.t("other-lang")) }
                }
            }
        };
        bare(lang, &self.title, html! { (top) (body) })
    }

    /// This page in the other language.
    fn turned(&self) -> String {
        let mut pairs = self.ask.query.clone();
        ["lang", "did", "n"].iter().for_each(|name| drop(pairs.remove(*name)));
        let more: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain([("lang", self.ask.lang.other().as_str())]).collect();
        let path = if self.ask.path.starts_with('/') { &self.ask.path } else { "/" };
        Query::default().address(path, &more)
    }
}

fn bare(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (lang.t("title")) }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/review.css";
                script src="/assets/review.js" defer {}
            }
            body data-lost=(lang.t("fault-lost")) {
                a class="jump" href="#main" { (lang.t("skip-to")) }
                div id="page" { (body) }
                div id="say" role="status" aria-live="polite" {}
            }
        }
    }
}

/// What went wrong, and where to go from there.
pub fn fault(lang: Lang, text: &str) -> Markup {
    let body = html! {
        main id="main" class="plain" tabindex="-1" {
            h1 { (lang.t("fault-title")) }
            p data-say="" role="alert" { (text) }
            p { a href="/" { (lang.t("back")) } }
        }
    };
    bare(lang, lang.t("fault-title"), body)
}

/// Asks for the reviewer's name.
pub fn who(site: &Site, ask: &Ask, back: &str, wrong: bool) -> Markup {
    let lang = ask.lang;
    let frame = Frame { site, ask, reviewer: None, here: "", title: lang.t("who-title").to_owned() };
    frame.page(html! {
        main id="main" class="plain" tabindex="-1" {
            h1 { (lang.t("who-title")) }
            p { (lang.t("who-why")) }
            form method="post" action="/who" data-plain="" {
                (hidden(site, &Query::default()))
                input type="hidden" name="back" value=(back);
                label for="name" { (lang.t("who-label")) }
                input id="name" name="name" maxlength="60" required autocomplete="username" autofocus value=[ask.reviewer.as_deref()]
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("name-wrong")];
                @if wrong { p id="name-wrong" class="wrong" role="alert" { (lang.t("who-wrong")) } }
                button class="main" { (lang.t("who-go")) }
            }
        }
    })
}

/// What a form brings back besides what is asked in it.
fn hidden(site: &Site, query: &Query) -> Markup {
    html! {
        input type="hidden" name="form" value=(site.guard.form());
        @for (name, value) in query.pairs() { input type="hidden" name=(name) value=(value); }
        @if let Some(key) = query.at { input type="hidden" name="at" value=(super::answer::at(key)); }
    }
}

/// A link that has a key.
fn link(action: &str, to: &str, lang: Lang, class: &str) -> Markup {
    let key = key(action);
    html! { a class={ "key " (class) } href=(to) data-key=(key.code) aria-keyshortcuts=(key.letter) title=(why(key, lang)) { (lang.t(action)) " " kbd { (key.letter) } } }
}

/// A button that has a key.
fn button(action: &str, name: &str, value: &str, lang: Lang) -> Markup {
    let key = key(action);
    html! {
        button class={ "key " (action) } name=(name) value=(value) data-key=(key.code) aria-keyshortcuts=(key.letter) title=(why(key, lang)) {
            (lang.t(action)) " " kbd { (key.letter) }
        }
    }
}

fn why(key: Key, lang: Lang) -> &'static str {
    lang.t(&format!("{}-why", key.action))
}
