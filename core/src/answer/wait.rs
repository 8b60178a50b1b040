//! The wait that the API asks for.

/// Of a wait in the answer's body, the bytes that are kept. What is written longer than that says nothing.
pub(super) const WAIT_MAX: usize = 24;

/// The seconds that a number, or a text with nothing but a number, asks for, if it has no sign and no exponent.
///
/// A fraction is rounded up, and a number that is too large for 32 bits is the longest wait.
pub(super) fn seconds(value: &[u8]) -> Option<u32> {
    let (mut whole, mut fraction, mut is_in_fraction) = (0_u32, 0, false);
    for (at, byte) in value.iter().enumerate() {
        match byte {
            b'0'..=b'9' if is_in_fraction => fraction |= byte & 0xF,
            b'0'..=b'9' => whole = whole.saturating_mul(10).saturating_add((byte & 0xF).into()),
            b'.' if at > 0 && !is_in_fraction => is_in_fraction = true,
            _ => return None,
        }
    }
    let ends_in_digit = value.last().is_some_and(u8::is_ascii_digit);
    ends_in_digit.then_some(whole.saturating_add(u32::from(fraction > 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_a_number_rounded_up_and_bounded() {
        for (value, wait) in [
            ("0", Some(0)),
            ("45", Some(45)),
            ("0000000000045", Some(45)),
            ("45.0", Some(45)),
            ("45.000001", Some(46)),
            ("44.20", Some(45)),
            ("4294967295", Some(u32::MAX)),
            ("4294967295.5", Some(u32::MAX)),
            ("4294967296", Some(u32::MAX)),
            ("42949672950", Some(u32::MAX)),
            ("99999999999999999999", Some(u32::MAX)),
        ] {
            assert_eq!(seconds(value.as_bytes()), wait, "{value}");
        }
    }

    #[test]
    fn anything_else_is_no_wait() {
        for value in [
            "", " ", "4 5", " 45", "45\n", "1.5.", "..5", "45.", "+45", "-45", "-3", "1e2",
            "1.5E-7", ".5", "45.5s", "45s", "soon", "45,0",
        ] {
            assert_eq!(seconds(value.as_bytes()), None, "{value}");
        }
    }
}
