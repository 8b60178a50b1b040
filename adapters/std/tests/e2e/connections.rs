//! How connections are made, kept and given up.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use xobito_sandbox::{Fault, Sandbox};
use xobito_std::core::{Failure, MessageId, Retry};
use xobito_std::{Client, Outcome};

use crate::xobito::Xobito;
use crate::{ADA, LATE, PATIENCE, SHORT, builder, client, gone_out, host, sandbox, text};

#[test]
fn a_connection_is_used_again() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for _ in 0..5 {
        assert_eq!(text(&client, ADA).word(), "accepted");
    }
    assert_eq!(sandbox.connections().opened, 1);
    assert_eq!(gone_out(&sandbox), 5);
}

#[test]
fn a_timeout_may_be_as_long_as_anybody_likes() {
    let sandbox = sandbox();
    let client = builder(&sandbox).timeout(Duration::MAX).build().unwrap();
    let Outcome::Accepted(accepted) = text(&client, ADA) else {
        panic!("not accepted");
    };
    let id = accepted.message_id.as_str();
    let id = MessageId::new(id).unwrap();
    let outcome = client.status_within(&id, Duration::MAX);
    assert_eq!(outcome.word(), "accepted");
}

/// No thread has so large a stack, so each that is wanted is refused, as where a user has too many.
#[test]
fn where_no_thread_can_be_made_a_name_is_not_found_and_an_address_is() {
    let sandbox = sandbox();
    let command = || Xobito::for_sandbox(&sandbox).env("RUST_MIN_STACK", (1_u64 << 62).to_string());
    let address = format!("127.0.0.1:{}", sandbox.port());
    let send = ["send", "text", "--to", ADA, "--body", "x", "--json"];
    let ended = command().run(&send);
    assert_eq!(
        (ended.code, ended.json()["cause"].as_str()),
        (3, Some("dns")),
    );
    let ended = command().run(&[&send[..], &["--host", &address]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let doctor = |host: &str| command().run(&["doctor", host, "--json"]);
    let ended = doctor(&host(&sandbox));
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert_eq!(ended.json()["checks"][0]["name"], "connection");
    assert_ne!(doctor(&address).code, 3);
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_is_replaced_without_harm() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for fault in [
        Fault::CloseUnannounced,
        Fault::CloseAnnounced,
        Fault::ResetAfterAnswer,
    ] {
        sandbox.clear();
        sandbox.set_fault_for(fault, 1);
        assert_eq!(text(&client, ADA).word(), "accepted", "{fault}");
        // The sandbox closes 30 ms after its answer.
        thread::sleep(SHORT);
        assert_eq!(text(&client, ADA).word(), "accepted", "after {fault}");
        assert_eq!(gone_out(&sandbox), 2, "{fault}");
    }
}

#[test]
fn a_request_that_may_have_been_received_is_never_repeated() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for fault in [
        Fault::ResetBeforeAnswer,
        Fault::CloseBeforeAnswer,
        Fault::CloseBeforeRequest,
    ] {
        // On a connection that was used before, where other clients repeat a request by themselves.
        assert_eq!(text(&client, ADA).word(), "accepted");
        sandbox.clear();
        sandbox.set_fault_for(fault, 1);
        assert_eq!(text(&client, ADA).word(), "unknown", "{fault}");
        thread::sleep(SHORT);
        assert_eq!(
            sandbox.messages().len(),
            usize::from(fault.takes_request()),
            "{fault}"
        );
    }
}

#[test]
fn one_client_serves_many_threads_and_each_learns_of_its_own_message() {
    let sandbox = sandbox();
    let client = builder(&sandbox).build().unwrap();
    let numbers = [
        ADA,
        "+12025550111",
        "+12025550122",
        "+12025550140",
        "+12025550160",
    ];
    let words: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = numbers
            .into_iter()
            .cycle()
            .take(20)
            .map(|number| scope.spawn(|| text(&client, number).cause()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let expected = [
        None,
        Some("window-closed"),
        Some("rate-limited"),
        Some("connection-lost"),
        Some("gateway-error"),
    ];
    assert_eq!(words, expected.repeat(4));
}

/// A client for a host that is not the sandbox, which it only needs for its certificates.
fn client_for(sandbox: &Sandbox, host: &str) -> Client {
    Client::builder(host, "demo", "apitk_0123")
        .ca_pem(sandbox.ca_pem())
        .timeout(SHORT)
        .build()
        .unwrap()
}

#[test]
fn where_nobody_listens_nothing_is_sent() {
    let sandbox = sandbox();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let outcome = text(&client_for(&sandbox, &format!("127.0.0.1:{port}")), ADA);
    assert_eq!(outcome, Outcome::NotSent(Failure::Connect));
    assert_eq!(outcome.retry(), Retry::Now);
}

#[test]
fn a_name_that_does_not_exist_is_told_apart() {
    let sandbox = sandbox();
    let client = Client::builder("nobody.invalid", "demo", "apitk_0123")
        .ca_pem(sandbox.ca_pem())
        .timeout(PATIENCE)
        .build()
        .unwrap();
    let began = Instant::now();
    let outcome = text(&client, ADA);
    // Without a network some resolvers wait for longer than anybody wants to.
    let failure = if began.elapsed() < PATIENCE {
        Failure::Dns
    } else {
        Failure::TimedOut
    };
    assert_eq!(outcome, Outcome::NotSent(failure));
}

#[test]
fn a_server_that_does_not_speak_tls_gets_no_request() {
    let sandbox = sandbox();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 4096];
        let len = stream.read(&mut hello).unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        hello[..len].to_vec()
    });
    let outcome = text(&client_for(&sandbox, &format!("127.0.0.1:{port}")), ADA);
    assert_eq!(outcome, Outcome::NotSent(Failure::Tls));
    let seen = server.join().unwrap();
    assert!(!String::from_utf8_lossy(&seen).contains("apitk_"));
}

#[test]
fn a_host_that_accepts_and_says_nothing_costs_no_more_than_the_timeout() {
    let sandbox = sandbox();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let began = Instant::now();
    let outcome = text(&client_for(&sandbox, &format!("127.0.0.1:{port}")), ADA);
    assert_eq!(outcome, Outcome::NotSent(Failure::TimedOut));
    assert!((SHORT..SHORT + LATE).contains(&began.elapsed()));
    drop(listener);
}

#[test]
fn a_connection_stalled_by_another_message_does_not_hold_up_the_next() {
    let sandbox = sandbox();
    let client = builder(&sandbox).timeout(SHORT).build().unwrap();
    sandbox.set_fault_for(Fault::StallBeforeAnswer, 1);
    thread::scope(|scope| {
        let stalled = scope.spawn(|| text(&client, ADA).cause());
        thread::sleep(SHORT / 4);
        assert_eq!(text(&client, ADA).word(), "accepted");
        assert_eq!(stalled.join().unwrap(), Some("timed-out"));
    });
}

#[test]
fn an_unused_client_makes_no_connection() {
    let sandbox = sandbox();
    drop(client(&sandbox));
    TcpStream::connect(host(&sandbox)).unwrap();
    assert_eq!(sandbox.connections().secured, 0);
}
