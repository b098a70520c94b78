//! A night: servers are asked in turn, what they say is stored, until nothing is left or the night is over.
//!
//! In: a configuration, rules, a clock. Out: what the state has when it ends. Never: a request that robots.txt closes, or that its server's
//! delay forbids; a task that is dropped: it is done, or left to the next night with a reason.
//!
//! A few threads ask; each answer is read on the thread that got it, and stored under one lock.

use super::clock::Clock;
use super::config::{Config, Portal};
use super::fetch::Client;
use super::guard::{Guard, Refused};
use super::judge::Judge;
use super::listing::Profiles;
use super::log::{Event, Log};
use super::outcome::Outcome;
use super::queue::{Queue, Turn};
use super::robots::Rules;
use super::state::{State, StateError};
use crate::document::Reader;
use crate::extract::Extractor;
use crate::output::Origin;
use crate::rules::RuleSet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// The first wait before another try; it doubles.
const AGAIN: Duration = Duration::from_secs(20);

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
pub(super) struct Night<'n> {
    pub config: &'n Config,
    pub settings: &'n Settings,
    pub judge: Judge,
    state: Mutex<State>,
    queue: Mutex<Desk>,
    pub bell: Condvar,
    began: Instant,
}

/// What the threads share of the queue.
#[derive(Default)]
pub(super) struct Desk {
    pub queue: Queue,
    /// Threads that work on an answer, which may find more to ask for.
    working: usize,
    pub robots: HashMap<String, Arc<Rules>>,
    pub dead: HashMap<String, u32>,
    pub fates: Fates,
    /// When each portal was first asked, and what it has cost: requests and bytes.
    pub since: HashMap<String, Instant>,
    pub costs: HashMap<String, (u64, u64)>,
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
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn portal(&self, name: &str) -> Option<&Portal> {
        self.config.portals.iter().find(|p| p.name == name)
    }

    /// Opens the queue. A process that was killed may have asked a moment ago: after it everybody waits once.
    fn open(&self, resumed: bool) -> Result<(), StateError> {
        let hosts = self.state().hosts()?;
        self.hosts(&hosts, resumed)
    }

    /// Makes hosts known to the queue, or wakes them. Names are looked up before the lock is taken.
    pub fn hosts(&self, hosts: &[String], wait: bool) -> Result<(), StateError> {
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
    pub fn leave(&self, host: &str, outcome: Outcome, why: String) -> Result<(), StateError> {
        self.settings.log.say(&Event::leave(host, outcome, &why));
        self.state().leave(Some(host), None)?;
        let mut desk = self.desk();
        let calls = desk.queue.calls(host);
        desk.queue.rest(host, None, calls);
        desk.fates.hosts.entry(host.to_owned()).or_insert((outcome, why));
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
}
