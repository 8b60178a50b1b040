//! The fields of a certificate that rustls-webpki keeps to itself or does not check.

use super::der::{Reader, Tag};

/// `2.5.29`, the arc of the standard extensions; the last octet tells them apart.
const ID_CE: [u8; 2] = [0x55, 0x1D];

/// keyUsage.
const KEY_USAGE: u8 = 15;
/// basicConstraints.
const BASIC_CONSTRAINTS: u8 = 19;
/// nameConstraints.
pub(crate) const NAME_CONSTRAINTS: u8 = 30;

/// A certificate's fields, read after rustls-webpki found it well-formed.
pub(crate) struct Fields<'a> {
    pub(crate) not_before_s: u64,
    pub(crate) not_after_s: u64,
    /// The contents of the subject's SEQUENCE.
    pub(crate) subject: &'a [u8],
    /// The contents of the `SubjectPublicKeyInfo`.
    pub(crate) public_key_info: &'a [u8],
    extensions: Reader<'a>,
}

impl<'a> Fields<'a> {
    pub(crate) fn parse(certificate: &'a [u8]) -> Option<Self> {
        let mut tbs = Reader::new(certificate)
            .enter(Tag::SEQUENCE)?
            .enter(Tag::SEQUENCE)?;
        let _version = tbs.value(Tag::explicit(0));
        let _serial = tbs.value(Tag::INTEGER)?;
        let _algorithm = tbs.value(Tag::SEQUENCE)?;
        let _issuer = tbs.value(Tag::SEQUENCE)?;
        let mut validity = tbs.enter(Tag::SEQUENCE)?;
        let subject = tbs.value(Tag::SEQUENCE)?;
        let public_key_info = tbs.value(Tag::SEQUENCE)?;
        let extensions = match tbs.enter(Tag::explicit(3)) {
            Some(mut extensions) => extensions.enter(Tag::SEQUENCE)?,
            None => Reader::new(&[]),
        };
        Some(Self {
            not_before_s: validity.unix_time_s()?,
            not_after_s: validity.unix_time_s()?,
            subject,
            public_key_info,
            extensions,
        })
    }

    /// The extension `2.5.29.<arc>`; the outer `None` means that the extensions cannot be read.
    pub(crate) fn extension(&self, arc: u8) -> Option<Option<Extension<'a>>> {
        let mut extensions = self.extensions;
        while !extensions.is_empty() {
            let mut fields = extensions.enter(Tag::SEQUENCE)?;
            let id = fields.value(Tag::OBJECT_IDENTIFIER)?;
            let critical = fields.default_false()?;
            let value = fields.value(Tag::OCTET_STRING)?;
            if id.split_last() == Some((&arc, &ID_CE)) {
                return Some(Some(Extension { critical, value }));
            }
        }
        Some(None)
    }

    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        let Some(extension) = self.extension(KEY_USAGE)? else {
            return Some(KeyUsage::ANY);
        };
        let bits = Reader::new(extension.value).value(Tag::BIT_STRING)?;
        // The first octet counts the unused bits at the end; bits 0 to 7 stand in the one after it.
        bits.get(1).map(|&bits| KeyUsage(bits))
    }

    pub(crate) fn is_authority(&self) -> Option<bool> {
        let Some(extension) = self.extension(BASIC_CONSTRAINTS)? else {
            return Some(false);
        };
        Reader::new(extension.value)
            .enter(Tag::SEQUENCE)?
            .default_false()
    }
}

/// An extension's value and whether it must be understood.
#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

/// RFC 5280, 4.2.1.3: what a key may be used for.
#[derive(Clone, Copy)]
pub(crate) struct KeyUsage(u8);

impl KeyUsage {
    /// A certificate without the extension does not limit its key.
    const ANY: Self = Self(0xFF);

    pub(crate) const fn allows_digital_signature(self) -> bool {
        self.0 & 0x80 != 0
    }

    pub(crate) const fn allows_certificate_signing(self) -> bool {
        self.0 & 0x04 != 0
    }
}

/// A subject's public key: its algorithm as the contents of an `AlgorithmIdentifier`, and its bits.
#[derive(Clone, Copy)]
pub(crate) struct PublicKey<'a> {
    pub(crate) algorithm: &'a [u8],
    pub(crate) bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// Reads the contents of a `SubjectPublicKeyInfo`.
    pub(crate) fn parse(info: &'a [u8]) -> Option<Self> {
        let mut info = Reader::new(info);
        let algorithm = info.value(Tag::SEQUENCE)?;
        let bits = info.octet_aligned_bits()?;
        info.is_empty().then_some(Self { algorithm, bits })
    }
}
