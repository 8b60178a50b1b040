//! Arithmetic modulo an odd number, in Montgomery's form, without a heap: what RSA and ECDSA both stand on.
//!
//! Everything that goes in and out is public (a key, a signature), so nothing here needs to be constant-time.
//! Numbers are little-endian arrays of 32-bit limbs, of which only the first `used` are calculated with. There is no
//! indexing: whatever the bytes, no code path can panic.

use super::limbs::{
    LIMB_BITS, UNROLLED, add_modulo, is_below, limbs_from, multiply_into, subtract_modulo,
};

/// An odd modulus of up to `L` limbs, ready to multiply with.
pub(crate) struct Modulus<const L: usize> {
    limbs: [u32; L],
    used: usize,
    bits: usize,
    /// `-modulus^-1 mod 2^32`.
    negative_inverse: u32,
}

impl<const L: usize> Modulus<L> {
    /// Takes a big-endian modulus without leading zero bytes; `None` if it is even, too long or not above 1.
    pub(crate) fn new(big_endian: &[u8]) -> Option<Self> {
        const { assert!(L.is_multiple_of(UNROLLED)) };
        let first = *big_endian.first()?;
        if first == 0 {
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
            used: bits.div_ceil(LIMB_BITS).next_multiple_of(UNROLLED),
            bits,
            negative_inverse: inverse_mod_2_32(lowest).wrapping_neg(),
        })
    }

    /// The position of the highest bit that is set, counted from 1.
    #[cfg(any(feature = "rsa", test))]
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// Reads a big-endian number; `None` if it is not smaller than the modulus.
    pub(crate) fn number(&self, big_endian: &[u8]) -> Option<[u32; L]> {
        limbs_from(big_endian).filter(|number| self.exceeds(number))
    }

    /// Whether the modulus is greater than `value`.
    pub(crate) fn exceeds(&self, value: &[u32; L]) -> bool {
        is_below(value, &self.limbs)
    }

    /// `a * b / R mod modulus` with `R = 2^(32 * used)`; at least one factor is smaller than the modulus.
    ///
    /// A number times `R` is that number in Montgomery's form. Of two in that form it makes the product in that form,
    /// of one and a plain number the plain product.
    pub(crate) fn multiply(&self, a: &[u32; L], b: &[u32; L]) -> [u32; L] {
        // Around the middle, so that the upper half is the product, whatever its length.
        let mut room = [[0; L]; 2];
        let around = L.saturating_sub(self.used)..L + self.used;
        multiply_into(
            room.as_flattened_mut().get_mut(around).unwrap_or_default(),
            self.used(a),
            self.used(b),
            self.used(&self.limbs),
            self.negative_inverse,
        );
        let [_, product] = room;
        product
    }

    /// `base ^ exponent` of a base in Montgomery's form, in that form; `None` for an exponent of 0.
    // Inlined, its temporaries would lie beside the caller's: half a kilobyte each for RSA.
    #[inline(never)]
    pub(crate) fn power(&self, base: &[u32; L], exponent: &[u32]) -> Option<[u32; L]> {
        let mut bits = exponent
            .iter()
            .rev()
            .flat_map(|&limb| (0..LIMB_BITS).rev().map(move |bit| (limb >> bit) & 1 == 1))
            .skip_while(|&is_set| !is_set);
        // The highest bit is the base itself.
        bits.next()?;
        let mut power = *base;
        for is_set in bits {
            power = self.multiply(&power, &power);
            if is_set {
                power = self.multiply(&power, base);
            }
        }
        Some(power)
    }

    /// `base ^ -1` of a base other than 0 in Montgomery's form, in that form; the modulus is a prime above 2^32.
    ///
    /// By Fermat's theorem: slower than Euclid's way, but it takes no code of its own.
    pub(crate) fn invert(&self, base: &[u32; L]) -> Option<[u32; L]> {
        let mut exponent = self.limbs;
        let lowest = exponent.first_mut()?;
        // Of a prime whose lowest limb is 1 there would have to be a borrow.
        *lowest = lowest.checked_sub(2)?;
        self.power(base, &exponent)
    }

    /// `a + b mod modulus` of two smaller numbers.
    pub(crate) fn add(&self, a: &[u32; L], b: &[u32; L]) -> [u32; L] {
        let mut sum = *a;
        add_modulo(
            self.used_mut(&mut sum),
            self.used(b),
            self.used(&self.limbs),
        );
        sum
    }

    /// `a - b mod modulus` of two smaller numbers.
    pub(crate) fn subtract(&self, a: &[u32; L], b: &[u32; L]) -> [u32; L] {
        let mut difference = *a;
        subtract_modulo(
            self.used_mut(&mut difference),
            self.used(b),
            self.used(&self.limbs),
        );
        difference
    }

    /// `R^2 mod modulus`, by which a number is multiplied to get Montgomery's form of it.
    #[inline(never)]
    pub(crate) fn r_squared(&self) -> [u32; L] {
        let r_bits = self.used * LIMB_BITS;
        // The largest power of two below the modulus, doubled up to R, is 1 in Montgomery's form. Once more: 2.
        let mut power = [0; L];
        let highest = self.bits - 1;
        if let Some(limb) = power.get_mut(highest / LIMB_BITS) {
            *limb = 1 << (highest % LIMB_BITS);
        }
        for _ in highest..=r_bits {
            power = self.add(&power, &power);
        }
        // That, raised to as many bits as R has.
        for bit in (0..r_bits.checked_ilog2().unwrap_or(0)).rev() {
            power = self.multiply(&power, &power);
            if (r_bits >> bit) & 1 == 1 {
                power = self.add(&power, &power);
            }
        }
        power
    }

    /// The limbs that count.
    fn used<'n>(&self, number: &'n [u32; L]) -> &'n [u32] {
        number.get(..self.used).unwrap_or(number)
    }

    fn used_mut<'n>(&self, number: &'n mut [u32; L]) -> &'n mut [u32] {
        number.get_mut(..self.used).unwrap_or_default()
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

#[cfg(test)]
#[path = "montgomery_tests.rs"]
mod tests;
