//! What kind of key a certificate has, and whose it is.

use std::fmt;

use x509_parser::der_parser::asn1_rs::FromDer;
use x509_parser::parse_x509_certificate;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name};

use super::limits::{RSA_MAX_BITS, RSA_MIN_BITS};

const SEQUENCE: u8 = 0x30;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    P256,
    P384,
    Rsa {
        bits: usize,
    },
    /// Its algorithm's object identifier.
    Other(String),
    Unreadable,
}

impl Key {
    pub(super) fn of_certificate(der: &[u8]) -> Self {
        parse_x509_certificate(der).map_or(Self::Unreadable, |(_, certificate)| {
            Self::of(certificate.public_key())
        })
    }

    /// Of a `SubjectPublicKeyInfo` without its outermost tag and length, as trust anchors have it.
    pub(super) fn of_info(info: &[u8]) -> Self {
        let der = sequence(info);
        SubjectPublicKeyInfo::from_der(&der).map_or(Self::Unreadable, |(_, info)| Self::of(&info))
    }

    fn of(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let algorithm = &info.algorithm;
        let curve = algorithm
            .parameters
            .as_ref()
            .and_then(|any| any.as_oid().ok());
        match (
            info.parsed(),
            curve.map(|curve| curve.to_id_string()).as_deref(),
        ) {
            (Ok(PublicKey::RSA(key)), _) => Self::Rsa {
                bits: bits(key.modulus),
            },
            (Ok(PublicKey::EC(_)), Some("1.2.840.10045.3.1.7")) => Self::P256,
            (Ok(PublicKey::EC(_)), Some("1.3.132.0.34")) => Self::P384,
            (Ok(PublicKey::EC(_)), Some(curve)) => Self::Other(curve.to_owned()),
            _ => match algorithm.algorithm.to_id_string() {
                ed25519 if ed25519 == "1.3.101.112" => Self::Other("Ed25519".to_owned()),
                other => Self::Other(other),
            },
        }
    }

    pub(super) fn is_supported(&self) -> bool {
        match self {
            Self::P256 | Self::P384 => true,
            Self::Rsa { bits } => (RSA_MIN_BITS..=RSA_MAX_BITS).contains(bits),
            Self::Other(_) | Self::Unreadable => false,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Other(name) => f.write_str(name),
            Self::Unreadable => f.write_str("unreadable"),
        }
    }
}

fn bits(modulus: &[u8]) -> usize {
    let zeros = modulus.iter().take_while(|&&byte| byte == 0).count();
    let first = modulus.get(zeros).map_or(0, |byte| byte.leading_zeros());
    (modulus.len() - zeros) * 8 - usize::try_from(first).unwrap_or(0)
}

/// The common name and the organization of a subject without its outermost tag and length.
pub(super) fn name_of(subject: &[u8]) -> String {
    let der = sequence(subject);
    let Ok((_, name)) = X509Name::from_der(&der) else {
        return "without a readable name".to_owned();
    };
    let common = name.iter_common_name().next();
    let organization = name.iter_organization().next();
    let parts: Vec<_> = [common, organization]
        .into_iter()
        .flatten()
        .filter_map(|part| part.as_str().ok())
        .collect();
    if parts.is_empty() {
        name.to_string()
    } else {
        parts.join(", ")
    }
}

fn sequence(content: &[u8]) -> Vec<u8> {
    let len = content.len().to_be_bytes();
    let len: Vec<u8> = len.into_iter().skip_while(|&byte| byte == 0).collect();
    let mut der = vec![SEQUENCE];
    if content.len() >= 0x80 {
        // At most eight bytes of length.
        der.push(0x80 | u8::try_from(len.len()).unwrap_or(0));
    }
    der.extend(len);
    der.extend_from_slice(content);
    der
}
