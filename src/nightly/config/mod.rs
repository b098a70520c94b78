//! The list of portals and how to treat them, as TOML.
//!
//! In: the text of a configuration file. Out: [`Config`], or every fault at once, each with line and column. Never: a default that
//! makes the job less polite than [`DELAY`], a credential in an address, or a look at the network.

mod measure;
mod table;

pub use measure::Filter;

use super::address;
use crate::rules::Diagnostic;
use std::path::{Path, PathBuf};
use std::time::Duration;
use table::{At, Faults, Table};
use toml::de::DeTable;
use url::Url;

/// The least time between two requests to one server, unless the file says otherwise.
pub const DELAY: Duration = Duration::from_secs(2);

const TOP: [&str; 11] = ["contact", "store", "archive", "reports", "metrics", "webhook", "limits", "recheck", "delay", "jobs", "portal"];
const LIMITS: [&str; 9] = ["pages", "bytes", "time", "night", "body", "request", "listing-pages", "age-days", "archive-file"];
const PORTAL: [&str; 15] = [
    "name",
    "start",
    "feeds",
    "sitemaps",
    "hosts",
    "include",
    "exclude",
    "profile",
    "delay",
    "pages",
    "bytes",
    "time",
    "listing-pages",
    "age-days",
    "discover",
];

/// All that a night needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who answers for the job: a web page or a mail address, part of the User-Agent.
    pub contact: String,
    pub store: PathBuf,
    pub archive: PathBuf,
    pub reports: PathBuf,
    /// A text file for Prometheus' node exporter.
    pub metrics: Option<PathBuf>,
    /// Told of the end of a night, by POST.
    pub webhook: Option<Url>,
    pub limits: Limits,
    /// After how many days a known article is looked at again.
    pub recheck: Vec<u64>,
    /// Servers that are asked at the same time.
    pub jobs: usize,
    pub portals: Vec<Portal>,
}

/// What a night may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The whole night.
    pub night: Duration,
    /// One body, decoded, in bytes.
    pub body: u64,
    /// One request, from the name's resolution to the last byte.
    pub request: Duration,
    /// When a file of the archive is closed and another begun, in bytes.
    pub archive_file: u64,
    /// Of one portal, where the portal does not say otherwise.
    pub portal: Budget,
}

/// What one portal may cost in a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    pub pages: u64,
    pub bytes: u64,
    pub time: Duration,
    /// Pages of one list that are walked through.
    pub listing_pages: u64,
    /// Articles that are older by date of feed or sitemap are not fetched, in days.
    pub age_days: u64,
}

/// One portal.
#[derive(Debug, Clone)]
pub struct Portal {
    pub name: String,
    pub start: Vec<Url>,
    pub feeds: Vec<Url>,
    pub sitemaps: Vec<Url>,
    /// Names of hosts that belong to the portal, each with all below it.
    pub hosts: Vec<String>,
    pub include: Vec<Filter>,
    pub exclude: Vec<Filter>,
    /// The id of a rule of class `portal` that lists are read with.
    pub profile: Option<String>,
    pub delay: Duration,
    pub budget: Budget,
    /// Feeds that start pages name and sitemaps that robots.txt names are used too.
    pub discover: bool,
}

impl Portal {
    /// Is this the address of a page of the portal, by host and filters?
    pub fn owns(&self, url: &Url) -> bool {
        let host = address::bare_host(url);
        self.hosts.iter().any(|h| host == *h || host.strip_suffix(h.as_str()).is_some_and(|sub| sub.ends_with('.')))
    }

    /// Do the filters let the address pass?
    pub fn wants(&self, url: &Url) -> bool {
        let path = address::path(url);
        let included = self.include.is_empty() || self.include.iter().any(|f| f.holds(&path));
        included && !self.exclude.iter().any(|f| f.holds(&path))
    }
}

impl Config {
    /// Reads a configuration. Paths in it are below the folder of the file.
    ///
    /// # Errors
    /// With all faults of the text.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Faults { file, found: Vec::new() };
        let (parsed, errors) = DeTable::parse_recoverable(text);
        for e in &errors {
            let help = "strings stand in quotes, lists in [ ], and each [[portal]] begins a new portal";
            faults.add("toml-syntax", e.span().unwrap_or(0..0), format!("this is no TOML: {}", e.message()), "here", help);
        }
        let config = if errors.is_empty() { config(&Table::new(parsed.get_ref(), "the file", 0..0, &TOP, &mut faults), file, &mut faults) } else { None };
        match config {
            Some(config) if faults.found.is_empty() => Ok(config),
            _ => Err(faults.found),
        }
    }

    /// What servers are told of who asks.
    pub fn user_agent(&self) -> String {
        format!("solieu/{} (+{})", env!("CARGO_PKG_VERSION"), self.contact)
    }
}

fn config(top: &Table<'_>, file: &str, faults: &mut Faults<'_>) -> Option<Config> {
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    let path = |key: &str, default: &str, faults: &mut Faults<'_>| {
        folder.join(top.text(key, default, faults).map_or_else(|| PathBuf::from(default), |t| PathBuf::from(t.value)))
    };
    let contact = top.must("contact", "https://example.org/about-our-crawler", faults).filter(|c| told_contact(c, faults));
    let delay = top.parsed("delay", "2s", "time", measure::duration, faults).unwrap_or(DELAY);
    let limits = limits(top, faults);
    let tables = top.tables("portal", "a portal", &PORTAL, faults);
    let portals: Vec<Portal> = tables.iter().filter_map(|t| portal(t, delay, &limits.portal, faults)).collect();
    if tables.is_empty() {
        faults.add("missing-key", 0..0, "the file names no portal", "expected [[portal]]", "add [[portal]] with a `name` and `start`, `feeds` or `sitemaps`");
    }
    twice(&tables, faults);
    Some(Config {
        contact: contact?.value,
        store: path("store", "solieu.sqlite", faults),
        archive: path("archive", "archive", faults),
        reports: path("reports", "reports", faults),
        metrics: top.text("metrics", "solieu.prom", faults).map(|t| folder.join(t.value)),
        webhook: top.text("webhook", "https://chat.example.org/hook", faults).and_then(|t| web(&t, faults)),
        recheck: top.numbers("recheck", faults).unwrap_or_else(|| vec![1, 3, 7, 30]),
        jobs: top.number("jobs", 1, faults).map_or(8, |n| n as usize),
        limits,
        portals,
    })
}

/// A contact that a webmaster can use.
fn told_contact(contact: &At<String>, faults: &mut Faults<'_>) -> bool {
    let text = contact.value.as_str();
    let good = (text.contains('@') || text.starts_with("http")) && text.is_ascii() && !text.contains(char::is_whitespace) && !text.contains(['(', ')']);
    if !good {
        let help = "write the address of a page that tells what the job is for, or a mail address: webmasters will want to reach you";
        faults.add("bad-value", contact.span.clone(), "`contact` is no address", "this", help);
    }
    good
}

fn limits(top: &Table<'_>, faults: &mut Faults<'_>) -> Limits {
    let mut limits = Limits {
        night: Duration::from_secs(6 * 3600),
        body: 16_000_000,
        request: Duration::from_secs(60),
        archive_file: 1_000_000_000,
        portal: Budget { pages: 2000, bytes: 2_000_000_000, time: Duration::from_secs(5 * 3600), listing_pages: 10, age_days: 30 },
    };
    if let Some(table) = top.table("limits", "[limits]", &LIMITS, faults) {
        let time = |key: &str, faults: &mut Faults<'_>| table.parsed(key, "5h", "time", measure::duration, faults);
        limits.night = time("night", faults).unwrap_or(limits.night);
        limits.request = time("request", faults).unwrap_or(limits.request);
        limits.body = table.parsed("body", "16 MB", "size", measure::bytes, faults).unwrap_or(limits.body);
        limits.archive_file = table.parsed("archive-file", "1 GB", "size", measure::bytes, faults).unwrap_or(limits.archive_file);
        limits.portal = budget(&table, &limits.portal, faults);
    }
    limits
}

fn budget(table: &Table<'_>, default: &Budget, faults: &mut Faults<'_>) -> Budget {
    Budget {
        pages: table.number("pages", 1, faults).unwrap_or(default.pages),
        bytes: table.parsed("bytes", "2 GB", "size", measure::bytes, faults).unwrap_or(default.bytes),
        time: table.parsed("time", "5h", "time", measure::duration, faults).unwrap_or(default.time),
        listing_pages: table.number("listing-pages", 1, faults).unwrap_or(default.listing_pages),
        age_days: table.number("age-days", 1, faults).unwrap_or(default.age_days),
    }
}

fn portal(table: &Table<'_>, delay: Duration, limits: &Budget, faults: &mut Faults<'_>) -> Option<Portal> {
    let mut urls = |key: &str, example: &str| -> Vec<Url> {
        let texts = table.texts(key, example, faults);
        texts.iter().filter_map(|t| web(t, faults)).collect()
    };
    let start = urls("start", "https://tinh.example/tin-tuc");
    let feeds = urls("feeds", "https://tinh.example/rss");
    let sitemaps = urls("sitemaps", "https://tinh.example/sitemap.xml");
    if start.is_empty() && feeds.is_empty() && sitemaps.is_empty() && faults.found.is_empty() {
        let help = "add start = [\"https://…\"] with the pages that list articles, or feeds, or sitemaps";
        faults.add("missing-key", table.span.clone(), "the portal has nothing to begin with", "in this portal", help);
    }
    let mut filters = |key: &str| -> Vec<Filter> { table.texts(key, "/tin-tuc/", faults).iter().filter_map(|t| filter(key, t, faults)).collect() };
    let (include, exclude) = (filters("include"), filters("exclude"));
    let mut hosts: Vec<String> = table.texts("hosts", "tinh.example", faults).into_iter().map(|h| h.value.to_lowercase()).collect();
    hosts.extend(start.iter().chain(&feeds).chain(&sitemaps).map(address::bare_host));
    hosts.sort();
    hosts.dedup();
    Some(Portal {
        name: table.must("name", "Hòa Bình", faults)?.value,
        start,
        feeds,
        sitemaps,
        hosts,
        include,
        exclude,
        profile: table.text("profile", "portal.nukeviet", faults).map(|t| t.value),
        delay: table.parsed("delay", "2s", "time", measure::duration, faults).unwrap_or(delay),
        budget: budget(table, limits, faults),
        discover: table.flag("discover", faults).unwrap_or(true),
    })
}

fn filter(key: &str, text: &At<String>, faults: &mut Faults<'_>) -> Option<Filter> {
    let read = Filter::read(&text.value);
    if read.is_none() {
        let help = "write it as in robots.txt: /tin-tuc/ for all below it, * for anything, $ for the end";
        faults.add("bad-value", text.span.clone(), format!("`{key}` holds paths, which begin with / or *"), "this", help);
    }
    read
}

fn web(text: &At<String>, faults: &mut Faults<'_>) -> Option<Url> {
    match address::parse(&text.value, None) {
        Ok(url) => Some(url),
        Err(reason) => {
            faults.add("bad-address", text.span.clone(), reason.to_string(), "this address", "write the whole address: https://tinh.example/tin-tuc");
            None
        }
    }
}

/// Names tell portals apart in every report.
fn twice(tables: &[Table<'_>], faults: &mut Faults<'_>) {
    let mut quiet = Faults { file: "", found: Vec::new() };
    let names: Vec<At<String>> = tables.iter().filter_map(|t| t.text("name", "", &mut quiet)).collect();
    for (i, name) in names.iter().enumerate() {
        if names[..i].iter().any(|n| n.value == name.value) {
            faults.add("duplicate-name", name.span.clone(), format!("two portals are called {:?}", name.value), "again", "give each a name of its own");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(&'static str, (usize, usize))> {
        Config::read("portals.toml", text).unwrap_err().iter().map(|d| (d.code, d.position(text))).collect()
    }

    const GOOD: &str = "contact = \"data@example.org\"\n[[portal]]\nname = \"A\"\nstart = [\"https://www.a.example/tin\"]\n";

    #[test]
    fn a_portal_is_a_few_lines() {
        let config = Config::read("dir/portals.toml", GOOD).unwrap();
        let portal = &config.portals[0];
        assert_eq!((portal.hosts.as_slice(), portal.delay), (&["a.example".to_owned()][..], DELAY));
        assert_eq!(config.store, Path::new("dir/solieu.sqlite"));
        assert!(config.user_agent().ends_with("(+data@example.org)"));
        let url = |u: &str| Url::parse(u).unwrap();
        assert!(portal.owns(&url("http://so.a.example/x")) && !portal.owns(&url("https://ba.example/x")));
    }

    #[test]
    fn faults_are_told_all_at_once_with_their_places() {
        let text = "contact = \"me\"\nstorr = \"x\"\n[limits]\nbody = \"many\"\n[[portal]]\nname = 7\nstart = [\"ftp://a\"]\ninclude = [\"tin\"]\n";
        let found = faults(text);
        for expected in [("bad-value", (1, 11)), ("unknown-key", (2, 1)), ("bad-value", (4, 8)), ("wrong-type", (6, 8)), ("bad-address", (7, 10))] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
    }

    #[test]
    fn what_is_missing_or_there_twice_is_told() {
        assert!(faults("[[portal]]\nname = \"A\"\nstart = [\"https://a.example\"]").iter().any(|f| f.0 == "missing-key"));
        assert!(faults("contact = \"a@b\"").iter().any(|f| f.0 == "missing-key"));
        assert!(faults("contact = \"a@b\"\n[[portal]]\nname = \"A\"").iter().any(|f| f.0 == "missing-key"));
        let again = format!("{GOOD}[[portal]]\nname = \"A\"\nstart = [\"https://b.example\"]");
        assert_eq!(faults(&again), [("duplicate-name", (6, 8))]);
        assert_eq!(faults("contact = ")[0].0, "toml-syntax");
    }

    #[test]
    fn an_address_with_a_password_is_refused() {
        assert_eq!(faults(&GOOD.replace("www.a", "user:pass@a"))[0].0, "bad-address");
    }
}
