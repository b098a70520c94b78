//! Trying a configuration: what would a night do?
//!
//! In: a configuration. Out: for each address of a portal what it answers and what would be asked for next, and one article as it would be
//! read. Never: anything written, or a request that robots.txt closes.

use super::address;
use super::config::{Config, Portal};
use super::fetch::{Client, Request};
use super::judge::{Judge, Judged, Kind};
use super::link::Link;
use super::listing::Profiles;
use super::night::Settings;
use super::outcome::Outcome;
use super::robots::Rules;
use crate::document::Reader;
use crate::extract::Extractor;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Addresses that are shown of a list.
const SHOWN: usize = 3;

/// What one address gave.
#[derive(Debug, Clone, Default)]
pub struct Tried {
    pub url: String,
    /// `robots.txt`, `list`, `feed`, `sitemap`, `article`.
    pub what: String,
    pub good: bool,
    /// What it gave, in words.
    pub told: Vec<String>,
}

/// Tries all addresses of a portal, each once, and one article.
pub struct Trial<'t> {
    judge: Judge,
    client: Client,
    settings: &'t Settings,
    config: &'t Config,
    robots: HashMap<String, Rules>,
    delay: Duration,
}

impl<'t> Trial<'t> {
    pub fn new(config: &'t Config, settings: &'t Settings) -> Self {
        let rules = settings.rules.clone();
        let judge = Judge {
            profiles: Profiles::new(&rules),
            reader: Arc::new(Reader::default().with_rules(rules.clone())),
            extractor: Extractor::with_rules(rules),
            body: config.limits.body,
        };
        let client = Client::new(&config.user_agent(), settings.guard.clone(), config.limits.body, config.limits.request);
        Self { judge, client, settings, config, robots: HashMap::new(), delay: Duration::ZERO }
    }

    /// Tries a portal; `say` is told of each address as soon as it is known. Is all well?
    pub fn portal(&mut self, portal: &Portal, mut say: impl FnMut(&Tried)) -> bool {
        self.delay = Duration::ZERO;
        if let Some(profile) = portal.profile.as_ref().filter(|p| !self.judge.profiles.knows(p)) {
            let told = vec![format!("no profile is called {profile:?}; see `solieu rules list --class portal`")];
            say(&Tried { what: "profile".to_owned(), told, ..Tried::default() });
            return false;
        }
        let given = [(Kind::Feed, &portal.feeds), (Kind::Sitemap, &portal.sitemaps), (Kind::List, &portal.start)];
        let mut good = true;
        let (mut article, mut profile, mut named) = (None, portal.profile.clone(), !portal.feeds.is_empty());
        for (kind, url) in given.iter().flat_map(|(kind, urls)| urls.iter().map(move |url| (*kind, url))) {
            let (tried, judged) = self.address(portal, kind, url, &mut say);
            good &= tried.good;
            say(&tried);
            profile = profile.or_else(|| judged.profile.clone());
            named |= judged.further.iter().any(|(kind, _)| *kind == Kind::Feed);
            article = article.or_else(|| wanted(portal, &judged.articles).next().map(|l| l.url.clone()));
        }
        if let Some(profile) = profile.filter(|_| !named) {
            self.feeds(portal, &profile, &mut say);
        }
        if let Some(url) = article {
            let (tried, _) = self.address(portal, Kind::Article, &url, &mut say);
            say(&tried);
        }
        good
    }

    /// Tries the paths at which portals of this profile have feeds, where the portal is not known to have one; tells those that are there.
    fn feeds(&mut self, portal: &Portal, profile: &str, say: &mut impl FnMut(&Tried)) {
        let paths = self.judge.profiles.feeds(profile).to_vec();
        let urls: Vec<Url> = portal.start.first().map(|start| paths.iter().filter_map(|path| start.join(path).ok()).collect()).unwrap_or_default();
        for url in urls {
            let (mut tried, judged) = self.address(portal, Kind::Feed, &url, say);
            if judged.outcome == Some(Outcome::Listed) && !judged.articles.is_empty() {
                tried.told.push(format!("{profile} has feeds here: add feeds = [\"{url}\"]"));
                say(&tried);
            }
        }
    }

    fn address(&mut self, portal: &Portal, kind: Kind, url: &Url, say: &mut impl FnMut(&Tried)) -> (Tried, Judged) {
        let mut tried = Tried { url: url.to_string(), what: kind.word().to_owned(), ..Tried::default() };
        let origin = address::origin(url);
        if !self.robots.contains_key(&origin) {
            let (rules, told) = self.rules(portal, url);
            say(&told);
            self.robots.insert(origin.clone(), rules);
        }
        if self.robots.get(&origin).is_some_and(|rules| !rules.allows(url)) {
            tried.told.push("closed by robots.txt: it would not be asked".to_owned());
            return (tried, Judged::default());
        }
        let judged = self.ask(portal, kind, url);
        tried.good = judged.outcome.is_none_or(Outcome::is_good);
        tried.told = told(portal, kind, &judged);
        (tried, judged)
    }

    fn ask(&mut self, portal: &Portal, kind: Kind, url: &Url) -> Judged {
        std::thread::sleep(self.delay);
        self.delay = self.delay.max(portal.delay);
        let exchange = self.client.ask(&Request { url, etag: None, modified: None }, self.settings.clock.now());
        match exchange {
            Ok(exchange) => self.judge.read(&exchange, kind, portal.profile.as_deref()),
            Err(failure) => Judged::failed(&failure),
        }
    }

    fn rules(&mut self, portal: &Portal, url: &Url) -> (Rules, Tried) {
        let file = url.join("/robots.txt").unwrap_or_else(|_| url.clone());
        std::thread::sleep(self.delay);
        self.delay = self.delay.max(portal.delay);
        let answer = self.client.ask(&Request { url: &file, etag: None, modified: None }, self.settings.clock.now());
        let rules = match &answer {
            Ok(exchange) => Rules::of(exchange.status, &exchange.unpacked(self.config.limits.body).unwrap_or_default()),
            Err(_) => Rules::unreachable(),
        };
        let told = match &answer {
            Err(failure) => format!("{failure}: nothing of this host would be asked"),
            Ok(exchange) if rules.unreachable => format!("status {}: nothing of this host would be asked", exchange.status),
            Ok(exchange) => {
                let delay = rules.delay().unwrap_or_default().max(portal.delay);
                self.delay = self.delay.max(delay);
                format!("status {}; one request every {delay:?}; sitemaps named: {}", exchange.status, rules.sitemaps().len())
            }
        };
        let tried = Tried { url: file.to_string(), what: "robots.txt".to_owned(), good: !rules.unreachable, told: vec![told] };
        (rules, tried)
    }
}

fn wanted<'l>(portal: &Portal, links: &'l [Link]) -> impl Iterator<Item = &'l Link> {
    links.iter().filter(move |l| portal.owns(&l.url) && portal.wants(&l.url))
}

/// What an answer says, in words.
fn told(portal: &Portal, kind: Kind, judged: &Judged) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(outcome) = judged.outcome.filter(|o| *o != Outcome::Listed) {
        out.push(format!("{}{}", outcome.word(), judged.reason.as_deref().map_or_else(String::new, |r| format!(": {r}"))));
    }
    if let Some(target) = &judged.target {
        out.push(format!("leads to {target}"));
    }
    if let Some(article) = &judged.article {
        let document = &article.document;
        let date = document.published.as_deref().unwrap_or("no date");
        let length = document.text.chars().count();
        out.push(format!("{:?}, {date}, {length} characters, {} figures", document.title.as_deref().unwrap_or("no title"), article.records.len()));
    }
    if kind != Kind::Article && judged.outcome == Some(Outcome::Listed) {
        let articles: Vec<&Link> = wanted(portal, &judged.articles).collect();
        let by = judged.profile.as_ref().map_or_else(String::new, |p| format!(" by {p}"));
        let dated = articles.iter().filter(|l| l.date.is_some()).count();
        out.push(format!(
            "{} links to articles{by}, {dated} with a date; {} are kept out by hosts and filters",
            articles.len(),
            judged.articles.len() - articles.len()
        ));
        out.extend(articles.iter().take(SHOWN).map(|l| format!("would ask for {}", l.url)));
        out.extend(judged.further.iter().take(SHOWN).map(|(kind, l)| format!("would go on to the {} {}", kind.word(), l.url)));
    }
    out
}
