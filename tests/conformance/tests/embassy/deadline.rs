//! The deadline holds wherever the world stops.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use async_io::block_on;
use embedded_io_async::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;
use xobito_conformance::host::{Host, HostClock, Names, set_deadline, with_client};
use xobito_conformance::text_to;
use xobito_core::{Account, Failure, Outcome, UnknownCause};
use xobito_embassy::{Client, Parts, Platform};
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox};

use crate::in_the_clear::InTheClear;

const DEADLINE: Duration = Duration::from_millis(500);
/// For a handshake's computations in an unoptimized build, and a busy machine.
const TOLERANCE: Duration = Duration::from_millis(400);

/// Sends one message and expects the deadline to end it.
fn expect_timeout(host: &mut Host, sandbox: &Sandbox, request_left: bool) {
    with_client(host, sandbox, DEFAULT_TOKEN, |client| {
        set_deadline(client, DEADLINE);
        let begun = Instant::now();
        let outcome = block_on(client.send(&text_to("+14155551234")));
        let took = begun.elapsed();
        assert!(took >= DEADLINE && took < DEADLINE + TOLERANCE, "{took:?}");
        match outcome {
            Outcome::Unknown(unknown) if request_left => {
                assert_eq!(unknown.cause, UnknownCause::Failed(Failure::TimedOut));
            }
            Outcome::NotSent(Failure::TimedOut) if !request_left => {}
            other => panic!("{other}"),
        }
        assert_eq!(client.request_left(), request_left);
    });
    assert_eq!(host.tcp.open(), 0, "the connection is closed");
}

#[test]
fn it_holds_while_a_name_is_looked_up() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host {
        names: Names::Silent,
        ..Host::default()
    };
    expect_timeout(&mut host, &sandbox, false);
}

#[test]
fn it_holds_while_connecting() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host::default();
    host.tcp.black_hole = Some([127, 0, 0, 1].into());
    expect_timeout(&mut host, &sandbox, false);
}

#[test]
fn it_holds_in_the_handshake() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    sandbox.set_fault(Some(Fault::StallInHandshake));
    expect_timeout(&mut Host::default(), &sandbox, false);
}

#[test]
fn it_holds_at_every_step_of_the_answer() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    for fault in [
        Fault::StallBeforeRequest,
        Fault::StallBeforeAnswer,
        Fault::StallInHead,
        Fault::StallInBody,
        // Never silent for long, and never done in time.
        Fault::SlowAnswer,
    ] {
        sandbox.set_fault(Some(fault));
        expect_timeout(&mut Host::default(), &sandbox, true);
    }
}

/// Sends to a server whose answer begins with these bytes and never ends; returns the outcome's cause and the time it
/// took.
fn send_to_firehose(answer: &'static [u8]) -> (Option<&'static str>, Duration) {
    let tcp = Firehose { answer };
    let names = Names::default();
    let account = Account::new("localhost:1", "demo", DEFAULT_TOKEN).unwrap();
    let mut scratch = [0; 512];
    let mut client: Client<'_, Endless, InTheClear<'_>> =
        Client::with_tls(&tcp, &names, InTheClear::default(), account, &mut scratch);
    let mut config = client.config();
    config.deadline = embassy_time::Duration::try_from(DEADLINE).unwrap();
    client.set_config(config);
    let begun = Instant::now();
    let outcome = block_on(client.send(&text_to("+14155551234")));
    (outcome.cause(), begun.elapsed())
}

#[test]
fn it_holds_against_a_server_that_talks_faster_than_anybody_can_read() {
    let (cause, took) = send_to_firehose(b"HTTP/1.1 200 OK\r\n\r\n[0");
    assert_eq!(cause, Some("timed-out"));
    assert!(took >= DEADLINE && took < DEADLINE + TOLERANCE, "{took:?}");
}

#[test]
fn an_answer_that_can_become_nothing_else_any_more_is_not_read_to_its_end() {
    let (cause, took) = send_to_firehose(b"HTTP/1.1 200 OK\r\n\r\n<html>");
    assert_eq!(cause, Some("malformed-json"));
    assert!(took < DEADLINE, "{took:?}");
}

/// A platform whose server never makes a reader wait.
struct Endless;

impl Platform for Endless {
    type Tcp = Firehose;
    type Resolver = Names;
    type Rng = rand_core::OsRng;
    type Clock = HostClock;

    fn parts(&mut self) -> Parts<'_, Self> {
        panic!("the client is made of its parts")
    }
}

/// An answer whose body has no end, and each piece of it is there already.
struct Firehose {
    answer: &'static [u8],
}

struct Jet {
    answer: &'static [u8],
}

impl TcpConnect for Firehose {
    type Error = ErrorKind;
    type Connection<'a> = Jet;

    async fn connect(&self, _: SocketAddr) -> Result<Jet, ErrorKind> {
        let answer = self.answer;
        Ok(Jet { answer })
    }
}

impl ErrorType for Jet {
    type Error = ErrorKind;
}

impl Read for Jet {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, ErrorKind> {
        if self.answer.is_empty() {
            out.fill(b' ');
            return Ok(out.len());
        }
        self.answer.read(out).await.map_err(|never| match never {})
    }
}

impl Write for Jet {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
