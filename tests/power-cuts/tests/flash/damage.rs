//! Bits flip: whatever is not readable any more is missed, and the rest is as it was.

use core::time::Duration;

use embedded_storage_async::nor_flash::NorFlash;
use xobito_core::outbox::{Duplicates, EntryId, Event, Stage, Step};
use xobito_flash::Error;

use crate::common::{Flash, accepted, enqueue, held, new_flash, open, run};

/// A flash with three entries that wait, of which the first is at most once, behind several that are over.
fn used_flash() -> (Flash, Vec<(EntryId, Vec<u8>)>) {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let mut now = Duration::ZERO;
    for number in 0..9 {
        let _ = enqueue(&mut device, number, Duplicates::AtLeastOnce).expect("there is room");
        crate::common::send_all(&mut device, &mut now);
    }
    let _ = enqueue(&mut device, 10, Duplicates::AtMostOnce).expect("there is room");
    let _ = enqueue(&mut device, 11, Duplicates::AtLeastOnce).expect("there is room");
    let _ = enqueue(&mut device, 12, Duplicates::AtLeastOnce).expect("there is room");
    let held = held(&device);
    (device.into_flash(), held)
}

#[test]
fn one_flipped_bit_anywhere_is_harmless_or_noticed() {
    let (flash, before) = used_flash();
    let (newest, _) = before.last().cloned().expect("three entries");
    let mut missed = 0;
    for address in 0..flash.bytes().len() {
        for bit in 0..8 {
            let mut flash = flash.clone();
            flash.flip(address, bit);
            let (device, found) = open(flash).unwrap_or_else(|error| {
                panic!("bit {bit} at {address:#x}: {error:?}");
            });
            let after = held(&device);
            let changed = after
                .iter()
                .filter(|(id, _)| before.iter().any(|(known, _)| known == id))
                .any(|entry| !before.contains(entry) && !is_over(&device, entry.0));
            assert!(!changed, "bit {bit} at {address:#x} changed an entry");
            let is_complete = before
                .iter()
                .all(|entry| after.iter().any(|back| back.0 == entry.0));
            let has_ghosts = after.len() > before.len();
            let is_noticed = found.damaged > 0;
            missed += usize::from(is_noticed);
            // The last record looks like one that the power cut short: that is the limit of what can be noticed.
            let only_last =
                after.len() + 1 == before.len() && !after.iter().any(|(id, _)| *id == newest);
            assert!(
                is_noticed || (is_complete && !has_ghosts) || only_last,
                "bit {bit} at {address:#x} went unnoticed: {after:?}"
            );
        }
    }
    assert!(missed > 1000, "flips that hit something: {missed}");
}

fn is_over(device: &crate::common::Device, id: EntryId) -> bool {
    device
        .outbox()
        .entries()
        .any(|(_, entry)| entry.id == id && matches!(entry.stage, Stage::Ended(_)))
}

#[test]
fn after_damage_nothing_at_most_once_is_sent_because_it_may_have_been() {
    // The mark of being in flight is the record that is hit: what follows shows that it is missing.
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtMostOnce).expect("there is room");
    let _ = enqueue(&mut device, 2, Duplicates::AtLeastOnce).expect("there is room");
    let before = device.flash_mut().bytes().to_vec();
    let mut now = Duration::ZERO;
    let mut next = || match run(device.poll(now, 0)).expect("the flash is well") {
        Step::Send { id, .. } => Some(id),
        Step::Wait(until) => {
            now = until;
            None
        }
        other => panic!("{other:?}"),
    };
    let sent = (0..9).find_map(|_| next());
    assert_eq!(sent, Some(EntryId(1)));
    let mark = first_difference(&before, device.flash_mut().bytes());
    // Somebody else is taken in, and the power goes.
    let _ = enqueue(&mut device, 3, Duplicates::AtLeastOnce).expect("there is room");
    let mut flash = device.into_flash();
    flash.flip(mark + 12, 1);
    let (mut device, found) = open(flash).expect("it is an outbox");
    assert_eq!(found.damaged, 1, "{found:?}");
    let report = run(device.poll(Duration::ZERO, 0)).expect("the flash is well");
    let Step::Report(Event::Ended(ended)) = report else {
        panic!("{report:?}")
    };
    assert_eq!(
        (ended.id, ended.end),
        (EntryId(1), xobito_core::outbox::End::Unknown)
    );
}

fn first_difference(one: &[u8], other: &[u8]) -> usize {
    let mut pairs = one.iter().zip(other);
    pairs
        .position(|(one, other)| one != other)
        .expect("a difference")
}

#[test]
fn a_page_that_is_lost_takes_nothing_else_with_it() {
    let (flash, before) = used_flash();
    for page in 0..6 {
        let mut flash = flash.clone();
        for address in page * 1024 + 40..page * 1024 + 1000 {
            flash.flip(address, 0);
            flash.flip(address, 5);
        }
        match open(flash) {
            Ok((mut device, found)) => {
                let after = held(&device);
                let lost = before.iter().filter(|entry| !after.contains(entry)).count();
                assert!(lost == 0 || found.damaged > 0, "page {page}: {found:?}");
                // Whatever it is, it works from here on.
                let enqueued = enqueue(&mut device, 99, Duplicates::AtLeastOnce);
                let id = enqueued.expect("there is room").id;
                let (device, _) = open(device.into_flash()).expect("it is an outbox");
                assert!(held(&device).iter().any(|(held, _)| *held == id));
            }
            Err(error) => assert_eq!(error, Error::Foreign, "page {page}"),
        }
    }
}

#[test]
fn an_answer_is_still_there_after_a_reset() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect("there is room");
    let mut now = Duration::ZERO;
    let id = loop {
        match run(device.poll(now, 0)).expect("the flash is well") {
            Step::Send { id, .. } => break id,
            Step::Wait(until) => now = until,
            other => panic!("{other:?}"),
        }
    };
    run(device.settle(id, accepted("wamid.HBgL").as_ref(), now)).expect("the flash is well");
    let (mut device, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!(found.entries, 1);
    let report = run(device.poll(Duration::ZERO, 0)).expect("the flash is well");
    let Step::Report(Event::Ended(ended)) = report else {
        panic!("{report:?}")
    };
    assert_eq!(
        ended.message_id.map(|id| id.as_str().to_owned()).as_deref(),
        Some("wamid.HBgL")
    );
}

#[test]
fn a_page_that_is_wiped_is_missed_unless_it_is_the_last_one() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let mut now = Duration::ZERO;
    let mut wiped = [0; 2];
    for number in 0..300 {
        let _ = enqueue(&mut device, number, Duplicates::AtMostOnce).expect("there is room");
        crate::common::send_all(&mut device, &mut now);
        let last_id = device.last_id();
        let flash = device.flash_mut().clone();
        for page in 0..6 {
            let mut flash = flash.clone();
            let is_last = is_last(&flash, page);
            let from = u32::try_from(page * 1024).expect("a small flash");
            run(flash.erase(from, from + 1024)).expect("it is a page");
            let (mut again, found) = open(flash).expect("it is an outbox");
            let mut entries = again.outbox().entries();
            let comes_again = entries.any(|(_, entry)| entry.stage == Stage::Waiting);
            drop(entries);
            assert!(
                !comes_again || is_last,
                "after {number}, page {page}: an alert at most once is back: {found:?}"
            );
            if found.damaged == 0 {
                continue;
            }
            wiped[page / 3] += 1;
            let id = enqueue(&mut again, 0, Duplicates::AtLeastOnce);
            let id = id.expect("there is room").id;
            assert!(id > last_id, "after {number}, page {page}: {id} is not new");
            // It is noticed once, and then all is well.
            let (_, found) = open(again.into_flash()).expect("it is an outbox");
            assert_eq!(found.damaged, 0, "after {number}, page {page}");
        }
    }
    assert!(wiped.iter().all(|wiped| *wiped > 50), "{wiped:?}");
}

/// Whether nothing is written in the pages behind this one in its bank.
fn is_last(flash: &Flash, page: usize) -> bool {
    let bank_end = if page < 3 { 3 } else { 6 };
    let behind = flash.bytes().get((page + 1) * 1024..bank_end * 1024);
    behind.is_none_or(|behind| behind.iter().all(|byte| *byte == 0xFF))
}

/// The power went in a compaction, when the other bank was just erased, and then the page with the marks is wiped.
#[test]
fn ids_are_not_given_again_where_no_mark_is_left() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let mut now = Duration::ZERO;
    let mut tried = 0;
    // More of them than the bytes of a bank, so that it cannot just be assumed how many there were.
    for number in 0..4_000 {
        let _ = enqueue(&mut device, number, Duplicates::AtLeastOnce).expect("there is room");
        crate::common::send_all(&mut device, &mut now);
        if number < 3_900 {
            continue;
        }
        for (used, other) in [(0, 3), (3, 0)] {
            let mut flash = device.flash_mut().clone();
            run(flash.erase(other * 1024, (other + 3) * 1024)).expect("three pages");
            let whole = open(flash.clone());
            if !whole.is_ok_and(|(whole, _)| whole.last_id() == device.last_id()) {
                continue; // It is the other one that is in use.
            }
            run(flash.erase(used * 1024, (used + 1) * 1024)).expect("a page");
            let (again, found) = open(flash).expect("it is an outbox, or empty");
            if found.damaged > 0 {
                tried += 1;
                assert!(again.last_id() >= device.last_id(), "after {number}");
            }
        }
    }
    assert!(tried > 10, "{tried}");
}
