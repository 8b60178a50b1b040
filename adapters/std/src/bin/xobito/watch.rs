//! `xobito status --watch`: asks until the message's fate is known or the time is up.

use std::thread;
use std::time::{Duration, Instant};

use xobito_std::core::{DeliveryState, MessageId, Retry};
use xobito_std::{DEFAULT_TIMEOUT, Delivery, Outcome};

use crate::arguments::Global;
use crate::connection::client;
use crate::failure::{Exit, Invalid};
use crate::output::Output;
use crate::query::status;
use crate::report::{self, delivery_line};

const DEFAULT_TIME: Duration = Duration::from_mins(2);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

pub(crate) fn run(id: &MessageId, global: &Global, output: &Output) -> Result<Exit, Invalid> {
    if global.dry_run {
        return status(id, global, output);
    }
    let time = global.timeout.unwrap_or(DEFAULT_TIME);
    let end = Instant::now() + time;
    let client = client(global, None)?;
    let mut pause = FIRST_PAUSE;
    let mut seen = None;
    let mut is_first = true;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let outcome = client.status_within(id, left.min(DEFAULT_TIMEOUT));
        let wait = match (&outcome, outcome.retry()) {
            (Outcome::Accepted(delivery), _) => {
                if let Some(exit) = fate(delivery) {
                    report::delivery(&outcome, output);
                    return Ok(exit);
                }
                if seen != Some(delivery.state()) {
                    seen = Some(delivery.state());
                    output.progress(&delivery_line(delivery));
                }
                pause
            }
            // What never worked will hardly begin to.
            (Outcome::NotSent(_), _) if is_first => {
                return Ok(report::delivery(&outcome, output));
            }
            (_, Retry::Now) => pause,
            (_, Retry::After(wait)) => wait.max(pause),
            _ => return Ok(report::delivery(&outcome, output)),
        };
        let left = end.saturating_duration_since(Instant::now());
        if wait >= left {
            return Ok(time_ran_out(&outcome, output));
        }
        thread::sleep(wait);
        is_first = false;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

/// How a message's story ends, if this is its end.
fn fate(delivery: &Delivery) -> Option<Exit> {
    match delivery.state() {
        DeliveryState::Delivered | DeliveryState::Read => Some(Exit::Accepted),
        DeliveryState::Failed => Some(Exit::Rejected),
        _ => None,
    }
}

fn time_ran_out(outcome: &Outcome<Delivery>, output: &Output) -> Exit {
    let last = match outcome {
        Outcome::Accepted(delivery) => delivery_line(delivery),
        other => other.to_string(),
    };
    output.outcome(
        outcome,
        false,
        &format!("the time ran out; last answer: {last}"),
        Some("ask again later, or give --timeout more seconds"),
    );
    Exit::Unknown
}
