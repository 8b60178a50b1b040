//! Cells wear out: that is an error at last, and never a loss.

use core::time::Duration;

use xobito_core::outbox::{Duplicates, Event, Step};
use xobito_flash::Error;
use xobito_power_cuts::FlashError;

use crate::common::{accepted, closed, enqueue, held, new_flash, open, run};

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
        let entry = xobito_core::outbox::Entry::new(
            &request,
            crate::common::ON_CALL,
            Duplicates::AtMostOnce,
        );
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
    matches!(error, Error::Worn { .. } | Error::Flash(_))
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
