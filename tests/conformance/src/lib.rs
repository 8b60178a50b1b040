//! What every adapter must make of every answer and every fault: one table, held against each adapter over real
//! sockets and real TLS, and against what the sandbox knows to be true.
//!
//! [`cases::CASES`] is the table; [`Adapter`] is what it needs of an adapter; [`check`] runs one case. [`host`] is this
//! machine as a platform for `xobito-embassy`.

pub mod cases;
pub mod host;

use std::fmt::Write;
use std::time::Duration;

use cases::{Case, Truth};
use xobito_core::message::{TemplateMessage, TextMessage};
use xobito_core::{Accepted, E164, Outcome, Rejection, Request};
use xobito_sandbox::{Fault, Sandbox};

/// An adapter with a connection to the sandbox of its own, open or not.
pub trait Adapter {
    /// Sends a message and waits for the outcome no longer than `deadline`.
    fn send(&mut self, request: &Request<1024>, deadline: Duration) -> Seen;
}

/// An outcome, whatever an adapter keeps of the API's words.
pub struct Seen {
    word: &'static str,
    cause: Option<&'static str>,
    retry_after_s: Option<u32>,
    message_id: Option<String>,
    text: String,
}

impl<const TEXT: usize, const ERRORS: usize> From<Outcome<Accepted, Rejection<TEXT, ERRORS>>>
    for Seen
{
    fn from(outcome: Outcome<Accepted, Rejection<TEXT, ERRORS>>) -> Self {
        Self {
            word: outcome.word(),
            cause: outcome.cause(),
            retry_after_s: match &outcome {
                Outcome::Rejected(rejection) => rejection.retry_after_s,
                _ => None,
            },
            message_id: match &outcome {
                Outcome::Accepted(accepted) => Some(accepted.message_id.as_str().to_owned()),
                _ => None,
            },
            text: outcome.to_string(),
        }
    }
}

/// Time enough for everything that ends by itself.
const PATIENCE: Duration = Duration::from_secs(20);
/// For what ends only by the deadline.
const IMPATIENCE: Duration = Duration::from_millis(700);
/// Longer than the sandbox takes to close a connection after an answer.
const UNTIL_CLOSED: Duration = Duration::from_millis(200);
/// A number without a meaning of its own, for what is provoked otherwise.
const ORDINARY: &str = "+14155551234";

/// Runs a case on an adapter and the sandbox that it talks to, and tells what is wrong.
///
/// # Errors
/// A text for people.
pub fn check(case: &Case, adapter: &mut dyn Adapter, sandbox: &Sandbox) -> Result<(), String> {
    sandbox.clear();
    let deadline = if case.ends_by_deadline {
        IMPATIENCE
    } else {
        PATIENCE
    };
    if let cases::Trigger::Fault(fault) = case.trigger {
        sandbox.set_fault_for(fault, 1);
    }
    let outcome = adapter.send(&request(case.trigger), deadline);
    sandbox.set_fault(None);
    let mut wrong = String::new();
    compare(case, &outcome, &mut wrong);
    hold_against_truth(case, &outcome, sandbox, &mut wrong);
    if let cases::Trigger::Fault(Fault::CloseUnannounced | Fault::ResetAfterAnswer) = case.trigger {
        // A request into the moment in between would be lost, and nobody could know.
        std::thread::sleep(UNTIL_CLOSED);
    }
    let next = adapter.send(&text_to(ORDINARY), PATIENCE);
    if next.message_id.is_none() {
        let _ = writeln!(wrong, "the next message was {}", next.text);
    }
    let sent: usize = sandbox
        .messages()
        .iter()
        .filter(|received| received.accepted)
        .count();
    let expected = 1 + usize::from(case.truth == Truth::Sent);
    if sent != expected {
        let _ = writeln!(wrong, "{sent} messages went out in all, not {expected}");
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{}:\n{wrong}", case.trigger))
    }
}

fn compare(case: &Case, outcome: &Seen, wrong: &mut String) {
    let said = (outcome.word, outcome.cause);
    if said != (case.word, case.cause) {
        let _ = writeln!(
            wrong,
            "{said:?} instead of {:?}: {}",
            (case.word, case.cause),
            outcome.text
        );
    }
    let retry_after_s = outcome.retry_after_s;
    if retry_after_s != case.retry_after_s {
        let _ = writeln!(
            wrong,
            "a wait of {retry_after_s:?} s instead of {:?}",
            case.retry_after_s
        );
    }
}

/// What the client believes beside what the sandbox received.
fn hold_against_truth(case: &Case, outcome: &Seen, sandbox: &Sandbox, wrong: &mut String) {
    let received = sandbox.messages();
    let went_out: Vec<_> = received
        .iter()
        .filter(|received| received.accepted)
        .collect();
    let expected = usize::from(case.truth == Truth::Sent);
    if went_out.len() != expected {
        let _ = writeln!(
            wrong,
            "{} messages went out, not {expected}",
            went_out.len()
        );
    }
    match outcome.word {
        "accepted" => {
            let id = went_out.first().and_then(|sent| sent.message_id.as_deref());
            if id != outcome.message_id.as_deref() {
                let _ = writeln!(wrong, "the id is {:?}, really {id:?}", outcome.message_id);
            }
        }
        "not-sent" if !received.is_empty() => {
            let _ = writeln!(wrong, "a request arrived although none was sent");
        }
        // The one lie of the API itself: its error envelope for a message that went out.
        "rejected" if case.truth == Truth::Sent && case.cause != Some("server-error") => {
            let _ = writeln!(wrong, "this case's own expectations contradict each other");
        }
        _ => {}
    }
}

fn request(trigger: cases::Trigger) -> Request<1024> {
    match trigger {
        cases::Trigger::Number(number) => text_to(number),
        cases::Trigger::Fault(_) => text_to(ORDINARY),
        cases::Trigger::UnknownTemplate => {
            let to = number(ORDINARY);
            encode(&TemplateMessage::new(&to, "no_such_template", "en_US"))
        }
    }
}

/// A text message to a number, with everything in it that has to be escaped.
#[must_use]
pub fn text_to(to: &str) -> Request<1024> {
    let body = "Freezer \"3\" is at -3.5 \u{b0}C \\ open\nsince 12:00 \u{1F6A8}";
    encode(&TextMessage::new(&number(to), body))
}

#[allow(clippy::expect_used)] // The messages are this file's own.
fn encode<M: xobito_core::Message>(message: &M) -> Request<1024> {
    Request::new(message).expect("a message that the API allows, and that fits")
}

#[allow(clippy::expect_used)] // The numbers are the table's own.
fn number(number: &str) -> E164 {
    E164::new(number).expect("a number in E.164 form")
}
