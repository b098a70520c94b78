//! What goes over a connection, kept as it is: an archive of parsed and rewritten answers is no evidence.
//!
//! In: a connection of the HTTP client, after TLS. Out: the bytes sent and received. Never: more bytes than the limit.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The bytes of one exchange.
#[derive(Debug, Default)]
pub struct Tape {
    pub peer: Option<SocketAddr>,
    pub sent: Vec<u8>,
    pub received: Vec<u8>,
    /// The most bytes that are kept each way.
    pub limit: u64,
}

impl Tape {
    pub fn new(limit: u64) -> Self {
        Self { limit, ..Self::default() }
    }

    pub fn clear(&mut self) {
        *self = Self::new(self.limit);
    }
}

fn keep(bytes: &mut Vec<u8>, more: &[u8], limit: u64) {
    // Chunked bodies are somewhat longer than what they hold.
    let room = usize::try_from(limit * 2).unwrap_or(usize::MAX).saturating_sub(bytes.len());
    bytes.extend_from_slice(&more[..more.len().min(room)]);
}

/// Puts a tape beside each connection.
#[derive(Debug)]
pub struct Recorder(pub Arc<Mutex<Tape>>);

impl<In: Transport> Connector<In> for Recorder {
    type Out = Taped<In>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Taped<In>>, Error> {
        let tape = self.0.clone();
        lock(&tape).peer = details.addrs.iter().next().copied();
        Ok(chained.map(|inner| Taped { inner, tape }))
    }
}

fn lock(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection with its tape.
#[derive(Debug)]
pub struct Taped<T> {
    inner: T,
    tape: Arc<Mutex<Tape>>,
}

impl<T: Transport> Transport for Taped<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        {
            let mut tape = lock(&self.tape);
            let limit = tape.limit;
            keep(&mut tape.sent, &self.inner.buffers().output()[..amount], limit);
        }
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let before = self.inner.buffers().input().len();
        let more = self.inner.await_input(timeout)?;
        let mut tape = lock(&self.tape);
        let limit = tape.limit;
        keep(&mut tape.received, self.inner.buffers().input().get(before..).unwrap_or(&[]), limit);
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
