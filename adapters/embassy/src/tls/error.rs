//! What can go wrong with a TLS session, split by who has to act.

use core::fmt;

use embedded_io::ErrorKind;

/// Why a session could not be opened, or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TlsError {
    /// Configuration: the host is neither a DNS name nor an IP address.
    InvalidHost,
    /// Configuration: there is no trust anchor to check a certificate against.
    NoTrustAnchors,
    /// Configuration: the send buffer cannot hold the first message for this host.
    SendBufferTooSmall {
        /// Bytes that would be enough.
        needed: usize,
        /// Bytes that there are.
        capacity: usize,
    },
    /// Configuration or server: a record is larger than the receive buffer.
    ReceiveBufferTooSmall {
        /// The size of the server's record; 16,640 bytes are enough for any.
        needed: usize,
        /// Bytes that there are.
        capacity: usize,
    },
    /// Device: the clock does not know the time, and certificates are judged by it.
    TimeUnknown,
    /// Device: the random generator is stuck or fails, so no key would be secret. Neither token nor request was sent.
    BrokenRandomness,
    /// Server: it did not prove to be the host.
    Certificate(CertificateError),
    /// Server, or somebody on the path: a message that TLS 1.3 does not allow here.
    Protocol(ProtocolError),
    /// Server: it ended the session with this alert description (RFC 8446, 6).
    PeerAlert(u8),
    /// Transport: reading or writing failed.
    Transport(ErrorKind),
    /// Transport: the connection ended without the server's `close_notify`; what came may not be all.
    Truncated,
    /// Caller: no session is open; it was closed, has failed, or an operation on it was cancelled half-way.
    NotOpen,
}

/// Why a certificate chain was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CertificateError {
    /// A certificate of the chain has run out, or the device's clock is ahead.
    Expired {
        /// The time it was judged by, in seconds of Unix time.
        time_s: u64,
        /// Its last second.
        not_after_s: u64,
    },
    /// A certificate of the chain is not valid yet, or the device's clock is behind.
    NotYetValid {
        /// The time it was judged by, in seconds of Unix time.
        time_s: u64,
        /// Its first second.
        not_before_s: u64,
    },
    /// The trust anchor in the firmware has run out: ship a new one.
    AnchorExpired {
        /// The time it was judged by, in seconds of Unix time.
        time_s: u64,
        /// Its last second.
        not_after_s: u64,
    },
    /// The trust anchor in the firmware is not valid yet: check the clock.
    AnchorNotYetValid {
        /// The time it was judged by, in seconds of Unix time.
        time_s: u64,
        /// Its first second.
        not_before_s: u64,
    },
    /// The certificate is for other hosts.
    WrongHost,
    /// No trust anchor issued the chain, or a certificate between is missing.
    UnknownIssuer,
    /// A signature in the chain is wrong.
    BadSignature,
    /// The signature over the handshake is wrong: the server does not hold the certificate's key.
    BadHandshakeSignature,
    /// A certificate was signed by one that may not issue certificates.
    NotACertificateAuthority,
    /// An authority's certificate was presented as the server's.
    AuthorityAsServer,
    /// More authorities below one another than their issuer allowed.
    PathTooLong,
    /// A key usage extension forbids what the key was used for.
    KeyUsage,
    /// An extended key usage extension does not allow TLS servers.
    ExtendedKeyUsage,
    /// The host is outside what an authority may issue certificates for.
    NameConstraints,
    /// A critical extension that this crate does not know.
    UnknownCriticalExtension,
    /// More certificates than a server needs to send.
    TooManyCertificates {
        /// How many came.
        count: usize,
        /// How many may come.
        max: usize,
    },
    /// A key or signature algorithm that this build does not support.
    UnsupportedAlgorithm,
    /// A certificate that is not well-formed, or breaks a rule of RFC 5280.
    Malformed,
    /// The chain can be combined in too many ways to check them all.
    TooComplex,
}

/// Which rule of the protocol was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ProtocolError {
    /// Something other than a TLS 1.3 record answered.
    NotTls,
    /// A record of a kind, version or size that does not belong here.
    UnexpectedRecord,
    /// More records than a handshake, or the time between two pieces of data, needs.
    TooManyRecords,
    /// The server wants a key share on another curve than P-256, or another handshake altogether.
    HelloRetryRequest,
    /// A handshake message that does not belong here, or one split over records.
    UnexpectedMessage,
    /// A message that cannot be read.
    MalformedMessage,
    /// The server chose parameters that were not offered, or none that both sides support.
    IllegalParameters,
    /// Decryption failed: the record was damaged, repeated or forged.
    BadRecord,
    /// The server's Finished does not fit the handshake: the two sides saw different messages.
    BadFinished,
    /// The handshake ended without the server's certificate.
    CertificateMissing,
    /// The handshake ended without the server's proof that it holds its certificate's key.
    CertificateVerifyMissing,
    /// The server asks for new keys in the middle of a session, which is not supported: reconnect.
    KeyUpdate,
    /// So many records were sent that the keys are used up: reconnect.
    KeysUsedUp,
}

impl embedded_io::Error for TlsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidHost | Self::NoTrustAnchors => ErrorKind::InvalidInput,
            Self::SendBufferTooSmall { .. } | Self::ReceiveBufferTooSmall { .. } => {
                ErrorKind::OutOfMemory
            }
            Self::Certificate(_) | Self::TimeUnknown => ErrorKind::PermissionDenied,
            Self::Protocol(_) => ErrorKind::InvalidData,
            Self::PeerAlert(_) | Self::Truncated => ErrorKind::ConnectionAborted,
            Self::Transport(kind) => *kind,
            Self::NotOpen => ErrorKind::NotConnected,
            Self::BrokenRandomness => ErrorKind::Other,
        }
    }
}

impl core::error::Error for TlsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Certificate(error) => Some(error),
            Self::Protocol(error) => Some(error),
            _ => None,
        }
    }
}

impl core::error::Error for CertificateError {}
impl core::error::Error for ProtocolError {}

impl From<CertificateError> for TlsError {
    fn from(error: CertificateError) -> Self {
        Self::Certificate(error)
    }
}

impl From<ProtocolError> for TlsError {
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(error)
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidHost => f.write_str("the host is neither a DNS name nor an IP address"),
            Self::NoTrustAnchors => f.write_str("no trust anchor is configured"),
            Self::SendBufferTooSmall { needed, capacity } => {
                write!(f, "the send buffer has {capacity} bytes and needs {needed}")
            }
            Self::ReceiveBufferTooSmall { needed, capacity } => write!(
                f,
                "the server sent a record of {needed} bytes and the receive buffer has {capacity}"
            ),
            Self::TimeUnknown => {
                f.write_str("the time is not known, so no certificate can be judged")
            }
            Self::BrokenRandomness => f.write_str("the random generator is stuck or fails"),
            Self::Certificate(error) => write!(f, "certificate: {error}"),
            Self::Protocol(error) => write!(f, "TLS: {error}"),
            Self::PeerAlert(description) => {
                write!(f, "the server ended the session with alert {description}")
            }
            Self::Transport(kind) => write!(f, "transport: {kind}"),
            Self::Truncated => f.write_str("the connection ended without the server's goodbye"),
            Self::NotOpen => f.write_str("no session is open"),
        }
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Expired {
                time_s,
                not_after_s,
            } => {
                return write!(f, "expired at {not_after_s}, and it is {time_s}");
            }
            Self::NotYetValid {
                time_s,
                not_before_s,
            } => {
                return write!(f, "valid from {not_before_s}, and it is {time_s}");
            }
            Self::AnchorExpired {
                time_s,
                not_after_s,
            } => {
                return write!(
                    f,
                    "the trust anchor expired at {not_after_s}, and it is {time_s}"
                );
            }
            Self::AnchorNotYetValid {
                time_s,
                not_before_s,
            } => {
                return write!(
                    f,
                    "the trust anchor is valid from {not_before_s}, and it is {time_s}"
                );
            }
            Self::TooManyCertificates { count, max } => {
                return write!(f, "{count} certificates came, {max} are allowed");
            }
            Self::WrongHost => "for other hosts",
            Self::UnknownIssuer => "no trust anchor issued it",
            Self::BadSignature => "a signature in the chain is wrong",
            Self::BadHandshakeSignature => "the server does not hold its key",
            Self::NotACertificateAuthority => "issued by one that is no authority",
            Self::AuthorityAsServer => "an authority's own, not a server's",
            Self::PathTooLong => "more authorities than allowed",
            Self::KeyUsage => "its key may not be used for this",
            Self::ExtendedKeyUsage => "not for TLS servers",
            Self::NameConstraints => "outside its issuer's names",
            Self::UnknownCriticalExtension => "an unknown critical extension",
            Self::UnsupportedAlgorithm => "an algorithm that this build does not support",
            Self::Malformed => "not well-formed",
            Self::TooComplex => "too many ways to combine the chain",
        };
        f.write_str(text)
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotTls => "the answer is not TLS 1.3",
            Self::UnexpectedRecord => "a record that does not belong here",
            Self::TooManyRecords => "too many records",
            Self::HelloRetryRequest => "the server wants another key share than P-256",
            Self::UnexpectedMessage => "a message that does not belong here",
            Self::MalformedMessage => "a message that cannot be read",
            Self::IllegalParameters => "parameters that were not offered",
            Self::BadRecord => "a record that was damaged, repeated or forged",
            Self::BadFinished => "the two sides saw different handshakes",
            Self::CertificateMissing => "no certificate came",
            Self::CertificateVerifyMissing => "no proof of the certificate's key came",
            Self::KeyUpdate => "a change of keys, which is not supported",
            Self::KeysUsedUp => "the keys are used up",
        })
    }
}
