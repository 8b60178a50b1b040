//! Boots every emulated board with the bring-up application against an echo server of the host.
//!
//! Ignored by default because it needs `qemu-system-arm` and the boards' compiler targets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use emulator::{Board, Ending, Level, LogLine, Options, Summary};

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
    let (summary, log) = boot(&Board::MPS2_AN386, serve(|bytes| bytes[0] ^= 1), Duration::from_secs(60));
    assert_eq!(summary.ending, Ending::Exited(1), "{log:#?}");
    assert!(has(&log, Level::Error, "bring-up failed: Altered(0)"), "{log:#?}");
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_board_without_its_server_says_so() {
    // Bound for a moment only, so that nobody listens there.
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let (summary, log) = boot(&Board::MPS2_AN386, nobody, Duration::from_secs(60));
    assert_eq!(summary.ending, Ending::Exited(1), "{log:#?}");
    assert!(has(&log, Level::Error, "bring-up failed: NotConnected"), "{log:#?}");
}

#[test]
#[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
fn a_board_that_takes_too_long_is_stopped() {
    let (summary, _) = boot(&Board::MPS2_AN386, serve(|_| {}), Duration::from_millis(20));
    assert_eq!(summary.ending, Ending::TimedOut);
    assert!(summary.took < Duration::from_secs(5), "{summary:?}");
}

fn comes_up(board: &Board) {
    let (summary, log) = boot(board, serve(|_| {}), Duration::from_secs(60));
    assert_eq!(summary.ending, Ending::Exited(0), "{log:#?} {}", summary.complaints);
    assert_eq!(summary.malformed, 0, "something else writes into the log");
    assert!(has(&log, Level::Info, "address [10, 0, 2, 15]"), "{log:#?}");
    assert!(has(&log, Level::Info, "echoed 20480 bytes"), "{log:#?}");
    assert!(has(&log, Level::Info, "peak stack"), "{log:#?}");
    assert!(has(&log, Level::Info, "bring-up passed"), "{log:#?}");
}

fn has(log: &[LogLine], level: Level, start: &str) -> bool {
    log.iter().any(|line| line.level == Some(level) && line.message.starts_with(start))
}

fn boot(board: &Board, port: u16, time_limit: Duration) -> (Summary, Vec<LogLine>) {
    let image = board.build(&root()).unwrap();
    let options = Options { time_limit, arguments: vec![format!("port={port}")], ..Options::default() };
    let mut log = Vec::new();
    let summary = emulator::run(board, &image, &options, |line| {
        println!("{} {line}", board.name);
        log.push(line.clone());
    })
    .unwrap();
    println!("{} {:?} after {:?} {}", board.name, summary.ending, summary.took, summary.complaints);
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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
