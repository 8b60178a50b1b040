//! What a fault writes instead of the HTTP server: a plan of raw steps, made here and carried out by `connection`.

use std::time::Duration;

use crate::faults::Fault;

/// A finished answer that the API gave and that a fault is about to spoil.
pub(crate) struct Rendered {
    pub(crate) status: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// One step on an established TLS connection. A plan without an ending leaves the connection open for more requests.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Written at once, in as few TLS records as possible.
    Send(Vec<u8>),
    /// Written in TLS records of this many bytes.
    SendInRecords(Vec<u8>, usize),
    Pause(Duration),
    /// Silence until the client goes away.
    Stall,
    /// TLS `close_notify`, then FIN.
    Close,
    /// FIN alone.
    Cut,
    /// RST.
    Reset,
}

/// Long enough for what was sent to be read before a reset discards it.
const SETTLE: Duration = Duration::from_millis(30);
const DRIP: Duration = Duration::from_millis(100);
const HEADER_LINES: usize = 100;
const DEEP: usize = 5_000;

/// The steps of a fault that strikes before the request is taken.
pub(crate) fn before_request(fault: Fault) -> Vec<Step> {
    match fault {
        Fault::ResetBeforeRequest => vec![Step::Reset],
        Fault::CloseBeforeRequest => vec![Step::Close],
        _ => vec![Step::Stall],
    }
}

/// The steps of a fault that strikes at the answer.
pub(crate) fn for_answer(fault: Fault, answer: &Rendered) -> Vec<Step> {
    ended_early(fault, answer)
        .or_else(|| framed_otherwise(fault, answer))
        .or_else(|| other_page(fault))
        .or_else(|| other_content(fault, answer))
        .unwrap_or_else(|| vec![Step::Stall])
}

/// The right answer, or a part of it, and then the connection's end.
fn ended_early(fault: Fault, answer: &Rendered) -> Option<Vec<Step>> {
    let head = Step::Send(answer.head_with_length(answer.body.len()));
    let half_head = half(&answer.head_with_length(answer.body.len()));
    let half_body = half(&answer.body);
    let whole = Step::Send(answer.whole());
    let pause = Step::Pause(SETTLE);
    Some(match fault {
        Fault::ResetBeforeAnswer => vec![Step::Reset],
        Fault::CloseBeforeAnswer => vec![Step::Close],
        Fault::ResetInHead => vec![half_head, pause, Step::Reset],
        Fault::StallInHead => vec![half_head, Step::Stall],
        Fault::TruncateHead => vec![half_head, Step::Close],
        Fault::ResetInBody => vec![head, half_body, pause, Step::Reset],
        Fault::StallInBody => vec![head, half_body, Step::Stall],
        Fault::TruncateBody => vec![head, half_body, Step::Close],
        Fault::TruncateWithoutNotify => vec![head, half_body, Step::Cut],
        Fault::CloseAnnounced => vec![
            Step::Send(answer.head(&format!(
                "Connection: close\r\nContent-Length: {}\r\n",
                answer.body.len()
            ))),
            Step::Send(answer.body.clone()),
            Step::Close,
        ],
        Fault::CloseUnannounced => vec![whole, pause, Step::Close],
        Fault::ResetAfterAnswer => vec![whole, pause, Step::Reset],
        _ => return None,
    })
}

/// The right answer in unusual framing.
fn framed_otherwise(fault: Fault, answer: &Rendered) -> Option<Vec<Step>> {
    let length = answer.body.len();
    let body = Step::Send(answer.body.clone());
    let with_framing = |framing: &str| Step::Send(answer.head(framing));
    let chunked = "Transfer-Encoding: chunked\r\n";
    Some(match fault {
        Fault::Chunked => {
            vec![
                with_framing(chunked),
                Step::Send([&chunks(&answer.body, ""), LAST_CHUNK].concat()),
            ]
        }
        Fault::ChunkedExtensions => vec![
            with_framing("Transfer-Encoding: Chunked\r\n"),
            Step::Send(chunks(&answer.body, ";part=1;note=\"a; b\"")),
            Step::Send(b"0;last\r\nX-Trailer: end\r\n\r\n".to_vec()),
        ],
        Fault::ChunkedWithLength => vec![
            with_framing("Content-Length: 7\r\nTransfer-Encoding: chunked\r\n"),
            Step::Send([&chunks(&answer.body, ""), LAST_CHUNK].concat()),
        ],
        Fault::ChunkedCut => vec![
            with_framing(chunked),
            Step::Send(chunks(&answer.body, "")),
            Step::Close,
        ],
        Fault::ByteByByte => vec![Step::SendInRecords(answer.whole(), 1)],
        Fault::SlowAnswer => {
            let pieces = answer
                .body
                .chunks(16)
                .flat_map(|piece| [Step::Pause(DRIP), Step::Send(piece.to_vec())]);
            std::iter::once(Step::Send(answer.head_with_length(length)))
                .chain(pieces)
                .collect()
        }
        Fault::LengthTooLong => vec![
            Step::Send(answer.head_with_length(length + 10)),
            body,
            Step::Stall,
        ],
        Fault::LengthTooShort => vec![
            Step::Send(answer.head_with_length(length.saturating_sub(10))),
            body,
        ],
        Fault::LengthMissing => vec![with_framing("Connection: close\r\n"), body, Step::Close],
        Fault::LengthInvalid => vec![with_framing("Content-Length: many\r\n"), body, Step::Close],
        Fault::Continue100 => {
            vec![
                Step::Send(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(2)),
                Step::Send(answer.whole()),
            ]
        }
        Fault::EarlyHints103 => vec![
            Step::Send(
                b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n".to_vec(),
            ),
            Step::Send(answer.whole()),
        ],
        Fault::HugeHead => {
            // One line is Content-Length's.
            let padding = many_headers(HEADER_LINES.saturating_sub(answer.headers.len() + 1));
            vec![
                with_framing(&format!("{padding}Content-Length: {length}\r\n")),
                body,
            ]
        }
        _ => return None,
    })
}

/// Something else than the API's answer.
fn other_page(fault: Fault) -> Option<Vec<Step>> {
    Some(match fault {
        Fault::Html502 => vec![html("502 Bad Gateway")],
        Fault::Html504 => vec![html("504 Gateway Time-out")],
        Fault::Html200 => vec![html("200 OK")],
        Fault::Empty503 => vec![empty("503 Service Unavailable", "")],
        Fault::Empty200 => vec![empty("200 OK", "")],
        Fault::Redirect302 => vec![empty("302 Found", "Location: https://login.example/\r\n")],
        Fault::Garbage => {
            vec![
                Step::Send(b"\x00\xff\x16\x03SSH-2.0-what\r\n\r\n{]]] 200 OK \xf0\x9f".repeat(20)),
                Step::Close,
            ]
        }
        _ => return None,
    })
}

/// The API's answer with other JSON in it. Bytes are spliced, not parsed, so that escapes and order stay as they were.
fn other_content(fault: Fault, answer: &Rendered) -> Option<Vec<Step>> {
    let members = object_members(&answer.body);
    let body = match fault {
        Fault::HugeBody => huge(members),
        Fault::InvalidUtf8 => [
            b"{\"echo\":\"caf\xe9 \xed\xa0\x80\",".as_slice(),
            members,
            b"}",
        ]
        .concat(),
        Fault::DeepJson => {
            let nested = "[".repeat(DEEP) + &"]".repeat(DEEP);
            [format!("{{\"deep\":{nested},").as_bytes(), members, b"}"].concat()
        }
        Fault::CutJson => answer.body.split_last()?.1.to_vec(),
        Fault::JsonTail => [answer.body.as_slice(), b"\n{\"status\":\"error\"}"].concat(),
        _ => return None,
    };
    Some(vec![
        Step::Send(answer.head_with_length(body.len())),
        Step::Send(body),
    ])
}

impl Rendered {
    /// The head, ending with `framing` (whole header lines) and the empty line.
    fn head(&self, framing: &str) -> Vec<u8> {
        let lines: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let lines = lines.concat();
        format!("HTTP/1.1 {}\r\n{lines}{framing}\r\n", self.status).into_bytes()
    }

    fn head_with_length(&self, length: usize) -> Vec<u8> {
        self.head(&format!("Content-Length: {length}\r\n"))
    }

    fn whole(&self) -> Vec<u8> {
        [self.head_with_length(self.body.len()), self.body.clone()].concat()
    }
}

/// The first half: enough to look promising, not enough to be anything.
fn half(bytes: &[u8]) -> Step {
    Step::Send(bytes.split_at(bytes.len() / 2).0.to_vec())
}

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Chunks of growing sizes, so that boundaries fall everywhere; the last chunk is left to the caller.
fn chunks(body: &[u8], extension: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    let mut size = 1;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        out.extend_from_slice(format!("{:x}{extension}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
        rest = after;
        size = size % 64 + 1;
    }
    out
}

fn html(status: &str) -> Step {
    let body = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n"
    );
    Step::Send((head + &body).into_bytes())
}

fn empty(status: &str, header: &str) -> Step {
    Step::Send(format!("HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\n\r\n").into_bytes())
}

/// Lines that make a head of 8 KB together with an answer's own.
fn many_headers(lines: usize) -> String {
    let filler = "p".repeat(70);
    (0..lines)
        .map(|number| format!("X-Padding-{number:02}: {filler}\r\n"))
        .collect::<Vec<_>>()
        .concat()
}

/// The answer's own members between long unknown ones, 100 KB in all.
fn huge(members: &[u8]) -> Vec<u8> {
    let echo = "\\ud83d\\ude80 \\/ long echo ".repeat(1_000);
    let nested = "[[[{\"k\":[1,-2.5e3,true,null]}]]]";
    let list = format!("[{}{nested}]", format!("{nested},").repeat(1_500));
    let after = "x".repeat(25_000);
    [
        format!("{{\"echo\":\"{echo}\",\"debug\":{list},").as_bytes(),
        members,
        format!(",\"after\":\"{after}\"}}").as_bytes(),
    ]
    .concat()
}

/// What stands between the braces of a JSON object, which every answer of the API is.
fn object_members(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"{")
        .and_then(|rest| rest.strip_suffix(b"}"))
        .unwrap_or(b"\"body\":null")
}

#[cfg(test)]
mod tests {
    use super::{Rendered, Step, for_answer};
    use crate::faults::{Fault, Phase};

    fn answer() -> Rendered {
        Rendered {
            status: "200 OK".to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: b"{\"status\":\"success\",\"data\":{\"message_id\":\"wamid.x\"}}".to_vec(),
        }
    }

    fn sent(fault: Fault) -> Vec<u8> {
        for_answer(fault, &answer())
            .into_iter()
            .flat_map(|step| match step {
                Step::Send(bytes) | Step::SendInRecords(bytes, _) => bytes,
                _ => Vec::new(),
            })
            .collect()
    }

    #[test]
    fn only_one_fault_at_the_answer_is_plain_silence() {
        let silent: Vec<Fault> = Fault::ALL
            .iter()
            .copied()
            .filter(|fault| {
                fault.phase() == Phase::Answer && for_answer(*fault, &answer()) == [Step::Stall]
            })
            .collect();
        assert_eq!(
            silent,
            [Fault::StallBeforeAnswer],
            "a fault without a plan falls through to silence"
        );
    }

    #[test]
    fn the_huge_head_has_100_lines_and_8_kb() {
        let sent = sent(Fault::HugeHead);
        let head = String::from_utf8(sent).unwrap();
        let head = head.split("\r\n\r\n").next().unwrap();
        assert_eq!(head.lines().count(), 101, "status line and 100 headers");
        assert!((8_000..9_000).contains(&head.len()), "{}", head.len());
    }

    #[test]
    fn the_huge_body_is_100_kb_of_json_that_holds_the_answer() {
        let sent = sent(Fault::HugeBody);
        let body = sent
            .split_at(
                sent.windows(4)
                    .position(|four| four == b"\r\n\r\n")
                    .unwrap()
                    + 4,
            )
            .1;
        assert!((100_000..110_000).contains(&body.len()), "{}", body.len());
        let json: serde_json::Value = serde_json::from_slice(body).unwrap();
        assert_eq!(json["data"]["message_id"], "wamid.x");
    }
}
