//! A simulator of portals: real HTTP on loopback, several servers with several hosts each, pages that change, and a log of every request.
//!
//! In: what each address answers. Out: answers, and the log. Never: a guess at what the client meant: an unknown address is 404.

#![allow(dead_code)]

pub mod world;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

/// What an address answers.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status 200 with validators.
    Page {
        media: String,
        body: Vec<u8>,
        etag: bool,
    },
    /// The same, in chunks and packed.
    Packed {
        media: String,
        body: Vec<u8>,
    },
    Redirect(u16, String),
    Status(u16, Vec<(String, String)>, String),
    /// One byte now and then.
    Drip,
    /// Says that it is longer than it is.
    Cut,
    /// Endless zeros, packed.
    Bomb(Vec<u8>),
    /// A body of so many bytes.
    Huge(usize),
    /// Fails so often, then answers.
    Flaky(u16, usize, Box<Reply>),
}

impl Reply {
    pub fn html(body: impl Into<String>) -> Self {
        Reply::Page { media: "text/html; charset=utf-8".into(), body: body.into().into_bytes(), etag: true }
    }

    pub fn of(media: &str, body: impl Into<Vec<u8>>) -> Self {
        Reply::Page { media: media.into(), body: body.into(), etag: true }
    }

    /// Packed beforehand: on a busy machine the client would not wait for it.
    pub fn bomb() -> Self {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::copy(&mut std::io::repeat(b'0').take(200 << 20), &mut gz).unwrap();
        Reply::Bomb(gz.finish().unwrap())
    }
}

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub struct Hit {
    pub server: usize,
    pub host: String,
    pub path: String,
    pub agent: String,
    /// `If-None-Match` or `If-Modified-Since` was sent.
    pub conditional: bool,
    pub status: u16,
    pub began: Instant,
    pub ended: Instant,
}

type Pages = Arc<RwLock<HashMap<(String, String), Reply>>>;

/// Servers that run until they are dropped with the process.
pub struct Sim {
    pages: Pages,
    log: Arc<Mutex<Vec<Hit>>>,
    /// Host, and the address where it is.
    hosts: Vec<(String, SocketAddr)>,
    counts: Arc<Mutex<HashMap<(String, String), usize>>>,
}

impl Sim {
    /// One server for each list of hosts, on addresses 127.0.0.2, 127.0.0.3, ….
    pub fn start(servers: &[&[&str]]) -> Self {
        let mut sim = Self { pages: Pages::default(), log: Arc::default(), hosts: Vec::new(), counts: Arc::default() };
        for (server, hosts) in servers.iter().enumerate() {
            let listener = TcpListener::bind((format!("127.0.0.{}", server + 2).as_str(), 0)).expect("loopback can be bound");
            let address = listener.local_addr().unwrap();
            sim.hosts.extend(hosts.iter().map(|h| ((*h).to_owned(), address)));
            let (pages, log, counts) = (sim.pages.clone(), sim.log.clone(), sim.counts.clone());
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (pages, log, counts) = (pages.clone(), log.clone(), counts.clone());
                    std::thread::spawn(move || serve(server, stream, &pages, &log, &counts));
                }
            });
        }
        sim
    }

    /// The arguments that lead the program here.
    pub fn arguments(&self) -> Vec<String> {
        let resolve = self.hosts.iter().flat_map(|(host, address)| ["--resolve".to_owned(), format!("{host}={address}")]);
        resolve.chain(["--allow-private=127.0.0.0/8".to_owned()]).collect()
    }

    pub fn address(&self, host: &str) -> SocketAddr {
        self.hosts.iter().find(|(h, _)| h == host).expect("a host of the simulator").1
    }

    pub fn put(&self, host: &str, path: &str, reply: Reply) {
        self.pages.write().unwrap().insert((host.to_owned(), path.to_owned()), reply);
    }

    pub fn remove(&self, host: &str, path: &str) {
        self.pages.write().unwrap().remove(&(host.to_owned(), path.to_owned()));
    }

    /// The log so far, and a new one.
    pub fn take_log(&self) -> Vec<Hit> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

fn serve(server: usize, mut stream: TcpStream, pages: &Pages, log: &Mutex<Vec<Hit>>, counts: &Mutex<HashMap<(String, String), usize>>) {
    let Some((path, headers)) = request(&stream) else {
        return;
    };
    let began = Instant::now();
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let host = header("host").split(':').next().unwrap_or("").to_owned();
    let reply = pages.read().unwrap().get(&(host.clone(), path.clone())).cloned();
    let reply = flaky(reply, &host, &path, counts);
    let known = headers.get("if-none-match").or(headers.get("if-modified-since"));
    // When an answer is on its way the client may be done with it before this thread goes on: its end is taken before the last byte.
    let mut ended = Instant::now();
    let status = answer(&mut stream, reply, known.map(String::as_str), &mut ended);
    let conditional = known.is_some();
    log.lock().unwrap().push(Hit { server, host, path, agent: header("user-agent"), conditional, status, began, ended });
}

fn request(stream: &TcpStream) -> Option<(String, HashMap<String, String>)> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => drop(headers.insert(name.to_ascii_lowercase(), value.trim().to_owned())),
            None => return Some((path, headers)),
        }
    }
}

fn flaky(reply: Option<Reply>, host: &str, path: &str, counts: &Mutex<HashMap<(String, String), usize>>) -> Option<Reply> {
    let Some(Reply::Flaky(status, times, then)) = reply else {
        return reply;
    };
    let mut counts = counts.lock().unwrap();
    let count = counts.entry((host.to_owned(), path.to_owned())).or_default();
    *count += 1;
    if *count <= times { Some(Reply::Status(status, vec![("Retry-After".into(), "0".into())], "later".into())) } else { Some(*then) }
}

/// Answers; a client that goes away is no fault here.
fn answer(stream: &mut TcpStream, reply: Option<Reply>, known: Option<&str>, ended: &mut Instant) -> u16 {
    let mut plain = |stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]| {
        *ended = Instant::now();
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).and_then(|()| stream.flush());
        status
    };
    match reply {
        None => plain(stream, 404, "Content-Type: text/html\r\n", b"<html><body>404</body></html>"),
        Some(Reply::Page { media, body, etag }) => {
            let tag = format!("\"{:x}\"", body.iter().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(*b))));
            if etag && known == Some(tag.as_str()) {
                let _ = stream.write_all(format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n").as_bytes());
                return 304;
            }
            let validator = if etag { format!("ETag: {tag}\r\n") } else { String::new() };
            plain(stream, 200, &format!("Content-Type: {media}\r\n{validator}"), &body)
        }
        Some(Reply::Packed { media, body }) => {
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            gz.write_all(&body).unwrap();
            *ended = Instant::now();
            chunked(stream, &format!("Content-Type: {media}\r\nContent-Encoding: gzip\r\n"), &gz.finish().unwrap());
            200
        }
        Some(Reply::Redirect(status, to)) => plain(stream, status, &format!("Location: {to}\r\n"), b""),
        Some(Reply::Status(status, headers, body)) => {
            let headers: String = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
            plain(stream, status, &format!("Content-Type: text/html; charset=utf-8\r\n{headers}"), body.as_bytes())
        }
        Some(Reply::Drip) => {
            *ended = drip(stream);
            200
        }
        Some(Reply::Cut) => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html><body><p>Tin");
            200
        }
        Some(Reply::Bomb(zeros)) => plain(stream, 200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &zeros),
        Some(Reply::Huge(bytes)) => plain(stream, 200, "Content-Type: text/html\r\n", &vec![b' '; bytes]),
        Some(Reply::Flaky(..)) => 500,
    }
}

fn chunked(stream: &mut TcpStream, headers: &str, body: &[u8]) {
    let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n{headers}\r\n").as_bytes());
    for part in body.chunks(700) {
        let _ = stream.write_all(format!("{:x}\r\n", part.len()).as_bytes()).and_then(|()| stream.write_all(part)).and_then(|()| stream.write_all(b"\r\n"));
    }
    let _ = stream.write_all(b"0\r\n\r\n").and_then(|()| stream.flush());
}

/// Sends next to nothing until the client goes away, and tells when it was last surely there: that it has gone a busy machine may tell any time later.
fn drip(stream: &mut TcpStream) -> Instant {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n");
    // Ends when the client goes away, which a read tells sooner than a write.
    let _ = stream.set_read_timeout(Some(Duration::from_millis(1)));
    let mut there = Instant::now();
    for beat in 0..100_000 {
        if beat % 100 == 0 && stream.write_all(b"x").and_then(|()| stream.flush()).is_err() {
            break;
        }
        let asked = Instant::now();
        match stream.peek(&mut [0]) {
            Ok(_) => break,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => there = asked,
            Err(_) => break,
        }
    }
    there
}
