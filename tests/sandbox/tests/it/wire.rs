//! Every fault does on the wire what it says, and the truth about its request is kept.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use xobito_sandbox::{Fault, Phase, Sandbox, numbers};

use crate::client::{Connection, End, client_config, exchange, headers, raw, sandbox};

const NOBODY: &str = "+491701234567";

/// What a client sees of a text message to the fault's number.
fn by_number(sandbox: &Sandbox, fault: Fault) -> (Vec<u8>, End) {
    let mut connection = Connection::open(sandbox);
    connection.send_text(&numbers::for_fault(fault).unwrap());
    connection.read_to_end()
}

/// The same for an answer of the length it promises, without waiting for more.
fn answer_by_number(sandbox: &Sandbox, fault: Fault) -> (String, Vec<u8>) {
    let mut connection = Connection::open(sandbox);
    connection.send_text(&numbers::for_fault(fault).unwrap());
    let answer = connection.read_answer();
    (answer.head, answer.body)
}

/// Splits an answer at the end of its head.
fn parts(bytes: &[u8]) -> (String, Vec<u8>) {
    let at = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a whole head")
        + 4;
    (
        String::from_utf8(bytes[..at].to_vec()).unwrap(),
        bytes[at..].to_vec(),
    )
}

fn promised(head: &str) -> Option<usize> {
    head.lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .map(|value| value.parse().unwrap())
}

fn is_the_answer(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|json| json["data"]["message_id"].is_string())
}

/// Decodes chunks; `None` if the last one is missing.
fn dechunked(mut rest: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut body = Vec::new();
    loop {
        let Some(at) = rest.windows(2).position(|two| two == b"\r\n") else {
            return (body, None);
        };
        let line = String::from_utf8(rest[..at].to_vec()).unwrap();
        let size = usize::from_str_radix(line.split(';').next().unwrap(), 16).unwrap();
        rest = &rest[at + 2..];
        if size == 0 {
            return (body, Some(rest.to_vec()));
        }
        body.extend_from_slice(&rest[..size]);
        assert_eq!(&rest[size..size + 2], b"\r\n");
        rest = &rest[size + 2..];
    }
}

/// Runs `check` for every fault at the answer, all at once, as most of them are waited out.
fn for_each_fault_at_the_answer(check: impl Fn(Fault) + Sync) {
    std::thread::scope(|scope| {
        for &fault in Fault::ALL
            .iter()
            .filter(|fault| fault.phase() == Phase::Answer)
        {
            let check = &check;
            scope.spawn(move || check(fault));
        }
    });
}

#[test]
fn every_fault_at_the_answer_leaves_the_truth_behind() {
    for_each_fault_at_the_answer(|fault| {
        let sandbox = sandbox();
        by_number(&sandbox, fault);
        let received = sandbox.messages();
        assert_eq!(received.len(), 1, "{fault}");
        assert_eq!(received[0].fault, Some(fault));
        assert_eq!(received[0].accepted, fault.takes_request(), "{fault}");
        assert_eq!(
            received[0].message_id.is_some(),
            fault.takes_request(),
            "{fault}"
        );
    });
}

#[test]
fn a_chosen_fault_is_the_same_as_one_by_number() {
    for_each_fault_at_the_answer(|fault| {
        let sandbox = sandbox();
        let by_number = by_number(&sandbox, fault);
        sandbox.set_fault_for(fault, 1);
        let mut connection = Connection::open(&sandbox);
        connection.send_text(NOBODY);
        let chosen = connection.read_to_end();
        assert_eq!(chosen.1, by_number.1, "{fault}");
        let line = |bytes: &[u8]| bytes.split(|byte| *byte == b'\r').next().unwrap().to_vec();
        assert_eq!(line(&chosen.0), line(&by_number.0), "{fault}");
        let last = sandbox.messages().pop().unwrap();
        assert_eq!(
            (last.fault, last.accepted),
            (Some(fault), fault.takes_request()),
            "{fault}"
        );
    });
}

#[test]
fn no_byte_of_an_answer_comes_before_it_was_begun() {
    let sandbox = sandbox();
    assert_eq!(
        by_number(&sandbox, Fault::ResetBeforeAnswer),
        (Vec::new(), End::Reset)
    );
    assert_eq!(
        by_number(&sandbox, Fault::CloseBeforeAnswer),
        (Vec::new(), End::Clean)
    );
    assert_eq!(
        by_number(&sandbox, Fault::StallBeforeAnswer),
        (Vec::new(), End::Silent)
    );
}

#[test]
fn an_answer_ends_within_its_head() {
    let sandbox = sandbox();
    for (fault, expected) in [
        (Fault::ResetInHead, End::Reset),
        (Fault::StallInHead, End::Silent),
        (Fault::TruncateHead, End::Clean),
    ] {
        let (bytes, end) = by_number(&sandbox, fault);
        assert!(
            bytes.starts_with(b"HTTP/1.1 200 OK\r\n")
                && !bytes.windows(4).any(|four| four == b"\r\n\r\n"),
            "{fault}"
        );
        assert_eq!(end, expected, "{fault}");
    }
}

#[test]
fn an_answer_ends_within_its_body() {
    let sandbox = sandbox();
    for (fault, expected) in [
        (Fault::ResetInBody, End::Reset),
        (Fault::StallInBody, End::Silent),
        (Fault::TruncateBody, End::Clean),
        (Fault::TruncateWithoutNotify, End::Abrupt),
    ] {
        let (bytes, end) = by_number(&sandbox, fault);
        let (head, body) = parts(&bytes);
        assert_eq!(body.len(), promised(&head).unwrap() / 2, "{fault}");
        assert_eq!(end, expected, "{fault}");
    }
}

#[test]
fn chunks_come_whole_with_extensions_or_cut() {
    let sandbox = sandbox();
    let (bytes, end) = by_number(&sandbox, Fault::Chunked);
    let (head, body) = parts(&bytes);
    let (body, trailer) = dechunked(&body);
    assert!(head.contains("Transfer-Encoding: chunked\r\n") && promised(&head).is_none());
    assert!(is_the_answer(&body) && end == End::Silent);
    assert_eq!(trailer.as_deref(), Some(&b"\r\n"[..]));

    let (bytes, end) = by_number(&sandbox, Fault::ChunkedExtensions);
    let (head, body) = parts(&bytes);
    assert!(head.contains("Transfer-Encoding: Chunked\r\n"));
    assert!(
        body.starts_with(b"1;part=1;note=\"a; b\"\r\n{"),
        "{}",
        String::from_utf8_lossy(&body)
    );
    let (body, trailer) = dechunked(&body);
    assert!(is_the_answer(&body) && end == End::Silent);
    assert_eq!(trailer.as_deref(), Some(&b"X-Trailer: end\r\n\r\n"[..]));

    let (bytes, end) = by_number(&sandbox, Fault::ChunkedWithLength);
    let (head, body) = parts(&bytes);
    assert_eq!((promised(&head), end), (Some(7), End::Silent));
    assert!(is_the_answer(&dechunked(&body).0));

    let (bytes, end) = by_number(&sandbox, Fault::ChunkedCut);
    let (body, trailer) = dechunked(&parts(&bytes).1);
    assert!(is_the_answer(&body) && trailer.is_none() && end == End::Clean);
}

#[test]
fn one_byte_at_a_time_is_one_record_each() {
    let sandbox = sandbox();
    let mut connection = Connection::open(&sandbox);
    connection.send_text(&numbers::for_fault(Fault::ByteByByte).unwrap());
    let answer = connection.read_answer();
    assert!(is_the_answer(&answer.body));
    // One byte, its content type and its authentication tag.
    let single = connection
        .record_sizes()
        .iter()
        .filter(|size| **size == 1 + 1 + 16)
        .count();
    assert_eq!(single, answer.head.len() + answer.body.len());
}

#[test]
fn lengths_lie() {
    let sandbox = sandbox();
    for (fault, difference, expected) in [
        (Fault::LengthTooLong, 10, End::Silent),
        (Fault::LengthTooShort, -10, End::Silent),
    ] {
        let (bytes, end) = by_number(&sandbox, fault);
        let (head, body) = parts(&bytes);
        assert!(is_the_answer(&body), "{fault}");
        assert_eq!(
            promised(&head),
            body.len().checked_add_signed(difference),
            "{fault}"
        );
        assert_eq!(end, expected, "{fault}");
    }
    let (bytes, end) = by_number(&sandbox, Fault::LengthMissing);
    let (head, body) = parts(&bytes);
    assert!(promised(&head).is_none() && is_the_answer(&body) && end == End::Clean);
    let (bytes, end) = by_number(&sandbox, Fault::LengthInvalid);
    let (head, body) = parts(&bytes);
    assert!(head.contains("Content-Length: many\r\n") && is_the_answer(&body) && end == End::Clean);
}

#[test]
fn interim_answers_come_first() {
    let sandbox = sandbox();
    for (fault, start, count) in [
        (Fault::Continue100, "HTTP/1.1 100 Continue\r\n\r\n", 2),
        (
            Fault::EarlyHints103,
            "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
            1,
        ),
    ] {
        let (bytes, _) = by_number(&sandbox, fault);
        let rest = bytes
            .strip_prefix(start.repeat(count).as_bytes())
            .unwrap_or_else(|| panic!("{fault}"));
        let (head, body) = parts(rest);
        assert!(
            head.starts_with("HTTP/1.1 200 OK\r\n") && is_the_answer(&body),
            "{fault}"
        );
    }
}

#[test]
fn other_pages_than_the_apis() {
    let sandbox = sandbox();
    for (fault, status, start) in [
        (Fault::Html502, "502 Bad Gateway", "<html>"),
        (Fault::Html504, "504 Gateway Time-out", "<html>"),
        (Fault::Html200, "200 OK", "<html>"),
        (Fault::Empty503, "503 Service Unavailable", ""),
        (Fault::Empty200, "200 OK", ""),
        (Fault::Redirect302, "302 Found", ""),
    ] {
        let (head, body) = answer_by_number(&sandbox, fault);
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{fault}: {head}"
        );
        assert_eq!(
            (promised(&head), body.starts_with(start.as_bytes())),
            (Some(body.len()), true),
            "{fault}"
        );
        assert_eq!(body.is_empty(), start.is_empty(), "{fault}");
    }
    assert!(
        answer_by_number(&sandbox, Fault::Redirect302)
            .0
            .contains("Location: https://login.example/\r\n")
    );
    let (bytes, end) = by_number(&sandbox, Fault::Garbage);
    assert!(
        !bytes.is_empty() && !bytes.windows(4).any(|four| four == b"HTTP") && end == End::Clean
    );
}

#[test]
fn large_answers() {
    let sandbox = sandbox();
    let (head, body) = answer_by_number(&sandbox, Fault::HugeBody);
    assert!(body.len() > 100_000 && promised(&head) == Some(body.len()) && is_the_answer(&body));
    let (head, body) = answer_by_number(&sandbox, Fault::HugeHead);
    assert_eq!(head.lines().filter(|line| line.contains(": ")).count(), 100);
    assert!(head.len() > 8_000 && is_the_answer(&body));
}

#[test]
fn json_that_is_none() {
    let sandbox = sandbox();
    let body = |fault| {
        let (head, body) = answer_by_number(&sandbox, fault);
        assert_eq!(promised(&head), Some(body.len()), "{fault}");
        body
    };
    assert!(std::str::from_utf8(&body(Fault::InvalidUtf8)).is_err());
    let deep = body(Fault::DeepJson);
    assert!(
        deep.windows(5_000)
            .any(|part| part.iter().all(|byte| *byte == b'['))
    );
    let cut = body(Fault::CutJson);
    assert!(!is_the_answer(&cut) && is_the_answer(&[&cut, &b"}"[..]].concat()));
    let tail = body(Fault::JsonTail);
    assert!(
        !is_the_answer(&tail) && is_the_answer(tail.split(|byte| *byte == b'\n').next().unwrap())
    );
}

#[test]
fn connections_end_after_the_answer_announced_or_not() {
    let sandbox = sandbox();
    for (fault, announced, expected) in [
        (Fault::CloseAnnounced, true, End::Clean),
        (Fault::CloseUnannounced, false, End::Clean),
        (Fault::ResetAfterAnswer, false, End::Reset),
    ] {
        let (bytes, end) = by_number(&sandbox, fault);
        let (head, body) = parts(&bytes);
        assert!(is_the_answer(&body), "{fault}");
        assert_eq!(
            (head.contains("Connection: close\r\n"), end),
            (announced, expected),
            "{fault}"
        );
    }
}

#[test]
fn a_slow_answer_comes_in_the_end() {
    let sandbox = sandbox();
    let begun = std::time::Instant::now();
    let (bytes, end) = by_number(&sandbox, Fault::SlowAnswer);
    assert!(is_the_answer(&parts(&bytes).1) && end == End::Silent);
    assert!(begun.elapsed() > Duration::from_secs(1));
}

#[test]
fn before_the_request_is_taken_nothing_is_recorded() {
    for (fault, expected) in [
        (Fault::ResetBeforeRequest, End::Reset),
        (Fault::CloseBeforeRequest, End::Clean),
        (Fault::StallBeforeRequest, End::Silent),
    ] {
        let sandbox = sandbox();
        sandbox.set_fault_for(fault, 1);
        let mut connection = Connection::open(&sandbox);
        connection.send_text(NOBODY);
        assert_eq!(connection.read_to_end(), (Vec::new(), expected), "{fault}");
        assert!(sandbox.messages().is_empty(), "{fault}");
        let mut next = Connection::open(&sandbox);
        next.send_text(NOBODY);
        assert_eq!(next.read_answer().status, 200, "{fault} is used up");
    }
}

#[test]
fn a_reused_connection_can_be_reset_before_its_second_request_is_taken() {
    let sandbox = sandbox();
    let mut connection = Connection::open(&sandbox);
    connection.send_text(NOBODY);
    assert_eq!(connection.read_answer().status, 200);
    sandbox.set_fault_for(Fault::ResetBeforeRequest, 1);
    connection.send_text(NOBODY);
    assert_eq!(connection.read_to_end(), (Vec::new(), End::Reset));
    assert_eq!(sandbox.messages().len(), 1);
}

#[test]
fn a_connection_that_a_fault_left_open_serves_more_requests() {
    let sandbox = sandbox();
    let mut connection = Connection::open(&sandbox);
    for fault in [Fault::Empty503, Fault::ByteByByte, Fault::HugeHead] {
        connection.send_text(&numbers::for_fault(fault).unwrap());
        connection.read_answer();
        connection.send_text(NOBODY);
        assert!(is_the_answer(&connection.read_answer().body), "{fault}");
    }
    assert!(
        sandbox
            .messages()
            .iter()
            .all(|received| received.connection == 1)
    );
}

#[test]
fn handshakes_fail_before_a_request_can_leave() {
    for (fault, expected) in [
        (Fault::RefuseHandshake, io::ErrorKind::InvalidData),
        (Fault::CloseInHandshake, io::ErrorKind::UnexpectedEof),
        (Fault::ResetInHandshake, io::ErrorKind::ConnectionReset),
        (Fault::StallInHandshake, io::ErrorKind::WouldBlock),
    ] {
        let sandbox = sandbox();
        sandbox.set_fault_for(fault, 1);
        let config = client_config(&sandbox, rustls::crypto::ring::default_provider());
        let error = Connection::try_open(&sandbox, "localhost", config)
            .err()
            .unwrap();
        assert_eq!(error.kind(), expected, "{fault}: {error}");
        assert_eq!(sandbox.connections().secured, 0);
        Connection::open(&sandbox);
    }
}

#[test]
fn faults_hit_status_queries_too() {
    let sandbox = sandbox();
    sandbox.set_fault_for(Fault::Html502, 1);
    let answer = exchange(
        &sandbox,
        &raw(
            "GET",
            "/api/v1/demo/messages/x/status",
            &headers(xobito_sandbox::DEFAULT_TOKEN),
            b"",
        ),
    );
    assert_eq!(answer.status, 502);
    assert!(!sandbox.messages()[0].accepted);
}

#[test]
fn clear_text_is_not_answered() {
    let sandbox = sandbox();
    let mut tcp = TcpStream::connect(sandbox.addr()).unwrap();
    tcp.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    // An alert or a reset, never HTTP.
    let _ = tcp.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
}
