//! Outcomes in words: what happened, and what to do next.

use xobito_std::core::{Accepted, Answer, Failure, Reason, Retry};
use xobito_std::{Delivery, Outcome, Validation};

use crate::failure::Exit;
use crate::output::Output;

pub(crate) fn accepted(outcome: &Outcome<Accepted>, output: &Output) -> Exit {
    let summary = match outcome {
        Outcome::Accepted(accepted) => format!("accepted {}", accepted.message_id),
        other => other.to_string(),
    };
    let exit = Exit::of(outcome);
    let is_accepted = exit == Exit::Accepted;
    output.outcome(outcome, is_accepted, &summary, advice(outcome).as_deref());
    exit
}

pub(crate) fn delivery(outcome: &Outcome<Delivery>, output: &Output) -> Exit {
    let exit = Exit::of(outcome);
    let summary = match outcome {
        Outcome::Accepted(delivery) => delivery_line(delivery),
        other => other.to_string(),
    };
    let advice = match outcome {
        Outcome::Accepted(delivery) if delivery.window_closed() => Some(USE_TEMPLATE.to_owned()),
        Outcome::Rejected(why) if why.reason == Reason::NotFound => Some(
            "check the id; if it is right, this installation may not offer the query, and nothing is known of the \
             message"
                .to_owned(),
        ),
        other => advice(other),
    };
    output.outcome(outcome, exit == Exit::Accepted, &summary, advice.as_deref());
    exit
}

pub(crate) fn validation(outcome: &Outcome<Validation>, output: &Output) -> Exit {
    let exit = Exit::of_validation(outcome);
    let summary = match outcome {
        Outcome::Accepted(validation) => {
            let is_valid = validation.format_valid() == Some(true);
            let mut line = String::from(if is_valid { "valid" } else { "invalid" });
            let number = validation.e164().filter(|_| is_valid);
            for part in [
                number.map(ToString::to_string),
                validation.country().map(ToString::to_string),
                validation.reason().map(ToString::to_string),
            ]
            .into_iter()
            .flatten()
            {
                line.push(' ');
                line.push_str(&part);
            }
            line
        }
        other => other.to_string(),
    };
    output.outcome(
        outcome,
        exit == Exit::Accepted,
        &summary,
        advice(outcome).as_deref(),
    );
    exit
}

pub(crate) fn delivery_line(delivery: &Delivery) -> String {
    let mut line = delivery.state().as_str().to_owned();
    if let Some(updated) = delivery.last_updated() {
        line = format!("{line} since {updated}");
    }
    if let Some(error) = delivery.error() {
        line = format!("{line}: {error}");
    }
    line
}

const USE_TEMPLATE: &str = "use `xobito send template`: only a template reaches a recipient who has not written for 24 hours";

/// What to do next, where that is not obvious.
fn advice<A: Answer>(outcome: &Outcome<A>) -> Option<String> {
    let advice = match outcome {
        Outcome::Accepted(_) => return None,
        Outcome::Rejected(why) => match (why.reason, outcome.retry()) {
            (Reason::WindowClosed, _) => USE_TEMPLATE,
            (Reason::Token, _) => "put a valid token into XOBITO_TOKEN or the file of --token-file",
            (Reason::Ability, _) => {
                "give the token the ability in the workspace's API settings, or check the plan's limits"
            }
            (Reason::BadRequest, _) => "check --subdomain",
            (Reason::Redirected, _) => "check --host: redirects are not followed",
            (Reason::NotFound, _) => "check --host and --subdomain, and the template's name",
            (Reason::Server, Retry::After(wait)) => {
                return Some(format!(
                    "wait {} s and look whether the message arrived before sending it again",
                    wait.as_secs()
                ));
            }
            (_, Retry::After(wait)) => {
                return Some(format!("wait {} s, then try again", wait.as_secs()));
            }
            _ => "correct what was refused, then try again",
        },
        Outcome::NotSent(Failure::Certificate) => {
            "check --host and this machine's clock; for a server with a CA of its own, name that with --ca-file"
        }
        Outcome::NotSent(Failure::Dns | Failure::Connect) => {
            "check --host and the network, then try again: nothing was sent"
        }
        Outcome::NotSent(Failure::Tls) => {
            "check that --host names an https server, then try again: nothing was sent"
        }
        Outcome::NotSent(_) => "try again: nothing was sent",
        Outcome::Unknown(_) => match outcome.retry() {
            Retry::Now => "try again: asking does no harm",
            _ => "it may have been sent: check whether it arrived before sending it again",
        },
    };
    Some(advice.to_owned())
}
