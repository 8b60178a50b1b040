//! Settings against `serde_json`: accepted are exactly the flat objects whose texts have no escape and whose parts are right.

#![no_main]
#![allow(clippy::panic)] // A finding is a panic.

use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::Value;
use xobito_core::settings::{InvalidSettings, Settings};
use xobito_core::{Account, DEFAULT_HOST, E164};
use xobito_fuzz::{Verdict, verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    host: Option<String>,
    subdomain: String,
    token: String,
    recipient: String,
    template: Option<String>,
}

fuzz_target!(|document: &[u8]| {
    let read = Settings::from_json(document);
    let verdict = verdict(document);
    let is_json = matches!(verdict, Verdict::Json { .. });
    // `serde_json` would fill a struct from a list, too.
    let is_object = matches!(
        verdict,
        Verdict::Json {
            value: Value::Object(_),
            ..
        }
    );
    assert_eq!(
        matches!(read, Err(InvalidSettings::NotJson)),
        !is_json,
        "{read:?}"
    );
    let has_escape = document.contains(&b'\\');
    let expected = serde_json::from_slice::<Document>(document).ok();
    let Some(expected) = expected.filter(|_| is_object && !has_escape) else {
        assert!(read.is_err(), "{read:?}");
        return;
    };
    let host = expected.host.as_deref().unwrap_or(DEFAULT_HOST);
    let account = Account::new(host, &expected.subdomain, &expected.token);
    let (account, recipient) = match (account, E164::new(&expected.recipient), read) {
        (Err(error), _, read) => {
            assert_eq!(read.err(), Some(InvalidSettings::Account(error)));
            return;
        }
        (_, Err(error), read) => {
            assert_eq!(read.err(), Some(InvalidSettings::Recipient(error)));
            return;
        }
        (Ok(account), Ok(recipient), Ok(read)) => {
            assert_eq!(read.template, expected.template.as_deref());
            assert_eq!(read.recipient, recipient);
            (account, read.account)
        }
        (Ok(_), Ok(_), Err(error)) => panic!("refused: {error}"),
    };
    assert_eq!(account.host(), recipient.host());
    assert_eq!(account.subdomain(), recipient.subdomain());
    assert_eq!(account.token().expose(), recipient.token().expose());
});
