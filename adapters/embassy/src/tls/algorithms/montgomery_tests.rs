use std::vec;
use std::vec::Vec;

use num_bigint::BigUint;
use proptest::prelude::*;

use super::*;

fn power(modulus: &[u8], base: &[u8], exponent: u32) -> Option<Vec<u8>> {
    let mut out = vec![0xAA; modulus.len()];
    Modulus::new(modulus)?.power(base, exponent, &mut out)?;
    Some(out)
}

fn oracle(modulus: &[u8], base: &[u8], exponent: u32) -> Vec<u8> {
    let result = BigUint::from_bytes_be(base)
        .modpow(&exponent.into(), &BigUint::from_bytes_be(modulus))
        .to_bytes_be();
    let mut padded = vec![0; modulus.len() - result.len()];
    padded.extend(result);
    padded
}

prop_compose! {
    /// Odd, without a leading zero, of any length; many with long runs of ones or zeros.
    fn modulus()(
        mut bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 1..=512),
    ) -> Vec<u8> {
        if let Some(first) = bytes.first_mut() {
            *first = (*first).max(1);
        }
        if let Some(last) = bytes.last_mut() {
            *last |= 1;
        }
        if bytes == [1] {
            bytes = vec![3];
        }
        bytes
    }
}

proptest! {
    #[test]
    fn agrees_with_num_bigint(
        modulus in modulus(),
        base in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 0..=512),
        exponent in prop_oneof![1..100_u32, any::<u32>(), Just(65_537), Just(u32::MAX)],
    ) {
        let reduced = (BigUint::from_bytes_be(&base) % BigUint::from_bytes_be(&modulus)).to_bytes_be();
        if exponent == 0 {
            prop_assert_eq!(power(&modulus, &reduced, 0), None);
        } else {
            prop_assert_eq!(power(&modulus, &reduced, exponent), Some(oracle(&modulus, &reduced, exponent)));
        }
    }

    #[test]
    fn a_base_that_is_not_smaller_is_refused(modulus in modulus(), more in any::<u32>()) {
        let base = (BigUint::from_bytes_be(&modulus) + more).to_bytes_be();
        prop_assert_eq!(power(&modulus, &base, 3), None);
    }

    #[test]
    fn any_bytes_are_survived(
        modulus in prop::collection::vec(any::<u8>(), 0..600),
        base in prop::collection::vec(any::<u8>(), 0..600),
        exponent in any::<u32>(),
        room in 0..600_usize,
    ) {
        if let Some(modulus) = Modulus::new(&modulus) {
            let _ = modulus.power(&base, exponent, &mut vec![0; room]);
        }
    }
}

#[test]
fn moduli_that_are_even_too_small_or_too_long_are_refused() {
    let odd_of = |length: usize| vec![0x81; length];
    assert!(Modulus::new(&odd_of(512)).is_some());
    assert!(Modulus::new(&[3]).is_some());
    for modulus in [
        vec![],
        vec![0],
        vec![1],
        vec![2],
        vec![0x80, 0],
        vec![0, 3],
        odd_of(513),
    ] {
        assert!(Modulus::new(&modulus).is_none(), "{modulus:?}");
    }
}

#[test]
fn the_bits_of_a_modulus_are_counted() {
    let bits = |bytes: &[u8]| Modulus::new(bytes).map(|modulus| modulus.bits());
    assert_eq!(bits(&[3]), Some(2));
    assert_eq!(bits(&[0x80, 1]), Some(16));
    assert_eq!(bits(&[1, 0, 0, 0, 1]), Some(33));
}
