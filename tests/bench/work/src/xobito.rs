//! The work as `xobito-core` does it.

use xobito_core::message::{ButtonMessage, ReplyButton, ReplyButtons, TextMessage};
use xobito_core::{
    Accepted, Answer, AnswerReader, Delivery, E164, End, Outcome, Rejection, checked, encode,
};

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

/// What a reader kept, as it hands it out.
type Read<'r, A> = Outcome<&'r A, &'r Rejection>;

/// Reads a success answer.
#[inline(never)]
pub fn accepted<T>(body: &[u8], then: impl FnOnce(Read<'_, Accepted>) -> T) -> T {
    read(200, body, then)
}

/// Reads a refusal.
#[inline(never)]
pub fn refusal<T>(body: &[u8], then: impl FnOnce(Read<'_, Accepted>) -> T) -> T {
    read(422, body, then)
}

/// Reads a status answer.
#[inline(never)]
pub fn delivery<T>(body: &[u8], then: impl FnOnce(Read<'_, Delivery>) -> T) -> T {
    read(200, body, then)
}

fn read<A: Answer, T>(status: u16, body: &[u8], then: impl FnOnce(Read<'_, A>) -> T) -> T {
    let mut reader = AnswerReader::new();
    reader.status(status);
    for chunk in body.chunks(CHUNK) {
        reader.feed(chunk);
    }
    then(reader.finish(End::Complete))
}
