//! Is it an http or https URL?

use super::{Field, InvalidMessage};

/// Accepts `http://` or `https://`, a host and an optional port, and behind them whatever has no space, no control
/// character and none of `"<>\^` `` ` `` `{|}`. Characters outside ASCII pass, as they do in the API's own check.
pub(crate) fn check(field: Field, url: &str) -> Result<(), InvalidMessage> {
    match first_misfit(url) {
        Some(position) => Err(InvalidMessage::Url { field, position }),
        None => Ok(()),
    }
}

fn first_misfit(url: &str) -> Option<usize> {
    let bytes = url.as_bytes();
    let Some(start) = scheme_len(bytes) else {
        return Some(0);
    };
    let rest = bytes.get(start..).unwrap_or_default();
    if let Some(at) = rest
        .iter()
        .position(|byte| !may_stand(*byte))
        .or_else(|| broken_escape(rest))
    {
        return Some(start.saturating_add(at));
    }
    let authority_len = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
        .unwrap_or(rest.len());
    let authority = rest.get(..authority_len).unwrap_or_default();
    authority_misfit(authority).map(|at| start.saturating_add(at))
}

fn scheme_len(url: &[u8]) -> Option<usize> {
    [&b"https://"[..], b"http://"].iter().find_map(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            .then_some(scheme.len())
    })
}

const fn may_stand(byte: u8) -> bool {
    byte > b' '
        && !matches!(
            byte,
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x7F
        )
}

/// A `%` that no two hexadecimal digits follow.
fn broken_escape(rest: &[u8]) -> Option<usize> {
    (0..rest.len()).find(|at| match rest.get(*at..).unwrap_or_default() {
        [b'%', high, low, ..] => !(high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
        [b'%', ..] => true,
        _ => false,
    })
}

/// A label of a host name that is empty or has a hyphen at an end.
fn broken_label(name: &[u8]) -> Option<usize> {
    let mut at: usize = 0;
    for label in name.split(|byte| *byte == b'.') {
        if let [] | [b'-', ..] | [.., b'-'] = label {
            return Some(at);
        }
        at = at.saturating_add(label.len()).saturating_add(1);
    }
    None
}

/// The host is a name, an IPv4 address or an IPv6 address in brackets; before it a user may stand, behind it a port.
fn authority_misfit(authority: &[u8]) -> Option<usize> {
    let host_at = authority
        .iter()
        .rposition(|byte| *byte == b'@')
        .map_or(0, |at| at.saturating_add(1));
    let after_user = authority.get(host_at..).unwrap_or_default();
    let host_len = match after_user {
        [b'[', ..] => {
            let end = after_user.iter().position(|byte| *byte == b']');
            end.map_or(after_user.len(), |end| end.saturating_add(1))
        }
        _ => after_user
            .iter()
            .position(|byte| *byte == b':')
            .unwrap_or(after_user.len()),
    };
    let host = after_user.get(..host_len).unwrap_or_default();
    let host_misfit = match host {
        [b'[', address @ .., b']'] if address.contains(&b':') => address
            .iter()
            .position(|byte| !byte.is_ascii_hexdigit() && !matches!(byte, b':' | b'.')),
        [b'[', ..] => Some(0),
        name => name
            .iter()
            .position(|byte| {
                !(byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"-._".contains(byte))
            })
            .or_else(|| broken_label(name)),
    };
    if let Some(at) = host_misfit {
        return Some(host_at.saturating_add(at));
    }
    let port_at = host_at.saturating_add(host_len);
    let port_fits = match after_user.get(host_len..).unwrap_or_default() {
        [] => true,
        [b':', digits @ ..] => {
            (1..=5).contains(&digits.len())
                && core::str::from_utf8(digits).is_ok_and(|digits| digits.parse::<u16>().is_ok())
                && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    (!port_fits).then_some(port_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_people_use_pass() {
        for url in [
            "https://example.com",
            "http://example.com/",
            "HTTPS://Example.com:8443/a?b=c#d",
            "https://192.0.2.1/x",
            "https://[2001:db8::1]:8443/x",
            "https://user@example.com/",
            "https://bücher.example/größe?q=ä",
            "https://example.com?q=1",
            "https://example.com/a%20b%C3%A4",
        ] {
            assert_eq!(first_misfit(url), None, "{url}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused_at_the_byte_that_does_not_fit() {
        for (url, position) in [
            ("", 0),
            ("example.com", 0),
            ("ftp://example.com", 0),
            ("javascript:alert(1)", 0),
            ("https://", 8),
            ("https:///path", 8),
            ("https://exa mple.com", 11),
            ("https://example.com/\u{7}", 20),
            ("https://example.com/\"", 20),
            ("https://example.com:", 19),
            ("https://example.com:99999", 19),
            ("https://example.com:+80", 19),
            ("https://[2001:db8::1", 8),
            ("https://[2001:db8::1]8443", 21),
            ("https://.example.com", 8),
            ("https://user@", 13),
            ("https://a..b", 10),
            ("https://a.b.", 12),
            ("https://a-.b", 8),
            ("https://x.-a.b", 10),
            ("https://a.b/%", 12),
            ("https://a.b/%2", 12),
            ("https://a.b/%2z", 12),
            ("https://a.b/%z2", 12),
            ("https://a.b/x y", 13),
            ("https://[192.0.2.1]", 8),
            ("https://a.b/100%zz", 15),
        ] {
            assert_eq!(first_misfit(url), Some(position), "{url}");
        }
    }
}
