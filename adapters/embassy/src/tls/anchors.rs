//! Whom to trust: one root certificate, several, or Mozilla's.
//!
//! Servers change their issuer. A device that trusts one root alone falls silent on that day, so trust the one in use
//! and the one announced, or a whole public set, and keep them replaceable.

use core::fmt;

use heapless::Vec;
use rustls_pki_types::{CertificateDer, TrustAnchor};

use super::der::{Reader, Tag};
use super::profile;
use super::x509::{ExtensionId, Fields};

/// The trust anchors that a connection is checked against: a view, cheap to copy.
#[derive(Clone, Copy)]
pub struct TrustAnchors<'a> {
    pub(crate) anchors: &'a [TrustAnchor<'a>],
    /// As long as `anchors`, or empty where nothing is known about their certificates.
    pub(crate) limits: &'a [Limits],
}

impl<'a> TrustAnchors<'a> {
    /// Anchors without dates, as rustls-webpki and `webpki-roots` have them.
    #[must_use]
    pub const fn from_webpki(anchors: &'a [TrustAnchor<'a>]) -> Self {
        Self {
            anchors,
            limits: &[],
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

    /// What an anchor's certificate says, as far as that is known. Of several certificates for one key the longest counts.
    pub(crate) fn limits_of(&self, used: &TrustAnchor<'_>) -> Option<Limits> {
        self.anchors
            .iter()
            .zip(self.limits)
            .filter(|(anchor, _)| *anchor == used)
            .map(|(_, limits)| *limits)
            .max_by_key(|limits| limits.not_after_s)
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
    limits: Vec<Limits, N>,
}

impl<'a, const N: usize> RootCertificates<'a, N> {
    /// An empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            anchors: Vec::new(),
            limits: Vec::new(),
        }
    }

    /// Adds a root certificate in DER.
    ///
    /// # Errors
    /// [`AnchorError::NotARoot`] for a certificate whose extensions do not make it an authority for servers: a server's
    /// own certificate cannot be trusted in this way. Its dates are checked at each connection, not here, where the
    /// time may not be known yet.
    pub fn add_der(&mut self, certificate: &'a [u8]) -> Result<(), AnchorError> {
        let (anchor, limits) = read_root(certificate)?;
        self.push(anchor, limits)
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
            self.push(anchor.clone(), Limits::UNKNOWN)?;
        }
        match named().count() {
            0 => Err(AnchorError::UnknownName),
            count => Ok(count),
        }
    }

    /// Forgets all anchors.
    pub fn clear(&mut self) {
        self.anchors.clear();
        self.limits.clear();
    }

    /// A view to connect with.
    #[must_use]
    pub fn anchors(&self) -> TrustAnchors<'_> {
        TrustAnchors {
            anchors: &self.anchors,
            limits: &self.limits,
        }
    }

    fn push(&mut self, anchor: TrustAnchor<'a>, limits: Limits) -> Result<(), AnchorError> {
        let full = AnchorError::Full { capacity: N };
        self.anchors.push(anchor).map_err(|_| full)?;
        self.limits.push(limits).map_err(|_| full)
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
    /// A certificate that may not issue certificates for servers, or has a critical extension that is not known.
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

/// What an anchor's certificate says about its use.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// The first second.
    pub(crate) not_before_s: u64,
    /// The last second.
    pub(crate) not_after_s: u64,
    /// How many authorities may stand between it and a server.
    pub(crate) path_length: Option<u8>,
}

impl Limits {
    #[cfg(feature = "webpki-roots")]
    const UNKNOWN: Self = Self {
        not_before_s: 0,
        not_after_s: u64::MAX,
        path_length: None,
    };
}

fn read_root(certificate: &[u8]) -> Result<(TrustAnchor<'_>, Limits), AnchorError> {
    let fields = Fields::parse(certificate).ok_or(AnchorError::Malformed)?;
    let anchor = anchor_of(certificate, &fields).ok_or(AnchorError::Malformed)?;
    if !profile::is_root(&fields) {
        return Err(AnchorError::NotARoot);
    }
    let limits = Limits {
        not_before_s: fields.not_before_s,
        not_after_s: fields.not_after_s,
        path_length: fields.path_length(),
    };
    Ok((anchor, limits))
}

/// The anchor that rustls-webpki makes of a certificate, with the lifetime of the certificate itself.
fn anchor_of<'a>(certificate: &'a [u8], fields: &Fields<'a>) -> Option<TrustAnchor<'a>> {
    let der = CertificateDer::from(certificate);
    let checked = webpki::anchor_from_trusted_cert(&der).ok()?;
    let anchor = TrustAnchor {
        subject: fields.subject.into(),
        subject_public_key_info: fields.public_key_info.into(),
        name_constraints: match fields.extension(ExtensionId::NAME_CONSTRAINTS) {
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
