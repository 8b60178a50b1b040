use super::super::clock::Instant;
use super::super::recent::{Pace, Recent};
use super::*;
use crate::phone::PackedNumber;

const PACE: Pace = Pace {
    gap_ms: 6000,
    cool_down_ms: 60_000,
};
const DOOR: Option<Key> = Some(Key(3));
const PUMP: Option<Key> = Some(Key(4));

fn at_s(seconds: u32) -> Instant {
    Instant::START.after(seconds * 1000)
}

/// One after the other: who was written to, about what, at which second.
fn noted<const N: usize>(sends: &[(E164, Option<Key>, u32)]) -> Recent<N> {
    let mut recent = Recent::new();
    for (recipient, key, second) in sends {
        let sent = (at_s(*second), at_s(*second));
        recent.note(PackedNumber::from(recipient), *key, sent, PACE);
    }
    recent
}

/// When a message may go that must not wait for an earlier one about the same.
fn room<const N: usize>(recent: &Recent<N>, recipient: E164, key: Option<Key>) -> Instant {
    let recipient = PackedNumber::from(&recipient);
    recent.ready_at(recipient, key, true, PACE, at_s(1))
}

#[test]
fn the_only_place_is_kept_for_as_long_as_it_holds_anything_back() {
    let about_door = noted::<1>(&[(ADA, DOOR, 0)]);
    assert_eq!(room(&about_door, ADA, DOOR), at_s(6), "only the gap");
    for (to, key) in [(ADA, PUMP), (ADA, None), (BOB, DOOR), (BOB, None)] {
        assert_eq!(room(&about_door, to, key), at_s(6), "{to} {key:?}");
    }
    let about_nothing = noted::<1>(&[(ADA, None, 0)]);
    for (to, key) in [(ADA, DOOR), (BOB, DOOR), (BOB, None)] {
        assert_eq!(room(&about_nothing, to, key), at_s(6), "{to} {key:?}");
    }
}

#[test]
fn a_newer_send_takes_the_place_of_an_older_one_to_the_same() {
    // Bob's place would be free earlier, but Ada's holds nothing back that the new one does not.
    let recent = noted::<2>(&[(BOB, None, 0), (ADA, None, 3), (ADA, DOOR, 4)]);
    assert_eq!(room(&recent, BOB, None), at_s(6));
    assert_eq!(room(&recent, ADA, None), at_s(10));
}

#[test]
fn where_all_places_are_needed_the_cool_down_that_ends_first_is_forgotten() {
    let recent = noted::<2>(&[(BOB, DOOR, 0), (ADA, PUMP, 3), (number(7), None, 10)]);
    assert_eq!(
        held_back(&recent, BOB, DOOR),
        at_s(9),
        "only until there is room"
    );
    assert_eq!(held_back(&recent, ADA, PUMP), at_s(63));
}

#[test]
fn a_gap_is_never_forgotten_for_a_cool_down_that_lasts_longer() {
    let recent = noted::<2>(&[(BOB, DOOR, 0), (ADA, None, 7), (number(7), None, 8)]);
    assert_eq!(held_back(&recent, ADA, PUMP), at_s(13));
    assert_eq!(
        held_back(&recent, BOB, DOOR),
        at_s(13),
        "only until there is room"
    );
}

#[test]
fn nor_is_one_that_ends_within_the_same_millisecond() {
    let mut recent = noted::<2>(&[(ADA, DOOR, 0), (BOB, None, 1)]);
    let just_before = Instant::START.after(6999);
    let sent = (just_before, at_s(7)); // what is sent in between is counted as sent at its end
    recent.note(PackedNumber::from(&ADA), None, sent, PACE);
    assert_eq!(held_back(&recent, BOB, None), at_s(7));
}

/// When the first message about something may go.
fn held_back<const N: usize>(recent: &Recent<N>, recipient: E164, key: Option<Key>) -> Instant {
    recent.ready_at(PackedNumber::from(&recipient), key, false, PACE, at_s(1))
}

fn number(number: usize) -> E164 {
    format!("+1415555{number:04}").parse().unwrap()
}
