//! The certificates that a server's certificate must lead up to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs, io};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use ureq::tls::{Certificate, RootCerts};

/// Where the trusted root certificates come from.
#[derive(Clone, Debug)]
pub(crate) enum Roots {
    System,
    File(PathBuf),
    Pem(Vec<u8>),
}

impl Roots {
    pub(crate) fn load(&self) -> Result<RootCerts, InvalidRoots> {
        let certificates = match self {
            Self::System => from_system()?,
            Self::File(path) => {
                let unreadable = |error| InvalidRoots::Unreadable {
                    path: path.clone(),
                    error,
                };
                from_pem(&fs::read(path).map_err(unreadable)?, Some(path))?
            }
            Self::Pem(pem) => from_pem(pem, None)?,
        };
        let certificates = certificates
            .iter()
            .map(|der| Certificate::from_der(der).to_owned())
            .collect();
        Ok(RootCerts::Specific(Arc::new(certificates)))
    }
}

/// What the system trusts. Single certificates there that cannot be read are passed over, as everywhere.
fn from_system() -> Result<Vec<CertificateDer<'static>>, InvalidRoots> {
    let certificates = rustls_native_certs::load_native_certs().certs;
    if certificates.is_empty() {
        return Err(InvalidRoots::NoneInSystem);
    }
    Ok(certificates)
}

/// What a file holds: here every certificate counts, since somebody chose it.
fn from_pem(pem: &[u8], path: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, InvalidRoots> {
    let path = || path.map(Path::to_owned);
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, pem::Error>>()
        .map_err(|_| InvalidRoots::Malformed { path: path() })?;
    if certificates.is_empty() {
        return Err(InvalidRoots::NoneInFile { path: path() });
    }
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|_| InvalidRoots::Malformed { path: path() })?;
    }
    Ok(certificates)
}

/// Why there is nothing to check a server's certificate against. `path` is missing where PEM was given directly.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidRoots {
    /// The system has no root certificates.
    NoneInSystem,
    /// The CA file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// There is no certificate in the PEM.
    NoneInFile {
        /// The file.
        path: Option<PathBuf>,
    },
    /// A certificate in the PEM is damaged.
    Malformed {
        /// The file.
        path: Option<PathBuf>,
    },
}

impl fmt::Display for InvalidRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the CA file")?;
        let (path, what) = match self {
            Self::NoneInSystem => {
                return f.write_str(
                    " is needed: this system has no root certificates (on Debian install the package ca-certificates)",
                );
            }
            Self::Unreadable { path, error } => {
                return write!(f, " {} cannot be read: {error}", path.display());
            }
            Self::NoneInFile { path } => (
                path,
                "has no certificate: it must hold one or more in PEM, each beginning with -----BEGIN CERTIFICATE-----",
            ),
            Self::Malformed { path } => (
                path,
                "has a certificate that is damaged: copy it anew, in PEM",
            ),
        };
        if let Some(path) = path {
            write!(f, " {}", path.display())?;
        }
        write!(f, " {what}")
    }
}

impl std::error::Error for InvalidRoots {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { error, .. } => Some(error),
            _ => None,
        }
    }
}
