//! Instructions of an outbox's loop.

use core::hint::black_box;
use core::time::Duration;

use xobito_bench_work::messages;
use xobito_core::message::TextMessage;
use xobito_core::outbox::{Config, Duplicates, Entry, Outbox, Step};
use xobito_core::{Accepted, E164, Failure, Outcome, Request, checked};

use crate::instructions::Counter;

const TO: E164 = checked!(E164::new(messages::TO));
/// Longer than any wait of the default configuration.
const LONG: Duration = Duration::from_secs(3600);

/// Calls `tell` with what was done and the instructions that it took.
pub fn measure(counter: &Counter, tell: fn(&str, u32)) {
    let mut outbox = Outbox::<8, 256>::new(Config::DEFAULT);
    let mut now = LONG;
    let count = counter.of(&mut || {
        black_box(&outbox.poll(black_box(now), 7));
    });
    tell("poll of 8 empty slots", count);
    let Ok(request) = Request::<256>::new(&TextMessage::new(&TO, messages::ALERT)) else {
        return;
    };
    let entry = Entry::new(&request, TO, Duplicates::AtLeastOnce).time_to_live(Duration::MAX);
    while outbox.enqueue(&entry, now).is_ok() {}
    let not_sent = Outcome::<Accepted>::failed(false, Failure::Connect);
    let count = counter.of(&mut || {
        now += LONG;
        if let Step::Send { id, .. } = outbox.poll(black_box(now), 7) {
            black_box(outbox.settle(id, not_sent.as_ref(), now).is_ok());
        }
    });
    tell(
        "poll that hands out one of 8 entries, and settling it",
        count,
    );
    let count = counter.of(&mut || {
        black_box(&outbox.poll(black_box(now), 7));
    });
    tell("poll while 8 entries have to wait", count);
}
