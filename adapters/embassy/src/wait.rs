//! Waiting: for a moment that may lie beyond the end of time, and for the other tasks to have their turn.

use core::future::poll_fn;
use core::task::Poll;

use embassy_time::{Duration, Instant};

/// The moment after so much time, if time goes that far.
pub(crate) fn after(duration: Duration) -> Instant {
    Instant::now().checked_add(duration).unwrap_or(Instant::MAX)
}

/// Lets every other task run once, and a deadline be noticed, between two long computations.
pub(crate) async fn give_way() {
    let mut gave_way = false;
    poll_fn(|context| {
        if gave_way {
            return Poll::Ready(());
        }
        gave_way = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
