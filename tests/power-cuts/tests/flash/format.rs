//! What lies there is of another version, another size, or somebody else's.

use core::time::Duration;

use embedded_storage_async::nor_flash::NorFlash;
use sequential_storage::cache::Cache;
use sequential_storage::queue::{QueueConfig, QueueStorage};
use xobito_core::outbox::Duplicates;
use xobito_flash::Error;

use crate::common::{Device, Flash, closed, enqueue, held, new_flash, open, run};

#[test]
fn another_version_is_named_and_left_alone() {
    // The first had no tries in its states.
    for version in [1, 7] {
        let mut flash = new_flash();
        let mark = |kind: u8, number: u8| {
            let mut mark = vec![kind, number, 0, 0, 0];
            mark.extend(b"XbOx");
            mark.extend([version, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            mark
        };
        let config = QueueConfig::try_new(0..3 * 1024).expect("three pages");
        let mut queue = QueueStorage::new(&mut flash, config, Cache::new_uncached());
        run(queue.push(&mark(1, 0), false)).expect("there is room");
        run(queue.push(&mark(2, 1), false)).expect("there is room");
        let before = flash.bytes().to_vec();
        let mut device: Device = closed(flash);
        let opened = run(device.open(Duration::ZERO, Duration::ZERO));
        let (found, known) = (version, 2);
        assert_eq!(opened, Err(Error::Version { found, known }));
        assert_eq!(device.flash_mut().bytes(), before);
        let refused = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect_err("not open");
        assert_eq!(refused.error, Error::NotOpen);
    }
}

#[test]
fn what_is_somebody_elses_is_left_alone_until_it_is_formatted() {
    let mut flash = new_flash();
    flash.fill(0x5A);
    let before = flash.bytes().to_vec();
    let mut device: Device = closed(flash);
    let opened = run(device.open(Duration::ZERO, Duration::ZERO));
    assert_eq!(opened, Err(Error::Foreign));
    assert_eq!(device.flash_mut().bytes(), before);
    run(device.format()).expect("the flash is well");
    let _ = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect("there is room");
    let (device, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!((found.entries, device.outbox().len()), (1, 1));
}

/// Maps in `MessagePack` begin with the same bytes as an outbox's records about entries.
#[test]
fn nor_is_somebody_elses_queue_whose_first_page_is_empty() {
    for first_byte in [0x83, 0x84, 0x85] {
        let mut flash = new_flash();
        let item = |number: u8| {
            let mut item = vec![first_byte, 0xA4];
            item.extend(b"time");
            item.extend([number, 0xA1]);
            item.extend(b"t\0\0\0\x2a\xa3rpm\x01");
            item.resize(64, b' ');
            item
        };
        let config = QueueConfig::try_new(0..3 * 1024).expect("three pages");
        let mut queue = QueueStorage::new(&mut flash, config, Cache::new_uncached());
        for number in 0..25 {
            run(queue.push(&item(number), false)).expect("there is room");
        }
        run(flash.erase(0, 1024)).expect("a page");
        let before = flash.bytes().to_vec();
        let mut device: Device = closed(flash);
        let opened = run(device.open(Duration::ZERO, Duration::ZERO));
        assert_eq!(opened, Err(Error::Foreign));
        assert_eq!(device.flash_mut().bytes(), before);
    }
}

#[test]
fn firmware_with_fewer_slots_says_so_and_loses_nothing() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    for number in 0..4 {
        let _ = enqueue(&mut device, number, Duplicates::AtLeastOnce).expect("there is room");
    }
    let before = held(&device);
    let mut smaller = closed::<Flash, 3>(device.into_flash());
    let opened = run(smaller.open(Duration::ZERO, Duration::ZERO));
    assert_eq!(opened, Err(Error::TooManyEntries { slots: 3 }));
    let (device, _) = open(smaller.into_flash()).expect("it is an outbox");
    assert_eq!(held(&device), before);
}

#[test]
fn firmware_with_smaller_slots_says_so_and_loses_nothing() {
    use xobito_core::Request;
    use xobito_core::message::TextMessage;
    use xobito_core::outbox::Entry;

    let (mut device, _) = open(new_flash()).expect("a new flash");
    let long = "!".repeat(160);
    let message = TextMessage::new(&crate::common::ON_CALL, long.as_str());
    let request: Request<256> = Request::new(&message).expect("it fits");
    let entry = Entry::new(&request, crate::common::ON_CALL, Duplicates::AtLeastOnce);
    let _ = run(device.enqueue(&entry, Duration::ZERO)).expect("there is room");
    let before = held(&device);
    let flash = device.into_flash();
    let mut smaller: xobito_flash::DurableOutbox<
        Flash,
        4,
        128,
        { xobito_flash::record_bytes(128) },
    > = xobito_flash::DurableOutbox::new(flash, 0..6 * 1024, crate::common::CONFIG);
    let opened = run(smaller.open(Duration::ZERO, Duration::ZERO));
    assert!(
        matches!(opened, Err(Error::EntryTooLarge { .. })),
        "{opened:?}"
    );
    let (device, _) = open(smaller.into_flash()).expect("it is an outbox");
    assert_eq!(held(&device), before);
}

#[test]
fn ids_go_on_where_they_were_even_where_nothing_is_left() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let mut now = Duration::ZERO;
    for number in 0..50 {
        let _ = enqueue(&mut device, number, Duplicates::AtLeastOnce).expect("there is room");
        crate::common::send_all(&mut device, &mut now);
    }
    let (mut device, found) = open(device.into_flash()).expect("it is an outbox");
    assert_eq!(found.entries, 0);
    let enqueued = enqueue(&mut device, 51, Duplicates::AtLeastOnce).expect("there is room");
    assert_eq!(enqueued.id.0, 51);
}

#[test]
fn the_time_that_the_device_was_off_counts_where_it_is_known() {
    let (mut device, _) = open(new_flash()).expect("a new flash");
    let _ = enqueue(&mut device, 1, Duplicates::AtLeastOnce).expect("there is room");
    let mut device: Device = closed(device.into_flash());
    let off = Duration::from_hours(20);
    let found = run(device.open(Duration::ZERO, off)).expect("it is an outbox");
    assert_eq!(found.entries, 1);
    let mut entries = device.outbox().entries();
    let left = entries.next().map(|(_, entry)| entry.time_to_live);
    assert_eq!(left, Some(Duration::from_hours(4)));
}
