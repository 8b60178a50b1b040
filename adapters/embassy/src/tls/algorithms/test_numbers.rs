//! Big numbers and their DER, for the tests of signatures.

use std::vec;
use std::vec::Vec;

use num_bigint::BigUint;

/// The field's modulus of P-256 and P-384, as FIPS 186 writes them.
pub(crate) fn prime_of_bits(bits: usize) -> BigUint {
    let power = |exponent: u32| BigUint::from(1_u8) << exponent;
    if bits == 256 {
        power(256) - power(224) + power(192) + power(96) - 1_u8
    } else {
        power(384) - power(128) - power(96) + power(32) - 1_u8
    }
}

pub(crate) fn number(big_endian: &[u8]) -> BigUint {
    BigUint::from_bytes_be(big_endian)
}

pub(crate) fn padded<const N: usize>(number: &BigUint) -> [u8; N] {
    let bytes = number.to_bytes_be();
    let zeros = vec![0; N - bytes.len()];
    [zeros, bytes].concat().try_into().unwrap()
}

pub(crate) fn der(r: &BigUint, s: &BigUint) -> Vec<u8> {
    sequence(&[integer_of(r), integer_of(s)].concat())
}

pub(crate) fn integer_of(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] >= 0x80 {
        bytes.insert(0, 0);
    }
    integer(&bytes)
}

pub(crate) fn integer(content: &[u8]) -> Vec<u8> {
    value(2, content)
}

pub(crate) fn sequence(content: &[u8]) -> Vec<u8> {
    value(0x30, content)
}

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    assert!(length < 0x80);
    [&[tag, length], content].concat()
}
