//! `base ^ exponent mod modulus` for public numbers of up to 4096 bits, without a heap.
//!
//! Everything that goes in and out is public (a key, a signature), so nothing here needs to be constant-time.
//! Numbers are little-endian arrays of 32-bit limbs; only the first `used` limbs of each are ever touched. There is
//! no indexing: whatever the bytes, no code path can panic.

/// The largest modulus that fits.
pub(crate) const MAX_BITS: usize = 4096;
/// The bytes of the largest modulus.
pub(crate) const MAX_BYTES: usize = MAX_BITS / 8;

const MAX_LIMBS: usize = MAX_BITS / 32;
const LIMB_BITS: usize = 32;
const LOW: u64 = 0xFFFF_FFFF;

type Limbs = [u32; MAX_LIMBS];

/// An odd modulus, ready to multiply with.
pub(crate) struct Modulus {
    limbs: Limbs,
    used: usize,
    bits: usize,
    /// `-modulus^-1 mod 2^32`.
    negative_inverse: u32,
}

impl Modulus {
    /// Takes a big-endian modulus without leading zero bytes; `None` if it is even, too long or not above 1.
    pub(crate) fn new(big_endian: &[u8]) -> Option<Self> {
        let first = *big_endian.first()?;
        if first == 0 || big_endian.len() > MAX_BYTES {
            return None;
        }
        let limbs = limbs_from(big_endian)?;
        let lowest = *limbs.first()?;
        let bits = big_endian.len() * 8 - usize::try_from(first.leading_zeros()).ok()?;
        if lowest & 1 == 0 || bits < 2 {
            return None;
        }
        Some(Self {
            limbs,
            used: bits.div_ceil(LIMB_BITS),
            bits,
            negative_inverse: inverse_mod_2_32(lowest).wrapping_neg(),
        })
    }

    /// The position of the highest bit that is set, counted from 1.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// Raises a big-endian `base` to `exponent` and writes the result, big-endian, over all of `out`.
    ///
    /// `None` if `base` is not smaller than the modulus or the result does not fit `out`.
    pub(crate) fn power(&self, base: &[u8], exponent: u32, out: &mut [u8]) -> Option<()> {
        let base = limbs_from(base)?;
        if !self.exceeds(&base) {
            return None;
        }
        let base = self.multiply(&base, &self.r_squared());
        // The highest bit of the exponent is the base itself; an exponent of 0 has none.
        let below_highest = exponent.checked_ilog2()?;
        let mut power = base;
        for bit in (0..below_highest).rev() {
            power = self.multiply(&power, &power);
            if (exponent >> bit) & 1 == 1 {
                power = self.multiply(&power, &base);
            }
        }
        let mut one = [0; MAX_LIMBS];
        *one.first_mut()? = 1;
        bytes_into(&self.multiply(&power, &one), out)
    }

    /// `a * b / R mod modulus` with `R = 2^(32 * used)`; both factors are smaller than the modulus.
    ///
    /// Multiplication and reduction go over the limbs together, so that one accumulator of the modulus's size is all
    /// the room they need.
    fn multiply(&self, a: &Limbs, b: &Limbs) -> Limbs {
        let mut sum: Limbs = [0; MAX_LIMBS];
        let mut overflow = 0_u64;
        let lowest_b = u64::from(b.first().copied().unwrap_or(0));
        for &factor in a.iter().take(self.used) {
            let factor = u64::from(factor);
            let lowest = u64::from(sum.first().copied().unwrap_or(0)) + factor * lowest_b;
            let quotient = u64::from(low(lowest).wrapping_mul(self.negative_inverse));

            let (mut carry, mut reduction_carry) = (0, 0);
            // The limb below the current one: adding `quotient * modulus` clears the lowest limb, so that each sum
            // belongs one limb further down.
            let mut below: Option<&mut u32> = None;
            for ((limb, &other), &modulus) in sum.iter_mut().zip(b).zip(&self.limbs).take(self.used)
            {
                let product = u64::from(*limb) + factor * u64::from(other) + carry;
                carry = product >> LIMB_BITS;
                let reduced = (product & LOW) + quotient * u64::from(modulus) + reduction_carry;
                reduction_carry = reduced >> LIMB_BITS;
                if let Some(below) = below {
                    *below = low(reduced);
                }
                below = Some(limb);
            }
            let top = overflow + carry + reduction_carry;
            if let Some(below) = below {
                *below = low(top);
            }
            overflow = top >> LIMB_BITS;
        }
        if overflow != 0 || !self.exceeds(&sum) {
            self.subtract_from(&mut sum);
        }
        sum
    }

    /// `R^2 mod modulus`: 2 in Montgomery form, raised to as many bits as `R` has.
    fn r_squared(&self) -> Limbs {
        let r_bits = self.used * LIMB_BITS;
        // The largest power of two below the modulus, doubled up to R: that is 1 in Montgomery form.
        let mut one = [0; MAX_LIMBS];
        let highest = self.bits - 1;
        if let Some(limb) = one.get_mut(highest / LIMB_BITS) {
            *limb = 1 << (highest % LIMB_BITS);
        }
        for _ in highest..r_bits {
            self.double(&mut one);
        }
        let mut two = one;
        self.double(&mut two);
        let mut power = two;
        for bit in (0..r_bits.ilog2()).rev() {
            power = self.multiply(&power, &power);
            if (r_bits >> bit) & 1 == 1 {
                self.double(&mut power);
            }
        }
        power
    }

    fn double(&self, value: &mut Limbs) {
        let mut carry = 0;
        for limb in value.iter_mut().take(self.used) {
            let out = *limb >> (LIMB_BITS - 1);
            *limb = (*limb << 1) | carry;
            carry = out;
        }
        if carry != 0 || !self.exceeds(value) {
            self.subtract_from(value);
        }
    }

    /// Whether the modulus is greater than `value`; limbs above `used` count, so that an over-long value is seen.
    fn exceeds(&self, value: &Limbs) -> bool {
        for (modulus, limb) in self.limbs.iter().zip(value).rev() {
            if modulus != limb {
                return modulus > limb;
            }
        }
        false
    }

    fn subtract_from(&self, value: &mut Limbs) {
        let mut borrow = false;
        for (limb, &modulus) in value.iter_mut().zip(&self.limbs).take(self.used) {
            let (difference, first) = limb.overflowing_sub(modulus);
            let (difference, second) = difference.overflowing_sub(u32::from(borrow));
            *limb = difference;
            borrow = first || second;
        }
    }
}

/// `odd^-1 mod 2^32` by Newton's iteration: each step doubles the bits that are right, beginning with 3.
fn inverse_mod_2_32(odd: u32) -> u32 {
    let mut inverse = odd;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse
}

fn limbs_from(big_endian: &[u8]) -> Option<Limbs> {
    let mut limbs = [0; MAX_LIMBS];
    if big_endian.len() > MAX_BYTES {
        return None;
    }
    for (limb, chunk) in limbs.iter_mut().zip(big_endian.rchunks(4)) {
        *limb = chunk
            .iter()
            .fold(0, |value, &byte| (value << 8) | u32::from(byte));
    }
    Some(limbs)
}

fn bytes_into(limbs: &Limbs, out: &mut [u8]) -> Option<()> {
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

#[cfg(test)]
#[path = "montgomery_tests.rs"]
mod tests;
