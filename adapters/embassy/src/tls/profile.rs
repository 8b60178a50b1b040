//! Rules for single certificates that rustls-webpki leaves to its users: what RFC 5280 and the public authorities' own
//! requirements forbid, and what would let a certificate be used otherwise than its issuer meant.

use super::algorithms;
use super::der::{Reader, Tag};
use super::error::CertificateError;
use super::x509::{ExtensionId, Fields, KeyUsage, PublicKey};

/// RFC 5280, 4.1.2.2.
const MAX_SERIAL: usize = 20;

/// Judges a server's own certificate, before any signature is checked.
pub(crate) fn check_server(certificate: &Fields<'_>) -> Result<(), CertificateError> {
    if certificate.is_authority() {
        return Err(CertificateError::AuthorityAsServer);
    }
    check_serial(certificate)?;
    let usage = certificate.key_usage().ok_or(CertificateError::Malformed)?;
    // Only an authority's key may ask to sign certificates (RFC 5280, 4.2.1.9).
    if !usage.allows_digital_signature() || usage.asks_for_certificate_signing() {
        return Err(CertificateError::KeyUsage);
    }
    if certificate.allows_any_purpose() {
        return Err(CertificateError::ExtendedKeyUsage);
    }
    if certificate
        .extension(ExtensionId::NAME_CONSTRAINTS)
        .is_some()
    {
        return Err(CertificateError::Malformed);
    }
    // Without a subject only the alternative names say whose certificate this is (RFC 5280, 4.2.1.6).
    let names = certificate.extension(ExtensionId::SUBJECT_ALT_NAME);
    if certificate.subject.is_empty() && !names.is_some_and(|names| names.critical) {
        return Err(CertificateError::Malformed);
    }
    let key = PublicKey::parse(certificate.public_key_info).ok_or(CertificateError::Malformed)?;
    if algorithms::supports_key(&key) {
        Ok(())
    } else {
        Err(CertificateError::UnsupportedAlgorithm)
    }
}

/// Judges an authority's certificate that the server sent.
pub(crate) fn check_intermediate(certificate: &Fields<'_>) -> Result<(), CertificateError> {
    check_serial(certificate)?;
    let usage = certificate.key_usage().ok_or(CertificateError::Malformed)?;
    if !usage.allows_certificate_signing() {
        return Err(CertificateError::KeyUsage);
    }
    let constraints = certificate.extension(ExtensionId::NAME_CONSTRAINTS);
    if certificate.subject.is_empty()
        || constraints.is_some_and(|constraints| !constrains_names(constraints.value))
    {
        return Err(CertificateError::Malformed);
    }
    Ok(())
}

/// Whether a certificate, trusted by the firmware, is fit to be a trust anchor.
pub(crate) fn is_root(certificate: &Fields<'_>) -> bool {
    certificate.is_authority()
        && certificate.allows_server_auth()
        && !certificate.subject.is_empty()
        && certificate
            .key_usage()
            .is_some_and(KeyUsage::allows_certificate_signing)
        && certificate
            .extensions()
            .all(|extension| !extension.critical || extension.id.is_some_and(is_understood))
}

/// The extensions that may be critical in a root: they are enforced, or say nothing about what a path may be used for.
fn is_understood(extension: ExtensionId) -> bool {
    [
        ExtensionId::KEY_USAGE,
        ExtensionId::SUBJECT_ALT_NAME,
        ExtensionId::BASIC_CONSTRAINTS,
        ExtensionId::NAME_CONSTRAINTS,
        ExtensionId::CRL_DISTRIBUTION_POINTS,
        ExtensionId::CERTIFICATE_POLICIES,
        ExtensionId::EXTENDED_KEY_USAGE,
    ]
    .contains(&extension)
}

fn check_serial(certificate: &Fields<'_>) -> Result<(), CertificateError> {
    let is_zero = certificate.serial.iter().all(|&octet| octet == 0);
    if is_zero || certificate.serial.len() > MAX_SERIAL {
        return Err(CertificateError::Malformed);
    }
    Ok(())
}

/// RFC 5280, 4.2.1.10: permitted names, excluded names or both, and neither of them empty.
fn constrains_names(extension: &[u8]) -> bool {
    let Some(mut constraints) = Reader::new(extension).enter(Tag::SEQUENCE) else {
        return false;
    };
    if constraints.is_empty() {
        return false;
    }
    while let Some((_, subtrees)) = constraints.any() {
        let mut subtrees = Reader::new(subtrees);
        if subtrees.value(Tag::SEQUENCE).is_none() {
            return false;
        }
    }
    constraints.is_empty()
}
