//! The whole of nst/JSONTestSuite, where it lies beside the checkout: `y_` is accepted, `n_` refused, `i_` survived.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;

use xobito_core::{Accepted, AnswerReader, End, Outcome, UnknownCause};

fn is_json(text: &[u8], chunk: usize) -> bool {
    let mut reader = AnswerReader::<Accepted>::new();
    reader.status(200);
    text.chunks(chunk).for_each(|chunk| reader.feed(chunk));
    let outcome = reader.finish(End::Complete);
    !matches!(outcome, Outcome::Unknown(unknown) if unknown.cause == UnknownCause::MalformedJson)
}

/// Past the capture of the test runner, so that a run without the suite cannot look like one with it.
fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

#[test]
fn every_case_is_judged_as_the_suite_asks_at_any_chunking() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/JSONTestSuite");
    let Ok(entries) = fs::read_dir(&suite) else {
        say("JSONTestSuite is not beside this checkout: core's own JSON cases stand alone");
        return;
    };
    let mut cases = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read(&path).unwrap();
        let verdicts = [1, 7, text.len().max(1)].map(|chunk| is_json(&text, chunk));
        match name.as_bytes().first() {
            Some(b'y') => assert_eq!(verdicts, [true; 3], "{name} is JSON"),
            Some(b'n') => assert_eq!(verdicts, [false; 3], "{name} is not JSON"),
            _ => assert!(
                verdicts.iter().all(|verdict| *verdict == verdicts[0]),
                "{name} depends on chunks"
            ),
        }
        cases += 1;
    }
    say(&format!(
        "JSONTestSuite: {cases} cases, 0 mistakes at chunks of 1, 7 and all bytes"
    ));
    assert_eq!(cases, 318, "the suite is whole");
}
