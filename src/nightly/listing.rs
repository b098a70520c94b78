//! Pages that list articles.
//!
//! In: a page and its address, the profiles of portals. Out: links to articles, to the next page of the list and to feeds; whether the page
//! keeps the visitor out. Never: a selector, a pattern of addresses or a phrase that is written in code.

use super::address;
use super::link::Link;
use crate::document::page;
use crate::rules::{Portal, RuleSet, portals};
use crate::text::fold;
use once_cell::sync::Lazy;
use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// More links are no list.
const LINKS: usize = 2000;
/// A link whose words are so few is a menu's, where no profile tells which are articles.
const WORDS: usize = 5;

static ANCHORS: Lazy<Option<Selector>> = Lazy::new(|| Selector::parse("a[href]").ok());
static FEEDS: Lazy<Option<Selector>> =
    Lazy::new(|| Selector::parse("link[rel~=alternate][type='application/rss+xml'], link[rel~=alternate][type='application/atom+xml']").ok());
static CANONICAL: Lazy<Option<Selector>> = Lazy::new(|| Selector::parse("link[rel=canonical][href]").ok());
static FURNITURE: Lazy<Option<Selector>> = Lazy::new(|| Selector::parse("nav, header, footer").ok());

/// What a list gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    pub articles: Vec<Link>,
    pub next: Option<Url>,
    pub feeds: Vec<Url>,
    /// The profile by which articles were found; none when the addresses told.
    pub profile: Option<String>,
}

/// How a page stands to its visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// A page that says that the visitor is kept out.
    Blocked,
    /// A page that is empty without its scripts.
    Scripted,
}

/// The profiles of lists, compiled; share them between threads.
pub struct Profiles {
    profiles: Vec<Profile>,
    /// Keys of queries that name no article, of all profiles.
    ignored: Vec<String>,
}

struct Profile {
    id: String,
    hosts: Vec<String>,
    marks: Option<Selector>,
    list: Option<Selector>,
    next: Vec<Selector>,
    article: Vec<Regex>,
    feeds: Vec<String>,
    blocked: Vec<String>,
    scripted: Vec<String>,
}

impl Profile {
    fn new(portal: Portal) -> Self {
        let joined = |list: &[String]| (!list.is_empty()).then(|| Selector::parse(&list.join(", ")).ok()).flatten();
        let folded = |list: &[String]| list.iter().map(|s| fold(s)).collect();
        Self {
            marks: joined(&portal.marks),
            list: joined(&portal.list),
            next: portal.next.iter().filter_map(|s| Selector::parse(s).ok()).collect(),
            article: portal.article.iter().filter_map(|s| Regex::new(s).ok()).collect(),
            feeds: portal.feeds,
            blocked: folded(&portal.blocked),
            scripted: folded(&portal.scripted),
            hosts: portal.hosts.iter().map(|h| h.to_lowercase()).collect(),
            id: portal.id,
        }
    }

    fn is_any(&self) -> bool {
        self.hosts.iter().any(|h| h == "*")
    }

    fn fits(&self, html: &Html, host: &str) -> bool {
        let of_host = self.hosts.iter().any(|h| host == h || host.strip_suffix(h.as_str()).is_some_and(|sub| sub.ends_with('.')));
        of_host || !self.is_any() && self.marks.as_ref().is_some_and(|s| html.select(s).next().is_some())
    }
}

impl Profiles {
    pub fn new(rules: &RuleSet) -> Self {
        let portals = portals(rules);
        let ignored = portals.iter().flat_map(|p| p.ignore.iter().map(|i| i.to_lowercase())).collect();
        Self { ignored, profiles: portals.into_iter().map(Profile::new).collect() }
    }

    /// Is there a profile of this id?
    pub fn knows(&self, id: &str) -> bool {
        self.profiles.iter().any(|p| p.id == id)
    }

    /// Paths at which portals of this profile have feeds.
    pub fn feeds(&self, id: &str) -> &[String] {
        self.profiles.iter().find(|p| p.id == id).map_or(&[], |p| &p.feeds)
    }

    /// Keys of queries that name no article.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Reads a list. `asked` is the profile that the configuration names.
    pub fn read(&self, source: &str, base: &Url, asked: Option<&str>) -> Listing {
        let html = page::parse(source);
        let host = address::bare_host(base);
        let fitting: Vec<&Profile> = match asked {
            Some(id) => self.profiles.iter().filter(|p| p.id == id || p.is_any()).collect(),
            None => self.profiles.iter().filter(|p| p.fits(&html, &host)).chain(self.profiles.iter().filter(|p| p.is_any())).collect(),
        };
        let by_profile = fitting.iter().filter(|p| p.list.is_some()).find_map(|p| {
            let found = links(html.select(p.list.as_ref()?), base);
            (!found.is_empty()).then(|| (found, Some(p.id.clone())))
        });
        let (mut articles, profile) = by_profile.unwrap_or_else(|| (guessed(&html, base, &fitting), None));
        articles.truncate(LINKS);
        Listing { articles, next: next(&html, base, &fitting), feeds: feeds(&html, base), profile }
    }

    /// Does the page keep the visitor out? Asked of pages that have no article.
    pub fn wall(&self, source: &str) -> Option<Wall> {
        let html = page::parse(source);
        let text = fold(&visible(&html));
        let says = |phrases: &dyn Fn(&Profile) -> &Vec<String>| self.profiles.iter().any(|p| phrases(p).iter().any(|phrase| text.contains(phrase.as_str())));
        if says(&|p| &p.blocked) {
            return Some(Wall::Blocked);
        }
        let few = text.split_whitespace().count() < 60;
        (few && says(&|p| &p.scripted) || text.split_whitespace().count() < 3 && source.contains("<script")).then_some(Wall::Scripted)
    }
}

/// The address that a page says is its own.
pub fn canonical(source: &str, base: &Url) -> Option<Url> {
    let html = page::parse(source);
    let href = html.select(CANONICAL.as_ref()?).next()?.attr("href")?;
    address::parse(href, Some(base)).ok()
}

/// All text of a page but that of scripts and styles; what it says to visitors without scripts counts.
fn visible(html: &Html) -> String {
    let mut out = String::new();
    for node in html.tree.nodes() {
        let hidden = || node.parent().and_then(|p| p.value().as_element().map(|e| matches!(e.name(), "script" | "style" | "template"))).unwrap_or(false);
        if let Some(text) = node.value().as_text().filter(|_| !hidden()) {
            out.push_str(text);
            out.push(' ');
        }
    }
    out
}

fn links<'a>(elements: impl Iterator<Item = ElementRef<'a>>, base: &Url) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    for element in elements {
        let Some(url) = element.attr("href").and_then(|href| address::parse(href, Some(base)).ok()) else {
            continue;
        };
        if out.len() < LINKS && !out.iter().any(|l| l.url == url) {
            let text = element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
            out.push(Link { url, date: None, text: (!text.is_empty()).then_some(text) });
        }
    }
    out
}

/// Without a profile: links with words as a title has, outside of menus, whose address is that of an article.
fn guessed(html: &Html, base: &Url, fitting: &[&Profile]) -> Vec<Link> {
    let Some(anchors) = ANCHORS.as_ref() else {
        return Vec::new();
    };
    let furniture: Vec<_> = FURNITURE.as_ref().map(|s| html.select(s).map(|e| e.id()).collect()).unwrap_or_default();
    let outside = |e: &ElementRef<'_>| !e.ancestors().any(|a| furniture.contains(&a.id()));
    let is_title = |link: &Link| link.text.as_ref().is_some_and(|t| t.split_whitespace().count() >= WORDS);
    let is_article = |link: &Link| {
        let path = address::path(&link.url);
        fitting.iter().flat_map(|p| &p.article).any(|r| r.is_match(&path))
    };
    let mut found = links(html.select(anchors).filter(outside), base);
    found.retain(|l| is_title(l) && is_article(l) && l.url != *base);
    found
}

fn next(html: &Html, base: &Url, fitting: &[&Profile]) -> Option<Url> {
    let href = |s: &Selector| html.select(s).find_map(|e| e.attr("href").and_then(|h| address::parse(h, Some(base)).ok()));
    fitting.iter().flat_map(|p| &p.next).find_map(href).filter(|url| url != base)
}

fn feeds(html: &Html, base: &Url) -> Vec<Url> {
    let Some(selector) = FEEDS.as_ref() else {
        return Vec::new();
    };
    html.select(selector).filter_map(|e| address::parse(e.attr("href")?, Some(base)).ok()).take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str, asked: Option<&str>) -> Listing {
        Profiles::new(&RuleSet::embedded()).read(source, &Url::parse("https://so.tinh.example/tin-tuc").unwrap(), asked)
    }

    fn paths(listing: &Listing) -> Vec<String> {
        listing.articles.iter().map(|l| address::path(&l.url)).collect()
    }

    #[test]
    fn a_profile_tells_articles_and_the_next_page() {
        let page = r##"<html><head><meta name="generator" content="NukeViet v4.5"><link rel="alternate" type="application/rss+xml" href="/rss/tin"></head><body>
            <nav><a href="/gioi-thieu">Giới thiệu chung về cơ quan của tỉnh</a></nav>
            <div class="news_column"><h2><a href="/tin/mot-1.html" title="x">Một</a></h2></div><div class="news_column"><h3><a href="/tin/hai-2.html">Hai</a></h3></div>
            <ul class="pagination"><li class="active"><a href="#">1</a></li><li><a rel="next" href="/tin-tuc/page-2">2</a></li></ul></body></html>"##;
        let found = read(page, None);
        assert_eq!(paths(&found), ["/tin/mot-1.html", "/tin/hai-2.html"]);
        assert_eq!((found.next.unwrap().path(), found.feeds[0].path(), found.profile.as_deref()), ("/tin-tuc/page-2", "/rss/tin", Some("portal.nukeviet")));
    }

    #[test]
    fn without_a_profile_titles_with_addresses_of_articles_are_taken() {
        let page = r#"<body><nav><a href="/tin/gioi-thieu-1.html">Giới thiệu chung về cơ quan của tỉnh</a></nav><a href="/lien-he">Liên hệ với ban biên tập cổng</a>
            <a href="/tin/xuat-khau-tang-123.html">Xuất khẩu nông sản của tỉnh tăng mạnh</a><a href="?gd=18&cn=170&tc=829">Thu ngân sách chín tháng đạt khá so với dự toán</a></body>"#;
        let found = read(page, None);
        assert_eq!(paths(&found), ["/tin/xuat-khau-tang-123.html", "/tin-tuc?gd=18&cn=170&tc=829"]);
        assert_eq!(found.profile, None);
    }

    #[test]
    fn walls_are_known() {
        let profiles = Profiles::new(&RuleSet::embedded());
        let wall = |body: &str| profiles.wall(&format!("<html><body>{body}</body></html>"));
        assert_eq!(wall("The requested URL was rejected. Please consult with your administrator. Your support ID is: 1"), Some(Wall::Blocked));
        assert_eq!(wall("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"), Some(Wall::Scripted));
        assert_eq!(wall("<div id=app></div><script src=/x.js></script>"), Some(Wall::Scripted));
        assert_eq!(wall("<p>Trang tin của tỉnh với nhiều bài viết mới mỗi ngày.</p>"), None);
    }
}
