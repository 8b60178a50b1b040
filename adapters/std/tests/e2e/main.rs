//! End to end: the client and the command against the sandbox, over real TLS, and what each of them says held against
//! what the other side really received.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod answers;
mod bad_input;
mod command;
mod connections;
mod doctor;
mod doctor_rogue;
mod dry_run;
mod proxy;
mod queue;
mod readme;
mod rogue;
mod trust;
mod two_thousand;
mod wire;
mod xobito;

use std::time::Duration;

use xobito_sandbox::{Config, DEFAULT_TOKEN, Sandbox};
use xobito_std::core::message::TextMessage;
use xobito_std::core::{Accepted, E164};
use xobito_std::{Client, ClientBuilder, Outcome};

/// Long enough for a busy machine, for operations that are to succeed.
const PATIENCE: Duration = Duration::from_secs(10);
/// For operations that are to run into their deadline.
const SHORT: Duration = Duration::from_millis(500);
/// How much later than its deadline an operation may end on a machine that has other things to do.
const LATE: Duration = Duration::from_secs(2);
/// The number that the sandbox knows from the start.
const ADA: &str = "+14155551234";

fn config() -> Config {
    Config {
        rate_limit: 10_000,
        window: xobito_sandbox::Window::Friendly,
        ..Config::default()
    }
}

fn sandbox() -> Sandbox {
    start(config())
}

fn start(config: Config) -> Sandbox {
    Sandbox::start(config).unwrap()
}

fn host(sandbox: &Sandbox) -> String {
    format!("localhost:{}", sandbox.port())
}

fn builder(sandbox: &Sandbox) -> ClientBuilder {
    with_account(sandbox, "demo", DEFAULT_TOKEN)
}

fn with_account(sandbox: &Sandbox, subdomain: &str, token: &str) -> ClientBuilder {
    Client::builder(&host(sandbox), subdomain, token)
        .ca_pem(sandbox.ca_pem())
        .timeout(PATIENCE)
}

fn client(sandbox: &Sandbox) -> Client {
    builder(sandbox).build().unwrap()
}

fn text(client: &Client, to: &str) -> Outcome<Accepted> {
    let to = E164::new(to).unwrap();
    client
        .send_message(&TextMessage::new(&to, "Freezer 3: -3 °C"))
        .unwrap()
}

/// How many messages went out, as the sandbox knows.
fn gone_out(sandbox: &Sandbox) -> usize {
    let received = sandbox.messages();
    received.iter().filter(|request| request.accepted).count()
}
