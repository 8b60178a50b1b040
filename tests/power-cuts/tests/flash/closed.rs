//! What was not opened, or did not open, hands out nothing.

use core::time::Duration;

use xobito_core::outbox::{Coalesce, Duplicates, Entry, EntryId, Key, Step};
use xobito_core::{Accepted, Delivery, Failure, Outcome};
use xobito_flash::Error;

use crate::common::{
    CONFIG, Device, Flash, ON_CALL, accepted, closed, enqueue, new_flash, open, run, send_all, text,
};

/// Four entries that wait, behind one that is over.
fn used_flash() -> Flash {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect("there is room");
    let mut now = Duration::ZERO;
    send_all(&mut device, &mut now);
    for number in 2..6 {
        let _ = enqueue(&mut device, number, Duplicates::AtLeastOnce).expect("there is room");
    }
    device.into_flash()
}

/// Every method says that it is not open.
fn is_closed<const S: usize>(device: &mut Device<Flash, S>) {
    let now = Duration::ZERO;
    assert_eq!(run(device.poll(now, 0)), Err(Error::NotOpen));
    assert_eq!(run(device.save()), Err(Error::NotOpen));
    let request = text(9);
    let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce);
    let refused = run(device.enqueue(&entry, now)).expect_err("it is not open");
    assert_eq!((refused.error, refused.displaced), (Error::NotOpen, None));
    let sent = Outcome::<Accepted>::failed(false, Failure::Connect);
    let settled = run(device.settle(EntryId(1), sent.as_ref(), now));
    assert_eq!(settled, Err(Error::NotOpen));
    let asked = Outcome::<Delivery>::failed(false, Failure::Connect);
    let settled = run(device.settle_query(EntryId(1), asked.as_ref(), now));
    assert_eq!(settled, Err(Error::NotOpen));
    assert!(device.outbox().is_empty());
}

#[test]
fn what_was_never_opened_says_so() {
    is_closed(&mut closed::<_, 4>(new_flash()));
}

#[test]
fn a_log_that_could_not_be_read_to_its_end_is_forgotten() {
    let mut smaller = closed::<_, 3>(used_flash());
    let opened = run(smaller.open(Duration::ZERO, Duration::ZERO));
    assert_eq!(opened, Err(Error::TooManyEntries { slots: 3 }));
    is_closed(&mut smaller);
    let (device, found) = open(smaller.into_flash()).expect("it is an outbox");
    assert_eq!((found.entries, device.outbox().len()), (4, 4));
}

#[test]
fn a_log_that_is_opened_again_tells_nothing_of_what_was_before() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect("there is room");
    // It is replaced so often that the log is written anew, where it comes first.
    let request = text(2);
    let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce)
        .key(Key(2), Coalesce::ReplaceWithLatest);
    for _ in 0..40 {
        let _ = run(device.enqueue(&entry, Duration::ZERO)).expect("there is room");
        if device.outbox().len() == 2 {
            send_and_report(&mut device);
        }
    }
    // Its end is reported, and it is opened again before anybody said that this was heard.
    send_and_report(&mut device);
    let found = run(device.open(Duration::ZERO, Duration::ZERO)).expect("it is an outbox");
    assert_eq!(found.entries, 1);
    run(device.save()).expect("the flash is well");
    let (_, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!(found.entries, 1, "what is held is on the flash");
}

fn send_and_report(device: &mut Device) {
    let mut now = Duration::ZERO;
    loop {
        match run(device.poll(now, 0)).expect("the flash is well") {
            Step::Send { id, .. } => {
                run(device.settle(id, accepted("wamid.1").as_ref(), now)).expect("it is well");
            }
            Step::Wait(until) => now = until,
            Step::Report(_) => return,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_was_formatted_is_open() {
    let mut flash = new_flash();
    flash.fill(0x5A);
    let mut device: Device = Device::new(flash, 0..6 * 1024, CONFIG);
    let opened = run(device.open(Duration::ZERO, Duration::ZERO));
    assert_eq!(opened, Err(Error::Foreign));
    is_closed(&mut device);
    run(device.format()).expect("the flash is well");
    assert_eq!(run(device.poll(Duration::ZERO, 0)), Ok(Step::Idle));
}
