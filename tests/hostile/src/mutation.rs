//! A server whose bytes are changed at random on their way.

use crate::pipe::Peer;

/// A small, seeded generator (xorshift64*): a test that fails can be repeated.
pub struct Random(u64);

impl Random {
    /// A generator; equal seeds give equal numbers.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// Changes the bytes of another server.
pub struct Mutator<P> {
    peer: P,
    random: Random,
    changes_left: usize,
}

impl<P: Peer> Mutator<P> {
    /// Makes up to `changes` changes to what `peer` says.
    pub const fn new(peer: P, random: Random, changes: usize) -> Self {
        Self {
            peer,
            random,
            changes_left: changes,
        }
    }
}

impl<P: Peer> Peer for Mutator<P> {
    fn exchange(&mut self, from_device: &[u8]) -> Vec<u8> {
        let mut bytes = self.peer.exchange(from_device);
        while self.changes_left > 0 && !bytes.is_empty() {
            self.changes_left -= 1;
            mutate(&mut bytes, &mut self.random);
        }
        bytes
    }

    fn saw(&self, token: &[u8]) -> bool {
        self.peer.saw(token)
    }
}

/// One change: of a bit, a byte, a length, an order; of anything, or of something that looks like a header.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(9) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.byte(),
        2 => bytes.truncate(at),
        3 => bytes.insert(at, random.byte()),
        4 => {
            bytes.remove(at);
        }
        5 => {
            let end = (at + random.below(64)).min(bytes.len());
            bytes[at..end].fill(0);
        }
        6 => {
            let end = (at + random.below(512)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        7 => {
            let values = [0, 1, 0x7F, 0x80, 0xFF, 20, 21, 22, 23];
            bytes[at] = values[random.below(values.len())];
        }
        _ => {
            // Record headers begin where the lengths say so.
            let mut header = 0;
            while bytes.len() >= header + 5 && random.below(3) != 0 {
                let next = header
                    + 5
                    + usize::from(u16::from_be_bytes([bytes[header + 3], bytes[header + 4]]));
                if next + 5 > bytes.len() {
                    break;
                }
                header = next;
            }
            if bytes.len() >= header + 5 {
                bytes[header + random.below(5)] = random.byte();
            }
        }
    }
}
