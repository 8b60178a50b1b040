//! The JSON of this protocol: escaping on the way out, a strict incremental reader on the way in (RFC 8259).

pub(crate) mod escape;
pub(crate) mod reader;

use reader::{Container, Kind, Reader, Visitor};

/// Whether this is one JSON document, and nothing else.
pub(crate) fn is_json(document: &[u8]) -> bool {
    let mut reader = Reader::new();
    reader.feed(document, &mut Ignore).is_ok() && reader.is_whole()
}

/// Only whether it is JSON matters.
struct Ignore;

impl Visitor for Ignore {
    fn key(&mut self, _: &[u8]) {}
    fn open(&mut self, _: Container) {}
    fn close(&mut self) {}
    fn begin(&mut self, _: Kind) -> bool {
        false
    }
    fn push(&mut self, _: &[u8]) {}
}
