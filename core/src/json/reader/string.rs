//! Strings: keys, and texts that somebody wants or nobody does.

use super::skip::skip;
use super::{Inside, Malformed, Reader, Visitor};
use crate::json::escape::clean_ascii_run;

/// A string that is plain ASCII and whole within the chunk, as most are, and what follows it.
#[inline]
pub(super) fn plain(chunk: &[u8]) -> Option<(&[u8], &[u8])> {
    let (run, rest) = chunk.split_at_checked(clean_ascii_run(chunk))?;
    rest.strip_prefix(b"\"").map(|rest| (run, rest))
}

impl Reader {
    /// Reads on in a string, up to behind its closing quote or to the chunk's end.
    pub(super) fn string<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut impl Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let mut rest = chunk;
        loop {
            if !self.character.is_begun() {
                rest = if self.inside == Inside::Skipped {
                    skip(rest)
                } else {
                    self.run(rest, visitor)
                };
                if let [b'"', tail @ ..] = rest {
                    if self.inside == Inside::Key {
                        visitor.key(self.key.as_bytes());
                        self.key.clear();
                    }
                    self.inside = Inside::Nothing;
                    return Ok(tail);
                }
            }
            let Some((byte, tail)) = rest.split_first() else {
                return Ok(rest);
            };
            rest = tail;
            if let Some(character) = self.character.take(*byte)? {
                if self.inside != Inside::Skipped {
                    self.give_character(character, visitor);
                }
            }
        }
    }

    /// Gives out what stands for itself, which is all of most strings.
    fn run<'c>(&mut self, chunk: &'c [u8], visitor: &mut impl Visitor) -> &'c [u8] {
        let Some((run, rest)) = chunk.split_at_checked(clean_ascii_run(chunk)) else {
            return chunk;
        };
        if !run.is_empty() {
            self.give(run, visitor);
        }
        rest
    }

    #[inline(never)] // Few texts have such characters.
    fn give_character(&mut self, character: char, visitor: &mut impl Visitor) {
        self.give(character.encode_utf8(&mut [0; 4]).as_bytes(), visitor);
    }

    /// Hands out a part of a string to whoever wants it.
    fn give(&mut self, run: &[u8], visitor: &mut impl Visitor) {
        match self.inside {
            Inside::Key => self.key.push(run),
            _ => visitor.push(run),
        }
    }
}
