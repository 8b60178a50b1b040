//! Sessions with servers that behave: buffers, reuse, time, names.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::sync::Arc;

use embedded_io_async::{Read, Write};
use rcgen::{CertificateParams, date_time_ymd};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use xobito_embassy::tls::{
    CertificateError, RECEIVE_BUFFER, RootCertificates, SEND_BUFFER, Tls, TlsError, TlsStream,
    WithoutTime,
};
use xobito_hostile_tests::device::{ANSWER, Buffers, REQUEST, TOKEN, attempt, attempt_with};
use xobito_hostile_tests::pipe::{Pipe, run};
use xobito_hostile_tests::pki::{self, Entity, HOST, NOW, Pki};
use xobito_hostile_tests::rustls_server::RustlsServer;
use xobito_hostile_tests::server::Hostile;

async fn exchange<S: Read + Write>(
    tls: &mut impl Tls,
    socket: &mut S,
) -> Result<Vec<u8>, TlsError> {
    let mut stream = TlsStream::new(tls, socket);
    stream.write_all(REQUEST).await?;
    stream.flush().await?;
    let mut answer = vec![0; ANSWER.len()];
    stream.read_exact(&mut answer).await.unwrap();
    Ok(answer)
}

#[test]
fn one_endpoint_serves_many_requests_and_many_sessions() {
    let pki = Pki::new();
    let roots = pki.roots();
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    for _ in 0..3 {
        let mut pipe = pki.connect();
        run(tls.open(&mut pipe, HOST)).unwrap();
        assert!(tls.is_open());
        for _ in 0..5 {
            assert_eq!(run(exchange(&mut tls, &mut pipe)).unwrap(), ANSWER);
        }
        run(tls.close(&mut pipe)).unwrap();
        assert!(!tls.is_open());
        assert_eq!(pipe.peer.received(), REQUEST.repeat(5));
        assert_eq!(run(tls.write(&mut pipe, TOKEN)), Err(TlsError::NotOpen));
        assert_eq!(run(tls.flush(&mut pipe)), Err(TlsError::NotOpen));
        assert_eq!(
            run(tls.read(&mut pipe, &mut [0; 4])),
            Err(TlsError::NotOpen)
        );
        assert_eq!(run(tls.close(&mut pipe)), Ok(()));
    }
}

#[test]
fn the_servers_goodbye_is_an_end_and_not_an_error() {
    let pki = Pki::new();
    let roots = pki.roots();
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    let peer = Hostile::new(|flight| {
        flight.handshake(&[&pki.server.der], &pki.server.key);
        flight.encrypted(21, &[1, 0]);
    });
    let mut pipe = Pipe::new(peer, 10);
    run(tls.open(&mut pipe, HOST)).unwrap();
    assert_eq!(run(tls.read(&mut pipe, &mut [0; 4])), Ok(0));
    assert!(!tls.is_open());
}

#[test]
fn a_request_larger_than_the_send_buffer_goes_out_in_records() {
    let pki = Pki::new();
    let roots = pki.roots();
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    let mut pipe = pki.connect();
    run(tls.open(&mut pipe, HOST)).unwrap();
    let body: Vec<u8> = (0..100_000_u32)
        .map(|number| number.to_le_bytes()[0])
        .collect();
    run(TlsStream::new(&mut tls, &mut pipe).write_all(&body)).unwrap();
    run(tls.flush(&mut pipe)).unwrap();
    pipe.turn();
    assert_eq!(pipe.peer.received(), body);
}

#[test]
fn buffers_that_are_too_small_say_how_large_they_must_be() {
    let pki = Pki::new();
    let roots = pki.roots();
    let open = |receive: usize, send: usize| {
        let mut buffers = Buffers::of(receive, send);
        let mut tls = buffers.endpoint(roots.anchors());
        let mut pipe = pki.connect();
        let result = run(tls.open(&mut pipe, HOST));
        (result, pipe.sent.len())
    };
    let (
        Err(TlsError::SendBufferTooSmall {
            needed,
            capacity: 100,
        }),
        0,
    ) = open(RECEIVE_BUFFER, 100)
    else {
        panic!("a send buffer of 100 bytes");
    };
    assert_eq!(open(RECEIVE_BUFFER, needed).0, Ok(()));
    let too_small = TlsError::SendBufferTooSmall {
        needed,
        capacity: needed - 1,
    };
    assert_eq!(open(RECEIVE_BUFFER, needed - 1), (Err(too_small), 0));
    assert_eq!(open(RECEIVE_BUFFER, 0).1, 0);

    let (
        Err(TlsError::ReceiveBufferTooSmall {
            needed,
            capacity: 200,
        }),
        _,
    ) = open(200, SEND_BUFFER)
    else {
        panic!("a receive buffer of 200 bytes");
    };
    assert!(needed > 200);
    // Each record of the handshake is judged, so follow the advice until it is enough.
    let mut size = needed;
    while let (Err(TlsError::ReceiveBufferTooSmall { needed, .. }), _) = open(size, SEND_BUFFER) {
        assert!(needed > size);
        size = needed;
    }
    // An ECDSA signature may take a few bytes more the next time.
    assert_eq!(open(size + 8, SEND_BUFFER).0, Ok(()));
    assert!(matches!(
        open(0, SEND_BUFFER).0,
        Err(TlsError::ReceiveBufferTooSmall { .. })
    ));
}

#[test]
fn the_longest_host_name_fits_the_send_buffer() {
    let label = "a".repeat(62);
    let host = format!("{label}.{label}.{label}.{label}");
    let pki = Pki::for_host(&host);
    let roots = pki.roots();
    let attempt = attempt_with(
        RustlsServer::new(&[&pki.server]),
        roots.anchors(),
        100,
        &host,
        Some(NOW),
    );
    assert_eq!(attempt.result.unwrap(), Ok(ANSWER.to_vec()));
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(roots.anchors());
    assert_eq!(run(tls.open(&mut pki.connect(), &host)), Ok(()));
}

#[test]
fn an_ip_address_is_a_host_too_and_is_not_sent_as_a_name() {
    for host in ["10.0.2.2", "2001:db8::1"] {
        let pki = Pki::for_host(host);
        let roots = pki.roots();
        let talk = |host| {
            let attempt = attempt_with(
                RustlsServer::new(&[&pki.server]),
                roots.anchors(),
                100,
                host,
                Some(NOW),
            );
            attempt.result.unwrap()
        };
        assert_eq!(talk(host), Ok(ANSWER.to_vec()));
        assert_eq!(talk("10.0.2.3"), Err(CertificateError::WrongHost.into()));
    }
}

#[test]
fn a_wildcard_covers_one_label() {
    let pki = Pki::for_host("*.example.com");
    assert_eq!(
        attempt(RustlsServer::new(&[&pki.server]), &pki.root.der, 99)
            .result
            .unwrap(),
        Ok(ANSWER.to_vec())
    );
}

#[test]
fn certificates_may_come_in_any_order_behind_the_servers_and_with_the_root() {
    let root = Entity::root(pki::authority("root"), pki::p256());
    let upper = root.issue(pki::authority("upper"), pki::p256());
    let lower = upper.issue(pki::authority("lower"), pki::p256());
    let server = lower.issue(pki::server(HOST), pki::p256());
    for chain in [
        [&server, &lower, &upper, &root],
        [&server, &upper, &lower, &root],
        [&server, &root, &upper, &lower],
    ] {
        assert_eq!(
            attempt(RustlsServer::new(&chain), &root.der, 99)
                .result
                .unwrap(),
            Ok(ANSWER.to_vec())
        );
    }
}

#[test]
fn a_server_that_asks_for_a_certificate_gets_an_empty_answer() {
    let pki = Pki::new();
    let mut clients = RootCertStore::empty();
    clients
        .add(CertificateDer::from(pki.root.der.clone()))
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(clients), provider.clone())
        .allow_unauthenticated()
        .build()
        .unwrap();
    let root = Entity::root(pki::authority("root"), pki::p256());
    let server = root.issue(pki::server(HOST), pki::p256());
    let peer = RustlsServer::with_client_verifier(&[&server], verifier);
    assert_eq!(
        attempt(peer, &root.der, 99).result.unwrap(),
        Ok(ANSWER.to_vec())
    );
}

#[test]
fn an_anchor_can_be_exchanged_while_the_device_runs() {
    let (old, new) = (Pki::new(), Pki::new());
    let (old_roots, new_roots) = (old.roots(), new.roots());
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint(old_roots.anchors());
    // Both roots have one name, so that only the signature tells them apart.
    assert_eq!(
        run(tls.open(&mut new.connect(), HOST)),
        Err(CertificateError::BadSignature.into())
    );
    tls.set_trust_anchors(new_roots.anchors());
    assert_eq!(run(tls.open(&mut new.connect(), HOST)), Ok(()));
    assert_eq!(
        run(tls.open(&mut old.connect(), HOST)),
        Err(CertificateError::BadSignature.into())
    );
    assert!(!tls.is_open());
}

#[test]
fn of_several_anchors_the_right_one_is_found() {
    let pkis: Vec<Pki> = (0..4).map(|_| Pki::new()).collect();
    let mut roots = RootCertificates::<4>::new();
    for pki in &pkis {
        roots.add_der(&pki.root.der).unwrap();
    }
    for pki in &pkis {
        let attempt = attempt_with(
            RustlsServer::new(&[&pki.server]),
            roots.anchors(),
            99,
            HOST,
            Some(NOW),
        );
        assert_eq!(attempt.result.unwrap(), Ok(ANSWER.to_vec()));
    }
}

#[test]
fn dates_are_ignored_only_when_the_time_is_unknown_and_the_firmware_said_so() {
    let root = Entity::root(pki::authority("root"), pki::p256());
    let aged = |change: fn(&mut CertificateParams)| {
        let mut params = pki::server(HOST);
        change(&mut params);
        root.issue(params, pki::p256())
    };
    let expired = aged(|params| params.not_after = date_time_ymd(2026, 2, 1));
    let contradictory = aged(|params| params.not_after = date_time_ymd(2025, 1, 1));
    let wrong_host = root.issue(pki::server("evil.example.com"), pki::p256());
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(&root.der).unwrap();
    let open = |server: &Entity, time_s| {
        let mut buffers = Buffers::new();
        let mut tls = buffers.endpoint_at(time_s, roots.anchors());
        tls.set_without_time(WithoutTime::IgnoreCertificateDatesAndAcceptExpiredOnes);
        run(tls.open(&mut Pipe::new(RustlsServer::new(&[server]), 99), HOST))
    };
    assert_eq!(open(&expired, None), Ok(()));
    assert!(matches!(
        open(&expired, Some(NOW)),
        Err(TlsError::Certificate(CertificateError::Expired { .. }))
    ));
    assert!(matches!(
        open(&contradictory, None),
        Err(TlsError::Certificate(_))
    ));
    assert_eq!(
        open(&wrong_host, None),
        Err(CertificateError::WrongHost.into())
    );
}
