//! What a damaged store hands back: entries that no outbox would have written.

use super::*;

const OBJECT: &[u8] = br#"{"message_body":"Pump 7"}"#;

fn stored(stage: Stage) -> Snapshot<'static> {
    Snapshot {
        id: EntryId(7),
        recipient: ADA,
        priority: Priority::Normal,
        duplicates: Duplicates::AtLeastOnce,
        key: None,
        time_to_live: Duration::MAX,
        stands_for: 1,
        attempts: 0,
        tries: 0,
        stage,
        part: Part::Request,
        other_part_left: true,
        message_id: None,
        kind: Kind::Send,
        body: OBJECT,
        template: OBJECT,
    }
}

fn restored(entry: &Snapshot<'_>) -> Small {
    let mut outbox = Small::new(Config::DEFAULT);
    outbox.restore(0, entry, Duration::ZERO).unwrap();
    outbox
}

#[test]
fn an_id_does_not_take_the_place_of_a_request_that_waits() {
    for stage in [Stage::Waiting, Stage::InFlight] {
        let entry = Snapshot {
            message_id: crate::MessageId::new("wamid.A").ok(),
            ..stored(stage)
        };
        let mut outbox = restored(&entry);
        let Step::Send { request, .. } = outbox.poll(Duration::ZERO, 0) else {
            panic!("nothing to send")
        };
        assert_eq!(request.body(), OBJECT);
    }
}

#[test]
fn what_just_fits_is_restored() {
    let entry = Snapshot {
        template: b"",
        ..stored(Stage::Waiting)
    };
    let mut outbox = Outbox::<1, 128>::new(Config::DEFAULT);
    assert_eq!(outbox.restore(0, &entry, Duration::ZERO), Ok(()));
}

#[test]
fn an_id_is_forgotten_with_the_message_that_had_it() {
    let mut outbox = restored(&Snapshot {
        message_id: crate::MessageId::new("wamid.A").ok(),
        ..stored(Stage::Accepted)
    });
    let on_template = Snapshot {
        part: Part::Template,
        other_part_left: false,
        ..stored(Stage::Waiting)
    };
    outbox.restore_state(&on_template, Duration::ZERO).unwrap();
    assert_eq!(outbox.snapshot(0).unwrap().message_id, None);
}

#[test]
fn nor_does_one_that_comes_later() {
    let mut outbox = restored(&stored(Stage::Waiting));
    let later = Snapshot {
        message_id: crate::MessageId::new("wamid.A").ok(),
        ..stored(Stage::Waiting)
    };
    outbox.restore_state(&later, Duration::ZERO).unwrap();
    let Step::Send { request, .. } = outbox.poll(Duration::ZERO, 0) else {
        panic!("nothing to send")
    };
    assert_eq!(request.body(), OBJECT);
}

#[test]
fn a_template_that_is_no_request_is_not_taken_over_later() {
    let mut outbox = restored(&Snapshot {
        template: b"[]",
        ..stored(Stage::Waiting)
    });
    let on_template = Snapshot {
        part: Part::Template,
        ..stored(Stage::Waiting)
    };
    assert_eq!(
        outbox.restore_state(&on_template, Duration::ZERO),
        Err(RestoreError::NotAnObject)
    );
    let left = stored(Stage::Waiting);
    outbox.restore_state(&left, Duration::ZERO).unwrap();
    assert!(!outbox.snapshot(0).unwrap().other_part_left);
}

#[test]
fn what_a_store_says_last_counts() {
    let mut outbox = restored(&stored(Stage::Waiting));
    let unknown = Snapshot {
        id: EntryId(8),
        ..stored(Stage::Waiting)
    };
    assert_eq!(
        outbox.restore_state(&unknown, Duration::ZERO),
        Err(RestoreError::NoSuchEntry)
    );
    assert_eq!(outbox.in_flight_request(), None);
    let Step::Send { id, .. } = outbox.poll(Duration::ZERO, 0) else {
        panic!("nothing to send")
    };
    let (in_flight, request) = outbox.in_flight_request().unwrap();
    assert_eq!((in_flight, request.body()), (id, OBJECT));
    let taken = Snapshot {
        message_id: crate::MessageId::new("wamid.A").ok(),
        ..stored(Stage::Accepted)
    };
    outbox.restore_state(&taken, Duration::ZERO).unwrap();
    let kept = outbox.snapshot(0).unwrap();
    assert_eq!(
        (kept.stage, kept.message_id),
        (Stage::Accepted, taken.message_id)
    );
    assert_eq!(outbox.in_flight_request(), None);
    assert!(!outbox.discard(EntryId(8)));
    assert!(outbox.discard(id));
    assert!(outbox.is_empty());
}

#[test]
fn whether_it_may_arrive_twice_is_decided_once() {
    let mut outbox = restored(&Snapshot {
        duplicates: Duplicates::AtMostOnce,
        ..stored(Stage::Waiting)
    });
    let later = stored(Stage::InFlight);
    outbox.restore_state(&later, Duration::ZERO).unwrap();
    let stage = outbox.snapshot(0).unwrap().stage;
    assert_eq!(stage, Stage::Ended(End::Unknown));
}

#[test]
fn a_template_is_in_flight_like_a_request() {
    let mut outbox = restored(&Snapshot {
        part: Part::Template,
        ..stored(Stage::Waiting)
    });
    assert!(matches!(
        outbox.poll(Duration::ZERO, 0),
        Step::Send { request, .. } if request.kind() == Kind::Template
    ));
    let (_, request) = outbox.in_flight_request().unwrap();
    assert_eq!((request.kind(), request.body()), (Kind::Template, OBJECT));
}

#[test]
fn an_accepted_entry_without_an_id_is_over() {
    let outbox = restored(&stored(Stage::Accepted));
    let ended = Stage::Ended(End::AcceptedUntracked(Untracked::UnusableId));
    assert_eq!(outbox.snapshot(0).unwrap().stage, ended);
}

#[test]
fn what_is_no_request_is_not_kept_for_later() {
    for template in [&b""[..], b"[]", b"{\"message_body\":\"Pu"] {
        let entry = Snapshot {
            template,
            ..stored(Stage::Waiting)
        };
        let outbox = restored(&entry);
        let kept = outbox.snapshot(0).unwrap();
        assert!(!kept.other_part_left, "{template:?}");
    }
    let kept = restored(&stored(Stage::Waiting));
    assert!(kept.snapshot(0).unwrap().other_part_left);
}

#[test]
fn as_many_tries_as_a_byte_can_say_are_just_many() {
    let message_id = crate::MessageId::new("wamid.A").ok();
    let mut outbox = restored(&Snapshot {
        tries: u8::MAX,
        message_id,
        ..stored(Stage::Accepted)
    });
    let Step::Query { id, .. } = outbox.poll(s(0), 0) else {
        panic!("nothing to ask")
    };
    outbox
        .settle_query(id, delivery("sent").as_ref(), s(0))
        .unwrap();
    let gave_up = End::AcceptedUntracked(Untracked::GaveUp);
    assert_eq!(report(&mut outbox, s(0)).end, gave_up);

    let mut outbox = restored(&Snapshot {
        tries: u8::MAX,
        ..stored(Stage::Waiting)
    });
    let (id, _) = send(&mut outbox, s(0));
    outbox.settle(id, lost().as_ref(), s(0)).unwrap();
    outbox.link_up();
    assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(3600)));
}
