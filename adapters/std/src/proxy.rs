//! The proxy that the environment names: in the documented order, and refused where it is wrong, because a request that goes
//! out directly instead may be what the proxy is there to prevent.

use std::env::{self, VarError};

use ureq::{Proxy, ProxyProtocol};

use crate::builder::BuildError;

/// The first that is set counts. One that is set to nothing counts as not set.
const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
];
/// Hosts that are asked directly.
const EXEMPT: [&str; 2] = ["NO_PROXY", "no_proxy"];

pub(crate) fn from_environment() -> Result<Option<Proxy>, BuildError> {
    let Some((variable, url)) = first_of(&VARIABLES)? else {
        return Ok(None);
    };
    let invalid = |_| BuildError::ProxyUrl { variable };
    let named = Proxy::new(&url).map_err(invalid)?;
    if named.protocol() != ProxyProtocol::Http {
        return Err(BuildError::ProxyProtocol);
    }
    // The library takes exemptions beside the parts of a URL only.
    let mut proxy = Proxy::builder(ProxyProtocol::Http)
        .host(named.host())
        .port(named.port());
    if let Some(username) = named.username() {
        proxy = proxy.username(username);
    }
    if let Some(password) = named.password() {
        proxy = proxy.password(password);
    }
    if let Some((_, hosts)) = first_of(&EXEMPT)? {
        for host in hosts.split(',').map(str::trim) {
            if !host.is_empty() {
                proxy = proxy.no_proxy(host);
            }
        }
    }
    proxy.build().map(Some).map_err(invalid)
}

fn first_of(variables: &[&'static str]) -> Result<Option<(&'static str, String)>, BuildError> {
    for &variable in variables {
        match env::var(variable) {
            Ok(value) if !value.is_empty() => return Ok(Some((variable, value))),
            Ok(_) | Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(BuildError::ProxyUrl { variable }),
        }
    }
    Ok(None)
}
