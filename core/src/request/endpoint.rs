//! Where requests go.

use core::fmt::{self, Write};

use crate::MessageId;

/// The kinds of sends, one endpoint each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum Kind {
    /// Free-form messages: text, reply buttons, a URL button.
    Send,
    /// Template messages.
    Template,
    /// Media by URL.
    Media,
}

impl Kind {
    /// The endpoint that takes it.
    #[must_use]
    pub const fn endpoint(self) -> Endpoint<'static> {
        match self {
            Self::Send => Endpoint::Send,
            Self::Template => Endpoint::Template,
            Self::Media => Endpoint::Media,
        }
    }
}

/// What the API is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Endpoint<'a> {
    /// `POST messages/send`
    Send,
    /// `POST messages/template`
    Template,
    /// `POST messages/media`
    Media,
    /// `GET messages/{id}/status`
    Status(&'a MessageId),
    /// `POST phone/validate`
    Validate,
}

/// The HTTP methods that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)] // Their names say it.
#[non_exhaustive]
pub enum Method {
    Get,
    Post,
}

impl Method {
    /// The method as it stands in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl Endpoint<'_> {
    /// The HTTP method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Status(_) => Method::Get,
            _ => Method::Post,
        }
    }

    /// Writes the path behind `/api/v1/{subdomain}/`.
    pub(crate) fn write_path(&self, out: &mut dyn Write) -> fmt::Result {
        match self {
            Self::Send => out.write_str("messages/send"),
            Self::Template => out.write_str("messages/template"),
            Self::Media => out.write_str("messages/media"),
            Self::Validate => out.write_str("phone/validate"),
            Self::Status(id) => {
                out.write_str("messages/")?;
                write_percent_encoded(id.as_str(), out)?;
                out.write_str("/status")
            }
        }
    }
}

/// Writes a path segment: all but RFC 3986's unreserved characters as `%XX`.
fn write_percent_encoded(segment: &str, out: &mut dyn Write) -> fmt::Result {
    let digit = |nibble: u8| {
        char::from(if nibble < 10 {
            b'0' | nibble
        } else {
            (b'A' - 10).wrapping_add(nibble)
        })
    };
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.write_char(char::from(byte))?;
        } else {
            out.write_char('%')?;
            out.write_char(digit(byte >> 4))?;
            out.write_char(digit(byte & 0xF))?;
        }
    }
    Ok(())
}
