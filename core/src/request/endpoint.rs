//! Where requests go.

use core::fmt;

use crate::MessageId;
use crate::text::Out;

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

    /// Gives the path behind `/api/v1/{subdomain}/`, in parts.
    pub(crate) fn path(&self, out: Out<'_>) -> fmt::Result {
        match self {
            Self::Send => out("messages/send"),
            Self::Template => out("messages/template"),
            Self::Media => out("messages/media"),
            Self::Validate => out("phone/validate"),
            Self::Status(id) => {
                out("messages/")?;
                percent_encoded(id.as_str(), out)?;
                out("/status")
            }
        }
    }
}

/// Gives a path segment: all but RFC 3986's unreserved characters as `%XX`.
fn percent_encoded(segment: &str, out: Out<'_>) -> fmt::Result {
    for byte in segment.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out(char::from(*byte).encode_utf8(&mut [0; 4]))?;
        } else {
            out("%")?;
            for nibble in [byte >> 4, byte & 0xF] {
                let at = usize::from(nibble);
                out("0123456789ABCDEF".get(at..=at).unwrap_or_default())?;
            }
        }
    }
    Ok(())
}
