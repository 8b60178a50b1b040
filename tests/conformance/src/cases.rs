//! The table: what provokes it, what the client must make of it, and what is true.

use std::fmt;

use xobito_sandbox::Fault;

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What provokes it.
    pub trigger: Trigger,
    /// The outcome's word.
    pub word: &'static str,
    /// The outcome's cause.
    pub cause: Option<&'static str>,
    /// The wait that a rejection asks for, in seconds.
    pub retry_after_s: Option<u32>,
    /// Whether the message really went out.
    pub truth: Truth,
    /// Nothing but the client's deadline ends it.
    pub ends_by_deadline: bool,
}

/// What makes the sandbox behave in a certain way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A text to this number.
    Number(&'static str),
    /// A fault on the wire, for one request or connection.
    Fault(Fault),
    /// A template that does not exist.
    UnknownTemplate,
}

/// Whether the message went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It did.
    Sent,
    /// It did not.
    NotSent,
}

use Truth::{NotSent, Sent};

const fn accepted(trigger: Trigger) -> Case {
    Case {
        trigger,
        word: "accepted",
        cause: None,
        retry_after_s: None,
        truth: Sent,
        ends_by_deadline: false,
    }
}

const fn rejected(trigger: Trigger, cause: &'static str) -> Case {
    Case {
        word: "rejected",
        cause: Some(cause),
        truth: NotSent,
        ..accepted(trigger)
    }
}

const fn not_sent(fault: Fault, cause: &'static str) -> Case {
    Case {
        word: "not-sent",
        ..rejected(Trigger::Fault(fault), cause)
    }
}

const fn unknown(trigger: Trigger, cause: &'static str, truth: Truth) -> Case {
    Case {
        word: "unknown",
        truth,
        ..rejected(trigger, cause)
    }
}

const fn by_deadline(case: Case) -> Case {
    Case {
        ends_by_deadline: true,
        ..case
    }
}

const fn after(case: Case, seconds: u32) -> Case {
    Case {
        retry_after_s: Some(seconds),
        ..case
    }
}

const fn to(number: &'static str) -> Trigger {
    Trigger::Number(number)
}

const fn at(fault: Fault) -> Trigger {
    Trigger::Fault(fault)
}

/// Every row. A test makes sure that it leaves out no fault and no magic number that answers differently.
pub const CASES: &[Case] = &[
    // The API's answers.
    accepted(to("+12025550100")),
    accepted(to("+12025550130")),
    accepted(to("+12025550134")),
    unknown(to("+12025550131"), "missing-id", Sent),
    unknown(to("+12025550133"), "missing-id", Sent),
    rejected(to("+12025550111"), "window-closed"),
    rejected(to("+12025550120"), "server-error"),
    Case {
        truth: Sent,
        ..rejected(to("+12025550121"), "server-error")
    },
    after(rejected(to("+12025550122"), "rate-limited"), 45),
    after(rejected(to("+12025550123"), "rate-limited"), 45),
    after(rejected(to("+12025550124"), "rate-limited"), 45),
    rejected(to("+12025550125"), "rate-limited"),
    rejected(to("+12025550126"), "ability"),
    rejected(to("+12025550127"), "token"),
    rejected(to("+12025550128"), "not-found"),
    rejected(to("+12025550129"), "bad-request"),
    rejected(to("+12025550132"), "api-error"),
    rejected(Trigger::UnknownTemplate, "validation"),
    // Before a byte of the request left.
    not_sent(Fault::RefuseHandshake, "tls"),
    not_sent(Fault::CloseInHandshake, "tls"),
    not_sent(Fault::ResetInHandshake, "tls"),
    by_deadline(not_sent(Fault::StallInHandshake, "timed-out")),
    // The request left, and the connection broke.
    unknown(at(Fault::ResetBeforeRequest), "connection-lost", NotSent),
    unknown(at(Fault::CloseBeforeRequest), "connection-lost", NotSent),
    by_deadline(unknown(at(Fault::StallBeforeRequest), "timed-out", NotSent)),
    unknown(at(Fault::ResetBeforeAnswer), "connection-lost", Sent),
    unknown(at(Fault::CloseBeforeAnswer), "connection-lost", Sent),
    by_deadline(unknown(at(Fault::StallBeforeAnswer), "timed-out", Sent)),
    unknown(at(Fault::ResetInHead), "connection-lost", Sent),
    unknown(at(Fault::ResetInBody), "connection-lost", Sent),
    by_deadline(unknown(at(Fault::StallInHead), "timed-out", Sent)),
    by_deadline(unknown(at(Fault::StallInBody), "timed-out", Sent)),
    unknown(at(Fault::TruncateHead), "connection-lost", Sent),
    unknown(at(Fault::TruncateBody), "connection-lost", Sent),
    unknown(at(Fault::TruncateWithoutNotify), "connection-lost", Sent),
    // The answer came in an unusual frame.
    accepted(at(Fault::Chunked)),
    accepted(at(Fault::ChunkedExtensions)),
    accepted(at(Fault::ChunkedWithLength)),
    // The JSON is whole, only the last chunk is missing.
    accepted(at(Fault::ChunkedCut)),
    accepted(at(Fault::ByteByByte)),
    accepted(at(Fault::SlowAnswer)),
    // The JSON is whole, only what was promised beyond it is missing.
    by_deadline(accepted(at(Fault::LengthTooLong))),
    unknown(at(Fault::LengthTooShort), "malformed-json", Sent),
    accepted(at(Fault::LengthMissing)),
    unknown(at(Fault::LengthInvalid), "malformed-http", Sent),
    accepted(at(Fault::Continue100)),
    accepted(at(Fault::EarlyHints103)),
    accepted(at(Fault::HugeBody)),
    accepted(at(Fault::HugeHead)),
    accepted(at(Fault::CloseAnnounced)),
    accepted(at(Fault::CloseUnannounced)),
    accepted(at(Fault::ResetAfterAnswer)),
    // Something else came than the API's answer.
    unknown(at(Fault::Html502), "gateway-error", Sent),
    unknown(at(Fault::Empty503), "gateway-error", NotSent),
    unknown(at(Fault::Html504), "gateway-error", Sent),
    unknown(at(Fault::Html200), "malformed-json", Sent),
    rejected(at(Fault::Redirect302), "redirected"),
    unknown(at(Fault::Garbage), "malformed-http", Sent),
    unknown(at(Fault::InvalidUtf8), "malformed-json", Sent),
    unknown(at(Fault::DeepJson), "malformed-json", Sent),
    unknown(at(Fault::CutJson), "malformed-json", Sent),
    unknown(at(Fault::Empty200), "malformed-json", Sent),
    unknown(at(Fault::JsonTail), "malformed-json", Sent),
];

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "text to {number}"),
            Self::Fault(fault) => write!(f, "fault {fault}"),
            Self::UnknownTemplate => f.write_str("template that does not exist"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CASES, Trigger};
    use xobito_sandbox::Fault;
    use xobito_sandbox::numbers::{self, Behaviour};

    #[test]
    fn every_fault_has_exactly_one_row() {
        for fault in Fault::ALL {
            let rows = CASES
                .iter()
                .filter(|case| case.trigger == Trigger::Fault(*fault))
                .count();
            assert_eq!(rows, 1, "{fault}");
        }
    }

    #[test]
    fn every_number_that_answers_differently_has_a_row() {
        for magic in numbers::all() {
            let differs = matches!(
                magic.behaviour,
                Behaviour::WindowClosed
                    | Behaviour::Refused(_)
                    | Behaviour::ErrorThoughSent
                    | Behaviour::Shape(_)
            );
            let has_row = CASES.iter().any(|case| match case.trigger {
                Trigger::Number(number) => number == magic.number,
                _ => false,
            });
            assert!(has_row || !differs, "{}: {}", magic.number, magic.about);
        }
    }

    #[test]
    fn the_truth_is_the_sandbox_s_own() {
        for case in CASES {
            if let Trigger::Fault(fault) = case.trigger {
                let sent = case.truth == super::Truth::Sent;
                assert_eq!(fault.takes_request(), sent, "{fault}");
            }
        }
    }
}
