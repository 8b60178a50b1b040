//! The token stays no longer in the scratch buffer than it takes to write it, and no session outlives a dropped future.

use std::cell::Cell;
use std::future::{Future, pending};
use std::net::SocketAddr;
use std::pin::pin;
use std::task::{Context, Waker};

use embedded_io_async::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;
use xobito_conformance::host::{HostClock, Names};
use xobito_conformance::text_to;
use xobito_core::Account;
use xobito_embassy::{Client, Parts, Platform};
use xobito_sandbox::DEFAULT_TOKEN;

use crate::in_the_clear::InTheClear;

/// A platform whose connections take so many writes, and then stall for ever.
struct Stalling {
    writes: usize,
}

impl Platform for Stalling {
    type Tcp = Self;
    type Resolver = Names;
    type Rng = rand_core::OsRng;
    type Clock = HostClock;

    fn parts(&mut self) -> Parts<'_, Self> {
        panic!("the client is made of its parts")
    }
}

impl TcpConnect for Stalling {
    type Error = ErrorKind;
    type Connection<'a> = Self;

    async fn connect(&self, _: SocketAddr) -> Result<Self, ErrorKind> {
        let writes = self.writes;
        Ok(Self { writes })
    }
}

impl ErrorType for Stalling {
    type Error = ErrorKind;
}

impl Read for Stalling {
    async fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> {
        pending().await
    }
}

impl Write for Stalling {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        match self.writes.checked_sub(1) {
            Some(left) => self.writes = left,
            None => pending().await,
        }
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

#[test]
fn wherever_a_send_is_dropped_neither_token_nor_session_stays() {
    let names = Names::default();
    let account = Account::new("localhost:1", "demo", DEFAULT_TOKEN).unwrap();
    // The head alone takes more than a dozen writes.
    for writes in 0..40 {
        let tcp = Stalling { writes };
        let mut scratch = [0xAA; 512];
        let is_open = Cell::new(false);
        let tls = InTheClear::watched(&is_open);
        {
            let mut client: Client<'_, Stalling, InTheClear<'_>> =
                Client::with_tls(&tcp, &names, tls, account, &mut scratch);
            let request = text_to("+14155551234");
            // The future borrows the client and is gone when this block ends.
            let mut send = pin!(client.send(&request));
            let polled = send.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending() && is_open.get());
        }
        assert!(!is_open.get(), "the session and its keys are gone, too");
        let piece = &DEFAULT_TOKEN.as_bytes()[..8];
        let is_there = scratch.windows(piece.len()).any(|window| window == piece);
        assert!(!is_there, "after {writes} writes");
    }
}
