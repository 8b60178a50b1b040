//! The JSON of this protocol: escaping on the way out, a strict incremental reader on the way in (RFC 8259).

pub(crate) mod escape;
pub(crate) mod reader;
