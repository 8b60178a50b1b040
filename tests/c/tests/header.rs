//! The committed header is what the source says, and any C or C++ compiler takes it.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

use xobito_c_tests::{header, vectors};

#[test]
fn the_committed_header_is_current() {
    let committed = std::fs::read_to_string(header::path()).unwrap_or_default();
    assert!(
        committed == header::generate().unwrap(),
        "adapters/c/include/xobito.h is not current: run `cargo xtask header`"
    );
}

#[test]
fn the_header_is_valid_c99_and_cxx() {
    for (compiler, language, standard) in [
        ("cc", "c", "c99"),
        ("cc", "c", "c11"),
        ("c++", "c++", "c++11"),
        ("c++", "c++", "c++17"),
    ] {
        let mut check = Command::new(compiler);
        check
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wconversion"])
            .arg(format!("-std={standard}"))
            .args(["-fsyntax-only", "-x", language])
            .arg(header::path());
        assert!(check.status().unwrap().success(), "{compiler} {standard}");
    }
}

#[test]
fn the_readme_shows_the_example_that_is_compiled() {
    let example = std::fs::read_to_string(header::library().join("examples/cmake/main.c")).unwrap();
    let readme = std::fs::read_to_string(header::library().join("README.md")).unwrap();
    assert!(readme.contains(&format!("```c\n{example}```\n")));
}

#[test]
fn the_c_tests_use_every_function_and_name_every_error() {
    let header = std::fs::read_to_string(header::path()).unwrap();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("c");
    let tests: String = ["errors.c", "outbox.c", "vectors_check.c"]
        .map(|file| std::fs::read_to_string(sources.join(file)).unwrap())
        .concat()
        + &vectors::source();
    // The functions of all kinds of messages are called through macros, and prepared readers by their cases.
    let tests = ["text", "button", "url", "template", "media"]
        .into_iter()
        .fold(tests, |tests, kind| {
            assert!(tests.contains(&format!("KIND({kind})")));
            ["encode", "begin", "next"]
                .into_iter()
                .fold(tests, |tests, part| {
                    assert!(tests.contains(&format!("xobito_##kind##_{part}(")));
                    tests + &format!("xobito_{kind}_{part}(")
                })
        });
    let words =
        header.split(|character: char| !(character.is_alphanumeric() || "_(".contains(character)));
    let mut seen = std::collections::BTreeSet::new();
    for word in words {
        let is_function = word.starts_with("xobito_") && word.contains('(');
        let is_error = word.starts_with("XOBITO_ERROR_") && word != "XOBITO_ERROR_";
        // Nobody takes in four thousand million entries here.
        if (is_function || is_error) && word != "XOBITO_ERROR_IDS_EXHAUSTED" {
            let name = word.split('(').next().unwrap_or_default();
            assert!(tests.contains(name), "{name} is in no test");
            let is_new = seen.insert(name);
            assert!(is_new || is_error, "{name} is declared twice");
        }
    }
    assert!(seen.len() > 70, "{seen:?}");
}
