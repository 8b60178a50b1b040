#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::thread;

use xobito_std::OwnedRequest;
use xobito_std::core::checked;
use xobito_std::core::message::TextMessage;

use super::*;

const ON_CALL: E164 = checked!(E164::new("+14155551234"));
const ADDED_UNIX_MS: u64 = 1_700_000_000_000;

/// An inbox in a directory that is gone with the test.
struct Place(Inbox, PathBuf);

impl Place {
    fn new(test: &str) -> Self {
        let queue = std::env::temp_dir().join(format!("xobito-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&queue);
        let inbox = Inbox::of(&queue);
        inbox.create().unwrap();
        Self(inbox, queue)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.1);
    }
}

fn message(body: &str) -> Message {
    let request = OwnedRequest::new(&TextMessage::new(&ON_CALL, body)).unwrap();
    let mut message = Message::new(ON_CALL, Duplicates::AtMostOnce, (&request).into());
    message.added_unix_ms = ADDED_UNIX_MS;
    message
}

#[test]
fn however_many_are_added_in_the_same_millisecond_by_the_same_process_id_all_are_there_and_whole() {
    const THREADS: usize = 8;
    const EACH: usize = 50;
    let place = Place::new("same-millisecond");
    let inbox = &place.0;
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for number in 0..EACH {
                    // Of very different lengths: what one left of another would show.
                    let body = format!("{thread} {number} {}", "x".repeat(number * 50));
                    inbox.add(&message(&body)).unwrap();
                }
            });
        }
    });
    let waiting = inbox.waiting().unwrap();
    let bodies: BTreeSet<String> = waiting
        .iter()
        .map(|name| inbox.read(name).unwrap().unwrap().body)
        .collect();
    assert_eq!(
        (waiting.len(), bodies.len()),
        (THREADS * EACH, THREADS * EACH)
    );
    assert_eq!(
        fs::read_dir(inbox.directory()).unwrap().count(),
        THREADS * EACH
    );
}

#[test]
fn a_name_that_somebody_has_is_left_alone_finished_or_not() {
    let place = Place::new("taken-name");
    let inbox = &place.0;
    fs::write(inbox.directory().join("finished.json"), "theirs").unwrap();
    fs::write(inbox.directory().join("unfinished.new"), "theirs").unwrap();
    let mut names = ["finished", "unfinished", "free"]
        .map(String::from)
        .into_iter();
    let name = inbox.add_under(&message("ours"), || names.next().unwrap());
    assert_eq!(name.unwrap(), "free");
    for theirs in ["finished.json", "unfinished.new"] {
        let contents = fs::read_to_string(inbox.directory().join(theirs)).unwrap();
        assert_eq!(contents, "theirs");
    }
    let ours = inbox.read(&Name("free.json".to_owned())).unwrap().unwrap();
    assert!(ours.body.contains("ours"));
    assert_eq!(fs::read_dir(inbox.directory()).unwrap().count(), 3);
}
