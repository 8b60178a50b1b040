//! The `xobito` command as it is: its exit codes, its JSON, its words.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox, Timeline};

use crate::xobito::{Ended, Xobito, file};
use crate::{ADA, config, gone_out, host, sandbox, start};

fn send(sandbox: &Sandbox, to: &str, flags: &[&str]) -> Ended {
    Xobito::for_sandbox(sandbox)
        .run(&[&["send", "text", "--to", to, "--body", "x"], flags].concat())
}

#[test]
fn exit_codes_and_json_tell_what_became_of_a_message() {
    let sandbox = sandbox();
    let mut accepted = send(&sandbox, ADA, &["--json"]).json();
    let truth = sandbox.messages().remove(0);
    assert_eq!(accepted["message_id"].as_str(), truth.message_id.as_deref());
    assert_eq!(
        (&accepted["outcome"], &accepted["contact_id"]),
        (&json!("accepted"), &json!(451))
    );
    assert!(accepted.as_object_mut().unwrap().remove("cause").is_none());

    let rejected = send(&sandbox, "+12025550122", &["--json"]);
    assert_eq!(rejected.code, 1);
    assert_eq!(
        rejected.json(),
        json!({"outcome": "rejected", "cause": "rate-limited", "http_status": 429,
            "message": "Too many requests", "retry_after_s": 45})
    );
    assert!(rejected.err.contains("wait 45 s"), "{}", rejected.err);

    let closed = send(&sandbox, "+12025550111", &["--json"]);
    assert_eq!(
        (closed.code, &closed.json()["cause"]),
        (1, &json!("window-closed"))
    );
    assert!(
        closed.json()["message"].as_str().unwrap().contains('—'),
        "not decoded"
    );
    assert!(
        closed.err.contains("xobito send template"),
        "{}",
        closed.err
    );

    let fields = send(&sandbox, ADA, &["--contact-email", "nobody", "--json"]);
    assert_eq!(fields.code, 1);
    assert!(
        fields.json()["errors"]["contact.email"][0].is_string(),
        "{}",
        fields.out
    );

    let unknown = send(&sandbox, "+12025550140", &["--json"]);
    assert_eq!(unknown.code, 4);
    assert_eq!(
        unknown.json(),
        json!({"outcome": "unknown", "cause": "connection-lost"})
    );
    assert!(
        unknown.err.contains("before sending it again"),
        "{}",
        unknown.err
    );

    sandbox.set_fault_for(Fault::RefuseHandshake, 1);
    let not_sent = send(&sandbox, ADA, &["--json"]);
    assert_eq!(not_sent.code, 3);
    assert_eq!(
        not_sent.json(),
        json!({"outcome": "not-sent", "cause": "tls"})
    );
}

#[test]
fn without_json_people_read_a_line_of_what_happened_and_one_of_what_to_do() {
    let sandbox = sandbox();
    let accepted = send(&sandbox, ADA, &[]);
    let id = sandbox.messages().remove(0).message_id.unwrap();
    assert_eq!(
        (accepted.code, accepted.out),
        (0, format!("accepted {id}\n"))
    );
    assert_eq!(accepted.err, "");
    let rejected = send(&sandbox, "+12025550120", &[]);
    assert_eq!((rejected.code, &*rejected.out), (1, ""));
    assert_eq!(rejected.err.lines().count(), 2, "{}", rejected.err);
    assert!(
        rejected.err.contains("\nnext: wait 30 s"),
        "{}",
        rejected.err
    );
}

#[test]
fn a_deadline_is_kept() {
    let sandbox = sandbox();
    sandbox.set_fault(Some(Fault::StallBeforeAnswer));
    let began = Instant::now();
    let ended = send(&sandbox, ADA, &["--timeout", "0.3", "--json"]);
    assert_eq!(
        (ended.code, &ended.json()["cause"]),
        (4, &json!("timed-out"))
    );
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[test]
fn an_untrusted_certificate_is_told_with_the_flag_that_helps_and_the_flag_helps() {
    let (sandbox, other) = (sandbox(), sandbox());
    let stranger = Xobito::for_sandbox(&sandbox).ca(&other);
    let refused = stranger.run(&["send", "text", "--to", ADA, "--body", "x"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("--ca-file"), "{}", refused.err);
    let ca = file("ca-file.pem", sandbox.ca_pem());
    let trusting = Xobito::for_sandbox(&sandbox).ca(&other);
    let send = ["send", "text", "--to", ADA, "--body", "x", "--ca-file", &ca];
    assert_eq!(trusting.run(&send).code, 0);
}

#[test]
fn flags_stand_before_and_after_the_subcommand_and_win_over_the_environment() {
    let sandbox = sandbox();
    let token = file("token", &format!("{DEFAULT_TOKEN}\n"));
    let ca = file("ca-flags.pem", sandbox.ca_pem());
    let host = host(&sandbox);
    let global = [
        "--host",
        &host,
        "--subdomain",
        "demo",
        "--ca-file",
        &ca,
        "--timeout",
        "10",
        "--token-file",
        &token,
        "--json",
    ];
    let send = ["send", "text", "--to", ADA, "--body", "x"];
    for arguments in [
        [&global[..], &send].concat(),
        [&send[..1], &global, &send[1..]].concat(),
        [&send[..], &global].concat(),
    ] {
        let misled = Xobito::alone()
            .env("XOBITO_HOST", "nobody.invalid")
            .env("XOBITO_SUBDOMAIN", "nobody")
            .env("XOBITO_TOKEN", "nothing");
        let ended = misled.run(&arguments);
        assert_eq!(ended.json()["outcome"], "accepted", "{}", ended.err);
    }
    assert_eq!(gone_out(&sandbox), 3);
}

#[test]
fn a_status_is_answered_whatever_it_is() {
    let sandbox = sandbox();
    let id = send(&sandbox, "+12025550110", &["--json"]).json()["message_id"].clone();
    let id = id.as_str().unwrap();
    sandbox.advance(Duration::from_mins(1));
    let failed = Xobito::for_sandbox(&sandbox).run(&["status", id, "--json"]);
    assert_eq!(failed.code, 0);
    let json = failed.json();
    assert_eq!(
        (&json["outcome"], &json["delivery_status"]),
        (&json!("accepted"), &json!("failed"))
    );
    assert_eq!(json["message_id"].as_str(), Some(id));
    assert_eq!(json["error_message"], "Number not on WhatsApp");
    let nobody = Xobito::for_sandbox(&sandbox).run(&["status", "wamid.x", "--json"]);
    assert_eq!(
        (nobody.code, &nobody.json()["cause"]),
        (1, &json!("not-found"))
    );
}

#[test]
fn a_watch_ends_with_the_message_s_fate_or_the_time() {
    let sandbox = start(Config {
        timeline: Timeline {
            sent_after: Duration::from_millis(100),
            failed_after: Duration::from_millis(700),
            delivered_after: Duration::from_millis(700),
            read_after: Duration::from_mins(1),
        },
        ..config()
    });
    for (to, seconds, code, state) in [
        (ADA, "20", 0, "delivered"),
        ("+12025550110", "20", 1, "failed"),
        ("+12025550114", "0.9", 4, "sent"),
    ] {
        let id = send(&sandbox, to, &["--json"]).json()["message_id"].clone();
        let watch = [
            "status",
            "--watch",
            id.as_str().unwrap(),
            "--timeout",
            seconds,
            "--json",
        ];
        let ended = Xobito::for_sandbox(&sandbox).run(&watch);
        assert_eq!(
            (ended.code, &ended.json()["delivery_status"]),
            (code, &json!(state)),
            "{to}"
        );
        assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    }
    let began = Instant::now();
    sandbox.set_fault(Some(Fault::RefuseHandshake));
    let ended = Xobito::for_sandbox(&sandbox).run(&["status", "--watch", "wamid.x", "--json"]);
    assert_eq!(
        (ended.code, &ended.json()["outcome"]),
        (3, &json!("not-sent"))
    );
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_number_is_valid_or_invalid_by_exit_code() {
    let sandbox = sandbox();
    let valid = Xobito::for_sandbox(&sandbox).run(&["validate", ADA]);
    assert_eq!(
        (valid.code, &*valid.out),
        (0, "valid +14155551234 United States\n")
    );
    let invalid = Xobito::for_sandbox(&sandbox).run(&["validate", "-123", "--json"]);
    assert_eq!(
        (invalid.code, &invalid.json()["format_valid"]),
        (1, &json!(false))
    );
}

#[test]
fn stored_answers_are_explained_without_any_account() {
    let explain = |flags: &[&str], body: &str| {
        Xobito::alone()
            .stdin(body)
            .run(&[&["explain", "--json"], flags].concat())
    };
    let success = r#"{"status":"success","data":{"message_id":"wamid.x\/=","contact_id":18446744073709551615}}"#;
    let accepted = explain(&["--status", "200"], success);
    assert_eq!(accepted.code, 0);
    assert_eq!(
        accepted.out.trim(),
        r#"{"outcome":"accepted","message_id":"wamid.x/=","contact_id":18446744073709551615}"#
    );
    for (flags, body, code, word, cause) in [
        (
            &["--status", "502"][..],
            "<html>",
            4,
            "unknown",
            json!("gateway-error"),
        ),
        (
            &["--status", "200"],
            "",
            4,
            "unknown",
            json!("malformed-json"),
        ),
        (&["--status", "401"], "{}", 1, "rejected", json!("token")),
        (&["--status", "302"], "", 1, "rejected", json!("redirected")),
        (
            &["--status", "200", "--endpoint", "status"],
            r#"{"status":"success","data":{"delivery_status":"failed"}}"#,
            0,
            "accepted",
            Value::Null,
        ),
        (
            &["--status", "200", "--endpoint", "validate"],
            r#"{"status":"success","data":{"format_valid":false}}"#,
            1,
            "accepted",
            Value::Null,
        ),
    ] {
        let ended = explain(flags, body);
        let json = ended.json();
        assert_eq!(
            (ended.code, json["outcome"].as_str()),
            (code, Some(word)),
            "{flags:?}"
        );
        assert_eq!(
            json.get("cause").unwrap_or(&Value::Null),
            &cause,
            "{flags:?}"
        );
    }
    let waits = explain(&["--status", "429", "--retry-after", "7"], "");
    assert_eq!(waits.json()["retry_after_s"], 7);
    let hostile = Xobito::alone()
        .stdin("{\"message\":\"\\u001b[31mred\\u0007\"}")
        .run(&["explain", "--status", "400"]);
    assert!(hostile.err.contains("\\u{1b}[31mred"), "{}", hostile.err);
}

#[test]
fn a_reader_that_goes_away_does_not_change_the_exit_code() {
    for arguments in [
        &["--help"][..],
        &["completions", "bash"],
        &["explain", "--status", "429", "--json"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xobito"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let expected = i32::from(arguments.contains(&"429"));
        assert_eq!(output.status.code(), Some(expected), "{arguments:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"));
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = Xobito::alone().run(&["completions", shell]);
        assert_eq!(ended.code, 0);
        assert!(
            ended.out.contains("template") && ended.out.contains("contact-firstname"),
            "{shell}"
        );
    }
}
