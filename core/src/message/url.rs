//! Is it an http or https URL?

use super::{Field, InvalidMessage};

pub(crate) fn check(field: Field, url: &str) -> Result<(), InvalidMessage> {
    match first_misfit(url.as_bytes()) {
        Some(position) => Err(InvalidMessage::Url { field, position }),
        None => Ok(()),
    }
}

/// Lets `http://` or `https://` pass, a host and an optional port, and behind them whatever has no space, no control
/// character and none of `"<>\^` `` ` `` `{|}`. Characters outside ASCII pass, as they do in the API's own check.
fn first_misfit(url: &[u8]) -> Option<usize> {
    let Some(scheme) = scheme_len(url) else {
        return Some(0);
    };
    let (mut host, mut authority_end) = (scheme, None);
    for (at, byte) in url.iter().enumerate().skip(scheme) {
        match byte {
            b'/' | b'?' | b'#' => authority_end = authority_end.or(Some(at)),
            // Before it a user stands.
            b'@' if authority_end.is_none() => host = at.saturating_add(1),
            b'%' if !is_escape(url.get(at..).unwrap_or_default()) => return Some(at),
            byte if !may_stand(*byte) => return Some(at),
            _ => {}
        }
    }
    let end = authority_end.unwrap_or(url.len());
    host_misfit(url.get(host..end).unwrap_or_default()).map(|at| host.saturating_add(at))
}

fn scheme_len(url: &[u8]) -> Option<usize> {
    [&b"https://"[..], b"http://"].iter().find_map(|scheme| {
        let start = url.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(scheme.len())
    })
}

const fn may_stand(byte: u8) -> bool {
    byte > b' '
        && !matches!(
            byte,
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x7F
        )
}

/// Whether two hexadecimal digits follow the `%`.
const fn is_escape(text: &[u8]) -> bool {
    matches!(text, [_, high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// The host is a name, an IPv4 address or an IPv6 address in brackets; behind it a port may stand.
fn host_misfit(host: &[u8]) -> Option<usize> {
    let is_address = host.first() == Some(&b'[');
    let end = if is_address { b']' } else { b':' };
    let len = host.iter().position(|byte| *byte == end);
    let (name, behind) = host.split_at_checked(len.unwrap_or(host.len()))?;
    let (misfit, port) = match behind {
        [b']', port @ ..] => (address_misfit(name), port),
        _ if is_address => (Some(0), behind),
        port => (name_misfit(name), port),
    };
    let port_fits = match port {
        [] => true,
        [_, digits @ ..] => port.starts_with(b":") && is_port(digits),
    };
    misfit.or_else(|| (!port_fits).then_some(host.len().saturating_sub(port.len())))
}

/// What stands between the brackets, the first of them with it: hexadecimal digits and at least one colon.
fn address_misfit(address: &[u8]) -> Option<usize> {
    let mut has_colon = false;
    for (at, byte) in address.iter().enumerate().skip(1) {
        match byte {
            b':' => has_colon = true,
            b'.' => {}
            byte if byte.is_ascii_hexdigit() => {}
            _ => return Some(at),
        }
    }
    (!has_colon).then_some(0)
}

/// Labels that are neither empty nor have a hyphen at an end, with dots between them.
fn name_misfit(name: &[u8]) -> Option<usize> {
    let mut start: usize = 0;
    for label in name.split(|byte| *byte == b'.') {
        if let [] | [b'-', ..] | [.., b'-'] = label {
            return Some(start);
        }
        let in_name = |byte: &u8| {
            byte.is_ascii_alphanumeric() || *byte >= 0x80 || matches!(byte, b'-' | b'_')
        };
        if let Some(at) = label.iter().position(|byte| !in_name(byte)) {
            return Some(start.saturating_add(at));
        }
        start = start.saturating_add(label.len()).saturating_add(1);
    }
    None
}

fn is_port(digits: &[u8]) -> bool {
    let number = digits.iter().try_fold(0, |number: u32, digit| {
        let digit = digit.is_ascii_digit().then_some(digit & 0xF)?;
        Some(number.wrapping_mul(10).wrapping_add(digit.into()))
    });
    matches!(digits.len(), 1..=5) && number.is_some_and(|number| number <= u16::MAX.into())
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
            assert_eq!(first_misfit(url.as_bytes()), None, "{url}");
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
            ("https://[2001:dg8::1]", 15),
            ("https://[2001]", 8),
            ("https://[::1]x", 13),
            ("https://[::1]:x", 13),
            ("https://a.b:c", 11),
            ("https://a.b]", 11),
            ("https://a:b@c$d", 13),
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
            assert_eq!(first_misfit(url.as_bytes()), Some(position), "{url}");
        }
    }
}
