//! The file of what was taken from the inbox.

use std::sync::Barrier;

use xobito_std::outbox::{FileFlash, OpenError};

use super::*;

const BYTES: usize = 2 * 65_536;

/// As two containers do, whose processes have the same id.
#[test]
fn where_two_make_it_at_once_one_has_it_and_the_other_is_told() {
    let queue = Queue::new();
    fs::create_dir_all(&queue.0).unwrap();
    for round in 0..100 {
        let path = queue.0.join(format!("{round}.flash"));
        let barrier = Barrier::new(2);
        let open = || {
            barrier.wait();
            FileFlash::open(&path, BYTES)
        };
        let both = std::thread::scope(|scope| {
            let both = [scope.spawn(open), scope.spawn(open)];
            both.map(|one| one.join().unwrap())
        });
        let in_use = both
            .iter()
            .filter(|opened| matches!(opened, Err(OpenError::InUse { .. })));
        assert_eq!(in_use.count(), 1, "{round}: {both:?}");
        assert_eq!(both.iter().flatten().count(), 1, "{round}: {both:?}");
        assert_eq!(fs::metadata(&path).unwrap().len(), 131_072);
    }
    assert_eq!(fs::read_dir(&queue.0).unwrap().count(), 100, "nothing else");
}
