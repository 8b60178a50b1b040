//! The library as C programs link it: every function, every error, and the core's bytes and outcomes, plain, under
//! sanitizers and under valgrind.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use xobito_c_tests::tools::{archive, compile, fresh, host, output};
use xobito_c_tests::{header, vectors};

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn bytes_outcomes_and_errors_hold() {
    let program = tests("plain", "cc", &["-std=c99", "-O1"]);
    output(&mut Command::new(program));
}

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn they_hold_under_sanitizers() {
    let program = tests(
        "sanitized",
        "cc",
        &[
            "-std=c99",
            "-O1",
            "-g",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            // The tests pass pointers that are not aligned, to see them refused.
            "-fno-sanitize=alignment",
        ],
    );
    output(&mut Command::new(program));
}

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn they_hold_under_valgrind_which_sees_what_the_library_touches() {
    let program = tests("valgrind", "cc", &["-std=c99", "-O1", "-g"]);
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--error-exitcode=1", "--leak-check=full"])
        .arg(program);
    output(&mut valgrind);
}

/// Compiles all checks with the library.
fn tests(name: &str, compiler: &str, arguments: &[&str]) -> PathBuf {
    let place = fresh(name);
    let vectors_c = place.join("vectors.c");
    std::fs::write(&vectors_c, vectors::source()).unwrap();
    let program = place.join("tests");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("c");
    let mut all: Vec<PathBuf> = arguments.iter().map(PathBuf::from).collect();
    all.push(format!("-I{}", sources.display()).into());
    all.push(format!("-I{}", header::library().join("include").display()).into());
    for source in [
        "main.c",
        "vectors_check.c",
        "errors.c",
        "outbox.c",
        "overlap.c",
    ] {
        all.push(sources.join(source));
    }
    all.extend([vectors_c, archive(&host()), "-o".into(), program.clone()]);
    compile(compiler, all);
    program
}
