//! The device's end of a connection whose other end is a server in the same thread.

use core::convert::Infallible;
use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use embedded_io_async::{ErrorType, Read, Write};

/// A server that takes bytes and gives bytes.
pub trait Peer {
    /// Takes what the device sent and returns what goes back.
    fn exchange(&mut self, from_device: &[u8]) -> Vec<u8>;

    /// Whether the token arrived, in clear or decrypted with any key that this server has.
    fn saw(&self, token: &[u8]) -> bool;
}

/// A socket of the device that reads and writes in pieces of a given size.
pub struct Pipe<P> {
    /// The server.
    pub peer: P,
    /// Every byte that the device wrote.
    pub sent: Vec<u8>,
    piece: usize,
    unsent: Vec<u8>,
    inbound: VecDeque<u8>,
}

impl<P: Peer> Pipe<P> {
    /// Connects to `peer`; reads return and writes take at most `piece` bytes.
    pub fn new(peer: P, piece: usize) -> Self {
        Self {
            peer,
            sent: Vec::new(),
            piece,
            unsent: Vec::new(),
            inbound: VecDeque::new(),
        }
    }

    /// Lets the server work on what the device has sent.
    pub fn turn(&mut self) {
        let from_device = core::mem::take(&mut self.unsent);
        let answer = self.peer.exchange(&from_device);
        self.inbound.extend(answer);
    }

    /// Whether the token left the device in a form that somebody else than the real host can read.
    pub fn leaked(&mut self, token: &[u8]) -> bool {
        self.turn();
        contains(&self.sent, token) || self.peer.saw(token)
    }
}

impl<P> ErrorType for Pipe<P> {
    type Error = Infallible;
}

impl<P: Peer> Read for Pipe<P> {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        if self.inbound.is_empty() {
            self.turn();
        }
        // A server that says nothing more has closed the connection.
        let count = out.len().min(self.piece).min(self.inbound.len());
        for (to, from) in out.iter_mut().zip(self.inbound.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }
}

impl<P: Peer> Write for Pipe<P> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let taken = &bytes[..bytes.len().min(self.piece)];
        self.sent.extend_from_slice(taken);
        self.unsent.extend_from_slice(taken);
        Ok(taken.len())
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Whether `needle` stands anywhere in `hay`.
#[must_use]
pub fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// Runs a future that may give way to others, but of which nothing may ever wait.
pub fn run<F: Future>(future: F) -> F::Output {
    run_counting(future).0
}

/// The same, and how often the future gave way.
pub fn run_counting<F: Future>(future: F) -> (F::Output, usize) {
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut future = pin!(future);
    let mut pauses = 0;
    while woken.0.swap(false, Ordering::Relaxed) {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (output, pauses);
        }
        pauses += 1;
    }
    panic!("the device waits for something that is not its socket");
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
