//! The sandbox's own certificate authority, the server's certificate and the TLS settings.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use crate::config::{Certificate, Config, DEFAULT_NAMES, Tls};

const CA_FILE: &str = "ca.pem";
const CA_KEY_FILE: &str = "ca-key.pem";
/// A firmware image holds the root for as long as it lives.
const CA_DAYS: i64 = 3650;
const SERVER_DAYS: i64 = 90;

/// The root that clients have to trust.
pub(crate) struct Authority {
    pub(crate) pem: String,
    pub(crate) der: Vec<u8>,
    key: KeyPair,
}

impl Authority {
    /// Makes a CA, or takes the one that an earlier start left in `state_dir`.
    pub(crate) fn open(state_dir: Option<&Path>) -> io::Result<Self> {
        let Some(dir) = state_dir else {
            return Self::new();
        };
        let (ca, key) = (dir.join(CA_FILE), dir.join(CA_KEY_FILE));
        if ca.exists() && key.exists() {
            return Self::from_pem(fs::read_to_string(ca)?, &fs::read_to_string(key)?);
        }
        let made = Self::new()?;
        fs::create_dir_all(dir)?;
        write_secret(&key, &made.key.serialize_pem())?;
        fs::write(ca, &made.pem)?;
        Ok(made)
    }

    fn new() -> io::Result<Self> {
        let key = new_key()?;
        let certificate = ca_params().self_signed(&key).map_err(io::Error::other)?;
        Ok(Self {
            pem: certificate.pem(),
            der: certificate.der().to_vec(),
            key,
        })
    }

    fn from_pem(pem: String, key: &str) -> io::Result<Self> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(io::Error::other)?
            .to_vec();
        Ok(Self {
            der,
            pem,
            key: KeyPair::from_pem(key).map_err(io::Error::other)?,
        })
    }

    /// The server's TLS settings, with a new certificate.
    pub(crate) fn server_config(&self, config: &Config) -> io::Result<ServerConfig> {
        let server_key = new_key()?;
        let stranger;
        let signing_key = if config.certificate == Certificate::ForeignIssuer {
            stranger = new_key()?;
            &stranger
        } else {
            &self.key
        };
        let leaf = server_params(config)?
            .signed_by(&server_key, &Issuer::new(ca_params(), signing_key))
            .map_err(io::Error::other)?;
        let versions: &[&rustls::SupportedProtocolVersion] = match config.tls {
            Tls::Both => &[&rustls::version::TLS13, &rustls::version::TLS12],
            Tls::Only13 => &[&rustls::version::TLS13],
            Tls::Only12 => &[&rustls::version::TLS12],
        };
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der())),
            )
            .map_err(io::Error::other)
    }
}

fn new_key() -> io::Result<KeyPair> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(io::Error::other)
}

fn ca_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name("Xobito sandbox root");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    validity(&mut params, -1, CA_DAYS);
    params
}

fn server_params(config: &Config) -> io::Result<CertificateParams> {
    let names: Vec<String> = if config.certificate == Certificate::WrongName {
        vec!["other.xobito.test".to_owned()]
    } else {
        let listen = config.listen.ip();
        let own = (!listen.is_unspecified()).then(|| listen.to_string());
        let mut names: Vec<String> = DEFAULT_NAMES.map(str::to_owned).to_vec();
        for name in own.into_iter().chain(config.names.iter().cloned()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let mut params = CertificateParams::new(names).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("a name cannot stand in a certificate: {error}"),
        )
    })?;
    params.distinguished_name = name("Xobito sandbox");
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    match config.certificate {
        Certificate::Expired => validity(&mut params, -SERVER_DAYS, -1),
        Certificate::NotYetValid => validity(&mut params, 365, 365 + SERVER_DAYS),
        Certificate::Valid | Certificate::WrongName | Certificate::ForeignIssuer => {
            validity(&mut params, -1, SERVER_DAYS);
        }
    }
    Ok(params)
}

fn name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn validity(params: &mut CertificateParams, from_days: i64, to_days: i64) {
    let now = OffsetDateTime::now_utc();
    params.not_before = now.saturating_add(Duration::days(from_days));
    params.not_after = now.saturating_add(Duration::days(to_days));
}

#[cfg(unix)]
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?
        .write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}
