use super::*;

#[test]
fn hosts_with_and_without_a_port_pass() {
    for (host, name, port) in [
        ("dash.xobito.com", "dash.xobito.com", 443),
        ("localhost:8443", "localhost", 8443),
        ("127.0.0.1:1", "127.0.0.1", 1),
        ("x-1.Example:65535", "x-1.Example", 65535),
    ] {
        let host = Host::new(host).unwrap();
        assert_eq!((host.name(), host.port()), (name, port));
    }
    let label = "a".repeat(63);
    assert!(Host::new(&label).is_ok());
    let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert_eq!(longest.len(), HOST_MAX);
    assert!(Host::new(&longest).is_ok());
}

#[test]
fn what_is_no_host_is_refused_at_the_byte_that_does_not_fit() {
    let label = "a".repeat(64);
    let long = format!("{}aa", "a.".repeat(126));
    for (host, position) in [
        ("", 0),
        (":443", 0),
        ("https://dash.xobito.com", 6),
        ("dash.xobito.com/api", 15),
        ("dash..com", 5),
        ("dash.com.", 9),
        (".com", 0),
        ("-a.com", 0),
        ("a-.com", 1),
        ("a-:80", 1),
        ("a b", 1),
        ("a\r\nb", 1),
        ("bücher.de", 1),
        ("user@host", 4),
        ("a:", 1),
        ("a:0", 1),
        ("a:65536", 6),
        ("a:99999999999", 6),
        ("a:80x", 4),
        ("[::1]:80", 0),
        (&label, 63),
        (&long, 253),
    ] {
        assert_eq!(
            Host::new(host),
            Err(InvalidAccount::Host { position }),
            "{host}"
        );
    }
}

#[test]
fn a_subdomain_is_a_plain_path_segment() {
    assert_eq!(Subdomain::new("acme_2-x").unwrap().as_str(), "acme_2-x");
    for (subdomain, position) in [
        ("", 0),
        ("a/b", 1),
        ("..", 0),
        ("a b", 1),
        ("a%2f", 1),
        ("a\r", 1),
        ("é", 0),
    ] {
        assert_eq!(
            Subdomain::new(subdomain),
            Err(InvalidAccount::Subdomain { position }),
            "{subdomain}"
        );
    }
    assert!(Subdomain::new(&"a".repeat(63)).is_ok());
    assert!(Subdomain::new(&"a".repeat(64)).is_err());
}

#[test]
fn a_token_can_never_end_a_header_line() {
    assert_eq!(Token::new("apitk_!~").unwrap().expose(), "apitk_!~");
    for (token, position) in [
        ("", 0),
        ("a b", 1),
        ("abc\n", 3),
        ("abc\r\nX: y", 3),
        ("a\0", 1),
        ("\u{7f}", 0),
        ("é", 0),
    ] {
        let Err(error) = Token::new(token) else {
            panic!("{token}")
        };
        assert_eq!(error, InvalidAccount::Token { position }, "{token}");
    }
    assert!(Token::new(&"a".repeat(512)).is_ok());
    assert!(Token::new(&"a".repeat(513)).is_err());
}

#[test]
fn errors_name_the_part_and_never_the_token() {
    let error = |host, subdomain, token| {
        Account::new(host, subdomain, token)
            .unwrap_err()
            .to_string()
    };
    assert!(error("https://x", "acme", "secret").starts_with("the host must be"));
    assert!(error("x", "a/b", "secret").starts_with("the subdomain must be"));
    let token = error("x", "acme", "sec ret");
    assert!(
        token.starts_with("the token must be") && !token.contains("sec "),
        "{token}"
    );
}

#[test]
fn a_host_shows_its_name_and_port() {
    let host = Host::new("dash.example:8443").unwrap();
    assert_eq!(host.to_string(), "dash.example:8443");
}
