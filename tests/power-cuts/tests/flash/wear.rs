//! Cells wear out: that is an error at last, and never a loss.

use core::time::Duration;

use xobito_core::End::Complete;
use xobito_core::outbox::{Duplicates, Entry, Event, Step};
use xobito_core::{Accepted, AnswerReader, Failure, Outcome};
use xobito_flash::Error;
use xobito_power_cuts::FlashError;

use crate::common::{ON_CALL, SLOTS, accepted, closed, enqueue, held, new_flash, open, run};

#[test]
fn a_word_that_keeps_what_it_holds_costs_a_record_or_a_bank_and_never_an_alert() {
    let words = new_flash().bytes().len() / 4;
    let mut errors = 0;
    for word in 0..words {
        let (mut device, _) = open(new_flash()).expect("a new flash");
        device.flash_mut().wear_out(word * 4);
        errors += usize::from(live_until_error(&mut device).is_err());
        let held_in_ram = held(&device);
        let flash = device.flash_mut().clone();
        let mut again = closed::<_, 4>(flash);
        let found = run(again.open(Duration::ZERO, Duration::ZERO)).expect("it is an outbox");
        assert_eq!((found.damaged, found.lost), (0, 0), "word {word}");
        let on_flash = held(&again);
        for (id, _) in &held_in_ram {
            assert!(
                on_flash.iter().any(|(held, _)| held == id),
                "word {word}: {id} is lost"
            );
        }
    }
    // A page whose first word is worn cannot be used at all, nor can a record's place be passed over at its start.
    println!("{words} worn words, one at a time: {errors} ended in an error");
    assert!(errors < words / 10, "{errors} of {words}");
}

/// Takes alerts in and sends them, long enough to use every word of both banks.
fn live_until_error(device: &mut crate::common::Device) -> Result<(), Error<FlashError>> {
    let mut now = Duration::ZERO;
    for number in 0..60 {
        let request = crate::common::text(number);
        let entry = Entry::new(&request, ON_CALL, Duplicates::AtMostOnce);
        let _ = run(device.enqueue(&entry, now)).map_err(|refused| refused.error)?;
        loop {
            let id = match run(device.poll(now, 0))? {
                Step::Send { id, .. } => id,
                Step::Wait(until) => {
                    now = until;
                    continue;
                }
                Step::Report(Event::Ended(_)) => break,
                other => panic!("{other:?}"),
            };
            run(device.settle(id, accepted("wamid.1").as_ref(), now))?;
        }
    }
    Ok(())
}

/// Some drivers notice it themselves, by an error of their own.
fn is_about_the_flash(error: &Error<FlashError>) -> bool {
    matches!(
        error,
        Error::Worn { .. } | Error::Flash(_) | Error::BackingOff { .. }
    )
}

#[test]
fn with_a_dead_flash_what_waits_goes_out_all_the_same() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect("there is room");
    let _ = enqueue(&mut device, 2, Duplicates::AtMostOnce).expect("there is room");
    wear_out(&mut device);
    let refused = enqueue(&mut device, 3, Duplicates::AtLeastOnce).expect_err("it cannot be kept");
    assert!(is_about_the_flash(&refused.error), "{refused:?}");
    assert_eq!(
        device.outbox().len(),
        2,
        "what is not stored was not taken in"
    );

    let mut now = Duration::ZERO;
    let mut sent = Vec::new();
    let mut complaints = 0;
    for _ in 0..50 {
        let step = run(device.poll(now, 0));
        let id = match step {
            Ok(Step::Send { id, .. }) => id,
            Ok(Step::Wait(until)) => {
                now = until;
                continue;
            }
            Err(error) if is_about_the_flash(&error) => {
                complaints += 1;
                now += Duration::from_secs(1);
                continue;
            }
            _ => continue,
        };
        sent.push(id.0);
        let settled = run(device.settle(id, accepted("wamid.1").as_ref(), now));
        assert!(settled.is_err(), "that it was accepted cannot be kept");
    }
    // The second cannot be noted as being in flight, so it stays: a reset would send it twice.
    assert_eq!(sent, [1]);
    assert!(complaints > 0);
}

/// Every word of it keeps what it holds.
fn wear_out(device: &mut crate::common::Device) {
    for address in (0..device.flash_mut().bytes().len()).step_by(4) {
        device.flash_mut().wear_out(address);
    }
}

#[test]
fn with_a_dead_flash_entries_at_most_once_hold_up_nobody() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    for number in 1..=3 {
        let _ = enqueue(&mut device, number, Duplicates::AtMostOnce).expect("there is room");
    }
    let last = enqueue(&mut device, 4, Duplicates::AtLeastOnce).expect("there is room");
    wear_out(&mut device);
    let mut now = Duration::from_mins(1);
    // The first poll already asks what else may go out.
    let polled = run(device.poll(now, 0));
    let Ok(Step::Send { id, .. }) = polled else {
        panic!("{polled:?}")
    };
    assert_eq!(id, last.id);
    let settled = run(device.settle(id, accepted("wamid.1").as_ref(), now));
    assert!(settled.is_err(), "that it was accepted cannot be kept");
    let polled = run(device.poll(now, 0));
    let Ok(Step::Report(Event::Ended(ended))) = polled else {
        panic!("{polled:?}")
    };
    assert_eq!(ended.id, last.id);
    // From then on there is nothing but complaints, and others do not pay for them: the budget is there.
    for _ in 0..50 {
        let polled = run(device.poll(now, 0));
        assert!(polled.is_err(), "{polled:?}");
        now += Duration::from_secs(1);
    }
    let left = device.outbox().entries();
    let left: Vec<_> = left
        .map(|(_, entry)| (entry.id.0, entry.attempts))
        .collect();
    assert_eq!(left, [(1, 0), (2, 0), (3, 0)]);
}

/// Polls every 5 seconds for a day and takes an alert in every minute; how often each page was erased meanwhile, at most, and
/// how many alerts were taken in.
fn erases_in_a_day(device: &mut crate::common::Device) -> (u32, u32) {
    let before = device.flash_mut().erases().to_vec();
    let mut now = Duration::from_mins(1);
    let mut taken = 0;
    for round in 0..24 * 720 {
        if round % 12 == 0 {
            let request = crate::common::text(round);
            let entry = Entry::new(&request, ON_CALL, Duplicates::AtMostOnce);
            taken += u32::from(run(device.enqueue(&entry, now)).is_ok());
        }
        if let Ok(Step::Send { id, .. }) = run(device.poll(now, 0)) {
            let settled = run(device.settle(id, accepted("wamid.1").as_ref(), now));
            assert!(
                !matches!(settled, Err(Error::NotInFlight(_))),
                "{settled:?}"
            );
        }
        now += Duration::from_secs(5);
    }
    let erases = device.flash_mut().erases().iter().zip(before);
    let erases = erases.map(|(after, before)| after - before).max();
    (erases.unwrap_or_default(), taken)
}

/// The README says so.
const ERASES_IN_A_DAY: u32 = 33;

#[test]
fn a_flash_that_refuses_is_erased_some_dozen_times_a_day_and_no_more() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtMostOnce).expect("there is room");
    wear_out(&mut device);
    let (erases, taken) = erases_in_a_day(&mut device);
    assert!((20..=ERASES_IN_A_DAY).contains(&erases), "{erases}");
    assert_eq!(taken, 0);
    let readme = include_str!("../../../../adapters/flash/README.md");
    let said = format!("{ERASES_IN_A_DAY} times on the first day");
    assert!(readme.contains(&said), "the README should say: {said}");
}

#[test]
fn nor_does_one_with_a_single_worn_bank_wear_faster_as_it_fills_up() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    // The first word of a page is its mark: without it the bank cannot be used.
    device.flash_mut().wear_out(3 * 1024);
    let (erases, taken) = erases_in_a_day(&mut device);
    assert!((20..=ERASES_IN_A_DAY).contains(&erases), "{erases}");
    assert!(taken > 5, "{taken}");
}

#[test]
fn a_flash_that_is_well_again_is_used_again() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let well = device.flash_mut().clone();
    wear_out(&mut device);
    let refused = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect_err("it cannot be kept");
    assert!(is_about_the_flash(&refused.error), "{refused:?}");
    let left_alone = Error::BackingOff {
        until: Duration::from_secs(4),
    };
    let refused = enqueue(&mut device, 2, Duplicates::AtLeastOnce).expect_err("it is left alone");
    assert_eq!(refused.error, left_alone);
    assert_eq!(run(device.save()), Err(left_alone));
    // The supply was too low, say.
    *device.flash_mut() = well;
    let polled = run(device.poll(Duration::from_secs(4), 0));
    assert_eq!(polled, Ok(Step::Idle));
    let id = enqueue(&mut device, 3, Duplicates::AtLeastOnce)
        .expect("there is room")
        .id;
    let (again, _) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!(held(&again).first().map(|(held, _)| *held), Some(id));
}

/// How often a page is erased in a day at most, where the API says the same all the time.
fn erases_while_answered(said: &Outcome<Accepted>) -> u32 {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    for number in 0..SLOTS {
        let _ = enqueue(&mut device, number, Duplicates::AtMostOnce).expect("there is room");
    }
    let mut now = Duration::ZERO;
    while now < Duration::from_hours(24) {
        match run(device.poll(now, 0)).expect("the flash is well") {
            Step::Send { id, .. } => {
                run(device.settle(id, said.as_ref(), now)).expect("the flash is well");
            }
            Step::Wait(until) => now = until,
            Step::Report(_) => break,
            other => panic!("{other:?}"),
        }
    }
    let erases = device.flash_mut().erases().iter().copied();
    erases.max().unwrap_or_default()
}

#[test]
fn an_api_that_says_at_once_again_wears_no_flash() {
    let limited = |wait_s: u32| {
        let mut reader = AnswerReader::new();
        reader.status(429);
        reader.feed(format!(r#"{{"retry_after":{wait_s}}}"#).as_bytes());
        reader.finish(Complete).cloned()
    };
    let link = erases_while_answered(&Outcome::failed(false, Failure::Connect));
    for wait_s in [0, 1, 60] {
        let erases = erases_while_answered(&limited(wait_s));
        assert!(
            erases <= link,
            "{wait_s} s: {erases}, a failed link: {link}"
        );
    }
}
