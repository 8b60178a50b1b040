//! Certificates for servers that the device should and should not believe.

use std::{error::Error, fs};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SignatureAlgorithm, date_time_ymd,
};

use crate::firmware::sandbox_folder;

/// The host as an emulated board sees it.
pub const HOST: &str = "10.0.2.2";

/// A certificate with its key.
pub struct Identity {
    /// The certificate.
    pub certificate: rcgen::Certificate,
    /// Its key.
    pub key: KeyPair,
    params: CertificateParams,
}

impl Identity {
    /// The sandbox's authority, under its own name and key, so that whatever it issues has a path to the root that the
    /// firmware trusts.
    ///
    /// # Errors
    /// That the sandbox's folder has no authority in it.
    pub fn sandbox_authority() -> Result<Self, Box<dyn Error>> {
        let key = fs::read_to_string(sandbox_folder().join("ca-key.pem"))?;
        Self::root(authority("Xobito sandbox root"), KeyPair::from_pem(&key)?)
    }

    /// A new authority of its own.
    ///
    /// # Errors
    /// That this kind of key cannot be made.
    pub fn new_authority(
        name: &str,
        algorithm: &'static SignatureAlgorithm,
    ) -> Result<Self, Box<dyn Error>> {
        Self::root(authority(name), KeyPair::generate_for(algorithm)?)
    }

    /// A new authority with this key.
    ///
    /// # Errors
    /// That the key cannot be used.
    pub fn authority_with_key(name: &str, key: KeyPair) -> Result<Self, Box<dyn Error>> {
        Self::root(authority(name), key)
    }

    /// A certificate for a server, signed with this one's key, whether that may sign certificates or not.
    ///
    /// # Errors
    /// That the key cannot be used.
    pub fn issue(&self, host: &str, key: KeyPair) -> Result<Self, Box<dyn Error>> {
        let mut params = named("a server", vec![host.to_owned()])?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer)?;
        Ok(Self {
            certificate,
            key,
            params,
        })
    }

    fn root(
        params: Result<CertificateParams, rcgen::Error>,
        key: KeyPair,
    ) -> Result<Self, Box<dyn Error>> {
        let params = params?;
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            certificate,
            key,
            params,
        })
    }
}

fn authority(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = named(name, Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn named(name: &str, hosts: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2046, 1, 1);
    Ok(params)
}
