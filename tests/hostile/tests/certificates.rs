//! A server with a wrong certificate is refused, for the right reason, and never gets the token.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fmt::Write as _;

use xobito_hostile_tests::device::{attempt, attempt_with};
use xobito_hostile_tests::pki::{self, Entity, HOST, NOW};
use xobito_hostile_tests::rustls_server::RustlsServer;
use xobito_hostile_tests::server::Hostile;
use xobito_hostile_tests::wrong_certificates::{Case, cases};

use xobito_embassy::tls::{RootCertificates, TlsError, TrustAnchors};

fn peer(case: &Case) -> Hostile<'_> {
    Hostile::new(|flight| {
        let chain: Vec<&[u8]> = case.chain.iter().map(AsRef::as_ref).collect();
        flight.handshake_with(&chain, &case.key);
    })
}

#[test]
fn every_wrong_certificate_is_refused_for_its_reason() {
    let mut wrong = String::new();
    let cases = cases();
    for case in &cases {
        for piece in [3, 20_000] {
            let attempt = attempt(peer(case), &case.root, piece);
            let refused = attempt
                .result
                .as_ref()
                .is_some_and(|result| result.as_ref() == Err(&case.error));
            if !refused || attempt.opened || attempt.leaked {
                writeln!(
                    wrong,
                    "{}: {attempt:?} instead of {:?}",
                    case.name, case.error
                )
                .unwrap();
            }
        }
    }
    eprintln!("{} wrong certificates", cases.len());
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn without_anchors_host_or_time_nothing_is_sent() {
    let root = Entity::root(pki::authority("root"), pki::p256());
    let server = root.issue(pki::server(HOST), pki::p256());
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(&root.der).unwrap();
    let result = |anchors, host, time_s| {
        let attempt = attempt_with(RustlsServer::new(&[&server]), anchors, 100, host, time_s);
        assert!(!attempt.opened && !attempt.leaked);
        attempt.result.unwrap()
    };
    let none = TrustAnchors::from_webpki(&[]);
    assert_eq!(result(none, HOST, Some(NOW)), Err(TlsError::NoTrustAnchors));
    assert_eq!(
        result(roots.anchors(), HOST, None),
        Err(TlsError::TimeUnknown)
    );
    assert_eq!(
        result(roots.anchors(), "not a host", Some(NOW)),
        Err(TlsError::InvalidHost)
    );
}
