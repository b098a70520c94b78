//! The site: requests in, answers out.
//!
//! In: a desk, an address to listen at. Out: an HTTP server. Never: a request answered that the guard has not passed, a file of the disk,
//! or a request that stops the others: each is answered on a thread of its own.

use super::answer::{self, Answer};
use super::desk::Desk;
use super::guard::{self, Guard};
use super::page;
use super::query::Pairs;
use super::words::Lang;
use axum::Form;
use axum::Router;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

/// What the site is told when it starts.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Names of this machine that requests may give, besides its address.
    pub names: Vec<String>,
    /// Needed in every request, when there is one.
    pub token: Option<String>,
    /// Who decides; else each browser is asked once.
    pub reviewer: Option<String>,
    /// Else what the browser prefers.
    pub lang: Option<Lang>,
}

/// A desk with what its pages need.
pub struct Site {
    pub desk: Desk,
    pub guard: Guard,
    pub settings: Settings,
}

/// A request, as far as pages look at it.
#[derive(Debug, Clone)]
pub struct Ask {
    pub path: String,
    /// Path and query, to come back to.
    pub whole: String,
    pub query: Pairs,
    pub form: Pairs,
    pub reviewer: Option<String>,
    pub lang: Lang,
}

/// A server that has its address, and does not answer yet.
pub struct Server {
    listener: TcpListener,
    site: Arc<Site>,
}

impl Server {
    /// # Errors
    /// When the address cannot be listened at.
    pub fn bind(desk: Desk, address: SocketAddr, settings: Settings) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let guard = Guard::new(listener.local_addr()?, settings.names.clone(), settings.token.clone()).map_err(std::io::Error::other)?;
        Ok(Self { listener, site: Arc::new(Site { desk, guard, settings }) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.site.guard.address()
    }

    /// The address that a browser opens.
    pub fn url(&self) -> String {
        let address = self.address();
        // Nobody can go to the address that stands for all.
        let host = if address.ip().is_unspecified() { format!("127.0.0.1:{}", address.port()) } else { address.to_string() };
        match self.site.guard.token() {
            Some(token) => format!("http://{host}/?token={token}"),
            None => format!("http://{host}/"),
        }
    }

    pub fn desk(&self) -> &Desk {
        &self.site.desk
    }

    /// Answers until `stop` is done.
    ///
    /// # Errors
    /// When the machine does not let it.
    pub fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(8).build()?;
        runtime.block_on(async {
            self.listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let router = Router::new().fallback(respond).with_state(self.site);
            axum::serve(listener, router).with_graceful_shutdown(stop).await
        })
    }

    /// Answers until the program is interrupted.
    ///
    /// # Errors
    /// As [`Server::run`].
    pub fn run_until_interrupted(self) -> std::io::Result<()> {
        self.run(async { drop(tokio::signal::ctrl_c().await) })
    }
}

async fn respond(State(site): State<Arc<Site>>, request: Request) -> Response {
    let lang = language(&site, request.headers(), &pairs(request.uri()));
    let answer = match guarded(&site, request, lang).await {
        Ok(Some(ask)) => tokio::task::spawn_blocking(move || answer::answer(&site, &ask)).await.unwrap_or_else(|_| broken(lang)),
        Ok(None) => broken(lang),
        Err(answer) => *answer,
    };
    let mut response = answer.response();
    guard::headers(response.headers_mut());
    response
}

/// The request, if the guard lets it pass.
async fn guarded(site: &Site, request: Request, lang: Lang) -> Result<Option<Ask>, Box<Answer>> {
    let refused = |status, key: &str| Err(Box::new(Answer::page(status, page::fault(lang, lang.t(key)))));
    let headers = request.headers().clone();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    if !site.guard.is_host(host) {
        return refused(StatusCode::FORBIDDEN, "fault-host");
    }
    let query = pairs(&uri);
    if let Some(answer) = let_in(site, &headers, &query, uri.path()) {
        return answer.map_or_else(|| refused(StatusCode::UNAUTHORIZED, "fault-token"), |answer| Err(Box::new(answer)));
    }
    let mut form = Pairs::new();
    if method == Method::POST {
        let origin = headers.get(header::ORIGIN).and_then(|h| h.to_str().ok()).unwrap_or_default();
        if !site.guard.is_origin(origin, host) {
            return refused(StatusCode::FORBIDDEN, "fault-origin");
        }
        form = Form::<Pairs>::from_request(request, &()).await.map(|Form(form)| form).unwrap_or_default();
        if !site.guard.is_form(form.get("form").map_or("", String::as_str)) {
            return refused(StatusCode::FORBIDDEN, "fault-form");
        }
    } else if method != Method::GET && method != Method::HEAD {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "fault-missing");
    }
    let path = if method == Method::POST { format!("POST {}", uri.path()) } else { uri.path().to_owned() };
    let whole = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let reviewer = guard::cookie(&headers, &cookie(site, "reviewer")).filter(|r| answer::is_name(r)).or_else(|| site.settings.reviewer.clone());
    Ok(Some(Ask { path, whole, query, form, reviewer, lang }))
}

/// None when the caller may come in; else where to go first, or nothing when there is no way.
fn let_in(site: &Site, headers: &HeaderMap, query: &Pairs, path: &str) -> Option<Option<Answer>> {
    site.guard.token()?;
    let name = cookie(site, "token");
    if guard::cookie(headers, &name).is_some_and(|token| site.guard.is_token(&token)) {
        return None;
    }
    // The token goes into a cookie at once, so that it stays in no address.
    let given = query.get("token").filter(|token| site.guard.is_token(token));
    Some(given.map(|token| Answer::redirect(path).with_cookie(&name, token)))
}

/// Cookies are shared by all ports of a machine: their names tell whose they are.
pub fn cookie(site: &Site, name: &str) -> String {
    format!("solieu-{}-{name}", site.guard.address().port())
}

fn pairs(uri: &Uri) -> Pairs {
    Query::<Pairs>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

fn language(site: &Site, headers: &HeaderMap, query: &Pairs) -> Lang {
    let asked = query.get("lang").and_then(|l| Lang::from_word(l));
    let kept = || guard::cookie(headers, &cookie(site, "lang")).and_then(|l| Lang::from_word(&l));
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|h| h.to_str().ok()).and_then(Lang::accepted);
    asked.or_else(kept).or(site.settings.lang).or_else(accepted).unwrap_or_default()
}

/// A fault of this program: it costs one answer.
fn broken(lang: Lang) -> Answer {
    Answer::page(StatusCode::INTERNAL_SERVER_ERROR, page::fault(lang, &lang.with("fault-store", &[("why", &"internal error")])))
}
