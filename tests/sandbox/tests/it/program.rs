//! The program: what it prints, how it ends, how it refuses.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use xobito_sandbox::{Fault, numbers};

use crate::client::{Connection, End};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xobito-sandbox"));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn ca_file(test: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("ca-{test}-{}.pem", std::process::id()))
}

/// Starts the program and reads up to the line that says it is ready.
fn started(test: &str, arguments: &[&str]) -> (Child, Vec<String>) {
    let mut child = program()
        .args(["--listen", "127.0.0.1:0", "--ca-file"])
        .arg(ca_file(test))
        .args(arguments)
        .spawn()
        .unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        lines.push(line.unwrap());
        if lines.last().unwrap().starts_with("listening on ") {
            break;
        }
    }
    (child, lines)
}

fn end_of(mut child: Child) -> bool {
    let patience = Instant::now() + Duration::from_secs(5);
    while Instant::now() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    panic!("it did not end");
}

fn output(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

#[test]
fn it_says_how_to_reach_it_and_ends_with_standard_input() {
    let (mut child, lines) = started(
        "stdin",
        &[
            "--exit-with-stdin",
            "--subdomain",
            "acme",
            "--token",
            "secret",
        ],
    );
    let addr = lines
        .last()
        .unwrap()
        .strip_prefix("listening on https://")
        .unwrap()
        .to_owned();
    let port = addr.strip_prefix("127.0.0.1:").unwrap();
    assert_eq!(
        lines[0],
        format!("base URL  https://localhost:{port}/api/v1/acme")
    );
    assert_eq!(lines[1], "token     secret");
    assert!(std::net::TcpStream::connect(&addr).is_ok());
    let pem = std::fs::read_to_string(ca_file("stdin")).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("PRIVATE"));
    drop(child.stdin.take());
    assert!(end_of(child));
    assert!(std::net::TcpStream::connect(&addr).is_err());
    std::fs::remove_file(ca_file("stdin")).unwrap();
}

#[test]
fn it_tells_about_requests_when_asked() {
    let (mut child, lines) = started(
        "verbose",
        &[
            "--exit-with-stdin",
            "--verbose",
            "--fault",
            "close-before-answer",
        ],
    );
    let port = lines
        .last()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(ca_file("verbose")).unwrap())
        .unwrap();
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let mut connection = Connection::connect(port, "localhost", config).unwrap();
    connection.send_text("+14155551234");
    assert_eq!(connection.read_to_end(), (Vec::new(), End::Clean));
    drop(child.stdin.take());
    let log = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
    let start = "POST /api/v1/demo/messages/send -> 200: accepted as wamid.";
    assert!(
        log.starts_with(start) && log.ends_with(", fault close-before-answer\n"),
        "{log}"
    );
    assert!(end_of(child));
    std::fs::remove_file(ca_file("verbose")).unwrap();
}

#[cfg(unix)]
#[test]
fn signals_end_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let (child, _) = started(signal, &[]);
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{signal} {}", child.id())])
            .status()
            .unwrap();
        assert!(sent.success());
        assert!(end_of(child), "{signal}");
        std::fs::remove_file(ca_file(signal)).unwrap();
    }
}

#[test]
fn help_lists_every_number_and_fault() {
    let help = output(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for magic in numbers::all() {
        assert!(help.contains(&magic.number), "{}", magic.number);
    }
    for fault in Fault::ALL {
        assert!(help.contains(fault.name()), "{fault}");
    }
}

#[test]
fn mistakes_are_explained() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, text) in [
        (vec!["--listen", taken.as_str()], taken.as_str()),
        (
            vec!["--fault", "unheard-of"],
            "no fault is called `unheard-of`",
        ),
        (
            vec!["--restricted-token", "x=messages.fly"],
            "no ability is called `messages.fly`",
        ),
        (
            vec!["--listen", "127.0.0.1:0", "--name", "späce in it"],
            "certificate",
        ),
        (
            vec![
                "--listen",
                "127.0.0.1:0",
                "--ca-file",
                "/no/such/directory/ca.pem",
            ],
            "/no/such/directory/ca.pem",
        ),
    ] {
        let output = output(&arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(text), "{arguments:?}: {error}");
    }
}

/// The README's commands for a second terminal, run as they stand but for the port and the certificate's place.
#[test]
fn the_readmes_first_message_works() {
    if Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: curl is not installed");
        return;
    }
    let (mut child, lines) = started("readme", &["--exit-with-stdin"]);
    let port = lines.last().unwrap().rsplit(':').next().unwrap().to_owned();
    let readme = include_str!("../../README.md");
    let answers: Vec<String> = readme
        .split("```sh\n")
        .filter_map(|block| {
            block
                .split("```")
                .next()
                .filter(|block| block.starts_with("curl"))
        })
        .map(|block| {
            let block = block.replace(":8443", &format!(":{port}"));
            let block = block.replace("xobito-sandbox-ca.pem", ca_file("readme").to_str().unwrap());
            String::from_utf8(
                Command::new("sh")
                    .args(["-c", &block])
                    .output()
                    .unwrap()
                    .stdout,
            )
            .unwrap()
        })
        .collect();
    assert_eq!(answers.len(), 2);
    assert!(
        answers[0].starts_with(r#"{"status":"success""#),
        "{}",
        answers[0]
    );
    assert!(answers[1].contains(r#""accepted":true"#), "{}", answers[1]);
    drop(child.stdin.take());
    assert!(end_of(child));
    std::fs::remove_file(ca_file("readme")).unwrap();
}
