//! Whatever happens, and whenever the power fails: an outbox keeps its promises.
//!
//! Random scripts drive an outbox as a driver and a store would, with resets between any two calls and between any two
//! writes. An oracle, written from the promises and not from the outbox, follows along and objects.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod oracle;
mod script;
mod wire;
mod world;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use script::{op, setup};
use world::World;

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), rng_seed: seed(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_promise_is_kept(setup in setup(), ops in vec(op(), 1..120)) {
        let mut world = World::<16>::new(&setup);
        for op in &ops {
            world.perform(op);
        }
        world.drain();
    }

    /// The least memory for gaps and cool-downs: slower, and cool-downs may be cut short, but no other promise is broken, and nothing
    /// gets stuck.
    #[test]
    fn every_promise_is_kept_where_only_two_sends_are_remembered(setup in setup(), ops in vec(op(), 1..120)) {
        let mut world = World::<2>::new(&setup);
        for op in &ops {
            world.perform(op);
        }
        world.drain();
    }
}

/// The one that `PROPTEST_RNG_SEED` says, or the same scripts each time, so that no build fails by chance.
fn seed() -> RngSeed {
    match ProptestConfig::default().rng_seed {
        RngSeed::Random => RngSeed::Fixed(6),
        said @ RngSeed::Fixed(_) => said,
    }
}

/// As many as `PROPTEST_CASES` says, or enough to find each bug that was ever planted.
fn cases() -> u32 {
    let said = std::env::var("PROPTEST_CASES").ok();
    said.and_then(|cases| cases.parse().ok()).unwrap_or(1500)
}
