//! A server in a mood, and what it has received.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use xobito_core::outbox::{EntryId, Part};
use xobito_core::{Accepted, AnswerReader, Delivery, End, Failure, MessageId, Outcome};

use crate::damage::below;

/// What came back.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub(crate) enum Answer {
    /// To a message; and what really became of it.
    Sent(Outcome<Accepted>, Truth),
    /// To a query.
    Asked(Outcome<Delivery>),
}

/// What really happened to a message, whatever the device gets to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truth {
    /// The server took it.
    pub(crate) was_received: bool,
    /// The device can know for certain that it was not.
    pub(crate) is_surely_not: bool,
}

#[derive(Clone)]
pub(crate) struct Server {
    rng: ChaCha8Rng,
    is_well: bool,
    /// What becomes of accepted messages, by their ids.
    fates: BTreeMap<String, Part>,
    accepted: u32,
}

impl Server {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed ^ 0x5e7),
            is_well: false,
            fates: BTreeMap::new(),
            accepted: 0,
        }
    }

    /// From now on everything is accepted and delivered.
    pub(crate) const fn recover(&mut self) {
        self.is_well = true;
    }

    pub(crate) fn take(&mut self, id: EntryId, part: Part, _body: &[u8]) -> Answer {
        let received = |outcome| (outcome, true, false);
        let lost = |outcome| (outcome, false, false);
        let refused = |outcome| (outcome, false, true);
        let mood = if self.is_well {
            0
        } else {
            below(100, &mut self.rng)
        };
        let (outcome, was_received, is_surely_not) = match mood {
            0..60 => {
                self.accepted += 1;
                let message_id = format!("wamid.{}.{}", id.0, self.accepted);
                let outcome = answer(
                    200,
                    &format!(r#"{{"status":"success","data":{{"message_id":"{message_id}"}}}}"#),
                );
                self.fates.insert(message_id, part);
                received(outcome)
            }
            60..68 => received(Outcome::failed(true, Failure::ConnectionLost)),
            68..75 => lost(Outcome::failed(true, Failure::TimedOut)),
            75..83 => refused(Outcome::failed(false, Failure::Connect)),
            83..88 => refused(answer(
                429,
                r#"{"message":"Too many requests","retry_after":5}"#,
            )),
            88..90 => received(answer(500, FAILED)),
            90..92 => lost(answer(500, FAILED)),
            92..95 => refused(answer(
                422,
                r#"{"status":"error","message":"Validation failed","errors":{"message_body":["no"]}}"#,
            )),
            _ if part == Part::Request => refused(answer(
                422,
                r#"{"status":"error","message":"Session not active - template required"}"#,
            )),
            _ => refused(answer(
                404,
                r#"{"status":"error","message":"Template not found"}"#,
            )),
        };
        Answer::Sent(
            outcome,
            Truth {
                was_received,
                is_surely_not,
            },
        )
    }

    pub(crate) fn asked(&mut self, message_id: &MessageId) -> Answer {
        let part = self.fates.get(message_id.as_str()).copied();
        let mood = if self.is_well {
            0
        } else {
            below(100, &mut self.rng)
        };
        let state = |state: &str, error: &str| {
            let body = format!(
                r#"{{"status":"success","data":{{"delivery_status":"{state}","error_message":{error}}}}}"#
            );
            answer(200, &body)
        };
        Answer::Asked(match mood {
            0..50 => state("delivered", "null"),
            50..60 => state("read", "null"),
            60..75 => state("sent", "null"),
            75..80 => state("failed", r#""Number not on WhatsApp""#),
            80..88 if part == Some(Part::Request) => {
                state("failed", r#""Message outside 24-hour window""#)
            }
            80..92 => Outcome::failed(false, Failure::Connect),
            92..96 => Outcome::failed(true, Failure::TimedOut),
            _ => answer(404, r#"{"status":"error","message":"Message not found"}"#),
        })
    }
}

const FAILED: &str = r#"{"status":"error","message":"Failed to send message"}"#;

fn answer<A: xobito_core::Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(End::Complete).cloned()
}
