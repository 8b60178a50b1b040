//! Where the time comes from.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use async_io::{Async, block_on};
use rand_core::OsRng;
use xobito_embassy::sntp::{NtpUdpSocket, SntpError, set_clock};
use xobito_embassy::tls::Clock;
use xobito_embassy::{DeviceClock, ImplausibleTime};

const BUILT_AT_S: u32 = 1_795_000_000;
const NOW_S: u64 = 1_795_500_000;
/// Seconds from NTP's epoch to Unix's.
const NTP_TO_UNIX_S: u64 = 2_208_988_800;
const TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_millis(800);

#[test]
fn a_clock_knows_nothing_until_it_is_told_and_goes_on_from_there() {
    let clock = DeviceClock::new(BUILT_AT_S);
    assert_eq!(clock.unix_time_s(), None);
    assert_eq!(clock.set(NOW_S), Ok(()));
    std::thread::sleep(Duration::from_millis(2_100));
    let later = clock.unix_time_s().unwrap();
    assert!((NOW_S + 1..=NOW_S + 4).contains(&later), "{later}");
}

#[test]
fn a_clock_cannot_be_turned_back_to_before_the_build_or_beyond_the_life_of_a_device() {
    let clock = DeviceClock::new(BUILT_AT_S);
    clock.set(NOW_S).unwrap();
    let in_20_years = u64::from(BUILT_AT_S) + 20 * 31_557_600;
    let in_2100 = 4_102_444_800;
    let too_early = [0, u64::from(BUILT_AT_S) - 1];
    let too_late = [in_20_years + 1, in_2100, 1 << 33, u64::MAX];
    for unix_time_s in too_early.into_iter().chain(too_late) {
        let error = ImplausibleTime {
            unix_time_s,
            built_at_s: BUILT_AT_S,
        };
        assert_eq!(clock.set(unix_time_s), Err(error));
    }
    assert!((NOW_S - 1..NOW_S + 60).contains(&clock.unix_time_s().unwrap()));
    assert_eq!(clock.set(in_20_years), Ok(()));
    // And one that was wrong is put right by the next answer.
    assert_eq!(clock.set(NOW_S), Ok(()));
    assert!(clock.unix_time_s() < Some(NOW_S + 60));
}

#[test]
fn a_clock_may_begin_with_the_build() {
    let clock = DeviceClock::from_build_time(BUILT_AT_S);
    let first = clock.unix_time_s().unwrap();
    assert!(first >= BUILT_AT_S.into() && first < NOW_S);
    clock.set(NOW_S).unwrap();
    assert!(clock.unix_time_s() >= Some(NOW_S - 1));
}

/// A UDP socket of this machine.
struct Udp(Async<UdpSocket>);

impl NtpUdpSocket for Udp {
    async fn send_to(&self, bytes: &[u8], to: SocketAddr) -> Result<usize, sntpc::Error> {
        let sent = self.0.send_to(bytes, to).await;
        sent.map_err(|_| sntpc::Error::Network)
    }

    async fn recv_from(&self, out: &mut [u8]) -> Result<(usize, SocketAddr), sntpc::Error> {
        let received = self.0.recv_from(out).await;
        received.map_err(|_| sntpc::Error::Network)
    }
}

/// Runs a time server that answers each request as told, and asks it.
fn ask(
    answer: impl Fn(usize, &[u8]) -> Option<Vec<u8>> + Send + 'static,
) -> (Option<u64>, Result<u64, SntpError>) {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server
        .set_read_timeout(Some(Duration::from_secs(2)))
        .unwrap();
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut request = [0; 64];
        let mut number = 0;
        while let Ok((length, client)) = server.recv_from(&mut request) {
            number += 1;
            if let Some(answer) = answer(number, &request[..length]) {
                server.send_to(&answer, client).unwrap();
            }
        }
    });
    let socket = Udp(Async::<UdpSocket>::bind(([127, 0, 0, 1], 0)).unwrap());
    let clock = DeviceClock::new(BUILT_AT_S);
    let result = block_on(set_clock(&clock, &socket, address, &mut OsRng, TIMEOUT));
    (clock.unix_time_s(), result)
}

/// A server's answer (RFC 5905, 7.3) to a request.
fn answer_to(request: &[u8], unix_time_s: u64) -> Vec<u8> {
    let mut answer = vec![0; 48];
    answer[0] = 4 << 3 | 4; // version 4, mode "server"
    answer[1] = 2; // stratum
    answer[24..32].copy_from_slice(&request[40..48]);
    let seconds = u32::try_from((unix_time_s + NTP_TO_UNIX_S) & 0xFFFF_FFFF).unwrap();
    for place in [32, 40] {
        answer[place..place + 4].copy_from_slice(&seconds.to_be_bytes());
    }
    answer
}

#[test]
fn a_time_server_sets_the_clock_even_if_its_first_answer_is_lost() {
    let (clock, result) = ask(|number, request| (number > 1).then(|| answer_to(request, NOW_S)));
    assert_eq!(result, Ok(NOW_S));
    assert!(clock >= Some(NOW_S - 1));
}

#[test]
fn the_year_2036_in_which_ntp_begins_anew_is_understood() {
    let after_2036 = 2_100_000_000;
    let (_, result) = ask(move |_, request| Some(answer_to(request, after_2036)));
    assert_eq!(result, Ok(after_2036));
}

#[test]
fn what_a_time_server_says_wrongly_leaves_the_clock_alone() {
    type Answer = fn(usize, &[u8]) -> Option<Vec<u8>>;
    let too_early = SntpError::Implausible(ImplausibleTime {
        unix_time_s: u64::from(BUILT_AT_S) - 1,
        built_at_s: BUILT_AT_S,
    });
    let cases: [(Answer, SntpError); 5] = [
        (|_, _| None, SntpError::NoAnswer),
        (|_, request| Some(request.to_vec()), SntpError::NoSense),
        (
            |_, request| {
                // Whoever has not seen the request cannot repeat what it holds.
                let mut forged = answer_to(request, NOW_S);
                forged[31] ^= 1;
                Some(forged)
            },
            SntpError::NoSense,
        ),
        (
            |_, request| {
                let mut kiss = answer_to(request, NOW_S);
                kiss[1] = 0;
                kiss[12..16].copy_from_slice(b"DENY");
                Some(kiss)
            },
            SntpError::Refused,
        ),
        (
            |_, request| Some(answer_to(request, u64::from(BUILT_AT_S) - 1)),
            too_early,
        ),
    ];
    for (answer, error) in cases {
        let begun = Instant::now();
        assert_eq!(ask(answer), (None, Err(error)));
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}

#[test]
fn each_request_carries_other_random_bits() {
    let (sender, requests) = std::sync::mpsc::channel();
    let (_, result) = ask(move |_, request| {
        sender.send(request[40..48].to_vec()).unwrap();
        None
    });
    assert_eq!(result, Err(SntpError::NoAnswer));
    let mut seen: Vec<Vec<u8>> = requests.try_iter().collect();
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert!(count == 4 && seen.len() == count, "{seen:?}");
}
