//! Certificates and TLS: what a careful client accepts, and what it must not.

use std::path::PathBuf;

use rustls::crypto::ring;
use rustls::{HandshakeKind, NamedGroup, ProtocolVersion};
use xobito_sandbox::{Certificate, Config, Sandbox, Tls};

use crate::client::{Connection, client_config};

#[test]
fn tls_1_3_with_nothing_but_a_p256_key_share_needs_no_second_hello() {
    let sandbox = crate::client::sandbox();
    let p256_only = rustls::crypto::CryptoProvider {
        kx_groups: vec![ring::kx_group::SECP256R1],
        ..ring::default_provider()
    };
    let connection =
        Connection::try_open(&sandbox, "localhost", client_config(&sandbox, p256_only)).unwrap();
    assert_eq!(
        connection.tls().protocol_version(),
        Some(ProtocolVersion::TLSv1_3)
    );
    assert_eq!(connection.tls().handshake_kind(), Some(HandshakeKind::Full));
    assert_eq!(
        connection
            .tls()
            .negotiated_key_exchange_group()
            .map(rustls::crypto::SupportedKxGroup::name),
        Some(NamedGroup::secp256r1)
    );
}

#[test]
fn versions_of_tls_can_be_chosen() {
    for (tls, version) in [
        (Tls::Only12, ProtocolVersion::TLSv1_2),
        (Tls::Only13, ProtocolVersion::TLSv1_3),
    ] {
        let sandbox = Sandbox::start(Config {
            tls,
            ..Config::default()
        })
        .unwrap();
        assert_eq!(
            Connection::open(&sandbox).tls().protocol_version(),
            Some(version)
        );
    }
}

#[test]
fn the_certificate_holds_every_documented_name_and_more_on_request() {
    let sandbox = Sandbox::start(Config {
        names: vec!["lab.example".to_owned(), "192.0.2.7".to_owned()],
        ..Config::default()
    })
    .unwrap();
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        "10.0.2.2",
        "sandbox.xobito.test",
        "lab.example",
        "192.0.2.7",
    ] {
        let opened = Connection::try_open(
            &sandbox,
            name,
            client_config(&sandbox, ring::default_provider()),
        );
        assert!(opened.is_ok(), "{name}: {:?}", opened.err());
    }
    assert!(
        Connection::try_open(
            &sandbox,
            "dash.xobito.com",
            client_config(&sandbox, ring::default_provider())
        )
        .is_err()
    );
    let wrong = Config {
        names: vec!["späce in it".to_owned()],
        ..Config::default()
    };
    assert_eq!(
        Sandbox::start(wrong).unwrap_err().kind(),
        std::io::ErrorKind::InvalidInput
    );
}

#[test]
fn a_certificate_can_be_wrong_on_purpose() {
    for (certificate, reason) in [
        (Certificate::Expired, "Expired"),
        (Certificate::NotYetValid, "NotValidYet"),
        (Certificate::WrongName, "NotValidForName"),
        (Certificate::ForeignIssuer, "BadSignature"),
    ] {
        let sandbox = Sandbox::start(Config {
            certificate,
            ..Config::default()
        })
        .unwrap();
        let error = Connection::try_open(
            &sandbox,
            "localhost",
            client_config(&sandbox, ring::default_provider()),
        )
        .err()
        .unwrap();
        assert!(
            format!("{error:?}").contains(reason),
            "{certificate:?}: {error:?}"
        );
    }
}

#[test]
fn a_state_directory_keeps_the_root_over_restarts() {
    let dir =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("state-{}", std::process::id()));
    let start = || {
        Sandbox::start(Config {
            state_dir: Some(dir.join("deep")),
            ..Config::default()
        })
        .unwrap()
    };
    let first = start();
    let trusting_the_first = client_config(&first, ring::default_provider());
    let pem = first.ca_pem().to_owned();
    drop(first);
    let second = start();
    assert_eq!(second.ca_pem(), pem);
    Connection::try_open(&second, "localhost", trusting_the_first.clone()).unwrap();
    let other = crate::client::sandbox();
    assert!(
        Connection::try_open(&other, "localhost", trusting_the_first).is_err(),
        "without a directory every start has a root of its own"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(dir.join("deep/ca-key.pem"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "the key is for its owner alone");
    }
    std::fs::remove_dir_all(dir).unwrap();
}
