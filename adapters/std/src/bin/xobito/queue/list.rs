//! `xobito queue list`: what is in the queue, read from a copy, so that it works beside a `run`.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use xobito_std::core::outbox::{Config, Duplicates, Follow, Snapshot, Stage};
use xobito_std::outbox::{FileFlash, OpenError};

use super::inbox::{Inbox, Message, unix_ms};
use super::{Place, flash_file, open};
use crate::failure::{Exit, Invalid};
use crate::output::Output;

pub(super) fn run(place: &Place, output: &Output) -> Result<Exit, Invalid> {
    let directory = place.directory()?;
    let mut rows = Vec::new();
    match FileFlash::copy(flash_file(&directory)) {
        Ok(flash) => {
            let config = Config::DEFAULT.follow(Some(Follow::DEFAULT));
            let (store, found) = open(flash, config, Duration::ZERO)?;
            if found.damaged + found.lost > 0 {
                output.hint("records of the queue are damaged: messages may be missing");
            }
            let mut entries: Vec<_> = store.outbox().entries().map(|(_, entry)| entry).collect();
            entries.sort_by_key(|entry| (core::cmp::Reverse(entry.priority), entry.id));
            rows.extend(entries.iter().map(row));
        }
        Err(OpenError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Invalid::new(error, "name the directory of a queue")),
    }
    let inbox = Inbox::of(&directory);
    for name in inbox.waiting().unwrap_or_default() {
        if let Ok(Some(message)) = inbox.read(&name) {
            rows.push(inbox_row(&message));
        }
    }
    let words: Vec<String> = rows.iter().map(|row| row.words.clone()).collect();
    let words = if words.is_empty() {
        "nothing waits".to_owned()
    } else {
        words.join("\n")
    };
    let json: Vec<Value> = rows.into_iter().map(|row| row.json).collect();
    output.list(&json!({ "waiting": json }), &words);
    Ok(Exit::Accepted)
}

struct Row {
    words: String,
    json: Value,
}

fn row(entry: &Snapshot<'_>) -> Row {
    let state = match entry.stage {
        Stage::Waiting => "waiting",
        Stage::InFlight => "in-flight",
        Stage::Accepted => "accepted",
        Stage::Ended(_) => "ended",
    };
    let left = (entry.time_to_live != Duration::MAX).then_some(entry.time_to_live.as_secs());
    let left_words = left.map_or_else(|| "no limit".to_owned(), |left| format!("{left} s left"));
    let priority = format!("{:?}", entry.priority).to_lowercase();
    let policy = policy(entry.duplicates);
    Row {
        words: format!(
            "{:>6} {state:<9} {priority:<6} {policy} to {}, {left_words}, {} attempts",
            entry.id, entry.recipient, entry.attempts
        ),
        json: json!({
            "id": entry.id,
            "state": state,
            "priority": priority,
            "duplicates": policy,
            "recipient": entry.recipient,
            "time_left_s": left,
            "stands_for": entry.stands_for,
            "attempts": entry.attempts,
            "key": entry.key,
            "message_id": entry.message_id,
        }),
    }
}

fn inbox_row(message: &Message) -> Row {
    let waited_ms = unix_ms().saturating_sub(message.added_unix_ms);
    let left = message
        .ttl_ms
        .map(|ttl_ms| ttl_ms.saturating_sub(waited_ms) / 1000);
    let priority = format!("{:?}", message.priority).to_lowercase();
    let policy = policy(message.duplicates);
    Row {
        words: format!(
            "{:>6} {:<9} {priority:<6} {policy} to {}",
            "-", "inbox", message.recipient
        ),
        json: json!({
            "id": null,
            "state": "inbox",
            "priority": priority,
            "duplicates": policy,
            "recipient": message.recipient,
            "time_left_s": left,
            "key": message.key.map(|(key, _)| key),
        }),
    }
}

const fn policy(duplicates: Duplicates) -> &'static str {
    match duplicates {
        Duplicates::AtLeastOnce => "at-least-once",
        Duplicates::AtMostOnce => "at-most-once",
    }
}
