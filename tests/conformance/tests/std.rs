//! `xobito-std` against the table that `xobito-embassy` is held against: the same outcomes.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::time::Duration;

use xobito_conformance::cases::{CASES, Trigger};
use xobito_conformance::{Adapter, Seen, check};
use xobito_core::Request;
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox, Window};
use xobito_std::Client;

/// A client's deadline is chosen when it is built, so there is one for each deadline, all of them anew for each case.
struct Clients<'s> {
    sandbox: &'s Sandbox,
    by_deadline: HashMap<Duration, Client>,
}

impl Adapter for Clients<'_> {
    fn send(&mut self, request: &Request<1024>, deadline: Duration) -> Seen {
        let Self {
            sandbox,
            by_deadline,
        } = self;
        let client = by_deadline.entry(deadline).or_insert_with(|| {
            let host = format!("localhost:{}", sandbox.port());
            let builder = Client::builder(&host, &sandbox.config().subdomain, DEFAULT_TOKEN);
            builder
                .ca_pem(sandbox.ca_pem())
                .timeout(deadline)
                .build()
                .unwrap()
        });
        client.send(request).into()
    }
}

/// The one difference: ureq takes long chunk extensions for broken HTTP, so it cannot tell what became of the message.
const BEYOND_UREQ: Fault = Fault::ChunkedExtensions;

#[test]
fn every_answer_and_every_fault_has_the_outcome_of_the_table() {
    let sandbox = Sandbox::start(Config {
        rate_limit: 10_000,
        window: Window::Friendly,
        ..Config::default()
    })
    .unwrap();
    let mut wrong = String::new();
    for case in CASES {
        let mut clients = Clients {
            sandbox: &sandbox,
            by_deadline: HashMap::new(),
        };
        let result = check(case, &mut clients, &sandbox);
        match case.trigger {
            Trigger::Fault(fault) if fault == BEYOND_UREQ => {
                let difference = result.unwrap_err();
                assert!(difference.contains("malformed-http"), "{difference}");
            }
            _ => wrong.extend(result.err()),
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
