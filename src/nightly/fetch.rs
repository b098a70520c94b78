//! One request and its answer, byte for byte.
//!
//! In: an address, and what is known of it from before. Out: an [`Exchange`]: the bytes that went over the wire both ways, status,
//! headers, body. Never: a redirect followed (the caller decides, so that each hop waits its turn), a private network asked, more of a
//! body read than the limit, or more time than the limit.

use super::guard::Guard;
use super::tape::{Recorder, Tape};
use jiff::Timestamp;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{Connector as _, DefaultConnector};
use url::Url;

/// The longest head of an answer.
const HEAD: usize = 64 << 10;

/// Asks servers; one for each thread.
pub struct Client {
    agent: ureq::Agent,
    tape: Arc<Mutex<Tape>>,
    body: u64,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    pub url: &'r Url,
    /// `ETag` and `Last-Modified` of the answer that is known.
    pub etag: Option<&'r str>,
    pub modified: Option<&'r str>,
}

/// What went over the wire.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub url: Url,
    pub at: Timestamp,
    pub took: Duration,
    pub peer: Option<SocketAddr>,
    /// The request as sent.
    pub request: Vec<u8>,
    /// The answer as received: head, and body with the codings of its transport.
    pub response: Vec<u8>,
    pub status: u16,
    /// By lower-case name.
    pub headers: Vec<(String, String)>,
    /// The body without chunks, still packed as `Content-Encoding` tells.
    pub body: Vec<u8>,
}

impl Exchange {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Option<&str> {
        matches!(self.status, 301 | 302 | 303 | 307 | 308).then(|| self.header("location")).flatten()
    }

    /// The body, unpacked.
    ///
    /// # Errors
    /// When it is too long, a bomb, or not in the coding that it says.
    pub fn unpacked(&self, limit: u64) -> Result<Vec<u8>, Failure> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let coding = self.header("content-encoding").unwrap_or("");
        // The archive reads a body that breaks off in the same way: as far as it goes.
        crate::document::unpack(self.body.clone(), coding, limit).map(|(body, _)| body).map_err(|fault| match fault {
            crate::document::Unpack::TooLong => Failure::TooLarge(limit as u64),
            crate::document::Unpack::Bomb => Failure::Bomb,
            fault => Failure::Broken(fault.to_string()),
        })
    }
}

/// Why there is no answer, or none that is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("refused: {0}")]
    Refused(String),
    #[error("the name of the host is not known")]
    Name,
    #[error("no connection: {0}")]
    Connection(String),
    #[error("TLS: {0}")]
    Tls(String),
    #[error("longer than {0:?} in all")]
    Slow(Duration),
    #[error("the body is longer than {0} bytes")]
    TooLarge(u64),
    #[error("the body unpacks to many times its size")]
    Bomb,
    #[error("the answer is broken: {0}")]
    Broken(String),
}

impl Failure {
    /// The word for it in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Failure::Refused(_) => "refused",
            Failure::Name => "no_host",
            Failure::Connection(_) => "no_connection",
            Failure::Tls(_) => "tls_error",
            Failure::Slow(_) => "slow",
            Failure::TooLarge(_) => "too_large",
            Failure::Bomb => "bomb",
            Failure::Broken(_) => "broken",
        }
    }

    /// May another try in the same night be better?
    pub fn passes(&self) -> bool {
        matches!(self, Failure::Connection(_) | Failure::Slow(_) | Failure::Broken(_))
    }
}

impl Client {
    /// `body` is the longest body in bytes, `time` the longest that one request may take.
    pub fn new(user_agent: &str, guard: Guard, body: u64, time: Duration) -> Self {
        let tape = Arc::new(Mutex::new(Tape::new(body + HEAD as u64)));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would look names up itself, behind the guard.
            .proxy(None)
            .user_agent(user_agent)
            .accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .accept_encoding("gzip")
            .max_idle_connections(0)
            .max_response_header_size(HEAD)
            .timeout_global(Some(time))
            .timeout_connect(Some(time.min(Duration::from_secs(20))))
            .build();
        let connector = DefaultConnector::default().chain(Recorder(tape.clone()));
        Self { agent: ureq::Agent::with_parts(config, connector, guard), tape, body }
    }

    /// Asks once.
    ///
    /// # Errors
    /// When there is no whole answer within the limits. An answer with any status is no error.
    pub fn ask(&self, request: &Request<'_>, at: Timestamp) -> Result<Exchange, Failure> {
        self.tape().clear();
        let began = Instant::now();
        let mut asked = self.agent.get(request.url.as_str()).header("accept-language", "vi,en;q=0.5").header("connection", "close");
        if let Some(etag) = request.etag {
            asked = asked.header("if-none-match", etag);
        }
        if let Some(modified) = request.modified {
            asked = asked.header("if-modified-since", modified);
        }
        let answer = asked.call().map_err(|e| self.failure(&e, began.elapsed()))?;
        let status = answer.status().as_u16();
        let text = |v: &ureq::http::HeaderValue| String::from_utf8_lossy(v.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect();
        let body = self.body(answer, began)?;
        let tape = std::mem::take(&mut *self.tape());
        self.tape().limit = tape.limit;
        let (peer, request_bytes, response) = (tape.peer, tape.sent, tape.received);
        Ok(Exchange { url: request.url.clone(), at, took: began.elapsed(), peer, request: request_bytes, response, status, headers, body })
    }

    fn body(&self, mut answer: ureq::http::Response<ureq::Body>, began: Instant) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        let read = answer.body_mut().as_reader().take(self.body + 1).read_to_end(&mut body);
        if body.len() as u64 > self.body {
            return Err(Failure::TooLarge(self.body));
        }
        match read {
            Ok(_) => Ok(body),
            Err(e) if e.kind() == std::io::ErrorKind::TimedOut || e.to_string().contains("timeout") => Err(Failure::Slow(began.elapsed())),
            Err(e) => Err(Failure::Broken(format!("its body ends too early: {e}"))),
        }
    }

    fn tape(&self) -> std::sync::MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn failure(&self, error: &ureq::Error, took: Duration) -> Failure {
        let told = error.to_string();
        let low = told.to_lowercase();
        match error {
            ureq::Error::Other(e) => Failure::Refused(e.to_string()),
            ureq::Error::HostNotFound => Failure::Name,
            ureq::Error::Timeout(ureq::Timeout::Connect) => Failure::Connection(told),
            ureq::Error::Timeout(_) => Failure::Slow(took),
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Failure::Tls(told),
            ureq::Error::Io(_) if ["certificate", "tls", "handshake", "corrupt message"].iter().any(|w| low.contains(w)) => Failure::Tls(told),
            ureq::Error::Io(_) | ureq::Error::ConnectionFailed => Failure::Connection(told),
            _ => Failure::Broken(told),
        }
    }
}
