//! Every row of the API's error table, and every shape of its answers.

use std::time::Duration;

use xobito_sandbox::{Config, READ_ONLY_TOKEN};
use xobito_std::core::message::{
    ButtonMessage, Contact, Media, MediaMessage, PhoneQuery, ReplyButton, TemplateMessage,
    TextMessage, UrlMessage,
};
use xobito_std::core::{Accepted, DeliveryState, E164, MessageId, Reason, Request, Retry};
use xobito_std::{Outcome, OwnedRequest};

use crate::{ADA, client, config, gone_out, sandbox, start, text, with_account};

/// A recipient, the word of the outcome, its cause, the wait, and whether the message went out all the same.
type Row = (
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<u32>,
    bool,
);

#[test]
fn each_documented_answer_becomes_the_outcome_that_the_table_says() {
    let rows: [Row; 22] = [
        (ADA, "accepted", None, None, true),
        ("+12025550100", "accepted", None, None, true),
        ("+12025550110", "accepted", None, None, true),
        (
            "+12025550111",
            "rejected",
            Some("window-closed"),
            None,
            false,
        ),
        ("+12025550112", "accepted", None, None, true),
        ("+12025550118", "accepted", None, None, true),
        (
            "+12025550120",
            "rejected",
            Some("server-error"),
            None,
            false,
        ),
        ("+12025550121", "rejected", Some("server-error"), None, true),
        (
            "+12025550122",
            "rejected",
            Some("rate-limited"),
            Some(45),
            false,
        ),
        (
            "+12025550123",
            "rejected",
            Some("rate-limited"),
            Some(45),
            false,
        ),
        (
            "+12025550124",
            "rejected",
            Some("rate-limited"),
            Some(45),
            false,
        ),
        (
            "+12025550125",
            "rejected",
            Some("rate-limited"),
            None,
            false,
        ),
        ("+12025550126", "rejected", Some("ability"), None, false),
        ("+12025550127", "rejected", Some("token"), None, false),
        ("+12025550128", "rejected", Some("not-found"), None, false),
        ("+12025550129", "rejected", Some("bad-request"), None, false),
        ("+12025550130", "accepted", None, None, true),
        ("+12025550131", "unknown", Some("missing-id"), None, true),
        ("+12025550132", "rejected", Some("api-error"), None, false),
        ("+12025550133", "unknown", Some("missing-id"), None, true),
        ("+12025550134", "accepted", None, None, true),
        ("+12025550164", "rejected", Some("redirected"), None, false),
    ];
    let sandbox = sandbox();
    let client = client(&sandbox);
    for (number, word, cause, wait_s, went_out) in rows {
        sandbox.clear();
        let outcome = text(&client, number);
        assert_eq!((outcome.word(), outcome.cause()), (word, cause), "{number}");
        if let Outcome::Rejected(rejection) = &outcome {
            assert_eq!(rejection.retry_after_s, wait_s, "{number}");
        }
        assert_eq!(sandbox.messages().len(), 1, "{number}");
        assert_eq!(gone_out(&sandbox), usize::from(went_out), "{number}");
        if let Outcome::Accepted(accepted) = &outcome {
            let truth = sandbox.messages().remove(0).message_id;
            assert_eq!(Some(accepted.message_id.as_str()), truth.as_deref());
        }
    }
}

#[test]
fn a_wrong_token_ability_or_subdomain_is_rejected_with_its_reason() {
    let sandbox = sandbox();
    for (subdomain, token, reason, message) in [
        ("demo", "apitk_wrong", Reason::Token, "Invalid API token"),
        ("demo", READ_ONLY_TOKEN, Reason::Ability, "messages.send"),
        (
            "other",
            xobito_sandbox::DEFAULT_TOKEN,
            Reason::BadRequest,
            "Invalid tenant subdomain",
        ),
    ] {
        let client = with_account(&sandbox, subdomain, token).build().unwrap();
        let Outcome::Rejected(rejection) = text(&client, ADA) else {
            panic!("accepted {subdomain}");
        };
        assert_eq!(rejection.reason, reason);
        assert!(rejection.to_string().contains(message), "{rejection}");
    }
    assert_eq!(gone_out(&sandbox), 0);
}

#[test]
fn a_validation_error_names_the_fields() {
    let sandbox = sandbox();
    let to = E164::new(ADA).unwrap();
    let contact = Contact {
        email: Some("nobody"),
        ..Contact::default()
    };
    let message = TextMessage::new(&to, "x").contact(&contact);
    let Outcome::Rejected(rejection) = client(&sandbox).send_message(&message).unwrap() else {
        panic!("accepted");
    };
    assert_eq!(rejection.reason, Reason::Validation);
    let fields: Vec<_> = rejection
        .errors
        .iter()
        .map(|error| error.field.as_str())
        .collect();
    assert_eq!(fields, ["contact.email"]);
    assert!(
        rejection
            .errors
            .iter()
            .all(|error| !error.message.as_str().is_empty())
    );
}

#[test]
fn the_rate_limit_is_told_with_its_wait() {
    let sandbox = start(Config {
        rate_limit: 1,
        ..config()
    });
    let client = client(&sandbox);
    assert_eq!(text(&client, ADA).word(), "accepted");
    let outcome = text(&client, ADA);
    assert_eq!(outcome.cause(), Some("rate-limited"));
    assert!(matches!(outcome.retry(), Retry::After(wait) if (50..=60).contains(&wait.as_secs())));
    assert_eq!(gone_out(&sandbox), 1);
}

#[test]
fn every_kind_of_message_arrives_as_the_bytes_that_a_device_would_send() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let to = E164::new(ADA).unwrap();
    let long = "🧊".repeat(4096);
    let fields = ["Freezer 3".into(), (-3).into()];
    let buttons = [ReplyButton {
        id: "ack=1",
        title: "On my way",
    }];
    let picture = Media::Image {
        url: "https://plant.example/7.jpg",
        caption: Some("Pump".into()),
    };
    let url = "https://plant.example/7";
    let requests: Vec<Request<{ 24 * 1024 }>> = vec![
        Request::new(&TextMessage::new(&to, &*long)).unwrap(),
        Request::new(&ButtonMessage::new(&to, "Pump", buttons).header("7")).unwrap(),
        Request::new(&UrlMessage::new(&to, "Pump", "Open", url).footer("x")).unwrap(),
        Request::new(&TemplateMessage::new(&to, "device_alert", "en_US").fields(&fields)).unwrap(),
        Request::new(&MediaMessage::new(&to, picture)).unwrap(),
    ];
    for request in &requests {
        let outcome = client.send(request);
        let received = sandbox.messages().pop().unwrap();
        assert_eq!(received.body, request.body());
        assert_eq!(received.header("content-type"), Some("application/json"));
        assert_eq!(received.header("accept"), Some("application/json"));
        assert!(received.warnings.is_empty(), "{:?}", received.warnings);
        // Whether the sandbox knows this template is its own business; all others it takes.
        if !received.path.ends_with("template") {
            assert_eq!(outcome.word(), "accepted", "{}", received.path);
        }
    }
    let owned = OwnedRequest::new(&TextMessage::new(&to, &*long)).unwrap();
    assert_eq!(owned.body(), requests[0].body());
}

#[test]
fn a_delivery_is_followed_to_its_end_by_an_id_that_needs_encoding() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let id = |outcome: Outcome<Accepted>| match outcome {
        Outcome::Accepted(accepted) => accepted.id().unwrap(),
        other => panic!("{other}"),
    };
    let (fine, failing) = (id(text(&client, ADA)), id(text(&client, "+12025550112")));
    sandbox.advance(Duration::from_mins(1));
    let Outcome::Accepted(delivery) = client.status(&fine) else {
        panic!("no answer");
    };
    assert_eq!(delivery.state(), DeliveryState::Read);
    let Outcome::Accepted(delivery) = client.status(&failing) else {
        panic!("no answer");
    };
    assert_eq!(delivery.state(), DeliveryState::Failed);
    assert!(delivery.window_closed());
    let outcome = client.status(&MessageId::new("wamid.nobody/knows+it==").unwrap());
    assert_eq!(outcome.cause(), Some("not-found"));
}

#[test]
fn numbers_are_checked_for_their_form() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for (number, is_valid) in [
        (ADA, true),
        ("12", false),
        ("not a number \" \u{1F4DE}", false),
    ] {
        let outcome = client.validate(&PhoneQuery::new(number).unwrap());
        let Outcome::Accepted(validation) = outcome else {
            panic!("{outcome}");
        };
        assert_eq!(validation.format_valid(), Some(is_valid), "{number}");
    }
}
