//! Every entry ends in one report, also where it had to make room in a call that failed or was given up.

use core::time::Duration;

use xobito_core::outbox::{Duplicates, End, Enqueued, Entry, EntryId, Event, Full, Priority, Step};
use xobito_flash::NotEnqueued;
use xobito_power_cuts::{Cut, Damage, FlashError, PowerCut, on_power};

use crate::common::{CONFIG, Device, ON_CALL, new_flash, open, run, text};

/// One whose four slots are taken by alerts of low priority, which make room for others.
fn full() -> Device {
    let config = CONFIG.when_full(Full::DropLowest);
    let mut device: Device = Device::new(new_flash(), 0..6 * 1024, config);
    let _ = run(device.open(Duration::ZERO, Duration::ZERO)).expect("a new flash");
    for number in 1..=4 {
        let enqueued = enqueue(&mut device, number, Priority::Low).expect("the power is on");
        let _ = enqueued.expect("there is room");
    }
    device
}

fn enqueue(
    device: &mut Device,
    number: usize,
    priority: Priority,
) -> Result<Result<Enqueued, NotEnqueued<FlashError>>, PowerCut> {
    let request = text(number);
    let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce).priority(priority);
    on_power(device.enqueue(&entry, Duration::ZERO))
}

/// Calls it, and gives the call up in the middle of its first write.
fn give_up_enqueue(device: &mut Device, number: usize) {
    let at_operation = device.flash_mut().operations() + 1;
    device.flash_mut().plan(Cut {
        at_operation,
        damage: Damage::Prefix,
        seed: 0,
    });
    assert!(
        enqueue(device, number, Priority::High).is_err(),
        "it was done"
    );
    device.flash_mut().power_on();
}

fn wear_out(device: &mut Device) {
    for address in (0..device.flash_mut().bytes().len()).step_by(4) {
        device.flash_mut().wear_out(address);
    }
}

#[test]
fn where_two_made_room_and_the_flash_dies_both_are_reported() {
    let mut device = full();
    give_up_enqueue(&mut device, 5);
    run(device.save()).expect("the flash is well");
    wear_out(&mut device);
    let refused = enqueue(&mut device, 6, Priority::High).expect("the power is on");
    let refused = refused.expect_err("it cannot be kept");
    let first = refused.displaced.map(|ended| (ended.id, ended.end));
    assert_eq!(first, Some((EntryId(1), End::Dropped)));
    let polled = run(device.poll(Duration::ZERO, 0));
    let Ok(Step::Report(Event::Ended(second))) = polled else {
        panic!("{polled:?}")
    };
    assert_eq!((second.id, second.end), (EntryId(2), End::Dropped));
    assert_eq!((second.recipient, second.stands_for), (ON_CALL, 1));
    let waits = run(device.poll(Duration::ZERO, 0));
    assert!(!matches!(waits, Ok(Step::Report(_))), "{waits:?}");
}

#[test]
fn what_made_room_just_before_a_reset_is_reported_by_open_and_then_no_more() {
    let mut device = full();
    let enqueued = enqueue(&mut device, 5, Priority::High).expect("the power is on");
    assert!(enqueued.expect("there is room").displaced.is_some());
    let (device, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!(found.displaced.map(|ended| ended.id), Some(EntryId(1)));
    // Nobody called since: perhaps it was not heard.
    let (mut device, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!(found.displaced.map(|ended| ended.id), Some(EntryId(1)));
    run(device.save()).expect("the flash is well");
    let before = device.flash_mut().operations();
    run(device.save()).expect("the flash is well");
    assert_eq!(device.flash_mut().operations(), before, "once is enough");
    let (device, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!((found.displaced, device.outbox().len()), (None, 4));
}
