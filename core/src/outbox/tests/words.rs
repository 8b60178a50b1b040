use super::*;

/// Every end there is.
fn ends() -> Vec<End> {
    let codes = (0..=255).flat_map(|which| (0..=255).map(move |why| [which, why]));
    codes.filter_map(End::from_code).collect()
}

#[test]
fn every_end_has_a_code_of_its_own() {
    let ends = ends();
    assert_eq!(ends.len(), 7 + 6 + 11 + 10);
    for (at, end) in ends.iter().enumerate() {
        assert_eq!(End::from_code(end.code()), Some(*end));
        assert!(!ends[..at].contains(end));
    }
}

#[test]
fn codes_stay_what_they_are() {
    let stored = [
        (End::Delivered, [1, 0]),
        (End::AcceptedUntracked(Untracked::RoomNeeded), [3, 5]),
        (
            End::Failed(FailedBecause::Rejected(Reason::Server)),
            [4, 10],
        ),
        (
            End::Failed(FailedBecause::NotSent(Failure::MalformedHttp)),
            [5, 9],
        ),
        (End::Unknown, [10, 0]),
    ];
    for (end, code) in stored {
        assert_eq!(end.code(), code);
    }
}

#[test]
fn priorities_have_levels() {
    for level in 0..4 {
        assert_eq!(
            Priority::from_level(level).map(Priority::level),
            Some(level)
        );
    }
    assert_eq!(Priority::from_level(4), None);
    assert!(Priority::Urgent > Priority::Low);
}

#[test]
fn ends_and_errors_speak() {
    let words: Vec<_> = ends().iter().map(ToString::to_string).collect();
    for expected in [
        "delivered",
        "failed (validation)",
        "accepted-untracked (gave-up)",
        "unknown",
    ] {
        assert!(
            words.iter().any(|word| word == expected),
            "{expected}: {words:?}"
        );
    }
    let mut outbox = Small::new(Config::DEFAULT);
    let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    send(&mut outbox, s(0));
    outbox.settle(id, lost().as_ref(), s(0)).unwrap();
    let ended = report(&mut outbox, s(0));
    assert_eq!(ended.to_string(), "entry 1 for +14155551234: unknown");
    assert_eq!(
        EnqueueError::Full { slots: 3 }.to_string(),
        "all 3 slots are taken"
    );
    assert_eq!(NotInFlight.to_string(), "the entry is not in flight");
    assert_eq!(RestoreError::Taken.to_string(), "the slot is taken");
}

#[cfg(feature = "settings")] // which brings a serializer
#[test]
fn an_event_is_a_flat_object() {
    let ended = Ended {
        id: EntryId(7),
        end: End::Failed(FailedBecause::Undeliverable),
        key: Some(Key(3)),
        recipient: ADA,
        stands_for: 2,
        attempts: 1,
        message_id: crate::MessageId::new("wamid.A").ok(),
    };
    let json = |event: &Event| {
        let mut buffer = [0; 256];
        let len = serde_json_core::to_slice(event, &mut buffer).unwrap();
        String::from_utf8(buffer[..len].to_vec()).unwrap()
    };
    let mut buffer = [0; 256];
    let len = serde_json_core::to_slice(&ended, &mut buffer).unwrap();
    assert!(buffer[..len].starts_with(br#"{"id":7,"end":"failed","#));
    assert_eq!(
        json(&Event::Ended(ended)),
        r#"{"event":"ended","id":7,"end":"failed","cause":"undeliverable","key":3,"recipient":"+14155551234","stands_for":2,"attempts":1,"message_id":"wamid.A"}"#
    );
    assert_eq!(json(&Event::TokenRefused), r#"{"event":"token-refused"}"#);
    let kind = json(&Event::KindRefused(Kind::Media));
    assert_eq!(kind, r#"{"event":"kind-refused","kind":"media"}"#);
}
