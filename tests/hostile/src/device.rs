//! What a device does: open, send a request with a secret in it, read the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use embedded_io_async::Write;
use embedded_tls::pki::CertVerifier;
use embedded_tls::{
    Aes128GcmSha256, Certificate, CryptoProvider, CryptoRngCore, TlsClock, TlsConfig,
    TlsConnection, TlsContext, TlsError as EmbeddedTlsError, TlsVerifier,
};
use rand_core::OsRng;
use xobito_embassy::tls::{
    EmbeddedTls, FixedTime, RECEIVE_BUFFER, RootCertificates, SEND_BUFFER, Tls, TlsError,
    TrustAnchors,
};

use crate::pipe::{Peer, Pipe, run};
use crate::pki::{HOST, NOW};
use crate::server::APPLICATION_DATA;

/// The secret that must never leave before the server has proved to be the host.
pub const TOKEN: &[u8] = b"apitk_this-is-the-secret-of-the-whole-workspace";
/// The request in which it leaves.
pub const REQUEST: &[u8] = b"POST / HTTP/1.1\r\nAuthorization: Bearer apitk_this-is-the-secret-of-the-whole-workspace\r\n\r\n";
/// How a server answers.
pub const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// The buffers of an endpoint.
#[derive(Debug)]
pub struct Buffers {
    receive: Vec<u8>,
    send: Vec<u8>,
}

impl Buffers {
    /// As large as they have to be for any server.
    #[must_use]
    pub fn new() -> Self {
        Self::of(RECEIVE_BUFFER, SEND_BUFFER)
    }

    /// Of so many bytes.
    #[must_use]
    pub fn of(receive: usize, send: usize) -> Self {
        Self {
            receive: vec![0; receive],
            send: vec![0; send],
        }
    }

    /// An endpoint that knows the time.
    pub fn endpoint<'b>(
        &'b mut self,
        anchors: TrustAnchors<'b>,
    ) -> EmbeddedTls<'b, OsRng, FixedTime> {
        self.endpoint_at(Some(NOW), anchors)
    }

    /// An endpoint at another time, or without one.
    pub fn endpoint_at<'b>(
        &'b mut self,
        time_s: Option<u64>,
        anchors: TrustAnchors<'b>,
    ) -> EmbeddedTls<'b, OsRng, FixedTime> {
        EmbeddedTls::new(
            anchors,
            OsRng,
            FixedTime(time_s),
            &mut self.receive,
            &mut self.send,
        )
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// What became of one attempt.
#[derive(Debug)]
pub struct Attempt<E> {
    /// The answer, or why there is none; `None` after a panic.
    pub result: Option<Result<Vec<u8>, E>>,
    /// Whether the session was opened.
    pub opened: bool,
    /// Whether the device said anything under encryption, were it only that it has finished.
    pub answered: bool,
    /// Whether somebody else than the real host can read the token.
    pub leaked: bool,
}

/// One attempt by this project's TLS.
pub fn attempt(peer: impl Peer, root: &[u8], piece: usize) -> Attempt<TlsError> {
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(root).expect("a root");
    attempt_with(peer, roots.anchors(), piece, HOST, Some(NOW))
}

/// One attempt by this project's TLS with other settings than usual.
pub fn attempt_with(
    peer: impl Peer,
    anchors: TrustAnchors<'_>,
    piece: usize,
    host: &str,
    time_s: Option<u64>,
) -> Attempt<TlsError> {
    let mut buffers = Buffers::new();
    let mut tls = buffers.endpoint_at(time_s, anchors);
    observe(peer, piece, async |pipe, opened| {
        tls.open(pipe, host).await?;
        *opened = true;
        let mut rest = REQUEST;
        while !rest.is_empty() {
            let count = tls.write(pipe, rest).await?;
            rest = &rest[count..];
        }
        tls.flush(pipe).await?;
        let mut answer = Vec::new();
        while answer.len() < ANSWER.len() {
            let mut piece = [0; 16];
            match tls.read(pipe, &mut piece).await? {
                0 => break,
                count => answer.extend_from_slice(&piece[..count]),
            }
        }
        tls.close(pipe).await?;
        Ok(answer)
    })
}

/// One attempt by embedded-tls alone, with its own verifier, as its documentation shows it.
pub fn attempt_by_embedded_tls_alone(
    peer: impl Peer,
    root: &[u8],
    piece: usize,
) -> Attempt<EmbeddedTlsError> {
    let (mut receive, mut send) = (vec![0; 16_640], vec![0; 1024]);
    let mut provider = OwnVerifier {
        verifier: CertVerifier::new(Certificate::X509(root)),
    };
    let config = TlsConfig::new().with_server_name(HOST);
    observe(peer, piece, async |pipe, opened| {
        let mut connection = TlsConnection::new(pipe, &mut receive, &mut send);
        connection
            .open(TlsContext::new(&config, &mut provider))
            .await?;
        *opened = true;
        connection.write_all(REQUEST).await?;
        connection.flush().await?;
        let mut answer = Vec::new();
        while answer.len() < ANSWER.len() {
            let mut piece = [0; 16];
            let count = connection.read(&mut piece).await?;
            answer.extend_from_slice(&piece[..count]);
        }
        Ok(answer)
    })
}

fn observe<P: Peer, E>(
    peer: P,
    piece: usize,
    work: impl AsyncFnOnce(&mut Pipe<P>, &mut bool) -> Result<Vec<u8>, E>,
) -> Attempt<E> {
    let mut pipe = Pipe::new(peer, piece);
    let mut opened = false;
    let result = catch_unwind(AssertUnwindSafe(|| run(work(&mut pipe, &mut opened)))).ok();
    let leaked = pipe.leaked(TOKEN);
    Attempt {
        result,
        opened,
        answered: records(&pipe.sent).any(|kind| kind == APPLICATION_DATA),
        leaked,
    }
}

/// The kinds of the records that a device sent.
fn records(mut sent: &[u8]) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let (&[kind, _, _, high, low], rest) = sent.split_first_chunk()?;
        sent = rest.get(usize::from(u16::from_be_bytes([high, low]))..)?;
        Some(kind)
    })
}

struct TestTime;

impl TlsClock for TestTime {
    fn now() -> Option<u64> {
        Some(NOW)
    }
}

struct OwnVerifier<'a> {
    verifier: CertVerifier<'a, Aes128GcmSha256, TestTime, 4096>,
}

impl CryptoProvider for OwnVerifier<'_> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = [u8; 0];

    fn rng(&mut self) -> impl CryptoRngCore {
        OsRng
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, EmbeddedTlsError> {
        Ok(&mut self.verifier)
    }
}
