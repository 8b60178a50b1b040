mod clock;
mod damaged;
mod enqueue;
mod follow;
mod pacing;
mod recent;
mod settle;
mod starving;
mod store;
mod words;

use core::time::Duration;

use super::*;
use crate::message::{TemplateMessage, TextMessage};
use crate::{
    Accepted, Answer, AnswerReader, BorrowedRequest, Delivery, E164, Failure, Outcome, Reason,
    Request, checked,
};

const ADA: E164 = checked!(E164::new("+14155551234"));
const BOB: E164 = checked!(E164::new("+41795550000"));

type Small = Outbox<3, 512>;

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn text(words: &str) -> Request<256> {
    Request::new(&TextMessage::new(&ADA, words)).unwrap()
}

fn template() -> Request<256> {
    Request::new(&TemplateMessage::new(&ADA, "freezer_open", "en")).unwrap()
}

/// Puts in an alert with the defaults, at 0 s.
fn put(outbox: &mut Small, to: E164, duplicates: Duplicates) -> EntryId {
    let alert = text("Freezer 3 is open");
    let enqueued = outbox.enqueue(&Entry::new(&alert, to, duplicates), s(0));
    enqueued.unwrap().id
}

/// Polls for something to send.
fn send<const SLOTS: usize, const BYTES: usize, const RECENT: usize>(
    outbox: &mut Outbox<SLOTS, BYTES, RECENT>,
    now: Duration,
) -> (EntryId, Vec<u8>) {
    match outbox.poll(now, 0) {
        Step::Send { id, request } => (id, request.body().to_vec()),
        other => panic!("{other:?} at {now:?}"),
    }
}

/// Polls for an end.
fn report<const SLOTS: usize, const BYTES: usize, const RECENT: usize>(
    outbox: &mut Outbox<SLOTS, BYTES, RECENT>,
    now: Duration,
) -> Ended {
    match outbox.poll(now, 0) {
        Step::Report(Event::Ended(ended)) => ended,
        other => panic!("{other:?} at {now:?}"),
    }
}

fn answer<A: Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(crate::End::Complete).cloned()
}

fn accepted() -> Outcome<Accepted> {
    answer(
        200,
        r#"{"status":"success","data":{"message_id":"wamid.A"}}"#,
    )
}

fn refused(status: u16) -> Outcome<Accepted> {
    answer(status, r#"{"status":"error","message":"no"}"#)
}

fn lost() -> Outcome<Accepted> {
    Outcome::failed(true, Failure::TimedOut)
}

fn not_sent() -> Outcome<Accepted> {
    Outcome::failed(false, Failure::Connect)
}

fn delivery(state: &str) -> Outcome<Delivery> {
    let body = format!(r#"{{"status":"success","data":{{"delivery_status":"{state}"}}}}"#);
    answer(200, &body)
}
