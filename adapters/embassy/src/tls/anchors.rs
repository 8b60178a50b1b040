//! Whom to trust: one root certificate, several, or Mozilla's.
//!
//! Servers change their issuer. A device that trusts one root alone falls silent on that day, so trust the one in use
//! and the one announced, or a whole public set, and keep them replaceable.

use core::fmt;

use heapless::Vec;
use rustls_pki_types::{CertificateDer, TrustAnchor};

use super::der::{Reader, Tag};
use super::x509::{Fields, NAME_CONSTRAINTS};

/// The trust anchors that a connection is checked against: a view, cheap to copy.
#[derive(Clone, Copy)]
pub struct TrustAnchors<'a> {
    pub(crate) anchors: &'a [TrustAnchor<'a>],
    /// As long as `anchors`, or empty where nothing is known about their dates.
    pub(crate) validities: &'a [Validity],
}

impl<'a> TrustAnchors<'a> {
    /// Anchors without dates, as rustls-webpki and `webpki-roots` have them.
    #[must_use]
    pub const fn from_webpki(anchors: &'a [TrustAnchor<'a>]) -> Self {
        Self {
            anchors,
            validities: &[],
        }
    }

    /// All of Mozilla's anchors for TLS servers: about 60 KB of flash, no RAM.
    #[cfg(feature = "webpki-roots")]
    #[must_use]
    pub const fn all_public() -> TrustAnchors<'static> {
        TrustAnchors::from_webpki(webpki_roots::TLS_SERVER_ROOTS)
    }

    /// The number of anchors.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.anchors.len()
    }

    /// Whether there is none, so that every connection would be refused.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// When an anchor may be used, as far as that is known. Of several certificates for one key the longest counts.
    pub(crate) fn validity_of(&self, used: &TrustAnchor<'_>) -> Option<Validity> {
        self.anchors
            .iter()
            .zip(self.validities)
            .filter(|(anchor, _)| *anchor == used)
            .map(|(_, validity)| *validity)
            .max_by_key(|validity| validity.not_after_s)
    }
}

/// Room for `N` anchors, chosen at run time.
///
/// # Examples
/// ```no_run
/// use xobito_embassy::tls::RootCertificates;
///
/// # fn main() -> Result<(), xobito_embassy::tls::AnchorError> {
/// # let (current_root, announced_root) = (&[0][..], &[0][..]);
/// let mut roots = RootCertificates::<2>::new();
/// roots.add_der(current_root)?;
/// roots.add_der(announced_root)?;
/// let anchors = roots.anchors();
/// # Ok(())
/// # }
/// ```
pub struct RootCertificates<'a, const N: usize> {
    anchors: Vec<TrustAnchor<'a>, N>,
    validities: Vec<Validity, N>,
}

impl<'a, const N: usize> RootCertificates<'a, N> {
    /// An empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            anchors: Vec::new(),
            validities: Vec::new(),
        }
    }

    /// Adds a root certificate in DER.
    ///
    /// # Errors
    /// [`AnchorError::NotARoot`] for a certificate whose extensions do not make it an authority that may sign
    /// certificates: a server's own certificate cannot be trusted in this way. Its dates are checked at each
    /// connection, not here, where the time may not be known yet.
    pub fn add_der(&mut self, certificate: &'a [u8]) -> Result<(), AnchorError> {
        let (anchor, validity) = read_root(certificate)?;
        self.push(anchor, validity)
    }

    /// Adds every anchor of Mozilla's set with this name, exactly as it is written in the root's common name (or
    /// organizational unit, where it has no common name), and tells how many there were.
    ///
    /// # Errors
    /// [`AnchorError::UnknownName`] if there is none, [`AnchorError::Full`] if there are more than fit.
    #[cfg(feature = "webpki-roots")]
    pub fn add_public(&mut self, name: &str) -> Result<usize, AnchorError> {
        let named = || {
            webpki_roots::TLS_SERVER_ROOTS
                .iter()
                .filter(|anchor| subject_name(&anchor.subject) == Some(name.as_bytes()))
        };
        for anchor in named() {
            self.push(anchor.clone(), Validity::UNKNOWN)?;
        }
        match named().count() {
            0 => Err(AnchorError::UnknownName),
            count => Ok(count),
        }
    }

    /// Forgets all anchors.
    pub fn clear(&mut self) {
        self.anchors.clear();
        self.validities.clear();
    }

    /// A view to connect with.
    #[must_use]
    pub fn anchors(&self) -> TrustAnchors<'_> {
        TrustAnchors {
            anchors: &self.anchors,
            validities: &self.validities,
        }
    }

    fn push(&mut self, anchor: TrustAnchor<'a>, validity: Validity) -> Result<(), AnchorError> {
        let full = AnchorError::Full { capacity: N };
        self.anchors.push(anchor).map_err(|_| full)?;
        self.validities.push(validity).map_err(|_| full)
    }
}

impl<const N: usize> Default for RootCertificates<'_, N> {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a trust anchor was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AnchorError {
    /// Not an X.509 certificate in DER.
    Malformed,
    /// A certificate that may not issue certificates.
    NotARoot,
    /// Mozilla's set has no anchor of this name.
    UnknownName,
    /// There is no room for another one.
    Full {
        /// How many fit.
        capacity: usize,
    },
}

impl fmt::Display for AnchorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("not an X.509 certificate in DER"),
            Self::NotARoot => f.write_str("the certificate may not issue certificates"),
            Self::UnknownName => f.write_str("no public trust anchor has this name"),
            Self::Full { capacity } => write!(f, "there is room for {capacity} trust anchors"),
        }
    }
}

impl core::error::Error for AnchorError {}

/// From when to when an anchor may be used, both seconds included.
#[derive(Clone, Copy)]
pub(crate) struct Validity {
    pub(crate) not_before_s: u64,
    pub(crate) not_after_s: u64,
}

impl Validity {
    #[cfg(feature = "webpki-roots")]
    const UNKNOWN: Self = Self {
        not_before_s: 0,
        not_after_s: u64::MAX,
    };
}

fn read_root(certificate: &[u8]) -> Result<(TrustAnchor<'_>, Validity), AnchorError> {
    let fields = Fields::parse(certificate).ok_or(AnchorError::Malformed)?;
    let anchor = anchor_of(certificate, &fields).ok_or(AnchorError::Malformed)?;
    let is_authority = fields.is_authority().ok_or(AnchorError::Malformed)?;
    let key_usage = fields.key_usage().ok_or(AnchorError::Malformed)?;
    if !is_authority || !key_usage.allows_certificate_signing() {
        return Err(AnchorError::NotARoot);
    }
    let validity = Validity {
        not_before_s: fields.not_before_s,
        not_after_s: fields.not_after_s,
    };
    Ok((anchor, validity))
}

/// The anchor that rustls-webpki makes of a certificate, with the lifetime of the certificate itself.
fn anchor_of<'a>(certificate: &'a [u8], fields: &Fields<'a>) -> Option<TrustAnchor<'a>> {
    let der = CertificateDer::from(certificate);
    let checked = webpki::anchor_from_trusted_cert(&der).ok()?;
    let anchor = TrustAnchor {
        subject: fields.subject.into(),
        subject_public_key_info: fields.public_key_info.into(),
        name_constraints: match fields.extension(NAME_CONSTRAINTS)? {
            Some(extension) => Some(Reader::new(extension.value).value(Tag::SEQUENCE)?.into()),
            None => None,
        },
    };
    (anchor == checked).then_some(anchor)
}

/// A subject's common name, or else its organizational unit.
#[cfg(feature = "webpki-roots")]
fn subject_name(subject: &[u8]) -> Option<&[u8]> {
    const ID_AT_COMMON_NAME: &[u8] = &[0x55, 0x04, 3];
    const ID_AT_ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 0x04, 11];
    let attribute = |id: &[u8]| {
        let mut names = Reader::new(subject);
        while let Some(mut set) = names.enter(Tag::SET) {
            let mut attribute = set.enter(Tag::SEQUENCE)?;
            if attribute.value(Tag::OBJECT_IDENTIFIER)? == id {
                return attribute.any().map(|(_, value)| value);
            }
        }
        None
    };
    attribute(ID_AT_COMMON_NAME).or_else(|| attribute(ID_AT_ORGANIZATIONAL_UNIT))
}

#[cfg(test)]
#[path = "anchors_tests.rs"]
mod tests;
