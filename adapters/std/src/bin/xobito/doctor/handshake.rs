//! Whether a device's handshake succeeds, and if not, because of what.

use super::check::Checks;
use super::limits::MAX_RECORD;
use super::probe::{Failed, Offer, Session, Target};

const TLS: &str = "tls";
const GROUP: &str = "key-exchange";
const CIPHER: &str = "cipher";

/// Opens the session that a device would have, or one as near to it as the server allows.
pub(super) fn open(target: &Target<'_>, checks: &mut Checks) -> Option<Session> {
    match Session::open(target, Offer::Device) {
        Ok(session) => {
            checks.connected(format!("to {}", session.address));
            checks.fine(TLS, "TLS 1.3");
            if session.records().ask_to_retry() {
                asks_to_retry(checks);
            } else {
                checks.fine(GROUP, "a P-256 key share, without a HelloRetryRequest");
            }
            checks.fine(CIPHER, session.cipher());
            Some(session)
        }
        Err(Failed::Unreachable(why)) => {
            checks.not_connected(
                why,
                "see whether name and port are right and the server is up",
            );
            None
        }
        Err(Failed::Handshake {
            why,
            timed_out: true,
            ..
        }) => {
            checks.not_connected(
                format!("no handshake: {why}"),
                "see whether TLS is spoken on this port; if the network is slow, give --timeout more seconds",
            );
            None
        }
        Err(Failed::Handshake {
            why,
            asks_to_retry,
            largest_record,
            ..
        }) => {
            if largest_record > MAX_RECORD {
                checks.no(
                    "records",
                    format!("a record of {largest_record} bytes, and {MAX_RECORD} is the most that TLS allows"),
                    "see whether TLS is spoken on this port",
                );
            }
            diagnose(target, &why, asks_to_retry, checks)
        }
    }
}

/// Offers everything, and then everything but for one of a device's limits at a time.
fn diagnose(target: &Target<'_>, why: &str, retry: bool, checks: &mut Checks) -> Option<Session> {
    let before = checks.failed();
    let session = match Session::open(target, Offer::Everything) {
        Ok(session) => session,
        Err(_) if retry => {
            asks_to_retry(checks);
            return None;
        }
        Err(Failed::Unreachable(why) | Failed::Handshake { why, .. }) => {
            checks.not_connected(
                format!("no handshake, neither a device's nor any other: {why}"),
                "see whether TLS is spoken on this port, and what the server's log says",
            );
            return None;
        }
    };
    checks.connected(format!("to {}", session.address));
    if !session.is_tls13() {
        checks.no(
            TLS,
            "TLS 1.2 at most",
            "switch TLS 1.3 on: devices speak nothing older",
        );
        return Some(session);
    }
    checks.fine(TLS, "TLS 1.3");
    let (group, cipher) = (session.group(), session.cipher());
    // Some servers serve one connection at a time.
    drop(session);
    if retry {
        asks_to_retry(checks);
    } else {
        narrow(
            target,
            Offer::DeviceGroup,
            (GROUP, "P-256", &group),
            "let the server take the group P-256 (secp256r1), too",
            checks,
        );
    }
    narrow(
        target,
        Offer::DeviceCipher,
        (CIPHER, "TLS_AES_128_GCM_SHA256", &cipher),
        "let the server take TLS_AES_128_GCM_SHA256, as RFC 8446 (9.1) demands of every server",
        checks,
    );
    if checks.failed() == before {
        checks.no(
            "handshake",
            format!("a device's failed ({why}), and others did not"),
            "run this again; if that stays, see what the server's log says",
        );
    }
    match Session::open(target, Offer::Everything) {
        Ok(session) => Some(session),
        Err(Failed::Unreachable(why) | Failed::Handshake { why, .. }) => {
            checks.no(
                "handshake",
                format!("another connection failed ({why}), so that is all that is known"),
                "run this again, and give --timeout more seconds",
            );
            None
        }
    }
}

/// Whether the handshake succeeds with one limit: its check, what devices need, and what the server took without it.
fn narrow(
    target: &Target<'_>,
    offer: Offer,
    (name, needed, taken): (&'static str, &str, &str),
    advice: &str,
    checks: &mut Checks,
) {
    match Session::open(target, offer) {
        Ok(_) => checks.fine(name, needed),
        Err(Failed::Handshake {
            timed_out: false, ..
        }) => checks.no(
            name,
            format!("{needed} is refused, {taken} was taken"),
            advice,
        ),
        Err(Failed::Handshake { why, .. } | Failed::Unreachable(why)) => checks.no(
            name,
            format!("it is not known whether {needed} would be taken: {why}"),
            "run this again, and give --timeout more seconds",
        ),
    }
}

fn asks_to_retry(checks: &mut Checks) {
    checks.no(
        GROUP,
        "the server asks for another ClientHello (HelloRetryRequest), which devices do not send",
        "let the server take the P-256 key share of a first ClientHello, without a cookie",
    );
}
