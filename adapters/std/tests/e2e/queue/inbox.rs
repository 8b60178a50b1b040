//! What lies in the inbox, and is no message, cannot be read, or has been there for long.

use std::fs;

use serde_json::json;

use super::*;

#[test]
fn what_is_no_message_is_put_aside_reported_and_listed() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    fs::create_dir_all(queue.0.join("inbox")).unwrap();
    fs::write(queue.0.join("inbox/1.json"), "{}").unwrap();
    queue.add(&ONCE_OR_MORE, "one");
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("1.json.unreadable"), "{}", ended.err);
    let reported = json!({"event": "unreadable", "file": "1.json.unreadable"});
    assert_eq!(events(&ended)[0], reported);
    assert_eq!(arrived(&sandbox).len(), 1);
    let list = ["queue", "list", "--directory", queue.path()];
    let words = Xobito::alone().run(&list).out;
    assert_eq!(
        words,
        "nothing waits\n     - unreadable 1.json.unreadable\n"
    );
    let json = Xobito::alone()
        .run(&[&list[..], &["--json"]].concat())
        .json();
    let listed = json!({"waiting": [], "unreadable": ["1.json.unreadable"]});
    assert_eq!(json, listed);
}

/// A directory stands for whatever the system refuses to read.
#[test]
fn what_cannot_be_read_stays_where_it_is_and_is_named_once() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    fs::create_dir_all(queue.0.join("inbox/1.json")).unwrap();
    for number in 0..3 {
        queue.add(&ONCE_OR_MORE, &format!("alert {number}"));
    }
    let ended = queue.run(&sandbox, &["--gap", "0.7"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert_eq!(ended.err.matches("1.json").count(), 1, "{}", ended.err);
    assert_eq!(arrived(&sandbox).len(), 3);
    assert!(queue.0.join("inbox/1.json").exists());

    // It can be read again.
    fs::remove_dir(queue.0.join("inbox/1.json")).unwrap();
    queue.add(&ONCE_OR_MORE, "four");
    assert_eq!(queue.run(&sandbox, &[]).code, 0);
    assert_eq!(arrived(&sandbox).len(), 4);
}

#[test]
fn a_list_of_what_cannot_be_looked_at_is_an_error() {
    let queue = Queue::new();
    let list = || Xobito::alone().run(&["queue", "list", "--directory", queue.path()]);
    let ended = list();
    assert_eq!((ended.code, &*ended.out), (2, ""));
    assert!(ended.err.contains(queue.path()), "{}", ended.err);
    fs::create_dir_all(&queue.0).unwrap();
    assert_eq!((list().code, &*list().out), (0, "nothing waits\n"));
    fs::write(queue.0.join("inbox"), "no directory").unwrap();
    let ended = list();
    assert_eq!((ended.code, &*ended.out), (2, ""));
    assert!(ended.err.contains("inbox"), "{}", ended.err);
}

/// The one has no time to live in its file, as an older version wrote it.
#[test]
fn the_time_in_the_inbox_counts_also_by_default() {
    const A_DAY_AND_MORE_MS: u64 = 90_000_000;
    let (sandbox, queue) = (sandbox(), Queue::new());
    for body in ["new", "old"] {
        queue.add(&ONCE_OR_MORE, body);
    }
    assert!(queue.list()[0]["time_left_s"].as_u64() > Some(86_000));
    for file in fs::read_dir(queue.0.join("inbox")).unwrap() {
        let path = file.unwrap().path();
        let mut message: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let added_unix_ms = message["added_unix_ms"].as_u64().unwrap() - A_DAY_AND_MORE_MS;
        message["added_unix_ms"] = added_unix_ms.into();
        if message["body"].as_str().unwrap().contains("old") {
            message["ttl_ms"] = Value::Null;
        }
        fs::write(&path, message.to_string()).unwrap();
    }
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert_eq!(events(&ended)[0]["end"], "expired");
    assert_eq!(bodies(&sandbox), ["old"]);
}
