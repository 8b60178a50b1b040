//! `xobito queue list`: what is in the queue, read from a copy, so that it works beside a `run`.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use xobito_std::core::outbox::{Config, Duplicates, EntryId, Follow, Snapshot, Stage};
use xobito_std::outbox::{FileFlash, OpenError};

use super::inbox::{File, Inbox, Message, unix_ms};
use super::{Place, flash_file, open};
use crate::failure::{Exit, Invalid};
use crate::output::Output;

/// How often it is looked again where a run has taken something over meanwhile.
const LOOKS_MAX: u32 = 20;

pub(super) fn run(place: &Place, output: &Output) -> Result<Exit, Invalid> {
    let directory = place.directory()?;
    // A name that is mistyped must not pass for an empty queue.
    fs::read_dir(&directory).map_err(|error| cannot_read(&directory, &error))?;
    let inbox = Inbox::of(&directory);
    // A message that a run takes over meanwhile is to be seen once, here or there.
    let mut looks = 0;
    let (stored, (files, messages)) = loop {
        looks += 1;
        let before = files_of(&inbox)?;
        let messages: Vec<_> = before.iter().map(|file| inbox.read(&file.name)).collect();
        let stored = stored(&directory)?;
        if files_of(&inbox)? == before || looks == LOOKS_MAX {
            break (stored, (before, messages));
        }
    };
    if stored.is_damaged {
        output.hint("records of the queue are damaged: messages may be missing");
    }
    let mut rows = stored.rows;
    let mut unreadable =
        none_yet(inbox.unreadable()).map_err(|error| cannot_read(inbox.directory(), &error))?;
    for (File { name, entry }, message) in files.into_iter().zip(messages) {
        if entry.is_some_and(|entry| entry <= stored.last_id) {
            continue;
        }
        match message {
            Ok(Some(message)) => rows.push(inbox_row(&message)),
            // A run has taken it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                output.hint(&format!("{name} cannot be read: {error}"));
                unreadable.push(name);
            }
            Ok(None) => unreadable.push(name),
        }
    }
    let mut words: Vec<String> = rows.iter().map(|row| row.words.clone()).collect();
    if words.is_empty() {
        words.push("nothing waits".to_owned());
    }
    let aside = unreadable.iter();
    words.extend(aside.map(|name| format!("{:>6} unreadable {name}", "-")));
    let waiting: Vec<Value> = rows.into_iter().map(|row| row.json).collect();
    let unreadable: Vec<String> = unreadable.iter().map(ToString::to_string).collect();
    let json = json!({ "waiting": waiting, "unreadable": unreadable });
    output.list(&json, &words.join("\n"))?;
    Ok(Exit::Accepted)
}

/// What `run` has taken from the inbox so far.
struct Stored {
    rows: Vec<Row>,
    last_id: EntryId,
    is_damaged: bool,
}

fn stored(directory: &Path) -> Result<Stored, Invalid> {
    let flash = match FileFlash::copy(flash_file(directory)) {
        Err(OpenError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            return Ok(Stored {
                rows: Vec::new(),
                last_id: EntryId(0),
                is_damaged: false,
            });
        }
        flash => flash.map_err(|error| Invalid::new(error, "name the directory of a queue"))?,
    };
    let config = Config::DEFAULT.follow(Some(Follow::DEFAULT));
    let (store, found) = open(flash, config, Duration::ZERO)?;
    let mut entries: Vec<_> = store.outbox().entries().map(|(_, entry)| entry).collect();
    entries.sort_by_key(|entry| (core::cmp::Reverse(entry.priority), entry.id));
    Ok(Stored {
        rows: entries.iter().map(row).collect(),
        last_id: store.last_id(),
        is_damaged: found.damaged + found.lost > 0,
    })
}

/// What the inbox holds, whether a run is taking it over or not.
fn files_of(inbox: &Inbox) -> Result<Vec<File>, Invalid> {
    none_yet(inbox.files()).map_err(|error| cannot_read(inbox.directory(), &error))
}

/// A queue whose inbox was not made yet is empty.
fn none_yet<T>(names: io::Result<Vec<T>>) -> io::Result<Vec<T>> {
    match names {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        names => names,
    }
}

fn cannot_read(path: &Path, error: &io::Error) -> Invalid {
    Invalid::new(
        format!("{}: it cannot be read: {error}", path.display()),
        "name the directory of a queue, and run as a user who may read it",
    )
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
