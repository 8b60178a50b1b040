//! A random generator that is broken is found out before anything depends on it.
//!
//! One that is stuck would make a key that anybody can compute, or none at all: keys out of range are drawn again, and no
//! deadline looks into that loop. What is checked here is only that it is not dead, never that it is good.

use rand_core::{CryptoRng, Error, RngCore};

use super::error::TlsError;

/// Far more than a handshake draws: once for its first message, once for the pads of either direction, and for its key once
/// but in one case of 2^32.
const DRAWS_MAX: u8 = 16;
const BLOCK: usize = 32;

/// The firmware's generator for one handshake.
pub(crate) struct Checked<'r, R> {
    rng: &'r mut R,
    draws_left: u8,
}

impl<'r, R: CryptoRng + RngCore> Checked<'r, R> {
    /// Draws two blocks and looks at them.
    pub(crate) fn new(rng: &'r mut R) -> Result<Self, TlsError> {
        let mut blocks = [[0; BLOCK]; 2];
        for block in &mut blocks {
            if rng.try_fill_bytes(block).is_err() || matches!(*block, ZEROS | ONES) {
                return Err(TlsError::BrokenRandomness);
            }
        }
        let [first, second] = blocks;
        if first == second {
            return Err(TlsError::BrokenRandomness);
        }
        let draws_left = DRAWS_MAX;
        Ok(Self { rng, draws_left })
    }

    /// Whether everything that was drawn came from the generator. Else what was made of it is not secret.
    pub(crate) const fn held_out(&self) -> bool {
        self.draws_left > 0
    }
}

const ZEROS: [u8; BLOCK] = [0; BLOCK];
const ONES: [u8; BLOCK] = [0xFF; BLOCK];

impl<R: CryptoRng + RngCore> RngCore for Checked<'_, R> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.draws_left = self.draws_left.saturating_sub(1);
        if !self.held_out() || self.rng.try_fill_bytes(out).is_err() {
            self.draws_left = 0;
            // A key within its range, so that whoever draws comes to an end.
            out.fill(1);
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl<R: CryptoRng + RngCore> CryptoRng for Checked<'_, R> {}
