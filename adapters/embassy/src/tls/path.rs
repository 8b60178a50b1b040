//! From a server's certificates to a trust anchor.
//!
//! rustls-webpki builds and checks the path: signatures, validity, CA flags, path lengths, EKU, name constraints, unknown
//! critical extensions. What it leaves out is added here: a cap on the chain before the first signature is checked,
//! key usage, the rules of [`profile`](super::profile), and the dates and the path length of the anchor itself.
//!
//! All signatures of a path are checked in one computation. To pause in between, rustls-webpki would have to be told that
//! signatures are right which nobody has checked yet, and every certificate's key, signature and digest be kept until then:
//! 1 to 5 KB of RAM, and a moment in which an unproved path looks proved. With one to three checks that is not worth it.

use core::cell::Cell;
use core::time::Duration;

use heapless::Vec;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{EndEntityCert, Error as WebpkiError, KeyUsage, VerifiedPath};

use super::algorithms;
use super::anchors::TrustAnchors;
use super::error::{CertificateError, TlsError};
use super::profile;
use super::x509::Fields;

/// The most certificates a server may send, its own included. Public chains have two to four; sixteen made a device
/// check a hundred signatures. With four, none of whose authorities share a name, there is one path to an anchor, and as
/// many last steps as there are anchors of the fitting name.
pub const MAX_CERTIFICATES: usize = 4;

/// By which time certificates are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    /// As of these seconds of Unix time.
    At(u64),
    /// Not at all, as far as that is possible: as of the newest certificate's first second, because rustls-webpki
    /// wants a time. Dates that contradict one another are still refused.
    Ignored,
}

/// Whether a device with these anchors would accept a server's certificates, its own first, for `host`.
///
/// The same check as in a handshake, for set-up tools and self-tests.
///
/// # Errors
/// [`TlsError::InvalidHost`] or [`TlsError::Certificate`].
pub fn check_certificates(
    certificates: &[&[u8]],
    host: &str,
    anchors: TrustAnchors<'_>,
    unix_time_s: u64,
) -> Result<(), TlsError> {
    let host = ServerName::try_from(host).map_err(|_| TlsError::InvalidHost)?;
    verify(certificates, &host, anchors, Dates::At(unix_time_s))
        .map(|_| ())
        .map_err(TlsError::from)
}

/// Checks `certificates`, the server's own first, for `host`, and returns the server's parsed certificate.
pub(crate) fn verify<'a>(
    certificates: &[&'a [u8]],
    host: &ServerName<'_>,
    anchors: TrustAnchors<'_>,
    dates: Dates,
) -> Result<Fields<'a>, CertificateError> {
    if certificates.len() > MAX_CERTIFICATES {
        return Err(CertificateError::TooManyCertificates {
            count: certificates.len(),
            max: MAX_CERTIFICATES,
        });
    }
    let (&server, others) = certificates
        .split_first()
        .ok_or(CertificateError::Malformed)?;
    let time_s = match dates {
        Dates::At(time_s) => time_s,
        Dates::Ignored => newest_not_before(certificates),
    };
    let server_der = CertificateDer::from(server);
    let certificate = EndEntityCert::try_from(&server_der).map_err(from_webpki)?;
    let fields = Fields::parse(server).ok_or(CertificateError::Malformed)?;
    // What costs little comes before any signature.
    certificate
        .verify_is_valid_for_subject_name(host)
        .map_err(from_webpki)?;
    profile::check_server(&fields)?;
    check_names_differ(others)?;
    let intermediates: Vec<_, MAX_CERTIFICATES> = others
        .iter()
        .map(|&der| CertificateDer::from(der))
        .collect();

    let objection = Cell::new(None);
    let check_path = |path: &VerifiedPath<'_>| {
        check_what_webpki_does_not(path, anchors, dates, time_s).map_err(|error| {
            objection.set(Some(error));
            // Any error that lets webpki go on looking for another path; ours is kept beside it.
            WebpkiError::UnknownIssuer
        })
    };
    let verified = certificate.verify_for_usage(
        algorithms::ALL,
        anchors.anchors,
        &intermediates,
        UnixTime::since_unix_epoch(Duration::from_secs(time_s)),
        KeyUsage::server_auth(),
        None,
        Some(&check_path),
    );
    match verified {
        Ok(_) => Ok(fields),
        // A path whose signatures were all right failed on this: no other finding says more.
        Err(error) => Err(objection.get().unwrap_or_else(|| from_webpki(error))),
    }
}

/// Authorities of the same name would have webpki try them in every order, 16 paths of a signature check each, all
/// between two awaits. Chains in use have no two of them.
fn check_names_differ(authorities: &[&[u8]]) -> Result<(), CertificateError> {
    let mut seen: Vec<&[u8], MAX_CERTIFICATES> = Vec::new();
    for der in authorities {
        let fields = Fields::parse(der).ok_or(CertificateError::Malformed)?;
        if seen.contains(&fields.subject) {
            return Err(CertificateError::TooComplex);
        }
        // There are fewer than the capacity.
        let _ = seen.push(fields.subject);
    }
    Ok(())
}

fn check_what_webpki_does_not(
    path: &VerifiedPath<'_>,
    anchors: TrustAnchors<'_>,
    dates: Dates,
    time_s: u64,
) -> Result<(), CertificateError> {
    for intermediate in path.intermediate_certificates() {
        let der = intermediate.der();
        let fields = Fields::parse(&der).ok_or(CertificateError::Malformed)?;
        profile::check_intermediate(&fields)?;
    }
    let Some(limits) = anchors.limits_of(path.anchor()) else {
        return Ok(());
    };
    let intermediates = path.intermediate_certificates().count();
    if limits
        .path_length
        .is_some_and(|max| intermediates > usize::from(max))
    {
        return Err(CertificateError::PathTooLong);
    }
    let (not_before_s, not_after_s) = (limits.not_before_s, limits.not_after_s);
    if dates == Dates::Ignored {
        Ok(())
    } else if time_s < not_before_s {
        Err(CertificateError::AnchorNotYetValid {
            time_s,
            not_before_s,
        })
    } else if time_s > not_after_s {
        Err(CertificateError::AnchorExpired {
            time_s,
            not_after_s,
        })
    } else {
        Ok(())
    }
}

fn newest_not_before(certificates: &[&[u8]]) -> u64 {
    certificates
        .iter()
        .filter_map(|der| Fields::parse(der))
        .map(|fields| fields.not_before_s)
        .max()
        .unwrap_or(0)
}

#[allow(clippy::needless_pass_by_value, reason = "reads better in map_err")]
fn from_webpki(error: WebpkiError) -> CertificateError {
    match error {
        WebpkiError::CertExpired { time, not_after } => CertificateError::Expired {
            time_s: time.as_secs(),
            not_after_s: not_after.as_secs(),
        },
        WebpkiError::CertNotValidYet { time, not_before } => CertificateError::NotYetValid {
            time_s: time.as_secs(),
            not_before_s: not_before.as_secs(),
        },
        WebpkiError::CertNotValidForName(_) => CertificateError::WrongHost,
        WebpkiError::UnknownIssuer | WebpkiError::CertDistrusted => CertificateError::UnknownIssuer,
        WebpkiError::InvalidSignatureForPublicKey => CertificateError::BadSignature,
        WebpkiError::EndEntityUsedAsCa => CertificateError::NotACertificateAuthority,
        WebpkiError::CaUsedAsEndEntity => CertificateError::AuthorityAsServer,
        WebpkiError::PathLenConstraintViolated | WebpkiError::MaximumPathDepthExceeded => {
            CertificateError::PathTooLong
        }
        WebpkiError::RequiredEkuNotFoundContext(_) | WebpkiError::EmptyEkuExtension => {
            CertificateError::ExtendedKeyUsage
        }
        WebpkiError::NameConstraintViolation => CertificateError::NameConstraints,
        WebpkiError::UnsupportedCriticalExtension => CertificateError::UnknownCriticalExtension,
        WebpkiError::UnsupportedSignatureAlgorithmContext(_)
        | WebpkiError::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            CertificateError::UnsupportedAlgorithm
        }
        WebpkiError::MaximumSignatureChecksExceeded
        | WebpkiError::MaximumPathBuildCallsExceeded
        | WebpkiError::MaximumNameConstraintComparisonsExceeded => CertificateError::TooComplex,
        _ => CertificateError::Malformed,
    }
}
