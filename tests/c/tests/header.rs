//! The committed header is what the source says, and any C or C++ compiler takes it.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

use xobito_c_tests::header;

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
