//! What goes wrong before a byte of a request can leave, and the addresses of a host.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use async_io::block_on;
use xobito_conformance::host::{Host, Names, set_deadline, with_client};
use xobito_conformance::text_to;
use xobito_core::{Account, Failure, Outcome};
use xobito_embassy::tls::{
    CertificateError, EmbeddedTls, RootCertificates, TlsError, TrustAnchors, WithoutTime,
};
use xobito_embassy::{Buffers, Client};
use xobito_sandbox::{Certificate, Config, DEFAULT_TOKEN, Sandbox, Tls};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Where nobody listens.
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 77));

/// Sends one message from a host and expects that it could not be sent.
fn expect_not_sent(host: Host, sandbox: &Sandbox, expected: Failure) -> Option<TlsError> {
    expect_not_sent_within(Duration::from_millis(900), host, sandbox, expected)
}

fn expect_not_sent_within(
    deadline: Duration,
    mut host: Host,
    sandbox: &Sandbox,
    expected: Failure,
) -> Option<TlsError> {
    with_client(&mut host, sandbox, DEFAULT_TOKEN, |client| {
        set_deadline(client, deadline);
        let outcome = block_on(client.send(&text_to("+14155551234")));
        assert_eq!(outcome, Outcome::NotSent(expected));
        assert!(!client.request_left());
        assert!(sandbox.messages().is_empty());
        client.tls_error()
    })
}

#[test]
fn every_certificate_that_is_wrong_keeps_the_request_here() {
    for (certificate, error) in [
        (Certificate::WrongName, Some(CertificateError::WrongHost)),
        (
            Certificate::ForeignIssuer,
            Some(CertificateError::BadSignature),
        ),
        (Certificate::Expired, None),
        (Certificate::NotYetValid, None),
    ] {
        let sandbox = Sandbox::start(Config {
            certificate,
            ..Config::default()
        })
        .unwrap();
        let found = expect_not_sent(Host::default(), &sandbox, Failure::Certificate);
        match error {
            Some(error) => assert_eq!(found, Some(TlsError::Certificate(error))),
            None => assert!(matches!(found, Some(TlsError::Certificate(_)))),
        }
    }
}

#[test]
fn a_server_without_tls_1_3_gets_no_request() {
    let sandbox = Sandbox::start(Config {
        tls: Tls::Only12,
        ..Config::default()
    })
    .unwrap();
    expect_not_sent(Host::default(), &sandbox, Failure::Tls);
}

#[test]
fn a_name_without_an_address_is_told_apart_from_a_server_that_is_down() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let nobody = Host {
        names: Names::Known(Vec::new()),
        ..Host::default()
    };
    expect_not_sent(nobody, &sandbox, Failure::Dns);
    let down = Host {
        names: Names::Known(vec![ELSEWHERE]),
        ..Host::default()
    };
    expect_not_sent(down, &sandbox, Failure::Connect);
}

#[test]
fn without_the_time_there_is_no_connection_unless_it_is_asked_for_loudly() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host::default();
    host.clock.is_unset = true;
    with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
        let outcome = block_on(client.send(&text_to("+14155551234")));
        assert_eq!(outcome, Outcome::NotSent(Failure::NoTime));
        client
            .tls_mut()
            .set_without_time(WithoutTime::IgnoreCertificateDatesAndAcceptExpiredOnes);
        let outcome = block_on(client.send(&text_to("+14155551234")));
        assert_eq!(outcome.word(), "accepted");
    });
}

#[test]
fn an_address_that_refuses_or_says_nothing_leaves_time_for_the_next_one() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    // Accepts connections and never says a word.
    let silent = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 78), sandbox.port())).unwrap();
    let silent = silent.local_addr().unwrap().ip();
    for (addresses, black_hole, attempts) in [
        (vec![ELSEWHERE, HERE], None, 2),
        (vec![ELSEWHERE, HERE], Some(ELSEWHERE), 2),
        (vec![silent, HERE], None, 2),
        (vec![ELSEWHERE, silent, ELSEWHERE, HERE], Some(ELSEWHERE), 4),
        (vec![HERE, ELSEWHERE], Some(ELSEWHERE), 1),
    ] {
        sandbox.clear();
        let mut host = Host {
            names: Names::Known(addresses.clone()),
            ..Host::default()
        };
        host.tcp.black_hole = black_hole;
        with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
            set_deadline(client, Duration::from_secs(2));
            let outcome = block_on(client.send(&text_to("+14155551234")));
            assert_eq!(outcome.word(), "accepted", "{addresses:?}: {outcome}");
        });
        assert_eq!(host.tcp.attempts(), attempts, "{addresses:?}");
        assert_eq!(sandbox.messages().len(), 1);
    }
}

#[test]
fn of_several_addresses_the_one_that_got_furthest_tells_what_is_wrong() {
    let forged = Sandbox::start(Config {
        certificate: Certificate::WrongName,
        ..Config::default()
    })
    .unwrap();
    // Accepts connections and never says a word; and one that hangs up at once.
    let silent = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 78), forged.port())).unwrap();
    let silent = silent.local_addr().unwrap().ip();
    let rude = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 79), forged.port())).unwrap();
    let rude_ip = rude.local_addr().unwrap().ip();
    std::thread::spawn(move || rude.incoming().for_each(drop));
    for (addresses, expected) in [
        (vec![HERE, ELSEWHERE], Failure::Certificate),
        (vec![ELSEWHERE, HERE, rude_ip], Failure::Certificate),
        (vec![HERE, silent], Failure::Certificate),
        (vec![rude_ip, silent, ELSEWHERE], Failure::Tls),
        (vec![silent, ELSEWHERE], Failure::TimedOut),
        (vec![ELSEWHERE, silent], Failure::TimedOut),
    ] {
        let host = Host {
            names: Names::Known(addresses.clone()),
            ..Host::default()
        };
        let deadline = Duration::from_secs(2);
        let error = expect_not_sent_within(deadline, host, &forged, expected);
        let belongs = match error {
            Some(TlsError::Certificate(_)) => expected == Failure::Certificate,
            Some(_) => matches!(expected, Failure::Tls | Failure::TimedOut),
            None => expected == Failure::TimedOut,
        };
        assert!(belongs, "{addresses:?}: {error:?}");
    }
}

#[test]
fn a_deadline_holds_over_all_addresses_together() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host {
        names: Names::Known(vec![ELSEWHERE; 9]),
        ..Host::default()
    };
    host.tcp.black_hole = Some(ELSEWHERE);
    let begun = Instant::now();
    expect_not_sent(host, &sandbox, Failure::TimedOut);
    assert!(begun.elapsed() < Duration::from_millis(1_100));
}

#[test]
fn an_address_as_host_needs_no_name_server_and_is_checked_against_the_certificate() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let authority = format!("127.0.0.1:{}", sandbox.port());
    let account = Account::new(&authority, "demo", DEFAULT_TOKEN).unwrap();
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(sandbox.ca_der()).unwrap();
    let mut host = Host {
        names: Names::Silent,
        ..Host::default()
    };
    let mut buffers: Buffers = Buffers::new();
    let mut client = Client::new(&mut host, account, roots.anchors(), &mut buffers);
    let outcome = block_on(client.send(&text_to("+14155551234")));
    assert_eq!(outcome.word(), "accepted", "{outcome}");
}

/// What came of sending to a host with two addresses.
#[derive(Debug, PartialEq)]
struct Tried {
    outcome: &'static str,
    cause: Option<&'static str>,
    addresses: usize,
}

/// Sends with buffers of certain sizes.
fn send_with<const RECEIVE: usize, const SEND: usize, const SCRATCH: usize>(
    sandbox: &Sandbox,
    anchors: TrustAnchors<'_>,
) -> (Tried, Option<TlsError>) {
    let authority = format!("localhost:{}", sandbox.port());
    let account = Account::new(&authority, "demo", DEFAULT_TOKEN).unwrap();
    let mut host = Host {
        names: Names::Known(vec![HERE; 2]),
        ..Host::default()
    };
    let mut buffers = Buffers::<RECEIVE, SEND, SCRATCH>::new();
    let mut client: Client<'_, Host, EmbeddedTls<'_, _, _>> =
        Client::new(&mut host, account, anchors, &mut buffers);
    let outcome = block_on(client.send(&text_to("+14155551234")));
    let error = client.tls_error();
    drop(client);
    let tried = Tried {
        outcome: outcome.word(),
        cause: outcome.cause(),
        addresses: host.tcp.attempts(),
    };
    (tried, error)
}

#[test]
fn buffers_that_are_too_small_are_found_out_before_anything_leaves() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(sandbox.ca_der()).unwrap();
    let anchors = roots.anchors();
    let too_small = Tried {
        outcome: "not-sent",
        cause: Some("buffer"),
        addresses: 1, // another one would change nothing
    };
    assert_eq!(send_with::<4096, 128, 256>(&sandbox, anchors).0, too_small);
    assert_eq!(send_with::<4096, 512, 64>(&sandbox, anchors).0, too_small);
    assert_eq!(send_with::<4096, 512, 0>(&sandbox, anchors).0, too_small);
    assert!(sandbox.messages().is_empty());
    let enough = Tried {
        outcome: "accepted",
        cause: None,
        addresses: 1,
    };
    assert_eq!(send_with::<2048, 384, 128>(&sandbox, anchors).0, enough);
}

/// How large a record is decides whoever answers, before anybody has proved to be the server.
#[test]
fn a_record_that_is_too_large_is_no_reason_to_give_an_alert_up() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(sandbox.ca_der()).unwrap();
    let (tried, error) = send_with::<256, 512, 256>(&sandbox, roots.anchors());
    let other_addresses_are_tried = Tried {
        outcome: "not-sent",
        cause: Some("tls"),
        addresses: 2,
    };
    assert_eq!(tried, other_addresses_are_tried);
    assert!(matches!(
        error,
        Some(TlsError::ReceiveBufferTooSmall {
            needed: 257..,
            capacity: 256
        })
    ));
    assert!(sandbox.messages().is_empty());
}

#[test]
fn a_random_generator_that_sticks_keeps_the_request_here() {
    // From the beginning; before the check is over; after it, where no key can be made any more.
    let cases = [(0, 0), (0, 0xFF), (0, 0x42), (1, 0), (2, 0), (3, 0xFF)];
    let (done, ends) = mpsc::channel();
    std::thread::spawn(move || {
        for sticks in cases {
            let sandbox = Sandbox::start(Config::default()).unwrap();
            let mut host = Host::default();
            host.rng.sticks = Some(sticks);
            let error = expect_not_sent(host, &sandbox, Failure::Tls);
            done.send((sticks, error)).unwrap();
        }
    });
    for sticks in cases {
        let end = ends.recv_timeout(Duration::from_secs(5));
        let expected = (sticks, Some(TlsError::BrokenRandomness));
        assert_eq!(end, Ok(expected), "{sticks:?}");
    }
}
