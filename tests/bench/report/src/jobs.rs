//! Every job that a host can do: `serde_json` joins.

use std::hint::black_box;

use serde_json::from_slice;
use xobito_bench_work::serde::{Accepted, ButtonMessage, Delivery, Refusal, TextMessage};
use xobito_bench_work::{BUFFER, Item, JOBS, Who, answers, messages};

/// A piece of work and who does it, on a host.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// The work.
    pub item: Item,
    /// Who does it.
    pub who: Who,
    way: Way,
}

type Run = fn(&mut Vec<u8>);

#[derive(Clone, Copy, Debug)]
enum Way {
    /// Writes to a slice.
    Slice(fn(&mut [u8])),
    /// Writes to a vector that has its memory already, which is what `serde_json` does best.
    Vector(Run),
}

/// What jobs write to.
#[derive(Debug)]
pub struct Buffers {
    slice: Vec<u8>,
    vector: Vec<u8>,
}

impl Buffers {
    /// Large enough for every job.
    #[must_use]
    pub fn new() -> Self {
        Self {
            slice: vec![0; BUFFER],
            vector: Vec::with_capacity(BUFFER),
        }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

impl Job {
    /// Does nothing, to measure the measuring.
    pub const NOTHING: Self = Self {
        item: Item::EncodeAlert,
        who: Who::Touch,
        way: Way::Slice(|_| ()),
    };

    /// Does it once.
    pub fn run(&self, buffers: &mut Buffers) {
        match self.way {
            Way::Slice(run) => run(&mut buffers.slice),
            Way::Vector(run) => {
                buffers.vector.clear();
                run(&mut buffers.vector);
            }
        }
    }
}

/// All jobs, by item and then in the order of the tables' columns.
#[must_use]
pub fn jobs() -> Vec<Job> {
    let without_heap = JOBS.into_iter().map(|job| Job {
        item: job.item,
        who: job.who,
        way: Way::Slice(job.run),
    });
    let mut jobs: Vec<Job> = without_heap.chain(of_serde_json()).collect();
    jobs.sort_by_key(|job| {
        (
            Item::ALL.iter().position(|item| *item == job.item),
            Who::ALL.iter().position(|who| *who == job.who),
        )
    });
    jobs
}

/// `serde_json` at its best: its vector never grows, and it borrows every text that it reads, none of which has an escape.
#[rustfmt::skip] // A table reads best as one.
fn of_serde_json() -> impl Iterator<Item = Job> {
    let jobs: [(Item, Run); 9] = [
        (Item::EncodeAlert, |out| text(messages::ALERT, out)),
        (Item::EncodeClean, |out| text(messages::CLEAN, out)),
        (Item::EncodeEmoji, |out| text(messages::EMOJI, out)),
        (Item::EncodeEscapes, |out| text(messages::ESCAPES, out)),
        (Item::EncodeButtons, |out| {
            black_box(serde_json::to_writer(out, &ButtonMessage::new(black_box(messages::BUTTONS_BODY))).is_ok());
        }),
        (Item::ReadAnswer, |_| accepted(answers::SUCCESS)),
        (Item::ReadEcho, |_| accepted(answers::ECHO)),
        (Item::ReadRefusal, |_| { black_box(&from_slice::<Refusal<'_>>(black_box(answers::REFUSAL)).ok()); }),
        (Item::ReadStatus, |_| { black_box(&from_slice::<Delivery<'_>>(black_box(answers::STATUS)).ok()); }),
    ];
    jobs.into_iter().map(|(item, run)| Job { item, who: Who::SerdeJson, way: Way::Vector(run) })
}

#[inline(never)]
fn text(body: &str, out: &mut Vec<u8>) {
    black_box(serde_json::to_writer(out, &TextMessage::new(black_box(body))).is_ok());
}

#[inline(never)]
fn accepted(body: &[u8]) {
    black_box(&from_slice::<Accepted<'_>>(black_box(body)).ok());
}
