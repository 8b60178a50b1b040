use core::convert::Infallible;
use std::vec::Vec;

use super::*;
use crate::tls::test_support::run;

/// A socket that gives these bytes, so many at a time.
struct Bytes<'a>(&'a [u8], usize);

impl ErrorType for Bytes<'_> {
    type Error = Infallible;
}

impl Read for Bytes<'_> {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        let count = out.len().min(self.1).min(self.0.len());
        let (now, later) = self.0.split_at(count);
        out[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

impl Write for Bytes<'_> {
    async fn write(&mut self, _: &[u8]) -> Result<usize, Infallible> {
        panic!("nothing may be sent");
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

fn server_hello() -> Vec<u8> {
    [
        &[HANDSHAKE, 3, 3, 0, 60, SERVER_HELLO, 0, 0, 56][..],
        &[7; 56],
    ]
    .concat()
}

/// Reads everything through the filter, `out` bytes at a time, from a socket that gives `piece` bytes at a time.
fn filter(bytes: &[u8], piece: usize, out: usize, capacity: usize) -> (Vec<u8>, Option<TlsError>) {
    let state = RecordState::new();
    let proof = Proof::new();
    let mut socket = Bytes(bytes, piece);
    let mut records = Records::new(&mut socket, &state, &proof, capacity);
    let mut passed = Vec::new();
    let mut buffer = std::vec![0; out];
    loop {
        match run(records.read(&mut buffer)) {
            Ok(0) => return (passed, None),
            Ok(count) => passed.extend_from_slice(&buffer[..count]),
            Err(_) => return (passed, state.violation()),
        }
    }
}

#[test]
fn sane_records_pass_unchanged_in_pieces_of_any_size() {
    let mut bytes = server_hello();
    bytes.extend([CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1]);
    bytes.extend([APPLICATION_DATA, 3, 3, 0, 17]);
    bytes.extend([9; 17]);
    bytes.extend([APPLICATION_DATA, 3, 3, 0x41, 0x00]);
    bytes.extend(core::iter::repeat_n(8, MAX_RECORD));
    for piece in [1, 2, 5, 6, 64, 20_000] {
        for out in [1, 3, 5, 20_000] {
            assert_eq!(
                filter(&bytes, piece, out, MAX_RECORD),
                (bytes.clone(), None),
                "{piece}, {out}"
            );
        }
    }
}

#[test]
fn nothing_of_a_record_that_is_refused_passes() {
    for (header, error) in [
        (
            [APPLICATION_DATA, 3, 3, 0, 16],
            ProtocolError::UnexpectedRecord,
        ),
        (
            [APPLICATION_DATA, 3, 3, 0x41, 0x01],
            ProtocolError::UnexpectedRecord,
        ),
        (
            [APPLICATION_DATA, 3, 1, 0, 17],
            ProtocolError::UnexpectedRecord,
        ),
        ([ALERT, 3, 3, 0, 2], ProtocolError::UnexpectedRecord),
        ([HANDSHAKE, 3, 3, 0, 60], ProtocolError::UnexpectedRecord),
        (
            [CHANGE_CIPHER_SPEC, 3, 3, 0, 2],
            ProtocolError::UnexpectedRecord,
        ),
        ([0, 0, 0, 0, 0], ProtocolError::UnexpectedRecord),
    ] {
        let mut bytes = server_hello();
        bytes.extend(header);
        bytes.extend([1; 100]);
        for piece in [1, 3, 1000] {
            let (passed, violation) = filter(&bytes, piece, 7, MAX_RECORD);
            assert_eq!(passed, server_hello(), "{header:?}");
            assert_eq!(violation, Some(error.into()), "{header:?}");
        }
    }
}

#[test]
fn a_record_larger_than_the_buffer_says_how_large_it_is() {
    let mut bytes = server_hello();
    bytes.extend([APPLICATION_DATA, 3, 3, 0x10, 0x00]);
    let error = TlsError::ReceiveBufferTooSmall {
        needed: 4096,
        capacity: 4095,
    };
    assert_eq!(filter(&bytes, 9, 9, 4095), (server_hello(), Some(error)));
    assert_eq!(filter(&bytes, 9, 9, 4096).1, None);
}

proptest::proptest! {
    #[test]
    fn whatever_comes_the_pieces_do_not_matter(
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400),
        begin_well: bool,
        piece in 1..50_usize,
        out in 1..50_usize,
    ) {
        let bytes = if begin_well { [server_hello(), bytes].concat() } else { bytes };
        let (_, violation) = filter(&bytes, piece, out, MAX_RECORD);
        let (_, reference) = filter(&bytes, 1, 1, MAX_RECORD);
        proptest::prop_assert_eq!(violation, reference);
    }
}
