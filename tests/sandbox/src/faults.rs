//! Every fault on the wire: one table that the parser, `--help`, the README and the magic numbers are made from.

use std::fmt::{self, Write};
use std::str::FromStr;

/// How far the sandbox gets with a connection before a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Instead of the TLS handshake: no byte of a request can have left the client. Hits any new connection.
    Handshake,
    /// After the request's head, before its body is looked at: the request is neither recorded nor acted upon.
    Request,
    /// After the whole request was read, recorded and (where [`Fault::takes_request`]) acted upon.
    Answer,
}

/// Defines [`Fault`] with everything that is said about each of its values.
macro_rules! faults {
    ($($variant:ident, $name:literal, $phase:ident, $number:expr, $takes:literal, $about:literal;)*) => {
        /// Something that goes wrong on the wire, by choice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault {
            $(#[doc = $about] $variant,)*
        }

        impl Fault {
            /// Every fault, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used on the command line and by `/_sandbox/fault`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence about what happens.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// When it strikes.
            #[must_use]
            pub const fn phase(self) -> Phase {
                match self { $(Self::$variant => Phase::$phase,)* }
            }

            /// Whether the API behind the wire acts upon the request: a valid message is then accepted and goes
            /// out, whatever the client gets to see.
            #[must_use]
            pub const fn takes_request(self) -> bool {
                match self { $(Self::$variant => $takes,)* }
            }

            /// The last two digits of the magic number that provokes it.
            pub(crate) const fn number_suffix(self) -> Option<u8> {
                match self { $(Self::$variant => $number,)* }
            }
        }
    };
}

faults! {
    RefuseHandshake, "refuse-handshake", Handshake, None, false, "TLS alert `handshake_failure` instead of a ServerHello";
    CloseInHandshake, "close-in-handshake", Handshake, None, false, "the connection is closed after the ClientHello";
    ResetInHandshake, "reset-in-handshake", Handshake, None, false, "the connection is reset after the ClientHello";
    StallInHandshake, "stall-in-handshake", Handshake, None, false, "no answer to the ClientHello";

    ResetBeforeRequest, "reset-before-request", Request, None, false, "reset without the request being taken";
    CloseBeforeRequest, "close-before-request", Request, None, false, "closed without the request being taken";
    StallBeforeRequest, "stall-before-request", Request, None, false, "the request is not taken and nothing answered";

    ResetBeforeAnswer, "reset-before-answer", Answer, Some(40), true, "reset after the whole request was read";
    CloseBeforeAnswer, "close-before-answer", Answer, Some(41), true, "closed after the whole request was read";
    StallBeforeAnswer, "stall-before-answer", Answer, Some(42), true, "the request is read, no answer comes";
    ResetInHead, "reset-in-head", Answer, Some(43), true, "reset in the middle of the answer's head";
    ResetInBody, "reset-in-body", Answer, Some(44), true, "reset in the middle of the answer's body";
    StallInHead, "stall-in-head", Answer, Some(45), true, "silence in the middle of the answer's head";
    StallInBody, "stall-in-body", Answer, Some(46), true, "silence in the middle of the answer's body";
    TruncateHead, "truncate-head", Answer, Some(47), true, "closed in the middle of the answer's head";
    TruncateBody, "truncate-body", Answer, Some(48), true, "closed properly in the middle of the answer's body";
    TruncateWithoutNotify, "truncate-without-notify", Answer, Some(49), true, "closed in the middle of the answer's body without a TLS `close_notify`";

    Chunked, "chunked", Answer, Some(50), true, "the answer in chunks of 1 to 64 bytes";
    ChunkedExtensions, "chunked-extensions", Answer, Some(51), true, "chunks with extensions, `Transfer-Encoding: Chunked` with a capital, and a trailer";
    ChunkedCut, "chunked-cut", Answer, Some(52), true, "chunks, and closed before the last one";
    ByteByByte, "byte-by-byte", Answer, Some(53), true, "every byte of the answer in a TLS record of its own";
    LengthTooLong, "length-too-long", Answer, Some(54), true, "Content-Length promises 10 bytes more than come, then silence";
    LengthTooShort, "length-too-short", Answer, Some(55), true, "Content-Length promises 10 bytes less than come; the connection stays open";
    LengthMissing, "length-missing", Answer, Some(56), true, "neither Content-Length nor chunks: the body ends with the connection";
    LengthInvalid, "length-invalid", Answer, Some(57), true, "Content-Length is not a number";
    Continue100, "continue-first", Answer, Some(58), true, "`100 Continue` twice before the answer";
    EarlyHints103, "early-hints-first", Answer, Some(59), true, "`103 Early Hints` with headers of its own before the answer";

    Html502, "html-502", Answer, Some(60), true, "a gateway's HTML page with status 502; the message went out";
    Empty503, "empty-503", Answer, Some(61), false, "status 503 with an empty body; the message did not go out";
    Html504, "html-504", Answer, Some(62), true, "a gateway's HTML page with status 504; the message went out";
    Html200, "html-200", Answer, Some(63), true, "an HTML page with status 200; the message went out";
    Redirect302, "redirect-302", Answer, Some(64), false, "a redirect to another host; the message did not go out";
    HugeBody, "huge-body", Answer, Some(65), true, "an answer of 100 KB: long unknown members, nested 7 deep, before and after the known ones";
    HugeHead, "huge-head", Answer, Some(66), true, "8 KB of headers in 100 lines";
    Garbage, "garbage", Answer, Some(67), true, "bytes that are not HTTP";
    InvalidUtf8, "invalid-utf8", Answer, Some(68), true, "the echo in the JSON is not UTF-8";
    DeepJson, "deep-json", Answer, Some(69), true, "an unknown key holds arrays nested 5,000 deep";
    CutJson, "cut-json", Answer, Some(70), true, "complete HTTP whose JSON ends one byte early";
    Empty200, "empty-200", Answer, Some(71), true, "status 200 with an empty body";
    JsonTail, "json-tail", Answer, Some(72), true, "the answer's JSON is followed by a second document";

    CloseAnnounced, "close-announced", Answer, Some(73), true, "`Connection: close` in the answer, and closed after it";
    CloseUnannounced, "close-unannounced", Answer, Some(74), true, "closed after the answer without saying so";
    ResetAfterAnswer, "reset-after-answer", Answer, Some(75), true, "reset after the answer without saying so";
    ChunkedWithLength, "chunked-with-length", Answer, Some(77), true, "chunks, and a wrong Content-Length beside them";
    SlowAnswer, "slow-answer", Answer, Some(76), true, "the answer's body in pieces of 16 bytes, 100 ms apart";
}

impl Fault {
    /// The table of faults, in Markdown.
    #[must_use]
    pub fn table() -> String {
        let mut table = String::from(
            "| fault | strikes | message goes out | what happens |\n|---|---|---|---|\n",
        );
        for fault in Self::ALL {
            let phase = fault.phase();
            let taken = if fault.takes_request() { "yes" } else { "no" };
            let _ = writeln!(
                table,
                "| `{fault}` | {phase} | {taken} | {} |",
                fault.about()
            );
        }
        table
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Handshake => "in the handshake",
            Self::Request => "before the request is taken",
            Self::Answer => "at the answer",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No fault has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no fault is called `{}`; `--help` and GET /_sandbox/faults list them",
            self.0
        )
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        Self::ALL
            .iter()
            .copied()
            .find(|fault| fault.name() == name)
            .ok_or_else(|| UnknownFault(name.to_owned()))
    }
}
