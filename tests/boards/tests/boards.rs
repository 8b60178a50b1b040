//! The firmware on both emulated boards, against servers that are well and servers that are not.
//!
//! Whatever is wrong with the server, the device says so, stays alive, and sends its alert once the server is well again.
//! What the device believes is held against what the server received.
//!
//! Ignored by default because it needs `qemu-system-arm` and the boards' compiler targets: `cargo xtask test` runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Mutex,
    time::Duration,
};

use emulator::{Board, Ending, LogLine};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use socket2::{Domain, Socket, Type};
use xobito_boards::{Alert, Beliefs, Firmware, HOST, Identity, Run, Server, outage, ready};
use xobito_sandbox::{Certificate, Config, DEFAULT_TOKEN, Fault, Received, Sandbox};

/// Bytes; what an earlier experiment needed.
const PEAK_STACK_LIMIT: u64 = 24_700;

/// Each test once for each board.
macro_rules! on_both_boards {
    ($($test:ident)*) => {
        mod mps2_an386 {
            $(#[test]
            #[ignore = "needs qemu-system-arm and the target thumbv7em-none-eabihf"]
            fn $test() {
                super::$test(&emulator::Board::MPS2_AN386);
            })*
        }
        mod lm3s6965evb {
            $(#[test]
            #[ignore = "needs qemu-system-arm and the target thumbv7m-none-eabi"]
            fn $test() {
                super::$test(&emulator::Board::LM3S6965EVB);
            })*
        }
    };
}

on_both_boards! {
    every_alert_arrives_and_both_sides_agree
    a_certificate_for_another_host_is_refused
    an_expired_certificate_is_refused
    a_certificate_forged_with_a_servers_key_is_refused
    a_server_that_is_gone_is_tried_again
    a_server_that_stalls_in_the_handshake_is_tried_again
    a_server_that_stalls_before_its_answer_is_not_asked_twice
    alerts_survive_an_outage_of_network_and_power
    the_worst_alert_is_not_lost_because_it_came_last
}

fn every_alert_arrives_and_both_sides_agree(board: &Board) {
    let sandbox = Sandbox::start(ready(Config::default()).unwrap()).unwrap();
    let heard = boot(board, &Run::against(sandbox.port()), |_| ());

    let kinds: Vec<&str> = heard.alerts.iter().map(|alert| &*alert.kind).collect();
    assert_eq!(kinds, ["text", "reply-buttons", "url-button", "template"]);
    assert_eq!(heard.accepted_ids(), accepted_ids(&sandbox));
    assert!(heard.alerts.iter().all(Alert::is_delivered), "{heard:#?}");
    let received = sandbox.messages();
    assert!(
        received.iter().all(|request| request.connection == 1),
        "one connection"
    );
    let text = received[0].json.as_ref().unwrap();
    assert_eq!(
        text["message_body"],
        "🧊 Freezer 3 is getting warm: -14.5 °C"
    );
    assert_eq!(received[0].warnings, [""; 0]);
    assert!(heard.peak_stack.unwrap() < PEAK_STACK_LIMIT, "{heard:#?}");
}

fn a_certificate_for_another_host_is_refused(board: &Board) {
    bad_certificate(board, Certificate::WrongName, "WrongHost");
}

fn an_expired_certificate_is_refused(board: &Board) {
    bad_certificate(board, Certificate::Expired, "Expired");
}

fn bad_certificate(board: &Board, certificate: Certificate, detail: &str) {
    let config = Config {
        certificate,
        ..ready(Config::default()).unwrap()
    };
    let bad = Sandbox::start(config).unwrap();
    let port = bad.port();
    let log = recovers(board, port, bad, "not-sent certificate", |bad| {
        assert_eq!(bad.messages().len(), 0, "the server got a request");
    });
    assert!(log.contains(detail), "{log}");
}

fn a_certificate_forged_with_a_servers_key_is_refused(board: &Board) {
    // Somebody who runs evil.xobito.test has an honest certificate for that, and signs one for our host with its key.
    let new_key = || KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    ready(Config::default()).unwrap();
    let authority = Identity::sandbox_authority().unwrap();
    let leaf = authority.issue("evil.xobito.test", new_key()).unwrap();
    let forged = leaf.issue(HOST, new_key()).unwrap();
    let chain = [&forged.certificate, &leaf.certificate];
    let bad = Server::start(0, &chain, &forged.key).unwrap();
    let port = bad.port();
    let log = recovers(board, port, bad, "not-sent certificate", |bad| {
        assert_eq!(bad.received(), [0; 0], "the server got a request");
    });
    assert!(log.contains("NotACertificateAuthority"), "{log}");

    // The same server with the authority's own signature is believed: it was the forgery that was refused.
    let honest = authority.issue(HOST, new_key()).unwrap();
    let good = Server::start(0, &[&honest.certificate], &honest.key).unwrap();
    let run = Run {
        alerts: 1,
        ..Run::against(good.port())
    };
    assert_eq!(boot(board, &run, |_| ()).alerts[0].attempts, ["accepted"]);
}

fn a_server_that_is_gone_is_tried_again(board: &Board) {
    // Bound without listening: connections are refused, and nobody else can have the port.
    let nobody = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    nobody
        .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
        .unwrap();
    let port = nobody.local_addr().unwrap().as_socket().unwrap().port();
    recovers(board, port, nobody, "not-sent connect", |_| ());
}

fn a_server_that_stalls_in_the_handshake_is_tried_again(board: &Board) {
    let sandbox = Sandbox::start(ready(Config::default()).unwrap()).unwrap();
    sandbox.set_fault_for(Fault::StallInHandshake, 1);
    let heard = boot(board, &impatient(sandbox.port()), |_| ());
    assert_eq!(heard.alerts[0].attempts, ["not-sent timed-out", "accepted"]);
    assert_eq!(heard.alerts[1].attempts, ["accepted"]);
    assert_eq!(heard.accepted_ids(), accepted_ids(&sandbox));
}

fn a_server_that_stalls_before_its_answer_is_not_asked_twice(board: &Board) {
    let sandbox = Sandbox::start(ready(Config::default()).unwrap()).unwrap();
    sandbox.set_fault_for(Fault::StallBeforeAnswer, 1);
    let heard = boot(board, &impatient(sandbox.port()), |_| ());
    // The server took the first, and the device cannot know.
    assert_eq!(heard.alerts[0].attempts, ["unknown timed-out"]);
    assert_eq!(heard.alerts[1].attempts, ["accepted"]);
    let taken = accepted_ids(&sandbox);
    assert_eq!(taken.len(), 2, "{taken:?}");
    assert_eq!(heard.accepted_ids(), taken[1..]);
}

/// Boots the board with `bad` at its port, puts a good server into its place once the first attempt has failed, and
/// requires that the alert then arrives. Returns the log.
fn recovers<S>(
    board: &Board,
    port: u16,
    bad: S,
    failure: &str,
    judge: impl Fn(&S) + Copy,
) -> String {
    let config = Config {
        listen: ([127, 0, 0, 1], port).into(),
        ..ready(Config::default()).unwrap()
    };
    let (mut bad, mut good, mut log) = (Some(bad), None, String::new());
    let heard = boot(board, &impatient(port), |line| {
        log.push_str(&line.message);
        log.push('\n');
        if line.message.starts_with("alert 1 text not-sent")
            && let Some(bad) = bad.take()
        {
            judge(&bad);
            drop(bad);
            good = Some(Sandbox::start(config.clone()).unwrap());
        }
    });
    let good = good.expect("the first attempt failed");
    let (last, failures) = heard.alerts[0].attempts.split_last().unwrap();
    assert_eq!(last, "accepted");
    assert!(
        failures.iter().all(|attempt| attempt == failure),
        "{heard:#?}"
    );
    assert_eq!(heard.alerts[1].attempts, ["accepted"]);
    assert!(heard.alerts.iter().all(Alert::is_delivered), "{heard:#?}");
    assert_eq!(heard.accepted_ids(), accepted_ids(&good));
    log
}

/// Two alerts, and no more than four seconds for each attempt.
fn impatient(port: u16) -> Run {
    Run {
        alerts: 2,
        deadline: Duration::from_secs(4),
        ..Run::against(port)
    }
}

/// Boots the board and requires that it comes to its end alive, with a clean log that never shows the token.
fn boot(board: &Board, run: &Run, mut on_line: impl FnMut(&LogLine)) -> Beliefs {
    // The device's deadlines must not depend on how busy this computer is.
    let run = Run {
        count_instructions: true,
        ..*run
    };
    let firmware = image(board);
    let (summary, beliefs) = firmware
        .run(&run, |line| {
            println!("{} {line}", board.name);
            assert!(
                !line.message.contains(DEFAULT_TOKEN),
                "the log shows the token"
            );
            on_line(line);
        })
        .unwrap();
    println!(
        "{} {:?} after {:?}",
        board.name, summary.ending, summary.took
    );
    assert_eq!(summary.ending, Ending::Exited(0), "{}", summary.complaints);
    assert_eq!(summary.malformed, 0, "something else writes into the log");
    assert_eq!(beliefs.alerts.len(), usize::try_from(run.alerts).unwrap());
    beliefs
}

/// The firmware, built one at a time.
fn image(board: &Board) -> Firmware {
    static BUILDING: Mutex<()> = Mutex::new(());
    let _turn = BUILDING.lock();
    ready(Config::default()).unwrap();
    Firmware::build(*board).unwrap()
}

fn accepted_ids(sandbox: &Sandbox) -> Vec<String> {
    let id = |request: Received| request.message_id.filter(|_| request.accepted);
    sandbox.messages().into_iter().filter_map(id).collect()
}

fn alerts_survive_an_outage_of_network_and_power(board: &Board) {
    let mut log = String::new();
    let outage = outage::happen(*board, &mut |_| (), &mut |line| {
        log.push_str(&line.to_string());
        log.push('\n');
    })
    .unwrap();
    assert!(outage.is_overcome(), "{outage:#?}\n{log}");
    let kinds: Vec<&str> = outage.alerts.iter().map(|alert| &*alert.kind).collect();
    assert_eq!(kinds, ["text", "reply-buttons", "url-button", "template"]);
}

fn the_worst_alert_is_not_lost_because_it_came_last(board: &Board) {
    let mut log = String::new();
    let made_room = outage::overflow(*board, &mut |line| {
        log.push_str(&line.to_string());
        log.push('\n');
    })
    .unwrap();
    assert!(made_room, "{log}");
    assert!(log.contains("queued as url-button"), "{log}");
}
