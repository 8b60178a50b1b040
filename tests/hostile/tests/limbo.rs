//! x509-limbo's cases for TLS servers, where they can be found, against the pinned list of disagreements.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;
use xobito_embassy::tls::{RootCertificates, check_certificates};

/// `id<TAB>accepts or refuses<TAB>reason`, for each case in which this crate decides otherwise than x509-limbo.
const PINNED: &str = include_str!("../data/limbo-disagreements.tsv");
const APPLICABLE: usize = 182;
const MUST_AGREE: usize = 140;

#[test]
fn decides_as_x509_limbo_does_but_for_the_pinned_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/x509-limbo.json");
    let Ok(text) = std::fs::read(&path) else {
        // Past the capture of the test runner, so that a run without the suite cannot look like one with it.
        let _ = writeln!(
            std::io::stderr(),
            "NOT RUN: x509-limbo is not there ({})",
            path.display()
        );
        return;
    };
    let limbo: Value = serde_json::from_slice(&text).unwrap();
    let cases: Vec<&Value> = limbo["testcases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| applies(case))
        .collect();
    assert_eq!(cases.len(), APPLICABLE);

    let disagreements: BTreeMap<&str, &str> = cases
        .iter()
        .filter_map(|case| {
            let accepted = accepts(case);
            let expected = case["expected_result"] == "SUCCESS";
            let verdict = if accepted { "accepts" } else { "refuses" };
            (accepted != expected).then(|| (case["id"].as_str().unwrap(), verdict))
        })
        .collect();
    let pinned: BTreeMap<&str, &str> = PINNED
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut fields = line.split('\t');
            let (id, verdict) = (fields.next().unwrap(), fields.next().unwrap());
            assert!(
                fields.next().is_some_and(|reason| !reason.is_empty()),
                "{id} has no reason"
            );
            (id, verdict)
        })
        .collect();

    let agreed = APPLICABLE - disagreements.len();
    let _ = writeln!(
        std::io::stderr(),
        "x509-limbo: {agreed} of {APPLICABLE} server cases agree"
    );
    assert_eq!(disagreements, pinned);
    assert!(agreed >= MUST_AGREE);
}

/// The cases about a TLS server's certificate that need nothing a device does not do.
fn applies(case: &Value) -> bool {
    let empty = |key: &str| case[key].as_array().is_some_and(Vec::is_empty);
    case["validation_kind"] == "SERVER"
        && empty("crls")
        && empty("key_usage")
        && case["max_chain_depth"].is_null()
}

fn accepts(case: &Value) -> bool {
    let der =
        |pem: &Value| CertificateDer::from_pem_slice(pem.as_str().unwrap().as_bytes()).unwrap();
    let all = |key: &str| {
        case[key]
            .as_array()
            .unwrap()
            .iter()
            .map(der)
            .collect::<Vec<_>>()
    };
    let roots = all("trusted_certs");
    let mut chain = vec![der(&case["peer_certificate"])];
    chain.extend(all("untrusted_intermediates"));

    let mut anchors = RootCertificates::<16>::new();
    for root in &roots {
        if let Err(error) = anchors.add_der(root)
            && std::env::var_os("LIMBO_WHY").is_some()
        {
            eprintln!("{}: anchor: {error}", case["id"]);
        }
    }
    // One case names no host; a device always has one.
    let host = case["expected_peer_name"]["value"].as_str().unwrap_or("");
    let chain: Vec<&[u8]> = chain.iter().map(AsRef::as_ref).collect();
    let result = check_certificates(&chain, host, anchors.anchors(), time_of(case));
    if std::env::var_os("LIMBO_WHY").is_some() {
        eprintln!("{}: {} {:?}", case["id"], case["expected_result"], result);
    }
    result.is_ok()
}

/// The case's time, or that of the set where it does not matter.
fn time_of(case: &Value) -> u64 {
    let Some(text) = case["validation_time"].as_str() else {
        return 1_735_689_600;
    };
    let field = |range: std::ops::Range<usize>| text[range].parse::<u64>().unwrap();
    assert!(text.ends_with("+00:00"), "{text}");
    let (year, month, day) = (field(0..4), field(5..7), field(8..10));
    let days_before_month = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let days = (1970..year)
        .map(|year| if leap(year) { 366 } else { 365 })
        .sum::<u64>()
        + days_before_month[usize::try_from(month).unwrap() - 1]
        + u64::from(month > 2 && leap(year))
        + day
        - 1;
    days * 86_400 + field(11..13) * 3600 + field(14..16) * 60 + field(17..19)
}
