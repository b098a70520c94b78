//! Addresses: which may be asked, and which mean the same page.
//!
//! In: what a page, a feed or a file says. Out: a [`Url`] to ask for, and a key that is the same for all writings of one address. Never:
//! another scheme than http(s), a credential, or a part of the query dropped that may be the id of an article.

use url::Url;

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this is no address")]
    Unreadable,
    #[error("only http and https are asked")]
    Scheme,
    #[error("an address with a user name or password is not asked: it would end in logs and archives")]
    Credentials,
    #[error("the address names no host")]
    Host,
}

/// Reads an address, as written on the page `base`. Its fragment is dropped.
///
/// # Errors
/// When it is none, or one that must not be asked.
pub fn parse(text: &str, base: Option<&Url>) -> Result<Url, Refusal> {
    let text = text.trim();
    let mut url = Url::options().base_url(base).parse(text).map_err(|_| Refusal::Unreadable)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Refusal::Host);
    }
    url.set_fragment(None);
    Ok(url)
}

/// Path and query, as filters and robots.txt see them.
pub fn path(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()))
}

/// The host without `www.`.
pub fn bare_host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("").to_ascii_lowercase();
    host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
}

/// Host and port: what has a robots.txt of its own.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The key of an address: the same for http and https, without default port, session and the keys of the query in `ignored`
/// (a `*` at the end stands for anything), the rest of the query sorted.
pub fn key(url: &Url, ignored: &[String]) -> String {
    let host = url.host_str().unwrap_or("").to_ascii_lowercase();
    let port = url.port().map_or_else(String::new, |p| format!(":{p}"));
    let path = url.path();
    let session = path.to_ascii_lowercase().find(";jsessionid=").unwrap_or(path.len());
    let mut pairs: Vec<&str> = url.query().unwrap_or("").split('&').filter(|p| !p.is_empty() && !is_ignored(p, ignored)).collect();
    pairs.sort_unstable();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    format!("{host}{port}{}{query}", upper_escapes(&path[..session]))
}

/// The address without what names no article: session and ignored keys of the query, whose order stays.
pub fn clean(url: &Url, ignored: &[String]) -> Url {
    let mut out = url.clone();
    if let Some(session) = url.path().to_ascii_lowercase().find(";jsessionid=") {
        out.set_path(&url.path()[..session]);
    }
    if let Some(query) = url.query().filter(|q| q.split('&').any(|pair| is_ignored(pair, ignored))) {
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_ignored(pair, ignored)).collect();
        out.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    out
}

fn is_ignored(pair: &str, ignored: &[String]) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    ignored.iter().any(|i| i.strip_suffix('*').map_or(name == *i, |start| name.starts_with(start)))
}

/// `%c3` and `%C3` are the same.
fn upper_escapes(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        let end = (at + 3).min(rest.len());
        out.push_str(&rest[..at]);
        out.push_str(&rest[at..end].to_ascii_uppercase());
        rest = &rest[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(text: &str) -> String {
        key(&parse(text, None).unwrap(), &["utm_*".to_owned(), "fbclid".to_owned()])
    }

    #[test]
    fn ways_to_write_one_address_have_one_key() {
        let same = ["https://A.example/tin?b=2&a=1", "http://a.example:80/tin?a=1&b=2#top", "https://a.example/tin;jsessionid=7?a=1&utm_source=x&b=2&fbclid=9"];
        assert!(same.iter().all(|u| key_of(u) == "a.example/tin?a=1&b=2"), "{:?}", same.map(key_of));
        assert_eq!(key_of("https://a.example/t%c3%adn"), key_of("https://a.example/tín"));
    }

    #[test]
    fn what_is_asked_for_has_no_tracking_and_keeps_its_order() {
        let clean_of = |text: &str| clean(&parse(text, None).unwrap(), &["utm_*".to_owned()]).to_string();
        assert_eq!(clean_of("https://a.example/x;jsessionid=1?b=2&utm_source=f&a=1"), "https://a.example/x?b=2&a=1");
        assert_eq!(clean_of("https://a.example/x/?utm_source=f"), "https://a.example/x/");
        assert_eq!(clean_of("https://a.example/x?b=&a"), "https://a.example/x?b=&a");
    }

    #[test]
    fn ids_in_queries_are_kept() {
        assert_ne!(key_of("https://a.example/?gd=18&cn=170&tc=829"), key_of("https://a.example/?gd=18&cn=170&tc=830"));
        assert_ne!(key_of("https://a.example:8080/"), key_of("https://a.example/"));
    }

    #[test]
    fn only_the_web_is_asked_and_no_credentials() {
        let base = parse("https://a.example/tin/", None).unwrap();
        assert_eq!(parse("bai-1.html", Some(&base)).unwrap().as_str(), "https://a.example/tin/bai-1.html");
        assert_eq!(parse("javascript:__doPostBack('x')", Some(&base)), Err(Refusal::Scheme));
        assert_eq!(parse("file:///etc/passwd", Some(&base)), Err(Refusal::Scheme));
        assert_eq!(parse("https://u:p@a.example/", None), Err(Refusal::Credentials));
        assert_eq!(parse("https://", None), Err(Refusal::Unreadable));
    }
}
