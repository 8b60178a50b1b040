//! One connection for many requests, as long as that is safe.

use std::thread::sleep;
use std::time::Duration;

use async_io::block_on;
use xobito_conformance::host::{Host, set_deadline, with_client};
use xobito_conformance::text_to;
use xobito_core::Outcome;
use xobito_embassy::Client;
use xobito_embassy::tls::WithoutTime;
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox};

fn send(client: &mut Client<'_, Host>) -> &'static str {
    block_on(client.send(&text_to("+14155551234"))).word()
}

/// The connections on which requests arrived, in order.
fn connections(sandbox: &Sandbox) -> Vec<u64> {
    let received = sandbox.messages();
    received.iter().map(|message| message.connection).collect()
}

#[test]
fn one_handshake_serves_many_requests() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host::default();
    with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
        for _ in 0..5 {
            assert_eq!(send(client), "accepted");
        }
    });
    assert_eq!(connections(&sandbox), [1; 5]);
    assert_eq!(host.tcp.attempts(), 1);
    assert_eq!(host.tcp.open(), 0, "a client that is gone leaves nothing");
}

#[test]
fn a_rejection_leaves_the_connection_as_good_as_an_acceptance() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        for number in ["+12025550111", "+12025550120", "+12025550127"] {
            let outcome = block_on(client.send(&text_to(number)));
            assert_eq!(outcome.word(), "rejected");
        }
        assert_eq!(send(client), "accepted");
    });
    assert_eq!(connections(&sandbox), [1; 4]);
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_is_opened_again_and_nothing_sent_twice() {
    for fault in [
        Fault::CloseAnnounced,
        Fault::CloseUnannounced,
        Fault::ResetAfterAnswer,
        Fault::LengthMissing,
    ] {
        let sandbox = Sandbox::start(Config::default()).unwrap();
        with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
            sandbox.set_fault_for(fault, 1);
            assert_eq!(send(client), "accepted", "{fault}");
            sleep(Duration::from_millis(200));
            assert_eq!(send(client), "accepted", "{fault}");
        });
        assert_eq!(connections(&sandbox), [1, 2], "{fault}");
    }
}

#[test]
fn a_request_into_the_moment_of_closing_is_reported_and_never_repeated() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        assert_eq!(send(client), "accepted");
        // Looks alive, and breaks as soon as the request came.
        sandbox.set_fault_for(Fault::ResetBeforeAnswer, 1);
        let outcome = block_on(client.send(&text_to("+14155551234")));
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome}");
        assert!(client.request_left());
    });
    assert_eq!(connections(&sandbox), [1, 1], "both went out, once each");
}

#[test]
fn bytes_behind_an_answer_end_the_connection() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        sandbox.set_fault_for(Fault::LengthTooShort, 1);
        assert_eq!(send(client), "unknown");
        assert_eq!(send(client), "accepted");
    });
    assert_eq!(connections(&sandbox), [1, 2]);
}

#[test]
fn a_connection_that_was_idle_or_open_for_too_long_is_not_used() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        let mut config = client.config();
        config.idle_limit = embassy_time::Duration::from_millis(300);
        client.set_config(config);
        assert_eq!(send(client), "accepted");
        assert_eq!(send(client), "accepted");
        sleep(Duration::from_millis(350));
        assert_eq!(send(client), "accepted");

        config.idle_limit = embassy_time::Duration::from_secs(60);
        config.age_limit = embassy_time::Duration::from_millis(300);
        client.set_config(config);
        sleep(Duration::from_millis(350));
        assert_eq!(send(client), "accepted");
    });
    assert_eq!(connections(&sandbox), [1, 1, 2, 3]);
}

#[test]
fn a_goodbye_closes_the_connection_and_the_next_request_opens_another() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host::default();
    with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
        block_on(client.disconnect());
        assert_eq!(send(client), "accepted");
        block_on(client.disconnect());
        block_on(client.disconnect());
        assert_eq!(send(client), "accepted");
    });
    assert_eq!(connections(&sandbox), [1, 2]);
    assert_eq!(host.tcp.open(), 0);
}

#[test]
fn other_settings_of_tls_begin_with_another_connection() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        assert_eq!(send(client), "accepted");
        client.tls_mut().set_without_time(WithoutTime::Refuse);
        assert_eq!(send(client), "accepted");
    });
    assert_eq!(connections(&sandbox), [1, 2]);
}

#[test]
fn after_a_timeout_the_connection_is_not_used_although_the_answer_would_still_come() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        assert_eq!(send(client), "accepted");
        sandbox.set_fault_for(Fault::SlowAnswer, 1);
        set_deadline(client, Duration::from_millis(300));
        assert_eq!(send(client), "unknown");
        set_deadline(client, Duration::from_secs(10));
        // Were it used, the rest of the old answer would be read as the answer to this.
        assert_eq!(send(client), "accepted");
    });
    assert_eq!(connections(&sandbox), [1, 1, 2]);
}
