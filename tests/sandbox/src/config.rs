//! What can be chosen about a sandbox, with defaults under which a first message just works.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::Fault;
use crate::record::Received;

/// The token of [`Config::default`], as long as a real one, with every ability.
pub const DEFAULT_TOKEN: &str =
    "apitk_5a17d0b0c0ffee005a17d0b0c0ffee005a17d0b0c0ffee005a17d0b0c0ffee00";
/// A token of [`Config::default`] that may read and validate, but lacks `messages.send`.
pub const READ_ONLY_TOKEN: &str =
    "apitk_0ead0b1e0c0ffee00ead0b1e0c0ffee00ead0b1e0c0ffee00ead0b1e0c0ffee0";

/// Names and addresses that the server's certificate is always valid for; `10.0.2.2` is the host as QEMU's guests see it.
pub const DEFAULT_NAMES: [&str; 5] = [
    "localhost",
    "127.0.0.1",
    "::1",
    "10.0.2.2",
    "sandbox.xobito.test",
];

/// Everything that can be chosen about a sandbox.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The only subdomain (workspace) there is.
    pub subdomain: String,
    /// The bearer tokens there are.
    pub tokens: Vec<Token>,
    /// Requests per token and minute.
    pub rate_limit: u32,
    /// Who is within the 24-hour window.
    pub window: Window,
    /// When a message's states come.
    pub timeline: Timeline,
    /// A fault for every request from the start.
    pub fault: Option<Fault>,
    /// Names and addresses for the certificate, beyond [`DEFAULT_NAMES`].
    pub names: Vec<String>,
    /// What is wrong with the server's certificate.
    pub certificate: Certificate,
    /// Which versions of TLS are offered.
    pub tls: Tls,
    /// Where the CA and its key are kept, so that the next start uses the same CA. Without it the key stays in memory.
    pub state_dir: Option<PathBuf>,
    /// Called with each request as soon as the truth about it is known, before the client gets an answer.
    pub log: Option<fn(&Received)>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            subdomain: "demo".to_owned(),
            tokens: vec![
                Token::with_every_ability(DEFAULT_TOKEN),
                Token {
                    secret: READ_ONLY_TOKEN.to_owned(),
                    abilities: Some(vec![Ability::Read, Ability::Validate]),
                },
            ],
            rate_limit: 60,
            window: Window::Strict,
            timeline: Timeline::default(),
            fault: None,
            names: Vec::new(),
            certificate: Certificate::Valid,
            tls: Tls::Both,
            state_dir: None,
            log: None,
        }
    }
}

/// A bearer token and what it may do.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The opaque text after `Bearer `.
    pub secret: String,
    /// The abilities, or every one.
    pub abilities: Option<Vec<Ability>>,
}

impl Token {
    /// A token that may do everything.
    #[must_use]
    pub fn with_every_ability(secret: &str) -> Self {
        Self {
            secret: secret.to_owned(),
            abilities: None,
        }
    }

    pub(crate) fn may(&self, ability: Ability) -> bool {
        self.abilities
            .as_ref()
            .is_none_or(|abilities| abilities.contains(&ability))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("secret", &"[redacted]")
            .field("abilities", &self.abilities)
            .finish()
    }
}

/// What a token may be allowed to do. Only the first is documented by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// `messages.send`: text, buttons, templates, media.
    Send,
    /// `messages.read`: the status query.
    Read,
    /// `phone.validate`.
    Validate,
}

impl Ability {
    /// Every ability.
    pub const ALL: [Self; 3] = [Self::Send, Self::Read, Self::Validate];

    /// The word for it in answers and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Send => "messages.send",
            Self::Read => "messages.read",
            Self::Validate => "phone.validate",
        }
    }
}

/// Who counts as having written within the last 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// A number that never wrote is within the window, which spares a test the incoming message. One that wrote
    /// (`incoming`) is within it for 24 hours.
    Friendly,
    /// As WhatsApp has it: a number that never wrote is outside the window.
    #[default]
    Strict,
}

/// When a message's states come, counted from its acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// `pending` becomes `sent`.
    pub sent_after: Duration,
    /// `sent` becomes `failed`, for messages that fail.
    pub failed_after: Duration,
    /// `sent` becomes `delivered`.
    pub delivered_after: Duration,
    /// `delivered` becomes `read`.
    pub read_after: Duration,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            sent_after: Duration::from_millis(500),
            failed_after: Duration::from_secs(1),
            delivered_after: Duration::from_secs(2),
            read_after: Duration::from_secs(5),
        }
    }
}

/// What is wrong with the server's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Certificate {
    /// Nothing.
    #[default]
    Valid,
    /// It ended yesterday.
    Expired,
    /// It begins in a year.
    NotYetValid,
    /// It is for `other.xobito.test` only.
    WrongName,
    /// A CA of the same name but with another key signed it.
    ForeignIssuer,
}

/// Which versions of TLS are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Tls {
    /// 1.3 and 1.2.
    #[default]
    Both,
    /// 1.3 only.
    #[value(name = "1.3")]
    Only13,
    /// 1.2 only.
    #[value(name = "1.2")]
    Only12,
}
