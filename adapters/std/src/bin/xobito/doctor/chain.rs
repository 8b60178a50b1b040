//! The server's certificates as a device would judge them, each question by itself.

use std::time::Duration;

use rustls::pki_types::{
    CertificateDer, ServerName, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use webpki::{EndEntityCert, Error, KeyUsage, VerifiedPath, ring};
use x509_parser::parse_x509_certificate;

use super::check::Checks;
use super::keys::{Key, name_of};
use super::limits::MAX_CERTIFICATES;

/// A server whose renewal works renews a month before the end.
const SOON_DAYS: u64 = 14;
const DAY_S: u64 = 86_400;

/// The signatures in certificates that a device can check.
static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// Adds what there is to say about `chain`, the server's own certificate first.
pub(super) fn judge(
    chain: &[CertificateDer<'_>],
    host: &ServerName<'_>,
    anchors: &[TrustAnchor<'_>],
    checks: &mut Checks,
) {
    count(chain, checks);
    let keys: Vec<_> = chain.iter().map(|der| Key::of_certificate(der)).collect();
    let Some((server, others)) = chain.split_first() else {
        return;
    };
    let Ok(certificate) = EndEntityCert::try_from(server) else {
        checks.no(
            "trust",
            "the server's certificate cannot be read",
            "replace it: it is not X.509 version 3 in DER",
        );
        return;
    };
    key_types(&keys, checks);
    name(&certificate, host, checks);
    let verify = |time| {
        certificate.verify_for_usage(
            ALGORITHMS,
            anchors,
            others,
            time,
            KeyUsage::server_auth(),
            None,
            None,
        )
    };
    let now = UnixTime::now();
    match verify(now) {
        Ok(path) => {
            trusted(&path, checks);
            last_day(server, &path, now.as_secs(), checks);
        }
        // Whether it would be trusted at its time is a question of its own.
        Err(error @ (Error::CertExpired { .. } | Error::CertNotValidYet { .. })) => {
            let then = match &error {
                Error::CertExpired { not_after, .. } => *not_after,
                Error::CertNotValidYet { not_before, .. } => *not_before,
                _ => now,
            };
            match verify(then) {
                Ok(path) => trusted(&path, checks),
                Err(error) => not_trusted(&error, checks),
            }
            out_of_date(&error, checks);
        }
        Err(error) => not_trusted(&error, checks),
    }
}

fn count(chain: &[CertificateDer<'_>], checks: &mut Checks) {
    let bytes: usize = chain.iter().map(|der| der.len()).sum();
    let found = format!(
        "{} of at most {MAX_CERTIFICATES} certificates, {bytes} bytes",
        chain.len()
    );
    if chain.is_empty() || chain.len() > MAX_CERTIFICATES {
        checks.no(
            "chain",
            found,
            "let the server send its own certificate and the intermediates that lead to the root, nothing else",
        );
    } else {
        checks.fine("chain", found);
    }
}

fn key_types(keys: &[Key], checks: &mut Checks) {
    let names: Vec<_> = keys.iter().map(ToString::to_string).collect();
    let found = names.join(", ");
    if keys.iter().all(Key::is_supported) {
        checks.fine("keys", found);
    } else {
        checks.no(
            "keys",
            found,
            "get certificates with P-256 or P-384 keys, or RSA keys of 2048 to 4096 bits",
        );
    }
}

fn name(certificate: &EndEntityCert<'_>, host: &ServerName<'_>, checks: &mut Checks) {
    let host_name = host.to_str();
    if certificate.verify_is_valid_for_subject_name(host).is_ok() {
        checks.fine("name", format!("the certificate is for {host_name}"));
        return;
    }
    let names: Vec<_> = certificate.valid_dns_names().take(5).collect();
    checks.no(
        "name",
        format!(
            "the certificate is not for {host_name}, but for: {}",
            names.join(", ")
        ),
        "use the name that the certificate is for, or get one for this name",
    );
}

fn trusted(path: &VerifiedPath<'_>, checks: &mut Checks) {
    let anchor = path.anchor();
    let key = Key::of_info(&anchor.subject_public_key_info);
    let found = format!("the root is {} ({key})", name_of(&anchor.subject));
    if key.is_supported() {
        checks.fine("trust", found);
    } else {
        checks.no(
            "trust",
            found,
            "get a certificate under a root with a key that devices can use",
        );
    }
}

fn not_trusted(error: &Error, checks: &mut Checks) {
    let (found, advice) = match error {
        Error::UnknownIssuer | Error::InvalidSignatureForPublicKey => (
            "no trusted root leads to this certificate".to_owned(),
            "let the server send its intermediates; if it has a CA of its own, name that with --ca-file and build it \
             into the firmware",
        ),
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => (
            "a certificate is signed in a way that devices cannot check".to_owned(),
            "get certificates signed with ECDSA (P-256, P-384) or RSA, with SHA-256, SHA-384 or SHA-512",
        ),
        error => (
            format!("the certificates are not in order: {error}"),
            "get new certificates from the authority",
        ),
    };
    checks.no("trust", found, advice);
}

/// The first certificate of the path to end decides.
fn last_day(server: &[u8], path: &VerifiedPath<'_>, now_s: u64, checks: &mut Checks) {
    let others = path.intermediate_certificates().map(webpki::Cert::der);
    let ends = others
        .filter_map(|der| not_after(&der))
        .chain(not_after(server))
        .min();
    let Some(end) = ends else {
        return;
    };
    let days = end.saturating_sub(now_s) / DAY_S;
    let found = format!("the certificates are valid for {days} more days");
    if days < SOON_DAYS {
        checks.warn(
            "dates",
            found,
            "renew them now, and see why that did not happen by itself",
        );
    } else {
        checks.fine("dates", found);
    }
}

fn out_of_date(error: &Error, checks: &mut Checks) {
    let days = |from: UnixTime, to: UnixTime| {
        Duration::from_secs(to.as_secs().saturating_sub(from.as_secs())).as_secs() / DAY_S
    };
    match error {
        Error::CertExpired { time, not_after } => checks.no(
            "dates",
            format!("a certificate ended {} days ago", days(*not_after, *time)),
            "renew it; if it should be valid, see whether this machine's clock is right",
        ),
        Error::CertNotValidYet { time, not_before } => checks.no(
            "dates",
            format!("a certificate begins in {} days", days(*time, *not_before)),
            "see whether this machine's clock is right; if it is, get a certificate that is valid today",
        ),
        _ => {}
    }
}

fn not_after(der: &[u8]) -> Option<u64> {
    let (_, certificate) = parse_x509_certificate(der).ok()?;
    u64::try_from(certificate.validity().not_after.timestamp()).ok()
}
