use core::time::Duration;

use super::*;
use crate::message::{TemplateMessage, TextMessage};
use crate::{
    Accepted, Answer, AnswerReader, Delivery, E164, End as ExchangeEnd, Failure, Outcome, Request,
    checked,
};

const ADA: E164 = checked!(E164::new("+14155551234"));

type Small = Outbox<3, 512>;

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn text(words: &str) -> Request<256> {
    Request::new(&TextMessage::new(&ADA, words)).unwrap()
}

fn answer<A: Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(ExchangeEnd::Complete)
}

fn accepted() -> Outcome<Accepted> {
    answer(
        200,
        r#"{"status":"success","data":{"message_id":"wamid.A"}}"#,
    )
}

fn delivery(state: &str) -> Outcome<Delivery> {
    let body = format!(r#"{{"status":"success","data":{{"delivery_status":"{state}"}}}}"#);
    answer(200, &body)
}

#[test]
fn an_alert_is_sent_followed_and_reported_once() {
    let mut outbox = Small::new(Config::DEFAULT);
    let alert = text("Freezer 3 is open");
    let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce);
    let id = outbox.enqueue(&entry, at(0)).unwrap().id;
    let Step::Send { id: sent, request } = outbox.poll(at(1), 0) else {
        panic!("nothing to send")
    };
    assert_eq!((sent, request.body()), (id, alert.body()));
    assert_eq!(outbox.poll(at(1), 0), Step::InFlight { id });
    outbox.settle(id, &accepted(), at(2)).unwrap();
    assert_eq!(outbox.poll(at(2), 0), Step::Wait(at(12)));
    let Step::Query { message_id, .. } = outbox.poll(at(12), 0) else {
        panic!("nothing to ask")
    };
    assert_eq!(message_id.as_str(), "wamid.A");
    outbox
        .settle_query(id, &delivery("delivered"), at(13))
        .unwrap();
    let Step::Report(Event::Ended(ended)) = outbox.poll(at(13), 0) else {
        panic!("nothing to report")
    };
    assert_eq!((ended.id, ended.end), (id, End::Delivered));
    assert_eq!(ended.recipient, ADA);
    assert_eq!(outbox.poll(at(13), 0), Step::Idle);
    assert!(outbox.is_empty());
}

#[test]
fn a_closed_window_calls_for_the_template() {
    let mut outbox = Small::new(Config::DEFAULT);
    let alert = text("Freezer 3 is open");
    let template = Request::<256>::new(&TemplateMessage::new(&ADA, "freezer_open", "en")).unwrap();
    let entry = Entry::new(&alert, ADA, Duplicates::AtMostOnce).fallback(&template);
    let id = outbox.enqueue(&entry, at(0)).unwrap().id;
    assert!(matches!(outbox.poll(at(0), 0), Step::Send { .. }));
    let closed = answer::<Accepted>(422, r#"{"status":"error","message":"template required"}"#);
    outbox.settle(id, &closed, at(1)).unwrap();
    let Step::Wait(until) = outbox.poll(at(1), 0) else {
        panic!("the gap is not kept")
    };
    let Step::Send { request, .. } = outbox.poll(until, 0) else {
        panic!("nothing to send")
    };
    assert_eq!(request.body(), template.body());
}

#[test]
fn what_was_in_flight_at_a_reset_is_treated_by_its_policy() {
    for duplicates in [Duplicates::AtLeastOnce, Duplicates::AtMostOnce] {
        let mut outbox = Small::new(Config::DEFAULT);
        let alert = text("Freezer 3 is open");
        let entry = Entry::new(&alert, ADA, duplicates);
        let _ = outbox.enqueue(&entry, at(0)).unwrap();
        assert!(matches!(outbox.poll(at(0), 0), Step::Send { .. }));
        let mut again = Small::new(Config::DEFAULT);
        for (slot, snapshot) in outbox.entries() {
            again.restore(slot, &snapshot, at(0)).unwrap();
        }
        again.restored(at(0));
        match again.poll(at(100), 0) {
            Step::Send { .. } => assert_eq!(duplicates, Duplicates::AtLeastOnce),
            Step::Report(Event::Ended(ended)) => {
                assert_eq!(
                    (ended.end, duplicates),
                    (End::Unknown, Duplicates::AtMostOnce)
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_unknown_outcome_is_tried_again_or_ends_by_policy() {
    let lost = Outcome::<Accepted>::failed(true, Failure::TimedOut);
    let mut outbox = Small::new(Config::DEFAULT);
    let alert = text("Freezer 3 is open");
    let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce);
    let id = outbox.enqueue(&entry, at(0)).unwrap().id;
    assert!(matches!(outbox.poll(at(0), 0), Step::Send { .. }));
    outbox.settle(id, &lost, at(30)).unwrap();
    assert_eq!(outbox.settle(id, &lost, at(30)), Err(NotInFlight));
    assert_eq!(outbox.poll(at(30), 0), Step::Wait(at(60)));
    assert!(matches!(outbox.poll(at(60), 0), Step::Send { .. }));
}
