//! What is done with a turn: robots.txt of the host, or its next task.
//!
//! In: a host whose turn it is. Out: what came of its request, stored. Never: a turn given back before that, or a page that stops the
//! night.

use super::address;
use super::config::Portal;
use super::fetch::{Client, Exchange, Failure, Request};
use super::judge::{Judged, Kind};
use super::link::Link;
use super::log::Event;
use super::night::Night;
use super::outcome::Outcome;
use super::robots::Rules;
use super::state::{Answer, Next, Receipt, StateError, Task};
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

/// Tries of one page in a night.
const TRIES: u32 = 3;
/// A server that asks for a longer wait is left alone for the night.
const LONG: Duration = Duration::from_secs(20 * 60);
/// So many requests in a row without an answer, and the host is left alone for the night.
const DEAD: u32 = 6;

impl Night<'_> {
    /// Uses the turn of a host: for its robots.txt first, then for its next task.
    pub fn serve(&self, client: &Client, host: &str) -> Result<(), StateError> {
        let (known, calls) = {
            let mut desk = self.desk();
            (desk.robots.get(host).cloned(), desk.queue.calls(host))
        };
        let Some(rules) = known else {
            return self.robots(client, host);
        };
        let next = self.state().next(host, self.millis())?;
        match next {
            Next::Task(task) => self.task(client, host, &task, &rules),
            Next::At(millis) => {
                let wait = Duration::from_millis(u64::try_from(millis - self.millis()).unwrap_or(0));
                self.rest(host, Some(Instant::now() + wait), calls);
                Ok(())
            }
            Next::Nothing => {
                self.rest(host, None, calls);
                Ok(())
            }
        }
    }

    /// Gives a turn back unused.
    fn pass(&self, host: &str) {
        self.desk().queue.release(host, None);
    }

    /// Gives a turn back of a host that has nothing now.
    fn rest(&self, host: &str, until: Option<Instant>, calls: u64) {
        let mut desk = self.desk();
        desk.queue.rest(host, until, calls);
        desk.queue.release(host, None);
    }

    fn millis(&self) -> i64 {
        Timestamp::now().as_millisecond()
    }

    /// Gives a turn back. Only now: what came of it is stored, so that nobody takes the same task, or asks before the host's rules are known.
    fn released(&self, host: &str, answered: Instant) {
        self.desk().queue.release(host, Some(answered));
        self.bell.notify_all();
    }

    /// Asks for robots.txt, or reads what this night knows of it.
    fn robots(&self, client: &Client, host: &str) -> Result<(), StateError> {
        if let Some((status, body)) = self.state().robots(host)? {
            self.rules(host, Rules::of(status, &body));
            self.pass(host);
            return Ok(());
        }
        let Some((portal, url)) = Url::parse(host).ok().and_then(|u| Some((self.config.portals.iter().find(|p| p.owns(&u))?, u.join("/robots.txt").ok()?)))
        else {
            self.pass(host);
            return self.leave(host, Outcome::Refused, "no portal owns it".to_owned());
        };
        let (exchange, url) = self.robots_file(client, host, url);
        let body = exchange.as_ref().ok().and_then(|e| e.unpacked(self.config.limits.body).ok()).unwrap_or_default();
        let status = exchange.as_ref().map_or(0, |e| e.status);
        let answered = Instant::now();
        let rules = Rules::of(status, &body);
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
            self.leave(host, outcome, format!("robots.txt: {}", receipt.reason.unwrap_or_default()))?;
        } else {
            self.rules(host, rules);
        }
        self.released(host, answered);
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
            self.pass(host);
            return self.state().leave(None, Some(&task.portal)).map(drop);
        };
        if let Some(spent) = self.spent(portal)? {
            self.pass(host);
            self.settings.log.say(&Event::spent(&portal.name, spent));
            self.desk().fates.spent.insert(portal.name.clone(), spent);
            return self.state().leave(None, Some(&portal.name)).map(drop);
        }
        if !rules.allows(&task.url) {
            let failure = Failure::Refused("closed by robots.txt".to_owned());
            let judged = Judged::told(Outcome::Robots, "closed by robots.txt");
            self.store(portal, task, Err(&failure), Duration::ZERO, self.settings.clock.now(), None, judged)?;
            self.pass(host);
            return Ok(());
        }
        let at = self.settings.clock.now();
        let began = Instant::now();
        let request = Request { url: &task.url, etag: task.etag.as_deref(), modified: task.modified.as_deref() };
        let exchange = client.ask(&request, at);
        let (took, answered) = (began.elapsed(), Instant::now());
        let judged = match &exchange {
            Ok(exchange) => self.read(exchange, task, portal),
            Err(failure) => Judged::failed(failure),
        };
        let again = self.again(host, task, &judged, exchange.as_ref());
        if let Some(profile) = &judged.profile {
            self.desk().fates.profiles.insert(portal.name.clone(), profile.clone());
        }
        let dead = self.is_dead(host, judged.outcome);
        let receipt = self.store(portal, task, exchange.as_ref(), took, at, again, judged)?;
        if dead {
            self.leave(host, receipt.outcome, receipt.reason.clone().unwrap_or_default())?;
        } else if let Some(millis) = again {
            let wait = Duration::from_millis(u64::try_from(millis - self.millis()).unwrap_or(0));
            self.desk().queue.wake(host, Instant::now() + wait);
        }
        self.released(host, answered);
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
