//! Everything a server, or somebody on the path, can do wrong in a handshake.

mod hellos;
mod proofs;
mod records;

use rcgen::{KeyPair, SigningKey};
use xobito_embassy::tls::TlsError;

use crate::pki::{self, Entity, HOST};
use crate::server::{ECDSA_P256_SHA256, Flight, HANDSHAKE, Hostile};

/// Who is who.
pub struct World {
    /// Whom the device trusts.
    pub root: Entity,
    /// The host.
    pub server: Entity,
    /// The host with an RSA key.
    pub rsa_server: Entity,
    /// Somebody else.
    pub attacker: KeyPair,
}

impl World {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        let root = Entity::root(pki::authority("root"), pki::p256());
        let server = root.issue(pki::server(HOST), pki::p256());
        let rsa_server = root.issue(pki::server(HOST), pki::rsa(pki::RSA_2048));
        Self {
            root,
            server,
            rsa_server,
            attacker: pki::p256(),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// One thing that is wrong.
pub struct Scenario {
    /// What it is.
    pub name: &'static str,
    /// What a device must say about it.
    pub error: TlsError,
    script: fn(&mut Flight, &World),
}

impl Scenario {
    /// The server that does it.
    #[must_use]
    pub fn peer<'a>(&'a self, world: &'a World) -> Hostile<'a> {
        Hostile::new(|flight| (self.script)(flight, world))
    }
}

fn scenario(
    name: &'static str,
    error: impl Into<TlsError>,
    script: fn(&mut Flight, &World),
) -> Scenario {
    Scenario {
        name,
        error: error.into(),
        script,
    }
}

/// All of them.
#[must_use]
pub fn scenarios() -> Vec<Scenario> {
    let mut all = proofs::missing_proofs();
    all.extend(proofs::proofs_out_of_order());
    all.extend(proofs::wrong_proofs());
    all.extend(hellos::wrong_hellos());
    all.extend(records::wrong_records());
    all.extend(records::wrong_messages());
    all
}

impl Flight {
    fn begin(&mut self) {
        self.server_hello();
        let message = self.encrypted_extensions();
        self.encrypted(HANDSHAKE, &message);
    }

    fn send_certificate(&mut self, entity: &Entity) {
        let message = self.certificate(&[&entity.der]);
        self.encrypted(HANDSHAKE, &message);
    }

    fn send_proof(&mut self, scheme: u16, sign: impl FnOnce(&[u8]) -> Vec<u8>) {
        let message = self.certificate_verify(scheme, sign);
        self.encrypted(HANDSHAKE, &message);
    }

    fn prove(&mut self, key: &KeyPair) {
        self.send_proof(ECDSA_P256_SHA256, |content| key.sign(content).unwrap());
    }

    fn finish(&mut self) {
        let message = self.finished();
        self.encrypted(HANDSHAKE, &message);
        self.derive_session_keys();
    }

    /// A handshake with the right certificate, in which something comes between the proof and the end.
    fn interrupted(&mut self, world: &World, interruption: impl FnOnce(&mut Self)) {
        self.begin();
        self.send_certificate(&world.server);
        self.prove(&world.server.key);
        interruption(self);
        self.finish();
    }
}
