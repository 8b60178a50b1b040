//! AES-128-GCM with SHA-256 for embedded-tls, with a way to take the session's keys over.
//!
//! embedded-tls runs the handshake well enough once its verifier and its records are guarded, but its code for the
//! time after has a panic (an unexpected handshake message), drops its place when a read is cancelled, and keeps the
//! caller's buffers for good, so that nothing that owns them could ever reconnect. After the handshake the session
//! therefore runs on [`RecordLayer`](super::session::RecordLayer), and all that embedded-tls must give up is its keys.
//!
//! It has no call for that, but it lets its user choose the cipher. This one encrypts as AES-128-GCM does, with two
//! exceptions, both for records that never travel and that only [`handshake`](super::handshake) can cause:
//! - application data to be sent: it is not encrypted but xored with the sending key and IV. embedded-tls sends
//!   application data only when told to, which happens once, with a one-time pad as the data;
//! - a received record whose header says [`HANDOVER_VERSION`], which [`Records`](super::records::Records) lets no peer
//!   say: likewise with the receiving key.
//!
//! So what comes out is the key under a pad that nobody else knows: even on the wire it would tell nothing.

use aes_gcm::aead::{AeadCore, AeadInPlace, Error, Key, KeyInit, KeySizeUser, Nonce, Tag};
use aes_gcm::{Aes128Gcm, aead::consts};
use embedded_tls::{Aes128GcmSha256, TlsCipherSuite};
use sha2::Sha256;

/// The key and the IV of one direction.
pub(crate) const HANDOVER_LENGTH: usize = 16 + 12;
/// The record version that asks for the receiving key.
pub(crate) const HANDOVER_VERSION: [u8; 2] = [0xFF, 0xFF];
/// The inner content type of application data.
const APPLICATION_DATA: u8 = 23;

/// The cipher suite that connections offer.
pub(crate) struct Suite;

impl TlsCipherSuite for Suite {
    const CODE_POINT: u16 = Aes128GcmSha256::CODE_POINT;
    type Cipher = Cipher;
    type KeyLen = <Aes128GcmSha256 as TlsCipherSuite>::KeyLen;
    type IvLen = <Aes128GcmSha256 as TlsCipherSuite>::IvLen;
    type Hash = Sha256;
    type LabelBufferSize = <Aes128GcmSha256 as TlsCipherSuite>::LabelBufferSize;
}

/// AES-128-GCM that can give up its key.
pub(crate) struct Cipher {
    key: Key<Aes128Gcm>,
}

impl Cipher {
    fn hand_over(&self, nonce: &Nonce<Self>, pad: &mut [u8]) {
        for (byte, secret) in pad.iter_mut().zip(self.key.iter().chain(nonce)) {
            *byte ^= secret;
        }
    }
}

impl KeySizeUser for Cipher {
    type KeySize = <Aes128Gcm as KeySizeUser>::KeySize;
}

impl KeyInit for Cipher {
    fn new(key: &Key<Self>) -> Self {
        Self { key: *key }
    }
}

impl AeadCore for Cipher {
    type NonceSize = <Aes128Gcm as AeadCore>::NonceSize;
    type TagSize = <Aes128Gcm as AeadCore>::TagSize;
    type CiphertextOverhead = consts::U0;
}

impl AeadInPlace for Cipher {
    fn encrypt_in_place_detached(
        &self,
        nonce: &Nonce<Self>,
        header: &[u8],
        plaintext: &mut [u8],
    ) -> Result<Tag<Self>, Error> {
        if plaintext.last() == Some(&APPLICATION_DATA) {
            let (pad, _) = plaintext
                .split_first_chunk_mut::<HANDOVER_LENGTH>()
                .ok_or(Error)?;
            self.hand_over(nonce, pad);
            return Ok(Tag::<Self>::default());
        }
        Aes128Gcm::new(&self.key).encrypt_in_place_detached(nonce, header, plaintext)
    }

    fn decrypt_in_place_detached(
        &self,
        nonce: &Nonce<Self>,
        header: &[u8],
        ciphertext: &mut [u8],
        tag: &Tag<Self>,
    ) -> Result<(), Error> {
        if header.get(1..3) == Some(&HANDOVER_VERSION) {
            let (pad, _) = ciphertext
                .split_first_chunk_mut::<HANDOVER_LENGTH>()
                .ok_or(Error)?;
            self.hand_over(nonce, pad);
            return Ok(());
        }
        Aes128Gcm::new(&self.key).decrypt_in_place_detached(nonce, header, ciphertext, tag)
    }
}
