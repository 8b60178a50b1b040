//! Futures that are dropped half-way, and servers that stall at any step.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use core::convert::Infallible;
use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use embedded_io_async::{ErrorType, Read, Write};
use xobito_embassy::tls::{Tls, TlsError};
use xobito_hostile_tests::device::{ANSWER, Buffers, REQUEST, TOKEN};
use xobito_hostile_tests::pipe::{Pipe, run};
use xobito_hostile_tests::pki::{HOST, Pki};
use xobito_hostile_tests::server::{APPLICATION_DATA, Hostile};

/// A socket on which each operation waits once before it goes on, and one of them for good.
struct Waiting<S> {
    socket: S,
    operations: usize,
    stall_at: usize,
}

impl<S: ErrorType<Error = Infallible>> Waiting<S> {
    async fn wait(&mut self) {
        self.operations += 1;
        if self.operations == self.stall_at {
            core::future::pending::<()>().await;
        }
        let mut waited = false;
        core::future::poll_fn(|_| {
            if core::mem::replace(&mut waited, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

impl<S: ErrorType<Error = Infallible>> ErrorType for Waiting<S> {
    type Error = Infallible;
}

impl<S: Read<Error = Infallible>> Read for Waiting<S> {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        self.wait().await;
        self.socket.read(out).await
    }
}

impl<S: Write<Error = Infallible>> Write for Waiting<S> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.wait().await;
        self.socket.write(bytes).await
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        self.wait().await;
        self.socket.flush().await
    }
}

/// Polls a future so many times at most; `None` if it was dropped before its end.
fn run_for<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..polls {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return Some(output);
        }
    }
    None
}

#[test]
fn a_dropped_open_leaves_no_session_and_sent_no_token() {
    let pki = Pki::new();
    let roots = pki.roots();
    let mut dropped = 0;
    for polls in 0.. {
        let mut buffers = Buffers::new();
        let mut tls = buffers.endpoint(roots.anchors());
        let mut socket = Waiting {
            socket: pki.connect(),
            operations: 0,
            stall_at: 0,
        };
        if run_for(polls, tls.open(&mut socket, HOST)).is_some() {
            break;
        }
        dropped += 1;
        assert!(!tls.is_open());
        assert_eq!(
            run(tls.write(&mut socket.socket, TOKEN)),
            Err(TlsError::NotOpen)
        );
        // The endpoint itself is as good as new.
        assert_eq!(run(tls.open(&mut pki.connect(), HOST)), Ok(()));
    }
    assert!(dropped > 10, "{dropped}");
}

#[test]
fn a_stall_at_any_step_of_the_handshake_waits_and_nothing_else() {
    let pki = Pki::new();
    let roots = pki.roots();
    for stall_at in 1.. {
        let mut buffers = Buffers::new();
        let mut tls = buffers.endpoint(roots.anchors());
        let mut socket = Waiting {
            socket: pki.connect(),
            operations: 0,
            stall_at,
        };
        if run_for(10_000, tls.open(&mut socket, HOST)).is_some() {
            assert!(stall_at > 10);
            return;
        }
        assert!(!tls.is_open());
    }
}

#[test]
fn a_dropped_read_loses_nothing() {
    let pki = Pki::new();
    let roots = pki.roots();
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    let peer = Hostile::new(|flight| flight.handshake(&[&pki.server.der], &pki.server.key))
        .on_request(|flight| {
            for piece in ANSWER.chunks(7) {
                flight.encrypted(APPLICATION_DATA, piece);
            }
        });
    let mut socket = Waiting {
        socket: Pipe::new(peer, 3),
        operations: 0,
        stall_at: 0,
    };
    run_for(1000, tls.open(&mut socket, HOST)).unwrap().unwrap();
    run(tls.write(&mut socket.socket, REQUEST)).unwrap();
    run(tls.flush(&mut socket.socket)).unwrap();
    let mut answer = Vec::new();
    for polls in (0..9).cycle() {
        let mut piece = [0; 5];
        // Dropped at every possible place: in a header, in a body, between the two.
        if let Some(count) = run_for(polls, tls.read(&mut socket, &mut piece)) {
            answer.extend_from_slice(&piece[..count.unwrap()]);
        }
        assert!(tls.is_open());
        if answer.len() == ANSWER.len() {
            break;
        }
    }
    assert_eq!(answer, ANSWER);
}

#[test]
fn a_dropped_write_ends_the_session() {
    let pki = Pki::new();
    let roots = pki.roots();
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    let mut socket = Waiting {
        socket: pki.connect(),
        operations: 0,
        stall_at: 0,
    };
    run_for(1000, tls.open(&mut socket, HOST)).unwrap().unwrap();
    run(tls.write(&mut socket.socket, REQUEST)).unwrap();
    assert!(run_for(1, tls.flush(&mut socket)).is_none());
    assert!(!tls.is_open());
    assert_eq!(run(tls.flush(&mut socket.socket)), Err(TlsError::NotOpen));
}
