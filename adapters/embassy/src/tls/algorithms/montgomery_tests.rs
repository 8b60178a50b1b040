use std::vec;
use std::vec::Vec;

use num_bigint::BigUint;
use proptest::prelude::*;

use super::super::limbs::bytes_into;
use super::*;

/// The fields and the orders of P-256 and P-384, and a small prime.
const PRIMES: [&str; 5] = [
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    "10000000f",
];

fn power(modulus: &[u8], base: &[u8], exponent: u32) -> Option<Vec<u8>> {
    let mut out = vec![0xAA; modulus.len()];
    let modulus = Modulus::<128>::new(modulus)?;
    let base = modulus.multiply(&modulus.number(base)?, &modulus.r_squared());
    let power = modulus.power(&base, &[exponent])?;
    bytes_into(&modulus.multiply(&power, &one()), &mut out)?;
    Some(out)
}

fn one<const L: usize>() -> [u32; L] {
    let mut one = [0; L];
    one[0] = 1;
    one
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

    /// Products are compared with each other, so that it is not enough if they are right modulo the modulus.
    #[test]
    fn products_are_below_the_modulus(
        mut modulus in prop::collection::vec(any::<u8>(), 16..=512),
        a in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 512),
        b in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 512),
    ) {
        // There must be room between the modulus and R, or every product that is too large overflows, too.
        modulus.truncate(modulus.len() / 16 * 16);
        modulus[0] = 0x80 | (modulus[0] & 0x3F);
        *modulus.last_mut().unwrap() |= 1;
        let whole = BigUint::from_bytes_be(&modulus);
        let modulus = Modulus::<128>::new(&modulus).unwrap();
        let [a, b] = [a, b].map(|factor| BigUint::from_bytes_be(&factor) % &whole);
        let [limbs_a, limbs_b] = [&a, &b].map(|factor| modulus.number(&factor.to_bytes_be()).unwrap());
        let product = modulus.multiply(&limbs_a, &limbs_b);
        prop_assert!(modulus.exceeds(&product));
        let mut bytes = [0; 512];
        bytes_into(&product, &mut bytes).unwrap();
        let r = BigUint::from(1_u8) << (32 * modulus.used);
        prop_assert_eq!(BigUint::from_bytes_be(&bytes) * r % &whole, a * b % &whole);
    }

    #[test]
    fn a_base_that_is_not_smaller_is_refused(modulus in modulus(), more in any::<u32>()) {
        let base = (BigUint::from_bytes_be(&modulus) + more).to_bytes_be();
        prop_assert_eq!(power(&modulus, &base, 3), None);
    }

    #[test]
    fn sums_differences_and_inverses_agree(
        a in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 0..=48),
        b in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 0..=48),
        which in 0..PRIMES.len(),
    ) {
        let prime = BigUint::parse_bytes(PRIMES[which].as_bytes(), 16).unwrap();
        let modulus = Modulus::<12>::new(&prime.to_bytes_be()).unwrap();
        let (a, b) = (BigUint::from_bytes_be(&a) % &prime, BigUint::from_bytes_be(&b) % &prime);
        let limbs = |number: &BigUint| modulus.number(&number.to_bytes_be()).unwrap();
        prop_assert_eq!(modulus.add(&limbs(&a), &limbs(&b)), limbs(&((&a + &b) % &prime)));
        prop_assert_eq!(modulus.subtract(&limbs(&a), &limbs(&b)), limbs(&((&a + &prime - &b) % &prime)));
        let in_form = modulus.multiply(&limbs(&a), &modulus.r_squared());
        let inverse = modulus.invert(&in_form).unwrap();
        let product = modulus.multiply(&modulus.multiply(&in_form, &inverse), &one());
        prop_assert_eq!(product, limbs(&BigUint::from(u8::from(a != BigUint::ZERO))));
    }

    /// One factor may be anything that fits the limbs.
    #[test]
    fn a_factor_above_the_modulus_is_reduced(a in any::<[u8; 48]>(), b in any::<[u8; 48]>(), which in 0..PRIMES.len()) {
        let prime = BigUint::parse_bytes(PRIMES[which].as_bytes(), 16).unwrap();
        let modulus = Modulus::<12>::new(&prime.to_bytes_be()).unwrap();
        let used = prime.to_bytes_be().len();
        let (a, b) = (BigUint::from_bytes_be(&a[..used]), BigUint::from_bytes_be(&b) % &prime);
        let below = modulus.number(&b.to_bytes_be()).unwrap();
        let above = limbs_from(&a.to_bytes_be()).unwrap();
        let r_squared = modulus.r_squared();
        let product = modulus.multiply(&modulus.multiply(&above, &below), &r_squared);
        prop_assert_eq!(product, modulus.multiply(&modulus.multiply(&below, &above), &r_squared));
        prop_assert_eq!(product, modulus.number(&(a * b % prime).to_bytes_be()).unwrap());
    }

    #[test]
    fn any_bytes_are_survived(
        modulus in prop::collection::vec(any::<u8>(), 0..600),
        base in prop::collection::vec(any::<u8>(), 0..600),
        exponent in any::<u32>(),
        room in 0..600_usize,
    ) {
        if let Some(modulus) = Modulus::<128>::new(&modulus)
            && let Some(base) = modulus.number(&base)
        {
            let power = modulus.power(&base, &[exponent]);
            let _ = bytes_into(&power.unwrap_or(base), &mut vec![0; room]);
        }
    }
}

#[test]
fn moduli_that_are_even_too_small_or_too_long_are_refused() {
    let odd_of = |length: usize| vec![0x81; length];
    assert!(Modulus::<128>::new(&odd_of(512)).is_some());
    assert!(Modulus::<128>::new(&[3]).is_some());
    for modulus in [
        vec![],
        vec![0],
        vec![1],
        vec![2],
        vec![0x80, 0],
        vec![0, 3],
        odd_of(513),
    ] {
        assert!(Modulus::<128>::new(&modulus).is_none(), "{modulus:?}");
    }
}

#[test]
fn the_bits_of_a_modulus_are_counted() {
    let bits = |bytes: &[u8]| Modulus::<128>::new(bytes).map(|modulus| modulus.bits());
    assert_eq!(bits(&[3]), Some(2));
    assert_eq!(bits(&[0x80, 1]), Some(16));
    assert_eq!(bits(&[1, 0, 0, 0, 1]), Some(33));
}
