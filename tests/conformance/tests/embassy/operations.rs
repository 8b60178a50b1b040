//! What a client can ask for besides sending a text, and what arrives on the other side.

use async_io::block_on;
use xobito_conformance::host::{Host, with_client};
use xobito_conformance::text_to;
use xobito_core::message::TextMessage;
use xobito_core::{
    Account, DeliveryState, E164, Failure, MessageId, Outcome, PhoneQuery, Request, Streamed,
    UnknownCause, checked,
};
use xobito_embassy::Client;
use xobito_sandbox::{Config, DEFAULT_TOKEN, READ_ONLY_TOKEN, Sandbox};

const ON_CALL: E164 = checked!(E164::new("+14155551234"));

fn with_sandbox<R>(token: &str, test: impl FnOnce(&mut Client<'_, Host>, &Sandbox) -> R) -> R {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, token, |client| {
        test(client, &sandbox)
    })
}

#[test]
fn a_request_arrives_as_it_was_encoded_with_the_headers_that_the_api_asks_for() {
    with_sandbox(DEFAULT_TOKEN, |client, sandbox| {
        let request = text_to("+14155551234");
        assert_eq!(block_on(client.send(&request)).word(), "accepted");
        let received = sandbox.messages().remove(0);
        assert_eq!(received.body, request.body());
        assert_eq!(
            (&*received.method, &*received.path),
            ("POST", "/api/v1/demo/messages/send")
        );
        for (name, value) in [
            ("host", format!("localhost:{}", sandbox.port())),
            ("accept", "application/json".to_owned()),
            ("content-type", "application/json".to_owned()),
            ("content-length", request.body().len().to_string()),
        ] {
            assert_eq!(received.header(name), Some(&*value), "{name}");
        }
        assert_eq!(received.headers.len(), 5, "{:?}", received.headers);
    });
}

#[test]
fn a_message_is_followed_to_its_delivery_over_the_same_connection() {
    with_sandbox(DEFAULT_TOKEN, |client, sandbox| {
        let Outcome::Accepted(accepted) = block_on(client.send(&text_to("+14155551234"))) else {
            panic!("not accepted");
        };
        sandbox.advance(std::time::Duration::from_secs(3));
        let id = accepted.id().unwrap();
        let Outcome::Accepted(delivery) = block_on(client.status(&id)) else {
            panic!("no answer about {id}");
        };
        assert_eq!(delivery.state(), DeliveryState::Delivered);
        let received = sandbox.messages();
        assert_eq!(received[1].method, "GET");
        assert_eq!(received[1].header("content-length"), None);
        assert_eq!(received[1].header("content-type"), None);
        assert_eq!(received[0].connection, received[1].connection);
    });
}

#[test]
fn a_message_that_nobody_knows_is_not_found() {
    with_sandbox(DEFAULT_TOKEN, |client, _| {
        let id = MessageId::new("wamid.Nobody/knows+me==").unwrap();
        let outcome = block_on(client.status(&id));
        assert_eq!(outcome.cause(), Some("not-found"), "{outcome}");
    });
}

#[test]
fn a_number_is_checked_for_its_form() {
    with_sandbox(READ_ONLY_TOKEN, |client, _| {
        for (number, is_valid) in [("+14155551234", true), ("12", false)] {
            let query = PhoneQuery::new(number).unwrap();
            let Outcome::Accepted(validation) = block_on(client.validate(&query)) else {
                panic!("no answer about {number}");
            };
            assert_eq!(validation.format_valid(), Some(is_valid), "{number}");
        }
    });
}

#[test]
fn a_token_that_is_wrong_or_may_not_send_is_told_so() {
    let wrong = "apitk_0000000000000000000000000000000000000000000000000000000000000000";
    for (token, cause) in [(wrong, "token"), (READ_ONLY_TOKEN, "ability")] {
        with_sandbox(token, |client, sandbox| {
            let outcome = block_on(client.send(&text_to("+14155551234")));
            assert_eq!(outcome.cause(), Some(cause), "{outcome}");
            assert!(sandbox.messages().iter().all(|request| !request.accepted));
        });
    }
}

/// An account that lives as long as any client.
fn account(sandbox: &Sandbox, subdomain: &'static str) -> Account<'static> {
    let authority = format!("localhost:{}", sandbox.port()).into_boxed_str();
    Account::new(Box::leak(authority), subdomain, DEFAULT_TOKEN).unwrap()
}

#[test]
fn another_account_at_the_same_host_takes_the_same_connection() {
    with_sandbox(DEFAULT_TOKEN, |client, sandbox| {
        let request = text_to("+14155551234");
        assert_eq!(block_on(client.send(&request)).word(), "accepted");
        client.set_account(account(sandbox, "nobody"));
        let outcome = block_on(client.send(&request));
        assert_eq!(outcome.cause(), Some("bad-request"), "{outcome}");
        let received = sandbox.messages();
        assert_eq!(received[0].connection, received[1].connection);
    });
}

#[test]
fn an_account_at_another_host_never_takes_the_connection_to_the_old_one() {
    with_sandbox(DEFAULT_TOKEN, |client, sandbox| {
        let other = Sandbox::start(Config::default()).unwrap();
        let request = text_to("+14155551234");
        assert_eq!(block_on(client.send(&request)).word(), "accepted");
        client.set_account(account(&other, "demo"));
        let outcome = block_on(client.send(&request));
        // The other sandbox has a root of its own, which this client does not trust.
        assert_eq!(outcome, Outcome::NotSent(Failure::Certificate));
        assert_eq!(sandbox.messages().len(), 1);
    });
}

#[test]
fn a_body_larger_than_any_buffer_is_streamed_and_echoed_back() {
    with_sandbox(DEFAULT_TOKEN, |client, sandbox| {
        // 4096 characters, 16 KB out and an echo of 49 KB back.
        let body = "\u{1F6A8}".repeat(4096);
        let message = TextMessage::new(&ON_CALL, &*body);
        let mut streamed = Streamed::new(&message).unwrap();
        for _ in 0..2 {
            let outcome = block_on(client.send_streamed(&mut streamed));
            assert_eq!(outcome.word(), "accepted", "{outcome}");
        }
        let received = sandbox.messages();
        assert_eq!(received.len(), 2, "a streamed message can be sent again");
        let whole = Request::<20_000>::new(&message).unwrap();
        for request in received {
            assert_eq!(request.body, whole.body());
        }
    });
}

/// Writes a longer text each time.
struct Growing(std::cell::Cell<usize>);

impl std::fmt::Display for Growing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.set(self.0.get() + 1);
        (0..self.0.get()).try_for_each(|_| f.write_str("more "))
    }
}

#[test]
fn a_text_that_changes_while_it_is_sent_is_given_up_and_the_server_never_takes_half_of_it() {
    with_sandbox(DEFAULT_TOKEN, |client, sandbox| {
        let growing = Growing(std::cell::Cell::new(0));
        let text = format_args!("{growing}");
        let message = TextMessage::new(&ON_CALL, text);
        let mut streamed = Streamed::new(&message).unwrap();
        let outcome = block_on(client.send_streamed(&mut streamed));
        let Outcome::Unknown(unknown) = outcome else {
            panic!("{outcome}");
        };
        assert_eq!(unknown.cause, UnknownCause::Failed(Failure::TextChanged));
        assert_eq!(
            block_on(client.send(&text_to("+14155551234"))).word(),
            "accepted"
        );
        assert_eq!(sandbox.messages().len(), 1);
    });
}
