//! The deadline holds wherever the world stops.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use async_io::block_on;
use xobito_conformance::host::{Host, Names, set_deadline, with_client};
use xobito_conformance::text_to;
use xobito_core::{Failure, Outcome, UnknownCause};
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox};

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

#[test]
fn it_holds_against_a_server_that_talks_without_end() {
    // Plaintext records that a handshake has to look at, one after the other, faster than they can be read.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let flood = [20, 3, 3, 0, 1, 1].repeat(10_000);
        while stream.write_all(&flood).is_ok() {}
    });
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut roots = xobito_embassy::tls::RootCertificates::<1>::new();
    roots.add_der(sandbox.ca_der()).unwrap();
    let authority = format!("localhost:{port}");
    let account = xobito_core::Account::new(&authority, "demo", DEFAULT_TOKEN).unwrap();
    let mut buffers: xobito_embassy::Buffers = xobito_embassy::Buffers::new();
    let mut host = Host::default();
    let mut client = xobito_embassy::Client::new(&mut host, account, roots.anchors(), &mut buffers);
    set_deadline(&mut client, DEADLINE);
    let begun = Instant::now();
    let outcome = block_on(client.send(&text_to("+14155551234")));
    assert_eq!(outcome.word(), "not-sent", "{outcome}");
    assert!(begun.elapsed() < DEADLINE + TOLERANCE);
}
