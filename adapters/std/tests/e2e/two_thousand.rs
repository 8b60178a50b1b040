//! 2,000 alerts out of an outbox in a file, over real sockets and TLS, to a sandbox that is in trouble one time in ten.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use xobito_sandbox::{Config as SandboxConfig, Fault, Sandbox};
use xobito_std::core::message::TextMessage;
use xobito_std::core::outbox::{Backoff, Budget, Config, Duplicates, End, Entry, EntryId, Event};
use xobito_std::core::{E164, Outcome, Reason, Request};
use xobito_std::outbox::{
    Driver, DurableOutbox, FileFlash, Turn, block_on, flash_range, record_bytes,
};

use crate::{ADA, builder, config, start};

const ALERTS: u32 = 2000;
const SLOTS: usize = 32;
const BYTES: usize = 256;
const PER_MINUTE: u32 = 6000;
const BURST: u32 = 20;
/// What a budget of 6,000 a minute, 20 of them at once, allows in a second: one each 11 ms, and the burst.
const PER_SECOND: usize = 20 + 91 + 2;

/// What the driver heard of an alert.
#[derive(Default)]
struct Heard {
    is_at_most_once: bool,
    /// Attempts after which nobody could tell.
    unknown: usize,
    end: Option<End>,
}

/// Any numbers will do, the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[test]
fn two_thousand_alerts_over_a_bad_network_are_neither_lost_nor_repeated_without_leave() {
    let sandbox = start(SandboxConfig {
        rate_limit: PER_MINUTE,
        ..config()
    });
    let client = builder(&sandbox)
        .timeout(Duration::from_millis(400))
        .build()
        .unwrap();
    // What waiting 14,000 times for a disk proves is not worth the minutes.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        memory
    } else {
        Path::new(env!("CARGO_TARGET_TMPDIR"))
    };
    let path = folder.join(format!("two-thousand-{}.flash", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let backoff = Backoff::new(Duration::from_millis(5), Duration::from_millis(40));
    let config = Config::DEFAULT
        .budget(Budget::new(PER_MINUTE, BURST).unwrap())
        .recipient_gap(Duration::ZERO)
        .link_backoff(backoff)
        .retry_backoff(backoff)
        .follow(None);
    let flash = FileFlash::open(&path, 2 * 65_536).unwrap();
    let range = flash_range(&flash);
    let mut outbox: Box<DurableOutbox<_, SLOTS, BYTES, { record_bytes(BYTES) }>> =
        Box::new(DurableOutbox::new(flash, range, config));
    let mut driver = Driver::new(&client);
    let _ = block_on(outbox.open(driver.now(), Duration::ZERO)).unwrap();

    let faults: Vec<Fault> = Fault::ALL
        .iter()
        .copied()
        // An alert that is answered by a redirect has failed, and is reported as that.
        .filter(|fault| *fault != Fault::Redirect302)
        .collect();
    let mut dice = Dice(42);
    let mut heard: HashMap<EntryId, Heard> = HashMap::new();
    let mut number = 0;
    let (mut attempts, mut strikes) = (0_usize, 0_usize);
    let begun = Instant::now();
    loop {
        while number < ALERTS && outbox.outbox().len() < SLOTS {
            let duplicates = [Duplicates::AtLeastOnce, Duplicates::AtMostOnce];
            let duplicates = duplicates[number as usize % 2];
            let id = enqueue(&mut outbox, &driver, number, duplicates);
            assert_eq!(id.0, number + 1, "ids count the alerts");
            let is_at_most_once = duplicates == Duplicates::AtMostOnce;
            heard.entry(id).or_default().is_at_most_once = is_at_most_once;
            number += 1;
        }
        if dice.roll(10) == 0 {
            let which = usize::try_from(dice.roll(faults.len() as u64)).unwrap();
            sandbox.set_fault_for(faults[which], 1);
            strikes += 1;
        }
        match driver.turn(&mut *outbox).unwrap() {
            Turn::Sent { id, outcome } => {
                attempts += 1;
                let is_unknown = match &outcome {
                    Outcome::Unknown(_) => true,
                    Outcome::Rejected(why) => {
                        assert_ne!(why.reason, Reason::RateLimited, "the budget was exceeded");
                        why.reason == Reason::Server
                    }
                    _ => false,
                };
                heard.entry(id).or_default().unknown += usize::from(is_unknown);
            }
            Turn::Event(Event::Ended(ended)) => {
                let fate = heard.entry(ended.id).or_default();
                assert_eq!(fate.end.replace(ended.end), None, "reported twice: {ended}");
            }
            Turn::Wait(wait) => std::thread::sleep(wait),
            Turn::Idle if number == ALERTS => break,
            Turn::Idle => {}
            other => panic!("{other:?}"),
        }
    }
    let took = begun.elapsed();
    let _ = std::fs::remove_file(&path);
    hold_against_each_other(&sandbox, &heard);
    println!("{attempts} attempts, {strikes} faults, {took:?}");
}

fn enqueue<const RECORD: usize>(
    outbox: &mut DurableOutbox<FileFlash, SLOTS, BYTES, RECORD>,
    driver: &Driver<'_>,
    number: u32,
    duplicates: Duplicates,
) -> EntryId {
    let to = E164::new(ADA).unwrap();
    let text = format!("alert {number}");
    let request = Request::<BYTES>::new(&TextMessage::new(&to, text.as_str())).unwrap();
    let entry = Entry::new(&request, to, duplicates);
    let enqueued = block_on(outbox.enqueue(&entry, driver.now()));
    enqueued.map_err(|refused| refused.error).unwrap().id
}

fn hold_against_each_other(sandbox: &Sandbox, heard: &HashMap<EntryId, Heard>) {
    let received = sandbox.messages();
    let mut arrived: HashMap<u32, usize> = HashMap::new();
    for request in received.iter().filter(|request| request.accepted) {
        let json = request.json.as_ref().unwrap();
        let body = json["message_body"].as_str().unwrap();
        let number = body.strip_prefix("alert ").unwrap().parse().unwrap();
        *arrived.entry(number).or_default() += 1;
    }
    let (mut duplicates, mut unknown_ends) = (0, 0);
    for (id, heard) in heard {
        let came = arrived.get(&(id.0 - 1)).copied().unwrap_or_default();
        let end = heard.end.expect("each alert's end was reported");
        match end {
            End::AcceptedUntracked(_) => assert!(came >= 1, "{id} is LOST: {end}"),
            End::Unknown => {
                assert!(heard.is_at_most_once, "{id}: {end}");
                unknown_ends += 1;
            }
            end => panic!("{id}: {end}"),
        }
        if heard.is_at_most_once {
            assert!(came <= 1, "{id} came {came} times, at most once");
        }
        assert!(
            came <= heard.unknown + 1,
            "{id} came {came} times with {} unknown outcomes",
            heard.unknown
        );
        duplicates += came.saturating_sub(1);
    }
    assert_eq!(heard.len(), ALERTS as usize);
    let mut times: Vec<i128> = received.iter().map(|request| request.at_us).collect();
    times.sort_unstable();
    let busiest = times.iter().enumerate().map(|(from, begin)| {
        let within = times[from..]
            .iter()
            .take_while(|time| **time < begin + 1_000_000);
        within.count()
    });
    let busiest = busiest.max().unwrap_or_default();
    assert!(busiest <= PER_SECOND, "{busiest} requests in a second");
    println!(
        "{ALERTS} alerts, {} requests received, 0 lost, {duplicates} duplicates after unknown outcomes, {unknown_ends} \
         ended as unknown, at most {busiest} requests in a second of {PER_SECOND} allowed",
        received.len()
    );
}
