//! As much flash as `flash_bytes` says is enough, and what is less is refused with that number.

use core::time::Duration;

use embedded_storage_async::nor_flash::{NorFlash, ReadNorFlash};
use xobito_core::Request;
use xobito_core::message::TextMessage;
use xobito_core::outbox::{Coalesce, Config, Duplicates, Entry, Key};
use xobito_flash::{DurableOutbox, Error, flash_bytes, record_bytes};
use xobito_power_cuts::SimulatedFlash;

use crate::common::{ON_CALL, run};

/// Fills every slot to the last byte, and replaces entries for a long time.
fn is_enough<
    const WORD: usize,
    const PAGE: usize,
    const SLOTS: usize,
    const BYTES: usize,
    const RECORD: usize,
>() {
    type Sim<const W: usize, const P: usize> = SimulatedFlash<W, P>;
    let word = Sim::<WORD, PAGE>::READ_SIZE.max(Sim::<WORD, PAGE>::WRITE_SIZE);
    let needed = flash_bytes(SLOTS, BYTES, word, PAGE).expect("pages are large enough");
    let open = |bytes: usize| {
        let flash = Sim::<WORD, PAGE>::new(bytes / PAGE);
        let end = u32::try_from(bytes).expect("a small flash");
        let mut device: DurableOutbox<_, SLOTS, BYTES, RECORD> =
            DurableOutbox::new(flash, 0..end, Config::DEFAULT);
        let opened = run(device.open(Duration::ZERO, Duration::ZERO));
        (device, opened)
    };
    if needed > 2 * PAGE {
        let given = needed - 2 * PAGE;
        let (_, opened) = open(given);
        assert_eq!(opened, Err(Error::FlashTooSmall { given, needed }));
    }
    let (mut device, opened) = open(needed);
    assert!(opened.is_ok(), "{opened:?}");
    let overhead = Request::<BYTES>::new(&TextMessage::new(&ON_CALL, "x")).expect("it fits");
    let longest = "y".repeat(BYTES - overhead.body().len() + 1);
    let message = TextMessage::new(&ON_CALL, longest.as_str());
    let request: Request<BYTES> = Request::new(&message).expect("it fits");
    for round in 0..40_u32 {
        for slot in 0..SLOTS {
            let key = Key(u32::try_from(slot).expect("a few"));
            let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce)
                .key(key, Coalesce::ReplaceWithLatest);
            let enqueued = run(device.enqueue(&entry, Duration::ZERO));
            assert!(enqueued.is_ok(), "round {round}: {enqueued:?}");
        }
    }
    let flash = device.into_flash();
    let end = u32::try_from(flash.capacity()).expect("a small flash");
    let mut device: DurableOutbox<_, SLOTS, BYTES, RECORD> =
        DurableOutbox::new(flash, 0..end, Config::DEFAULT);
    let found = run(device.open(Duration::ZERO, Duration::ZERO)).expect("it is an outbox");
    assert_eq!((found.entries, found.damaged), (SLOTS, 0));
}

#[test]
fn what_it_says_is_enough_for_small_and_large_slots_words_and_pages() {
    is_enough::<1, 512, 4, 128, { record_bytes(128) }>();
    is_enough::<4, 1024, 1, 256, { record_bytes(256) }>();
    is_enough::<4, 1024, 9, 700, { record_bytes(700) }>();
    is_enough::<4, 4096, 8, 512, { record_bytes(512) }>();
    is_enough::<4, 4096, 16, 1500, { record_bytes(1500) }>();
    is_enough::<8, 2048, 7, 333, { record_bytes(333) }>();
    is_enough::<32, 8192, 8, 1024, { record_bytes(1024) }>();
}

#[test]
fn a_page_that_is_too_small_and_a_range_that_is_no_range_are_named() {
    let mut device: DurableOutbox<_, 4, 1024, { record_bytes(1024) }> = DurableOutbox::new(
        SimulatedFlash::<4, 1024>::new(8),
        0..8 * 1024,
        Config::DEFAULT,
    );
    let opened = run(device.open(Duration::ZERO, Duration::ZERO));
    let Err(Error::PageTooSmall { page, needed }) = opened else {
        panic!("{opened:?}")
    };
    assert_eq!(page, 1024);
    assert!(needed > 1024 && needed < 1200, "{needed}");

    for range in [0..3 * 1024, 512..2 * 1024 + 512, 0..10 * 1024, 4096..4096] {
        let flash = SimulatedFlash::<4, 1024>::new(8);
        let mut device: DurableOutbox<_, 2, 128, { record_bytes(128) }> =
            DurableOutbox::new(flash, range.clone(), Config::DEFAULT);
        let opened = run(device.open(Duration::ZERO, Duration::ZERO));
        let expected = Error::Range {
            page: 1024,
            capacity: 8 * 1024,
        };
        assert!(
            opened == Err(expected) || matches!(opened, Err(Error::FlashTooSmall { .. })),
            "{range:?}: {opened:?}"
        );
    }
}
