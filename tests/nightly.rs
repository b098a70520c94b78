//! The nightly job against a simulator of portals, through the real program: three nights compared with what is known to be true, a
//! night that is killed again and again, and machines that must not be asked.

#![cfg(feature = "nightly")]

mod sim;
mod venv;

use rusqlite::Connection;
use sim::world::{Article, Shape, Site};
use sim::{Hit, Reply, Sim};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SOLIEU: &str = env!("CARGO_BIN_EXE_solieu");
const DELAY: Duration = Duration::from_millis(15);

type Figures = BTreeSet<(String, String)>;

fn configure(dir: &Path, portals: &str) {
    let head = "contact = \"nightly@test.example\"\ndelay = \"15ms\"\nmetrics = \"solieu.prom\"\n[limits]\nrequest = \"1s\"\nbody = \"1 MB\"\n";
    std::fs::write(dir.join("portals.toml"), format!("{head}{portals}")).unwrap();
}

fn nightly(dir: &Path, sim: &Sim, now: &str) -> Command {
    let mut command = Command::new(SOLIEU);
    command.arg("nightly").arg(dir.join("portals.toml")).args(sim.arguments()).args(["--now", now, "--again", "60", "--log", "json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn told(output: &Output) -> String {
    let all = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = all.lines().collect();
    lines[lines.len().saturating_sub(4)..].join("\n")
}

fn night(dir: &Path, sim: &Sim, now: &str, status: i32) -> serde_json::Value {
    let output = nightly(dir, sim, now).output().unwrap();
    assert_eq!(output.status.code(), Some(status), "{}", told(&output));
    serde_json::from_str(&std::fs::read_to_string(dir.join("reports/report.json")).unwrap()).unwrap()
}

fn store(dir: &Path) -> Connection {
    Connection::open(dir.join("solieu.sqlite")).unwrap()
}

fn pairs(connection: &Connection, sql: &str) -> Vec<(String, String)> {
    connection.prepare(sql).unwrap().query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Address and quote of each figure of a run. A figure that is there twice is a fault.
fn figures(dir: &Path, run: i64) -> Figures {
    let all = pairs(&store(dir), &format!("SELECT document, quote FROM figures WHERE run = {run}"));
    let set: Figures = all.iter().cloned().collect();
    assert_eq!(all.len(), set.len(), "a figure is stored twice");
    set
}

/// What the archive alone gives, as lines of JSON.
fn extracted(path: &Path) -> BTreeSet<String> {
    let output = Command::new(SOLIEU).args(["extract", "--format", "jsonl"]).arg(path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn stored(dir: &Path, run: i64) -> BTreeSet<String> {
    pairs(&store(dir), &format!("SELECT body, '' FROM figures WHERE run = {run}")).into_iter().map(|(body, _)| body).collect()
}

fn archives(dir: &Path, night: i64) -> Vec<std::path::PathBuf> {
    let names = pairs(&store(dir), &format!("SELECT path, '' FROM nightly_archives WHERE night = {night} ORDER BY path"));
    names.into_iter().map(|(name, _)| dir.join("archive").join(name)).collect()
}

/// Never two requests at once to a server, and never one sooner than its delay after the last.
fn is_polite(log: &[Hit], delays: &BTreeMap<usize, Duration>) {
    for server in log.iter().map(|h| h.server).collect::<BTreeSet<_>>() {
        let mut hits: Vec<&Hit> = log.iter().filter(|h| h.server == server).collect();
        hits.sort_by_key(|h| h.began);
        let delay = delays.get(&server).copied().unwrap_or(DELAY);
        for two in hits.windows(2) {
            assert!(two[1].began >= two[0].ended, "two at once to server {server}: {} {} and {} {}", two[0].host, two[0].path, two[1].host, two[1].path);
            let gap = two[1].began - two[0].ended;
            assert!(gap >= delay, "{gap:?} between {} and {} of server {server}", two[0].path, two[1].path);
        }
        assert!(hits.iter().all(|h| h.agent.starts_with("solieu/") && h.agent.ends_with("(+nightly@test.example)")));
    }
}

fn country() -> Vec<Site> {
    vec![
        Site::new("tinhmot.example", Shape::NukeViet, 0, 110),
        Site::new("so.tinhmot.example", Shape::WordPress, 1000, 90),
        Site::new("tinhhai.example", Shape::Liferay, 2000, 100),
        Site::new("tinhba.example", Shape::DotNet, 3000, 100),
        Site::new("tinhbon.example", Shape::Unknown, 4000, 90),
    ]
}

const PORTALS: &str = r#"
[[portal]]
name = "Tỉnh Một"
feeds = ["http://tinhmot.example/rss/"]
start = ["http://tinhmot.example/vi/news/"]
[[portal]]
name = "Sở của Tỉnh Một"
start = ["http://so.tinhmot.example/"]
[[portal]]
name = "Tỉnh Hai"
start = ["http://tinhhai.example/tin-tuc"]
[[portal]]
name = "Tỉnh Ba"
start = ["http://tinhba.example/tin.aspx?cn=12"]
exclude = ["/quan-tri/"]
[[portal]]
name = "Tỉnh Bốn"
start = ["http://tinhbon.example/tin-tuc", "http://tinhbon.example/le"]
"#;

/// Pages that are all odd, and what must come of each.
const ODD: [(&str, &str); 12] = [
    ("/tin-tuc/rat-cham-20001.htm", "slow"),
    ("/tin-tuc/bi-cat-20002.htm", "broken"),
    ("/tin-tuc/bom-nen-20003.htm", "too_large"),
    ("/tin-tuc/rat-lon-20004.htm", "too_large"),
    ("/tin-tuc/cam-vao-20005.htm", "blocked"),
    ("/tin-tuc/tuong-lua-20006.htm", "blocked"),
    ("/tin-tuc/can-ma-20007.htm", "needs_js"),
    ("/tin-tuc/vong-tron-20008.htm", "broken"),
    ("/tin-tuc/di-xa-20009.htm", "elsewhere"),
    ("/tin-tuc/dong-cua-20010.htm", "robots"),
    ("/tin-tuc/loi-may-20011.htm", "server_error"),
    ("/tin-tuc/tep-xau-20012.htm", "refused"),
];

fn put_odd(sim: &Sim) {
    let host = "tinhbon.example";
    let replies = [
        Reply::Drip,
        Reply::Cut,
        Reply::bomb(),
        Reply::Huge(3 << 20),
        Reply::Status(403, vec![], "no".into()),
        Reply::html("<html><body>The requested URL was rejected. Please consult with your administrator. Your support ID is: 77</body></html>"),
        Reply::html(
            "<html><body><noscript>You need to enable JavaScript to run this app.</noscript><div id=\"root\"></div><script src=\"/a.js\"></script></body></html>",
        ),
        Reply::Redirect(302, "/tin-tuc/vong-tron-30001.htm".into()),
        Reply::Redirect(302, "http://nuocngoai.example/".into()),
        Reply::html("<html></html>"),
        Reply::Status(500, vec![], "x".into()),
        Reply::Redirect(302, "file:///etc/passwd".into()),
    ];
    for ((path, _), reply) in ODD.iter().zip(replies) {
        sim.put(host, path, reply);
    }
    // Each leads to the next, and none to an end.
    for n in 30001..30012 {
        sim.put(host, &format!("/tin-tuc/vong-tron-{n}.htm"), Reply::Redirect(302, format!("/tin-tuc/vong-tron-{}.htm", n + 1)));
    }
    sim.put(host, "/tin-tuc/doi-cho-20020.htm", Reply::Redirect(301, "/tin-tuc/bai-viet-10001.htm".into()));
    sim.put(host, "/tin-tuc/het-roi-20021.htm", Reply::Status(410, vec![], "gone".into()));
    let links = ODD.iter().map(|(path, _)| *path).chain(["/tin-tuc/doi-cho-20020.htm", "/tin-tuc/het-roi-20021.htm", "/tin-tuc/thu-lai-20022.htm"]);
    let list: String = links.map(|path| format!("<p><a href=\"{path}\">Một bài có tên dài như mọi bài</a></p>")).collect();
    sim.put(host, "/le", Reply::html(format!("<html><body>{list}</body></html>")));
    sim.put(host, "/robots.txt", Reply::of("text/plain", "User-agent: *\nDisallow: /tin-tuc/dong-cua\n"));
}

/// An article that answers only at the third try.
fn flaky() -> Site {
    let mut site = Site::new("tinhbon.example", Shape::Unknown, 9000, 1);
    site.articles[0].number = 12;
    site
}

fn publish(sim: &Sim, sites: &[Site]) {
    sites.iter().for_each(|site| site.publish(sim));
}

fn number(report: &serde_json::Value, portal: &str, key: &str) -> u64 {
    let portals = report["portals"].as_array().unwrap();
    portals.iter().find(|p| p["name"] == portal).unwrap()[key].as_u64().unwrap()
}

#[test]
fn three_nights_give_what_is_true() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinhmot.example", "so.tinhmot.example"], &["tinhhai.example"], &["tinhba.example"], &["tinhbon.example"]]);
    let mut sites = country();
    configure(dir.path(), PORTALS);
    sim.put("tinhhai.example", "/robots.txt", Reply::of("text/plain", "User-agent: *\nCrawl-delay: 0.03\nSitemap: http://tinhhai.example/sitemap.xml\n"));
    put_odd(&sim);
    publish(&sim, &sites);
    let again = flaky();
    sim.put("tinhbon.example", "/tin-tuc/thu-lai-20022.htm", Reply::Flaky(503, 2, Box::new(Reply::html(again.page(&again.articles[0])))));
    let delays = BTreeMap::from([(1, Duration::from_millis(30))]);

    // The first night: every article once, every figure once.
    let report = night(dir.path(), &sim, "2025-11-13T02:00:00+07:00", 0);
    let log = sim.take_log();
    is_polite(&log, &delays);
    let mut truth: Figures = sites.iter().flat_map(Site::figures).collect();
    truth.extend(again.articles[0].figures.iter().map(|(q, _)| ("http://tinhbon.example/tin-tuc/thu-lai-20022.htm".to_owned(), q.clone())));
    let run = report["run"].as_i64().unwrap();
    let found = figures(dir.path(), run);
    assert_eq!(truth.difference(&found).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "missing");
    assert_eq!(found.difference(&truth).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "too many");
    for site in &sites {
        for article in &site.articles {
            let path = site.path(article.number);
            assert_eq!(log.iter().filter(|h| h.host == site.host && h.path == path).count(), 1, "{path}");
        }
    }
    odd_pages_are_told(dir.path(), &report);
    archive_is_the_store(dir.path(), 1, run);

    // The second: new articles, corrected figures, articles that are gone, the same release elsewhere.
    let (fresh, corrected) = second_day(&sim, &mut sites);
    let report = night(dir.path(), &sim, "2025-11-14T02:00:00+07:00", 0);
    let log = sim.take_log();
    is_polite(&log, &delays);
    let run = report["run"].as_i64().unwrap();
    assert_eq!(figures(dir.path(), run), fresh);
    archive_is_the_store(dir.path(), 2, run);
    let changes: Figures =
        report["changes"].as_array().unwrap().iter().map(|c| (c["old"].as_str().unwrap().into(), c["new"].as_str().unwrap().into())).collect();
    assert_eq!(changes, corrected);
    assert_eq!(report["near"].as_array().unwrap().len(), 1, "{}", report["near"]);
    let portals = report["portals"].as_array().unwrap();
    let outcomes = |word: &str| portals.iter().map(|p| p["outcomes"][word].as_u64().unwrap_or(0)).sum::<u64>();
    assert_eq!((outcomes("duplicate"), outcomes("changed"), outcomes("gone")), (1, 3, 1));
    assert!(log.iter().filter(|h| h.status == 304).count() > 300, "pages that did not change are asked for conditionally");

    // The third: nothing is new. Checks of articles wait until their day.
    let report = night(dir.path(), &sim, "2025-11-15T02:00:00+07:00", 0);
    is_polite(&sim.take_log(), &delays);
    assert_eq!(figures(dir.path(), report["run"].as_i64().unwrap()), Figures::new());
    assert_eq!((number(&report, "Tỉnh Một", "new"), number(&report, "Tỉnh Một", "changed")), (0, 0));
    let html = std::fs::read_to_string(dir.path().join("reports/report.html")).unwrap();
    assert!(html.contains("Tỉnh Bốn") && html.contains("<svg") && !html.contains("<script"));
    assert!(std::fs::read_to_string(dir.path().join("solieu.prom")).unwrap().contains("solieu_nightly_articles_new{portal=\"Tỉnh Một\"} 0"));
}

/// Edits between the first night and the second: figures that are new then, and pairs of corrected ones.
fn second_day(sim: &Sim, sites: &mut [Site]) -> (Figures, Figures) {
    let (mut fresh, mut corrected) = (Figures::new(), Figures::new());
    for (i, site) in sites.iter_mut().enumerate() {
        for n in 0..2 {
            let number = site.articles.len() + 1;
            site.articles.push(Article { day: 13, ..Article::new(7000 + i * 10 + n, number) });
            fresh.extend(site.articles[number - 1].figures.iter().map(|(q, _)| (site.url(number), q.clone())));
        }
    }
    for (site, at) in [(0, 3), (2, 40), (3, 8)] {
        let pair = sites[site].articles[at].correct(2000 + at);
        let url = sites[site].url(at + 1);
        fresh.extend(sites[site].articles[at].figures.iter().map(|(q, _)| (url.clone(), q.clone())));
        corrected.insert(pair);
    }
    // The same release on another portal, word by word, and with another first line: one text is stored once, the other is another.
    let (first, second) = (sites[0].articles[20].clone(), sites[0].articles[21].clone());
    let number = sites[3].articles.len() + 1;
    sites[3].articles.push(Article { number, day: 13, ..first });
    let mut reposted = Article { number: number + 1, day: 13, ..second };
    reposted.filler[0] = format!("Theo tin từ cổng bạn. {}", reposted.filler[0]);
    fresh.extend(reposted.figures.iter().map(|(q, _)| (sites[3].url(number + 1), q.clone())));
    sites[3].articles.push(reposted);
    publish(sim, sites);
    sim.remove(sites[1].host, &sites[1].path(5));
    (fresh, corrected)
}

fn odd_pages_are_told(dir: &Path, report: &serde_json::Value) {
    let portals = report["portals"].as_array().unwrap();
    let failures = portals.iter().find(|p| p["name"] == "Tỉnh Bốn").unwrap()["failures"].as_array().unwrap();
    for (path, outcome) in ODD.iter().filter(|(path, _)| !path.contains("vong-tron")) {
        let told: Vec<&str> = failures.iter().filter(|f| f["url"].as_str().unwrap().ends_with(path)).map(|f| f["outcome"].as_str().unwrap()).collect();
        assert_eq!(told, [*outcome], "{path}");
    }
    assert!(failures.iter().any(|f| f["reason"].as_str().is_some_and(|r| r.contains("redirects in a row"))), "{failures:?}");
    let tries = "SELECT url, count(*) || '' FROM nightly_fetches WHERE url LIKE '%cham-20001%' OR url LIKE '%cam-vao%' GROUP BY url ORDER BY url";
    let tries: Vec<String> = pairs(&store(dir), tries).into_iter().map(|(_, n)| n).collect();
    assert_eq!(tries, ["1", "3"], "what may pass is tried three times, what is forbidden once");
}

/// What is read out of the archive of a night alone is what the store has of it.
fn archive_is_the_store(dir: &Path, night: i64, run: i64) {
    let files = archives(dir, night);
    assert_eq!(files.len(), 1);
    checked_by_warcio(&files);
    let (archive, store) = (extracted(&files[0]), stored(dir, run));
    assert!(archive == store, "only in the archive: {:?}\nonly in the store: {:?}", archive.difference(&store).next(), store.difference(&archive).next());
}

/// Delays that differ, and are the same in every run of the test.
fn delays() -> impl Iterator<Item = Duration> {
    let mut dice = sim::world::Dice::new(3);
    (0u64..).map(move |i| Duration::from_millis(60 + dice.roll(200) as u64 + 5 * i))
}

#[test]
fn a_night_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing() {
    let sim = Sim::start(&[&["tinhmot.example", "so.tinhmot.example"], &["tinhba.example"]]);
    let sites = [
        Site::new("tinhmot.example", Shape::NukeViet, 0, 45),
        Site::new("so.tinhmot.example", Shape::WordPress, 1000, 30),
        Site::new("tinhba.example", Shape::DotNet, 3000, 60),
    ];
    publish(&sim, &sites);
    let portals = PORTALS.split("[[portal]]").filter(|p| p.contains("tinhmot") || p.contains("tinhba")).map(|p| format!("[[portal]]{p}")).collect::<String>();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), &portals);
    let mut kills = 0;
    for delay in delays().take(200) {
        let mut child = nightly(dir.path(), &sim, "2025-11-13T02:00:00+07:00").stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(delay);
        if child.try_wait().unwrap().is_some_and(|s| s.code() == Some(0)) {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    let output = nightly(dir.path(), &sim, "2025-11-13T02:00:00+07:00").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(kills > 2, "the night was too short to be killed: {kills}");
    let connection = store(dir.path());
    let run: i64 = connection.query_row("SELECT min(run) FROM nightly_nights", [], |r| r.get(0)).unwrap();
    let truth: Figures = sites.iter().flat_map(Site::figures).collect();
    let found = figures(dir.path(), run);
    let differ: Vec<_> = truth.symmetric_difference(&found).take(9).collect();
    assert!(differ.is_empty(), "after {kills} kills: {} of {}: {differ:?}", found.len(), truth.len());
    let log = sim.take_log();
    let articles: usize = sites.iter().map(|s| s.articles.len()).sum();
    let asked = log.iter().filter(|h| sites.iter().any(|s| s.host == h.host && s.articles.iter().any(|a| s.path(a.number) == h.path))).count();
    // What was under way when the process was killed is asked for again: at most one page of each server.
    assert!(asked >= articles && asked <= articles + 2 * kills, "{asked} requests for {articles} articles, {kills} kills");
    let twice = pairs(&connection, "SELECT url, outcome FROM nightly_fetches WHERE kind = 'article' AND night = 1 GROUP BY url HAVING count(*) > 1");
    assert!(twice.is_empty(), "fetched twice though done: {twice:?}");
    archive_is_the_store(dir.path(), 1, run);
    println!("killed {kills} times; {asked} requests for {articles} articles");
}

#[test]
fn two_nights_do_not_overlap() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinhmot.example"]]);
    let site = Site::new("tinhmot.example", Shape::NukeViet, 0, 200);
    site.publish(&sim);
    configure(dir.path(), "[[portal]]\nname = \"A\"\nstart = [\"http://tinhmot.example/vi/news/\"]\n");
    let first = nightly(dir.path(), &sim, "2025-11-13T02:00:00+07:00").spawn().unwrap();
    let began = Instant::now();
    while sim.take_log().is_empty() && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = nightly(dir.path(), &sim, "2025-11-13T02:00:00+07:00").output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(told(&second).contains(&format!("process {}", first.id())), "{}", told(&second));
    assert_eq!(first.wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn machines_of_private_networks_are_not_asked() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["noibo.example"]]);
    Site::new("noibo.example", Shape::NukeViet, 0, 3).publish(&sim);
    let address = sim.address("noibo.example");
    configure(
        dir.path(),
        &format!("[[portal]]\nname = \"A\"\nstart = [\"http://{address}/vi/news/\"]\n[[portal]]\nname = \"B\"\nstart = [\"http://noibo.example/\"]\n"),
    );
    let mut command = Command::new(SOLIEU);
    command.arg("nightly").arg(dir.path().join("portals.toml")).args(["--resolve", &format!("noibo.example={address}")]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("which is no public address"), "{}", told(&output));
    assert!(sim.take_log().is_empty());
}

#[test]
fn a_redirect_into_a_private_network_is_not_followed() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinh.example"], &["noibo.tinh.example"]]);
    let site = Site::new("tinh.example", Shape::Unknown, 0, 3);
    site.publish(&sim);
    sim.put("tinh.example", &site.path(1), Reply::Redirect(302, "http://noibo.tinh.example/mat.htm".into()));
    sim.put("tinh.example", &site.path(2), Reply::Redirect(302, format!("http://{}/mat.htm", sim.address("noibo.tinh.example"))));
    configure(dir.path(), "[[portal]]\nname = \"A\"\nstart = [\"http://tinh.example/tin-tuc\"]\n");
    let hosts = ["tinh.example", "noibo.tinh.example"].map(|h| format!("--resolve={h}={}", sim.address(h)));
    let mut command = Command::new(SOLIEU);
    command.arg("nightly").arg(dir.path().join("portals.toml")).args(hosts).args(["--allow-private", "127.0.0.2/32", "--now", "2025-11-13T02:00:00+07:00"]);
    let output = command.output().unwrap();
    let log = sim.take_log();
    assert!(log.iter().all(|h| h.host == "tinh.example"), "a private machine was asked");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("is at 127.0.0.3, which is no public address") && text.contains("elsewhere"), "{text}");
    assert!(log.iter().any(|h| h.path == site.path(3)));
}

/// The archives of a night, as another tool checks them.
fn checked_by_warcio(files: &[std::path::PathBuf]) {
    let Some(python) = venv::python("warcio", &[("tests/python/warcio.txt", &[])]) else { return };
    let output = Command::new(&python).args(["-m", "warcio.cli", "check", "-v"]).args(files).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !text.contains("fail") && text.contains("digest pass"), "{text}");
}

#[test]
fn a_server_without_rules_is_left_alone_and_one_that_asks_for_less_is_asked_less() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["dong.example"], &["ban.example"]]);
    let site = Site::new("ban.example", Shape::Unknown, 0, 4);
    site.publish(&sim);
    Site::new("dong.example", Shape::Unknown, 0, 4).publish(&sim);
    sim.put("dong.example", "/robots.txt", Reply::Status(503, vec![], "x".into()));
    let busy = Reply::Status(429, vec![("Retry-After".into(), "1".into())], "x".into());
    let Reply::Status(..) = &busy else { unreachable!() };
    sim.put("ban.example", &site.path(4), Reply::Flaky(429, 1, Box::new(Reply::html(site.page(&site.articles[3])))));
    configure(
        dir.path(),
        "[[portal]]\nname = \"A\"\nstart = [\"http://dong.example/tin-tuc\"]\n[[portal]]\nname = \"B\"\nstart = [\"http://ban.example/tin-tuc\"]\n",
    );
    let report = night(dir.path(), &sim, "2025-11-13T02:00:00+07:00", 1);
    let log = sim.take_log();
    assert_eq!(log.iter().filter(|h| h.host == "dong.example").map(|h| h.path.as_str()).collect::<Vec<_>>(), ["/robots.txt"]);
    assert_eq!(number(&report, "B", "new"), 4);
    let alerts: Vec<&str> = report["portals"][0]["alerts"].as_array().unwrap().iter().map(|a| a["code"].as_str().unwrap()).collect();
    assert_eq!(alerts, ["robots"]);
    let after: Vec<&Hit> = log.iter().filter(|h| h.host == "ban.example").skip_while(|h| h.status != 429).collect();
    assert!(after.len() > 1 && after.windows(2).all(|two| two[1].began - two[0].ended >= DELAY * 2), "half as often from then on");
}

#[test]
fn budgets_leave_the_rest_to_the_next_night() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinhmot.example"]]);
    let site = Site::new("tinhmot.example", Shape::NukeViet, 0, 30);
    site.publish(&sim);
    configure(dir.path(), "[[portal]]\nname = \"A\"\nstart = [\"http://tinhmot.example/vi/news/\"]\npages = 20\n");
    let mut all = Figures::new();
    for (day, new) in [(13, 17), (14, 13)] {
        let report = night(dir.path(), &sim, &format!("2025-11-{day}T02:00:00+07:00"), 0);
        assert_eq!(number(&report, "A", "new"), new, "{report:#}");
        all.extend(figures(dir.path(), report["run"].as_i64().unwrap()));
    }
    assert_eq!(all, site.figures());
}

#[test]
fn a_configuration_is_tried_without_a_trace() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinhmot.example"]]);
    Site::new("tinhmot.example", Shape::NukeViet, 0, 30).publish(&sim);
    configure(dir.path(), "[[portal]]\nname = \"A\"\nstart = [\"http://tinhmot.example/vi/news/\"]\nfeeds = [\"http://tinhmot.example/rss/\"]\n");
    let check = |more: &[&str]| {
        let mut command = Command::new(SOLIEU);
        command.args(["portals", "check"]).arg(dir.path().join("portals.toml")).args(more).args(sim.arguments());
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (status, text) = check(&[]);
    assert_eq!(status, Some(0), "{text}");
    for part in [
        "by portal.nukeviet",
        "20 links to articles",
        "20 with a date",
        "would ask for http://tinhmot.example/vi/news/thoi-su/bai-viet-so-30.html",
        "3 figures",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert_eq!(sim.take_log().len(), 4);
    // Without the feed it is found where portals of this profile have one.
    configure(dir.path(), "[[portal]]\nname = \"A\"\nstart = [\"http://tinhmot.example/vi/news/\"]\n");
    let (status, text) = check(&[]);
    assert!(status == Some(0) && text.contains("add feeds = [\"http://tinhmot.example/rss/\"]"), "{text}");
    sim.take_log();
    assert_eq!(check(&["--offline"]).0, Some(0));
    assert!(sim.take_log().is_empty());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "something was written");
    std::fs::write(dir.path().join("portals.toml"), "contact = \"a@b\"\n[[portal]]\nnam = \"A\"\n").unwrap();
    let (status, text) = check(&["--offline"]);
    assert!(status == Some(2) && text.contains("portals.toml:3:1") && text.contains("did you mean `name`?"), "{text}");
}

#[test]
fn old_archives_make_room_and_what_is_stored_stays() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinhmot.example"]]);
    let site = Site::new("tinhmot.example", Shape::NukeViet, 0, 5);
    site.publish(&sim);
    configure(
        dir.path(),
        "recheck = [1, 2, 400]\n[[portal]]\nname = \"A\"\nstart = [\"http://tinhmot.example/vi/news/\"]\n".replace("recheck = [1, 2, 400]\n", "").as_str(),
    );
    let report = night(dir.path(), &sim, "2025-11-13T02:00:00+07:00", 0);
    let prune = |more: &[&str]| {
        let mut command = Command::new(SOLIEU);
        command.arg("prune").arg(dir.path().join("portals.toml")).args([
            "--archives",
            "30",
            "--history",
            "30",
            "--reports",
            "30",
            "--now",
            "2026-01-13T02:00:00+07:00",
        ]);
        String::from_utf8(command.args(more).output().unwrap().stdout).unwrap()
    };
    assert!(prune(&["--dry-run"]).starts_with("would remove 1 archive files"));
    assert_eq!(archives(dir.path(), 1).iter().filter(|p| p.exists()).count(), 1);
    assert!(prune(&[]).starts_with("removed 1 archive files"));
    assert_eq!(archives(dir.path(), 1).iter().filter(|p| p.exists()).count(), 0);
    assert_eq!(figures(dir.path(), report["run"].as_i64().unwrap()), site.figures());
    // A page whose body is gone from the archive is archived anew, and no record is doubled.
    sim.take_log();
    let report = night(dir.path(), &sim, "2026-01-14T02:00:00+07:00", 0);
    assert_eq!(number(&report, "A", "new") + number(&report, "A", "changed"), 0);
    assert!(sim.take_log().iter().filter(|h| h.path.ends_with(".html")).all(|h| h.status == 200 && !h.conditional));
}

#[test]
fn a_server_that_speaks_no_tls_is_told_as_such_and_the_webhook_keeps_its_secret() {
    let dir = TempDir::new().unwrap();
    let sim = Sim::start(&[&["tinh.example", "hook.example"]]);
    let plain = std::net::TcpListener::bind("127.0.0.9:0").unwrap();
    let address = plain.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in plain.incoming().flatten() {
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let hook = sim.address("hook.example");
    sim.put("127.0.0.2", "/hook/geheim", Reply::html("ok"));
    let portals = "[[portal]]\nname = \"A\"\nstart = [\"https://khong-tls.example/tin-tuc\"]\n";
    for (path, heard) in [("geheim", true), ("geheim-2", false)] {
        configure(dir.path(), "");
        let text = std::fs::read_to_string(dir.path().join("portals.toml")).unwrap();
        std::fs::write(dir.path().join("portals.toml"), format!("webhook = \"http://{hook}/hook/{path}\"\n{text}{portals}")).unwrap();
        let output = nightly(dir.path(), &sim, "2025-11-13T02:00:00+07:00").args(["--resolve", &format!("khong-tls.example={address}")]).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("tls_error"), "{text}");
        assert_eq!(text.contains("\"event\":\"webhook\"") && text.contains("status 404"), !heard, "{text}");
        assert!(!text.contains("geheim"), "the secret of the webhook is logged");
        assert_eq!(sim.take_log().iter().filter(|h| h.path == format!("/hook/{path}")).count(), 1);
    }
    let report: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(dir.path().join("reports/report.json")).unwrap()).unwrap();
    assert_eq!(report["portals"][0]["alerts"][0]["code"], "tls_error", "{report:#}");
}
