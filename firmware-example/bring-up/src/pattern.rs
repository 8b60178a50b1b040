//! Bytes that look random and can be produced twice.

/// A multiplicative congruential generator: good enough that no lost, doubled or swapped packet
/// goes unnoticed.
pub(crate) struct Pattern(u32);

impl Pattern {
    pub(crate) fn new(seed: u32) -> Self {
        Self(seed)
    }

    pub(crate) fn next_byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [.., high] = self.0.to_le_bytes();
        high
    }
}
