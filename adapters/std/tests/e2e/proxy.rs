//! Proxies: only where asked for, and what a proxy breaks is told as what it is.
//!
//! The environment belongs to a whole process, so these run the command.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::xobito::Xobito;
use crate::{ADA, gone_out, sandbox};

const SEND: [&str; 6] = ["send", "text", "--to", ADA, "--body", "x"];

#[test]
fn the_environment_s_proxy_is_used_only_when_asked() {
    let sandbox = sandbox();
    let (proxy, tunnels) = connect_proxy(b"HTTP/1.1 200 Connection established\r\n\r\n");
    let run = |flags: &[&str]| {
        let command = Xobito::for_sandbox(&sandbox).env("HTTPS_PROXY", &proxy);
        command.run(&[&SEND, flags].concat())
    };
    assert_eq!(run(&[]).code, 0);
    assert_eq!(tunnels.load(Ordering::SeqCst), 0);
    assert_eq!(run(&["--proxy-from-env"]).code, 0);
    assert_eq!(tunnels.load(Ordering::SeqCst), 1);
    assert_eq!(gone_out(&sandbox), 2);
}

#[test]
fn a_proxy_that_refuses_is_a_failure_to_connect() {
    let sandbox = sandbox();
    let (proxy, tunnels) = connect_proxy(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let command = Xobito::for_sandbox(&sandbox).env("HTTPS_PROXY", &proxy);
    let ended = command.run(&[&SEND[..], &["--proxy-from-env", "--json"]].concat());
    assert_eq!(
        (ended.code, ended.json()["cause"].as_str()),
        (3, Some("connect"))
    );
    assert_eq!(tunnels.load(Ordering::SeqCst), 1);
    assert_eq!(sandbox.messages().len(), 0);
}

#[test]
fn the_variables_count_in_the_documented_order_and_no_proxy_exempts() {
    let sandbox = sandbox();
    let (wanted, tunnels) = connect_proxy(b"HTTP/1.1 200 Connection established\r\n\r\n");
    let (other, wrong) = connect_proxy(b"HTTP/1.1 403 Forbidden\r\n\r\n");
    let run = |variables: &[(&str, &str)]| {
        let command = Xobito::for_sandbox(&sandbox);
        let command = variables
            .iter()
            .fold(command, |command, (name, value)| command.env(name, value));
        command
            .run(&[&SEND[..], &["--proxy-from-env"]].concat())
            .code
    };
    assert_eq!(run(&[("HTTPS_PROXY", &wanted), ("ALL_PROXY", &other)]), 0);
    assert_eq!(run(&[("https_proxy", &wanted), ("ALL_PROXY", &other)]), 0);
    assert_eq!(run(&[("ALL_PROXY", &wanted), ("HTTP_PROXY", &other)]), 0);
    assert_eq!(run(&[("HTTPS_PROXY", ""), ("http_proxy", &wanted)]), 0);
    let with_password = wanted.replace("http://", "http://pump:p%40ss@");
    assert_eq!(run(&[("HTTPS_PROXY", &with_password)]), 0);
    assert_eq!(tunnels.load(Ordering::SeqCst), 5);
    let exempt = ("NO_PROXY", "plant.example, localhost");
    assert_eq!(run(&[("HTTPS_PROXY", &other), exempt]), 0);
    assert_eq!(run(&[("HTTPS_PROXY", &other), ("NO_PROXY", "plant")]), 3);
    assert_eq!(wrong.load(Ordering::SeqCst), 1);
}

#[cfg(unix)]
#[test]
fn a_proxy_that_is_wrong_is_refused_instead_of_passed_by() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let sandbox = sandbox();
    for (value, parts) in [
        (&b"http://pump:secret@"[..], ["HTTPS_PROXY", "no URL"]),
        (b"http://secret host:80", ["HTTPS_PROXY", "no URL"]),
        (b"http://secret\xff", ["HTTPS_PROXY", "no URL"]),
        (b"socks5://secret", ["http://", "not supported"]),
    ] {
        let command = Xobito::for_sandbox(&sandbox).env("HTTPS_PROXY", OsStr::from_bytes(value));
        let ended = command.run(&[&SEND[..], &["--proxy-from-env"]].concat());
        assert_eq!((ended.code, &*ended.out), (2, ""), "{}", ended.err);
        for part in parts.into_iter().chain(["--proxy-from-env"]) {
            assert!(ended.err.contains(part), "{}", ended.err);
        }
        assert!(!ended.err.contains("secret"), "{}", ended.err);
    }
    assert_eq!(sandbox.messages().len(), 0);
}

/// Answers every CONNECT like this, tunnels after a 200, and counts.
fn connect_proxy(answer: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || tunnel(stream.unwrap(), answer));
        }
    });
    (url, count)
}

fn tunnel(mut client: TcpStream, answer: &[u8]) -> io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    assert!(!head.contains("Bearer"), "the token went to the proxy");
    let target = head.split(' ').nth(1).unwrap();
    client.write_all(answer)?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        return Ok(());
    }
    let mut server = TcpStream::connect(target)?;
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut to));
    io::copy(&mut server, &mut client)?;
    Ok(())
}
