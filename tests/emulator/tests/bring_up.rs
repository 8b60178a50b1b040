//! Boots every emulated board with the bring-up application against an echo server of the host.
//!
//! Ignored by default because it needs `qemu-system-arm` and the boards' compiler targets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use emulator::{Board, Ending, Level, LogLine, Options, Program, Summary};
use object::{Object, ObjectSymbol};

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn the_cortex_m4_board_echoes_20_kilobytes_over_tcp() {
    comes_up(&Board::MPS2_AN386);
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7m-none-eabi"]
fn the_cortex_m3_board_echoes_20_kilobytes_over_tcp() {
    comes_up(&Board::LM3S6965EVB);
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_byte_changed_on_the_way_is_noticed() {
    let (summary, log) = boot(&Board::MPS2_AN386, &to_port(serve(|bytes| bytes[0] ^= 1)));
    assert_eq!(summary.ending, Ending::Exited(1), "{log:#?}");
    assert!(
        has(&log, Level::Error, "bring-up failed: Altered(0)"),
        "{log:#?}"
    );
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_board_without_its_server_says_so() {
    // Bound for a moment only, so that nobody listens there.
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (summary, log) = boot(&Board::MPS2_AN386, &to_port(nobody));
    assert_eq!(summary.ending, Ending::Exited(1), "{log:#?}");
    assert!(
        has(&log, Level::Error, "bring-up failed: NotConnected"),
        "{log:#?}"
    );
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_board_that_takes_too_long_is_stopped() {
    let options = Options {
        time_limit: Duration::from_millis(20),
        ..to_port(serve(|_| {}))
    };
    let (summary, _) = boot(&Board::MPS2_AN386, &options);
    assert_eq!(summary.ending, Ending::TimedOut);
    assert!(summary.took < Duration::from_secs(5), "{summary:?}");
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_board_without_dhcp_takes_a_fixed_address() {
    // A hub with nothing else on it.
    let options = Options {
        network: "hubport,hubid=0".into(),
        ..to_port(1)
    };
    let (summary, log) = boot(&Board::MPS2_AN386, &options);
    assert_eq!(summary.ending, Ending::Exited(1), "{log:#?}");
    assert!(has(&log, Level::Warn, "no answer by DHCP"), "{log:#?}");
    assert!(has(&log, Level::Info, "address [10, 0, 2, 15]"), "{log:#?}");
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn the_cortex_m4_board_recovers_from_an_overflowing_receiver() {
    let complaints = survives_a_flood(&Board::MPS2_AN386);
    // What QEMU says when the chip had no room: without that nothing was shown.
    assert!(complaints.contains("Failed to send packet"), "{complaints}");
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7m-none-eabi"]
fn the_cortex_m3_board_gets_through_a_flood() {
    // QEMU holds frames back for this chip instead of dropping them.
    survives_a_flood(&Board::LM3S6965EVB);
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_board_comes_up_while_its_instructions_are_counted() {
    let options = Options {
        count_instructions: true,
        ..to_port(serve(|_| {}))
    };
    let (summary, log) = boot(&Board::MPS2_AN386, &options);
    assert_eq!(
        summary.ending,
        Ending::Exited(0),
        "{log:#?} {}",
        summary.complaints
    );
    assert!(has(&log, Level::Info, "bring-up passed"), "{log:#?}");
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn the_cortex_m4_board_says_where_it_panicked() {
    says_where_it_panicked(&Board::MPS2_AN386);
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7m-none-eabi"]
fn the_cortex_m3_board_says_where_it_panicked() {
    says_where_it_panicked(&Board::LM3S6965EVB);
}

fn says_where_it_panicked(board: &Board) {
    const START: &str = "panicked; called from [";
    let options = Options {
        arguments: vec!["panic_at=4".into()],
        ..Options::default()
    };
    let (summary, log) = boot(board, &options);
    assert_eq!(summary.ending, Ending::Exited(101), "{log:#?}");
    assert!(has(&log, Level::Error, START), "{log:#?}");
    let message = &log.last().unwrap().message;
    let callers = message.strip_prefix(START).unwrap().trim_end_matches(']');
    let callers: Vec<u64> = callers
        .split(", ")
        .map(|address| u64::from_str_radix(address.trim_start_matches("0x"), 16).unwrap())
        .collect();
    let image = fs::read(board.image(&root(), Program::BringUp)).unwrap();
    let functions = functions_at(&image, &callers);
    assert!(
        functions.iter().any(|name| name.contains("digit_at")),
        "{functions:#?}"
    );
}

/// The names of the functions that hold these addresses.
fn functions_at(image: &[u8], addresses: &[u64]) -> Vec<String> {
    let file = object::File::parse(image).unwrap();
    let holds = |symbol: &object::Symbol<'_, '_>| {
        let range = symbol.address()..symbol.address() + symbol.size();
        addresses.iter().any(|address| range.contains(address))
    };
    file.symbols()
        .filter(holds)
        .map(|symbol| symbol.name().unwrap().to_owned())
        .collect()
}

/// While the board talks to the echo server, full frames arrive faster than it can take them.
/// Returns what QEMU said.
fn survives_a_flood(board: &Board) -> String {
    let flood = Flood::start();
    let options = Options {
        network: format!("user,hostfwd=udp:127.0.0.1:{}-:9", flood.port),
        ..to_port(serve(|_| {}))
    };
    let (summary, log) = boot(board, &options);
    assert_eq!(
        summary.ending,
        Ending::Exited(0),
        "{log:#?} {}",
        summary.complaints
    );
    assert!(has(&log, Level::Info, "bring-up passed"), "{log:#?}");
    println!("{} datagrams were sent meanwhile", flood.stop());
    summary.complaints
}

fn comes_up(board: &Board) {
    let (summary, log) = boot(board, &to_port(serve(|_| {})));
    assert_eq!(
        summary.ending,
        Ending::Exited(0),
        "{log:#?} {}",
        summary.complaints
    );
    assert_eq!(summary.malformed, 0, "something else writes into the log");
    assert!(has(&log, Level::Info, "address [10, 0, 2, 15]"), "{log:#?}");
    assert!(has(&log, Level::Info, "echoed 20480 bytes"), "{log:#?}");
    assert!(clocks_agree(&log), "{log:#?}");
    assert!(has(&log, Level::Info, "bring-up passed"), "{log:#?}");
}

/// Whether the clock of the log (milliseconds) and the one for measuring (microseconds) tell the
/// same time.
fn clocks_agree(log: &[LogLine]) -> bool {
    let Some(line) = log
        .iter()
        .find(|line| line.message.starts_with("peak stack"))
    else {
        return false;
    };
    let microseconds = line
        .message
        .rsplit(' ')
        .nth(1)
        .and_then(|word| word.parse::<f64>().ok());
    let seconds = line
        .timestamp
        .as_ref()
        .and_then(|stamp| stamp.parse::<f64>().ok());
    match (microseconds, seconds) {
        // A millisecond of rounding, and as much for what happens between the two readings.
        (Some(microseconds), Some(seconds)) => (microseconds / 1e6 - seconds).abs() < 0.002,
        _ => false,
    }
}

fn has(log: &[LogLine], level: Level, start: &str) -> bool {
    log.iter()
        .any(|line| line.level == Some(level) && line.message.starts_with(start))
}

fn to_port(port: u16) -> Options {
    Options {
        arguments: vec![format!("port={port}")],
        ..Options::default()
    }
}

fn boot(board: &Board, options: &Options) -> (Summary, Vec<LogLine>) {
    let image = board.build(&root(), Program::BringUp).unwrap();
    let mut log = Vec::new();
    let summary = emulator::run(board, &image, options, |line| {
        println!("{} {line}", board.name);
        log.push(line.clone());
    })
    .unwrap();
    println!(
        "{} {:?} after {:?}",
        board.name, summary.ending, summary.took
    );
    (summary, log)
}

/// An echo server on loopback that lets `alter` at every piece; returns its port.
fn serve(alter: fn(&mut [u8])) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || echo(connection, alter));
        }
    });
    port
}

fn echo(mut connection: TcpStream, alter: fn(&mut [u8])) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = connection.read(&mut buffer) {
        let bytes = &mut buffer[..read];
        alter(bytes);
        if connection.write_all(bytes).is_err() {
            return;
        }
    }
}

/// Sends datagrams to a port that QEMU forwards to the board, from another thread, until told to
/// stop.
struct Flood {
    port: u16,
    running: Arc<AtomicBool>,
    sender: JoinHandle<usize>,
}

impl Flood {
    fn start() -> Self {
        // Found free here, and used by QEMU a moment later.
        let port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let running = Arc::new(AtomicBool::new(true));
        let goes_on = Arc::clone(&running);
        let sender = thread::spawn(move || {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let mut sent = 0;
            while goes_on.load(Ordering::Relaxed) {
                // In bursts, so that the echo gets its turn between them. Refused until QEMU
                // listens.
                for _ in 0..20 {
                    sent += usize::from(
                        socket
                            .send_to(&[0xA5; 1400], (Ipv4Addr::LOCALHOST, port))
                            .is_ok(),
                    );
                }
                thread::sleep(Duration::from_millis(2));
            }
            sent
        });
        Self {
            port,
            running,
            sender,
        }
    }

    fn stop(self) -> usize {
        self.running.store(false, Ordering::Relaxed);
        self.sender.join().unwrap()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}
