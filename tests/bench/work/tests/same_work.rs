//! That everybody does the same work, or the comparison would mean nothing.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::redundant_closure_for_method_calls)] // `Outcome::cloned` itself is not general enough in its lifetimes.

use xobito_bench_work::{BUFFER, Item, JOBS, Who, answers, messages, picojson, serde, xobito};
use xobito_core::Outcome;

#[test]
fn the_inputs_are_as_long_as_they_are_called() {
    assert_eq!(messages::ALERT.chars().count(), 160);
    for text in [messages::CLEAN, messages::EMOJI, messages::ESCAPES] {
        assert_eq!(text.chars().count(), 4096);
    }
    assert_eq!(answers::SUCCESS.len(), 321);
    assert_eq!(answers::ECHO.len(), 49_439);
    let needs_escape =
        |at: usize, byte: u8| matches!(byte, b'"' | b'\\' | b'\n') == at.is_multiple_of(8);
    let escapes = messages::ESCAPES.bytes().enumerate();
    assert!(escapes.into_iter().all(|(at, byte)| needs_escape(at, byte)));
}

#[test]
fn everybody_encodes_the_same_bytes() {
    type Encode = fn(&str, &mut [u8]) -> usize;
    let (text, buttons): ([Encode; 2], [Encode; 2]) = (
        [xobito::text, serde::text],
        [xobito::buttons, serde::buttons],
    );
    for (body, encoders) in [
        (messages::ALERT, text),
        (messages::CLEAN, text),
        (messages::EMOJI, text),
        (messages::ESCAPES, text),
        (messages::BUTTONS_BODY, buttons),
    ] {
        let [ours, theirs] = encoders.map(|encode| {
            let mut out = vec![0; BUFFER];
            let len = encode(body, &mut out);
            out.truncate(len);
            String::from_utf8(out).expect("it is text")
        });
        assert!(ours.len() > body.len());
        assert_eq!(ours, theirs);
    }
    assert_eq!(
        serde_json::to_string(&serde::TextMessage::new(messages::ESCAPES)).ok(),
        {
            let mut out = vec![0; BUFFER];
            let len = xobito::text(messages::ESCAPES, &mut out);
            out.truncate(len);
            String::from_utf8(out).ok()
        }
    );
}

#[test]
fn everybody_finds_the_same_in_a_success_answer() {
    for body in [answers::SUCCESS, answers::ECHO] {
        let Outcome::Accepted(ours) = xobito::accepted(body, |read| read.cloned()) else {
            panic!("a success is accepted");
        };
        let ours = [
            "success".to_owned(),
            ours.message().expect("a message").to_string(),
            ours.message_id.to_string(),
            format!("{:?} {:?}", ours.contact_id(), ours.chat_id()),
            ours.phone().expect("a phone").to_string(),
            ours.status().expect("a status").to_string(),
            ours.sent_at().expect("a time").to_string(),
            format!("{:?}", ours.contact_created()),
        ];
        assert_eq!(ours[3], "Some(451) Some(88)");
        let of_serde = |answer: serde::Accepted<'_>| {
            [
                answer.status.to_owned(),
                answer.message.expect("a message").to_owned(),
                answer.data.message_id.to_owned(),
                format!("{:?} {:?}", answer.data.contact_id, answer.data.chat_id),
                answer.data.phone.expect("a phone").to_owned(),
                answer.data.status.expect("a status").to_owned(),
                answer.data.sent_at.expect("a time").to_owned(),
                format!("{:?}", answer.data.contact_created),
            ]
        };
        assert_eq!(ours, of_serde(serde::accepted(body).expect("it is JSON")));
        assert_eq!(
            ours,
            of_serde(serde_json::from_slice(body).expect("it is JSON"))
        );
        let picojson = picojson::accepted(body, &mut vec![0; BUFFER]).expect("it is JSON");
        let picojson = [
            picojson.status.to_string(),
            picojson.message.to_string(),
            picojson.message_id.to_string(),
            format!("{:?} {:?}", picojson.contact_id, picojson.chat_id),
            picojson.phone.to_string(),
            picojson.state.to_string(),
            picojson.sent_at.to_string(),
            format!("{:?}", picojson.contact_created),
        ];
        assert_eq!(ours, picojson);
    }
}

#[test]
fn everybody_finds_the_same_in_a_refusal() {
    let Outcome::Rejected(ours) = xobito::refusal(answers::REFUSAL, |read| read.cloned()) else {
        panic!("a 422 is a rejection");
    };
    let omitted = usize::from(ours.errors.omitted());
    let ours: Vec<_> = ours
        .errors
        .iter()
        .map(|error| (error.field.to_string(), error.message.to_string()))
        .collect();
    assert_eq!((ours.len(), omitted), (4, 6));
    let of_serde = |refusal: serde::Refusal<'_>| {
        assert_eq!(
            (refusal.status, refusal.message),
            ("error", Some("Validation failed"))
        );
        assert_eq!(refusal.errors.omitted, omitted);
        let kept = refusal.errors.kept.iter();
        kept.map(|(field, text)| ((*field).to_owned(), (*text).to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ours,
        of_serde(serde::refusal(answers::REFUSAL).expect("it is JSON"))
    );
    let serde_json = serde_json::from_slice(answers::REFUSAL).expect("it is JSON");
    assert_eq!(ours, of_serde(serde_json));
    let picojson = picojson::refusal(answers::REFUSAL, &mut vec![0; BUFFER]).expect("it is JSON");
    assert_eq!(picojson.omitted, omitted);
    let kept = picojson.kept.iter();
    let kept: Vec<_> = kept
        .map(|(field, text)| (field.to_string(), text.to_string()))
        .collect();
    assert_eq!(ours, kept);
}

#[test]
fn everybody_finds_the_same_in_a_status_answer() {
    let Outcome::Accepted(ours) = xobito::delivery(answers::STATUS, |read| read.cloned()) else {
        panic!("it is an answer");
    };
    let ours = [
        ours.message_id().expect("an id").to_string(),
        ours.state().as_str().to_owned(),
        format!("{:?}", ours.error()),
        ours.last_updated().expect("a time").to_string(),
    ];
    assert_eq!((ours[1].as_str(), ours[2].as_str()), ("delivered", "None"));
    let of_serde = |answer: serde::Delivery<'_>| {
        [
            answer.data.message_id.expect("an id").to_owned(),
            answer.data.delivery_status.to_owned(),
            format!("{:?}", answer.data.error_message),
            answer.data.last_updated.expect("a time").to_owned(),
        ]
    };
    assert_eq!(
        ours,
        of_serde(serde::delivery(answers::STATUS).expect("it is JSON"))
    );
    assert_eq!(
        ours,
        of_serde(serde_json::from_slice(answers::STATUS).expect("it is JSON"))
    );
    let picojson = picojson::delivery(answers::STATUS, &mut vec![0; BUFFER]).expect("it is JSON");
    assert_eq!(ours[0], picojson.message_id.as_str());
    assert_eq!(ours[1], picojson.delivery_status.as_str());
    assert!(picojson.error_message.is_empty());
    assert_eq!(ours[3], picojson.last_updated.as_str());
}

#[test]
fn every_item_is_done_by_everybody_who_can() {
    for item in Item::ALL {
        let reads = item.name().starts_with("read");
        for who in Who::ALL {
            let jobs = JOBS.iter().filter(|job| job.item == item && job.who == who);
            let can = match who {
                Who::SerdeJson => false,
                Who::Picojson => reads,
                _ => true,
            };
            assert_eq!(jobs.count(), usize::from(can), "{item:?} by {who:?}");
        }
    }
}
