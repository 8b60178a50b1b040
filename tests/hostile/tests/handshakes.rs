//! A handshake in which anything is wrong ends in the right error, without a panic, without the token and
//! without a Finished of the device's, which would tell the server that it was believed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fmt::Write as _;

use xobito_hostile_tests::device::attempt;
use xobito_hostile_tests::scenarios::{World, scenarios};

#[test]
fn every_wrong_handshake_is_refused_for_its_reason() {
    let world = World::new();
    let mut wrong = String::new();
    let scenarios = scenarios();
    for scenario in &scenarios {
        for piece in [1, 7, 20_000] {
            let attempt = attempt(scenario.peer(&world), &world.root.der, piece);
            let refused = attempt
                .result
                .as_ref()
                .is_some_and(|result| result.as_ref() == Err(&scenario.error));
            if !refused || attempt.opened || attempt.answered || attempt.leaked {
                writeln!(
                    wrong,
                    "{} ({piece}): {attempt:?} instead of {:?}",
                    scenario.name, scenario.error
                )
                .unwrap();
            }
        }
    }
    eprintln!("{} wrong handshakes", scenarios.len());
    assert!(wrong.is_empty(), "{wrong}");
}
