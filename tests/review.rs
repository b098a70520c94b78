//! `solieu review` as a browser meets it: a real server over a real store, asked over a real connection.

#![cfg(feature = "review")]

use assert_cmd::cargo::cargo_bin;
use solieu::store::{Asked, Store, Verdict};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const OLD: &str = "Năm 2024, tỉnh Lai Châu có 94 xã đạt chuẩn nông thôn mới. Tỷ lệ hộ nghèo còn 18,5%. Huyện Sơn Động có 12/24 xã (60%) đạt chuẩn.";
const HOSTILE: &str = "<script>alert(1)</script> <img src=x onerror=alert(2)> Năm 2024, tỉnh \u{202e}Lai Châu\u{202c} có 94 xã \"><b onclick='x'>đạt chuẩn</b> [x](javascript:alert(3)). \
                       <a href=\"javascript:alert(4)\">Có thêm</a> 15/12 xã.";

fn solieu(arguments: &[&str]) {
    let done = Command::new(cargo_bin("solieu")).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn extract(dir: &Path, rows: &[(&str, &str, &str)]) -> PathBuf {
    let text: Vec<String> =
        rows.iter().map(|(id, url, text)| serde_json::json!({"id": id, "url": url, "text": text, "title": format!("{id} <i>")}).to_string()).collect();
    let (input, store) = (dir.join("in.jsonl"), dir.join("s.sqlite"));
    std::fs::write(&input, text.join("\n")).unwrap();
    solieu(&["extract", input.to_str().unwrap(), "--store", store.to_str().unwrap()]);
    store
}

/// A store of two runs that differ in a value and a figure.
fn two_runs(dir: &Path) -> PathBuf {
    extract(dir, &[("tin-1", "https://example.org/1", OLD)]);
    extract(dir, &[("tin-1", "https://example.org/1", &OLD.replace("18,5%", "17,5%").replace("Huyện", "Có thêm 7 hợp tác xã. Huyện"))])
}

/// A running `solieu review`.
struct Site {
    child: Child,
    address: String,
    url: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Site {
    fn start(store: &str, more: &[&str]) -> Self {
        let mut command = Command::new(cargo_bin("solieu"));
        command.arg("review").arg(store).args(more).env("SOLIEU_REVIEW_TOKEN", "a-token-of-many-letters");
        if !more.contains(&"--allow-remote") {
            command.env_remove("SOLIEU_REVIEW_TOKEN").args(["--port", "0"]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        Self { child, address, url }
    }

    fn send(&self, head: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let own = headers.iter().any(|(name, _)| *name == "Host");
        let host = if own { String::new() } else { format!("Host: {}\r\n", self.address) };
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length =
            if body.is_empty() { String::new() } else { format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len()) };
        write!(stream, "{head} HTTP/1.1\r\n{host}{more}{length}Connection: close\r\n\r\n{body}").unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let headers = head.lines().skip(1).filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_ascii_lowercase(), v.to_owned())).collect();
        Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), headers, body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[("Accept-Language", "en")], "")
    }

    /// The token that the forms of these pages bring back.
    fn form(&self) -> String {
        let page = self.get("/items").body;
        page.split("name=\"form\" value=\"").nth(1).unwrap()[..32].to_owned()
    }

    fn post(&self, path: &str, fields: &str) -> Answer {
        let body = format!("form={}&{fields}", self.form());
        self.send(&format!("POST {path}"), &[("Origin", &format!("http://{}", self.address)), ("Accept-Language", "en")], &body)
    }

    /// Keys of the items that a filter asks for, as the list shows them.
    fn keys(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("/items?{query}")).body;
        let list = page.split("<ol start").nth(1).unwrap_or_default().split("</ol>").next().unwrap();
        list.split("at=").skip(1).map(|part| part[..16].to_owned()).collect()
    }
}

fn started(dir: &Path) -> Site {
    Site::start(two_runs(dir).to_str().unwrap(), &["--reviewer", "An"])
}

fn log(dir: &Path) -> Vec<(String, Verdict)> {
    let store = Store::existing(&dir.join("s.sqlite")).unwrap();
    store.decisions(Asked::default()).unwrap().into_iter().map(|d| (d.said.reviewer, d.said.verdict)).collect()
}

#[test]
fn only_the_pages_of_this_program_are_answered() {
    let dir = TempDir::new().unwrap();
    let site = started(dir.path());
    let port = site.address.rsplit(':').next().unwrap().to_owned();
    assert_eq!(site.get("/items").status, 200);
    assert_eq!(site.send("GET /items", &[("Host", &format!("localhost:{port}"))], "").status, 200);
    for host in [format!("evil.example:{port}"), "127.0.0.1".into(), "evil.example".into()] {
        assert_eq!(site.send("GET /items", &[("Host", &host)], "").status, 403, "{host}");
    }
    let body = format!("form={}&at={}&say=accept", site.form(), site.keys("")[0]);
    for origin in ["http://evil.example", "null", "http://localhost:1"] {
        assert_eq!(site.send("POST /decide", &[("Origin", origin)], &body).status, 403, "{origin}");
    }
    assert_eq!(site.send("POST /decide", &[], &body).status, 403);
    let own = format!("http://{}", site.address);
    for form in ["", "form=&", "form=00000000000000000000000000000000&"] {
        let body = format!("{form}at={}&say=accept", site.keys("")[0]);
        assert_eq!(site.send("POST /decide", &[("Origin", &own)], &body).status, 403);
    }
    assert_eq!((site.get("/decide?say=accept").status, site.send("PUT /items", &[], "").status), (404, 405));
    assert!(log(dir.path()).is_empty());
    assert_eq!(site.send("POST /decide", &[("Origin", &own)], &body).status, 303);
    assert_eq!(log(dir.path()).len(), 1);
}

#[test]
fn no_file_can_be_read_and_every_answer_has_its_headers() {
    let dir = TempDir::new().unwrap();
    let site = started(dir.path());
    for path in [
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/etc/passwd",
        "/item/../../etc/passwd",
        "/item/zz",
        "//etc/passwd",
        "/s.sqlite",
        "/assets/",
    ] {
        let answer = site.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("[package]") && !answer.body.contains("root:"));
    }
    for path in ["/items", "/nothing", "/assets/review.js", "/assets/review.css", "/export.jsonl"] {
        let headers = site.get(path).headers;
        let policy = &headers["content-security-policy"];
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!([&headers["x-content-type-options"], &headers["referrer-policy"], &headers["x-frame-options"]], ["nosniff", "same-origin", "DENY"]);
    }
}

#[test]
fn an_article_full_of_markup_is_only_text() {
    let dir = TempDir::new().unwrap();
    let store = extract(dir.path(), &[("<b>tin</b>", "javascript:alert(5)", HOSTILE), ("tin-2", "https://example.org/\u{202e}x", HOSTILE)]);
    let site = Site::start(store.to_str().unwrap(), &["--reviewer", "An"]);
    let keys = site.keys("");
    assert!(keys.len() >= 4, "{keys:?}");
    let pages = keys.iter().flat_map(|key| {
        [format!("/item/{key}"), format!("/items?at={key}&panel=edit&q=%3Cscript%3E"), format!("/items?at={key}&panel=bulk&q=a%22%3E%3Cscript%3E")]
    });
    for path in pages.chain(["/series?indicator=ntm.commune.met".into(), "/series?indicator=%3Cscript%3Ealert(1)".into(), "/disagreements".into()]) {
        let page = site.get(&path).body;
        for bad in ["<script>", "<img src=x", "<b onclick", "href=\"javascript:", "<i>", "<b>tin", "\u{202e}", " style=", "\"><b "] {
            assert!(!page.contains(bad), "{path} has {bad}");
        }
    }
    let page = site.get(&format!("/item/{}", keys[0])).body;
    assert!(page.contains("U+202E") && page.contains("&lt;script&gt;alert(1)") && page.contains("no web page"), "{page}");
    let drawn = site.get("/series.svg?indicator=ntm.commune.met");
    assert!(drawn.headers["content-security-policy"].contains("default-src 'none'") && !drawn.body.contains("<script"));
}

#[test]
fn other_machines_need_a_flag_and_the_token() {
    let dir = TempDir::new().unwrap();
    let store = two_runs(dir.path());
    let refused = Command::new(cargo_bin("solieu")).arg("review").arg(&store).args(["--listen", "0.0.0.0:0"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--allow-remote"));
    let short = Command::new(cargo_bin("solieu"))
        .arg("review")
        .arg(&store)
        .args(["--listen", "0.0.0.0:0", "--allow-remote"])
        .env("SOLIEU_REVIEW_TOKEN", "short")
        .output()
        .unwrap();
    assert_eq!(short.status.code(), Some(2));
    let site = Site::start(store.to_str().unwrap(), &["--listen", "0.0.0.0:0", "--allow-remote", "--reviewer", "An"]);
    assert!(site.url.ends_with("/?token=a-token-of-many-letters"), "{}", site.url);
    for path in ["/items", "/", "/assets/review.js", "/export.jsonl", "/?token=", "/?token=a-token-of-many-letterS"] {
        assert_eq!(site.get(path).status, 401, "{path}");
    }
    let let_in = site.get("/?token=a-token-of-many-letters");
    let cookie = &let_in.headers["set-cookie"];
    assert!(let_in.status == 303 && let_in.headers["location"] == "/" && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(site.send("GET /items", &[("Cookie", pair)], "").status, 200);
    assert_eq!(site.send("GET /items", &[("Cookie", pair), ("Host", "evil.example")], "").status, 403);
}

#[test]
fn decisions_are_written_down_and_taken_back() {
    let dir = TempDir::new().unwrap();
    let site = started(dir.path());
    let keys = site.keys("");
    assert!(keys.len() >= 2, "{keys:?}");
    let done = site.post("/decide", &format!("at={}&say=accept", keys[0]));
    assert_eq!((done.status, done.headers["location"].as_str()), (303, format!("/items?at={}&did=accept", keys[1]).as_str()));
    site.post("/decide", &format!("at={}&say=reject", keys[1]));
    assert_eq!((site.keys("state=accepted"), site.keys("state=rejected")), (vec![keys[0].clone()], vec![keys[1].clone()]));
    let back = site.post("/undo", "");
    assert!(back.headers["location"].contains(&keys[1]), "{}", back.headers["location"]);
    site.post("/undo", "");
    assert!(site.post("/undo", "").headers["location"].contains("did=nothing"));
    let all = [Verdict::Accept, Verdict::Reject, Verdict::Undo, Verdict::Undo].map(|v| ("An".to_owned(), v));
    assert_eq!(log(dir.path()), all);
    assert_eq!(site.keys("state=open"), keys);
}

#[test]
fn a_correction_and_a_note_are_kept_and_a_wrong_one_is_told() {
    let dir = TempDir::new().unwrap();
    let site = started(dir.path());
    let key = &site.keys("class=value")[0];
    let wrong = site.post("/edit", &format!("at={key}&f.value.amount=nhi%E1%BB%81u"));
    assert!(wrong.status == 422 && wrong.body.contains("no decimal") && wrong.body.contains("nhiều"), "{}", wrong.body);
    assert_eq!(site.post("/edit", &format!("at={key}&f.value.amount=17.5")).status, 422);
    assert_eq!(site.post("/note", &format!("at={key}&note=+")).status, 422);
    assert!(log(dir.path()).is_empty());
    assert_eq!(site.post("/edit", &format!("at={key}&f.value.amount=17.6")).status, 303);
    assert_eq!(site.post("/note", &format!("at={key}&note=xem+l%E1%BA%A1i+%3Cb%3E")).status, 303);
    let page = site.get(&format!("/item/{key}")).body;
    assert!(page.contains("17.6") && page.contains("xem lại &lt;b&gt;") && page.contains("You: corrected"), "{page}");
    assert_eq!(site.keys("state=corrected"), [key.as_str()]);
}

#[test]
fn a_bulk_decision_needs_the_number_that_was_confirmed_and_is_taken_back_at_once() {
    let dir = TempDir::new().unwrap();
    let store = extract(dir.path(), &[("tin-1", "", OLD), ("tin-2", "", &OLD.replace("94", "95"))]);
    let site = Site::start(store.to_str().unwrap(), &["--reviewer", "An"]);
    let keys = site.keys("document=tin-1");
    let confirm = site.get("/items?document=tin-1&panel=bulk").body;
    assert!(confirm.contains(&format!("Decide on {} items at once?", keys.len())) && confirm.contains("Document = tin-1"), "{confirm}");
    assert_eq!(site.post("/bulk", "document=tin-1&say=accept&count=1").status, 409);
    assert!(log(dir.path()).is_empty());
    site.post("/decide", &format!("at={}&say=accept", keys[0]));
    let done = site.post("/bulk", &format!("document=tin-1&say=accept&count={}", keys.len()));
    assert!(done.headers["location"].ends_with(&format!("did=bulk&n={}", keys.len() - 1)), "{}", done.headers["location"]);
    assert_eq!(site.keys("state=accepted"), keys);
    let undone = site.post("/undo", "");
    assert!(undone.headers["location"].ends_with(&format!("n={}", keys.len() - 1)), "{}", undone.headers["location"]);
    assert_eq!(site.keys("state=accepted"), [keys[0].as_str()]);
}

#[test]
fn filters_find_items_and_say_when_there_are_none() {
    let dir = TempDir::new().unwrap();
    let site = started(dir.path());
    let all = site.keys("");
    let value = site.keys("class=value");
    assert!(value.len() == 1 && all.len() > 1);
    assert_eq!(site.keys("q=ty+le+ngheo+17%2C5"), value);
    assert_eq!(site.keys("indicator=poverty.*&class=value"), value);
    assert_eq!(site.keys("document=tin-*"), all);
    assert!(site.get("/items?q=kh%C3%B4ng+c%C3%B3").body.contains("No item fits the filter"));
    let check = site.get("/items?check=percent-ratio").body;
    assert!(check.contains("Checks that fired") || check.contains("No item fits"), "{check}");
    assert!(site.get(&format!("/items?class=added&at={}", value[0])).body.contains("Outside the filter"));
}

#[test]
fn reviewers_are_kept_apart_and_their_disagreements_are_listed() {
    let dir = TempDir::new().unwrap();
    let store = two_runs(dir.path());
    let site = Site::start(store.to_str().unwrap(), &[]);
    let asked = site.get("/items");
    assert!(asked.body.contains("Who are you?") && asked.body.contains("value=\"/items\""), "{}", asked.body);
    let form = asked.body.split("name=\"form\" value=\"").nth(1).unwrap()[..32].to_owned();
    let own = format!("http://{}", site.address);
    let who = |name: &str| {
        let answer = site.send("POST /who", &[("Origin", &own)], &format!("form={form}&name={name}&back=//evil.example"));
        (answer.headers.get("location").cloned(), answer.headers.get("set-cookie").map(|c| c.split(';').next().unwrap().to_owned()))
    };
    assert_eq!(who("+"), (None, None));
    let (to, an) = who("An");
    let (_, binh) = who("B%C3%ACnh");
    assert_eq!(to.as_deref(), Some("/"));
    let page = |cookie: &str, path: &str| site.send(&format!("GET {path}"), &[("Cookie", cookie), ("Accept-Language", "en")], "").body;
    let key = page(an.as_ref().unwrap(), "/items").split("at=").nth(1).unwrap()[..16].to_owned();
    for (cookie, say) in [(&an, "accept"), (&binh, "reject")] {
        let cookie = cookie.as_ref().unwrap();
        assert_eq!(site.send("POST /decide", &[("Origin", &own), ("Cookie", cookie)], &format!("form={form}&at={key}&say={say}")).status, 303);
    }
    let list = page(an.as_ref().unwrap(), "/disagreements");
    assert!(list.contains("Bình") && list.contains(&format!("/item/{key}")), "{list}");
    assert!(page(an.as_ref().unwrap(), &format!("/item/{key}")).contains("You: accepted"));
    assert!(page(binh.as_ref().unwrap(), &format!("/item/{key}")).contains("You: rejected"));
}

#[test]
fn what_is_exported_is_what_the_command_exports() {
    let dir = TempDir::new().unwrap();
    let store = extract(dir.path(), &[("tin-1", "https://example.org/1", OLD), ("tin-2", "", "Có 5 xã.")]);
    let site = Site::start(store.to_str().unwrap(), &["--reviewer", "An"]);
    let count = site.keys("document=tin-1").len();
    site.post("/bulk", &format!("document=tin-1&say=accept&count={count}"));
    let gold = dir.path().join("gold.jsonl");
    let done = Command::new(cargo_bin("solieu")).args(["decide", "export", "--store"]).arg(&store).arg("-o").arg(&gold).output().unwrap();
    let told = std::fs::read_to_string(&gold).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&done.stderr)));
    let file = site.get("/export.jsonl");
    let rows: Vec<&str> = file.body.lines().filter(|l| l.starts_with('{')).collect();
    assert_eq!(rows, told.lines().collect::<Vec<_>>());
    assert!(rows.len() == 1 && file.headers["content-disposition"].contains("gold.jsonl"));
    assert!(site.get("/export").body.contains("left out"));
}

#[test]
fn pages_speak_two_languages() {
    let dir = TempDir::new().unwrap();
    let site = started(dir.path());
    let title = |header: &str, path: &str| {
        let body = site.send(&format!("GET {path}"), &[("Accept-Language", header)], "").body;
        (body.contains("lang=\"vi\""), body.contains("Review figures"))
    };
    assert!(!title("vi-VN,vi;q=0.9,en;q=0.5", "/items").1);
    assert!(title("en", "/items").1 && title("vi", "/items?lang=en").1 && !title("en", "/items?lang=vi").1);
    assert!(site.get("/items?lang=vi").headers["set-cookie"].contains("-lang=vi"));
}

#[test]
fn a_series_is_drawn_with_a_table_and_its_sources() {
    let dir = TempDir::new().unwrap();
    let row = |year: &str, n: &str| format!("Đến hết năm {year}, tỉnh Lai Châu có {n} xã đạt chuẩn nông thôn mới.");
    let (a, b, c) = (row("2022", "38"), row("2023", "40"), row("2023", "45"));
    let store = extract(dir.path(), &[("a", "https://example.org/a", &a), ("b", "https://example.org/b", &b), ("c", "https://example.org/c", &c)]);
    let site = Site::start(store.to_str().unwrap(), &["--reviewer", "An"]);
    let page = site.get("/series?indicator=ntm.commune.met&place=Lai+Ch%C3%A2u").body;
    assert!(page.contains("src=\"/series.svg?") && page.contains("https://example.org/a#:~:text="), "{page}");
    assert!(page.contains("sources differ") && page.contains("Communes") && page.contains("rel=\"noopener noreferrer\""), "{page}");
    let drawn = site.get("/series.svg?indicator=ntm.commune.met&place=Lai+Ch%C3%A2u");
    assert_eq!((drawn.status, drawn.headers["content-type"].as_str()), (200, "image/svg+xml"));
    assert!(site.get("/series?indicator=no.such").body.contains("no figures of this indicator"));
}

#[test]
fn what_another_program_decides_is_seen_at_once() {
    let dir = TempDir::new().unwrap();
    let store = extract(dir.path(), &[("tin-1", "", "Có 5 xã.")]);
    let site = Site::start(store.to_str().unwrap(), &["--reviewer", "An"]);
    assert_eq!(site.keys("state=open").len(), 1);
    solieu(&["decide", "accept", "--store", store.to_str().unwrap(), "--reviewer", "An", "--all", "--yes"]);
    assert_eq!((site.keys("state=open").len(), site.keys("state=accepted").len()), (0, 1));
}

#[test]
fn a_store_without_the_run_and_a_port_in_use_are_told() {
    let dir = TempDir::new().unwrap();
    let store = two_runs(dir.path());
    let told = |arguments: &[&str]| {
        let done = Command::new(cargo_bin("solieu")).arg("review").args(arguments).output().unwrap();
        assert_eq!(done.status.code(), Some(2));
        String::from_utf8(done.stderr).unwrap()
    };
    let path = store.to_str().unwrap();
    assert!(told(&[&format!("{path}#9")]).contains("no run 9"));
    assert!(told(&[&format!("{path}#x")]).contains("write #last"));
    assert!(told(&["none.sqlite"]).contains("no such store"));
    assert!(told(&[&format!("{path}#1"), "other.sqlite#2"]).contains("two stores"));
    let site = Site::start(path, &[]);
    let port = site.address.rsplit(':').next().unwrap().to_owned();
    assert!(told(&[path, "--port", &port]).contains("--port"));
}
