//! Servers that do everything right are talked to.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, SignatureAlgorithm};
use xobito_embassy::tls::{RECEIVE_BUFFER, RootCertificates, Tls};
use xobito_hostile_tests::device::{ANSWER, Buffers, attempt};
use xobito_hostile_tests::pipe::{Pipe, run_counting};
use xobito_hostile_tests::pki::{self, Entity, HOST};
use xobito_hostile_tests::rustls_server::RustlsServer;
use xobito_hostile_tests::server::Hostile;

#[test]
fn rustls_is_talked_to_in_pieces_of_any_size() {
    let root = Entity::root(pki::authority("root"), pki::p256());
    let middle = root.issue(pki::authority("middle"), pki::p256());
    let server = middle.issue(pki::server(HOST), pki::p256());
    for piece in [1, 2, 3, 5, 7, 100, 1000, 20_000] {
        let attempt = attempt(RustlsServer::new(&[&server, &middle]), &root.der, piece);
        assert_eq!(
            attempt.result.unwrap().unwrap(),
            ANSWER,
            "pieces of {piece}"
        );
        assert!(attempt.leaked, "the host itself must get the token");
    }
}

/// A signature is a long computation, and so is the key exchange before it: other tasks get a turn after each.
#[test]
fn no_two_long_computations_follow_each_other() {
    let root = Entity::root(pki::authority("root"), pki::p256());
    let server = root.issue(pki::server(HOST), pki::p256());
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(&root.der).unwrap();
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    // Everything that the server has to say lies ready at once.
    let mut pipe = Pipe::new(RustlsServer::new(&[&server]), RECEIVE_BUFFER);
    let (opened, pauses) = run_counting(tls.open(&mut pipe, HOST));
    opened.unwrap();
    // Before each of the server's encrypted records, and on both sides of the handshake's signature.
    assert!(pauses >= 3, "{pauses}");
}

#[test]
fn every_kind_of_key_is_accepted_in_every_place() {
    type Make = fn() -> rcgen::KeyPair;
    fn p384() -> rcgen::KeyPair {
        pki::key(&PKCS_ECDSA_P384_SHA384)
    }
    let _: [&SignatureAlgorithm; 1] = [&PKCS_ECDSA_P256_SHA256];
    let keys: [(&str, Make); 5] = [
        ("P-256", pki::p256),
        ("P-384", p384),
        ("RSA 2048", || pki::rsa(pki::RSA_2048)),
        ("RSA 3072", || pki::rsa(pki::RSA_3072)),
        ("RSA 4096", || pki::rsa(pki::RSA_4096)),
    ];
    for (root_name, root_key) in keys {
        for (server_name, server_key) in keys {
            let root = Entity::root(pki::authority("root"), root_key());
            let server = root.issue(pki::server(HOST), server_key());
            let attempt = attempt(RustlsServer::new(&[&server]), &root.der, 500);
            assert_eq!(
                attempt
                    .result
                    .unwrap()
                    .unwrap_or_else(|error| panic!("{server_name} under {root_name}: {error}")),
                ANSWER
            );
        }
    }
}

#[test]
fn the_hostile_server_is_talked_to_while_it_behaves() {
    let root = Entity::root(pki::authority("root"), pki::p256());
    let server = root.issue(pki::server(HOST), pki::p256());
    let peer = Hostile::new(|flight| flight.handshake(&[&server.der], &server.key));
    let attempt = attempt(peer, &root.der, 9);
    assert_eq!(attempt.result.unwrap().unwrap(), ANSWER);
    assert!(
        attempt.opened && attempt.leaked,
        "the server must be able to read the token, or no test here can fail"
    );
}
