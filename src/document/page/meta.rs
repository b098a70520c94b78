//! What a page says of itself, for machines.
//!
//! In: a page. Out: titles, dates and addresses, each with where it stood, in the order in which they are to be believed. Never:
//! a word of the visible text.

use super::date;
use super::dom;
use super::guard::Dom;
use super::query::Query;
use super::render::Marks;
use ego_tree::NodeId;
use jiff::civil::Date;
use once_cell::sync::Lazy;
use serde_json::Value;

/// A value, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    pub value: T,
    pub from: &'static str,
    /// The element, where it is a part of what the page shows.
    pub node: Option<NodeId>,
}

/// What a page says of itself.
#[derive(Debug, Default)]
pub struct Meta {
    pub titles: Vec<Said<String>>,
    pub dates: Vec<Said<Date>>,
    pub urls: Vec<Said<String>>,
    pub descriptions: Vec<String>,
    /// The text of the article, when a script holds it.
    pub body: Option<String>,
    /// The page says that it is an article.
    pub article: bool,
}

struct Queries {
    scripts: Query,
    meta: Query,
    links: Query,
    dates: Query,
    headlines: Query,
    title: Query,
}

static QUERIES: Lazy<Queries> = Lazy::new(|| Queries {
    scripts: Query::new(&["script[type*='ld+json']"]),
    meta: Query::new(&["meta[content]"]),
    links: Query::new(&["link[rel=canonical][href]", "base[href]"]),
    dates: Query::new(&["[itemprop=datePublished]"]),
    headlines: Query::new(&["[itemprop=headline]"]),
    title: Query::new(&["head > title"]),
});

/// Reads it.
pub fn read(dom: &Dom) -> Meta {
    let mut meta = Meta::default();
    linked_data(dom, &mut meta);
    microdata(dom, &mut meta);
    tags(dom, &mut meta);
    for e in QUERIES.links.all(dom) {
        let from = if e.value().name() == "link" { "link" } else { "base" };
        put(&mut meta.urls, e.attr("href").filter(|h| h.starts_with("http")), from);
    }
    let title = QUERIES.title.all(dom).first().map(|e| dom::text(*e));
    put(&mut meta.titles, title.as_deref(), "title");
    meta
}

impl Meta {
    /// Puts dates behind the others that stand in what is left out: a comment and an article in the margin have dates of their own.
    pub fn prefer_in_view(&mut self, dom: &Dom, marks: &Marks) {
        let is_out = |id: NodeId| dom.html.tree.get(id).is_some_and(|n| n.ancestors().any(|a| marks.dropped.contains(&a.id())));
        self.dates.sort_by_key(|d| d.node.is_some_and(is_out));
    }
}

fn put(list: &mut Vec<Said<String>>, value: Option<&str>, from: &'static str) {
    let value = dom::one_line(value.unwrap_or_default());
    if !value.is_empty() {
        list.push(Said { value, from, node: None });
    }
}

fn put_date(list: &mut Vec<Said<Date>>, value: Option<&str>, from: &'static str) {
    list.extend(value.and_then(date::machine).map(|value| Said { value, from, node: None }));
}

fn linked_data(dom: &Dom, meta: &mut Meta) {
    for script in QUERIES.scripts.all(dom) {
        let text: String = script.text().collect();
        // Line breaks inside strings are a common fault.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let Ok(value) = serde_json::from_str::<Value>(text.trim().trim_end_matches(';')) else { continue };
        let mut waiting = vec![&value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items.iter().rev()),
                Value::Object(map) => {
                    waiting.extend(map.get("@graph"));
                    thing(value, meta);
                }
                _ => {}
            }
        }
    }
}

/// One thing of linked data, when it is an article.
fn thing(value: &Value, meta: &mut Meta) {
    let kinds: Vec<&str> = match &value["@type"] {
        Value::String(s) => vec![s],
        Value::Array(a) => a.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let text = |key: &str| value[key].as_str();
    if !kinds.iter().any(|k| k.ends_with("Article") || k.ends_with("Posting") || *k == "Report") {
        return;
    }
    meta.article = true;
    put(&mut meta.titles, text("headline").or(text("name")), "json-ld");
    put_date(&mut meta.dates, text("datePublished"), "json-ld");
    let page = &value["mainEntityOfPage"];
    put(&mut meta.urls, text("url").or(page["@id"].as_str()).or(page.as_str()).filter(|u| u.starts_with("http")), "json-ld");
    meta.descriptions.extend(text("description").map(dom::one_line));
    if meta.body.is_none() {
        meta.body = text("articleBody").map(str::to_owned);
    }
}

fn microdata(dom: &Dom, meta: &mut Meta) {
    for e in QUERIES.headlines.all(dom) {
        let shown = dom::text(e);
        put(&mut meta.titles, e.attr("content").or(Some(&shown)), "microdata");
    }
    for e in QUERIES.dates.all(dom) {
        let shown = dom::text(e);
        let said = e.attr("datetime").or(e.attr("content")).filter(|v| date::machine(v).is_some());
        let found = said.or(Some(&shown)).and_then(date::machine);
        meta.dates.extend(found.map(|value| Said { value, from: "microdata", node: Some(e.id()) }));
    }
}

fn tags(dom: &Dom, meta: &mut Meta) {
    let mut later = Vec::new();
    for e in QUERIES.meta.all(dom) {
        let name = e.attr("property").or(e.attr("name")).unwrap_or_default().to_ascii_lowercase();
        let content = e.attr("content");
        match name.as_str() {
            "og:title" => put(&mut meta.titles, content, "og"),
            "twitter:title" | "dc.title" | "title" => put(&mut later, content, "meta"),
            "article:published_time" | "og:article:published_time" => put_date(&mut meta.dates, content, "og"),
            "pubdate" | "publishdate" | "publish-date" | "dc.date" | "dc.date.issued" | "dc.created" | "dcterms.created" | "date" | "datepublished"
            | "article.published" | "parsely-pub-date" => put_date(&mut meta.dates, content, "meta"),
            "og:url" => put(&mut meta.urls, content.filter(|u| u.starts_with("http")), "og"),
            "og:type" => meta.article |= content.is_some_and(|c| c.trim().eq_ignore_ascii_case("article")),
            "og:description" | "description" | "twitter:description" => meta.descriptions.extend(content.map(dom::one_line)),
            _ => {}
        }
    }
    meta.titles.extend(later);
}

/// The date in an address: `/2019/08/05/`, `/20190805…`.
pub fn date_in(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let number = |s: &str, len: usize| s.get(..len).filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| d.parse::<i16>().ok());
    let date = |y: i16, m: i16, d: i16| Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok().filter(|d| (1996..2100).contains(&d.year()));
    for window in parts.windows(3) {
        let is_part = |s: &str| (1..=2).contains(&s.len());
        if window[0].len() == 4 && is_part(window[1]) && is_part(window[2]) {
            let found = (number(window[0], 4), number(window[1], window[1].len()), number(window[2], window[2].len()));
            if let (Some(y), Some(m), Some(d)) = found {
                return date(y, m, d);
            }
        }
    }
    // `20190805-ten-bai.html`, and `ten-bai-20190805103000123.htm`, where the time follows.
    parts.iter().find_map(|p| {
        let run = p.rsplit('-').find(|r| r.len() >= 8 && r.starts_with("20"))?;
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        let timed = digits >= 14 && number(&run[8..], 2).is_some_and(|hour| hour < 24);
        (digits == 8 || timed).then(|| date(number(run, 4)?, number(&run[4..], 2)?, number(&run[6..], 2)?)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::super::guard;
    use super::*;

    #[test]
    fn linked_data_comes_first_and_other_things_do_not_count() {
        let page = r#"<head><title>Trang chủ</title><meta property="og:title" content="Lai Châu - Báo"><script type="application/ld+json">
            {"@graph": [{"@type": "Organization", "name": "Báo"}, {"@type": ["NewsArticle"], "headline": "Lai
            Châu", "datePublished": "2024-03-05T23:00:00+07:00", "mainEntityOfPage": {"@id": "https://bao.example/a"}}]}</script></head>"#;
        let meta = read(&guard::parse(page));
        let titles: Vec<_> = meta.titles.iter().map(|t| (t.value.as_str(), t.from)).collect();
        assert_eq!(titles, [("Lai Châu", "json-ld"), ("Lai Châu - Báo", "og"), ("Trang chủ", "title")]);
        assert_eq!((meta.dates[0].value.to_string().as_str(), meta.urls[0].value.as_str()), ("2024-03-05", "https://bao.example/a"));
    }

    #[test]
    fn dates_in_addresses() {
        assert_eq!(date_in("https://a.vn/2019/08/05/tin.html").unwrap().to_string(), "2019-08-05");
        assert_eq!(date_in("https://a.vn/tin-20190805103000123.htm").unwrap().to_string(), "2019-08-05");
        assert_eq!(date_in("https://a.vn/tin/20190805-x.htm").unwrap().to_string(), "2019-08-05");
        assert_eq!(date_in("https://a.vn/2019/13/05/"), None);
    }
}
