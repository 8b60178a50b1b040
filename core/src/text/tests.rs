use super::*;

#[test]
fn integers_are_written_as_the_standard_library_writes_them() {
    for number in [0, 1, -1, 9, 10, -10, 451, i64::MAX, i64::MIN] {
        assert_eq!(Text::from(number).to_string(), number.to_string());
    }
    assert_eq!(Text::from(u32::MAX).to_string(), u32::MAX.to_string());
    assert_eq!(Text::from(-7_i32).to_string(), "-7");
}

#[test]
fn pieces_stand_in_their_order() {
    assert_eq!(Text::from("at last").to_string(), "at last");
    let pieces = [Piece::Str("at "), Piece::Int(-18), Piece::Str(" °C")];
    assert_eq!(Text::from(&pieces[..]).to_string(), "at -18 °C");
    assert_eq!(Text::from(&[][..]).to_string(), "");
}

#[test]
fn every_digit_of_a_number_is_written() {
    let powers = (0..19).map(|power| 10_i64.pow(power));
    let numbers = powers
        .flat_map(|power| [power - 1, power, power + 1, power * 7 / 3, -power])
        .chain([0, 65_535, 65_536, i64::from(u32::MAX), i64::MAX, i64::MIN]);
    for number in numbers {
        assert_eq!(Text::from(number).to_string(), format!("{number}"));
    }
    let mut digits = String::new();
    decimal(u64::MAX, &mut |digit| digits.write_str(digit)).unwrap();
    assert_eq!(digits, "18446744073709551615");
}
