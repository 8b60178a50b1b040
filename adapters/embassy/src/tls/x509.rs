//! The fields of a certificate that rustls-webpki keeps to itself or does not check.

use super::der::{Reader, Tag};

/// `2.5.29`, the arc of the standard extensions; the last octet tells them apart.
const ID_CE: [u8; 2] = [0x55, 0x1D];
/// `serverAuth`, `1.3.6.1.5.5.7.3.1`.
const SERVER_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];
/// `anyExtendedKeyUsage`, `2.5.29.37.0`.
const ANY_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37, 0];

/// A standard extension, by the last octet of its identifier.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExtensionId(u8);

impl ExtensionId {
    pub(crate) const KEY_USAGE: Self = Self(15);
    pub(crate) const SUBJECT_ALT_NAME: Self = Self(17);
    pub(crate) const BASIC_CONSTRAINTS: Self = Self(19);
    pub(crate) const NAME_CONSTRAINTS: Self = Self(30);
    pub(crate) const CRL_DISTRIBUTION_POINTS: Self = Self(31);
    pub(crate) const CERTIFICATE_POLICIES: Self = Self(32);
    pub(crate) const EXTENDED_KEY_USAGE: Self = Self(37);
}

/// An extension's value and whether it must be understood.
#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    /// `None` for one outside the standard arc.
    pub(crate) id: Option<ExtensionId>,
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

/// A certificate's fields, as contents of their DER values.
pub(crate) struct Fields<'a> {
    pub(crate) serial: &'a [u8],
    pub(crate) not_before_s: u64,
    pub(crate) not_after_s: u64,
    pub(crate) subject: &'a [u8],
    /// The `SubjectPublicKeyInfo`.
    pub(crate) public_key_info: &'a [u8],
    extensions: Reader<'a>,
}

impl<'a> Fields<'a> {
    /// `None` if the certificate, or any extension of it, cannot be read.
    pub(crate) fn parse(certificate: &'a [u8]) -> Option<Self> {
        let mut tbs = Reader::new(certificate)
            .enter(Tag::SEQUENCE)?
            .enter(Tag::SEQUENCE)?;
        let _version = tbs.value(Tag::explicit(0));
        let serial = tbs.value(Tag::INTEGER)?;
        let _algorithm = tbs.value(Tag::SEQUENCE)?;
        let _issuer = tbs.value(Tag::SEQUENCE)?;
        let mut validity = tbs.enter(Tag::SEQUENCE)?;
        let subject = tbs.value(Tag::SEQUENCE)?;
        let public_key_info = tbs.value(Tag::SEQUENCE)?;
        let extensions = match tbs.enter(Tag::explicit(3)) {
            Some(mut extensions) => extensions.enter(Tag::SEQUENCE)?,
            None => Reader::new(&[]),
        };
        let mut rest = extensions;
        while !rest.is_empty() {
            read_extension(&mut rest)?;
        }
        Some(Self {
            serial,
            not_before_s: validity.unix_time_s()?,
            not_after_s: validity.unix_time_s()?,
            subject,
            public_key_info,
            extensions,
        })
    }

    pub(crate) fn extensions(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        let mut rest = self.extensions;
        core::iter::from_fn(move || read_extension(&mut rest))
    }

    pub(crate) fn extension(&self, id: ExtensionId) -> Option<Extension<'a>> {
        self.extensions().find(|extension| extension.id == Some(id))
    }

    /// `None` if the extension cannot be read.
    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        let Some(extension) = self.extension(ExtensionId::KEY_USAGE) else {
            return Some(KeyUsage { bits: None });
        };
        let bits = Reader::new(extension.value).value(Tag::BIT_STRING)?;
        // The first octet counts the unused bits at the end; bits 0 to 7 stand in the one after it.
        bits.get(1).map(|&bits| KeyUsage { bits: Some(bits) })
    }

    pub(crate) fn is_authority(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|(is_authority, _)| is_authority)
    }

    /// How many authorities may stand between this one and a server, if that is limited.
    pub(crate) fn path_length(&self) -> Option<u8> {
        self.basic_constraints().and_then(|(_, length)| length)
    }

    fn basic_constraints(&self) -> Option<(bool, Option<u8>)> {
        let extension = self.extension(ExtensionId::BASIC_CONSTRAINTS)?;
        let mut constraints = Reader::new(extension.value).enter(Tag::SEQUENCE)?;
        let is_authority = constraints.default_false()?;
        let length = match constraints.value(Tag::INTEGER) {
            None => None,
            Some(&[length @ 0..=0x7F]) => Some(length),
            // More than any chain has.
            Some(_) => Some(u8::MAX),
        };
        Some((is_authority, length))
    }

    /// Whether an extended key usage extension, if there is one, allows TLS servers.
    pub(crate) fn allows_server_auth(&self) -> bool {
        self.extension(ExtensionId::EXTENDED_KEY_USAGE)
            .is_none_or(|extension| has_purpose(extension.value, SERVER_AUTH))
    }

    /// Whether an extended key usage extension leaves the purpose open.
    pub(crate) fn allows_any_purpose(&self) -> bool {
        self.extension(ExtensionId::EXTENDED_KEY_USAGE)
            .is_some_and(|extension| has_purpose(extension.value, ANY_EXTENDED_KEY_USAGE))
    }
}

fn has_purpose(extension: &[u8], purpose: &[u8]) -> bool {
    let Some(mut purposes) = Reader::new(extension).enter(Tag::SEQUENCE) else {
        return false;
    };
    core::iter::from_fn(|| purposes.value(Tag::OBJECT_IDENTIFIER)).any(|found| found == purpose)
}

fn read_extension<'a>(extensions: &mut Reader<'a>) -> Option<Extension<'a>> {
    let mut fields = extensions.enter(Tag::SEQUENCE)?;
    let id = fields.value(Tag::OBJECT_IDENTIFIER)?;
    let critical = fields.default_false()?;
    let value = fields.value(Tag::OCTET_STRING)?;
    let id = match id.split_last() {
        Some((&last, arc)) if arc == ID_CE => Some(ExtensionId(last)),
        _ => None,
    };
    Some(Extension {
        id,
        critical,
        value,
    })
}

/// RFC 5280, 4.2.1.3: what a key may be used for; without the extension, for anything.
#[derive(Clone, Copy)]
pub(crate) struct KeyUsage {
    bits: Option<u8>,
}

impl KeyUsage {
    pub(crate) fn allows_digital_signature(self) -> bool {
        self.bits.is_none_or(|bits| bits & 0x80 != 0)
    }

    pub(crate) fn allows_certificate_signing(self) -> bool {
        self.bits.is_none_or(|bits| bits & 0x04 != 0)
    }

    /// Whether the extension is there and names certificate signing.
    pub(crate) fn asks_for_certificate_signing(self) -> bool {
        self.bits.is_some_and(|bits| bits & 0x04 != 0)
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
