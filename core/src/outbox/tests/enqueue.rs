use super::*;

fn entry(alert: &Request<256>) -> Entry<'_> {
    Entry::new(alert, ADA, Duplicates::AtLeastOnce)
}

const DROPPING: Config = Config::DEFAULT.when_full(Full::DropLowest);

#[test]
fn what_is_too_large_says_what_would_have_been_enough() {
    let mut outbox = Outbox::<1, 128>::new(Config::DEFAULT);
    let (alert, template) = (text(&"x".repeat(80)), template());
    let error = outbox.enqueue(&entry(&alert).fallback(&template), s(0));
    // The message's id takes the request's place, so that has 128 bytes at least.
    let needed = alert.body().len().max(128) + template.body().len();
    assert_eq!(
        error,
        Err(EnqueueError::TooLarge {
            capacity: 128,
            needed
        })
    );
    assert!(outbox.is_empty());
}

#[test]
fn a_fallback_is_a_template() {
    let alert = text("Freezer 3 is open");
    let error = Small::new(Config::DEFAULT).enqueue(&entry(&alert).fallback(&alert), s(0));
    assert_eq!(error, Err(EnqueueError::NotATemplate));
}

#[test]
fn the_more_urgent_goes_first_and_among_equals_the_older() {
    let mut outbox = Outbox::<4, 512>::new(Config::DEFAULT.recipient_gap(s(0)).follow(None));
    let alert = text("Freezer 3 is open");
    let priorities = [
        Priority::Low,
        Priority::High,
        Priority::Urgent,
        Priority::High,
    ];
    for priority in priorities {
        let _ = outbox
            .enqueue(&entry(&alert).priority(priority), s(0))
            .unwrap();
    }
    for expected in [3, 2, 4, 1] {
        let (id, _) = send(&mut outbox, s(0));
        assert_eq!(id, EntryId(expected));
        outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
        assert_eq!(report(&mut outbox, s(0)).id, id);
    }
}

#[test]
fn alerts_about_the_same_become_one() {
    let mut outbox = Small::new(Config::DEFAULT);
    let (first, latest) = (text("Freezer 3 is open"), text("Freezer 3 is open again"));
    let enqueue = |outbox: &mut Small, alert, to, coalesce| {
        let entry = Entry::new(alert, to, Duplicates::AtLeastOnce).key(Key(3), coalesce);
        let enqueued = outbox.enqueue(&entry, s(0)).unwrap();
        (enqueued.id.0, enqueued.stands_for)
    };
    assert_eq!(outbox.stands_for(Key(3), &ADA), None);
    assert_eq!(
        enqueue(&mut outbox, &first, ADA, Coalesce::KeepFirst),
        (1, 1)
    );
    assert_eq!(
        enqueue(&mut outbox, &latest, ADA, Coalesce::KeepFirst),
        (1, 2)
    );
    assert_eq!(outbox.snapshot(0).unwrap().body, first.body());
    assert_eq!(
        enqueue(&mut outbox, &latest, BOB, Coalesce::KeepFirst),
        (2, 1),
        "for another"
    );
    assert_eq!(outbox.stands_for(Key(3), &ADA), Some(2));
    assert_eq!(
        enqueue(&mut outbox, &latest, ADA, Coalesce::ReplaceWithLatest),
        (1, 3)
    );

    let (id, body) = send(&mut outbox, s(0));
    assert_eq!((id.0, &body[..]), (1, latest.body()));
    assert_eq!(outbox.stands_for(Key(3), &ADA), None, "it is in flight");
    assert_eq!(
        enqueue(&mut outbox, &first, ADA, Coalesce::KeepFirst),
        (3, 1)
    );
    outbox.settle(id, refused(422).as_ref(), s(1)).unwrap();
    assert_eq!(report(&mut outbox, s(1)).stands_for, 3);
}

#[test]
fn a_full_outbox_refuses() {
    let mut outbox = Small::new(Config::DEFAULT);
    for _ in 0..3 {
        put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    }
    let alert = text("Freezer 4 is open");
    let urgent = entry(&alert).priority(Priority::Urgent);
    assert_eq!(
        outbox.enqueue(&urgent, s(0)),
        Err(EnqueueError::Full { slots: 3 })
    );
    assert_eq!((outbox.len(), outbox.capacity()), (3, 3));
}

#[test]
fn where_there_is_room_nothing_makes_room() {
    let alert = text("Freezer 3 is open");
    let mut outbox = Small::new(DROPPING);
    for now in [0, 100_000] {
        let enqueued = outbox.enqueue(&entry(&alert), s(now)).unwrap();
        assert_eq!((enqueued.stands_for, enqueued.displaced), (1, None));
    }
}

#[test]
fn what_waited_too_long_stands_for_nothing_more() {
    let alert = text("Freezer 3 is open");
    let about = entry(&alert).key(Key(3), Coalesce::KeepFirst);
    let about = about.time_to_live(s(10));
    let mut outbox = Small::new(Config::DEFAULT);
    for (now, id, stands_for) in [(0, 1, 1), (9, 1, 2), (10, 2, 1)] {
        let enqueued = outbox.enqueue(&about, s(now)).unwrap();
        assert_eq!((enqueued.id.0, enqueued.stands_for), (id, stands_for));
    }
}

#[test]
fn a_full_outbox_drops_the_oldest_of_the_lowest_priority_below_the_newcomers() {
    let mut outbox = Small::new(DROPPING);
    let alert = text("Freezer 3 is open");
    for priority in [Priority::High, Priority::Low, Priority::Low] {
        let _ = outbox
            .enqueue(&entry(&alert).priority(priority), s(0))
            .unwrap();
    }
    let newcomer = entry(&alert).priority(Priority::High);
    for expected in [2, 3] {
        let dropped = outbox.enqueue(&newcomer, s(0)).unwrap().displaced.unwrap();
        assert_eq!((dropped.id, dropped.end), (EntryId(expected), End::Dropped));
    }
    assert_eq!(
        outbox.enqueue(&newcomer, s(0)),
        Err(EnqueueError::Full { slots: 3 })
    );
}

#[test]
fn what_has_ended_makes_room_first_then_what_is_followed() {
    let mut outbox = Small::new(DROPPING);
    let followed = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    let failed = put(&mut outbox, BOB, Duplicates::AtLeastOnce);
    let alert = text("Freezer 3 is open");
    let _ = outbox
        .enqueue(&entry(&alert).time_to_live(s(1)), s(0))
        .unwrap();
    send(&mut outbox, s(0));
    outbox.settle(followed, accepted().as_ref(), s(0)).unwrap();
    send(&mut outbox, s(0));
    outbox.settle(failed, refused(422).as_ref(), s(0)).unwrap();

    let mut displaced = || {
        outbox
            .enqueue(&entry(&alert), s(2))
            .map(|enqueued| enqueued.displaced)
    };
    let mut end = || displaced().unwrap().unwrap().end;
    assert_eq!(
        end(),
        End::Failed(FailedBecause::Rejected(Reason::Validation))
    );
    assert_eq!(end(), End::Expired);
    assert_eq!(end(), End::AcceptedUntracked(Untracked::RoomNeeded));
    assert_eq!(displaced(), Err(EnqueueError::Full { slots: 3 }));
}

#[test]
fn what_is_followed_makes_no_room_where_nothing_is_dropped() {
    let mut outbox = Small::new(Config::DEFAULT);
    for _ in 0..3 {
        put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    }
    let (id, _) = send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
    let alert = text("Freezer 3 is open");
    assert_eq!(
        outbox.enqueue(&entry(&alert), s(0)),
        Err(EnqueueError::Full { slots: 3 })
    );
}

#[test]
fn a_template_that_may_still_be_needed_gives_way_to_the_more_urgent_alone() {
    let (alert, template) = (text("Freezer 3 is open"), template());
    let high = entry(&alert).priority(Priority::High);
    // It is accepted, and two more wait.
    let full = |important: &Entry<'_>| {
        let mut outbox = Small::new(DROPPING);
        let id = outbox.enqueue(important, s(0)).unwrap().id;
        send(&mut outbox, s(0));
        outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
        for _ in 0..2 {
            let _ = outbox.enqueue(&high, s(0)).unwrap();
        }
        outbox
    };
    let with_fallback = || full(&high.fallback(&template));
    let end = |mut outbox: Small, priority, now| {
        let newcomer = entry(&alert).priority(priority);
        let enqueued = outbox.enqueue(&newcomer, now);
        enqueued.map(|enqueued| enqueued.displaced.unwrap().end)
    };
    let is_full = Err(EnqueueError::Full { slots: 3 });
    let room_needed = Ok(End::AcceptedUntracked(Untracked::RoomNeeded));
    assert_eq!(end(with_fallback(), Priority::High, s(1)), is_full);
    assert_eq!(end(with_fallback(), Priority::Urgent, s(1)), room_needed);
    // There is none, or it went first.
    assert_eq!(end(full(&high), Priority::Low, s(1)), room_needed);
    let template_first = full(&high.template_first(&template));
    assert_eq!(end(template_first, Priority::Low, s(1)), room_needed);
}

#[test]
fn what_could_not_be_stored_is_withdrawn() {
    let mut outbox = Small::new(Config::DEFAULT);
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    outbox.withdraw(EntryId(7));
    assert_eq!(outbox.len(), 1);
    outbox.withdraw(id);
    assert!(outbox.is_empty());
    assert_eq!(outbox.poll(s(0), 0), Step::Idle);

    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    assert!(!outbox.is_empty());
    send(&mut outbox, s(0));
    outbox.withdraw(id);
    assert_eq!(outbox.len(), 1, "it is in flight");
}

#[test]
fn ids_are_used_once() {
    let mut outbox = Small::new(Config::DEFAULT);
    outbox.continue_after(EntryId(u32::MAX - 1));
    outbox.continue_after(EntryId(7));
    assert_eq!(
        put(&mut outbox, ADA, Duplicates::AtLeastOnce),
        EntryId(u32::MAX)
    );
    let alert = text("Freezer 3 is open");
    assert_eq!(
        outbox.enqueue(&entry(&alert), s(0)),
        Err(EnqueueError::IdsExhausted)
    );
}

#[test]
fn a_request_from_elsewhere_is_a_json_object() {
    let body = br#"{"phone_number":"+14155551234"}"#;
    let request = BorrowedRequest::from_parts(Kind::Media, body).unwrap();
    assert_eq!((request.kind(), request.body()), (Kind::Media, &body[..]));
    for wrong in [&b""[..], b"7", b"[]", b"{", b"{}x", b" {}"] {
        assert!(BorrowedRequest::from_parts(Kind::Send, wrong).is_err());
    }
}

/// The clock's fractions of a millisecond give it none.
#[test]
fn without_any_time_to_live_it_is_over_at_once() {
    let now = Duration::from_micros(1_500);
    let mut outbox = Small::new(Config::DEFAULT);
    let alert = text("Freezer 3 is open");
    let late = entry(&alert).time_to_live(Duration::ZERO);
    let _ = outbox.enqueue(&late, now).unwrap();
    assert_eq!(report(&mut outbox, now).end, End::Expired);
}

#[test]
fn a_newer_text_does_not_wait_for_as_long_as_the_older_one() {
    let mut outbox = Small::new(Config::DEFAULT);
    let alert = text("Freezer 3 is a little warm");
    let about = |alert| entry(alert).key(Key(3), Coalesce::ReplaceWithLatest);
    let id = outbox.enqueue(&about(&alert), s(0)).unwrap().id;
    send(&mut outbox, s(0));
    let put_off = answer::<Accepted>(503, r#"{"status":"error","retry_after":3600}"#);
    outbox.settle(id, put_off.as_ref(), s(0)).unwrap();
    let alert = text("Freezer 3 is on fire");
    for now in [10, 20] {
        let newer = about(&alert).time_to_live(s(600));
        assert_eq!(outbox.enqueue(&newer, s(now)).unwrap().id, id);
        // A cool-down after the first, or a sensor that flaps would try at once each time.
        assert_eq!(outbox.poll(s(now), 0), Step::Wait(s(70)));
    }
    assert_eq!(send(&mut outbox, s(70)), (id, alert.body().to_vec()));
}
