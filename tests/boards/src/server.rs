//! A server with whatever certificates a test gives it, for what the sandbox cannot be asked to present.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use rcgen::{Certificate, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

const ACCEPTED: &str = r#"{"status":"success","message":"Message sent successfully","data":{"message_id":"wamid.HBgL++/+c2FtcGxlIG9mIGEgbWVzc2FnZSBpZCwgNTggYg==","contact_id":451,"phone":"+14155551234","status":"sent","sent_at":"2026-04-16T12:00:00.000000Z","chat_id":88,"contact_created":false}}"#;
const DELIVERED: &str =
    r#"{"status":"success","data":{"message_id":"x","delivery_status":"delivered"}}"#;

/// A running server. It answers every request as the API answers one that it takes, and ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<u8>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one on this port of loopback (0 for any), with a chain that starts with its own certificate.
    ///
    /// # Errors
    /// That the port cannot be listened on, or the chain and the key do not go together.
    pub fn start(port: u16, chain: &[&Certificate], key: &KeyPair) -> io::Result<Self> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(
                chain
                    .iter()
                    .map(|certificate| certificate.der().clone())
                    .collect(),
                key,
            )
            .map_err(io::Error::other)?;
        let config = Arc::new(config);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let received = Arc::new(Mutex::new(Vec::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (everything, stop) = (Arc::clone(&received), Arc::clone(&is_over));
        let thread = thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (config, everything) = (Arc::clone(&config), Arc::clone(&everything));
                // Each has its own thread, because a device may leave without a word.
                thread::spawn(move || serve(socket, &config, &everything));
            }
        });
        Ok(Self {
            address,
            received,
            is_over,
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// All that devices told it, decrypted.
    #[must_use]
    pub fn received(&self) -> Vec<u8> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread up; it fails only if nobody listens any more.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One connection, until the device closes it.
fn serve(
    socket: TcpStream,
    config: &Arc<ServerConfig>,
    everything: &Mutex<Vec<u8>>,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, socket);
    let mut request = Vec::new();
    loop {
        let mut piece = [0; 2048];
        let length = stream.read(&mut piece)?;
        let piece = piece.get(..length).unwrap_or_default();
        if piece.is_empty() {
            return Ok(());
        }
        everything
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(piece);
        request.extend_from_slice(piece);
        if is_whole(&request) {
            let body = if request.starts_with(b"GET") {
                DELIVERED
            } else {
                ACCEPTED
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes())?;
            stream.flush()?;
            request.clear();
        }
    }
}

/// Whether a head and as much body as it announces are there.
fn is_whole(request: &[u8]) -> bool {
    let request = String::from_utf8_lossy(request);
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}
