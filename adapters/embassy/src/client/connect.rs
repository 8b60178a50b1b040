//! From a host's name to an open TLS session: every address gets its turn and its share of the time.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};

use embassy_time::{Instant, with_deadline};
use embedded_io::ErrorKind;
use embedded_nal_async::TcpConnect;
use xobito_core::{Failure, Host};

use super::line::{Line, Session, Timed};
use crate::platform::{Platform, Resolve};
use crate::tls::{Tls, TlsError};

/// Addresses of one host that are tried, at most.
const ADDRESSES_MAX: usize = 4;

pub(super) async fn open<'a, P: Platform + 'a, T: Tls>(
    tcp: &'a P::Tcp,
    resolver: &P::Resolver,
    host: Host<'_>,
    session: &mut Session<'_, T>,
    deadline: Instant,
    tls_error: &mut Option<TlsError>,
) -> Result<Line<<P::Tcp as TcpConnect>::Connection<'a>>, Failure> {
    let mut addresses = [IpAddr::V4(Ipv4Addr::UNSPECIFIED); ADDRESSES_MAX];
    let count = match host.name().parse() {
        Ok(address) => {
            addresses = [address; ADDRESSES_MAX];
            1
        }
        Err(_) => resolver.resolve(host.name(), &mut addresses).await,
    };
    let addresses = addresses.get(..count).unwrap_or(&addresses);
    let mut most_telling = Failure::Dns;
    for (number, address) in addresses.iter().enumerate() {
        let to_go = addresses.len().saturating_sub(number);
        let until = share(deadline, to_go);
        let remote = SocketAddr::new(*address, host.port());
        let opened = with_deadline(until, async {
            let connected = tcp.connect(remote).await;
            let mut socket = connected.map_err(|_| (Failure::Connect, None))?;
            let opened = session
                .tls()
                .open(&mut Timed::new(&mut socket, until), host.name())
                .await;
            opened.map_err(|error| (failure_of_opening(error), Some(error)))?;
            Ok(Line::new(socket))
        })
        .await;
        let (failure, error) = match opened {
            Ok(Ok(line)) => {
                *tls_error = None;
                return Ok(line);
            }
            Ok(Err(failed)) => failed,
            Err(_) => (Failure::TimedOut, None),
        };
        session.tls().abandon();
        // The device's own doing: another address would end the same way.
        let is_own = matches!(failure, Failure::NoTime | Failure::Buffer);
        if is_own || tells(failure) > tells(most_telling) {
            most_telling = failure;
            *tls_error = error;
        }
        if is_own {
            break;
        }
    }
    Err(most_telling)
}

/// How much a failure says about what is wrong with a host: the further an address got, the more. One that is down must not
/// hide that another has a certificate that is not to be trusted.
const fn tells(failure: Failure) -> u8 {
    match failure {
        Failure::Certificate => 4,
        Failure::Tls => 3,
        Failure::TimedOut => 2,
        Failure::Connect => 1,
        _ => 0,
    }
}

/// The end of this address's share of what is left of the time.
fn share(deadline: Instant, to_go: usize) -> Instant {
    let now = Instant::now();
    let left = deadline.saturating_duration_since(now);
    match u32::try_from(to_go) {
        Ok(to_go @ 2..) => now + left / to_go,
        _ => deadline,
    }
}

fn failure_of_opening(error: TlsError) -> Failure {
    match error {
        TlsError::Certificate(_) => Failure::Certificate,
        TlsError::TimeUnknown => Failure::NoTime,
        // A receive buffer that is too small is not among these: nobody has proved yet to be the server, and who is on the path
        // must not end an alert for good by announcing a large record.
        TlsError::SendBufferTooSmall { .. } => Failure::Buffer,
        TlsError::Transport(ErrorKind::TimedOut) => Failure::TimedOut,
        _ => Failure::Tls,
    }
}
