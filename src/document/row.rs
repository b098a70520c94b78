//! A row of JSONL.
//!
//! In: one line. Out: what it says. Never: a guess at what is missing.

use super::inputs::{Input, InputError, fail};
use serde::Deserialize;
use std::borrow::Cow;

const ADVICE: &str = "expected {\"id\": …, \"text\": … or \"html\": …, \"published\"?: \"YYYY-MM-DD\", \"title\"?, \"url\"?}";

/// What a row says.
#[derive(Debug)]
pub struct Row<'a> {
    pub id: String,
    pub content: Content<'a>,
    pub published: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug)]
pub enum Content<'a> {
    Text(Cow<'a, str>),
    /// The source of a page.
    Html(Cow<'a, str>),
}

#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    id: Option<Id<'a>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    html: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    published: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    url: Option<Cow<'a, str>>,
}

/// Ids are strings; a number is taken as it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id<'a> {
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Number(i64),
}

/// Reads a row. One with `text` and `html` is taken at its text.
///
/// # Errors
/// When the line is no JSON object, or lacks `id` and one of `text` and `html`, or `published` is no ISO date.
pub fn read<'a>(line: &'a str, input: &Input) -> Result<Row<'a>, InputError> {
    let line = line.strip_prefix('\u{FEFF}').unwrap_or(line).trim_end();
    let row: Written<'_> = serde_json::from_str(line).map_err(|e| fail(input, format!("no JSON row: {}", in_the_row(&e)), ADVICE))?;
    let Some(id) = row.id else {
        return Err(fail(input, "the row has no `id`", ADVICE));
    };
    let Some(content) = row.text.map(Content::Text).or(row.html.map(Content::Html)) else {
        return Err(fail(input, "the row has no `text`", ADVICE));
    };
    let published = match row.published {
        Some(date) => Some(iso_date(&date).ok_or_else(|| fail(input, format!("`published` is no date: {date:?}"), "write it as YYYY-MM-DD"))?),
        None => None,
    };
    Ok(Row {
        id: match id {
            Id::Text(text) => text.into_owned(),
            Id::Number(number) => number.to_string(),
        },
        content,
        published,
        title: row.title.map(Into::into),
        url: row.url.map(Into::into),
    })
}

/// What is wrong with a row, by column: the reader of a row knows no line but its own, which is always the first.
fn in_the_row(e: &serde_json::Error) -> String {
    e.to_string().replace(" at line 1 column ", " at column ")
}

/// The date part of an ISO date or time; none when it is no date.
pub fn iso_date(text: &str) -> Option<String> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    Some(date.to_string())
}
