//! The guard: who may ask for what.
//!
//! In: the head of a request. Out: whether it comes from a page of this program, and headers that keep a browser from doing anything that
//! the pages do not do. Never: a comparison of secrets that takes longer the more of them is right.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::net::{IpAddr, SocketAddr};
use subtle::ConstantTimeEq;

/// No script and no style but those of `/assets`, no frame, no other site.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// A drawing of its own: its style is part of it, and nothing runs in it.
const DRAWING: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/// What requests are held against.
#[derive(Debug)]
pub struct Guard {
    address: SocketAddr,
    /// Names that the `Host` header may say besides the address: without, a page of another site could have its name lead here.
    names: Vec<String>,
    /// Needed where others than this machine can ask.
    token: Option<String>,
    form: String,
}

impl Guard {
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn new(address: SocketAddr, names: Vec<String>, token: Option<String>) -> Result<Self, getrandom::Error> {
        Ok(Self { address, names, token, form: secret()? })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether this is a name of this server. Addresses in digits cannot be taken over by another site, so behind `0.0.0.0` any does.
    pub fn is_host(&self, host: &str) -> bool {
        let (name, port) = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).unwrap_or((host, "80"));
        if port.parse() != Ok(self.address.port()) {
            return false;
        }
        let literal = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        let own = literal.is_some_and(|ip| ip == self.address.ip() || self.address.ip().is_unspecified());
        own || self.address.ip().is_loopback() && name == "localhost" || self.names.iter().any(|n| n.eq_ignore_ascii_case(name))
    }

    /// Whether a page of this server has sent it.
    pub fn is_origin(&self, origin: &str, host: &str) -> bool {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host)
    }

    /// Whether the caller has the token, if one is needed.
    pub fn is_token(&self, given: &str) -> bool {
        self.token.as_ref().is_none_or(|token| same(token, given))
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// What every form must bring back.
    pub fn form(&self) -> &str {
        &self.form
    }

    pub fn is_form(&self, given: &str) -> bool {
        same(&self.form, given)
    }
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// 32 hex digits that nobody can guess.
///
/// # Errors
/// When the machine gives no random numbers.
pub fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// The headers of every answer.
pub fn headers(headers: &mut HeaderMap) {
    let drawing = headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"image/svg"));
    let policy = if drawing { DRAWING } else { POLICY };
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Forms of these pages say where they come from, links to other sites do not.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|h| h.to_str().ok());
    let mut pairs = all.flat_map(|h| h.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.find(|(n, _)| *n == name)?.1;
    percent_encoding::percent_decode_str(value).decode_utf8().ok().map(|v| v.into_owned())
}

/// Scripts cannot read it, and other sites' requests do not bring it.
pub fn set_cookie(name: &str, value: &str) -> Option<HeaderValue> {
    let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(address: &str, names: &[&str]) -> Guard {
        Guard::new(address.parse().unwrap(), names.iter().map(|n| (*n).to_owned()).collect(), Some("t0ken".into())).unwrap()
    }

    #[test]
    fn only_names_of_this_server_are_let_in() {
        let loopback = guard("127.0.0.1:8787", &[]);
        assert!(loopback.is_host("127.0.0.1:8787") && loopback.is_host("localhost:8787"));
        for host in [
            "evil.example:8787",
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost",
            "192.168.1.2:8787",
            "localhost.evil.example:8787",
            "",
            ":8787",
            "127.0.0.1:8787:8787",
        ] {
            assert!(!loopback.is_host(host), "{host}");
        }
        let open = guard("0.0.0.0:8787", &["desk.example"]);
        assert!(open.is_host("10.0.0.3:8787") && open.is_host("Desk.example:8787") && open.is_host("[::1]:8787"));
        assert!(!open.is_host("evil.example:8787") && !open.is_host("localhost:8787"));
        assert!(guard("[::1]:8787", &[]).is_host("[::1]:8787"));
    }

    #[test]
    fn only_its_own_pages_may_write() {
        let guard = guard("127.0.0.1:8787", &[]);
        let host = "127.0.0.1:8787";
        assert!(guard.is_origin("http://127.0.0.1:8787", host));
        for origin in ["null", "", "http://evil.example", "http://127.0.0.1:8788", "http://127.0.0.1:8787.evil.example", "127.0.0.1:8787"] {
            assert!(!guard.is_origin(origin, host), "{origin}");
        }
        assert!(guard.is_form(guard.form()) && !guard.is_form("") && !guard.is_form(&guard.form()[1..]));
        assert!(guard.is_token("t0ken") && !guard.is_token("t0keN") && !guard.is_token(""));
    }

    #[test]
    fn secrets_differ() {
        assert!(secret().unwrap() != secret().unwrap() && secret().unwrap().len() == 32);
    }

    #[test]
    fn cookies_come_back_as_they_were_set() {
        let set = set_cookie("who", "Nguyễn An; x=1").unwrap();
        let mut headers = HeaderMap::new();
        let sent = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; {sent}")).unwrap());
        assert_eq!(cookie(&headers, "who").as_deref(), Some("Nguyễn An; x=1"));
        assert_eq!(cookie(&headers, "none"), None);
    }
}
