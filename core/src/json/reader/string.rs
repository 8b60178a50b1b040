//! Strings: keys, and texts that somebody wants or nobody does.

use super::character::Decoded;
use super::skip::skip;
use super::{Inside, KEY_MAX, Malformed, Next, Part, Reader, Visitor};
use crate::answer::Captured;
use crate::json::escape::clean_ascii_run;

impl Reader {
    /// A key begins. The common case, a short one of plain ASCII that is whole within the chunk, needs no copy.
    pub(super) fn begin_key<'c>(&mut self, chunk: &'c [u8], visitor: &mut dyn Visitor) -> &'c [u8] {
        if let Some((key, rest)) = chunk.split_at_checked(clean_ascii_run(chunk)) {
            if let ([b'"', rest @ ..], 0..=KEY_MAX) = (rest, key.len()) {
                visitor.key(key, true);
                if let [b':', rest @ ..] = rest {
                    self.next = Next::VALUE;
                    return rest;
                }
                self.next = Next::COLON;
                return rest;
            }
        }
        self.key = Some(Captured::new());
        self.inside = Inside::Key;
        chunk
    }

    /// A text begins. Here, too, most are plain ASCII and whole within the chunk.
    pub(super) fn begin_text<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> &'c [u8] {
        self.next = self.after_value();
        let Some((run, rest)) = chunk.split_at_checked(clean_ascii_run(chunk)) else {
            return chunk;
        };
        let tail = rest.strip_prefix(b"\"");
        let wanted = visitor.text(
            run,
            Part {
                begins: true,
                ends: tail.is_some(),
            },
        );
        if let Some(tail) = tail {
            return tail;
        }
        self.inside = if wanted {
            Inside::Text
        } else {
            Inside::Skipped
        };
        rest
    }

    /// Reads on in a string, up to behind its closing quote or to the chunk's end.
    pub(super) fn string<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let mut rest = chunk;
        loop {
            while self.character.is_begun() {
                let decoded = self.character.read(&mut rest)?;
                if self.inside != Inside::Skipped {
                    self.give_decoded(decoded, visitor);
                }
                if rest.is_empty() {
                    return Ok(rest);
                }
            }
            let tail = if self.inside == Inside::Skipped {
                skip(rest)
            } else {
                let run = clean_ascii_run(rest);
                let (run, tail) = rest.split_at_checked(run).ok_or(Malformed)?;
                let ended = tail.first() == Some(&b'"');
                if ended || !run.is_empty() {
                    self.give(run, ended, visitor);
                }
                tail
            };
            match tail {
                [] => return Ok(tail),
                [b'"', tail @ ..] => {
                    if self.inside == Inside::Key {
                        let key = self.key.as_ref();
                        visitor.key(
                            key.map_or(&[], Captured::as_bytes),
                            key.is_some_and(|key| !key.is_cut()),
                        );
                        self.next = Next::COLON;
                    }
                    self.inside = Inside::Nothing;
                    return Ok(tail);
                }
                [byte, tail @ ..] => {
                    let decoded = self.character.begin(*byte)?;
                    if self.inside != Inside::Skipped {
                        self.give_decoded(decoded, visitor);
                    }
                    rest = tail;
                }
            }
        }
    }

    #[inline(never)] // What is skipped, which may be long, does not come here.
    fn give_decoded(&mut self, decoded: Decoded, visitor: &mut dyn Visitor) {
        match decoded {
            Decoded::Nothing => {}
            Decoded::Byte(byte) => self.give(&[byte], false, visitor),
            Decoded::Character(character) => {
                let mut bytes = [0; 4];
                self.give(character.encode_utf8(&mut bytes).as_bytes(), false, visitor);
            }
        }
    }

    /// Hands out a part of a string to whoever wants it.
    fn give(&mut self, run: &[u8], ended: bool, visitor: &mut dyn Visitor) {
        match self.inside {
            Inside::Key => {
                if let Some(key) = &mut self.key {
                    key.push(run);
                }
            }
            Inside::Text => {
                let part = Part {
                    begins: false,
                    ends: ended,
                };
                visitor.text(run, part);
            }
            _ => {}
        }
    }
}
