//! Handshakes changed at random: nothing panics, and the token reaches nobody but the host.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use xobito_hostile_tests::device::{Attempt, attempt};
use xobito_hostile_tests::mutation::{Mutator, Random, mutate};
use xobito_hostile_tests::rustls_server::RustlsServer;
use xobito_hostile_tests::scenarios::World;
use xobito_hostile_tests::server::{HANDSHAKE, Hostile};

/// Each of the two tests; `XOBITO_MUTATIONS` sets another number.
fn rounds() -> u64 {
    std::env::var("XOBITO_MUTATIONS").map_or(2_500, |number| number.parse().unwrap())
}

#[test]
fn bytes_changed_on_the_path_never_panic_nor_give_the_token_away() {
    let world = World::new();
    let mut opened = 0;
    for seed in 0..rounds() {
        let mut random = Random::new(seed);
        let piece = 1 + random.below(300);
        let changes = 1 + random.below(4);
        let peer = Mutator::new(RustlsServer::new(&[&world.server]), random, changes);
        let attempt = attempt(peer, &world.root.der, piece);
        check(seed, &attempt);
        opened += u32::from(attempt.opened);
    }
    // Only a change to what comes after the handshake, or to ignored bytes, may go through.
    eprintln!("{opened} of {} handshakes survived their changes", rounds());
    assert!(u64::from(opened) < rounds() / 2);
}

#[test]
fn messages_changed_by_the_server_never_panic_nor_open_without_proof() {
    let world = World::new();
    for seed in 0..rounds() {
        let mut random = Random::new(seed);
        // An attacker's server: it has the host's certificate but not its key, and encrypts what it likes.
        let peer = Hostile::new(|flight| {
            flight.server_hello();
            let mut messages = vec![
                flight.encrypted_extensions(),
                flight.certificate(&[&world.server.der]),
                flight.certificate_verify(0x0403, |content| {
                    rcgen::SigningKey::sign(&world.attacker, content).unwrap()
                }),
                flight.finished(),
            ];
            let which = random.below(messages.len());
            for _ in 0..random.below(4) {
                mutate(&mut messages[which], &mut random);
                if messages[which].is_empty() {
                    break;
                }
            }
            let last = random.below(messages.len());
            let first = random.below(messages.len());
            messages.swap(first, last);
            for message in messages {
                flight.encrypted(HANDSHAKE, &message);
            }
            flight.derive_session_keys();
        });
        let attempt = attempt(peer, &world.root.der, 1000);
        check(seed, &attempt);
        assert!(
            !attempt.opened && !attempt.leaked,
            "seed {seed}: {attempt:?}"
        );
    }
}

fn check<E: std::fmt::Debug>(seed: u64, attempt: &Attempt<E>) {
    assert!(attempt.result.is_some(), "seed {seed}: a panic");
    assert!(
        attempt.opened || !attempt.leaked,
        "seed {seed}: {attempt:?}"
    );
}
