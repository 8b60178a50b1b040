//! A device's settings from a small JSON document, for firmware that reads them from flash or a file.

use core::fmt;

use crate::account::{Account, DEFAULT_HOST, InvalidAccount};
use crate::answer::is_json;
use crate::phone::{E164, InvalidE164};

/// What a device must know to send: whose messages, to whom, and with which template where the window is closed.
///
/// It borrows from the document. The document is one flat object of texts; a key that is not known is refused, so
/// that a misspelt one does not pass unnoticed.
///
/// # Examples
/// ```
/// use xobito_core::settings::Settings;
///
/// let settings = Settings::from_json(br#"{
///     "host": "dash.xobito.com",
///     "subdomain": "acme",
///     "token": "apitk_0123",
///     "recipient": "+14155551234",
///     "template": "alert"
/// }"#)?;
/// assert_eq!(settings.recipient.as_str(), "+14155551234");
/// # Ok::<(), xobito_core::settings::InvalidSettings>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Settings<'a> {
    /// Host (`host`, by default [`DEFAULT_HOST`]), workspace (`subdomain`) and secret (`token`).
    pub account: Account<'a>,
    /// Who gets the alerts (`recipient`).
    pub recipient: E164,
    /// The template for recipients who have not written lately (`template`), if there is one.
    pub template: Option<&'a str>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    host: Option<&'a str>,
    subdomain: &'a str,
    token: &'a str,
    recipient: &'a str,
    template: Option<&'a str>,
}

impl<'a> Settings<'a> {
    /// Reads and checks the document.
    ///
    /// # Errors
    /// [`InvalidSettings`] names the part that is wrong; it never shows the token.
    pub fn from_json(document: &'a [u8]) -> Result<Self, InvalidSettings> {
        // serde-json-core takes some texts that are not JSON, so ours reads it first.
        if !is_json(document) {
            return Err(InvalidSettings::NotJson);
        }
        // It hands texts out as they stand, so an escape would end up in a value undecoded.
        if document.contains(&b'\\') {
            return Err(InvalidSettings::Members);
        }
        let (document, _) = serde_json_core::from_slice::<Document<'a>>(document)
            .map_err(|_| InvalidSettings::Members)?;
        Ok(Self {
            account: Account::new(
                document.host.unwrap_or(DEFAULT_HOST),
                document.subdomain,
                document.token,
            )?,
            recipient: E164::new(document.recipient)?,
            template: document.template,
        })
    }
}

/// Why a settings document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InvalidSettings {
    /// It is not one whole JSON text.
    NotJson,
    /// A member is missing, unknown, given twice, not a text, or a text with an escape in it.
    Members,
    /// Host, subdomain or token is wrong.
    Account(InvalidAccount),
    /// The recipient is wrong.
    Recipient(InvalidE164),
}

impl From<InvalidAccount> for InvalidSettings {
    fn from(error: InvalidAccount) -> Self {
        Self::Account(error)
    }
}

impl From<InvalidE164> for InvalidSettings {
    fn from(error: InvalidE164) -> Self {
        Self::Recipient(error)
    }
}

impl fmt::Display for InvalidSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the settings are not a whole JSON document"),
            Self::Members => f.write_str(
                "the settings must be one flat object with the texts subdomain, token and recipient, and optionally \
                 host and template; nothing else, and no backslashes",
            ),
            Self::Account(error) => error.fmt(f),
            Self::Recipient(error) => write!(f, "recipient: {error}"),
        }
    }
}

impl core::error::Error for InvalidSettings {}

#[cfg(test)]
mod tests;
