//! What a device with `xobito-embassy` can cope with.
//!
//! Stated anew, because the command cannot depend on that crate. The project's conformance tests hold both equal, so
//! this file must stand alone.

/// Certificates that a server may send, its own included; more would keep a device busy checking signatures.
pub(super) const MAX_CERTIFICATES: usize = 4;
/// The bytes of a TLS record behind its header (RFC 8446, 5.2), and the device's receive buffer.
pub(super) const MAX_RECORD: usize = 16_640;
/// The bytes of an answer's head must stay below this.
pub(super) const HEAD_MAX: usize = 16 * 1024;
/// Interim answers (1xx) that are skipped.
pub(super) const INTERIM_MAX: usize = 8;
/// The shortest RSA key that is still safe, in bits.
pub(super) const RSA_MIN_BITS: usize = 2048;
/// The longest RSA key that a device has memory for, in bits.
pub(super) const RSA_MAX_BITS: usize = 4096;
