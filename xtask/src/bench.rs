//! The figures of `BENCHMARKS.md`.

use std::fs;

use crate::firmware;
use crate::setup;
use crate::shell::{Failed, cargo, root};

/// Measures and writes the page; with `--check` it only looks whether the committed page holds.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    setup::tool("valgrind", "valgrind")?;
    // Its library, which the benchmark is built with, wants a runner of its own version.
    let runner = setup::crate_tool("gungraun-runner", &gungraun_version()?)?;
    let measure = cargo([
        "run",
        "--quiet",
        "--release",
        "--package",
        "xobito-bench",
        "--",
    ]);
    firmware::with_tools(measure.args(arguments).env("GUNGRAUN_RUNNER", runner))?.run()
}

fn gungraun_version() -> Result<String, Failed> {
    let missing = || Failed("Cargo.toml does not pin gungraun".to_owned());
    let manifest = fs::read_to_string(root().join("Cargo.toml")).map_err(|_| missing())?;
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("gungraun = \"=")?.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(missing)
}
