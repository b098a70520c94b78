//! Answers: what each address does.
//!
//! In: a request that has passed the guard. Out: a page, a file, or where to go next. Never: a decision in answer to a `GET`.

use super::desk::{self, DeskError, Said};
use super::edit;
use super::export;
use super::guard;
use super::page::{self, Panel};
use super::query::{Pairs, Query, key, told};
use super::site::{Ask, Site, cookie};
use super::words::Lang;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use maud::Markup;
use serde_json::Map;

const SCRIPT: &str = include_str!("assets/review.js");
const STYLE: &str = include_str!("assets/review.css");
const ICON: &str = include_str!("assets/icon.svg");
/// The longest name of a reviewer and the longest note, in characters.
const NAME: usize = 60;
const NOTE: usize = 2000;

/// What is sent back.
pub struct Answer {
    status: StatusCode,
    kind: &'static str,
    body: Body,
    place: Option<String>,
    cookies: Vec<HeaderValue>,
    more: Vec<(header::HeaderName, HeaderValue)>,
}

impl Answer {
    pub fn page(status: StatusCode, markup: Markup) -> Self {
        Self { status, ..Self::of("text/html; charset=utf-8", markup.into_string().into()) }
    }

    pub fn of(kind: &'static str, body: Body) -> Self {
        Self { status: StatusCode::OK, kind, body, place: None, cookies: Vec::new(), more: Vec::new() }
    }

    pub fn redirect(to: impl Into<String>) -> Self {
        Self { status: StatusCode::SEE_OTHER, place: Some(to.into()), ..Self::of("text/plain", Body::empty()) }
    }

    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.extend(guard::set_cookie(name, value));
        self
    }

    pub fn with(mut self, name: header::HeaderName, value: &'static str) -> Self {
        self.more.push((name, HeaderValue::from_static(value)));
        self
    }

    pub fn response(self) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        if let Some(place) = self.place.and_then(|place| HeaderValue::from_str(&place).ok()) {
            headers.insert(header::LOCATION, place);
        }
        headers.extend(self.cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
        headers.extend(self.more);
        response
    }
}

/// Answers a request.
pub fn answer(site: &Site, ask: &Ask) -> Answer {
    let answer = fixed(&ask.path).unwrap_or_else(|| asked(site, ask).unwrap_or_else(|fault| failed(ask.lang, &fault)));
    match ask.query.get("lang").and_then(|l| Lang::from_word(l)) {
        Some(lang) => answer.with_cookie(&cookie(site, "lang"), lang.as_str()),
        None => answer,
    }
}

/// What is the same for all.
fn fixed(path: &str) -> Option<Answer> {
    let (kind, text) = match path {
        "/assets/review.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "/assets/review.css" => ("text/css; charset=utf-8", STYLE),
        "/assets/icon.svg" => ("image/svg+xml", ICON),
        _ => return None,
    };
    Some(Answer::of(kind, text.into()).with(header::CACHE_CONTROL, "max-age=3600"))
}

fn asked(site: &Site, ask: &Ask) -> Result<Answer, DeskError> {
    if ask.path == "POST /who" {
        return Ok(who(site, ask));
    }
    let Some(reviewer) = ask.reviewer.as_deref().filter(|_| ask.path != "/who") else {
        let back = if ask.path == "/who" || ask.path.starts_with("POST ") { "/" } else { &ask.whole };
        return Ok(Answer::page(StatusCode::OK, page::who(site, ask, back, false)));
    };
    let query = Query::of(if ask.path.starts_with("POST ") { &ask.form } else { &ask.query });
    match ask.path.as_str() {
        "/" => Ok(Answer::redirect("/items?state=open")),
        "/items" => items(site, ask, reviewer, &query),
        "/disagreements" => Ok(Answer::page(StatusCode::OK, page::disagreements(site, ask, reviewer)?)),
        "/series" => Ok(Answer::page(StatusCode::OK, page::series(site, ask, reviewer)?)),
        "/series.svg" => Ok(Answer::of("image/svg+xml", page::drawing(site, ask)?.into())),
        "/export" => Ok(Answer::page(StatusCode::OK, page::export(site, ask, reviewer)?)),
        "/export.jsonl" => export::file(site, ask),
        "POST /decide" => decide(site, ask, reviewer, &query),
        "POST /edit" => correct(site, ask, reviewer, &query),
        "POST /note" => note(site, ask, reviewer, &query),
        "POST /bulk" => bulk(site, ask, reviewer, &query),
        "POST /undo" => undo(site, reviewer, &query),
        path => match path.strip_prefix("/item/").and_then(key) {
            Some(key) if site.desk.place(Some(key)).is_ok() => items(site, ask, reviewer, &Query { at: Some(key), ..Query::default() }),
            _ => Err(DeskError::Missing),
        },
    }
}

fn failed(lang: Lang, fault: &DeskError) -> Answer {
    let (status, text) = match fault {
        DeskError::Missing => (StatusCode::NOT_FOUND, lang.t("fault-missing").to_owned()),
        DeskError::Moved { then, now } => (StatusCode::CONFLICT, lang.with("bulk-moved", &[("then", &lang.number(*then)), ("now", &lang.number(*now))])),
        DeskError::Field(why) => (StatusCode::UNPROCESSABLE_ENTITY, lang.with("edit-wrong", &[("why", why)])),
        DeskError::Store(_) | DeskError::Side(_) => (StatusCode::INTERNAL_SERVER_ERROR, lang.with("fault-store", &[("why", fault)])),
    };
    Answer::page(status, page::fault(lang, &text))
}

/// Whether this may be the name of a reviewer.
pub fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME && !name.chars().any(char::is_control)
}

fn who(site: &Site, ask: &Ask) -> Answer {
    let said = |name: &str| ask.form.get(name).map_or("", |v| v.trim());
    let back = Some(said("back")).filter(|b| b.starts_with('/') && !b.starts_with("//") && !b.contains('\\')).unwrap_or("/");
    let name = said("name");
    if !is_name(name) {
        return Answer::page(StatusCode::UNPROCESSABLE_ENTITY, page::who(site, ask, back, true));
    }
    Answer::redirect(back).with_cookie(&cookie(site, "reviewer"), name)
}

fn items(site: &Site, ask: &Ask, reviewer: &str, query: &Query) -> Result<Answer, DeskError> {
    let panel = Panel::of(&ask.query);
    Ok(Answer::page(StatusCode::OK, page::items(site, ask, reviewer, query, &panel)?))
}

/// To the next item, with what was done.
fn go_on(site: &Site, reviewer: &str, query: &Query, did: &str) -> Result<Answer, DeskError> {
    let next = site.desk.after(query, reviewer, site.desk.place(query.at)?)?;
    let did = [("did", did), ("end", "1")];
    let did = if next.is_some() { &did[..1] } else { &did[..] };
    Ok(Answer::redirect(query.at(next).address("/items", did)))
}

fn decide(site: &Site, ask: &Ask, reviewer: &str, query: &Query) -> Result<Answer, DeskError> {
    let said = ask.form.get("say").and_then(|word| Said::plain(word)).ok_or(DeskError::Missing)?;
    let did = did(&said);
    site.desk.decide(reviewer, query.at.ok_or(DeskError::Missing)?, said)?;
    go_on(site, reviewer, query, did)
}

fn did(said: &Said) -> &'static str {
    match said {
        Said::Accept => "accept",
        Said::Reject => "reject",
        Said::Skip => "skip",
        Said::Edit(_) => "edit",
        Said::Note(_) => "note",
    }
}

fn correct(site: &Site, ask: &Ask, reviewer: &str, query: &Query) -> Result<Answer, DeskError> {
    let key = query.at.ok_or(DeskError::Missing)?;
    let item = site.desk.item(site.desk.place(Some(key))?)?;
    let known = site.desk.with(|_, ledger| ledger.corrections(key, reviewer))?;
    let fields = item.shown().map(|shown| edit::changed(&shown.record, &known, &ask.form)).unwrap_or_default();
    let lang = ask.lang;
    let again = |fault: String| {
        let panel = Panel::Edit { form: Some(ask.form.clone()), fault: Some(fault) };
        Ok(Answer::page(StatusCode::UNPROCESSABLE_ENTITY, page::items(site, ask, reviewer, query, &panel)?))
    };
    if fields == Map::new() {
        return again(lang.t("edit-empty").to_owned());
    }
    match site.desk.decide(reviewer, key, Said::Edit(fields)) {
        Err(DeskError::Field(why)) => again(lang.with("edit-wrong", &[("why", &why)])),
        done => done.and_then(|()| go_on(site, reviewer, query, "edit")),
    }
}

fn note(site: &Site, ask: &Ask, reviewer: &str, query: &Query) -> Result<Answer, DeskError> {
    let words: String = ask.form.get("note").map(|n| n.trim().chars().take(NOTE).collect()).unwrap_or_default();
    if words.is_empty() {
        let panel = Panel::Note { fault: Some(ask.lang.t("note-empty").to_owned()) };
        return Ok(Answer::page(StatusCode::UNPROCESSABLE_ENTITY, page::items(site, ask, reviewer, query, &panel)?));
    }
    site.desk.decide(reviewer, query.at.ok_or(DeskError::Missing)?, Said::Note(words))?;
    Ok(Answer::redirect(query.address("/items", &[("did", "note")])))
}

fn bulk(site: &Site, ask: &Ask, reviewer: &str, query: &Query) -> Result<Answer, DeskError> {
    let said = ask.form.get("say").and_then(|word| Said::plain(word)).ok_or(DeskError::Missing)?;
    let confirmed = ask.form.get("count").and_then(|n| n.parse().ok()).ok_or(DeskError::Missing)?;
    let written = site.desk.bulk(reviewer, &query.at(None), &said, confirmed)?;
    Ok(Answer::redirect(query.at(None).address("/items", &[("did", "bulk"), ("n", &written.to_string())])))
}

fn undo(site: &Site, reviewer: &str, query: &Query) -> Result<Answer, DeskError> {
    let to = match site.desk.undo(reviewer)? {
        Some((key, count)) => query.at(Some(key)).address("/items", &[("did", "undo"), ("n", &count.to_string())]),
        None => query.address("/items", &[("did", "nothing")]),
    };
    Ok(Answer::redirect(to))
}

/// The message of what was done, if the address tells of any.
pub fn done(lang: Lang, pairs: &Pairs) -> Option<String> {
    let did = pairs.get("did")?;
    let known = ["accept", "reject", "skip", "edit", "note", "undo", "nothing", "bulk"].contains(&did.as_str());
    let n = pairs.get("n").and_then(|n| n.parse().ok()).unwrap_or(0);
    known.then(|| lang.with(&format!("did-{did}"), &[("n", &lang.number(n))]))
}

/// The permanent address of an item.
pub fn permanent(key: u64) -> String {
    desk::address(key)
}

/// The key of an item as the form brings it back.
pub fn at(key: u64) -> String {
    told(key)
}
