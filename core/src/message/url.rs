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
    let Some(rest) = after_scheme(url) else {
        return Some(0);
    };
    let scheme = url.len().saturating_sub(rest.len());
    misfit_after_scheme(rest).map(|at| scheme.saturating_add(at))
}

const fn after_scheme(url: &[u8]) -> Option<&[u8]> {
    match url {
        [
            b'h' | b'H',
            b't' | b'T',
            b't' | b'T',
            b'p' | b'P',
            rest @ ..,
        ] => match rest {
            [b':', b'/', b'/', rest @ ..] | [b's' | b'S', b':', b'/', b'/', rest @ ..] => {
                Some(rest)
            }
            _ => None,
        },
        _ => None,
    }
}

#[inline(never)] // It has use for every register.
fn misfit_after_scheme(url: &[u8]) -> Option<usize> {
    let (mut host, mut authority_end) = (0, None);
    let mut rest = url;
    while let [byte, after @ ..] = rest {
        let at = url.len().saturating_sub(rest.len());
        match byte {
            b'/' | b'?' | b'#' => authority_end = authority_end.or(Some(at)),
            // Before it a user stands.
            b'@' if authority_end.is_none() => host = at.saturating_add(1),
            b'%' if !begins_with_hex(after) => return Some(at),
            byte if !may_stand(*byte) => return Some(at),
            _ => {}
        }
        rest = after;
    }
    let authority = url.get(..authority_end.unwrap_or(url.len()))?;
    host_misfit(authority.get(host..)?).map(|at| host.saturating_add(at))
}

const fn may_stand(byte: u8) -> bool {
    byte > b' '
        && !matches!(
            byte,
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x7F
        )
}

/// Whether two hexadecimal digits come first.
const fn begins_with_hex(text: &[u8]) -> bool {
    matches!(text, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
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
    let mut misfit = Some(0);
    for (at, byte) in address.iter().enumerate() {
        match byte {
            b':' => misfit = None,
            b'[' if at == 0 => {}
            b'.' => {}
            byte if byte.is_ascii_hexdigit() => {}
            _ => return Some(at),
        }
    }
    misfit
}

/// Labels that are neither empty nor have a hyphen at an end, with dots between them.
fn name_misfit(name: &[u8]) -> Option<usize> {
    let mut label = 0;
    let mut before = b'.';
    for (at, byte) in name.iter().enumerate() {
        match (before, *byte) {
            (b'.' | b'-', b'.') | (b'.', b'-') => return Some(label),
            (_, b'.') => label = at.saturating_add(1),
            (_, b'-' | b'_' | 0x80..) => {}
            (_, byte) if byte.is_ascii_alphanumeric() => {}
            _ => return Some(at),
        }
        before = *byte;
    }
    matches!(before, b'.' | b'-').then_some(label)
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
            "https://example.com:65535",
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
            ("httpx://example.com", 0),
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
            ("https://a..b/@x", 10),
            ("https://[::[1]", 11),
            ("https://example.com:65536", 19),
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
