use super::*;

#[test]
fn numbers_of_8_to_15_digits_pass() {
    for number in ["+12345678", "+123456789012345", "+41791234567"] {
        assert_eq!(E164::new(number).unwrap().as_str(), number);
    }
}

#[test]
fn what_is_no_number_is_refused_with_its_reason() {
    for (number, error, text) in [
        ("", InvalidE164::NoPlus, "starts with `+`"),
        ("0041791234567", InvalidE164::NoPlus, "starts with `+`"),
        (
            "+1415555-1234",
            InvalidE164::NotADigit { position: 8 },
            "position 8",
        ),
        (
            "+1415555１234",
            InvalidE164::NotADigit { position: 8 },
            "position 8",
        ),
        (
            "+14155551234\r\n",
            InvalidE164::NotADigit { position: 12 },
            "position 12",
        ),
        (
            "++14155551234",
            InvalidE164::NotADigit { position: 1 },
            "position 1",
        ),
        (
            "+04155551234",
            InvalidE164::LeadingZero,
            "does not begin with 0",
        ),
        ("+1234567", InvalidE164::Length { digits: 7 }, "not 7"),
        (
            "+1234567890123456",
            InvalidE164::Length { digits: 16 },
            "not 16",
        ),
        ("+", InvalidE164::Length { digits: 0 }, "not 0"),
    ] {
        assert_eq!(E164::new(number), Err(error), "{number}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn a_packed_number_is_the_same_number() {
    let numbers = [
        "+12345678",
        "+14155551234",
        "+999999999999999",
        "+100000000000000",
    ];
    let packed: Vec<_> = numbers
        .iter()
        .map(|number| PackedNumber::from(&E164::new(number).unwrap()))
        .collect();
    for (packed, number) in packed.iter().zip(numbers) {
        assert_eq!(E164::from(*packed).as_str(), number);
        assert_eq!(packed.0.leading_zeros() / 4, 0, "no number begins with 0");
    }
    assert_ne!(packed[2], PackedNumber::NONE);
    assert_eq!(size_of::<Option<PackedNumber>>(), 8);
}
