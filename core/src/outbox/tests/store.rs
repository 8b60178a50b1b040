use super::*;

/// What is not stored, in words; it is then.
fn write(outbox: &mut Small) -> Vec<(usize, &'static str)> {
    let mut written = Vec::new();
    while let Some((slot, unsaved)) = outbox.next_unsaved() {
        written.push((
            slot,
            match unsaved {
                Unsaved::Entry(_) => "entry",
                Unsaved::State(_) => "state",
                Unsaved::Freed(_) => "freed",
            },
        ));
        assert!(written.len() < 10, "no end of {written:?}");
        outbox.saved(slot);
    }
    written
}

fn copy(outbox: &Small, config: Config) -> Small {
    let mut copy = Small::new(config);
    for (slot, stored) in outbox.entries() {
        copy.restore(slot, &stored, s(0)).unwrap();
    }
    copy.restored(s(0));
    copy
}

#[test]
fn an_alert_at_least_once_takes_three_writes() {
    let mut outbox = Small::new(Config::DEFAULT.follow(None));
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    assert_eq!(write(&mut outbox), [(0, "entry")]);
    send(&mut outbox, s(0));
    assert_eq!(write(&mut outbox), [], "in flight is as good as waiting");
    outbox.settle(id, lost().as_ref(), s(0)).unwrap();
    assert_eq!(write(&mut outbox), []);
    send(&mut outbox, s(99));
    outbox.settle(id, accepted().as_ref(), s(99)).unwrap();
    assert_eq!(write(&mut outbox), [(0, "state")]);
    report(&mut outbox, s(99));
    assert_eq!(write(&mut outbox), [(0, "freed")]);
}

#[test]
fn an_alert_at_most_once_is_stored_as_in_flight_before_it_is_sent() {
    let mut outbox = Small::new(Config::DEFAULT);
    let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    write(&mut outbox);
    send(&mut outbox, s(0));
    let (_, Unsaved::State(stored)) = outbox.next_unsaved().unwrap() else {
        panic!()
    };
    assert_eq!((stored.id, stored.stage), (id, Stage::InFlight));
    write(&mut outbox);
    outbox.settle(id, not_sent().as_ref(), s(0)).unwrap();
    assert_eq!(write(&mut outbox), [(0, "state")], "it waits again");
    send(&mut outbox, s(99));
    outbox.settle(id, lost().as_ref(), s(99)).unwrap();
    assert_eq!(
        outbox.snapshot(0).unwrap().stage,
        Stage::Ended(End::Unknown)
    );
    assert_eq!(write(&mut outbox), [(0, "state")]);
}

#[test]
fn counting_one_more_is_not_worth_a_write() {
    let mut outbox = Small::new(Config::DEFAULT);
    let alert = text("Freezer 3 is open");
    let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce);
    for (coalesce, expected) in [
        (Coalesce::KeepFirst, &[(0, "entry")][..]),
        (Coalesce::KeepFirst, &[]),
        (Coalesce::ReplaceWithLatest, &[(0, "entry")]),
    ] {
        let _ = outbox.enqueue(&entry.key(Key(3), coalesce), s(0)).unwrap();
        assert_eq!(write(&mut outbox), expected);
    }
    assert_eq!(outbox.snapshot(0).unwrap().stands_for, 3);
}

#[test]
fn what_was_in_flight_at_a_reset_is_treated_by_its_policy() {
    for duplicates in [Duplicates::AtLeastOnce, Duplicates::AtMostOnce] {
        let mut outbox = Small::new(Config::DEFAULT);
        put(&mut outbox, ADA, duplicates);
        send(&mut outbox, s(0));
        let mut again = copy(&outbox, Config::DEFAULT);
        if duplicates == Duplicates::AtLeastOnce {
            send(&mut again, s(9));
        } else {
            assert_eq!(report(&mut again, s(9)).end, End::Unknown);
        }
    }
}

#[test]
fn everything_about_an_entry_comes_back() {
    let mut outbox = Small::new(Config::DEFAULT);
    let (alert, template) = (text("Freezer 3 is open"), template());
    let entry = Entry::new(&alert, BOB, Duplicates::AtMostOnce)
        .priority(Priority::Urgent)
        .time_to_live(s(77))
        .key(Key(3), Coalesce::KeepFirst)
        .template_first(&template);
    let id = outbox.enqueue(&entry, s(0)).unwrap().id;
    let _ = outbox.enqueue(&entry, s(0)).unwrap();
    let stored = outbox.snapshot(0).unwrap();
    let expected = Snapshot {
        id,
        recipient: BOB,
        priority: Priority::Urgent,
        duplicates: Duplicates::AtMostOnce,
        key: Some(Key(3)),
        time_to_live: s(77),
        stands_for: 2,
        attempts: 0,
        tries: 0,
        stage: Stage::Waiting,
        part: Part::Template,
        other_part_left: true,
        message_id: None,
        kind: Kind::Send,
        body: alert.body(),
        template: template.body(),
    };
    assert_eq!(stored, expected);
    let again = copy(&outbox, Config::DEFAULT);
    assert_eq!(again.snapshot(0), Some(expected));
    assert_eq!(again.unsaved().count(), 0);
}

#[test]
fn an_accepted_message_is_followed_after_a_reset_if_it_is_to_be() {
    let mut outbox = Small::new(Config::DEFAULT);
    let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
    let mut again = copy(&outbox, Config::DEFAULT);
    assert!(matches!(again.poll(s(9), 0), Step::Query { .. }));
    let mut again = copy(&outbox, Config::DEFAULT.follow(None));
    let ended = report(&mut again, s(9));
    assert_eq!(ended.end, End::AcceptedUntracked(Untracked::NotFollowed));
    assert_eq!(
        put(&mut again, ADA, Duplicates::AtMostOnce),
        EntryId(2),
        "ids go on"
    );
}

#[test]
fn queries_are_counted_over_resets() {
    let config = Config::DEFAULT.follow(Some(Follow::new(s(10), s(20), 3)));
    let mut outbox = Small::new(config);
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
    for query in 1..=3 {
        write(&mut outbox);
        outbox = copy(&outbox, config);
        let step = outbox.poll(s(9), 0);
        assert!(matches!(step, Step::Query { .. }), "{query}: {step:?}");
        outbox
            .settle_query(id, delivery("sent").as_ref(), s(9))
            .unwrap();
        assert_eq!(write(&mut outbox), [(0, "state")], "{query}");
    }
    let ended = report(&mut outbox, s(9)).end;
    assert_eq!(ended, End::AcceptedUntracked(Untracked::GaveUp));
}

#[test]
fn tries_are_counted_over_resets_and_waits_go_on_growing() {
    let config = Config::DEFAULT.follow(None);
    let mut outbox = Small::new(config);
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    for wait_s in [30, 60, 120, 240] {
        outbox = copy(&outbox, config);
        send(&mut outbox, s(9));
        outbox.settle(id, lost().as_ref(), s(9)).unwrap();
        outbox.link_up();
        assert_eq!(outbox.poll(s(9), 0), Step::Wait(s(9 + wait_s)));
    }
    let waiting = outbox.snapshot(0).unwrap();
    assert_eq!((waiting.tries, waiting.attempts), (4, 4));
    // As a store that goes through what happened does.
    let mut outbox = Small::new(config);
    let fresh = Snapshot {
        tries: 0,
        ..waiting.clone()
    };
    outbox.restore(0, &fresh, s(0)).unwrap();
    outbox.restore_state(&waiting, s(0)).unwrap();
    assert_eq!(outbox.snapshot(0).unwrap().tries, 4);
}

#[test]
fn what_may_have_arrived_before_a_reset_does_not_wait_for_a_cool_down() {
    let config = Config::DEFAULT.cool_down(s(3600)).follow(None);
    // (the priority of what was not tried before, how long after the one the other goes)
    for (priority, then_s) in [(Priority::High, 6), (Priority::Low, 3600)] {
        let mut outbox = Small::new(config);
        let alert = text("Freezer 3 is open");
        let entry =
            Entry::new(&alert, ADA, Duplicates::AtLeastOnce).key(Key(3), Coalesce::KeepFirst);
        let tried = outbox.enqueue(&entry, s(0)).unwrap().id;
        send(&mut outbox, s(0));
        let _ = outbox.enqueue(&entry.priority(priority), s(0)).unwrap();
        outbox.settle(tried, lost().as_ref(), s(0)).unwrap();
        let restored = copy(&outbox, config);
        let mut told_last = copy(&outbox, config);
        for (_, stored) in outbox.entries() {
            told_last.restore_state(&stored, s(0)).unwrap();
        }
        for mut outbox in [restored, told_last] {
            let (first, _) = send(&mut outbox, s(60));
            assert_eq!(first == tried, priority == Priority::Low);
            outbox.settle(first, accepted().as_ref(), s(60)).unwrap();
            report(&mut outbox, s(60));
            assert_eq!(outbox.poll(s(60), 0), Step::Wait(s(60 + then_s)));
        }
    }
}

#[test]
fn time_to_live_goes_on_where_it_was() {
    let mut outbox = Small::new(Config::DEFAULT.time_to_live(s(100)));
    put(&mut outbox, ADA, Duplicates::AtMostOnce);
    assert!(matches!(outbox.poll(s(60), 0), Step::Send { .. }));
    outbox.unsend(EntryId(1));
    let mut again = copy(&outbox, Config::DEFAULT);
    assert_eq!(again.snapshot(0).unwrap().time_to_live, s(40));
    assert_eq!(report(&mut again, s(40)).end, End::Expired);
}

#[test]
fn what_cannot_be_put_back_says_why() {
    let mut outbox = Small::new(Config::DEFAULT);
    put(&mut outbox, ADA, Duplicates::AtMostOnce);
    let stored = outbox.snapshot(0).unwrap();
    let other = Snapshot {
        id: EntryId(2),
        ..stored.clone()
    };
    let mut again = Small::new(Config::DEFAULT);
    let mut restore = |slot, stored| again.restore(slot, stored, s(0));
    assert_eq!(
        restore(3, &stored),
        Err(RestoreError::NoSuchSlot { slots: 3 })
    );
    assert_eq!(restore(1, &stored), Ok(()));
    assert_eq!(restore(2, &stored), Err(RestoreError::Twice));
    assert_eq!(restore(1, &other), Err(RestoreError::Taken));
    let body = [b' '; 500];
    let large = Snapshot {
        template: &body,
        ..other.clone()
    };
    let needed = 128.max(stored.body.len()) + 500;
    assert_eq!(
        restore(2, &large),
        Err(RestoreError::TooLarge {
            capacity: 512,
            needed
        })
    );
    let spoilt = Snapshot {
        body: b"{",
        ..other.clone()
    };
    assert_eq!(restore(2, &spoilt), Err(RestoreError::NotAnObject));
    let nothing = Snapshot {
        part: Part::Template,
        ..other.clone()
    };
    assert_eq!(restore(2, &nothing), Err(RestoreError::NotAnObject));
}

#[test]
fn a_part_that_is_not_there_is_not_tried() {
    let mut outbox = Small::new(Config::DEFAULT);
    put(&mut outbox, ADA, Duplicates::AtMostOnce);
    let stored = Snapshot {
        other_part_left: true,
        ..outbox.snapshot(0).unwrap()
    };
    let mut again = Small::new(Config::DEFAULT);
    again.restore(0, &stored, s(0)).unwrap();
    let (id, _) = send(&mut again, s(0));
    again.settle(id, refused(422).as_ref(), s(0)).unwrap();
    assert_eq!(report(&mut again, s(0)).end.word(), "failed");
}

#[test]
fn an_outbox_shows_how_full_it_is() {
    let mut outbox = Small::new(Config::DEFAULT);
    put(&mut outbox, ADA, Duplicates::AtMostOnce);
    assert_eq!(format!("{outbox:?}"), "Outbox { len: 1, capacity: 3, .. }");
}
