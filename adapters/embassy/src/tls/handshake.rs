//! One handshake by embedded-tls, and the gate behind it.

use embedded_io_async::{Read, Write};
use embedded_tls::{
    CryptoProvider, CryptoRngCore, TlsConfig, TlsConnection, TlsContext,
    TlsError as EmbeddedTlsError, TlsVerifier,
};
use rand_core::RngCore;
use rustls_pki_types::ServerName;

use super::error::{ProtocolError, TlsError};
use super::randomness::Checked;
use super::records::{Pads, RecordState, Records};
use super::session::{RecordLayer, TrafficKey};
use super::suite::{HANDOVER_LENGTH, Suite};
use super::verifier::Verifier;

/// Runs the handshake and returns the session, which exists only if the server proved to be the host.
///
/// No byte of the caller's has been written by then: a session without proof has nothing to leak.
pub(crate) async fn run<S, R>(
    socket: &mut S,
    host: &ServerName<'_>,
    verifier: &mut Verifier<'_>,
    rng: Checked<'_, R>,
    receive: &mut [u8],
    send: &mut [u8],
) -> Result<RecordLayer, TlsError>
where
    S: Read + Write,
    R: CryptoRngCore,
{
    let state = RecordState::new();
    let proof = verifier.proof();
    let mut provider = Provider { rng, verifier };
    let mut config = TlsConfig::new();
    if cfg!(feature = "rsa") {
        config = config.enable_rsa_signatures();
    }
    if let ServerName::DnsName(name) = host {
        config = config.with_server_name(name.as_ref());
    }
    let records = Records::new(socket, &state, proof, receive.len());
    let mut connection = TlsConnection::new(records, receive, send);
    let opened = connection
        .open(TlsContext::new(&config, &mut provider))
        .await;
    if let Err(error) = opened {
        // What the verifier and the filter found says more than what embedded-tls made of it.
        return Err(proof.refusal().or(state.violation()).unwrap_or_else(|| {
            match (error, proof.is_complete()) {
                // Said of a proof that cannot be read, and of a Finished that is wrong.
                (EmbeddedTlsError::InvalidSignature, true) => ProtocolError::BadFinished.into(),
                (error, _) => from_embedded_tls(error),
            }
        }));
    }
    // THE GATE. embedded-tls calls a handshake finished that never had a certificate in it. (The filter has asked the
    // same before it let the client's Finished out; but that is for the server's sake, and this is for the token's.)
    proof.verdict()?;

    let mut pads = Pads {
        sending: [0; HANDOVER_LENGTH],
        receiving: [0; HANDOVER_LENGTH],
    };
    provider.rng.fill_bytes(&mut pads.sending);
    provider.rng.fill_bytes(&mut pads.receiving);
    if !provider.rng.held_out() {
        return Err(TlsError::BrokenRandomness);
    }
    state.begin_handover(pads);
    let mut receiving_key = [0; HANDOVER_LENGTH];
    take_over(&mut connection, &pads, &mut receiving_key)
        .await
        .map_err(from_embedded_tls)?;
    let sending_key = state
        .take_sending_key()
        .ok_or(ProtocolError::UnexpectedMessage)?;
    Ok(RecordLayer::new(
        TrafficKey::unmask(&sending_key, &pads.sending),
        TrafficKey::unmask(&receiving_key, &pads.receiving),
    ))
}

/// Makes embedded-tls "send" the pad and "receive" one; see [`suite`](super::suite).
async fn take_over<S: Read + Write>(
    connection: &mut TlsConnection<'_, Records<'_, S>, Suite>,
    pads: &Pads,
    receiving_key: &mut [u8; HANDOVER_LENGTH],
) -> Result<(), EmbeddedTlsError> {
    if connection.write(&pads.sending).await? != HANDOVER_LENGTH {
        return Err(EmbeddedTlsError::InsufficientSpace);
    }
    connection.flush().await?;
    if connection.read(receiving_key).await? != HANDOVER_LENGTH {
        return Err(EmbeddedTlsError::InvalidRecord);
    }
    Ok(())
}

struct Provider<'p, 'a, R> {
    rng: Checked<'p, R>,
    verifier: &'p mut Verifier<'a>,
}

impl<R: CryptoRngCore> CryptoProvider for Provider<'_, '_, R> {
    type CipherSuite = Suite;
    /// Client certificates are not offered.
    type Signature = [u8; 0];

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.rng
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Suite>, EmbeddedTlsError> {
        Ok(&mut *self.verifier)
    }
}

fn from_embedded_tls(error: EmbeddedTlsError) -> TlsError {
    use EmbeddedTlsError as E;
    match error {
        E::HandshakeAborted(_, description) => TlsError::PeerAlert(description as u8),
        E::Io(kind) => TlsError::Transport(kind),
        E::IoError => TlsError::Truncated,
        E::CryptoError => ProtocolError::BadRecord.into(),
        E::InvalidKeyShare
        | E::InvalidCipherSuite
        | E::AbortHandshake(..)
        | E::InvalidSupportedVersions => ProtocolError::IllegalParameters.into(),
        E::InvalidHandshake | E::InvalidRecord | E::Unimplemented => {
            ProtocolError::UnexpectedMessage.into()
        }
        _ => ProtocolError::MalformedMessage.into(),
    }
}
