//! A night: servers are asked in turn, what they say is stored, until nothing is left or the night is over.
//!
//! In: a configuration, rules, a clock. Out: what the state has when it ends. Never: a request that robots.txt closes, or that its server's
//! delay forbids; a task that is dropped: it is done, or left to the next night with a reason.
//!
//! A few threads ask; each answer is read on the thread that got it, and stored under one lock.

use super::address;
use super::clock::Clock;
use super::config::{Config, Portal};
use super::fetch::{Client, Exchange, Failure, Request};
use super::guard::{Guard, Refused};
use super::judge::{Judge, Judged, Kind};
use super::link::Link;
use super::listing::Profiles;
use super::log::{Event, Log};
use super::outcome::Outcome;
use super::queue::{Queue, Turn};
use super::robots::Rules;
use super::state::{Answer, Next, Receipt, State, StateError, Task};
use crate::document::Reader;
use crate::extract::Extractor;
use crate::output::Origin;
use crate::rules::RuleSet;
use jiff::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// Tries of one page in a night.
const TRIES: u32 = 3;
/// The first wait before another try; it doubles.
const AGAIN: Duration = Duration::from_secs(20);
/// A server that asks for a longer wait is left alone for the night.
const LONG: Duration = Duration::from_secs(20 * 60);
/// So many requests in a row without an answer, and the host is left alone for the night.
const DEAD: u32 = 6;

/// How a night is run, beside what the configuration says.
#[derive(Clone)]
pub struct Settings {
    pub guard: Guard,
    pub clock: Clock,
    pub log: Log,
    pub rules: Arc<RuleSet>,
    /// The first wait before another try.
    pub again: Duration,
}

impl Settings {
    pub fn new(rules: Arc<RuleSet>, log: Log) -> Self {
        Self { guard: Guard::default(), clock: Clock::default(), log, rules, again: AGAIN }
    }
}

/// What became of the hosts and portals of a night.
#[derive(Debug, Clone, Default)]
pub struct Fates {
    /// Hosts that were left alone, and why.
    pub hosts: HashMap<String, (Outcome, String)>,
    /// Portals whose budget was spent, and which.
    pub spent: HashMap<String, &'static str>,
    /// Profiles that lists of a portal were read with.
    pub profiles: HashMap<String, String>,
}

/// A night that is at work.
struct Night<'n> {
    config: &'n Config,
    settings: &'n Settings,
    judge: Judge,
    state: Mutex<State>,
    queue: Mutex<Desk>,
    bell: Condvar,
    began: Instant,
}

/// What the threads share of the queue.
#[derive(Default)]
struct Desk {
    queue: Queue,
    /// Threads that work on an answer, which may find more to ask for.
    working: usize,
    robots: HashMap<String, Arc<Rules>>,
    dead: HashMap<String, u32>,
    fates: Fates,
    /// When each portal was first asked, and what it has cost: requests and bytes.
    since: HashMap<String, Instant>,
    costs: HashMap<String, (u64, u64)>,
    failed: Option<StateError>,
}

/// Runs a night; the caller finishes it.
///
/// # Errors
/// When store or archive cannot be used. What is done is done, and another call goes on.
pub fn run(config: &Config, settings: &Settings) -> Result<(State, Fates), StateError> {
    let profiles = Profiles::new(&settings.rules);
    let origin = Origin::of(&settings.rules);
    let state = State::begin(config, &origin, profiles.ignored(), settings.clock)?;
    settings.log.say(&Event::begin(state.night, state.resumed, config.portals.len()));
    let judge = Judge {
        profiles,
        reader: Arc::new(Reader::default().with_rules(settings.rules.clone())),
        extractor: Extractor::with_rules(settings.rules.clone()),
        body: config.limits.body,
    };
    let resumed = state.resumed;
    let night = Night { config, settings, judge, state: Mutex::new(state), queue: Mutex::default(), bell: Condvar::new(), began: Instant::now() };
    night.open(resumed)?;
    std::thread::scope(|scope| {
        for _ in 0..config.jobs {
            scope.spawn(|| night.work());
        }
    });
    let desk = night.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    let state = night.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match desk.failed {
        Some(failed) => Err(failed),
        None => Ok((state, desk.fates)),
    }
}

impl Night<'_> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn portal(&self, name: &str) -> Option<&Portal> {
        self.config.portals.iter().find(|p| p.name == name)
    }

    /// Opens the queue. A process that was killed may have asked a moment ago: after it everybody waits once.
    fn open(&self, resumed: bool) -> Result<(), StateError> {
        let hosts = self.state().hosts()?;
        self.hosts(&hosts, resumed)
    }

    /// Makes hosts known to the queue, or wakes them. Names are looked up before the lock is taken.
    fn hosts(&self, hosts: &[String], wait: bool) -> Result<(), StateError> {
        for host in hosts {
            let now = Instant::now();
            let known = {
                let mut desk = self.desk();
                desk.fates.hosts.contains_key(host) || desk.queue.wake(host, now)
            };
            if !known {
                self.meet(host, wait, now)?;
            }
        }
        self.bell.notify_all();
        Ok(())
    }

    fn meet(&self, host: &str, wait: bool, now: Instant) -> Result<(), StateError> {
        let Ok(url) = Url::parse(host) else {
            return self.leave(host, Outcome::Refused, "no address".to_owned());
        };
        let delay = self.config.portals.iter().filter(|p| p.owns(&url)).map(|p| p.delay).max().unwrap_or(super::config::DELAY);
        match self.settings.guard.addresses(url.host_str().unwrap_or(""), url.port_or_known_default().unwrap_or(80)) {
            Ok(found) => {
                let ready = if wait { now + delay } else { now };
                let addresses: Vec<IpAddr> = found.iter().map(|a| a.ip()).collect();
                self.desk().queue.add(host, &addresses, delay, ready);
                Ok(())
            }
            Err(refused @ Refused::Private { .. }) => self.leave(host, Outcome::Refused, refused.to_string()),
            Err(refused) => self.leave(host, Outcome::NoHost, refused.to_string()),
        }
    }

    /// Leaves a host alone for the night.
    fn leave(&self, host: &str, outcome: Outcome, why: String) -> Result<(), StateError> {
        self.settings.log.say(&Event::leave(host, outcome, &why));
        let left = self.state().leave(Some(host), None)?;
        let mut desk = self.desk();
        desk.queue.rest(host, None);
        desk.fates.hosts.entry(host.to_owned()).or_insert((outcome, why));
        drop(desk);
        let _ = left;
        Ok(())
    }

    /// One thread: takes turns until nothing is left.
    fn work(&self) {
        let time = self.config.limits.request;
        let client = Client::new(&self.config.user_agent(), self.settings.guard.clone(), self.config.limits.body, time);
        while let Some(host) = self.turn() {
            let done = self.serve(&client, &host);
            let mut desk = self.desk();
            desk.working -= 1;
            if let Err(failed) = done {
                desk.failed.get_or_insert(failed);
            }
            drop(desk);
            self.bell.notify_all();
        }
    }

    /// Waits for a turn; none when the night is over.
    fn turn(&self) -> Option<String> {
        let mut desk = self.desk();
        loop {
            let over = self.began.elapsed() >= self.config.limits.night;
            if desk.failed.is_some() || over {
                return None;
            }
            let now = Instant::now();
            match desk.queue.take(now) {
                Turn::Ask(host) => {
                    desk.working += 1;
                    return Some(host);
                }
                Turn::Nothing if desk.working == 0 => return None,
                turn => {
                    let until = if let Turn::Wait(at) = turn { at.saturating_duration_since(now) } else { Duration::from_secs(5) };
                    let wait = until.min(self.config.limits.night.saturating_sub(self.began.elapsed())).max(Duration::from_millis(1));
                    desk = self.bell.wait_timeout(desk, wait).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    /// Uses the turn of a host: for its robots.txt first, then for its next task.
    fn serve(&self, client: &Client, host: &str) -> Result<(), StateError> {
        let known = self.desk().robots.get(host).cloned();
        let Some(rules) = known else {
            return self.robots(client, host);
        };
        let next = self.state().next(host, self.millis())?;
        match next {
            Next::Task(task) => self.task(client, host, &task, &rules),
            Next::At(millis) => {
                let wait = Duration::from_millis(u64::try_from(millis - self.millis()).unwrap_or(0));
                self.pass(host, Some(Instant::now() + wait));
                Ok(())
            }
            Next::Nothing => {
                self.pass(host, None);
                Ok(())
            }
        }
    }

    /// Gives a turn back unused.
    fn pass(&self, host: &str, until: Option<Instant>) {
        let mut desk = self.desk();
        desk.queue.rest(host, until);
        desk.queue.release(host, false, Instant::now());
    }

    fn millis(&self) -> i64 {
        Timestamp::now().as_millisecond()
    }

    fn released(&self, host: &str) {
        self.desk().queue.release(host, true, Instant::now());
        self.bell.notify_all();
    }

    /// Asks for robots.txt, or reads what this night knows of it.
    fn robots(&self, client: &Client, host: &str) -> Result<(), StateError> {
        if let Some((status, body)) = self.state().robots(host)? {
            self.rules(host, Rules::of(status, &body));
            self.pass(host, Some(Instant::now()));
            return Ok(());
        }
        let Some((portal, url)) = Url::parse(host).ok().and_then(|u| Some((self.config.portals.iter().find(|p| p.owns(&u))?, u.join("/robots.txt").ok()?)))
        else {
            self.pass(host, None);
            return self.leave(host, Outcome::Refused, "no portal owns it".to_owned());
        };
        let (exchange, url) = self.robots_file(client, host, url);
        let body = exchange.as_ref().ok().and_then(|e| e.unpacked(self.config.limits.body).ok()).unwrap_or_default();
        let status = exchange.as_ref().map_or(0, |e| e.status);
        let rules = Rules::of(status, &body);
        self.released(host);
        let outcome = match &exchange {
            Err(failure) => failure.into(),
            Ok(_) if rules.unreachable => Outcome::Robots,
            Ok(_) => Outcome::Listed,
        };
        let sitemaps = rules.sitemaps().iter().filter(|_| portal.discover).map(|url| (Kind::Sitemap, Link { url: url.clone(), date: None, text: None }));
        let reason = rules.unreachable.then(|| exchange.as_ref().err().map_or_else(|| format!("status {status}"), ToString::to_string));
        let judged = Judged { further: sitemaps.collect(), reason, ..Judged::of(outcome) };
        let kept = exchange.as_ref().ok().map(|_| (status, body));
        let answer = Answer {
            task: None,
            portal,
            url: &url,
            at: self.settings.clock.now(),
            took: Duration::ZERO,
            exchange: exchange.as_ref(),
            again: None,
            robots: kept,
        };
        let receipt = self.state().commit(&answer, judged)?;
        self.told(portal, &url, "robots", &answer, &receipt);
        if rules.unreachable {
            return self.leave(host, outcome, format!("robots.txt: {}", receipt.reason.unwrap_or_default()));
        }
        self.rules(host, rules);
        self.hosts(&receipt.hosts, false)
    }

    /// The file itself, through at most five redirects on its host, each after the server's delay.
    fn robots_file(&self, client: &Client, host: &str, mut url: Url) -> (Result<Exchange, Failure>, Url) {
        let first = url.clone();
        for hop in 0..=5 {
            if hop > 0 {
                std::thread::sleep(self.desk().queue.delay(host));
            }
            let exchange = client.ask(&Request { url: &url, etag: None, modified: None }, self.settings.clock.now());
            let target = exchange.as_ref().ok().and_then(|e| address::parse(e.location()?, Some(&e.url)).ok());
            match target {
                // A file elsewhere is another server's, whose turn this is not.
                Some(next) if hop < 5 && address::bare_host(&next) == address::bare_host(&first) => url = next,
                _ => return (exchange, first),
            }
        }
        (Err(Failure::Broken("redirects without end".to_owned())), first)
    }

    fn rules(&self, host: &str, rules: Rules) {
        let mut desk = self.desk();
        if let Some(delay) = rules.delay() {
            desk.queue.slower(host, delay);
        }
        desk.robots.insert(host.to_owned(), Arc::new(rules));
    }

    /// Asks for a page and stores what came of it.
    fn task(&self, client: &Client, host: &str, task: &Task, rules: &Rules) -> Result<(), StateError> {
        let Some(portal) = self.portal(&task.portal) else {
            self.pass(host, Some(Instant::now()));
            return self.state().leave(None, Some(&task.portal)).map(drop);
        };
        if let Some(spent) = self.spent(portal)? {
            self.pass(host, Some(Instant::now()));
            self.settings.log.say(&Event::spent(&portal.name, spent));
            self.desk().fates.spent.insert(portal.name.clone(), spent);
            return self.state().leave(None, Some(&portal.name)).map(drop);
        }
        if !rules.allows(&task.url) {
            self.pass(host, Some(Instant::now()));
            let failure = Failure::Refused("closed by robots.txt".to_owned());
            let judged = Judged::told(Outcome::Robots, "closed by robots.txt");
            return self.store(portal, task, Err(&failure), Duration::ZERO, self.settings.clock.now(), None, judged).map(drop);
        }
        let at = self.settings.clock.now();
        let began = Instant::now();
        let request = Request { url: &task.url, etag: task.etag.as_deref(), modified: task.modified.as_deref() };
        let exchange = client.ask(&request, at);
        let took = began.elapsed();
        let judged = match &exchange {
            Ok(exchange) => self.read(exchange, task, portal),
            Err(failure) => Judged::failed(failure),
        };
        let again = self.again(host, task, &judged, exchange.as_ref());
        self.released(host);
        if let Some(profile) = &judged.profile {
            self.desk().fates.profiles.insert(portal.name.clone(), profile.clone());
        }
        let dead = self.is_dead(host, judged.outcome);
        let receipt = self.store(portal, task, exchange.as_ref(), took, at, again, judged)?;
        match (dead, again) {
            (true, _) => self.leave(host, receipt.outcome, receipt.reason.clone().unwrap_or_default())?,
            (_, Some(millis)) => drop(self.desk().queue.wake(host, Instant::now() + Duration::from_millis(u64::try_from(millis - self.millis()).unwrap_or(0)))),
            _ => {}
        }
        self.hosts(&receipt.hosts, false)
    }

    /// A page that the program fails at costs itself, and not the night, nor each night after it.
    fn read(&self, exchange: &Exchange, task: &Task, portal: &Portal) -> Judged {
        let read = || self.judge.read(exchange, task.kind, portal.profile.as_deref());
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Judged::told(Outcome::Unreadable, "solieu failed at it; please report it with the page"))
    }

    #[allow(clippy::too_many_arguments)]
    fn store(
        &self,
        portal: &Portal,
        task: &Task,
        exchange: Result<&Exchange, &Failure>,
        took: Duration,
        at: Timestamp,
        again: Option<i64>,
        judged: Judged,
    ) -> Result<Receipt, StateError> {
        let answer = Answer { task: Some(task), portal, url: &task.url, at, took, exchange, again, robots: None };
        let receipt = self.state().commit(&answer, judged)?;
        self.told(portal, &task.url, task.kind.word(), &answer, &receipt);
        Ok(receipt)
    }

    fn told(&self, portal: &Portal, url: &Url, kind: &str, answer: &Answer<'_>, receipt: &Receipt) {
        if let Some((requests, bytes)) = self.desk().costs.get_mut(&portal.name) {
            *requests += 1;
            *bytes += answer.exchange.map_or(0, |e| e.response.len() as u64);
        }
        self.settings.log.say(&Event::page(&portal.name, url, kind, answer, receipt));
    }

    /// When the page is asked for again in this night, if another try may be better.
    fn again(&self, host: &str, task: &Task, judged: &Judged, exchange: Result<&Exchange, &Failure>) -> Option<i64> {
        let outcome = judged.outcome?;
        let asked = exchange.ok().and_then(retry_after);
        if outcome == Outcome::Busy {
            let wait = asked.unwrap_or(self.settings.again).min(LONG);
            self.desk().queue.back_off(host, Instant::now() + wait);
        }
        if !outcome.passes() || task.tries + 1 >= TRIES || asked.is_some_and(|a| a > LONG) {
            return None;
        }
        // A part that differs from page to page, so that they don't come back all at once.
        let spread = u32::try_from(task.page % 16).unwrap_or(0);
        let wait = asked.unwrap_or(self.settings.again * 2u32.pow(task.tries) * (16 + spread) / 16);
        i64::try_from(wait.as_millis()).ok().map(|wait| self.millis() + wait)
    }

    /// Counts requests in a row without an answer.
    fn is_dead(&self, host: &str, outcome: Option<Outcome>) -> bool {
        let silent = matches!(outcome, Some(Outcome::NoConnection | Outcome::Slow | Outcome::TlsError | Outcome::NoHost | Outcome::Busy | Outcome::Refused));
        let mut desk = self.desk();
        let count = desk.dead.entry(host.to_owned()).or_default();
        *count = if silent { *count + 1 } else { 0 };
        *count >= DEAD
    }

    /// Which part of its budget a portal has spent, if one.
    fn spent(&self, portal: &Portal) -> Result<Option<&'static str>, StateError> {
        let since = *self.desk().since.entry(portal.name.clone()).or_insert_with(Instant::now);
        let known = self.desk().costs.get(&portal.name).copied();
        let (requests, bytes) = match known {
            Some(costs) => costs,
            None => {
                let costs = self.state().spent(&portal.name)?;
                *self.desk().costs.entry(portal.name.clone()).or_insert(costs)
            }
        };
        let budget = &portal.budget;
        Ok(match () {
            () if requests >= budget.pages => Some("pages"),
            () if bytes >= budget.bytes => Some("bytes"),
            () if since.elapsed() >= budget.time => Some("time"),
            () => None,
        })
    }
}

/// `Retry-After`: seconds, or a date.
fn retry_after(exchange: &Exchange) -> Option<Duration> {
    let text = exchange.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Duration::try_from(until.duration_since(Timestamp::now())).ok()
}
