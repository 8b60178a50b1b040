//! Certificates, good and bad.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, SerialNumber,
    SignatureAlgorithm, date_time_ymd,
};

use xobito_embassy::tls::RootCertificates;

use crate::pipe::Pipe;
use crate::rustls_server::RustlsServer;

/// The host that the device wants to talk to.
pub const HOST: &str = "dash.example.com";
/// The time on the device: 2026-11-22.
pub const NOW: u64 = 1_795_305_600;

/// RSA keys made for these tests; generating them takes seconds.
pub const RSA_2048: &str = include_str!("../data/rsa-2048.pem");
/// As [`RSA_2048`].
pub const RSA_3072: &str = include_str!("../data/rsa-3072.pem");
/// As [`RSA_2048`].
pub const RSA_4096: &str = include_str!("../data/rsa-4096.pem");

/// A certificate with its private key.
pub struct Entity {
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// Its key.
    pub key: KeyPair,
    params: CertificateParams,
}

impl Entity {
    /// A self-signed certificate.
    #[must_use]
    pub fn root(params: CertificateParams, key: KeyPair) -> Self {
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { der, key, params }
    }

    /// A certificate signed by this one's key, whether it may or not.
    #[must_use]
    pub fn issue(&self, params: CertificateParams, key: KeyPair) -> Self {
        let issuer = Issuer::from_params(&self.params, &self.key);
        let der = params.signed_by(&key, &issuer).unwrap().der().to_vec();
        Self { der, key, params }
    }
}

/// A new P-256 key.
#[must_use]
pub fn p256() -> KeyPair {
    key(&PKCS_ECDSA_P256_SHA256)
}

/// A new key for an algorithm.
#[must_use]
pub fn key(algorithm: &'static SignatureAlgorithm) -> KeyPair {
    KeyPair::generate_for(algorithm).unwrap()
}

/// One of the RSA keys of this module.
#[must_use]
pub fn rsa(pem: &str) -> KeyPair {
    KeyPair::from_pkcs8_pem_and_sign_algo(pem, &PKCS_RSA_SHA256).unwrap()
}

/// An authority's parameters.
#[must_use]
pub fn authority(name: &str) -> CertificateParams {
    let mut params = named(name, Vec::new());
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// The parameters of a server's certificate.
#[must_use]
pub fn server(host: &str) -> CertificateParams {
    let mut params = named("a server", vec![host.into()]);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn named(name: &str, hosts: Vec<String>) -> CertificateParams {
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(4711));
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2027, 1, 1);
    params
}

/// A root and a server under it.
pub struct Pki {
    /// Whom the device trusts.
    pub root: Entity,
    /// The host.
    pub server: Entity,
}

impl Pki {
    /// For the host that the device wants to talk to.
    #[must_use]
    pub fn new() -> Self {
        Self::for_host(HOST)
    }

    /// For any host.
    #[must_use]
    pub fn for_host(host: &str) -> Self {
        let root = Entity::root(authority("root"), p256());
        let server = root.issue(server(host), p256());
        Self { root, server }
    }

    /// The device's trust anchors.
    #[must_use]
    pub fn roots(&self) -> RootCertificates<'_, 1> {
        let mut roots = RootCertificates::new();
        roots.add_der(&self.root.der).unwrap();
        roots
    }

    /// A connection to a good server with this certificate.
    #[must_use]
    pub fn connect(&self) -> Pipe<RustlsServer> {
        Pipe::new(RustlsServer::new(&[&self.server]), 1000)
    }
}

impl Default for Pki {
    fn default() -> Self {
        Self::new()
    }
}
