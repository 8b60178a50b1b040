use core::time::Duration;

use super::super::clock::{Clock, Instant, settled};
use super::{ms, s};

#[test]
fn time_runs_forward() {
    let mut clock = Clock::new();
    assert_eq!(clock.advance(s(5)), Instant::START.after(5000));
    assert_eq!(clock.advance(s(7)), Instant::START.after(7000));
}

#[test]
fn a_late_caller_does_not_turn_time_back_or_speed_it_up() {
    let mut clock = Clock::new();
    clock.advance(s(100));
    for _ in 0..9 {
        assert_eq!(clock.advance(s(40)), Instant::START.after(100_000));
    }
    assert_eq!(clock.advance(s(101)), Instant::START.after(101_000));
}

#[test]
fn a_clock_that_was_set_back_goes_on_from_where_it_was() {
    let mut clock = Clock::new();
    clock.advance(s(100));
    assert_eq!(clock.advance(s(0)), Instant::START.after(100_000));
    assert_eq!(clock.advance(s(3)), Instant::START.after(103_000));
    let soon = Instant::START.after(105_000);
    assert_eq!(clock.outside(soon, s(3)), s(5));
}

#[test]
fn what_is_stamped_is_not_before_what_was_told() {
    let mut clock = Clock::new();
    clock.advance(Duration::from_micros(7001));
    assert_eq!(clock.now(), Instant::START.after(7));
    assert_eq!(clock.stamp(), Instant::START.after(8));
    clock.advance(ms(7));
    assert_eq!(
        clock.stamp(),
        Instant::START.after(8),
        "late by a microsecond"
    );
    clock.advance(ms(8));
    assert_eq!(clock.stamp(), Instant::START.after(8));
}

#[test]
fn the_ends_of_time_do_no_harm() {
    let mut clock = Clock::new();
    let last = clock.advance(Duration::MAX);
    assert_eq!(last.after_duration(Duration::MAX), Instant::NEVER);
    assert_eq!(clock.outside(Instant::NEVER, Duration::MAX), Duration::MAX);
    assert_eq!(Instant::NEVER.since(last), Duration::MAX);
    assert_eq!(Instant::START.since(last), Duration::ZERO);
    assert_eq!(Instant::START.before(7), Instant::START);
    assert_eq!(settled(Duration::MAX), u32::MAX);
    assert_eq!(settled(Duration::from_nanos(1)), 1);
    let long = s(50 * 24 * 60 * 60);
    assert_eq!(
        Clock::new().outside(Instant::START.after_duration(long), s(1)),
        s(1) + ms(u32::MAX.into())
    );
}
