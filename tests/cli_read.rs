//! `solieu read` on the command line.

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use std::fs;

fn solieu() -> Command {
    Command::cargo_bin("solieu").unwrap()
}

fn rows(out: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(out).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

const PAGE: &str = "<html><head><title>Lai Châu có 39 xã nông thôn mới</title></head><body><h1>Lai Châu có 39 xã nông thôn mới</h1><p>Ngày đăng: 05/07/2024</p><p>Năm 2023, tỉnh Lai Châu có 94 xã, trong đó 39 xã đạt chuẩn nông thôn mới, chiếm 41,5% tổng số xã.</p></body></html>";

#[test]
fn read_tells_text_title_date_and_where_each_came_from() {
    let out = solieu().args(["read", "-"]).write_stdin(PAGE).assert().success().get_output().stdout.clone();
    let row = &rows(&out)[0];
    assert_eq!((row["title"].as_str(), row["published"].as_str()), (Some("Lai Châu có 39 xã nông thôn mới"), Some("2024-07-05")));
    assert!(row["text"].as_str().unwrap().contains("94 xã, trong đó 39 xã"));
    assert_eq!((row["from"]["title"].as_str(), row["from"]["published"].as_str()), (Some("title"), Some("line")));
    assert_eq!(row["url"], Value::Null);
}

#[test]
fn extract_gives_the_same_records_for_a_page_and_for_what_read_printed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.html");
    fs::write(&path, PAGE).unwrap();
    let printed = solieu().arg("read").arg(&path).assert().success().get_output().stdout.clone();
    let page = solieu().arg("extract").arg(&path).assert().success().get_output().stdout.clone();
    let again = solieu().args(["extract", "-"]).write_stdin(printed).assert().success().get_output().stdout.clone();
    assert!(!page.is_empty());
    assert_eq!(page, again);
}

#[test]
fn rows_may_hold_pages_and_what_they_say_of_them_wins() {
    let row = serde_json::json!({ "id": "a", "html": PAGE, "published": "2024-07-06", "url": "https://a.example/x" });
    let out = solieu().args(["read", "-"]).write_stdin(format!("{row}\n")).assert().success().get_output().stdout.clone();
    let row = &rows(&out)[0];
    assert_eq!((row["id"].as_str(), row["published"].as_str(), row["url"].as_str()), (Some("a"), Some("2024-07-06"), Some("https://a.example/x")));
    assert!(row["text"].as_str().unwrap().contains("41,5%"));
}

#[test]
fn encodings_are_found_or_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cu.txt");
    fs::write(&path, b"To\xb5n t\xd8nh c\xe3 94 x\xb7, \xae\xb9t 35,7% k\xd5 ho\xb9ch n\xa8m.").unwrap();
    for arguments in [&["read"][..], &["read", "--encoding", "abc"]] {
        let out = solieu().args(arguments).arg(&path).assert().success().get_output().stdout.clone();
        let row = &rows(&out)[0];
        assert_eq!(row["text"].as_str(), Some("Toàn tỉnh có 94 xã, đạt 35,7% kế hoạch năm."));
        assert!(row["from"]["encoding"].as_str().unwrap().starts_with("tcvn3"));
    }
    solieu().args(["read", "--encoding", "latin-17"]).arg(&path).assert().code(2).stderr(predicate::str::contains("no encoding is called"));
}

#[test]
fn repeated_ids_are_told_with_both_places_and_no_row_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let row = |id: &str, n: u32| format!("{{\"id\": \"{id}\", \"text\": \"Có {n} xã.\"}}\n");
    fs::write(dir.path().join("a.jsonl"), row("x", 5) + &row("y", 6) + &row("x", 7)).unwrap();
    fs::write(dir.path().join("b.jsonl"), row("y", 8)).unwrap();
    for command in ["read", "extract"] {
        let assert = solieu().current_dir(dir.path()).args([command, "a.jsonl", "b.jsonl"]).assert().code(1);
        assert_eq!(rows(&assert.get_output().stdout).len(), 4);
        let told = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(told.contains("a.jsonl:3: the row repeats an id: \"x\" is that of a.jsonl:1;"), "{told}");
        assert!(told.contains("b.jsonl:1: the row repeats an id: \"y\" is that of a.jsonl:2;"), "{told}");
    }
    let json = solieu().current_dir(dir.path()).args(["extract", "a.jsonl", "--progress", "json"]).assert().code(1);
    let told = rows(&json.get_output().stderr);
    assert!(told.iter().any(|l| l["event"] == "repeated" && l["line"] == 3), "{told:?}");
    assert!(told.iter().any(|l| l["event"] == "summary" && l["repeated"] == 1 && l["skipped"] == 0), "{told:?}");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.pdf"), b"%PDF-1.4").unwrap();
    fs::write(dir.path().join("b.docx"), b"PK").unwrap();
    fs::write(dir.path().join("e.doc"), [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).unwrap();
    fs::write(dir.path().join("f.doc"), PAGE).unwrap();
    fs::write(dir.path().join("g.rar"), b"Rar!").unwrap();
    fs::write(dir.path().join("h.odt"), b"PK").unwrap();
    fs::write(dir.path().join("c.txt"), "Có 5 xã.").unwrap();
    fs::write(dir.path().join("d.bin"), "x").unwrap();
    let assert = solieu().arg("read").arg(dir.path()).assert().code(1);
    let out = assert.get_output();
    let ids: Vec<Value> = rows(&out.stdout).into_iter().map(|r| r["id"].clone()).collect();
    assert_eq!(ids, ["c.txt", "f.doc"]);
    let told = String::from_utf8_lossy(&out.stderr);
    let expected = [
        ("a.pdf", "PDF is not supported yet; convert it to text first, as with `pdftotext -layout`"),
        ("b.docx", "no Word file"),
        ("e.doc", "Word's format of before 2007 is not supported yet; convert it first"),
        ("g.rar", "this way of packing is not supported yet; unpack it"),
        ("h.odt", "this office format is not supported yet; convert it first"),
    ];
    for (name, reason) in expected {
        assert!(told.lines().any(|l| l.contains(&format!("{name}: {reason}"))), "{name}: {told}");
    }
}

#[test]
fn a_profile_of_ones_own_wins() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("portals")).unwrap();
    let rule = "class = \"portal\"\n[[rule]]\nid = \"portal.mine\"\nwhy = \"x\"\nmarks = [\"#mine\"]\ntitle = [\"#t\"]\nbody = [\"#mine\"]\n";
    fs::write(dir.path().join("portals/mine.toml"), rule).unwrap();
    let page = format!(
        "<html><body><div id=t>Tiêu đề của trang này</div><div id=mine><p>Xã có 5 hộ nghèo, giảm 3 hộ so với năm trước, còn 12 hộ cận nghèo và 40 hộ khá.</p></div>{}</body></html>",
        "<p>Toàn tỉnh.</p>"
    );
    let out = solieu().args(["read", "-", "--patterns"]).arg(dir.path()).write_stdin(page).assert().success().get_output().stdout.clone();
    let row = &rows(&out)[0];
    assert_eq!((row["from"]["text"].as_str(), row["title"].as_str()), (Some("portal.mine"), Some("Tiêu đề của trang này")));
}
