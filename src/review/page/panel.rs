//! Panels over an item: what needs more than one key. To leave one is to save nothing.

use super::hidden;
use super::item::Seen;
use crate::review::desk::Stand;
use crate::review::edit;
use crate::review::keys::{KEYS, key};
use crate::review::ledger::State;
use crate::review::query::{Pairs, Query};
use crate::review::site::Site;
use crate::review::words::Lang;
use maud::{Markup, html};

/// Which panel is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Panel {
    None,
    /// With what was sent and could not be saved, and why.
    Edit {
        form: Option<Pairs>,
        fault: Option<String>,
    },
    Note {
        fault: Option<String>,
    },
    Bulk,
    Help,
}

impl Panel {
    pub fn of(pairs: &Pairs) -> Self {
        match pairs.get("panel").map(String::as_str) {
            Some("edit") => Self::Edit { form: None, fault: None },
            Some("note") => Self::Note { fault: None },
            Some("bulk") => Self::Bulk,
            Some("help") => Self::Help,
            _ => Self::None,
        }
    }
}

/// Leaves a panel.
fn leave(query: &Query, lang: Lang) -> Markup {
    let key = key("leave");
    html! { a class="key leave" href=(query.address("/items", &[])) data-key=(key.code) { (lang.t("cancel")) " " kbd { (key.letter) } } }
}

fn wrong(fault: Option<&str>) -> Markup {
    html! { @if let Some(fault) = fault { p class="wrong" role="alert" data-say="" { (fault) } } }
}

pub fn edit(site: &Site, query: &Query, seen: &Seen, form: Option<&Pairs>, fault: Option<&str>, lang: Lang) -> Markup {
    let Some(shown) = seen.item.new.as_ref() else {
        return html! { section class="panel" { p role="alert" data-say="" { (lang.t("edit-removed")) } (leave(query, lang)) } };
    };
    let record = serde_json::to_value(&shown.record).unwrap_or_default();
    let corrections = seen.corrections();
    let value = |name: &str| match form {
        Some(form) => form.get(&format!("f.{name}")).cloned().unwrap_or_default(),
        None => edit::known(&record, corrections, name).unwrap_or_default(),
    };
    html! {
        section class="panel" aria-labelledby="panel-title" {
            h2 id="panel-title" { (lang.t("edit-title")) }
            p { (lang.t("edit-told")) }
            (wrong(fault))
            form method="post" action="/edit" {
                (hidden(site, query))
                div class="inputs" {
                    @for (i, name) in edit::OFFERED.into_iter().enumerate() {
                        label {
                            span { (lang.field(name)) }
                            @if let Some(terms) = edit::terms(name) {
                                select name={ "f." (name) } {
                                    @if name == "place.level" { option value="" { "–" } }
                                    @for term in terms { option value=(term) selected[term == value(name)] { (term) } }
                                }
                            } @else { input name={ "f." (name) } value=(value(name)) autocomplete="off" spellcheck="false" autofocus[i == 0]; }
                        }
                    }
                }
                p class="actions" { button class="main" { (lang.t("save")) " " kbd { "↵" } } (leave(query, lang)) }
            }
        }
    }
}

pub fn note(site: &Site, query: &Query, fault: Option<&str>, lang: Lang) -> Markup {
    html! {
        section class="panel" aria-labelledby="panel-title" {
            h2 id="panel-title" { (lang.t("note-title")) }
            (wrong(fault))
            form method="post" action="/note" {
                (hidden(site, query))
                input class="wide" name="note" maxlength="2000" aria-labelledby="panel-title" autocomplete="off" autofocus;
                p class="actions" { button class="main" { (lang.t("save-note")) " " kbd { "↵" } } (leave(query, lang)) }
            }
        }
    }
}

/// Asks once more before many decisions are written.
pub fn bulk(site: &Site, query: &Query, stand: &Stand, lang: Lang) -> Markup {
    let count = stand.places.len();
    let n = lang.number(count);
    let value = |name: &str, value: &str| match name {
        "state" | "class" => lang.t(&format!("{name}-{value}")).to_owned(),
        _ => value.to_owned(),
    };
    let told: Vec<String> = query.pairs().iter().map(|(n, v)| format!("{} = {}", lang.t(if *n == "q" { "words" } else { n }), value(n, v))).collect();
    let filter = if told.is_empty() { lang.t("bulk-all").to_owned() } else { told.join(", ") };
    let decided = match query.state {
        None | Some(State::Disputed) => stand.progress.done.min(count),
        Some(State::Open) => 0,
        Some(_) => count,
    };
    html! {
        section class="panel" aria-labelledby="panel-title" {
            h1 id="panel-title" { (lang.with("bulk-title", &[("n", &n)])) }
            p { (lang.with("bulk-filter", &[("filter", &filter)])) }
            @if decided > 0 { p class="wrong" { (lang.with("bulk-warn", &[("n", &lang.number(decided))])) } }
            p class="faint" { (lang.t("bulk-undo")) }
            form method="post" action="/bulk" {
                (hidden(site, &query.at(None)))
                input type="hidden" name="count" value=(count);
                p class="actions" {
                    @if count > 0 {
                        @for say in ["accept", "reject", "skip"] { button class=(say) name="say" value=(say) { (lang.with(&format!("bulk-{say}"), &[("n", &n)])) } " " }
                    }
                    (leave(query, lang))
                }
            }
        }
    }
}

pub fn help(query: &Query, lang: Lang) -> Markup {
    html! {
        section class="panel help" aria-labelledby="panel-title" {
            h1 id="panel-title" { (lang.t("help-title")) }
            p { (lang.t("help-steps")) }
            table {
                caption { (lang.t("keys")) }
                @for key in KEYS { tr { th scope="row" { kbd { (key.letter) } } td { b { (lang.t(key.action)) } } td { (lang.t(&format!("{}-why", key.action))) } } }
            }
            p { (lang.t("keys-told")) }
            p { (lang.t("help-commands")) }
            (leave(query, lang))
        }
    }
}
