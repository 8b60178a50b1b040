//! Every fault on the wire: what the client says is never more than what is true.

use std::thread;
use std::time::Instant;

use xobito_sandbox::{Fault, Phase};
use xobito_std::Outcome;

use crate::{ADA, LATE, PATIENCE, SHORT, builder, gone_out, sandbox, text};

/// The outcome's word and cause under a fault.
#[allow(clippy::match_same_arms)] // In the order of the sandbox's table.
fn expected(fault: Fault) -> (&'static str, Option<&'static str>) {
    let accepted = ("accepted", None);
    let not_sent = |cause| ("not-sent", Some(cause));
    let unknown = |cause| ("unknown", Some(cause));
    match fault {
        Fault::RefuseHandshake | Fault::CloseInHandshake | Fault::ResetInHandshake => {
            not_sent("tls")
        }
        Fault::StallInHandshake => not_sent("timed-out"),

        Fault::ResetBeforeRequest | Fault::CloseBeforeRequest => unknown("connection-lost"),
        Fault::StallBeforeRequest => unknown("timed-out"),

        Fault::ResetBeforeAnswer | Fault::CloseBeforeAnswer => unknown("connection-lost"),
        Fault::StallBeforeAnswer | Fault::StallInHead | Fault::StallInBody => unknown("timed-out"),
        Fault::ResetInHead | Fault::ResetInBody => unknown("connection-lost"),
        Fault::TruncateHead | Fault::TruncateBody | Fault::TruncateWithoutNotify => {
            unknown("connection-lost")
        }

        Fault::Chunked | Fault::ByteByByte => accepted,
        // The HTTP library takes a chunk's line of 20 bytes at most, and with a longer extension it gives up.
        Fault::ChunkedExtensions => unknown("malformed-http"),
        // The JSON is whole and says so; that HTTP's framing is not changes nothing about the message.
        Fault::ChunkedCut | Fault::LengthTooLong | Fault::LengthMissing => accepted,
        Fault::LengthTooShort => unknown("malformed-json"),
        Fault::LengthInvalid => unknown("malformed-http"),
        Fault::Continue100 | Fault::EarlyHints103 => accepted,

        Fault::Html502 | Fault::Empty503 | Fault::Html504 => unknown("gateway-error"),
        Fault::Html200 | Fault::Empty200 => unknown("malformed-json"),
        Fault::Redirect302 => ("rejected", Some("redirected")),
        Fault::HugeBody | Fault::HugeHead => accepted,
        Fault::Garbage => unknown("malformed-http"),
        Fault::InvalidUtf8 | Fault::DeepJson | Fault::CutJson | Fault::JsonTail => {
            unknown("malformed-json")
        }

        Fault::CloseAnnounced | Fault::CloseUnannounced | Fault::ResetAfterAnswer => accepted,
        Fault::ChunkedWithLength => accepted,
        Fault::SlowAnswer => unknown("timed-out"),
    }
}

/// Whether it takes a deadline to end it.
fn is_endless(fault: Fault) -> bool {
    fault.name().starts_with("stall") || matches!(fault, Fault::LengthTooLong | Fault::SlowAnswer)
}

#[test]
fn under_each_fault_the_outcome_is_the_right_one_and_true() {
    let sandbox = sandbox();
    for &fault in Fault::ALL {
        sandbox.clear();
        let timeout = if is_endless(fault) { SHORT } else { PATIENCE };
        let client = builder(&sandbox).timeout(timeout).build().unwrap();
        sandbox.set_fault_for(fault, 1);
        let began = Instant::now();
        let outcome = text(&client, ADA);
        assert!(
            began.elapsed() < timeout + LATE,
            "{fault} took {:?}",
            began.elapsed()
        );
        assert_eq!(
            (outcome.word(), outcome.cause()),
            expected(fault),
            "{fault}"
        );

        let (received, went_out) = (sandbox.messages().len(), gone_out(&sandbox));
        match outcome {
            Outcome::Accepted(_) => assert_eq!((received, went_out), (1, 1), "{fault}"),
            Outcome::NotSent(_) => assert_eq!(received, 0, "{fault}"),
            Outcome::Rejected(_) => assert_eq!(went_out, 0, "{fault}"),
            Outcome::Unknown(_) => assert!(received <= 1, "{fault}"),
        }
        assert_eq!(
            fault.phase() == Phase::Handshake,
            outcome.word() == "not-sent",
            "{fault}"
        );

        // Whatever happened to the connection, the next message arrives, once. A connection that is closed in the very
        // moment of its reuse could only be told apart by repeating the request, hence the time to notice.
        if matches!(fault, Fault::CloseUnannounced | Fault::ResetAfterAnswer) {
            thread::sleep(SHORT);
        }
        assert_eq!(text(&client, ADA).word(), "accepted", "after {fault}");
        assert_eq!(gone_out(&sandbox), went_out + 1, "after {fault}");
    }
}

#[test]
fn a_query_under_a_fault_may_be_asked_again() {
    use xobito_std::core::{MessageId, Retry};
    let sandbox = sandbox();
    let client = builder(&sandbox).build().unwrap();
    sandbox.set_fault_for(Fault::ResetBeforeAnswer, 1);
    let outcome = client.status(&MessageId::new("wamid.x").unwrap());
    assert_eq!((outcome.word(), outcome.retry()), ("unknown", Retry::Now));
}
