//! The client, from flags and environment.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use xobito_std::core::InvalidAccount;
use xobito_std::core::limits::TOKEN_MAX;
use xobito_std::{BuildError, Client, DEFAULT_TIMEOUT};
use zeroize::Zeroizing;

use crate::arguments::{Global, environment};
use crate::failure::Invalid;

/// A client whose operations each take `timeout` at most.
pub(crate) fn client(global: &Global, timeout: Option<Duration>) -> Result<Client, Invalid> {
    let host = global.host()?;
    let subdomain = global.subdomain()?.ok_or_else(|| {
        Invalid::new(
            "--subdomain: the workspace is not known",
            "give --subdomain, or set XOBITO_SUBDOMAIN; it is the part behind /api/v1/ in your API's URLs",
        )
    })?;
    let token = token(global.token_file.as_deref())?;
    let mut builder =
        Client::builder(&host, &subdomain, &token).timeout(timeout.unwrap_or(DEFAULT_TIMEOUT));
    if let Some(ca_file) = &global.ca_file {
        builder = builder.ca_file(ca_file);
    }
    if global.proxy_from_env {
        builder = builder.proxy_from_environment();
    }
    builder.build().map_err(|error| {
        let advice = match error {
            BuildError::Account(InvalidAccount::Host { .. }) => "correct --host or XOBITO_HOST",
            BuildError::Account(InvalidAccount::Subdomain { .. }) => {
                "correct --subdomain or XOBITO_SUBDOMAIN"
            }
            BuildError::Account(InvalidAccount::Token { .. }) => {
                "copy the token anew into XOBITO_TOKEN or the file of --token-file, on one line"
            }
            BuildError::ProxyProtocol | BuildError::ProxyUrl { .. } => {
                "leave --proxy-from-env out, or name an http:// proxy"
            }
            _ => "give --ca-file a PEM file with the certificate that signed the server's",
        };
        Invalid::new(error, advice)
    })
}

/// The token, from the file if one is named. One newline at the file's end is not part of it.
fn token(file: Option<&Path>) -> Result<Zeroizing<String>, Invalid> {
    let Some(path) = file else {
        return environment("XOBITO_TOKEN")?
            .map(Zeroizing::new)
            .ok_or_else(|| {
                Invalid::new(
                    "there is no token",
                    "set XOBITO_TOKEN, or put the token into a file and name that with --token-file",
                )
            });
    };
    let mut token = Zeroizing::new(String::with_capacity(TOKEN_MAX + 3));
    // One byte more than fits shows that it is too long; the memory never moves, so no copy is left behind.
    File::open(path)
        .and_then(|file| file.take(TOKEN_MAX as u64 + 3).read_to_string(&mut token))
        .map_err(|error| {
            Invalid::new(
                format!("--token-file: {} cannot be read: {error}", path.display()),
                "name a file that holds the token and nothing else",
            )
        })?;
    let len = without_newline(&token).len();
    token.truncate(len);
    Ok(token)
}

/// A text without the one newline that editors and `echo` put at its end.
pub(crate) fn without_newline(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => text,
    }
}
