//! One connection to the server under examination.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::crypto::ring::{default_provider, kx_group};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, Stream};

use super::head::{Answer, HEAD_ROOM};
use super::recorder::{Chain, Recorder};
use super::tap::{Records, Tap};

/// For what may come behind the head: a server need not close, and its records only sharpen the picture.
const AFTER_HEAD: Duration = Duration::from_secs(1);

/// Whom to connect to, and until when.
pub(super) struct Target<'a> {
    pub(super) name: &'a str,
    pub(super) port: u16,
    pub(super) authority: &'a str,
    pub(super) server_name: ServerName<'static>,
    pub(super) deadline: Instant,
}

/// What the `ClientHello` offers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Offer {
    /// What a device offers: TLS 1.3 with `TLS_AES_128_GCM_SHA256` and a P-256 key share.
    Device,
    /// All that a host can do, to tell what the server would take instead.
    Everything,
    /// All but other key shares than the device's.
    DeviceGroup,
    /// All but other ciphers than the device's.
    DeviceCipher,
}

/// Why there is no session.
pub(super) enum Failed {
    /// There is not even a TCP connection.
    Unreachable(String),
    Handshake {
        why: String,
        timed_out: bool,
        asks_to_retry: bool,
        largest_record: usize,
    },
}

/// A session with a server that has shown that it holds its certificate's key, and nothing else.
pub(super) struct Session {
    tls: ClientConnection,
    tap: Tap,
    pub(super) address: SocketAddr,
    pub(super) chain: Chain,
}

impl Session {
    pub(super) fn open(target: &Target<'_>, offer: Offer) -> Result<Self, Failed> {
        let (socket, address) = connect(target).map_err(Failed::Unreachable)?;
        let mut tap = Tap::new(socket, target.deadline);
        let failed = |tap: &Tap, error: &io::Error| Failed::Handshake {
            why: in_words(error),
            timed_out: error.kind() == io::ErrorKind::TimedOut,
            asks_to_retry: tap.records().ask_to_retry(),
            largest_record: tap.records().largest(),
        };
        let (mut tls, chain) =
            client(target, offer).map_err(|error| failed(&tap, &io::Error::other(error)))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut tap)
                .map_err(|error| failed(&tap, &error))?;
        }
        let chain = std::mem::take(&mut *chain.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Self {
            tls,
            tap,
            address,
            chain,
        })
    }

    pub(super) fn is_tls13(&self) -> bool {
        self.tls.protocol_version() == Some(ProtocolVersion::TLSv1_3)
    }

    pub(super) fn records(&self) -> &Records {
        self.tap.records()
    }

    /// The name of the key exchange group.
    pub(super) fn group(&self) -> String {
        let group = self.tls.negotiated_key_exchange_group();
        group.map_or_else(|| "none".to_owned(), |group| format!("{:?}", group.name()))
    }

    /// The name of the cipher suite.
    pub(super) fn cipher(&self) -> String {
        let suite = self.tls.negotiated_cipher_suite();
        suite.map_or_else(|| "none".to_owned(), |suite| format!("{:?}", suite.suite()))
    }

    /// Asks for the first page, without a token, and reads the answer's head and a little of what follows.
    pub(super) fn ask(&mut self, authority: &str) -> Answer {
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: xobito-doctor/{}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let mut stream = Stream::new(&mut self.tls, &mut self.tap);
        if let Err(error) = stream.write_all(request.as_bytes()) {
            return Answer::Missing(in_words(&error));
        }
        let mut received = Vec::new();
        let mut chunk = vec![0; 8 * 1024];
        let answer = loop {
            let len = match stream.read(&mut chunk) {
                Ok(0) => return Answer::Missing("the connection was closed".to_owned()),
                Ok(len) => len,
                Err(error) => return Answer::Missing(in_words(&error)),
            };
            received.extend_from_slice(chunk.get(..len).unwrap_or_default());
            if let Some(answer) = Answer::read(&received) {
                break answer;
            }
        };
        debug_assert!(received.len() <= HEAD_ROOM + chunk.len());
        stream.sock.shorten(AFTER_HEAD);
        // The tap ends it at the latest.
        while stream.read(&mut chunk).is_ok_and(|len| len > 0) {}
        answer
    }
}

fn client(
    target: &Target<'_>,
    offer: Offer,
) -> Result<(ClientConnection, Arc<std::sync::Mutex<Chain>>), rustls::Error> {
    let mut provider = default_provider();
    if matches!(offer, Offer::Device | Offer::DeviceGroup) {
        provider.kx_groups = vec![kx_group::SECP256R1];
    }
    if matches!(offer, Offer::Device | Offer::DeviceCipher) {
        provider.cipher_suites = vec![TLS13_AES_128_GCM_SHA256];
    }
    let versions = if offer == Offer::Everything {
        rustls::ALL_VERSIONS
    } else {
        &[&rustls::version::TLS13]
    };
    let (recorder, chain) = Recorder::new(provider.signature_verification_algorithms);
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(recorder))
        .with_no_client_auth();
    let tls = ClientConnection::new(Arc::new(config), target.server_name.clone())?;
    Ok((tls, chain))
}

fn connect(target: &Target<'_>) -> Result<(TcpStream, SocketAddr), String> {
    let mut last = "the name has no address".to_owned();
    for address in look_up(target)? {
        let left = target.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("the time ran out while connecting".to_owned());
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(socket) => {
                // A handshake is small messages that wait for each other.
                let _ = socket.set_nodelay(true);
                return Ok((socket, address));
            }
            Err(error) => last = format!("{address}: {}", in_words(&error)),
        }
    }
    Err(last)
}

/// The system's look-up has no time limit of its own, so it gets a thread that may be left behind.
fn look_up(target: &Target<'_>) -> Result<Vec<SocketAddr>, String> {
    let (name, port) = (target.name.to_owned(), target.port);
    if let Ok(address) = name.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (sender, receiver) = mpsc::channel();
    let cannot = |error: io::Error| format!("the name cannot be looked up: {error}");
    thread::Builder::new()
        .spawn(move || {
            let found = (name, port).to_socket_addrs();
            let _ = sender.send(found.map(Iterator::collect::<Vec<_>>));
        })
        .map_err(cannot)?;
    let left = target.deadline.saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left) {
        Ok(found) => found.map_err(cannot),
        Err(_) => Err("the time ran out while looking up the name".to_owned()),
    }
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::TimedOut => "the time ran out".to_owned(),
        io::ErrorKind::UnexpectedEof => "the connection was closed".to_owned(),
        io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
        _ => error.to_string(),
    }
}
