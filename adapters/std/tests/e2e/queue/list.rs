//! What `xobito queue list` shows beside a `run`, or after one that was killed.

use super::*;

#[test]
fn what_a_killed_run_was_taking_over_is_listed() {
    let queue = Queue::new();
    queue.add(&ONCE_OR_MORE, "one");
    let mut files = fs::read_dir(queue.0.join("inbox")).unwrap();
    let waiting = files.next().unwrap().unwrap().path();
    fs::rename(&waiting, format!("{}.1", waiting.display())).unwrap();
    assert_eq!(queue.list()[0]["state"], "inbox");
}

#[test]
fn what_a_run_takes_over_meanwhile_is_listed_once() {
    const MESSAGES: usize = 31;
    let (sandbox, queue) = (sandbox(), Queue::new());
    for number in 0..MESSAGES {
        queue.add(&ONCE_OR_MORE, &format!("alert {number}"));
    }
    // Nothing is sent: nobody listens there.
    let run = Xobito::for_sandbox(&sandbox)
        .env("XOBITO_HOST", "127.0.0.1:1")
        .spawn(&["queue", "run", "--directory", queue.path()]);
    let all_taken = || fs::read_dir(queue.0.join("inbox")).unwrap().count() == 0;
    let begun = Instant::now();
    while !all_taken() {
        assert_eq!(queue.list().len(), MESSAGES);
        assert!(begun.elapsed() < PATIENCE, "it takes nothing over");
    }
    assert_eq!(queue.list().len(), MESSAGES);
    run.kill();
}
