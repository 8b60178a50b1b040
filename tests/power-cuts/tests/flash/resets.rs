//! A device that sleeps most of the time: whatever is counted, and the time that is left, only goes forward.

use core::time::Duration;

use xobito_core::outbox::{Config, Duplicates, End, Ended, Entry, Event, Follow, Step, Untracked};
use xobito_core::{Accepted, AnswerReader, Delivery, End as Transport, Failure, Outcome};

use crate::common::{CONFIG, Device, Flash, ON_CALL, accepted, new_flash, run, text};

const S: fn(u64) -> Duration = Duration::from_secs;
const AWAKE: Duration = Duration::from_secs(30);
/// With half a minute awake, a quarter of an hour.
const OFF: Duration = Duration::from_secs(14 * 60 + 30);

fn device(flash: Flash, config: Config) -> Device {
    Device::new(flash, 0..6 * 1024, config)
}

/// A flash with one alert that was never tried.
fn one_alert(config: Config, time_to_live: Duration) -> Flash {
    let mut device = device(new_flash(), config);
    let _ = run(device.open(Duration::ZERO, Duration::ZERO)).expect("a new flash");
    let request = text(1);
    let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce).time_to_live(time_to_live);
    let _ = run(device.enqueue(&entry, Duration::ZERO)).expect("there is room");
    device.into_flash()
}

#[derive(Default)]
struct Wake {
    sent: u32,
    asked: u32,
    ended: Option<Ended>,
}

/// The device is off for so long, then awake for half a minute. Nobody hears of its messages unless they are accepted, and those
/// are under way for ever.
fn wake(device: &mut Device, off: Duration, sent: &Outcome<Accepted>) -> Wake {
    let _ = run(device.open(Duration::ZERO, off)).expect("it is an outbox");
    let mut wake = Wake::default();
    let mut now = Duration::ZERO;
    while now < AWAKE {
        match run(device.poll(now, 0)).expect("the flash is well") {
            Step::Send { id, .. } => {
                wake.sent += 1;
                run(device.settle(id, sent.as_ref(), now)).expect("the flash is well");
            }
            Step::Query { id, .. } => {
                wake.asked += 1;
                let under_way = under_way();
                run(device.settle_query(id, under_way.as_ref(), now)).expect("the flash is well");
            }
            Step::Report(Event::Ended(ended)) => wake.ended = Some(ended),
            _ => now += S(2),
        }
    }
    wake
}

fn lost() -> Outcome<Accepted> {
    Outcome::failed(true, Failure::ConnectionLost)
}

fn under_way() -> Outcome<Delivery> {
    let mut reader = AnswerReader::new();
    reader.status(200);
    reader.feed(br#"{"status":"success","data":{"delivery_status":"sent"}}"#);
    reader.finish(Transport::Complete).cloned()
}

#[test]
fn an_alert_lives_no_longer_for_all_the_resets() {
    let mut flash = one_alert(CONFIG, Duration::from_hours(24));
    let (mut wakes, mut sent) = (0, 0);
    let ended = loop {
        let mut device = device(flash, CONFIG);
        let wake = wake(&mut device, OFF, &lost());
        flash = device.into_flash();
        (wakes, sent) = (wakes + 1, sent + wake.sent);
        assert!(wakes < 200, "it lives for ever, and was sent {sent} times");
        if let Some(ended) = wake.ended {
            break ended;
        }
    };
    assert_eq!(ended.end, End::Expired);
    assert_eq!(u32::from(ended.attempts), sent);
    // 24 hours are 96 times a quarter of an hour, of which half a minute counts only where something was tried.
    assert!((96..=100).contains(&wakes), "{wakes}");
}

#[test]
fn tries_are_counted_over_resets_also_where_nobody_knows_how_long_it_was_off() {
    let mut flash = one_alert(CONFIG, Duration::MAX);
    for wakes in 1..=5_u8 {
        let mut device = device(flash, CONFIG);
        let wake = wake(&mut device, Duration::ZERO, &lost());
        assert_eq!((wake.sent, wake.ended), (1, None), "{wakes}");
        let mut entries = device.outbox().entries();
        let (_, stored) = entries.next().expect("it waits");
        assert_eq!((stored.tries, stored.attempts), (wakes, wakes.into()));
        drop(entries);
        flash = device.into_flash();
    }
}

#[test]
fn a_phone_that_is_off_is_asked_after_as_often_as_is_allowed_and_no_more() {
    let config = CONFIG.follow(Some(Follow::DEFAULT));
    let mut flash = one_alert(config, Duration::from_hours(24));
    let mut asked = 0;
    for wakes in 1.. {
        let mut device = device(flash, config);
        let wake = wake(&mut device, OFF, &accepted("wamid.1"));
        flash = device.into_flash();
        asked += wake.asked;
        assert!(wakes < 50, "it was asked after {asked} times");
        if let Some(ended) = wake.ended {
            assert_eq!(ended.end, End::AcceptedUntracked(Untracked::GaveUp));
            break;
        }
    }
    assert_eq!(asked, 12);
}

/// Writes that the first call after `open` makes, and those of the next call.
fn writes(flash: &Flash, off: Duration) -> (u64, u64) {
    let mut device = device(flash.clone(), CONFIG);
    let _ = run(device.open(Duration::ZERO, off)).expect("it is an outbox");
    let mut saved = || {
        let before = device.flash_mut().operations();
        run(device.save()).expect("the flash is well");
        device.flash_mut().operations() - before
    };
    (saved(), saved())
}

#[test]
fn the_time_off_is_written_down_once_and_only_where_it_matters() {
    let lives = one_alert(CONFIG, Duration::from_hours(24));
    // A record is a header and a body: two writes.
    assert_eq!(writes(&lives, S(60)), (2, 0));
    assert_eq!(writes(&lives, S(59)), (0, 0), "it is reset over and over");
    let for_ever = one_alert(CONFIG, Duration::MAX);
    assert_eq!(writes(&for_ever, S(60)), (0, 0));
}
