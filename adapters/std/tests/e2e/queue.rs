//! `xobito queue`: what was added is sent, whatever happens in between.

mod file;
mod inbox;
mod list;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xobito_sandbox::Sandbox;

use crate::xobito::{Ended, Xobito};
use crate::{ADA, PATIENCE, gone_out, sandbox};

/// A queue's directory, gone with the test.
struct Queue(PathBuf);

impl Queue {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "queue-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn add(&self, flags: &[&str], body: &str) {
        let ended = self.try_add(flags, &["text", "--to", ADA, "--body", body]);
        assert_eq!(ended.code, 0, "{}", ended.err);
    }

    fn try_add(&self, flags: &[&str], message: &[&str]) -> Ended {
        let add = ["queue", "add", "--directory", self.path()];
        Xobito::alone().run(&[&add[..], flags, message].concat())
    }

    fn run(&self, sandbox: &Sandbox, flags: &[&str]) -> Ended {
        let run = ["queue", "run", "--directory", self.path(), "--until-empty"];
        let gap: &[&str] = if flags.contains(&"--gap") {
            &[]
        } else {
            &["--gap", "0.01"]
        };
        let more = ["--json", "--per-minute", "6000"];
        Xobito::for_sandbox(sandbox).run(&[&run[..], gap, &more, flags].concat())
    }

    fn list(&self) -> Vec<Value> {
        let list = ["queue", "list", "--directory", self.path(), "--json"];
        let listed = Xobito::alone().run(&list).json();
        listed["waiting"].as_array().unwrap().clone()
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The JSON lines of a run.
fn events(ended: &Ended) -> Vec<Value> {
    let lines = ended.out.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// How often each body arrived.
fn arrived(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut arrived = BTreeMap::new();
    for received in sandbox.messages() {
        let Some(json) = received.json.filter(|_| received.accepted) else {
            continue;
        };
        let body = json["message_body"].as_str();
        let what = body.or(json["template_name"].as_str()).unwrap_or_default();
        *arrived.entry(what.to_owned()).or_default() += 1;
    }
    arrived
}

/// The texts in the order in which they came.
fn bodies(sandbox: &Sandbox) -> Vec<String> {
    let received = sandbox.messages().into_iter();
    received
        .map(|received| {
            received.json.unwrap()["message_body"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn eventually(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(50));
    }
}

const ONCE_OR_MORE: [&str; 2] = ["--duplicates", "at-least-once"];
const ONCE_OR_NOT: [&str; 2] = ["--duplicates", "at-most-once"];

#[test]
fn what_was_added_is_sent_byte_for_byte_and_reported() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let message = ["text", "--to", ADA, "--body", "Freezer 3: -3 °C"];
    let dry = Xobito::alone().run(&[&["send", "--dry-run"], &message[..]].concat());
    let added = queue.try_add(&[&ONCE_OR_MORE[..], &["--json"]].concat(), &message);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(added.json()["queued"].is_string());
    assert_eq!(queue.list()[0]["state"], "inbox");
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let received = sandbox.messages().remove(0);
    assert_eq!(received.body, dry.out.as_bytes());
    let event = &events(&ended)[0];
    assert_eq!(
        (
            &event["event"],
            &event["end"],
            &event["cause"],
            &event["recipient"]
        ),
        (
            &json!("ended"),
            &json!("accepted-untracked"),
            &json!("not-followed"),
            &json!(ADA)
        )
    );
    assert_eq!(event["message_id"].as_str(), received.message_id.as_deref());
    assert_eq!(queue.list(), Vec::<Value>::new());
    assert_eq!(queue.run(&sandbox, &[]).out, "", "it is reported once");
}

#[test]
fn followed_until_it_is_delivered() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    queue.add(&ONCE_OR_MORE, "one");
    let ended = queue.run(&sandbox, &["--follow"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let end = events(&ended)[0]["end"].clone();
    assert!(end == "delivered" || end == "read", "{end}");
}

#[test]
fn the_urgent_goes_first_and_the_same_key_goes_once() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    queue.add(&ONCE_OR_MORE, "plain");
    queue.add(
        &[&ONCE_OR_MORE[..], &["--priority", "urgent"]].concat(),
        "urgent",
    );
    let keyed = ["--key", "7", "--coalesce", "keep-first"];
    queue.add(&[&ONCE_OR_MORE[..], &keyed].concat(), "first");
    queue.add(&[&ONCE_OR_MORE[..], &keyed].concat(), "second");
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(bodies(&sandbox), ["urgent", "plain", "first"]);
    let stands_for: Vec<Value> = events(&ended)
        .iter()
        .map(|event| event["stands_for"].clone())
        .collect();
    assert_eq!(stands_for, [1, 1, 2]);
}

/// More wait than the outbox holds, and the urgent one came last.
#[test]
fn the_urgent_goes_first_however_many_others_came_before_it() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let low = [&ONCE_OR_MORE[..], &["--priority", "low"]].concat();
    for number in 0..40 {
        queue.add(&low, &format!("low {number:02}"));
    }
    let urgent = [&ONCE_OR_MORE[..], &["--priority", "urgent"]].concat();
    queue.add(&urgent, "urgent");
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let mut bodies = bodies(&sandbox);
    assert_eq!(bodies.remove(0), "urgent");
    assert_eq!(bodies.len(), 40);
    assert!(bodies.is_sorted(), "then the older: {bodies:?}");
}

#[test]
fn a_text_is_not_replaced_by_an_older_one_that_is_less_urgent() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let keyed = ["--key", "7", "--coalesce", "replace-with-latest"];
    queue.add(&[&ONCE_OR_MORE[..], &keyed].concat(), "older");
    let urgent = ["--priority", "urgent"];
    queue.add(&[&ONCE_OR_MORE[..], &keyed, &urgent].concat(), "newer");
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(bodies(&sandbox), ["newer"]);
    assert_eq!(events(&ended)[0]["stands_for"], 2);
}

/// These stay `sent`, so they are asked after for hours, and there are as many as the outbox holds.
#[test]
fn messages_that_are_only_followed_make_room_for_new_ones() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    for number in 0..32 {
        let text = format!("old {number}");
        let message = ["text", "--to", "+12025550114", "--body", &text];
        assert_eq!(queue.try_add(&ONCE_OR_NOT, &message).code, 0);
    }
    let run = ["queue", "run", "--directory", queue.path(), "--gap", "0.01"];
    let more = ["--per-minute", "6000", "--follow"];
    let running = Xobito::for_sandbox(&sandbox).spawn(&[&run[..], &more].concat());
    let accepted = || queue.list().iter().all(|row| row["state"] == "accepted");
    eventually("all are followed", || {
        arrived(&sandbox).len() == 32 && accepted()
    });
    for number in 0..3 {
        queue.add(&ONCE_OR_NOT, &format!("new {number}"));
    }
    eventually("they arrive", || arrived(&sandbox).len() == 35);
    running.kill();
}

/// A refused kind waits in most of the slots, and the others are followed.
#[test]
fn what_waits_is_not_dropped_for_what_is_more_urgent() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let add = |priority: &str, message: &[&str]| {
        let flags = [&ONCE_OR_MORE[..], &["--priority", priority]].concat();
        assert_eq!(queue.try_add(&flags, message).code, 0);
    };
    for number in 0..24 {
        let text = format!("refused {number}");
        add("low", &["text", "--to", "+12025550126", "--body", &text]);
    }
    let url = ["--type", "image", "--url", "https://plant.example/7.jpg"];
    let media = [&["media", "--to", "+12025550114"][..], &url].concat();
    for _ in 0..8 {
        add("normal", &media);
    }
    let run = ["queue", "run", "--directory", queue.path(), "--gap", "0.01"];
    let more = ["--per-minute", "6000", "--follow"];
    let start = || Xobito::for_sandbox(&sandbox).spawn(&[&run[..], &more].concat());
    let running = start();
    eventually("all are followed", || gone_out(&sandbox) == 8);
    running.kill();
    for _ in 0..12 {
        add("urgent", &media);
    }
    let running = start();
    eventually("the urgent go out", || gone_out(&sandbox) == 20);
    let waiting = || {
        let rows = queue.list().into_iter();
        rows.filter(|row| row["state"] == "waiting").count()
    };
    eventually("the refused wait", || waiting() == 24);
    running.kill();
}

#[test]
fn where_the_window_is_closed_the_template_goes() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let closed = ["text", "--to", "+12025550111", "--body", "Freezer 3"];
    let fallback = [
        "--fallback",
        "alert",
        "--fallback-language",
        "en_US",
        "--fallback-field",
        "Freezer 3",
        "--fallback-field",
        "-3 °C",
        "--fallback-field",
        "since 14:02",
    ];
    let added = queue.try_add(&[&ONCE_OR_NOT[..], &fallback].concat(), &closed);
    assert_eq!(added.code, 0, "{}", added.err);
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(arrived(&sandbox), BTreeMap::from([("alert".to_owned(), 1)]));

    let added = queue.try_add(&ONCE_OR_NOT, &closed);
    assert_eq!(added.code, 0, "{}", added.err);
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 1);
    assert_eq!(events(&ended)[0]["cause"], "window-closed");
}

#[test]
fn at_most_once_a_lost_answer_is_the_end_of_it() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let lost = ["text", "--to", "+12025550140", "--body", "x"];
    assert_eq!(queue.try_add(&ONCE_OR_NOT, &lost).code, 0);
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert_eq!(events(&ended)[0]["end"], "unknown");
    assert_eq!(sandbox.messages().len(), 1);
}

#[test]
fn a_run_takes_what_is_added_meanwhile_and_suffers_no_second_one() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let run = ["queue", "run", "--directory", queue.path(), "--gap", "0.01"];
    let running = Xobito::for_sandbox(&sandbox).spawn(&run);
    eventually("it starts", || queue.0.join("outbox.flash").exists());
    sleep(Duration::from_millis(300));
    let second = Xobito::for_sandbox(&sandbox).run(&run);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("in use"), "{}", second.err);
    for number in 0..3 {
        queue.add(&ONCE_OR_MORE, &format!("alert {number}"));
    }
    eventually("they arrive", || arrived(&sandbox).len() == 3);
    assert!(queue.list().len() <= 1);
    running.kill();
}

#[test]
fn a_refused_token_ends_the_run_and_keeps_the_messages() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    queue.add(&ONCE_OR_MORE, "one");
    let run = [
        "queue",
        "run",
        "--directory",
        queue.path(),
        "--gap",
        "0.01",
        "--json",
        "--until-empty",
    ];
    let refused = Xobito::for_sandbox(&sandbox)
        .env("XOBITO_TOKEN", "apitk_wrong")
        .run(&run);
    assert_eq!(refused.code, 1);
    assert_eq!(refused.json(), json!({"event": "token-refused"}));
    assert!(refused.err.contains("XOBITO_TOKEN"), "{}", refused.err);
    assert_eq!(queue.list()[0]["state"], "waiting");
    assert_eq!(queue.run(&sandbox, &[]).code, 0);
    assert_eq!(arrived(&sandbox).len(), 1);
}

/// A plan's limit refuses one kind; the template beside it goes out, and the run is over long before the time to live.
#[test]
fn a_refused_kind_neither_holds_up_the_others_nor_the_end_of_a_run() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let text = ["text", "--to", "+12025550126", "--body", "one"];
    let flags = [&ONCE_OR_MORE[..], &["--ttl", "30"]].concat();
    assert_eq!(queue.try_add(&flags, &text).code, 0);
    let template = [
        "template",
        "--to",
        ADA,
        "--name",
        "alert",
        "--language",
        "en_US",
        "--field",
        "Freezer 3",
        "--field",
        "-3 °C",
        "--field",
        "since 14:02",
    ];
    assert_eq!(queue.try_add(&flags, &template).code, 0);
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    let refused = &events(&ended)[0];
    assert_eq!(refused, &json!({"event": "kind-refused", "kind": "send"}));
    assert_eq!(arrived(&sandbox), BTreeMap::from([("alert".to_owned(), 1)]));
    let left = queue.list();
    assert_eq!((left.len(), &left[0]["state"]), (1, &json!("waiting")));
}

/// Forty alerts; the run is killed over and over, wherever it happens to be.
#[test]
fn however_often_a_run_is_killed_every_message_arrives_and_none_twice_that_must_not() {
    const ALERTS: usize = 20;
    let (sandbox, queue) = (sandbox(), Queue::new());
    for number in 0..ALERTS {
        queue.add(&ONCE_OR_MORE, &format!("repeatable {number}"));
        queue.add(&ONCE_OR_NOT, &format!("once {number}"));
    }
    let run = [
        "queue",
        "run",
        "--directory",
        queue.path(),
        "--gap",
        "0.01",
        "--per-minute",
        "6000",
    ];
    for round in 0..12 {
        let running = Xobito::for_sandbox(&sandbox).spawn(&run);
        sleep(Duration::from_millis(60 + 17 * round));
        running.kill();
    }
    let ended = queue.run(&sandbox, &[]);
    assert!(ended.code == 0 || ended.code == 4, "{}", ended.err);
    assert_eq!(queue.list(), Vec::<Value>::new());
    let arrived = arrived(&sandbox);
    for number in 0..ALERTS {
        let repeatable = arrived.get(&format!("repeatable {number}")).copied();
        assert!(repeatable >= Some(1), "{number} is lost: {arrived:?}");
        let once = arrived.get(&format!("once {number}")).copied();
        assert!(
            once.unwrap_or_default() <= 1,
            "{number} came twice: {arrived:?}"
        );
    }
    let once = arrived
        .keys()
        .filter(|body| body.starts_with("once"))
        .count();
    println!("{once} of {ALERTS} at most once arrived, the others ended as unknown");
}

#[test]
fn wrong_use_is_named() {
    let (sandbox, queue) = (sandbox(), Queue::new());
    let text = ["text", "--to", ADA, "--body", "x"];
    let ended = queue.try_add(&[], &text);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("--duplicates"), "{}", ended.err);
    let ended = queue.try_add(&[&ONCE_OR_MORE[..], &["--key", "7"]].concat(), &text);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("--coalesce"), "{}", ended.err);
    let ended = Xobito::alone().run(&[&["queue", "add"], &ONCE_OR_MORE[..], &text].concat());
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("XOBITO_QUEUE"), "{}", ended.err);
    fs::create_dir_all(&queue.0).unwrap();
    fs::write(queue.0.join("outbox.flash"), "x").unwrap();
    let ended = queue.run(&sandbox, &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("holds no outbox"), "{}", ended.err);
}
