//! What a write or an erase leaves behind that the power did not last for.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

/// How far it had got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Not at all.
    Nothing,
    /// Whole words from the start, up to somewhere.
    Prefix,
    /// Whole words from the start, then one that is half done.
    TornWord,
    /// Whole words here and there.
    Scattered,
    /// Every bit on its own.
    Bits,
    /// An erase that begins by clearing every bit, as most chips do, got so far; a write: as [`Damage::Bits`].
    Cleared,
    /// Whole words up to the end, from somewhere.
    Suffix,
    /// All of it was done, and nobody was told.
    Everything,
}

impl Damage {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Nothing,
        Self::Prefix,
        Self::TornWord,
        Self::Scattered,
        Self::Bits,
        Self::Cleared,
        Self::Suffix,
        Self::Everything,
    ];

    /// For a write or erase of so many words, how each of them was hit.
    fn hits(self, words: usize, rng: &mut ChaCha8Rng) -> Vec<Hit> {
        let border = below(words + 1, rng);
        (0..words)
            .map(|word| match self {
                Self::Everything => Hit::Done,
                Self::Prefix | Self::TornWord if word < border => Hit::Done,
                Self::TornWord if word == border => Hit::Torn,
                Self::Suffix if word >= border => Hit::Done,
                Self::Scattered if rng.next_u32() & 1 == 0 => Hit::Done,
                Self::Bits | Self::Cleared => Hit::Torn,
                _ => Hit::Missed,
            })
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hit {
    Missed,
    Torn,
    Done,
}

/// The bytes that a write of `bytes` left, on an erased flash.
pub(crate) fn torn_write(
    bytes: &[u8],
    damage: Damage,
    word: usize,
    rng: &mut ChaCha8Rng,
) -> Vec<u8> {
    let hits = damage.hits(bytes.len() / word, rng);
    let torn = bytes.chunks(word).zip(hits);
    torn.flat_map(|(bytes, hit)| {
        let mask = move |rng: &mut ChaCha8Rng| match hit {
            Hit::Missed => 0xFF,
            Hit::Torn => low_byte(rng),
            Hit::Done => 0,
        };
        bytes
            .iter()
            .map(|byte| byte | mask(rng))
            .collect::<Vec<u8>>()
    })
    .collect()
}

/// Does to a page what an erase did that the power did not last for.
pub(crate) fn torn_erase(page: &mut [u8], damage: Damage, word: usize, rng: &mut ChaCha8Rng) {
    let hits = damage.hits(page.len() / word, rng);
    for (bytes, hit) in page.chunks_mut(word).zip(hits) {
        for byte in bytes {
            match (hit, damage) {
                (Hit::Missed, _) => {}
                (Hit::Done, _) => *byte = 0xFF,
                (Hit::Torn, Damage::Cleared) => *byte &= low_byte(rng),
                (Hit::Torn, _) => *byte |= low_byte(rng),
            }
        }
    }
}

/// A number below `end`.
pub(crate) fn below(end: usize, rng: &mut ChaCha8Rng) -> usize {
    let drawn = usize::try_from(rng.next_u32()).unwrap_or_default();
    drawn.checked_rem(end).unwrap_or_default()
}

fn low_byte(rng: &mut ChaCha8Rng) -> u8 {
    let [byte, ..] = rng.next_u32().to_le_bytes();
    byte
}
