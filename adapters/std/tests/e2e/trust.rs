//! Whom the client trusts with the token, and where the token may show.

use xobito_sandbox::{Certificate, Config, DEFAULT_TOKEN, Tls};
use xobito_std::core::Failure;
use xobito_std::{BuildError, Client, InvalidRoots, Outcome};

use crate::{ADA, builder, client, config, gone_out, host, sandbox, start, text};

#[test]
fn a_certificate_that_cannot_be_trusted_gets_no_byte_of_the_request() {
    for certificate in [
        Certificate::Expired,
        Certificate::NotYetValid,
        Certificate::WrongName,
        Certificate::ForeignIssuer,
    ] {
        let sandbox = start(Config {
            certificate,
            ..config()
        });
        let outcome = text(&client(&sandbox), ADA);
        assert_eq!(
            outcome,
            Outcome::NotSent(Failure::Certificate),
            "{certificate:?}"
        );
        assert_eq!(sandbox.messages().len(), 0);
    }
}

#[test]
fn a_server_under_another_ca_or_another_name_is_not_trusted() {
    let (sandbox, other) = (sandbox(), sandbox());
    let stranger = builder(&sandbox).ca_pem(other.ca_pem()).build().unwrap();
    assert_eq!(text(&stranger, ADA), Outcome::NotSent(Failure::Certificate));
    // 127.0.0.2 reaches the same server where it listens on every address; the certificate does not name it.
    let everywhere = start(Config {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..config()
    });
    let client = Client::builder(
        &format!("127.0.0.2:{}", everywhere.port()),
        "demo",
        DEFAULT_TOKEN,
    )
    .ca_pem(everywhere.ca_pem())
    .build()
    .unwrap();
    assert_eq!(text(&client, ADA), Outcome::NotSent(Failure::Certificate));
    assert_eq!(everywhere.messages().len(), 0);
}

#[test]
fn the_system_does_not_trust_the_sandbox() {
    let sandbox = sandbox();
    let client = Client::builder(&host(&sandbox), "demo", DEFAULT_TOKEN).build();
    match client {
        Ok(client) => assert_eq!(text(&client, ADA), Outcome::NotSent(Failure::Certificate)),
        Err(error) => assert!(matches!(
            error,
            BuildError::Roots(InvalidRoots::NoneInSystem)
        )),
    }
}

#[test]
fn both_versions_of_tls_work() {
    for tls in [Tls::Only12, Tls::Only13] {
        let sandbox = start(Config { tls, ..config() });
        let client = client(&sandbox);
        assert_eq!(text(&client, ADA).word(), "accepted", "{tls:?}");
        assert_eq!(text(&client, ADA).word(), "accepted", "{tls:?}");
        assert_eq!(gone_out(&sandbox), 2);
        assert_eq!(sandbox.connections().opened, 1);
    }
}

#[test]
fn roots_that_are_none_are_refused_when_the_client_is_built() {
    let build = |pem: &str| {
        Client::builder("localhost", "demo", "x")
            .ca_pem(pem)
            .build()
    };
    assert!(matches!(
        build("no certificate"),
        Err(BuildError::Roots(InvalidRoots::NoneInFile { path: None }))
    ));
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(
        build(damaged),
        Err(BuildError::Roots(InvalidRoots::Malformed { path: None }))
    ));
}

#[test]
fn the_token_shows_in_no_debug_output_and_no_error() {
    let sandbox = sandbox();
    let builder = builder(&sandbox);
    assert!(!format!("{builder:?}").contains(DEFAULT_TOKEN));
    assert!(!format!("{:?}", builder.build().unwrap()).contains(DEFAULT_TOKEN));
    let error = Client::builder("localhost", "demo", "secret token")
        .build()
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}
