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

/// The steps of a fault that strikes before the request is taken.
pub(crate) fn before_request(fault: Fault) -> Vec<Step> {
    match fault {
        Fault::ResetBeforeRequest => vec![Step::Reset],
        Fault::CloseBeforeRequest => vec![Step::Close],
        _ => vec![Step::Stall],
    }
}

/// The steps of a fault that strikes at the answer.
pub(crate) fn for_answer(fault: Fault, answer: Rendered) -> Vec<Step> {
    let length = answer.body.len();
    let framed = |promised: usize| head(&answer, &format!("Content-Length: {promised}\r\n"));
    let whole = || [framed(length), answer.body.clone()].concat();
    match fault {
        Fault::ResetBeforeAnswer => vec![Step::Reset],
        Fault::CloseBeforeAnswer => vec![Step::Close],
        Fault::ResetInHead => vec![first_part(framed(length)), Step::Pause(SETTLE), Step::Reset],
        Fault::ResetInBody => vec![
            Step::Send(framed(length)),
            first_part(answer.body),
            Step::Pause(SETTLE),
            Step::Reset,
        ],
        Fault::StallInHead => vec![first_part(framed(length)), Step::Stall],
        Fault::StallInBody => vec![Step::Send(framed(length)), first_part(answer.body), Step::Stall],
        Fault::TruncateHead => vec![first_part(framed(length)), Step::Close],
        Fault::TruncateBody => vec![Step::Send(framed(length)), first_part(answer.body), Step::Close],
        Fault::TruncateWithoutNotify => {
            vec![Step::Send(framed(length)), first_part(answer.body), Step::Cut]
        }
        Fault::Chunked => vec![
            Step::Send(head(&answer, "Transfer-Encoding: chunked\r\n")),
            Step::Send([chunks(&answer.body, ""), b"0\r\n\r\n".to_vec()].concat()),
        ],
        Fault::ChunkedExtensions => vec![
            Step::Send(head(&answer, "Transfer-Encoding: Chunked\r\n")),
            Step::Send(
                [
                    chunks(&answer.body, ";part=1;note=\"a; b\""),
                    b"0;last\r\nX-Trailer: end\r\n\r\n".to_vec(),
                ]
                .concat(),
            ),
        ],
        Fault::ChunkedCut => vec![
            Step::Send(head(&answer, "Transfer-Encoding: chunked\r\n")),
            Step::Send(chunks(&answer.body, "")),
            Step::Close,
        ],
        Fault::ByteByByte => vec![Step::SendInRecords(whole(), 1)],
        Fault::LengthTooLong => vec![Step::Send(framed(length + 10)), Step::Send(answer.body), Step::Stall],
        Fault::LengthTooShort => vec![
            Step::Send(framed(length.saturating_sub(10))),
            Step::Send(answer.body),
            Step::Pause(SETTLE),
            Step::Close,
        ],
        Fault::LengthMissing => vec![
            Step::Send(head(&answer, "Connection: close\r\n")),
            Step::Send(answer.body),
            Step::Close,
        ],
        Fault::LengthInvalid => vec![
            Step::Send(head(&answer, "Content-Length: many\r\n")),
            Step::Send(answer.body),
            Step::Close,
        ],
        Fault::Continue100 => vec![
            Step::Send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n".to_vec()),
            Step::Send(whole()),
        ],
        Fault::EarlyHints103 => vec![
            Step::Send(
                b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Length: 7\r\n\r\n".to_vec(),
            ),
            Step::Send(whole()),
        ],
        Fault::Html502 => vec![html("502 Bad Gateway")],
        Fault::Html504 => vec![html("504 Gateway Time-out")],
        Fault::Html200 => vec![html("200 OK")],
        Fault::Empty503 => vec![Step::Send(
            b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".to_vec(),
        )],
        Fault::Redirect302 => vec![Step::Send(
            b"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
                .to_vec(),
        )],
        Fault::HugeBody => {
            let body = huge(&answer.body);
            vec![Step::Send(head(&answer, &format!("Content-Length: {}\r\n", body.len()))), Step::Send(body)]
        }
        Fault::HugeHead => vec![
            Step::Send(head(&answer, &format!("{}Content-Length: {length}\r\n", many_headers()))),
            Step::Send(answer.body),
        ],
        Fault::Garbage => vec![
            Step::Send(b"\x00\xff\x16\x03SSH-2.0-what\r\n\r\n{]]] 200 OK \xf0\x9f".repeat(20)),
            Step::Close,
        ],
        Fault::InvalidUtf8 => same_length_rules(&answer, invalid_utf8(&answer.body)),
        Fault::DeepJson => same_length_rules(&answer, deep(&answer.body)),
        Fault::CutJson => {
            let cut = answer.body.split_last().map_or(Vec::new(), |(_, rest)| rest.to_vec());
            same_length_rules(&answer, cut)
        }
        Fault::Empty200 => vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec())],
        Fault::JsonTail => same_length_rules(&answer, [answer.body.as_slice(), b"\n{\"status\":\"error\"}"].concat()),
        Fault::CloseAnnounced => vec![
            Step::Send(head(&answer, &format!("Connection: close\r\nContent-Length: {length}\r\n"))),
            Step::Send(answer.body),
            Step::Close,
        ],
        Fault::CloseUnannounced => vec![Step::Send(whole()), Step::Pause(SETTLE), Step::Close],
        Fault::ResetAfterAnswer => vec![Step::Send(whole()), Step::Pause(SETTLE), Step::Reset],
        Fault::SlowAnswer => {
            let mut steps = vec![Step::Send(framed(length))];
            for piece in answer.body.chunks(16) {
                steps.push(Step::Send(piece.to_vec()));
                steps.push(Step::Pause(Duration::from_millis(100)));
            }
            steps
        }
        Fault::StallBeforeAnswer
        | Fault::RefuseHandshake
        | Fault::CloseInHandshake
        | Fault::ResetInHandshake
        | Fault::StallInHandshake
        | Fault::ResetBeforeRequest
        | Fault::CloseBeforeRequest
        | Fault::StallBeforeRequest => vec![Step::Stall],
    }
}

/// The head of `answer`, ending with `framing` (whole header lines) and the empty line.
fn head(answer: &Rendered, framing: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    head.push_str(framing);
    head.push_str("\r\n");
    head.into_bytes()
}

fn same_length_rules(answer: &Rendered, body: Vec<u8>) -> Vec<Step> {
    vec![
        Step::Send(head(answer, &format!("Content-Length: {}\r\n", body.len()))),
        Step::Send(body),
    ]
}

/// The first half: enough to look promising, not enough to be anything.
fn first_part(mut bytes: Vec<u8>) -> Step {
    bytes.truncate(bytes.len() / 2);
    Step::Send(bytes)
}

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
    Step::Send(
        format!(
            "HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

/// 98 lines of padding which, with Content-Type and Content-Length, make 100 lines of 8 KB.
fn many_headers() -> String {
    (0..98).fold(String::new(), |lines, n| {
        lines + &format!("X-Padding-{n:02}: {}\r\n", "p".repeat(68))
    })
}

/// The answer's own members between long unknown ones, 100 KB in all. Its bytes are spliced, not parsed, so that
/// escapes and the order of keys stay as they were.
fn huge(body: &[u8]) -> Vec<u8> {
    let members = object_members(body);
    let long = "\\ud83d\\ude80 \\/ long echo ".repeat(1_000);
    let nested = "[".repeat(6) + "{\"k\":[1,-2.5e3,true,null]}" + &"]".repeat(6);
    let list = format!("[{}{nested}]", format!("{nested},").repeat(1_300));
    [
        format!("{{\"echo\":\"{long}\",\"debug\":{list},").as_bytes(),
        members,
        format!(",\"after\":\"{}\"}}", "x".repeat(20_000)).as_bytes(),
    ]
    .concat()
}

fn deep(body: &[u8]) -> Vec<u8> {
    let nested = "[".repeat(5_000) + &"]".repeat(5_000);
    [
        format!("{{\"deep\":{nested},").as_bytes(),
        object_members(body),
        b"}",
    ]
    .concat()
}

fn invalid_utf8(body: &[u8]) -> Vec<u8> {
    [
        b"{\"echo\":\"caf\xe9 \xed\xa0\x80\",".as_slice(),
        object_members(body),
        b"}",
    ]
    .concat()
}

/// What stands between the braces of a JSON object, which every answer of the API is.
fn object_members(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"{")
        .and_then(|rest| rest.strip_suffix(b"}"))
        .unwrap_or(b"\"body\":null")
}
