//! What `xobito doctor` finds about the sandbox.

use std::net::TcpListener;
use std::time::Instant;

use serde_json::Value;
use xobito_sandbox::{Certificate, Config, Fault, Sandbox, Tls};

use crate::xobito::{Ended, Xobito, file};
use crate::{LATE, SHORT, config, host, sandbox, start};

/// The names of checks, in their order, where nothing is wrong.
const ALL: [&str; 11] = [
    "connection",
    "tls",
    "key-exchange",
    "cipher",
    "chain",
    "keys",
    "name",
    "trust",
    "dates",
    "records",
    "head",
];

pub(crate) fn doctor(host: &str, ca_pem: &str, flags: &[&str]) -> Ended {
    let ca = file(&format!("doctor-{}.pem", host.replace(':', "-")), ca_pem);
    let ended = Xobito::alone().run(&[&["doctor", host, "--ca-file", &ca], flags].concat());
    assert_eq!(ended.err, "");
    ended
}

/// The check of this name, of a run with `--json`.
pub(crate) fn check<'a>(json: &'a Value, name: &str) -> &'a Value {
    let mut checks = json["checks"].as_array().unwrap().iter();
    checks
        .find(|check| check["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {json}"))
}

/// The names of the checks that failed; each says what to do.
pub(crate) fn failed(json: &Value) -> Vec<&str> {
    let checks = json["checks"].as_array().unwrap();
    let failed: Vec<_> = checks.iter().filter(|check| check["ok"] == false).collect();
    assert_eq!(json["ok"], failed.is_empty(), "{json}");
    assert!(
        failed.iter().all(|check| check["advice"].is_string()),
        "{json}"
    );
    failed
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect()
}

fn examine(sandbox: &Sandbox) -> Ended {
    doctor(&host(sandbox), sandbox.ca_pem(), &["--json"])
}

fn found(json: &Value, name: &str) -> String {
    check(json, name)["found"].as_str().unwrap().to_owned()
}

#[test]
fn a_server_that_devices_can_use_passes_every_check() {
    for tls in [Tls::Both, Tls::Only13] {
        let sandbox = start(Config { tls, ..config() });
        let ended = examine(&sandbox);
        let json = ended.json();
        assert_eq!((ended.code, failed(&json)), (0, vec![]), "{json}");
        let checks = json["checks"].as_array().unwrap();
        let names: Vec<_> = checks.iter().map(|check| &check["name"]).collect();
        assert_eq!(names[..ALL.len()], ALL);
        assert_eq!(names[ALL.len()..], ["clock"]);
        assert_eq!(ended.out.lines().count(), 1);
        assert!(found(&json, "chain").starts_with("1 of at most 4 certificates"));
        assert_eq!(found(&json, "keys"), "P-256");
        assert_eq!(found(&json, "cipher"), "TLS13_AES_128_GCM_SHA256");
        assert!(found(&json, "trust").contains("Xobito sandbox root (P-256)"));
        let dates = found(&json, "dates");
        // 90 days from a second that may be over.
        let days =
            ["89", "90"].map(|days| format!("the certificates are valid for {days} more days"));
        assert!(days.contains(&dates), "{dates}");
        // One connection, and one request without a token in it.
        assert_eq!(sandbox.connections().opened, 1);
    }
}

#[test]
fn people_get_a_line_for_each_check_and_advice_below_what_failed() {
    let sandbox = start(Config {
        certificate: Certificate::WrongName,
        ..config()
    });
    let ended = doctor(&host(&sandbox), sandbox.ca_pem(), &[]);
    assert_eq!(ended.code, 1);
    let lines: Vec<_> = ended.out.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with("no   name "))
        .unwrap();
    assert!(lines[at].contains("not for localhost, but for: other.xobito.test"));
    assert!(lines[at + 1].starts_with("     do: "), "{}", ended.out);
    for (place, name) in ALL.iter().enumerate().filter(|(_, name)| **name != "name") {
        let line = lines[place + usize::from(place > at)];
        assert!(line.starts_with(&format!("ok   {name} ")), "{}", ended.out);
    }
}

#[test]
fn every_defect_of_a_certificate_is_told_apart() {
    for (certificate, name, words) in [
        (Certificate::Expired, "dates", "ended 1 days ago"),
        (Certificate::NotYetValid, "dates", "begins in 36"),
        (Certificate::WrongName, "name", "other.xobito.test"),
        (Certificate::ForeignIssuer, "trust", "no trusted root"),
    ] {
        let sandbox = start(Config {
            certificate,
            ..config()
        });
        let ended = examine(&sandbox);
        let json = ended.json();
        assert_eq!((ended.code, failed(&json)), (1, vec![name]), "{json}");
        assert!(found(&json, name).contains(words), "{json}");
    }
}

#[test]
fn the_public_roots_do_not_lead_to_the_sandbox() {
    let sandbox = sandbox();
    let ended = Xobito::alone().run(&["doctor", &host(&sandbox), "--json"]);
    let json = ended.json();
    assert_eq!((ended.code, failed(&json)), (1, vec!["trust"]), "{json}");
}

#[test]
fn a_server_without_tls_1_3_is_named_and_looked_at_all_the_same() {
    let sandbox = start(Config {
        tls: Tls::Only12,
        ..config()
    });
    let ended = examine(&sandbox);
    let json = ended.json();
    assert_eq!((ended.code, failed(&json)), (1, vec!["tls"]), "{json}");
    assert!(found(&json, "tls").contains("1.2"));
    assert!(check(&json, "trust")["ok"] == true && check(&json, "head")["ok"] == true);
}

#[test]
fn large_heads_within_a_devices_limit_are_measured() {
    let sandbox = sandbox();
    let bytes = |fault| {
        sandbox.set_fault(fault);
        let json = examine(&sandbox).json();
        assert_eq!(failed(&json), Vec::<&str>::new(), "{json}");
        let found = found(&json, "head");
        let mut numbers = found.split(' ').filter_map(|word| word.parse().ok());
        let sizes: (usize, usize) = (numbers.next().unwrap(), numbers.next().unwrap());
        sizes
    };
    let (plain, _) = bytes(None);
    assert!((50..1000).contains(&plain), "{plain}");
    let (huge, headers) = bytes(Some(Fault::HugeHead));
    assert!((8000..16_384).contains(&huge), "{huge}");
    assert_eq!(headers, 100);
    // Heads of answers that came before the last one.
    bytes(Some(Fault::EarlyHints103));
}

#[test]
fn an_answer_that_is_none_fails_the_check_of_the_head_alone() {
    let sandbox = sandbox();
    for (fault, words) in [
        (Fault::Garbage, "not HTTP"),
        (Fault::CloseBeforeAnswer, "closed"),
        (Fault::ResetBeforeAnswer, "no answer"),
        (Fault::TruncateHead, "closed"),
    ] {
        sandbox.set_fault(Some(fault));
        let ended = examine(&sandbox);
        let json = ended.json();
        assert_eq!(
            (ended.code, failed(&json)),
            (1, vec!["head"]),
            "{fault}: {json}"
        );
        assert!(found(&json, "head").contains(words), "{fault}: {json}");
    }
}

#[test]
fn without_any_connection_the_exit_code_says_so() {
    let sandbox = sandbox();
    for fault in [
        Fault::RefuseHandshake,
        Fault::CloseInHandshake,
        Fault::ResetInHandshake,
    ] {
        sandbox.set_fault(Some(fault));
        let ended = examine(&sandbox);
        let json = ended.json();
        assert_eq!(
            (ended.code, failed(&json)),
            (3, vec!["connection"]),
            "{fault}: {json}"
        );
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = free.local_addr().unwrap().to_string();
    drop(free);
    let ended = doctor(&nobody, sandbox.ca_pem(), &["--json"]);
    assert_eq!((ended.code, failed(&ended.json())), (3, vec!["connection"]));
}

#[test]
fn a_handshake_that_failed_once_is_not_blamed_on_anything_else() {
    let sandbox = sandbox();
    sandbox.set_fault_for(Fault::CloseInHandshake, 1);
    let ended = examine(&sandbox);
    let json = ended.json();
    assert_eq!(
        (ended.code, failed(&json)),
        (1, vec!["handshake"]),
        "{json}"
    );
}

#[test]
fn silence_costs_no_more_than_the_timeout() {
    let sandbox = sandbox();
    for (fault, code, name) in [
        (Fault::StallInHandshake, 3, "connection"),
        (Fault::StallBeforeAnswer, 1, "head"),
        (Fault::StallInHead, 1, "head"),
    ] {
        sandbox.set_fault(Some(fault));
        let began = Instant::now();
        let ended = doctor(
            &host(&sandbox),
            sandbox.ca_pem(),
            &["--json", "--timeout", "0.5"],
        );
        let took = began.elapsed();
        assert!((SHORT..SHORT + LATE).contains(&took), "{fault}: {took:?}");
        let json = ended.json();
        assert_eq!(
            (ended.code, failed(&json)),
            (code, vec![name]),
            "{fault}: {json}"
        );
        assert!(found(&json, name).contains("time ran out"), "{json}");
    }
}

#[test]
fn wrong_usage_makes_no_connection() {
    let sandbox = sandbox();
    let host = host(&sandbox);
    let empty = file("doctor-empty.pem", "no certificate");
    for arguments in [
        &["doctor"][..],
        &["doctor", "https://localhost"],
        &["doctor", &host, "--proxy-from-env"],
        &["doctor", &host, "--ca-file", "/nowhere/ca.pem"],
        &["doctor", &host, "--ca-file", &empty],
        &["doctor", &host, "--timeout", "0"],
    ] {
        let ended = Xobito::alone().run(&[arguments, &["--json"]].concat());
        assert_eq!((ended.code, &*ended.out), (2, ""), "{arguments:?}");
        assert!(!ended.err.is_empty());
    }
    let ended = Xobito::alone().run(&["doctor", &host, "--dry-run"]);
    assert_eq!((ended.code, &*ended.out), (0, ""));
    assert_eq!(sandbox.connections().opened, 0);
}
