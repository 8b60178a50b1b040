//! A server that is trusted and behaves as the sandbox never would.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use xobito_std::core::message::TextMessage;
use xobito_std::core::{E164, Failure};
use xobito_std::{ANSWER_MAX, Client, Outcome};

use crate::{ADA, PATIENCE, text};

type Tls = StreamOwned<ServerConnection, TcpStream>;

/// Serves one connection like this; the client trusts the server's certificate.
fn serve<T: Send + 'static>(
    behave: impl FnOnce(Tls) -> T + Send + 'static,
) -> (Client, JoinHandle<T>) {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("localhost:{}", listener.local_addr().unwrap().port());
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        behave(StreamOwned::new(connection, stream))
    });
    let client = Client::builder(&host, "demo", "apitk_0123")
        .ca_pem(own.cert.pem())
        .timeout(PATIENCE)
        .build()
        .unwrap();
    (client, server)
}

/// Reads a little of the request.
fn read_some(stream: &mut Tls) -> String {
    let mut request = [0; 512];
    let len = stream.read(&mut request).unwrap();
    String::from_utf8_lossy(&request[..len]).into_owned()
}

/// Reads a whole request for a text.
fn read_request(stream: &mut Tls) -> String {
    let mut request = String::new();
    while !request.ends_with("\"text\"}") {
        request.push_str(&read_some(stream));
    }
    request
}

#[test]
fn an_answer_without_end_is_given_up_at_the_limit() {
    let (client, server) = serve(|mut stream| {
        read_some(&mut stream);
        let mut total = 0;
        let mut send = |part: &[u8]| {
            total += part.len();
            stream.write_all(part)
        };
        let _ = send(b"HTTP/1.1 200 OK\r\n\r\n{\"status\":\"success\",\"data\":{\"message_id\":\"x\",\"junk\":\"");
        while send(&[b'a'; 4096]).is_ok() {}
        total
    });
    let outcome = text(&client, ADA);
    assert_eq!(
        (outcome.word(), outcome.cause()),
        ("unknown", Some("buffer"))
    );
    let sent = server.join().unwrap();
    assert!(sent > ANSWER_MAX);
}

#[test]
fn a_head_without_end_is_given_up_too() {
    let (client, server) = serve(|mut stream| {
        read_some(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream
            .write_all(b"X-Junk: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
            .is_ok()
        {}
    });
    assert_eq!(text(&client, ADA).word(), "unknown");
    server.join().unwrap();
}

#[test]
fn a_reset_in_the_middle_of_the_request_leaves_the_outcome_unknown() {
    // Dropping a socket with unread data in it resets the connection.
    let (client, server) = serve(|mut stream| read_some(&mut stream));
    let to = E164::new(ADA).unwrap();
    let long = "🧊".repeat(4096);
    let outcome = client.send_message(&TextMessage::new(&to, &*long)).unwrap();
    assert_eq!(
        (outcome.word(), outcome.cause()),
        ("unknown", Some("connection-lost"))
    );
    assert!(
        server.join().unwrap().contains("apitk_0123"),
        "the request did not begin to arrive"
    );
}

#[test]
fn a_server_that_goes_away_within_the_handshake_has_seen_no_byte_of_the_request() {
    let (client, server) = serve(|stream| drop(stream.sock));
    assert_eq!(text(&client, ADA), Outcome::NotSent(Failure::Tls));
    server.join().unwrap();
}

#[test]
fn a_redirect_is_not_followed_and_a_cookie_not_kept() {
    let (client, server) = serve(|mut stream| {
        let first = read_request(&mut stream);
        let answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}";
        stream.write_all(answer.as_bytes()).unwrap();
        (first, read_request(&mut stream))
    });
    for _ in 0..2 {
        let outcome = text(&client, ADA);
        assert_ne!(outcome.word(), "accepted");
    }
    let (first, second) = server.join().unwrap();
    assert!(first.starts_with("POST /api/v1/demo/messages/send HTTP/1.1\r\n"));
    // The second is the second message, on the same connection, exactly as the first.
    assert_eq!(first, second);
}
