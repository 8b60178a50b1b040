//! Every row of the table, and what only happens before there is a server to talk to.

use xobito_conformance::cases::CASES;
use xobito_conformance::check;
use xobito_conformance::host::{Host, with_client};
use xobito_sandbox::{Config, DEFAULT_TOKEN, Sandbox, Window};

#[test]
fn every_answer_and_every_fault_has_the_outcome_of_the_table() {
    let sandbox = Sandbox::start(Config {
        window: Window::Friendly,
        ..Config::default()
    })
    .unwrap();
    let mut wrong = String::new();
    for case in CASES {
        let result = with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
            check(case, client, &sandbox)
        });
        wrong.extend(result.err());
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
