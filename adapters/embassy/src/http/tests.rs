#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use proptest::prelude::*;

use super::{Event, HEAD_MAX, INTERIM_MAX, MalformedHttp, ResponseReader};

/// All that can be seen of an answer.
#[allow(clippy::struct_excessive_bools)] // They are independent observations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    status: Option<u16>,
    retry_after: Option<String>,
    body: Vec<u8>,
    complete: bool,
    reusable: bool,
    finished: bool,
    malformed: bool,
    rest: usize,
}

/// Reads bytes that come in pieces.
fn read<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Seen {
    let mut reader = ResponseReader::new();
    let mut seen = Seen::default();
    for mut piece in pieces {
        loop {
            match reader.advance(&mut piece) {
                Ok(Some(Event::Head { status })) => {
                    assert_eq!(seen.status, None, "one answer has one head");
                    seen.status = Some(status);
                    seen.retry_after = reader.retry_after().map(ToString::to_string);
                }
                Ok(Some(Event::Body(bytes))) => {
                    assert!(!bytes.is_empty() && seen.status.is_some());
                    seen.body.extend_from_slice(bytes);
                }
                Ok(None) => break,
                Err(MalformedHttp) => {
                    seen.malformed = true;
                    seen.finished = reader.finish().is_ok();
                    return seen;
                }
            }
        }
        assert!(piece.is_empty() || reader.is_complete());
        seen.rest += piece.len();
    }
    seen.complete = reader.is_complete();
    seen.reusable = reader.can_reuse();
    seen.finished = reader.finish().is_ok();
    seen
}

/// Reads a whole answer, and makes sure that one byte at a time brings the same.
fn answer(bytes: impl AsRef<[u8]>) -> Seen {
    let bytes = bytes.as_ref();
    let seen = read([bytes]);
    assert_eq!(read(bytes.chunks(1)), seen);
    seen
}

fn ok_with(headers: &str, body: &str) -> Seen {
    answer(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}"))
}

#[test]
fn a_body_ends_where_its_length_says_whatever_comes_behind_it() {
    let seen = ok_with("Content-Length: 5\r\n", "helloHTTP/1.1");
    assert_eq!(seen.status, Some(200));
    assert_eq!(seen.body, b"hello");
    assert!(seen.complete && seen.reusable);
    assert_eq!(seen.rest, 8, "left for whoever wants to know that it came");
}

#[test]
fn a_body_that_is_shorter_than_promised_is_incomplete() {
    let seen = ok_with("Content-Length: 6\r\n", "hello");
    assert_eq!(seen.body, b"hello");
    assert!(!seen.complete && !seen.finished && !seen.reusable);
}

#[test]
fn without_length_and_chunks_the_body_ends_with_the_connection() {
    let seen = ok_with("Server: x\r\n", "hello");
    assert_eq!(seen.body, b"hello");
    assert!(!seen.complete && seen.finished && !seen.reusable);
}

#[test]
fn some_answers_have_no_body() {
    for (head, reusable) in [
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", true),
        ("HTTP/1.1 304 Not Modified\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true),
        (
            "HTTP/1.1 503\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            false,
        ),
    ] {
        let seen = answer(head);
        assert!(seen.complete && seen.body.is_empty(), "{head}");
        assert_eq!(seen.reusable, reusable, "{head}");
    }
}

#[test]
fn names_and_values_are_understood_in_any_case_folded_and_with_bare_line_feeds() {
    for headers in [
        "CONTENT-LENGTH:5\r\n",
        "content-length: \t 5 \t\r\n",
        "Content-Length:\r\n 5\r\n",
        "Content-Length:\r\n \r\n\t5\r\n \r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 5\r\nX: y\r\nContent-Length: 005\r\n",
        "X-Content-Length: 7\r\nContent-Lengths: 7\r\nContent-Length: 5\n",
    ] {
        let seen = ok_with(headers, "hello");
        assert!(seen.complete && seen.body == b"hello", "{headers:?}");
    }
    let seen = answer("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}");
    assert!(seen.complete && seen.reusable);
}

#[test]
fn chunks_come_with_extensions_trailers_and_in_any_case() {
    for (headers, body) in [
        ("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
        (
            "transfer-encoding: Chunked\r\n",
            "2\r\nhe\r\n3;a=b;c=\"d; e\"\r\nllo\r\n0;last\r\nX-T: end\r\nY:\r\n\r\n",
        ),
        (
            "Transfer-Encoding:CHUNKED\r\n",
            "0005 \t\r\nhello\r\n000\r\n\r\n",
        ),
        ("Transfer-Encoding: chunked\r\n", "5\nhello\n0\n\n"),
    ] {
        let seen = ok_with(headers, body);
        assert!(
            seen.complete && seen.reusable && seen.body == b"hello",
            "{body:?}: {seen:?}"
        );
    }
    let hundred = format!("6A\r\n{}\r\n0\r\n\r\n", "x".repeat(0x6A));
    assert_eq!(
        ok_with("Transfer-Encoding: chunked\r\n", &hundred)
            .body
            .len(),
        0x6A
    );
}

#[test]
fn chunks_beat_a_length_beside_them_and_the_connection_is_not_trusted_any_more() {
    for headers in [
        "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 7\r\n",
    ] {
        let seen = ok_with(headers, "5\r\nhello\r\n0\r\n\r\n");
        assert!(seen.complete && !seen.reusable && seen.body == b"hello");
    }
}

#[test]
fn chunks_that_are_cut_are_incomplete_at_every_place() {
    let body = "5;x\r\nhello\r\n0\r\nT: x\r\n\r\n";
    for end in 0..body.len() {
        let seen = ok_with("Transfer-Encoding: chunked\r\n", &body[..end]);
        assert!(!seen.complete && !seen.finished && !seen.malformed, "{end}");
    }
}

#[test]
fn chunks_that_break_the_grammar_are_malformed() {
    for body in [
        "\r\n",
        ";x\r\n",
        "g\r\n",
        "-1\r\n",
        "0x5\r\nhello",
        "5\r\nhelloX",
        "5\r\nhello\r5\r\n",
        "5\rhello",
        "10000000000000000\r\n",
        "5 ;\x01\r\n",
        "0\r\nT: \x00\r\n\r\n",
    ] {
        assert!(
            ok_with("Transfer-Encoding: chunked\r\n", body).malformed,
            "{body:?}"
        );
    }
    let endless = format!("5;{}", "x".repeat(HEAD_MAX.into()));
    assert!(ok_with("Transfer-Encoding: chunked\r\n", &endless).malformed);
}

#[test]
fn interim_answers_are_skipped_with_their_headers_but_not_for_ever() {
    let interim = "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nRetry-After: 9\r\nConnection: close\r\n\r\n";
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let seen = answer(format!("{}{last}", interim.repeat(INTERIM_MAX.into())));
    assert!(seen.complete && seen.reusable && seen.status == Some(200));
    assert_eq!(seen.retry_after, None);
    let seen = answer(format!(
        "{}{last}",
        interim.repeat(usize::from(INTERIM_MAX) + 1)
    ));
    assert!(seen.malformed);
    assert!(answer("HTTP/1.1 101 Switching Protocols\r\n\r\n").malformed);
}

#[test]
fn a_connection_is_not_reused_after_a_close_in_any_spelling() {
    for headers in [
        "Connection: close\r\n",
        "CONNECTION: Close\r\n",
        "Connection: keep-alive, close\r\n",
        "Connection: upgrade ,close , x\r\n",
        "Connection: keep-alive\r\nConnection: close\r\n",
        "Connection: some-option-that-is-longer-than-anybody-expects, close\r\n",
    ] {
        let seen = ok_with(&format!("Content-Length: 0\r\n{headers}"), "");
        assert!(seen.complete && !seen.reusable, "{headers}");
    }
    for headers in [
        "Connection: keep-alive\r\n",
        "X-Connection: close\r\n",
        "Connection: closed\r\n",
    ] {
        assert!(
            ok_with(&format!("Content-Length: 0\r\n{headers}"), "").reusable,
            "{headers}"
        );
    }
    assert!(!answer("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").reusable);
}

#[test]
fn the_first_retry_after_is_kept_unless_it_is_a_date() {
    let retry = |headers: &str| ok_with(headers, "").retry_after;
    assert_eq!(retry("Retry-After: 45 \r\n").as_deref(), Some("45"));
    assert_eq!(
        retry("retry-after:7\r\nRetry-After: 8\r\n").as_deref(),
        Some("7")
    );
    assert_eq!(
        retry("Retry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\n"),
        None
    );
    assert_eq!(retry("X: y\r\n"), None);
}

#[test]
fn a_head_of_8_kb_in_100_lines_is_read_and_one_without_end_is_not() {
    let lines = format!("X-Padding: {}\r\n", "p".repeat(70)).repeat(99);
    let seen = ok_with(&format!("{lines}Content-Length: 2\r\n"), "{}");
    assert!(seen.complete && seen.reusable);
    assert!(lines.len() > 8_000);
    assert!(ok_with(&"X: y\r\n".repeat(4_000), "").malformed);
}

#[test]
fn what_is_not_http_is_malformed() {
    for head in [
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        "SSH-2.0-x\r\n",
        "HTTP/1.1  200 OK\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 099 What\r\n\r\n",
        "HTTP/1.1 200 O\x00K\r\n",
        "HTTP/1.1 200 OK\r\r\n",
        "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX y: z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\x07b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\rX",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5,6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
    ] {
        let seen = answer(head);
        assert!(seen.malformed && !seen.finished, "{head:?}: {seen:?}");
    }
}

#[test]
fn malformed_stays_malformed() {
    let mut reader = ResponseReader::new();
    assert!(reader.advance(&mut &b"x"[..]).is_err());
    assert!(
        reader
            .advance(&mut &b"HTTP/1.1 200 OK\r\n\r\n"[..])
            .is_err()
    );
    assert!(!reader.can_reuse() && reader.finish().is_err());
}

#[test]
fn it_needs_less_than_200_bytes() {
    let size = size_of::<ResponseReader>();
    assert!(size < 200, "{size}");
}

/// Answers that are nearly right, so that every state is reached.
fn nearly_http() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(
        &[
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 100 C\r\n\r\n",
            "HTTP/1.0 429 X\n",
            "Content-Length: 5\r\n",
            "Content-Length: 12\r\n",
            "Transfer-Encoding: chunked\r\n",
            "transfer-encoding: Chunked\n",
            "Connection: close\r\n",
            "Retry-After: 17\r\n",
            " folded\r\n",
            "X-Y: z\r\n",
            "\r\n",
            "\n",
            "\r",
            "5\r\nhello\r\n",
            "3;x\r\nabc\r\n",
            "0\r\n\r\n",
            "0\r\nT: u\r\n\r\n",
            "hello",
            "a",
            "\x00",
            ":",
            ";",
        ][..],
    );
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| {
        let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
        bytes.extend(pieces.concat().bytes());
        bytes
    })
}

/// Cuts bytes into pieces.
fn split<'b>(bytes: &'b [u8], cuts: &[prop::sample::Index]) -> Vec<&'b [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|ends| &bytes[ends[0]..ends[1]])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_split_brings_the_same(bytes in nearly_http(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let whole = read([&bytes[..]]);
        prop_assert_eq!(read(split(&bytes, &cuts)), whole.clone());
        prop_assert_eq!(read(bytes.chunks(1)), whole);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), prefix in 0_usize..40) {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let mut input = head[..prefix.min(head.len())].to_vec();
        input.extend(bytes);
        let _ = read([&input[..]]);
    }

    #[test]
    fn every_body_comes_through_its_framing(body in prop::collection::vec(any::<u8>(), 0..300), sizes in prop::collection::vec(1_usize..40, 1..8)) {
        let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        let mut rest = &body[..];
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, after) = rest.split_at((*size).min(rest.len()));
            chunked.extend(format!("{:X}\r\n", chunk.len()).bytes());
            chunked.extend(chunk);
            chunked.extend(b"\r\n");
            rest = after;
        }
        chunked.extend(b"0\r\n\r\n");
        let mut counted = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        counted.extend(&body);
        for bytes in [chunked, counted] {
            let seen = read([&bytes[..]]);
            prop_assert!(seen.complete && seen.reusable);
            prop_assert_eq!(&seen.body, &body);
        }
    }
}
