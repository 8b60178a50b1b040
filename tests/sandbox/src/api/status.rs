//! `GET messages/{id}/status`: what has become of a message by now.

use std::time::Duration;

use axum::http::StatusCode;
use serde::Serialize;
use time::OffsetDateTime;

use super::Answer;
use super::call::{Call, Passed};
use crate::clock;
use crate::config::{Ability, Timeline};
use crate::numbers::{Behaviour, behaviour};
use crate::state::Message;

#[derive(Serialize)]
struct Found<'a> {
    status: &'static str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    message_id: &'a str,
    delivery_status: &'static str,
    error_message: Option<&'static str>,
    source: &'static str,
    last_updated: String,
    statuses: Statuses,
}

/// When each state was reached.
#[derive(Default, Serialize)]
struct Statuses {
    sent: Option<String>,
    delivered: Option<String>,
    read: Option<String>,
    failed: Option<String>,
    pending: Option<String>,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Answer> {
    let passed = call.pass(Ability::Read)?;
    let answer = status(&passed);
    Ok(passed.finish(answer))
}

fn status(passed: &Passed) -> Answer {
    let state = passed.app.state();
    let found = state
        .messages
        .iter()
        .find(|message| message.id == passed.segment("id"));
    let Some(message) =
        found.filter(|message| behaviour(&message.phone) != Behaviour::StatusNotOffered)
    else {
        return Answer::error(StatusCode::NOT_FOUND, "Message not found");
    };
    let (course, error) = course(message, passed.app.config.timeline);
    let now = state.clock.now();
    let mut statuses = Statuses::default();
    let mut latest = ("pending", message.accepted_at);
    for (word, after) in course {
        let at = message
            .accepted_at
            .saturating_add(after.try_into().unwrap_or(time::Duration::MAX));
        if at <= now {
            statuses.reach(word, at);
            latest = (word, at);
        }
    }
    let data = Data {
        message_id: &message.id,
        delivery_status: latest.0,
        error_message: error.filter(|_| latest.0 == "failed"),
        source: "chat",
        last_updated: clock::iso_8601(latest.1),
        statuses,
    };
    Answer::json(
        StatusCode::OK,
        &Found {
            status: "success",
            data,
        },
    )
}

/// The states that the message will have gone through in the end, with their times, and the text if it fails.
fn course(
    message: &Message,
    timeline: Timeline,
) -> (Vec<(&'static str, Duration)>, Option<&'static str>) {
    let pending = ("pending", Duration::ZERO);
    let sent = ("sent", timeline.sent_after);
    let delivered = ("delivered", timeline.delivered_after);
    let read = ("read", timeline.read_after);
    match behaviour(&message.phone) {
        Behaviour::StaysPending => (vec![pending], None),
        Behaviour::NeverDelivered => (vec![pending, sent], None),
        Behaviour::NeverRead => (vec![pending, sent, delivered], None),
        Behaviour::SkipsStates => (vec![pending, read], None),
        Behaviour::FailsLater(text) if !(message.is_in_window && is_window_text(text)) => (
            vec![pending, sent, ("failed", timeline.failed_after)],
            Some(text),
        ),
        _ => (vec![pending, sent, delivered, read], None),
    }
}

/// Texts that name the closed window.
fn is_window_text(text: &str) -> bool {
    text != "Number not on WhatsApp"
}

impl Statuses {
    fn reach(&mut self, word: &str, at: OffsetDateTime) {
        let slot = match word {
            "sent" => &mut self.sent,
            "delivered" => &mut self.delivered,
            "read" => &mut self.read,
            "failed" => &mut self.failed,
            _ => &mut self.pending,
        };
        *slot = Some(clock::iso_8601(at));
    }
}
