//! What an alert costs the flash. The README's table holds these numbers, and this test holds the README.

use core::time::Duration;

use xobito_core::message::TextMessage;
use xobito_core::outbox::{Config, Duplicates, Entry, EntryId, Event, Follow, Step};
use xobito_core::{AnswerReader, Delivery, End, Failure, Outcome, Request};
use xobito_flash::{DurableOutbox, flash_bytes, record_bytes};
use xobito_power_cuts::SimulatedFlash;

use crate::common::{ON_CALL, accepted, run};

const SLOTS: usize = 8;
const BYTES: usize = 512;
const ALERTS: u64 = 1000;
/// What a real id looks like: 58 characters.
const MESSAGE_ID: &str = "wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA";

struct Costs {
    writes: f64,
    bytes: f64,
    /// Of each page, for 1,000 alerts.
    erases: u32,
}

/// A 160-character text, sent, accepted and (if followed) delivered at the first query.
fn costs(duplicates: Duplicates, follow: bool, pages: usize) -> Costs {
    let follow = follow.then_some(Follow::DEFAULT);
    let config = Config::DEFAULT.recipient_gap(Duration::ZERO).follow(follow);
    let flash = SimulatedFlash::<4, 4096>::new(pages);
    let end = u32::try_from(pages * 4096).expect("a small flash");
    let mut device: DurableOutbox<_, SLOTS, BYTES, { record_bytes(BYTES) }> =
        DurableOutbox::new(flash, 0..end, config);
    let _ = run(device.open(Duration::ZERO, Duration::ZERO)).expect("a new flash");
    let (operations, bytes) = (
        device.flash_mut().operations(),
        device.flash_mut().bytes_written(),
    );
    let text = "x".repeat(160);
    let request: Request<BYTES> =
        Request::new(&TextMessage::new(&ON_CALL, text.as_str())).expect("it fits");
    let mut now = Duration::ZERO;
    for _ in 0..ALERTS {
        let entry = Entry::new(&request, ON_CALL, duplicates);
        let _ = run(device.enqueue(&entry, now)).expect("there is room");
        loop {
            let sent = match run(device.poll(now, 0)).expect("the flash is well") {
                Step::Send { id, .. } => Ok(id),
                Step::Query { id, .. } => Err(id),
                Step::Wait(until) => {
                    now = until;
                    continue;
                }
                Step::Report(Event::Ended(_)) => break,
                other => panic!("{other:?}"),
            };
            match sent {
                Ok(id) => run(device.settle(id, accepted(MESSAGE_ID).as_ref(), now)),
                Err(id) => run(device.settle_query(id, delivered().as_ref(), now)),
            }
            .expect("the flash is well");
        }
    }
    run(device.save()).expect("the flash is well");
    let flash = device.flash_mut();
    let erases: u32 = flash.erases().iter().sum();
    let writes = flash.operations() - operations - u64::from(erases);
    let per_alert = |count: u64| f64::from(u32::try_from(count).expect("few")) / 1000.0;
    Costs {
        writes: per_alert(writes),
        bytes: per_alert(flash.bytes_written() - bytes),
        erases: erases.div_ceil(u32::try_from(pages).expect("few")),
    }
}

fn delivered() -> Outcome<Delivery> {
    let mut reader = AnswerReader::new();
    reader.status(200);
    reader.feed(br#"{"status":"success","data":{"delivery_status":"delivered"}}"#);
    reader.finish(End::Complete).cloned()
}

#[test]
fn the_readme_says_what_an_alert_costs() {
    let smallest = flash_bytes(SLOTS, BYTES, 4, 4096).expect("it fits") / 4096;
    let (mut sizes, mut table) = (String::new(), String::new());
    for (name, duplicates, follow) in [
        ("at least once", Duplicates::AtLeastOnce, false),
        ("at least once, followed", Duplicates::AtLeastOnce, true),
        ("at most once", Duplicates::AtMostOnce, false),
        ("at most once, followed", Duplicates::AtMostOnce, true),
    ] {
        let small = costs(duplicates, follow, smallest);
        let large = costs(duplicates, follow, 4 * smallest);
        let row = format!(
            "| {name} | {:.1} | {:.0} | {} | {} |\n",
            small.writes, small.bytes, small.erases, large.erases
        );
        table.push_str(&row);
    }
    for (slots, bytes) in [(8, 512), (16, 1024), (32, 1024)] {
        let pages = |word, page| {
            let needed = flash_bytes(slots, bytes, word, page).expect("it fits");
            format!("{} pages, {} KB", needed / page, needed / 1024)
        };
        let row = format!(
            "| {slots} of {bytes} | {} | {} |\n",
            pages(4, 4096),
            pages(32, 128 * 1024)
        );
        sizes.push_str(&row);
    }
    println!("{sizes}\n{table}");
    let readme = include_str!("../../../../adapters/flash/README.md");
    for table in [sizes, table] {
        assert!(readme.contains(&table), "the README should say:\n{table}");
    }
    let ram = size_of::<
        DurableOutbox<SimulatedFlash<4, 4096>, SLOTS, BYTES, { record_bytes(BYTES) }>,
    >() - size_of::<SimulatedFlash<4, 4096>>();
    println!("{ram} bytes of RAM on this machine");
}

/// Writes and bytes since the last call.
fn written(device: &mut Followed, last: &mut (u64, u64)) -> (u64, u64) {
    let flash = device.flash_mut();
    let now = (flash.operations(), flash.bytes_written());
    let (writes, bytes) = (now.0 - last.0, now.1 - last.1);
    *last = now;
    (writes, bytes)
}

type Followed = DurableOutbox<SimulatedFlash<4, 4096>, SLOTS, BYTES, { record_bytes(BYTES) }>;

#[test]
fn the_readme_says_what_it_costs_to_try_and_to_ask_again() {
    let flash = SimulatedFlash::<4, 4096>::new(4);
    let mut device = Followed::new(flash, 0..4 * 4096, Config::DEFAULT);
    let _ = run(device.open(Duration::ZERO, Duration::ZERO)).expect("a new flash");
    let request: Request<BYTES> =
        Request::new(&TextMessage::new(&ON_CALL, "Freezer 3 is open")).expect("it fits");
    let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce);
    let mut now = Duration::from_mins(1);
    let _ = run(device.enqueue(&entry, now)).expect("there is room");
    let mut last = (0, 0);
    let _ = written(&mut device, &mut last);
    let off = Duration::from_mins(1);
    let _ = run(device.open(now, off)).expect("it is an outbox");
    run(device.save()).expect("the flash is well");
    let start = written(&mut device, &mut last);
    let (mut attempts, mut queries) = (Vec::new(), Vec::new());
    for lost in [true, true, false] {
        let id = next(&mut device, &mut now).expect("a message");
        let outcome = if lost {
            Outcome::failed(true, Failure::TimedOut)
        } else {
            accepted(MESSAGE_ID)
        };
        run(device.settle(id, outcome.as_ref(), now)).expect("the flash is well");
        attempts.push(written(&mut device, &mut last));
    }
    for _ in 0..11 {
        let id = next(&mut device, &mut now).expect_err("a query");
        let outcome = Outcome::<Delivery>::failed(true, Failure::TimedOut);
        run(device.settle_query(id, outcome.as_ref(), now)).expect("the flash is well");
        queries.push(written(&mut device, &mut last));
    }
    let (waits, asks) = (start, queries[0]);
    assert_eq!(attempts, [waits, waits, asks]);
    assert!(queries.iter().all(|query| *query == asks), "{queries:?}");
    let said = [
        format!("{} writes with {} bytes", waits.0, waits.1),
        format!("{} with {}", asks.0, asks.1),
    ];
    for said in said {
        let readme = include_str!("../../../../adapters/flash/README.md");
        assert!(readme.contains(&said), "the README should say: {said}");
    }
}

/// What is to be sent next, or asked after.
fn next(device: &mut Followed, now: &mut Duration) -> Result<EntryId, EntryId> {
    loop {
        match run(device.poll(*now, 0)).expect("the flash is well") {
            Step::Send { id, .. } => return Ok(id),
            Step::Query { id, .. } => return Err(id),
            Step::Wait(until) => *now = until,
            other => panic!("{other:?}"),
        }
    }
}
