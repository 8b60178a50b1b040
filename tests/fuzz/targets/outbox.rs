//! The outbox, restored from whatever a damaged store hands back and then driven at random: it never panics, it sends
//! nothing that it must not send, and it reports every entry once.

#![no_main]
#![allow(clippy::expect_used, clippy::indexing_slicing)] // A finding is a panic.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use xobito_core::outbox::{
    Config, Duplicates, EntryId, Event, Key, Outbox, Part, Priority, Snapshot, Stage, Step,
};
use xobito_core::{Accepted, AnswerReader, Delivery, E164, End, Failure, Kind, MessageId, Outcome};

const SLOTS: usize = 3;
type Small = Outbox<SLOTS, 128, 2>;

fuzz_target!(|data: &[u8]| {
    let _ = check(&mut Unstructured::new(data));
});

fn check(input: &mut Unstructured<'_>) -> Result<()> {
    let mut now = Duration::from_millis(u64::arbitrary(input)?);
    let config = Config::DEFAULT.follow(if bool::arbitrary(input)? {
        Some(xobito_core::outbox::Follow::DEFAULT)
    } else {
        None
    });
    let mut outbox = Small::new(config);
    let mut kept = BTreeMap::new();
    for _ in 0..input.int_in_range(0..=4)? {
        let stored = Stored::arbitrary(input)?;
        let slot = input.int_in_range(0..=SLOTS)?;
        let snapshot = stored.snapshot();
        if outbox.restore(slot, &snapshot, now).is_ok() {
            kept.insert(snapshot.id, snapshot.duplicates);
        }
    }
    // A store that keeps what happened in its order goes on with what happened later.
    for _ in 0..input.int_in_range(0..=3)? {
        let stored = Stored::arbitrary(input)?;
        let snapshot = stored.snapshot();
        if bool::arbitrary(input)? {
            let _ = outbox.restore_state(&snapshot, now);
        } else if outbox.discard(snapshot.id) {
            kept.remove(&snapshot.id);
        }
    }
    outbox.restored(now);
    assert_eq!(outbox.len(), kept.len());
    comes_back(&outbox, config, now);

    let mut may_not_be_sent = BTreeSet::new();
    while !input.is_empty() {
        now = now.saturating_add(Duration::from_millis(u32::arbitrary(input)?.into()));
        let answer = u8::arbitrary(input)?;
        match outbox.poll(now, u32::arbitrary(input)?) {
            Step::Send { id, request } => {
                assert!(request.body().starts_with(b"{"));
                assert!(
                    !may_not_be_sent.contains(&id),
                    "{id} may have been sent already"
                );
                let at_most_once = kept.get(&id) == Some(&Duplicates::AtMostOnce);
                let (outcome, maybe_sent) = accepted(answer);
                if at_most_once && maybe_sent {
                    may_not_be_sent.insert(id);
                }
                outbox
                    .settle(id, outcome.as_ref(), now)
                    .expect("it is in flight");
            }
            Step::Query { id, .. } => {
                let outcome = delivered(answer);
                outbox
                    .settle_query(id, outcome.as_ref(), now)
                    .expect("it is in flight");
            }
            Step::Report(Event::Ended(ended)) => {
                assert!(kept.remove(&ended.id).is_some(), "{} ended twice", ended.id);
            }
            Step::Report(_) => outbox.resume(),
            Step::InFlight { id } => unreachable!("{id} was settled"),
            Step::Wait(until) => assert!(until > now, "waits for what is past"),
            Step::Idle => {}
        }
        assert_eq!(outbox.len(), kept.len());
        comes_back(&outbox, config, now);
    }
    Ok(())
}

/// What an outbox would have stored comes back as it was.
fn comes_back(outbox: &Small, config: Config, now: Duration) {
    let mut other = Small::new(config);
    for (slot, entry) in outbox.entries() {
        let restored = other.restore(slot, &entry, now);
        assert!(restored.is_ok(), "{restored:?}: {entry:?}");
        let again = other.snapshot(slot).expect("it is there");
        assert_eq!((again.id, again.stands_for), (entry.id, entry.stands_for));
        if entry.stage == Stage::Waiting {
            assert_eq!((again.body, again.template), (entry.body, entry.template));
        }
    }
    assert_eq!(other.len(), outbox.len());
}

/// What became of a message, and whether it may have been sent for good.
fn accepted(answer: u8) -> (Outcome<Accepted>, bool) {
    let mut reader = AnswerReader::new();
    let (status, body, maybe_sent): (_, &[u8], _) = match answer % 8 {
        0 | 1 => (
            200,
            br#"{"status":"success","data":{"message_id":"wamid.x"}}"#,
            true,
        ),
        2 => (401, b"{}", false),
        3 => (403, b"{}", false),
        4 => (422, br#"{"message":"template required"}"#, false),
        5 => (429, br#"{"retry_after":7}"#, false),
        6 => (502, b"", true),
        _ => {
            return (
                Outcome::failed(answer > 127, Failure::TimedOut),
                answer > 127,
            );
        }
    };
    reader.status(status);
    reader.feed(body);
    (reader.finish(End::Complete).cloned(), maybe_sent)
}

fn delivered(answer: u8) -> Outcome<Delivery> {
    let word = ["pending", "sent", "delivered", "read", "failed"][usize::from(answer % 5)];
    let body = format!(
        r#"{{"status":"success","data":{{"delivery_status":"{word}","error_message":"24-hour window"}}}}"#
    );
    let mut reader = AnswerReader::new();
    reader.status(if answer > 200 { 404 } else { 200 });
    reader.feed(body.as_bytes());
    reader.finish(End::Complete).cloned()
}

#[derive(Debug)]
struct Stored<'a> {
    numbers: (u32, u64, u32, u16, Option<u32>),
    choices: [u8; 8],
    message_id: Option<MessageId>,
    recipient: E164,
    body: &'a [u8],
    template: &'a [u8],
}

impl<'a> Arbitrary<'a> for Stored<'a> {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<Self> {
        let number = format!("+{}", input.int_in_range(10_000_000..=99_999_999_999_u64)?);
        let message_id = <Option<&str>>::arbitrary(input)?;
        Ok(Self {
            numbers: Arbitrary::arbitrary(input)?,
            choices: Arbitrary::arbitrary(input)?,
            message_id: message_id.and_then(|id| MessageId::new(id).ok()),
            recipient: E164::new(&number).map_err(|_| arbitrary::Error::IncorrectFormat)?,
            body: body(input)?,
            template: body(input)?,
        })
    }
}

/// A stored body: usually one that could be sent.
fn body<'a>(input: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    Ok(match input.int_in_range(0..=5)? {
        0 => b"",
        1..=3 => br#"{"message_body":"Pump 7"}"#,
        _ => Arbitrary::arbitrary(input)?,
    })
}

impl Stored<'_> {
    fn snapshot(&self) -> Snapshot<'_> {
        let (id, time_to_live_ms, stands_for, attempts, key) = self.numbers;
        // Few ids, so that they meet.
        let id = id % 5;
        let [priority, duplicates, stage, part, kind, other, forever, end] = self.choices;
        Snapshot {
            id: EntryId(id),
            recipient: self.recipient,
            priority: match priority % 4 {
                0 => Priority::Low,
                1 => Priority::Normal,
                2 => Priority::High,
                _ => Priority::Urgent,
            },
            duplicates: if duplicates % 2 == 0 {
                Duplicates::AtLeastOnce
            } else {
                Duplicates::AtMostOnce
            },
            key: key.map(Key),
            time_to_live: if forever % 2 == 0 {
                Duration::MAX
            } else {
                Duration::from_millis(time_to_live_ms)
            },
            stands_for,
            attempts,
            // What has ended has no use for it.
            tries: end,
            stage: match stage % 4 {
                0 => Stage::Waiting,
                1 => Stage::InFlight,
                2 => Stage::Accepted,
                _ => Stage::Ended(match end % 3 {
                    0 => xobito_core::outbox::End::Delivered,
                    1 => xobito_core::outbox::End::Expired,
                    _ => xobito_core::outbox::End::Unknown,
                }),
            },
            part: if part % 2 == 0 {
                Part::Request
            } else {
                Part::Template
            },
            other_part_left: other % 2 == 0,
            message_id: self.message_id.clone(),
            kind: match kind % 3 {
                0 => Kind::Send,
                1 => Kind::Template,
                _ => Kind::Media,
            },
            body: self.body,
            template: self.template,
        }
    }
}
