//! The dependency policy of `deny.toml`, by cargo-deny.

use std::path::PathBuf;

use crate::check::{Checked, Verdict};
use crate::setup;
use crate::shell::{Failed, program};

const VERSION: &str = "0.20.2";

/// `cargo xtask deny`: installs the tool where it is missing, and checks.
pub(crate) fn run() -> Result<(), Failed> {
    policy()?;
    if let Verdict::NotMade(why) = advisories()? {
        println!("NOT MADE  advisories: {why}");
    }
    Ok(())
}

/// Licences, duplicates and sources.
pub(crate) fn policy() -> Result<(), Failed> {
    program(
        tool()?,
        ["--locked", "check", "licenses", "bans", "sources"],
    )
    .run()
}

/// Whether an advisory concerns a dependency. Their list is on the internet, where not everybody is: git's `insteadOf` leads to a
/// copy.
pub(crate) fn advisories() -> Checked {
    let list = "https://github.com/rustsec/advisory-db";
    if !program("git", ["ls-remote", "--quiet", list, "HEAD"]).succeeds() {
        return Ok(Verdict::NotMade(format!("{list} cannot be reached")));
    }
    program(tool()?, ["--locked", "check", "advisories"]).run()?;
    Ok(Verdict::Holds)
}

fn tool() -> Result<PathBuf, Failed> {
    setup::linker()?;
    setup::crate_tool("cargo-deny", VERSION)
}
