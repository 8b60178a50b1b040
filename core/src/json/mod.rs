//! The JSON of this protocol: escaping on the way out, a strict incremental reader on the way in (RFC 8259).

pub(crate) mod escape;
pub(crate) mod reader;

use reader::{Kind, Number, Reader, Visitor};

/// Whether this is one JSON document, and nothing else.
pub(crate) fn is_json(document: &[u8]) -> bool {
    let mut reader = Reader::new();
    let whole = reader
        .feed(document, &mut Ignore)
        .and_then(|()| reader.finish(&mut Ignore));
    whole.is_ok()
}

/// Only whether it is JSON matters.
struct Ignore;

impl Visitor for Ignore {
    fn key(&mut self, _: &[u8], _: bool) {}
    fn begin(&mut self, _: Kind) -> bool {
        false
    }
    fn text(&mut self, _: &[u8]) {}
    fn text_end(&mut self) {}
    fn number(&mut self, _: Number) {}
    fn boolean(&mut self, _: bool) {}
    fn end(&mut self) {}
}
