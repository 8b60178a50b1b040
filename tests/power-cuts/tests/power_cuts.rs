//! The power goes in the middle of every single write and erase, and nothing that was promised is lost.
//!
//! Each life takes in 1,000 alerts. Before each call of the outbox the world is copied; the copies live through the call
//! with a power cut in each of its writes and erases in turn, come back from the flash, and must come to a right end. Some of
//! them are cut again on the way, and from time to time the original takes the place of such a copy, so that what power cuts
//! leave behind piles up.
//!
//! `POWER_CUT_SEEDS` chooses another number of lives than 20, `POWER_CUT_ALERTS` another number of alerts than 1,000.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use xobito_power_cuts::{Act, Cut, Damage, Tally, World};

const SEEDS: u64 = 20;
const ALERTS: u32 = 1000;
/// Kinds of damage that are tried at each write and erase; over the lives each place meets all of them.
const DAMAGES: usize = 2;
const PATIENCE: usize = 50;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Power cuts.
    cuts: u64,
    /// Lives that went on after one.
    copies: u64,
    /// Power cuts while coming back from one.
    second_cuts: u64,
    /// Calls that were given up in the middle, with the RAM still there.
    dropped_futures: u64,
    duplicates: u64,
    repeated_reports: u64,
}

#[test]
fn a_serial_flash() {
    lives::<1, 1024>("words of 1 byte, pages of 1024", 8, 0);
}

#[test]
fn a_flash_with_words_of_four_bytes() {
    lives::<4, 2048>("words of 4 bytes, pages of 2048", 4, 1);
}

#[test]
fn a_flash_with_double_words_and_one_page_in_each_bank() {
    lives::<8, 4096>("words of 8 bytes, pages of 4096", 2, 2);
}

#[test]
fn a_flash_with_words_of_32_bytes() {
    lives::<32, 2048>("words of 32 bytes, pages of 2048", 6, 3);
}

/// Every fourth seed lives on this kind of flash.
fn lives<const WORD: usize, const PAGE: usize>(name: &str, pages: usize, first: u64) {
    let seeds = number("POWER_CUT_SEEDS").unwrap_or(SEEDS);
    let alerts = number("POWER_CUT_ALERTS").unwrap_or(u64::from(ALERTS));
    let alerts = u32::try_from(alerts).expect("a number of alerts");
    let (mut count, mut lives) = (Count::default(), 0);
    let mut tally = Tally::default();
    for seed in (first..seeds).step_by(4) {
        tally = add(tally, live::<WORD, PAGE>(seed, pages, alerts, &mut count));
        lives += 1;
    }
    println!("{name}: {lives} lives, {tally:?}, {count:?}");
}

fn live<const WORD: usize, const PAGE: usize>(
    seed: u64,
    pages: usize,
    alerts: u32,
    count: &mut Count,
) -> Tally {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0xc07);
    let mut world = World::<WORD, PAGE>::new(seed, pages);
    let mut kind = 0_usize;
    while let Some(act) = world.next_act(alerts) {
        let before = world.clone();
        let operations = world.flash().operations();
        world.act(act).expect("the power is on");
        let writes = world.flash().operations() - operations;
        let mut replacement = None;
        for at in 1..=writes {
            for _ in 0..DAMAGES {
                kind += 1;
                let cut = Cut {
                    at_operation: operations + at,
                    damage: Damage::ALL[kind % Damage::ALL.len()],
                    seed: rng.next_u64(),
                };
                let after = cut_in(&before, act, cut, &mut rng, count);
                if rng.next_u32().is_multiple_of(400) {
                    replacement = Some(after);
                }
            }
        }
        if act == Act::Settle {
            // Between two calls: whatever is in flight.
            let mut copy = before.clone();
            copy.power_on().expect("the power is on");
            come_to_an_end(copy, &mut rng, count);
        }
        if let Some(replacement) = replacement {
            world = replacement;
        }
    }
    world.drain().expect("the power is on");
    assert!(world.alerts >= alerts);
    world.ledger.tally
}

/// Lives through the call with this cut, and returns how it stands when the power is back.
fn cut_in<const WORD: usize, const PAGE: usize>(
    before: &World<WORD, PAGE>,
    act: Act,
    cut: Cut,
    rng: &mut ChaCha8Rng,
    count: &mut Count,
) -> World<WORD, PAGE> {
    let mut world = before.clone();
    world.plan(cut);
    let done = world.act(act);
    assert!(done.is_err(), "the power did not go: {cut:?}");
    count.cuts += 1;
    if rng.next_u32().is_multiple_of(4) {
        let mut dropped = world.clone();
        dropped.give_up();
        count.dropped_futures += 1;
        come_to_an_end(dropped, rng, count);
    }
    world.flash().power_on();
    world.power_on().expect("the power is on");
    come_to_an_end(world.clone(), rng, count);
    world
}

fn come_to_an_end<const WORD: usize, const PAGE: usize>(
    mut world: World<WORD, PAGE>,
    rng: &mut ChaCha8Rng,
    count: &mut Count,
) {
    count.copies += 1;
    let before = world.ledger.tally;
    for _ in 0..PATIENCE {
        if rng.next_u32().is_multiple_of(4) {
            let at = 1 + u64::from(rng.next_u32() % 40);
            let at_operation = world.flash().operations() + at;
            let [kind, ..] = rng.next_u32().to_le_bytes();
            world.plan(Cut {
                at_operation,
                damage: Damage::ALL[usize::from(kind) % Damage::ALL.len()],
                seed: rng.next_u64(),
            });
        }
        if world.drain().is_ok() {
            count.duplicates += world.ledger.tally.duplicates - before.duplicates;
            count.repeated_reports += world.ledger.tally.repeated - before.repeated;
            return;
        }
        count.second_cuts += 1;
        world.flash().power_on();
        world.power_on().expect("the power is on");
    }
    panic!("it never comes to an end");
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().expect("a number"))
}

fn add(one: Tally, other: Tally) -> Tally {
    Tally {
        promised: one.promised + other.promised,
        ended: one.ended + other.ended,
        received: one.received + other.received,
        duplicates: one.duplicates + other.duplicates,
        unpromised: one.unpromised + other.unpromised,
        repeated: one.repeated + other.repeated,
    }
}
