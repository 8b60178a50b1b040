//! What a field's rule lets pass. The rules are constants, so here they are made once more, while the tests run.

use super::*;
use crate::message::wire::{Rule, key};

/// How a text of so many characters fares.
fn check(rule: &Rule, characters: usize) -> Result<(), InvalidMessage> {
    rule.check(Field::Header, characters, characters == 0)
}

const EMPTY: Result<(), InvalidMessage> = Err(InvalidMessage::Empty {
    field: Field::Header,
});

#[test]
fn any_text_is_any() {
    let any = Rule::any(key!("header"));
    assert_eq!(check(&any, 0), Ok(()));
    assert_eq!(check(&any, usize::MAX), Ok(()));
}

#[test]
fn what_is_required_is_not_empty() {
    let required = Rule::required(key!("header"));
    assert_eq!(check(&required, 0), EMPTY);
    assert_eq!(check(&required, 1), Ok(()));
    assert_eq!(required.check(Field::Header, 3, true), EMPTY, "only spaces");
    assert_eq!(check(&required, usize::MAX), Ok(()));
}

#[test]
fn limits_are_within_what_is_allowed() {
    let up_to = Rule::up_to(60, key!("header"));
    assert_eq!(check(&up_to, 0), EMPTY);
    assert_eq!(check(&up_to, 60), Ok(()));
    let (field, limit) = (Field::Header, 60);
    let actual = 61;
    let too_long = InvalidMessage::TooLong {
        field,
        limit,
        actual,
    };
    assert_eq!(check(&up_to, 61), Err(too_long));
    let between = Rule::between(2, 10, key!("header"));
    let (limit, actual) = (2, 1);
    let too_short = InvalidMessage::TooShort {
        field,
        limit,
        actual,
    };
    assert_eq!(check(&between, 1), Err(too_short));
    assert_eq!(check(&between, 2), Ok(()));
    assert_eq!(check(&between, 10), Ok(()));
    assert!(check(&between, 11).is_err());
}
