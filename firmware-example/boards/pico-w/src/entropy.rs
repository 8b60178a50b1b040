//! Random numbers on a chip without a noise source.
//!
//! The RP2040 has only the lowest bit of a ring oscillator, which is biased and correlated and
//! nobody has certified. Many of its bits go into each bit of the seed, and the seed into a
//! generator that stretches it. A product that must not rely on that adds a secure element, or uses
//! the RP2350, which has a noise source.

use embassy_rp::clocks::RoscRng;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// How many bits of the oscillator go into one bit of the seed.
const FOLDS: u32 = 128;

/// A generator seeded with what the oscillator yielded; call it once, at the start.
pub(crate) fn rng() -> ChaCha20Rng {
    let mut seed = [0_u8; 32];
    for fold in 0..FOLDS {
        for byte in &mut seed {
            // Turned, so that a bias of one position spreads over all.
            *byte ^= RoscRng::next_u8().rotate_left(fold % 8);
        }
    }
    ChaCha20Rng::from_seed(seed)
}
