//! Whose messages they are: host, workspace and token.

use core::fmt;

use crate::limits::{HOST_LABEL_MAX, HOST_MAX, SUBDOMAIN_MAX, TOKEN_MAX};

/// The host that the vendor runs itself. The product is white-label, so yours may be another.
pub const DEFAULT_HOST: &str = "dash.xobito.com";

/// Where requests go and what authorises them. It borrows its parts, so that a constant in flash costs no RAM.
///
/// # Examples
/// ```
/// use xobito_core::{Account, DEFAULT_HOST, checked};
///
/// const ACCOUNT: Account = checked!(Account::new(DEFAULT_HOST, "acme", "apitk_0123456789abcdef"));
/// assert_eq!(ACCOUNT.host().port(), 443);
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Account<'a> {
    host: Host<'a>,
    subdomain: Subdomain<'a>,
    token: Token<'a>,
}

impl<'a> Account<'a> {
    /// Checks host (`name` or `name:port`), subdomain and token.
    ///
    /// # Errors
    /// [`InvalidAccount`] names the part that is wrong; it never shows the token.
    pub const fn new(
        host: &'a str,
        subdomain: &'a str,
        token: &'a str,
    ) -> Result<Self, InvalidAccount> {
        let host = match Host::new(host) {
            Ok(host) => host,
            Err(error) => return Err(error),
        };
        let subdomain = match Subdomain::new(subdomain) {
            Ok(subdomain) => subdomain,
            Err(error) => return Err(error),
        };
        let token = match Token::new(token) {
            Ok(token) => token,
            Err(error) => return Err(error),
        };
        Ok(Self {
            host,
            subdomain,
            token,
        })
    }

    /// The server.
    #[must_use]
    pub const fn host(&self) -> Host<'a> {
        self.host
    }

    /// The workspace.
    #[must_use]
    pub const fn subdomain(&self) -> Subdomain<'a> {
        self.subdomain
    }

    /// The secret that authorises every request.
    #[must_use]
    pub const fn token(&self) -> Token<'a> {
        self.token
    }
}

/// The server's name and port: letters, digits, hyphens and dots, then optionally `:` and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Host<'a> {
    authority: &'a str,
    name_len: usize,
    port: u16,
}

impl<'a> Host<'a> {
    /// The port of https, where none is given.
    pub const DEFAULT_PORT: u16 = 443;

    /// Checks a host, such as `dash.xobito.com` or `localhost:8443`.
    ///
    /// # Errors
    /// [`InvalidAccount::Host`], with the position of the first byte that does not fit.
    #[allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions
    )]
    // A const fn can neither iterate nor call `get`: every index is below the length, and the port below 2^20.
    pub const fn new(authority: &'a str) -> Result<Self, InvalidAccount> {
        let bytes = authority.as_bytes();
        let mut at = 0;
        let mut label = 0;
        let mut after_hyphen = false;
        while at < bytes.len() && bytes[at] != b':' {
            let byte = bytes[at];
            let ends_label = byte == b'.';
            if ends_label && after_hyphen {
                return Err(InvalidAccount::Host { position: at - 1 });
            }
            let starts_badly = label == 0 && (ends_label || byte == b'-');
            if !(byte.is_ascii_alphanumeric() || byte == b'-' || ends_label)
                || starts_badly
                || label == HOST_LABEL_MAX && !ends_label
                || at == HOST_MAX
            {
                return Err(InvalidAccount::Host { position: at });
            }
            label = if ends_label { 0 } else { label + 1 };
            after_hyphen = byte == b'-';
            at += 1;
        }
        if after_hyphen {
            return Err(InvalidAccount::Host { position: at - 1 });
        }
        if label == 0 {
            return Err(InvalidAccount::Host { position: at });
        }
        let name_len = at;
        if at == bytes.len() {
            return Ok(Self {
                authority,
                name_len,
                port: Self::DEFAULT_PORT,
            });
        }
        let mut port: u16 = 0;
        at += 1;
        while at < bytes.len() {
            let digit = bytes[at].wrapping_sub(b'0');
            port = match port.checked_mul(10) {
                Some(port) if digit <= 9 && port <= u16::MAX - digit as u16 => port + digit as u16,
                _ => return Err(InvalidAccount::Host { position: at }),
            };
            at += 1;
        }
        if port == 0 {
            return Err(InvalidAccount::Host { position: name_len });
        }
        Ok(Self {
            authority,
            name_len,
            port,
        })
    }

    /// The name without the port: what DNS and the certificate are asked about.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.authority.get(..self.name_len).unwrap_or_default()
    }

    /// The port, 443 where none was given.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Name and port as given: the value of the `Host` header.
    #[must_use]
    pub const fn authority(&self) -> &'a str {
        self.authority
    }
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.authority)
    }
}

/// The workspace, a path segment of every URL: 1 to 63 letters, digits, hyphens and underscores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Subdomain<'a>(&'a str);

impl<'a> Subdomain<'a> {
    /// Checks a subdomain.
    ///
    /// # Errors
    /// [`InvalidAccount::Subdomain`], with the position of the first byte that does not fit.
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
    // A const fn can neither iterate nor call `get`: the index is below the length.
    pub const fn new(subdomain: &'a str) -> Result<Self, InvalidAccount> {
        let bytes = subdomain.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if !(byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
                || at == SUBDOMAIN_MAX
            {
                return Err(InvalidAccount::Subdomain { position: at });
            }
            at += 1;
        }
        if bytes.is_empty() {
            return Err(InvalidAccount::Subdomain { position: 0 });
        }
        Ok(Self(subdomain))
    }

    /// The segment, safe to stand in a path as it is.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

/// The bearer token: 1 to 512 printable ASCII characters without spaces, so that it can never end a header line.
///
/// `Debug` and defmt show that there is one, never which. It has no `Display`; [`Token::expose`] is the one way to it.
#[derive(Clone, Copy)]
pub struct Token<'a>(&'a str);

impl<'a> Token<'a> {
    /// Checks a token.
    ///
    /// # Errors
    /// [`InvalidAccount::Token`], with the position of the first byte that does not fit, but not the byte.
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
    // A const fn can neither iterate nor call `get`: the index is below the length.
    pub const fn new(token: &'a str) -> Result<Self, InvalidAccount> {
        let bytes = token.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_graphic() || at == TOKEN_MAX {
                return Err(InvalidAccount::Token { position: at });
            }
            at += 1;
        }
        if bytes.is_empty() {
            return Err(InvalidAccount::Token { position: 0 });
        }
        Ok(Self(token))
    }

    /// The secret itself, for the `Authorization` header.
    #[must_use]
    pub const fn expose(&self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Token<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Token(hidden)");
    }
}

/// Which part of an account is wrong, and at which byte (counted from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InvalidAccount {
    /// The host is not a name with an optional port.
    Host {
        /// The first byte that does not fit, or the length where something is missing.
        position: usize,
    },
    /// The subdomain is empty, too long or not a plain path segment.
    Subdomain {
        /// The first byte that does not fit.
        position: usize,
    },
    /// The token is empty, too long or has a character that no header may carry.
    Token {
        /// The first byte that does not fit.
        position: usize,
    },
}

impl fmt::Display for InvalidAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host { position } => write!(
                f,
                "the host must be a name with an optional port, as in dash.xobito.com or localhost:8443, without \
                 https:// and path: see position {position}"
            ),
            Self::Subdomain { position } => write!(
                f,
                "the subdomain must be 1 to {SUBDOMAIN_MAX} letters, digits, hyphens or underscores: see position {position}"
            ),
            Self::Token { position } => write!(
                f,
                "the token must be 1 to {TOKEN_MAX} printable ASCII characters without spaces or line ends: see position {position}"
            ),
        }
    }
}

impl core::error::Error for InvalidAccount {}

#[cfg(test)]
mod tests;
