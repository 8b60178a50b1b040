//! The work as `xobito-core` does it.

use xobito_core::message::{ButtonMessage, ReplyButton, ReplyButtons, TextMessage};
use xobito_core::{Accepted, Answer, AnswerReader, Delivery, E164, End, Outcome, checked, encode};

use crate::{CHUNK, messages};

const TO: E164 = checked!(E164::new(messages::TO));

/// Encodes a text; the bytes of the request.
#[inline(never)]
pub fn text(body: &str, out: &mut [u8]) -> usize {
    encode(&TextMessage::new(&TO, body), out).map_or(0, |request| request.body().len())
}

/// Encodes a message with three buttons; the bytes of the request.
#[inline(never)]
pub fn buttons(body: &str, out: &mut [u8]) -> usize {
    let [a, b, c] = messages::BUTTON_IDS;
    let [one, two, three] = messages::BUTTON_TITLES;
    let buttons = [(a, one), (b, two), (c, three)].map(|(id, title)| ReplyButton { id, title });
    let Ok(buttons) = ReplyButtons::try_from(&buttons[..]) else {
        return 0;
    };
    encode(&ButtonMessage::new(&TO, body, buttons), out).map_or(0, |request| request.body().len())
}

/// Reads a success answer.
#[inline(never)]
#[must_use]
pub fn accepted(body: &[u8]) -> Outcome<Accepted> {
    read(200, body)
}

/// Reads a refusal.
#[inline(never)]
#[must_use]
pub fn refusal(body: &[u8]) -> Outcome<Accepted> {
    read(422, body)
}

/// Reads a status answer.
#[inline(never)]
#[must_use]
pub fn delivery(body: &[u8]) -> Outcome<Delivery> {
    read(200, body)
}

fn read<A: Answer>(status: u16, body: &[u8]) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    for chunk in body.chunks(CHUNK) {
        reader.feed(chunk);
    }
    reader.finish(End::Complete)
}
