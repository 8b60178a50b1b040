//! [`Tls`] on embedded-tls.

use embedded_io::Error as _;
use embedded_io_async::{Read, Write};
use rand_core::{CryptoRng, RngCore};
use rustls_pki_types::ServerName;

use super::anchors::TrustAnchors;
use super::clock::{Clock, WithoutTime};
use super::error::TlsError;
use super::path::Dates;
use super::proof::Proof;
use super::randomness::Checked;
use super::records::APPLICATION_DATA;
use super::session::{Received, RecordLayer, send};
use super::verifier::Verifier;
use super::{Tls, handshake};
use zeroize::Zeroize;

/// A receive buffer that holds every record TLS 1.3 allows.
pub const RECEIVE_BUFFER: usize = super::records::MAX_RECORD;

/// A send buffer that holds the first message for every host name.
pub const SEND_BUFFER: usize = HELLO_WITHOUT_HOST + MAX_HOST;

/// The first message with every extension but the host's name, and what embedded-tls reserves on top.
const HELLO_WITHOUT_HOST: usize = 192 + embedded_tls::TLS_RECORD_OVERHEAD;
const MAX_HOST: usize = 253;

/// TLS 1.3 by embedded-tls and rustls-webpki, with the server verified before anything else.
///
/// `R` is the firmware's random generator, cryptographically secure and seeded by hardware; pass `&mut rng` to keep
/// it. One that is stuck or fails is [`TlsError::BrokenRandomness`]. `C` is its clock.
///
/// # Examples
/// ```no_run
/// use xobito_embassy::tls::{EmbeddedTls, FixedTime, RECEIVE_BUFFER, RootCertificates, SEND_BUFFER, Tls, TlsError};
///
/// # async fn run<S: embedded_io_async::Read + embedded_io_async::Write, R: rand_core::CryptoRng + rand_core::RngCore>(
/// #     mut socket: S, mut rng: R, root: &[u8],
/// # ) -> Result<(), TlsError> {
/// let mut roots = RootCertificates::<1>::new();
/// roots.add_der(root).map_err(|_| TlsError::NoTrustAnchors)?;
/// let (mut receive, mut send) = ([0; RECEIVE_BUFFER], [0; SEND_BUFFER]);
/// let clock = FixedTime(Some(1_795_000_000));
/// let mut tls = EmbeddedTls::new(roots.anchors(), &mut rng, clock, &mut receive, &mut send);
///
/// tls.open(&mut socket, "dash.xobito.com").await?;
/// // Only now is there a session that takes a secret.
/// tls.write(&mut socket, b"GET / HTTP/1.1\r\nHost: dash.xobito.com\r\n\r\n").await?;
/// tls.flush(&mut socket).await?;
/// let mut answer = [0; 64];
/// let length = tls.read(&mut socket, &mut answer).await?;
/// tls.close(&mut socket).await
/// # }
/// ```
pub struct EmbeddedTls<'a, R, C> {
    anchors: TrustAnchors<'a>,
    rng: R,
    clock: C,
    without_time: WithoutTime,
    receive: &'a mut [u8],
    send: &'a mut [u8],
    session: Option<RecordLayer>,
}

impl<'a, R: CryptoRng + RngCore, C: Clock> EmbeddedTls<'a, R, C> {
    /// An endpoint that trusts `anchors`; see the [module](super) for how large the buffers must be.
    pub const fn new(
        anchors: TrustAnchors<'a>,
        rng: R,
        clock: C,
        receive: &'a mut [u8],
        send: &'a mut [u8],
    ) -> Self {
        Self {
            anchors,
            rng,
            clock,
            without_time: WithoutTime::Refuse,
            receive,
            send,
            session: None,
        }
    }

    /// Trusts other anchors from the next connection on.
    pub const fn set_trust_anchors(&mut self, anchors: TrustAnchors<'a>) {
        self.anchors = anchors;
    }

    /// Decides what happens while the clock does not know the time; the default is to refuse.
    pub const fn set_without_time(&mut self, policy: WithoutTime) {
        self.without_time = policy;
    }

    fn dates(&self) -> Result<Dates, TlsError> {
        match (self.clock.unix_time_s(), self.without_time) {
            (Some(time_s), _) => Ok(Dates::At(time_s)),
            (None, WithoutTime::IgnoreCertificateDatesAndAcceptExpiredOnes) => Ok(Dates::Ignored),
            (None, WithoutTime::Refuse) => Err(TlsError::TimeUnknown),
        }
    }

    /// Takes the session away for as long as a record is on its way, so that nobody goes on after half of one.
    async fn send_record<S: Write>(&mut self, socket: &mut S, last: bool) -> Result<(), TlsError> {
        let mut session = self.session.take().ok_or(TlsError::NotOpen)?;
        if session.has_pending() {
            let record = session.seal(self.send, APPLICATION_DATA)?;
            send(socket, record).await?;
        }
        if last {
            let record = session.seal_close_notify(self.send)?;
            send(socket, record).await
        } else {
            self.session = Some(session);
            Ok(())
        }
    }
}

impl<R: CryptoRng + RngCore, C: Clock> Tls for EmbeddedTls<'_, R, C> {
    async fn open<S: Read + Write>(&mut self, socket: &mut S, host: &str) -> Result<(), TlsError> {
        self.session = None;
        let name = ServerName::try_from(host).map_err(|_| TlsError::InvalidHost)?;
        if self.anchors.is_empty() {
            return Err(TlsError::NoTrustAnchors);
        }
        let needed = HELLO_WITHOUT_HOST + host.len();
        let capacity = self.send.len();
        if capacity < needed {
            return Err(TlsError::SendBufferTooSmall { needed, capacity });
        }
        let dates = self.dates()?;
        let rng = Checked::new(&mut self.rng)?;
        let proof = Proof::new();
        let mut verifier = Verifier::new(&name, self.anchors, dates, &proof);
        let session =
            handshake::run(socket, &name, &mut verifier, rng, self.receive, self.send).await?;
        self.session = Some(session);
        Ok(())
    }

    fn is_open(&self) -> bool {
        self.session.is_some()
    }

    async fn write<S: Write>(&mut self, socket: &mut S, bytes: &[u8]) -> Result<usize, TlsError> {
        loop {
            let session = self.session.as_mut().ok_or(TlsError::NotOpen)?;
            let count = session.fill(self.send, bytes);
            if count > 0 || bytes.is_empty() {
                return Ok(count);
            }
            self.send_record(socket, false).await?;
        }
    }

    async fn flush<S: Write>(&mut self, socket: &mut S) -> Result<(), TlsError> {
        self.send_record(socket, false).await?;
        flush(socket).await
    }

    async fn read<S: Read>(&mut self, socket: &mut S, out: &mut [u8]) -> Result<usize, TlsError> {
        let session = self.session.as_mut().ok_or(TlsError::NotOpen)?;
        if out.is_empty() {
            return Ok(0);
        }
        match session.read(socket, self.receive, out).await {
            Ok(Received::Data(count)) => Ok(count),
            Ok(Received::CloseNotify) => {
                self.session = None;
                Ok(0)
            }
            Err(error) => {
                self.session = None;
                Err(error)
            }
        }
    }

    async fn close<S: Write>(&mut self, socket: &mut S) -> Result<(), TlsError> {
        if self.session.is_none() {
            return Ok(());
        }
        self.send_record(socket, true).await?;
        flush(socket).await
    }

    fn is_quiet(&self) -> bool {
        self.session.as_ref().is_none_or(RecordLayer::is_quiet)
    }

    fn abandon(&mut self) {
        self.session = None;
        // Plaintext may wait in it, the token included.
        self.send.zeroize();
    }
}

async fn flush<S: Write>(socket: &mut S) -> Result<(), TlsError> {
    socket
        .flush()
        .await
        .map_err(|error| TlsError::Transport(error.kind()))
}
