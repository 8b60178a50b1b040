//! `xobito doctor`: does a device stand a chance against this server?
//!
//! One connection as a device would make it, further ones only to find out why that failed, and one `GET /` without
//! a token.

mod chain;
mod check;
mod handshake;
mod head;
mod keys;
mod limits;
mod probe;
mod recorder;
mod tap;

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor};
use xobito_std::DEFAULT_TIMEOUT;
use xobito_std::core::Host;

use crate::arguments::Global;
use crate::failure::{Exit, Invalid};
use crate::output::Output;
use check::Checks;
use head::{Answer, Head};
use limits::{HEAD_MAX, INTERIM_MAX, MAX_RECORD};
use probe::{Session, Target};

pub(crate) use check::{Check, Verdict};

/// How far apart clocks may be before it is worth a word.
const SKEW_MAX: Duration = Duration::from_mins(1);

pub(crate) fn run(server: &str, global: &Global, output: &Output) -> Result<Exit, Invalid> {
    let host = Host::new(server).map_err(|error| {
        Invalid::new(
            error,
            "give the server as name or name:port, without https://",
        )
    })?;
    if global.proxy_from_env {
        return Err(Invalid::new(
            "--proxy-from-env: a device uses no proxy",
            "leave it out, and run this where the server can be reached directly",
        ));
    }
    let server_name = ServerName::try_from(host.name().to_owned())
        .map_err(|error| Invalid::new(error, "give the server's DNS name or IPv4 address"))?;
    let anchors = anchors(global.ca_file.as_deref())?;
    if global.dry_run {
        output.hint("a look at a server sends no body: there is nothing to print");
        return Ok(Exit::Accepted);
    }
    let target = Target {
        name: host.name(),
        port: host.port(),
        authority: host.authority(),
        server_name,
        deadline: Instant::now() + global.timeout.unwrap_or(DEFAULT_TIMEOUT),
    };
    let checks = examine(&target, &anchors);
    output.checks(&checks.0, &checks.to_json());
    Ok(checks.exit())
}

fn examine(target: &Target<'_>, anchors: &[TrustAnchor<'_>]) -> Checks {
    let mut checks = Checks::default();
    if let Some(mut session) = handshake::open(target, &mut checks) {
        chain::judge(&session.chain, &target.server_name, anchors, &mut checks);
        let answer = session.ask(target.authority);
        records(&session, &mut checks);
        head(&answer, &mut checks);
    }
    checks
}

/// Whom to trust: the CA file's certificates, or Mozilla's roots, which devices can have built in.
fn anchors(ca_file: Option<&Path>) -> Result<Vec<TrustAnchor<'static>>, Invalid> {
    let Some(path) = ca_file else {
        return Ok(webpki_roots::TLS_SERVER_ROOTS.to_vec());
    };
    let invalid = |error: &dyn std::fmt::Display| {
        Invalid::new(
            format!("the CA file {}: {error}", path.display()),
            "give --ca-file a PEM file with the certificate that signed the server's",
        )
    };
    let certificates: Vec<CertificateDer<'_>> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| invalid(&error))?;
    if certificates.is_empty() {
        return Err(invalid(&"it has no certificate"));
    }
    certificates
        .iter()
        .map(|der| webpki::anchor_from_trusted_cert(der).map(|anchor| anchor.to_owned()))
        .collect::<Result<_, _>>()
        .map_err(|error| invalid(&error))
}

fn records(session: &Session, checks: &mut Checks) {
    let (count, largest) = (session.records().count(), session.records().largest());
    let found = format!("{count} received, the largest of {largest} bytes");
    if largest > MAX_RECORD {
        checks.no(
            "records",
            found,
            format!(
                "limit the server's records to {MAX_RECORD} bytes, the most that TLS 1.3 allows"
            ),
        );
    } else {
        checks.fine("records", found);
    }
}

fn head(answer: &Answer, checks: &mut Checks) {
    const NAME: &str = "head";
    let (found, advice) = match answer {
        Answer::Head(head) => {
            size(NAME, head, checks);
            clock(head.date, checks);
            return;
        }
        Answer::Endless => (
            format!("more than {} bytes without an end", head::HEAD_ROOM),
            "see which headers the server adds, and remove those that nobody needs",
        ),
        Answer::NotHttp => (
            "the answer is not HTTP/1.1".to_owned(),
            "see what listens on this port; devices speak HTTP/1.1 over TLS",
        ),
        Answer::Missing(why) => (
            format!("no answer to GET /: {why}"),
            "see what the server's log says; if it is slow, give --timeout more seconds",
        ),
    };
    checks.no(NAME, found, advice);
}

fn size(name: &'static str, head: &Head, checks: &mut Checks) {
    let found = format!(
        "{} bytes, {} headers, status {}",
        head.bytes, head.headers, head.status
    );
    if head.bytes >= HEAD_MAX {
        checks.no(
            name,
            found,
            format!("remove headers that nobody needs: devices take less than {HEAD_MAX} bytes"),
        );
    } else if head.interim > INTERIM_MAX {
        checks.no(
            name,
            format!("{found}, behind {} interim answers", head.interim),
            format!("let the server send at most {INTERIM_MAX} interim answers (1xx)"),
        );
    } else {
        checks.fine(name, found);
    }
}

fn clock(date: Option<i64>, checks: &mut Checks) {
    const NAME: &str = "clock";
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
    let Some(date) = date else {
        checks.warn(
            NAME,
            "the answer has no readable Date",
            "give devices their time by SNTP: this server does not show its own",
        );
        return;
    };
    let skew = date.abs_diff(now);
    let found = match date - now {
        0 => "the server's is this machine's".to_owned(),
        1.. => format!("the server's is {skew} s ahead of this machine's"),
        _ => format!("the server's is {skew} s behind this machine's"),
    };
    if skew > SKEW_MAX.as_secs() {
        checks.warn(
            NAME,
            found,
            "set the one that is wrong by NTP; devices judge certificates by their own clock, so give them SNTP",
        );
    } else {
        checks.fine(NAME, found);
    }
}
