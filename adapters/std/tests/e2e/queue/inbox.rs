//! What lies in the inbox, and is no message, cannot be read, or has been there for long.

use std::fs;
use std::process::Command;

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

/// Claims end in a number, too.
#[test]
fn files_that_are_no_messages_stay_what_they_are() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let inbox = queue.0.join("inbox");
    fs::create_dir_all(&inbox).unwrap();
    let others = ["notes.0", "log.9", "x.json.old"];
    for name in others {
        fs::write(inbox.join(name), name).unwrap();
    }
    assert_eq!(queue.run(&sandbox, &[]).code, 0);
    for name in others {
        assert_eq!(fs::read_to_string(inbox.join(name)).unwrap(), name);
    }
}

#[test]
fn the_name_of_a_file_forges_no_line() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    fs::create_dir_all(queue.0.join("inbox")).unwrap();
    fs::write(queue.0.join("inbox/1\nxobito: all is well.json"), "{}").unwrap();
    let ended = queue.run(&sandbox, &[]);
    let forged = |line: &str| line.starts_with("xobito: all");
    assert!(!ended.err.lines().any(forged), "{}", ended.err);
}

/// To open a pipe would be to wait for somebody who writes to it.
#[cfg(unix)]
#[test]
fn what_is_no_file_or_has_no_name_is_told_and_stops_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let (sandbox, queue) = (sandbox(), Queue::new());
    queue.add(&ONCE_OR_MORE, "one");
    let inbox = queue.0.join("inbox");
    let made = Command::new("mkfifo").arg(inbox.join("0.json")).status();
    assert!(made.unwrap().success());
    fs::write(inbox.join(OsStr::from_bytes(b"\xFF.json")), "{}").unwrap();
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("it is no file"), "{}", ended.err);
    assert!(ended.err.contains("no UTF-8"), "{}", ended.err);
    assert_eq!(bodies(&sandbox), ["one"]);
}

/// A name that no more can be put behind stands for whatever the disk refuses.
#[test]
fn an_inbox_that_refuses_one_holds_up_no_other_and_is_tried_again() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let inbox = queue.0.join("inbox");
    queue.add(&ONCE_OR_MORE, "one");
    let mut files = fs::read_dir(&inbox).unwrap();
    let one = files.next().unwrap().unwrap().path();
    // It comes first.
    let long = inbox.join(format!("{:0>249}.json", ""));
    fs::rename(one, &long).unwrap();
    queue.add(&ONCE_OR_MORE, "two");
    let ended = queue.run(&sandbox, &[]);
    assert_eq!((ended.code, &*bodies(&sandbox)), (1, &["two".into()][..]));
    assert_eq!(ended.err.matches("refuses").count(), 1, "{}", ended.err);
    assert_eq!(queue.list()[0]["state"], "inbox");

    let run = Xobito::for_sandbox(&sandbox).spawn(&["queue", "run", "--directory", queue.path()]);
    sleep(Duration::from_secs(2));
    fs::rename(long, inbox.join("1.json")).unwrap();
    eventually("one", || bodies(&sandbox) == ["two", "one"]);
    run.kill();
}
