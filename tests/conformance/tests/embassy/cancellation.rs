//! A future that is dropped at any point leaves a client that goes on.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{Thread, current, park_timeout};
use std::time::Duration;

use async_io::block_on;
use xobito_conformance::host::{Host, with_client};
use xobito_conformance::text_to;
use xobito_core::Outcome;
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox};

struct Unpark {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// Polls a future each time it is woken, at most so often, and drops it then.
fn poll_at_most<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let unpark = Arc::new(Unpark {
        thread: current(),
        woken: AtomicBool::new(true),
    });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut future = pin!(future);
    for _ in 0..times {
        while !unpark.woken.swap(false, Ordering::Acquire) {
            park_timeout(Duration::from_secs(10));
        }
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(output) = polled {
            return Some(output);
        }
    }
    None
}

/// Drops a send after each number of polls below `end` until it gets through, with this fault, and makes sure each time
/// that the next one is good. Returns the number of polls that were too few.
fn drop_at_every_await(fault: Option<Fault>, is_connected: bool, end: usize) -> usize {
    let sandbox = Sandbox::start(Config {
        rate_limit: 100_000,
        ..Config::default()
    })
    .unwrap();
    for polls in 0..end {
        let mut host = Host::default();
        let done = with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
            if is_connected {
                assert_eq!(
                    block_on(client.send(&text_to("+14155551234"))).word(),
                    "accepted"
                );
            }
            sandbox.clear();
            sandbox.set_fault(fault);
            let outcome = poll_at_most(polls, client.send(&text_to("+14155551234")));
            sandbox.set_fault(None);
            let left = client.request_left();
            if let Some(outcome) = outcome {
                assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome}");
                return true;
            }
            let next = block_on(client.send(&text_to("+14155551234")));
            assert_eq!(next.word(), "accepted", "after {polls} polls: {next}");
            // What arrived of the dropped one was reported; and what was reported not to have left did not arrive.
            let arrived = sandbox.messages().len();
            assert!(
                arrived == 1 || (left && arrived == 2),
                "{polls} polls: {left}, {arrived}"
            );
            false
        });
        assert_eq!(host.tcp.open(), 0);
        if done {
            return polls;
        }
    }
    end
}

#[test]
fn dropped_at_every_await_of_a_new_connection() {
    let polls = drop_at_every_await(None, false, 100);
    assert!((2..100).contains(&polls), "{polls} polls");
}

#[test]
fn dropped_at_every_await_of_an_open_connection() {
    let polls = drop_at_every_await(None, true, 100);
    assert!((1..100).contains(&polls), "{polls} polls");
}

#[test]
fn dropped_at_every_await_of_an_answer_that_comes_in_many_pieces() {
    // Each piece takes the sandbox 100 ms, and each run one piece more.
    let polls = drop_at_every_await(Some(Fault::SlowAnswer), true, 8);
    assert_eq!(polls, 8, "the answer came in fewer pieces");
}

#[test]
fn a_dropped_future_closes_its_connection_at_once_and_tells_whether_bytes_left() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let mut host = Host::default();
    with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
        let first = block_on(client.send(&text_to("+14155551234")));
        assert!(first.word() == "accepted" && client.request_left());
        // Asked for and never polled: nothing can have left.
        drop(client.send(&text_to("+14155551234")));
        assert!(!client.request_left());
        block_on(client.disconnect());
        sandbox.set_fault(Some(Fault::StallBeforeAnswer));
        let request = text_to("+14155551234");
        assert!(poll_at_most(1, client.send(&request)).is_none());
        assert!(!client.request_left(), "still connecting");
        let waiting = async {
            let timer = async_io::Timer::after(Duration::from_millis(700));
            let mut send = pin!(client.send(&request));
            let mut timer = pin!(timer);
            std::future::poll_fn(|context| {
                assert!(send.as_mut().poll(context).is_pending());
                timer.as_mut().poll(context).map(drop)
            })
            .await;
        };
        block_on(waiting);
        assert!(client.request_left());
    });
    assert_eq!(host.tcp.open(), 0);
    assert_eq!(sandbox.messages().len(), 2);
}

#[test]
fn a_future_that_is_leaked_in_the_middle_is_never_gone_on_with() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        let request = text_to("+14155551234");
        assert_eq!(block_on(client.send(&request)).word(), "accepted");
        sandbox.set_fault_for(Fault::SlowAnswer, 1);
        let mut send = Box::pin(client.send(&request));
        let waker = Waker::noop();
        for _ in 0..3 {
            assert!(
                send.as_mut()
                    .poll(&mut Context::from_waker(waker))
                    .is_pending()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        std::mem::forget(send);
        assert_eq!(block_on(client.send(&request)).word(), "accepted");
    });
    let received = sandbox.messages();
    assert_eq!(received.len(), 3);
    assert_ne!(received[1].connection, received[2].connection);
}
