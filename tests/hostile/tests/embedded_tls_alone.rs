//! The same servers against embedded-tls with its own verifier: these tests can fail.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use xobito_hostile_tests::device::{ANSWER, Attempt, attempt_by_embedded_tls_alone};
use xobito_hostile_tests::scenarios::{World, scenarios};
use xobito_hostile_tests::server::{FINISHED, HANDSHAKE, Hostile};
use xobito_hostile_tests::wrong_certificates::cases;

/// Handshakes in which it gives the token away.
const LEAKS: [&str; 4] = [
    "no certificate, no proof",
    "Finished at once",
    "a certificate, no proof",
    "all in one record without a proof",
];

/// Handshakes in which it panics.
const PANICS: [&str; 4] = [
    "an encrypted record with nothing in it",
    "nothing in it, before the certificate",
    "the proof first",
    "the proof twice",
];

/// Certificates for which it gives the token away.
const ACCEPTED: [&str; 9] = [
    "forged by another server's key",
    "an authority that says it is none",
    "an authority whose key may not sign certificates",
    "a key for encryption only",
    "for TLS clients",
    "an authority for another domain",
    "an unknown critical extension",
    "no alternative name but the right common name",
    "more authorities than allowed",
];

fn describe<E>(
    names: &mut (Vec<&'static str>, Vec<&'static str>),
    name: &'static str,
    attempt: &Attempt<E>,
) {
    if attempt.leaked {
        names.0.push(name);
    }
    if attempt.result.is_none() {
        names.1.push(name);
    }
}

#[test]
fn it_talks_to_a_good_server() {
    let world = World::new();
    let peer = Hostile::new(|flight| flight.handshake(&[&world.server.der], &world.server.key));
    let attempt = attempt_by_embedded_tls_alone(peer, &world.root.der, 50);
    assert_eq!(attempt.result.unwrap().unwrap(), ANSWER);
}

#[test]
fn it_gives_the_token_away_and_panics_in_handshakes_that_this_project_refuses() {
    let world = World::new();
    let mut found = Default::default();
    for scenario in scenarios() {
        let attempt = attempt_by_embedded_tls_alone(scenario.peer(&world), &world.root.der, 20_000);
        describe(&mut found, scenario.name, &attempt);
    }
    let (leaks, panics) = found;
    eprintln!("leaks: {leaks:?}\npanics: {panics:?}");
    assert!(LEAKS.iter().all(|name| leaks.contains(name)));
    assert!(PANICS.iter().all(|name| panics.contains(name)));
}

#[test]
fn it_gives_the_token_away_for_certificates_that_this_project_refuses() {
    let mut found = Default::default();
    for case in cases() {
        let peer = Hostile::new(|flight| {
            let chain: Vec<&[u8]> = case.chain.iter().map(AsRef::as_ref).collect();
            flight.handshake(&chain, &case.key);
        });
        let attempt = attempt_by_embedded_tls_alone(peer, &case.root, 20_000);
        describe(&mut found, case.name, &attempt);
    }
    let (leaks, panics) = found;
    eprintln!("leaks: {leaks:?}\npanics: {panics:?}");
    assert!(ACCEPTED.iter().all(|name| leaks.contains(name)));
}

#[test]
fn it_panics_on_a_handshake_message_in_an_open_session() {
    let world = World::new();
    let peer = Hostile::new(|flight| flight.handshake(&[&world.server.der], &world.server.key))
        .on_request(|flight| {
            let message = flight.message(FINISHED, &[0; 32]);
            flight.encrypted(HANDSHAKE, &message);
        });
    let attempt = attempt_by_embedded_tls_alone(peer, &world.root.der, 50);
    assert!(attempt.result.is_none());
}
