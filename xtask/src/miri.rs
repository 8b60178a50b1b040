//! Miri: core's tests and the C library's, interpreted, so that undefined behaviour in them and in what they depend on
//! would be found.

use crate::check::{Checked, Verdict};
use crate::setup;
use crate::shell::cargo;

/// The compiler whose unstable parts the checks use. Pinned, because they change from day to day.
pub(crate) const NIGHTLY: &str = "nightly-2026-05-20";

/// Runs the unit tests of core, and calls to the C library, under Miri.
pub(crate) fn check() -> Checked {
    if !setup::has_components(NIGHTLY, &["miri", "rust-src"]) {
        return Ok(Verdict::NotMade(format!(
            "rustup could not fetch {NIGHTLY} with miri"
        )));
    }
    let toolchain = format!("+{NIGHTLY}");
    // The documentation's examples and the tests beside them are the same code in other words.
    cargo([
        &toolchain,
        "miri",
        "test",
        "--quiet",
        "--package",
        "xobito-core",
    ])
    .args(["--lib", "--features", "settings"])
    // Tests that repeat something a thousand times do it less often.
    .env("MIRIFLAGS", "-Zmiri-disable-isolation")
    .run()?;
    // The one crate with `unsafe` of its own, called as C calls it.
    cargo([
        &toolchain,
        "miri",
        "test",
        "--quiet",
        "--package",
        "xobito-c",
    ])
    .args(["--test", "calls"])
    .run()?;
    Ok(Verdict::Holds)
}
