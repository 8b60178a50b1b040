//! Numbers as little-endian slices of 32-bit limbs: the loops under [`montgomery`](super::montgomery).
//!
//! They take slices, so that an image holds them once, however many sizes of numbers it knows. There is no indexing:
//! whatever the bytes, no code path can panic.

pub(crate) const LIMB_BITS: usize = 32;
/// Of how many limbs factors have a multiple.
pub(crate) const UNROLLED: usize = 4;
const LOW: u64 = 0xFFFF_FFFF;

/// `a * b / R mod modulus`, the upper half of `room`, which is 0 before; the others are half as long.
///
/// Row by row, as one multiplies on paper, and after each row as many times the modulus as make its lowest limb 0.
pub(crate) fn multiply_into(
    room: &mut [u32],
    a: &[u32],
    b: &[u32],
    modulus: &[u32],
    negative_inverse: u32,
) {
    let mut overflow = 0;
    for (at, &factor) in a.iter().enumerate() {
        let row_and_next = room
            .get_mut(at..)
            .and_then(|room| room.split_at_mut_checked(b.len()));
        let Some((row, [next, ..])) = row_and_next else {
            return;
        };
        let carry = add_multiple(row, b, factor);
        let lowest = row.first().copied().unwrap_or(0);
        let other_carry = add_multiple(row, modulus, lowest.wrapping_mul(negative_inverse));
        (*next, overflow) = multiply_add(1, carry, other_carry, overflow);
    }
    if let Some(product) = room.get_mut(a.len()..)
        && (overflow != 0 || !is_below(product, modulus))
    {
        subtract_from(product, modulus);
    }
}

/// Adds `other * factor` in place and returns the carry; both have a multiple of four limbs.
///
/// Four at a time, because on a Cortex-M counting takes as long as multiplying.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "two calls for each row would take as long as the row"
)]
fn add_multiple(value: &mut [u32], other: &[u32], factor: u32) -> u32 {
    let mut carry = 0;
    let (values, _) = value.as_chunks_mut::<UNROLLED>();
    let (others, _) = other.as_chunks::<UNROLLED>();
    for ([a, b, c, d], [e, f, g, h]) in values.iter_mut().zip(others) {
        (*a, carry) = multiply_add(factor, *e, *a, carry);
        (*b, carry) = multiply_add(factor, *f, *b, carry);
        (*c, carry) = multiply_add(factor, *g, *c, carry);
        (*d, carry) = multiply_add(factor, *h, *d, carry);
    }
    carry
}

/// `a * b + c + d`, low and high limb: one instruction (UMAAL) where the processor has it.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "a call would take longer than the instruction"
)]
fn multiply_add(a: u32, b: u32, c: u32, d: u32) -> (u32, u32) {
    let sum = u64::from(a) * u64::from(b) + u64::from(c) + u64::from(d);
    (low(sum), low(sum >> LIMB_BITS))
}

pub(crate) fn add_modulo(value: &mut [u32], other: &[u32], modulus: &[u32]) {
    let carry = add_to(value, other);
    if carry || !is_below(value, modulus) {
        subtract_from(value, modulus);
    }
}

pub(crate) fn subtract_modulo(value: &mut [u32], other: &[u32], modulus: &[u32]) {
    if subtract_from(value, other) {
        add_to(value, modulus);
    }
}

/// Whether `value` is smaller than `limit`, which is as long.
pub(crate) fn is_below(value: &[u32], limit: &[u32]) -> bool {
    for (value, limit) in value.iter().zip(limit).rev() {
        if value != limit {
            return value < limit;
        }
    }
    false
}

/// Adds in place; whether a carry is left over.
pub(crate) fn add_to(value: &mut [u32], other: &[u32]) -> bool {
    add_masked(value, other, 0)
}

/// Subtracts in place; whether a borrow is left over.
fn subtract_from(value: &mut [u32], other: &[u32]) -> bool {
    // -x is !x + 1.
    !add_masked(value, other, u32::MAX)
}

/// Adds `other`, its bits inverted by `mask`, and the mask's lowest bit; whether a carry is left over.
fn add_masked(value: &mut [u32], other: &[u32], mask: u32) -> bool {
    let mut carry = mask & 1;
    for (limb, &other) in value.iter_mut().zip(other) {
        (*limb, carry) = multiply_add(1, *limb, other ^ mask, carry);
    }
    carry != 0
}

/// A big-endian number; `None` if it is longer than the limbs.
pub(crate) fn limbs_from<const L: usize>(big_endian: &[u8]) -> Option<[u32; L]> {
    let mut limbs = [0; L];
    if big_endian.len() > 4 * L {
        return None;
    }
    for (limb, chunk) in limbs.iter_mut().zip(big_endian.rchunks(4)) {
        *limb = chunk
            .iter()
            .fold(0, |value, &byte| (value << 8) | u32::from(byte));
    }
    Some(limbs)
}

/// Writes a number, big-endian, over all of `out`; `None` if it does not fit.
#[cfg(any(feature = "rsa", test))]
pub(crate) fn bytes_into(limbs: &[u32], out: &mut [u8]) -> Option<()> {
    let significant = limbs
        .iter()
        .rposition(|&limb| limb != 0)
        .map_or(0, |last| last + 1);
    out.fill(0);
    let mut chunks = out.rchunks_mut(4);
    for limb in limbs.iter().take(significant) {
        let bytes = limb.to_be_bytes();
        let chunk = chunks.next()?;
        let (spare, kept) = bytes.split_at_checked(4 - chunk.len())?;
        if spare.iter().any(|&byte| byte != 0) {
            return None;
        }
        chunk.copy_from_slice(kept);
    }
    Some(())
}

fn low(value: u64) -> u32 {
    (value & LOW) as u32
}
