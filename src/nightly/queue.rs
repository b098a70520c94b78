//! Whose turn it is.
//!
//! In: hosts with their addresses, the time. Out: the host that may be asked now, or how long nobody may. Never: two requests at once to
//! a server, whatever names it has, or one sooner than its delay after the last.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// After a server has asked for less it is asked at most so slowly.
const SLOWEST: Duration = Duration::from_secs(120);

/// The servers of a night.
#[derive(Debug, Default)]
pub struct Queue {
    servers: Vec<Server>,
    by_host: HashMap<String, usize>,
    by_address: HashMap<IpAddr, usize>,
}

/// One machine: all hosts that share an address.
#[derive(Debug)]
struct Server {
    hosts: Vec<Host>,
    /// A request is under way.
    busy: bool,
    /// Not to be asked before.
    ready: Instant,
    delay: Duration,
    /// The host whose turn is next.
    turn: usize,
    /// Joined to another server, which has its hosts.
    gone: bool,
}

#[derive(Debug)]
struct Host {
    name: String,
    /// There is nothing before this time; none: nothing at all.
    next: Option<Instant>,
    /// How often something was found for it.
    calls: u64,
}

/// Who may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    Ask(String),
    /// Nobody before this time.
    Wait(Instant),
    /// Nothing is left to ask for; requests may be under way that find more.
    Nothing,
}

impl Queue {
    /// Adds a host, or wakes one that is known. Hosts with a common address are one server.
    pub fn add(&mut self, host: &str, addresses: &[IpAddr], delay: Duration, ready: Instant) {
        if self.wake(host, ready) {
            return;
        }
        let mut known: Vec<usize> = addresses.iter().filter_map(|a| self.by_address.get(a).copied()).collect();
        known.sort_unstable();
        known.dedup();
        let server = known.first().copied().unwrap_or_else(|| {
            self.servers.push(Server { hosts: Vec::new(), busy: false, ready, delay, turn: 0, gone: false });
            self.servers.len() - 1
        });
        known.iter().skip(1).for_each(|other| self.join(server, *other));
        self.by_address.extend(addresses.iter().map(|a| (*a, server)));
        self.by_host.insert(host.to_owned(), server);
        let joined = &mut self.servers[server];
        joined.delay = joined.delay.max(delay);
        joined.hosts.push(Host { name: host.to_owned(), next: Some(ready), calls: 0 });
    }

    /// Two servers turn out to be one.
    fn join(&mut self, into: usize, other: usize) {
        let (hosts, busy, ready, delay) = {
            let o = &mut self.servers[other];
            o.gone = true;
            (std::mem::take(&mut o.hosts), o.busy, o.ready, o.delay)
        };
        let server = &mut self.servers[into];
        server.hosts.extend(hosts);
        server.busy |= busy;
        server.ready = server.ready.max(ready);
        server.delay = server.delay.max(delay);
        for at in self.by_host.values_mut().chain(self.by_address.values_mut()).filter(|at| **at == other) {
            *at = into;
        }
    }

    /// A known host has something to be asked for at this time.
    pub fn wake(&mut self, host: &str, at: Instant) -> bool {
        let Some(found) = self.host(host) else {
            return false;
        };
        found.next = Some(found.next.map_or(at, |next| next.min(at)));
        found.calls += 1;
        true
    }

    /// How often a host was woken: who looks for its tasks asks before, and tells [`Queue::rest`].
    pub fn calls(&mut self, host: &str) -> u64 {
        self.host(host).map_or(0, |h| h.calls)
    }

    /// A host has nothing before this time (none: nothing), as somebody saw who looked at its tasks after so many calls. What was found
    /// for it since is not slept through.
    pub fn rest(&mut self, host: &str, until: Option<Instant>, calls: u64) {
        if let Some(found) = self.host(host).filter(|h| h.calls == calls) {
            found.next = until;
        }
    }

    fn host(&mut self, host: &str) -> Option<&mut Host> {
        let server = *self.by_host.get(host)?;
        self.servers[server].hosts.iter_mut().find(|h| h.name == host)
    }

    /// The next turn; its server is busy until [`Queue::release`].
    pub fn take(&mut self, now: Instant) -> Turn {
        let mut soonest: Option<Instant> = None;
        for server in self.servers.iter_mut().filter(|s| !s.gone && !s.busy) {
            let Some(at) = server.hosts.iter().filter_map(|h| h.next).min().map(|next| next.max(server.ready)) else {
                continue;
            };
            if at <= now {
                let count = server.hosts.len();
                let first = (0..count).map(|i| (server.turn + i) % count).find(|i| server.hosts[*i].next.is_some_and(|n| n <= now));
                let Some(i) = first else { continue };
                server.turn = i + 1;
                server.busy = true;
                return Turn::Ask(server.hosts[i].name.clone());
            }
            soonest = Some(soonest.map_or(at, |s| s.min(at)));
        }
        soonest.map_or(Turn::Nothing, Turn::Wait)
    }

    /// The server of a host may be asked again: after its delay from the end of its answer, if it was asked.
    pub fn release(&mut self, host: &str, answered: Option<Instant>) {
        if let Some(server) = self.by_host.get(host).copied().and_then(|at| self.servers.get_mut(at)) {
            server.busy = false;
            if let Some(answered) = answered {
                server.ready = server.ready.max(answered + server.delay);
            }
        }
    }

    /// The server of a host wants this time between requests at least.
    pub fn slower(&mut self, host: &str, delay: Duration) {
        if let Some(server) = self.by_host.get(host).copied().and_then(|at| self.servers.get_mut(at)) {
            server.delay = server.delay.max(delay);
        }
    }

    /// The server of a host asks for less: nothing until then, and half as often from then on.
    pub fn back_off(&mut self, host: &str, until: Instant) {
        if let Some(server) = self.by_host.get(host).copied().and_then(|at| self.servers.get_mut(at)) {
            server.ready = server.ready.max(until);
            server.delay = server.delay.max((server.delay * 2).min(SLOWEST));
        }
    }

    pub fn delay(&self, host: &str) -> Duration {
        self.by_host.get(host).map_or(Duration::ZERO, |at| self.servers[*at].delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_secs(2);

    fn ip(last: u8) -> [IpAddr; 1] {
        [IpAddr::from([113, 160, 0, last])]
    }

    #[test]
    fn hosts_on_one_address_take_turns_and_wait_for_each_other() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.add("a", &ip(1), DELAY, now);
        queue.add("b", &ip(1), DELAY, now);
        queue.add("c", &ip(2), DELAY, now);
        let ask = |host: &str| Turn::Ask(host.into());
        assert_eq!([queue.take(now), queue.take(now), queue.take(now)], [ask("a"), ask("c"), Turn::Nothing]);
        queue.release("a", Some(now));
        assert_eq!(queue.take(now), Turn::Wait(now + DELAY));
        assert_eq!(queue.take(now + DELAY), ask("b"));
        queue.release("b", None);
        assert_eq!(queue.take(now + DELAY), ask("a"));
    }

    #[test]
    fn servers_that_turn_out_to_be_one_are_joined() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.add("a", &ip(1), DELAY, now);
        queue.add("b", &ip(2), DELAY * 3, now);
        assert_eq!([queue.take(now), queue.take(now)], ["a", "b"].map(|h| Turn::Ask(h.into())));
        queue.add("c", &[ip(1)[0], ip(2)[0]], DELAY, now);
        queue.release("a", Some(now));
        queue.release("b", Some(now));
        assert_eq!(queue.take(now), Turn::Wait(now + DELAY * 3));
        assert_eq!(queue.delay("a"), DELAY * 3);
    }

    #[test]
    fn who_asks_for_less_is_asked_less() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.add("a", &ip(1), DELAY, now);
        queue.slower("a", DELAY * 2);
        queue.slower("a", DELAY);
        queue.back_off("a", now + DELAY * 50);
        assert_eq!((queue.delay("a"), queue.take(now)), (DELAY * 4, Turn::Wait(now + DELAY * 50)));
        queue.rest("a", None, 0);
        assert_eq!(queue.take(now + DELAY * 99), Turn::Nothing);
        let calls = queue.calls("a");
        assert!(queue.wake("a", now) && !queue.wake("z", now));
        queue.rest("a", None, calls);
        assert_eq!(queue.take(now + DELAY * 99), Turn::Ask("a".into()), "what was found meanwhile is not slept through");
    }
}
