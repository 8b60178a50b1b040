//! A client that hides nothing: what came over the wire byte by byte, and how the connection ended.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use xobito_sandbox::{Config, DEFAULT_TOKEN, Sandbox};

/// How long a handshake may take, on a busy machine too. One test waits it out.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer may take that has to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// After this, a connection counts as silent. Many tests wait it out.
const SILENCE: Duration = Duration::from_millis(400);

/// A sandbox whose rate limit is out of the way.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::start(Config {
        window: xobito_sandbox::Window::Friendly,
        rate_limit: 10_000,
        ..Config::default()
    })
    .unwrap()
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// `close_notify`, then FIN.
    Clean,
    /// FIN alone.
    Abrupt,
    /// RST.
    Reset,
    /// It is open, and nothing more comes.
    Silent,
}

/// A TLS connection to a sandbox.
pub(crate) struct Connection(StreamOwned<ClientConnection, Tap>);

/// A socket that remembers what came, as it was on the wire.
pub(crate) struct Tap {
    tcp: TcpStream,
    came: Vec<u8>,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.tcp.read(buffer)?;
        self.came.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tcp.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

/// An answer in plain framing.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The texts of one field in a 422.
    pub(crate) fn field_errors(&self, key: &str) -> Vec<String> {
        self.json()["errors"][key]
            .as_array()
            .into_iter()
            .flatten()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    }
}

impl Connection {
    pub(crate) fn open(sandbox: &Sandbox) -> Self {
        Self::try_open(
            sandbox,
            "localhost",
            client_config(sandbox, rustls::crypto::ring::default_provider()),
        )
        .unwrap()
    }

    /// Opens a connection and completes the handshake.
    pub(crate) fn try_open(
        sandbox: &Sandbox,
        name: &'static str,
        config: ClientConfig,
    ) -> io::Result<Self> {
        Self::connect(sandbox.port(), name, config)
    }

    pub(crate) fn connect(port: u16, name: &'static str, config: ClientConfig) -> io::Result<Self> {
        let tcp = TcpStream::connect(("127.0.0.1", port))?;
        tcp.set_read_timeout(Some(HANDSHAKE_PATIENCE))?;
        tcp.set_nodelay(true)?;
        let tls = ClientConnection::new(Arc::new(config), ServerName::try_from(name).unwrap())
            .map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(
            tls,
            Tap {
                tcp,
                came: Vec::new(),
            },
        );
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        stream.sock.tcp.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(stream))
    }

    pub(crate) fn tls(&self) -> &ClientConnection {
        &self.0.conn
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        // A server that resets early may make this fail; what can be read tells.
        let _ = self.0.write_all(bytes).and_then(|()| self.0.flush());
    }

    /// Sends a text message to `number`.
    pub(crate) fn send_text(&mut self, number: &str) {
        self.write(&request(
            "messages/send",
            &format!(r#"{{"phone_number":"{number}","message_body":"x/é"}}"#),
        ));
    }

    /// All that comes until the connection ends or falls silent.
    pub(crate) fn read_to_end(&mut self) -> (Vec<u8>, End) {
        self.0.sock.tcp.set_read_timeout(Some(SILENCE)).unwrap();
        let mut all = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => return (all, End::Clean),
                Ok(count) => all.extend_from_slice(&buffer[..count]),
                Err(error) => {
                    let end = match error.kind() {
                        io::ErrorKind::UnexpectedEof => End::Abrupt,
                        io::ErrorKind::ConnectionReset => End::Reset,
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => End::Silent,
                        _ => panic!("{error}"),
                    };
                    return (all, end);
                }
            }
        }
    }

    /// One answer with a Content-Length.
    pub(crate) fn read_answer(&mut self) -> Answer {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            self.0.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut answer = Answer {
            status: head[9..12].parse().unwrap(),
            head,
            body: Vec::new(),
        };
        answer.body = vec![0; answer.header("content-length").unwrap().parse().unwrap()];
        self.0.read_exact(&mut answer.body).unwrap();
        answer
    }

    /// The sizes of the TLS records that came, without their headers.
    pub(crate) fn record_sizes(&self) -> Vec<usize> {
        let mut rest = self.0.sock.came.as_slice();
        let mut sizes = Vec::new();
        while let [_, _, _, high, low, after @ ..] = rest {
            let size = usize::from(u16::from_be_bytes([*high, *low]));
            sizes.push(size);
            rest = &after[size..];
        }
        sizes
    }
}

/// TLS settings that trust the sandbox's root.
pub(crate) fn client_config(
    sandbox: &Sandbox,
    provider: rustls::crypto::CryptoProvider,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(sandbox.ca_der().to_vec()))
        .unwrap();
    ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// A POST with every header that the documentation asks for.
pub(crate) fn request(endpoint: &str, body: &str) -> Vec<u8> {
    let mut lines = headers(DEFAULT_TOKEN);
    lines.push("Content-Type: application/json".to_owned());
    raw(
        "POST",
        &format!("/api/v1/demo/{endpoint}"),
        &lines,
        body.as_bytes(),
    )
}

pub(crate) fn headers(token: &str) -> Vec<String> {
    vec![
        format!("Authorization: Bearer {token}"),
        "Accept: application/json".to_owned(),
    ]
}

pub(crate) fn raw(method: &str, path: &str, headers: &[String], body: &[u8]) -> Vec<u8> {
    let lines = headers.join("\r\n");
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Sends one request on a connection of its own.
pub(crate) fn exchange(sandbox: &Sandbox, request: &[u8]) -> Answer {
    let mut connection = Connection::open(sandbox);
    connection.write(request);
    connection.read_answer()
}

/// POSTs JSON to an endpoint of the API.
pub(crate) fn post(sandbox: &Sandbox, endpoint: &str, body: &Value) -> Answer {
    exchange(sandbox, &request(endpoint, &body.to_string()))
}

/// GETs the status of a message, with its id percent-encoded.
pub(crate) fn status(sandbox: &Sandbox, id: &str) -> Answer {
    let id = id
        .replace('/', "%2F")
        .replace('+', "%2B")
        .replace('=', "%3D");
    exchange(
        sandbox,
        &raw(
            "GET",
            &format!("/api/v1/demo/messages/{id}/status"),
            &headers(DEFAULT_TOKEN),
            b"",
        ),
    )
}

/// A request to `/_sandbox/`, which needs no token.
pub(crate) fn admin(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Answer {
    exchange(
        sandbox,
        &raw(
            method,
            &format!("/_sandbox/{path}"),
            &["X-Nothing: 1".to_owned()],
            body.as_bytes(),
        ),
    )
}
