//! Servers with certificates of every kind, and settings that trust them.

use std::{error::Error, fs, path::PathBuf, sync::OnceLock};

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};

use crate::{HOST, Identity, Server, root, sandbox_folder};

/// A root and a server's certificate, both with keys of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA with 2048 bits.
    Rsa2048,
}

impl Chain {
    /// Starts a server with a new certificate under this chain's root.
    pub(super) fn server(self) -> Result<Server, Box<dyn Error>> {
        let identity = self.root()?.issue(HOST, self.key()?)?;
        Ok(Server::start(0, &[&identity.certificate], &identity.key)?)
    }

    /// The root, with the same key as long as this program runs.
    fn root(self) -> Result<Identity, Box<dyn Error>> {
        static KEYS: [OnceLock<String>; 3] = [const { OnceLock::new() }; 3];
        let name = format!("figures root {self:?}");
        if self == Self::Rsa2048 {
            return Identity::authority_with_key(&name, self.key()?);
        }
        let key = self.key()?;
        let kept = KEYS
            .get(usize::from(self == Self::P384))
            .ok_or("no such key")?;
        let pem = kept.get_or_init(|| key.serialize_pem());
        Identity::authority_with_key(&name, KeyPair::from_pem(pem)?)
    }

    fn key(self) -> Result<KeyPair, Box<dyn Error>> {
        Ok(match self {
            Self::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?,
            Self::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?,
            Self::Rsa2048 => {
                let pem = fs::read_to_string(root().join("tests/hostile/data/rsa-2048.pem"))?;
                KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256)?
            }
        })
    }
}

/// The committed settings with these chains' roots instead of the sandbox's.
pub(super) fn settings(chains: &[Chain]) -> Result<PathBuf, Box<dyn Error>> {
    let committed = fs::read_to_string(root().join("firmware-example/settings.toml"))?;
    let (before, after) = committed
        .split_once("sandbox/ca.pem")
        .ok_or("settings.toml does not name sandbox/ca.pem")?;
    let folder = sandbox_folder();
    fs::create_dir_all(&folder)?;
    let roots = chains.iter().map(|chain| chain.root());
    let roots: Result<Vec<_>, _> = roots.collect();
    let pem: Vec<String> = roots?.iter().map(|root| root.certificate.pem()).collect();
    fs::write(folder.join("figures-roots.pem"), pem.concat())?;
    let settings = folder.join("figures.toml");
    fs::write(&settings, format!("{before}figures-roots.pem{after}"))?;
    Ok(settings)
}
