//! The records of an open session (RFC 8446, 5): encryption, decryption and what may come in between.
//!
//! ```text
//!         close_notify received, or close() called
//!  Open ------------------------------------------> Closed
//!    |
//!    +--- any error, or a write cancelled half-way ---> Closed
//! ```
//! Reading keeps its place in the receive buffer, so a cancelled read loses nothing. A write is either whole or the
//! end of the session: half a record on the wire cannot be taken back.

use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce, Tag};
use embedded_io::Error as _;
use embedded_io_async::{Read, Write};
use zeroize::Zeroize;

use super::error::{ProtocolError, TlsError};
use super::records::{
    ALERT, APPLICATION_DATA, HANDSHAKE, HEADER_LENGTH, LEGACY_VERSION, MAX_RECORD, MIN_ENCRYPTED,
    TAG_LENGTH,
};
use super::suite::HANDOVER_LENGTH;

/// RFC 8446, 5.5: AES-GCM keys are good for 2^24.5 full-size records.
const MAX_RECORDS_PER_KEY: u64 = 1 << 24;
/// Session tickets and empty records in a row, with which a server could keep a reader busy.
const MAX_RECORDS_WITHOUT_DATA: u8 = 32;
/// RFC 8446, 5.1.
const MAX_PLAINTEXT: usize = 1 << 14;
/// Header, content type and tag.
pub(crate) const RECORD_OVERHEAD: usize = HEADER_LENGTH + 1 + TAG_LENGTH;

const CLOSE_NOTIFY: u8 = 0;
const WARNING: u8 = 1;
const NEW_SESSION_TICKET: u8 = 4;
const KEY_UPDATE: u8 = 24;

/// One direction's cipher, IV and record number.
pub(crate) struct TrafficKey {
    /// With the key's schedule, which takes longer to compute than it takes to encrypt a short record.
    cipher: Aes128Gcm,
    iv: [u8; 12],
    records: u64,
}

impl TrafficKey {
    /// Takes what [`suite`](super::suite) handed over and removes the pad from it.
    pub(crate) fn unmask(masked: &[u8; HANDOVER_LENGTH], pad: &[u8; HANDOVER_LENGTH]) -> Self {
        let mut plain = masked.iter().zip(pad).map(|(masked, pad)| masked ^ pad);
        let mut key: [u8; 16] = core::array::from_fn(|_| plain.next().unwrap_or(0));
        let traffic_key = Self {
            cipher: Aes128Gcm::new(&key.into()),
            iv: core::array::from_fn(|_| plain.next().unwrap_or(0)),
            records: 0,
        };
        key.zeroize();
        traffic_key
    }

    /// RFC 8446, 5.3: the IV xored with the record's number; each number is used once.
    fn next_nonce(&mut self) -> Result<[u8; 12], TlsError> {
        if self.records >= MAX_RECORDS_PER_KEY {
            return Err(ProtocolError::KeysUsedUp.into());
        }
        let mut nonce = self.iv;
        for (byte, number) in nonce.iter_mut().skip(4).zip(self.records.to_be_bytes()) {
            *byte ^= number;
        }
        self.records += 1;
        Ok(nonce)
    }

    fn seal(&mut self, header: &[u8], content: &mut [u8]) -> Result<Tag, TlsError> {
        let nonce = self.next_nonce()?;
        self.cipher
            .encrypt_in_place_detached(Nonce::from_slice(&nonce), header, content)
            .map_err(|_| ProtocolError::BadRecord.into())
    }

    fn open(&mut self, header: &[u8], content: &mut [u8], tag: &[u8]) -> Result<(), TlsError> {
        let nonce = self.next_nonce()?;
        self.cipher
            .decrypt_in_place_detached(
                Nonce::from_slice(&nonce),
                header,
                content,
                Tag::from_slice(tag),
            )
            .map_err(|_| ProtocolError::BadRecord.into())
    }
}

impl Drop for TrafficKey {
    fn drop(&mut self) {
        self.iv.zeroize();
    }
}

/// An open session without its buffers, so that whoever owns both can open another one later.
pub(crate) struct RecordLayer {
    sending: TrafficKey,
    receiving: TrafficKey,
    /// Bytes of plaintext that wait in the send buffer, after room for a header.
    pending: usize,
    header: [u8; HEADER_LENGTH],
    /// Bytes of header and body of the current record that have arrived.
    received: usize,
    /// The part of the receive buffer that holds decrypted data.
    data: core::ops::Range<usize>,
    records_without_data: u8,
}

/// What a read found.
pub(crate) enum Received {
    /// So many bytes.
    Data(usize),
    /// The server's authenticated goodbye.
    CloseNotify,
}

impl RecordLayer {
    pub(crate) const fn new(sending: TrafficKey, receiving: TrafficKey) -> Self {
        Self {
            sending,
            receiving,
            pending: 0,
            header: [0; HEADER_LENGTH],
            received: 0,
            data: 0..0,
            records_without_data: 0,
        }
    }

    /// Takes as much of `plaintext` as the record has room for; 0 means that it must be flushed first.
    pub(crate) fn fill(&mut self, buffer: &mut [u8], plaintext: &[u8]) -> usize {
        let capacity = buffer
            .len()
            .saturating_sub(RECORD_OVERHEAD)
            .min(MAX_PLAINTEXT);
        let room = buffer
            .get_mut(HEADER_LENGTH..)
            .and_then(|content| content.get_mut(self.pending..capacity))
            .unwrap_or(&mut []);
        let mut count = 0;
        for (to, from) in room.iter_mut().zip(plaintext) {
            *to = *from;
            count += 1;
        }
        self.pending += count;
        count
    }

    pub(crate) const fn has_pending(&self) -> bool {
        self.pending > 0
    }

    /// Encrypts what waits in the buffer and returns the record to be sent.
    pub(crate) fn seal<'b>(
        &mut self,
        buffer: &'b mut [u8],
        kind: u8,
    ) -> Result<&'b [u8], TlsError> {
        let content_length = self.pending + 1;
        self.pending = 0;
        let too_small = TlsError::SendBufferTooSmall {
            needed: content_length + HEADER_LENGTH + TAG_LENGTH,
            capacity: buffer.len(),
        };
        let (header, rest) = buffer
            .split_first_chunk_mut::<HEADER_LENGTH>()
            .ok_or(too_small)?;
        let (content, rest) = rest.split_at_mut_checked(content_length).ok_or(too_small)?;
        let (tag, _) = rest
            .split_first_chunk_mut::<TAG_LENGTH>()
            .ok_or(too_small)?;
        if let Some(last) = content.last_mut() {
            *last = kind;
        }
        let [major, minor] = LEGACY_VERSION;
        let length = u16::try_from(content_length + TAG_LENGTH).map_err(|_| too_small)?;
        let [high, low] = length.to_be_bytes();
        *header = [APPLICATION_DATA, major, minor, high, low];
        *tag = self.sending.seal(header, content)?.into();
        let whole = HEADER_LENGTH + content_length + TAG_LENGTH;
        buffer.get(..whole).ok_or(too_small)
    }

    /// The record that says goodbye; what was pending is dropped, so flush first.
    pub(crate) fn seal_close_notify<'b>(
        &mut self,
        buffer: &'b mut [u8],
    ) -> Result<&'b [u8], TlsError> {
        self.pending = 0;
        self.fill(buffer, &[WARNING, CLOSE_NOTIFY]);
        self.seal(buffer, ALERT)
    }

    /// Whether nothing that arrived waits to be read.
    pub(crate) fn is_quiet(&self) -> bool {
        self.received == 0 && self.data.is_empty()
    }

    /// Reads until there is data, and copies as much of it as fits `out`.
    ///
    /// # Cancellation safety
    /// A dropped future loses nothing: what has arrived stays in `buffer`, which must be the same each time.
    pub(crate) async fn read<S: Read>(
        &mut self,
        socket: &mut S,
        buffer: &mut [u8],
        out: &mut [u8],
    ) -> Result<Received, TlsError> {
        while self.data.is_empty() {
            self.receive_record(socket, buffer).await?;
            match self.open_record(buffer)? {
                Content::Data(data) => self.data = data,
                Content::Ignored => (),
                Content::CloseNotify => return Ok(Received::CloseNotify),
            }
            if self.data.is_empty() {
                self.records_without_data += 1;
                if self.records_without_data > MAX_RECORDS_WITHOUT_DATA {
                    return Err(ProtocolError::TooManyRecords.into());
                }
            } else {
                self.records_without_data = 0;
            }
        }
        let mut count = 0;
        for (to, from) in out
            .iter_mut()
            .zip(buffer.get(self.data.clone()).unwrap_or(&[]))
        {
            *to = *from;
            count += 1;
        }
        self.data.start += count;
        Ok(Received::Data(count))
    }

    async fn receive_record<S: Read>(
        &mut self,
        socket: &mut S,
        buffer: &mut [u8],
    ) -> Result<(), TlsError> {
        loop {
            let body = self.body_length(buffer.len())?;
            let missing = match body {
                None => self.header.get_mut(self.received..),
                Some(length) => buffer.get_mut(self.received - HEADER_LENGTH..length),
            };
            let missing = missing.unwrap_or(&mut []);
            if missing.is_empty() {
                return Ok(());
            }
            let room = missing.len();
            let count = socket
                .read(missing)
                .await
                .map_err(|error| TlsError::Transport(error.kind()))?;
            if count == 0 {
                return Err(TlsError::Truncated);
            }
            self.received += count.min(room);
        }
    }

    /// The length of the record's body, once its header has arrived and was found sane.
    fn body_length(&self, capacity: usize) -> Result<Option<usize>, TlsError> {
        if self.received < HEADER_LENGTH {
            return Ok(None);
        }
        let [kind, major, minor, high, low] = self.header;
        let length = usize::from(u16::from_be_bytes([high, low]));
        // After the handshake there is no plaintext record: neither an alert nor a ChangeCipherSpec.
        if kind != APPLICATION_DATA
            || [major, minor] != LEGACY_VERSION
            || !(MIN_ENCRYPTED..=MAX_RECORD).contains(&length)
        {
            return Err(ProtocolError::UnexpectedRecord.into());
        }
        if length > capacity {
            return Err(TlsError::ReceiveBufferTooSmall {
                needed: length,
                capacity,
            });
        }
        Ok(Some(length))
    }

    fn open_record(&mut self, buffer: &mut [u8]) -> Result<Content, TlsError> {
        let length = self.received.saturating_sub(HEADER_LENGTH + TAG_LENGTH);
        self.received = 0;
        let (content, rest) = buffer
            .split_at_mut_checked(length)
            .ok_or(ProtocolError::UnexpectedRecord)?;
        let tag = rest
            .first_chunk::<TAG_LENGTH>()
            .ok_or(ProtocolError::UnexpectedRecord)?;
        self.receiving.open(&self.header, content, tag)?;
        // Zeros at the end are padding; the last byte before them is the content's type.
        let end = content
            .iter()
            .rposition(|&byte| byte != 0)
            .ok_or(ProtocolError::UnexpectedMessage)?;
        let (content, rest) = content
            .split_at_checked(end)
            .ok_or(ProtocolError::UnexpectedMessage)?;
        match rest.first() {
            Some(&APPLICATION_DATA) => Ok(Content::Data(0..content.len())),
            Some(&ALERT) => match content {
                [_, CLOSE_NOTIFY] => Ok(Content::CloseNotify),
                &[_, description] => Err(TlsError::PeerAlert(description)),
                _ => Err(ProtocolError::MalformedMessage.into()),
            },
            Some(&HANDSHAKE) => only_session_tickets(content).map(|()| Content::Ignored),
            _ => Err(ProtocolError::UnexpectedMessage.into()),
        }
    }
}

enum Content {
    Data(core::ops::Range<usize>),
    Ignored,
    CloseNotify,
}

/// Sessions are not resumed, so tickets are skipped; nothing else is expected of a server after the handshake.
fn only_session_tickets(mut messages: &[u8]) -> Result<(), TlsError> {
    if messages.is_empty() {
        return Err(ProtocolError::MalformedMessage.into());
    }
    while let Some((&kind, rest)) = messages.split_first() {
        match kind {
            NEW_SESSION_TICKET => (),
            KEY_UPDATE => return Err(ProtocolError::KeyUpdate.into()),
            _ => return Err(ProtocolError::UnexpectedMessage.into()),
        }
        let (&[high, middle, low], rest) = rest
            .split_first_chunk()
            .ok_or(ProtocolError::MalformedMessage)?;
        let length = u32::from_be_bytes([0, high, middle, low]);
        let (_, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(ProtocolError::MalformedMessage)?;
        messages = rest;
    }
    Ok(())
}

/// Writes all of `record`, telling errors of the transport from a transport that takes no more.
pub(crate) async fn send<S: Write>(socket: &mut S, record: &[u8]) -> Result<(), TlsError> {
    socket
        .write_all(record)
        .await
        .map_err(|error| TlsError::Transport(error.kind()))
}
