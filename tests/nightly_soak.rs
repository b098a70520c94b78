//! Many pages at once, on demand: `SOLIEU_SOAK=20000 cargo test --test nightly_soak -- --nocapture`. Its figures stand in docs/nightly.md.

#![cfg(all(feature = "nightly", target_os = "linux"))]

mod sim;

use rusqlite::Connection;
use sim::Sim;
use sim::world::{Shape, Site};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const HOSTS: [&str; 10] =
    ["t0.example", "t1.example", "t2.example", "t3.example", "t4.example", "t5.example", "t6.example", "t7.example", "t8.example", "t9.example"];
const SHAPES: [Shape; 5] = [Shape::NukeViet, Shape::WordPress, Shape::Liferay, Shape::DotNet, Shape::Unknown];

/// Memory of a process now, and at its highest, in KiB.
fn memory(pid: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let of = |key: &str| status.lines().find_map(|l| l.strip_prefix(key)?.trim().split(' ').next()?.parse().ok());
    Some((of("VmRSS:")?, of("VmHWM:")?))
}

fn night(dir: &Path, sim: &Sim, now: &str) -> (Duration, Vec<u64>) {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_solieu"));
    command.arg("nightly").arg(dir.join("portals.toml")).args(sim.arguments()).args(["--now", now, "--log", "quiet"]);
    let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
    let mut memories = Vec::new();
    while child.try_wait().unwrap().is_none() {
        memories.extend(memory(child.id()).map(|(now, _)| now));
        std::thread::sleep(Duration::from_millis(250));
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    (began.elapsed(), memories)
}

fn bytes(path: &Path) -> u64 {
    let size = |p: &Path| p.metadata().map_or(0, |m| m.len());
    if path.is_dir() { std::fs::read_dir(path).unwrap().map(|e| bytes(&e.unwrap().path())).sum() } else { size(path) }
}

#[test]
fn many_pages_take_little_memory() {
    let Some(pages) = std::env::var("SOLIEU_SOAK").ok().and_then(|n| n.parse::<usize>().ok()) else {
        eprintln!("runs on demand: SOLIEU_SOAK=20000 cargo test --test nightly_soak -- --nocapture");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let hosts: Vec<[&str; 1]> = HOSTS.iter().map(|h| [*h]).collect();
    let sim = Sim::start(&hosts.iter().map(|h| h.as_slice()).collect::<Vec<_>>());
    let each = pages / HOSTS.len();
    let sites: Vec<Site> = HOSTS.iter().enumerate().map(|(i, host)| Site::new(host, SHAPES[i % 5], i * (each + 7), each)).collect();
    sites.iter().for_each(|s| s.publish(&sim));
    let mut text = "contact = \"soak@test.example\"\ndelay = \"1ms\"\njobs = 10\n[limits]\npages = 1000000\nlisting-pages = 100000\n".to_owned();
    for site in &sites {
        let start = match site.shape {
            Shape::NukeViet => "/vi/news/",
            Shape::WordPress => "/",
            Shape::DotNet => "/tin.aspx?cn=12",
            _ => "/tin-tuc",
        };
        text += &format!("[[portal]]\nname = \"{0}\"\nstart = [\"http://{0}{start}\"]\n", site.host);
    }
    std::fs::write(dir.path().join("portals.toml"), text).unwrap();
    for (name, now) in [("first night", "2025-11-13T02:00:00+07:00"), ("second night, nothing new", "2025-11-14T02:00:00+07:00")] {
        let (took, memories) = night(dir.path(), &sim, now);
        let at = |share: usize| memories[(memories.len() - 1) * share / 100] / 1024;
        println!(
            "{name}: {pages} pages in {took:.1?}, {:.0} a second; memory at a quarter {} MiB, at half {} MiB, at the end {} MiB, at most {} MiB",
            pages as f64 / took.as_secs_f64(),
            at(25),
            at(50),
            at(100),
            memories.iter().max().unwrap() / 1024
        );
        println!(
            "  store {} KiB, archive {} KiB, requests {}",
            bytes(&dir.path().join("solieu.sqlite")) / 1024,
            bytes(&dir.path().join("archive")) / 1024,
            sim.take_log().len()
        );
        assert!(at(100) < at(25) * 2 + 20, "memory grows: {memories:?}");
    }
    let connection = Connection::open(dir.path().join("solieu.sqlite")).unwrap();
    let count = |sql: &str| connection.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    let truth: usize = sites.iter().map(|s| s.figures().len()).sum();
    assert_eq!(count("SELECT count(*) FROM figures"), truth as i64);
    assert_eq!(count("SELECT count(*) FROM (SELECT DISTINCT document, quote FROM figures)"), truth as i64);
}
