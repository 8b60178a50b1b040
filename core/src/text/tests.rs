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
    let pieces = [Piece::Str("at "), Piece::Int(-18), Piece::Str(" °C")];
    assert_eq!(Text::from(&pieces[..]).to_string(), "at -18 °C");
    assert_eq!(Text::from(&[][..]).to_string(), "");
}
