#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::time::Instant;

use xobito_sandbox::{Config as SandboxConfig, DEFAULT_TOKEN, Sandbox, Window};
use xobito_std::core::message::TextMessage;
use xobito_std::core::outbox::Duplicates;
use xobito_std::core::{E164, checked};
use xobito_std::{Client, OwnedRequest};

use super::*;
use crate::queue::inbox::Message;

/// The sandbox answers with the 403 of a plan's limit.
const REFUSED: E164 = checked!(E164::new("+12025550126"));
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_refused_kind_is_tried_again_without_a_restart() {
    let sandbox = Sandbox::start(SandboxConfig {
        window: Window::Friendly,
        ..SandboxConfig::default()
    });
    let sandbox = sandbox.unwrap();
    let client = Client::builder(
        &format!("localhost:{}", sandbox.port()),
        "demo",
        DEFAULT_TOKEN,
    );
    let client = client.ca_pem(sandbox.ca_pem()).build().unwrap();
    let directory = std::env::temp_dir().join(format!("xobito-resume-{}", std::process::id()));
    let _ = fs::remove_dir_all(&directory);
    let inbox = Inbox::of(&directory);
    inbox.create().unwrap();
    let request = OwnedRequest::new(&TextMessage::new(&REFUSED, "x")).unwrap();
    let message = Message::new(REFUSED, Duplicates::AtLeastOnce, (&request).into());
    inbox.add(&message).unwrap();

    let flash = FileFlash::open(flash_file(&directory), capacity()).unwrap();
    let running = thread::Builder::new().stack_size(16 << 20).spawn(move || {
        let options = RunOptions {
            until_empty: false,
            follow: false,
            per_minute: 6000,
            gap: Duration::from_millis(10),
        };
        let mut run = Run {
            inbox,
            order: Order::default(),
            driver: Driver::new(&client),
            output: &Output::new(true),
            until_empty: false,
            refused: Refused::new(Duration::from_millis(100)),
            refusals: 0,
            has_failed: false,
            is_unknown: false,
        };
        let (mut store, _) = open(flash, config(&options), run.driver.now()).unwrap();
        // It ends when its inbox is gone.
        assert!(matches!(run.go_on(&mut store), Exit::Rejected));
    });
    let begun = Instant::now();
    while sandbox.messages().len() < 3 {
        assert!(begun.elapsed() < PATIENCE, "it is not tried again");
        thread::sleep(Duration::from_millis(20));
    }
    fs::remove_dir_all(&directory).unwrap();
    running.unwrap().join().unwrap();
}
