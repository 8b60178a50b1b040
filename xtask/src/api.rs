//! The public interface of core, as a committed list: whoever changes it sees it in the diff.

use std::fs;

use crate::check::{Checked, Verdict};
use crate::miri::NIGHTLY;
use crate::setup::{self, target_folder};
use crate::shell::{Failed, cargo, root};

const LIST: &str = "core/public-api.txt";

/// `cargo xtask api`: writes the list.
pub(crate) fn write() -> Result<(), Failed> {
    if !setup::has_components(NIGHTLY, &[]) {
        return Err(Failed(without_toolchain()));
    }
    let list = list()?;
    fs::write(root().join(LIST), list).map_err(|error| Failed(format!("{LIST}: {error}")))
}

/// Whether the committed list is the interface.
pub(crate) fn check() -> Checked {
    if !setup::has_components(NIGHTLY, &[]) {
        return Ok(Verdict::NotMade(without_toolchain()));
    }
    let committed = fs::read_to_string(root().join(LIST)).unwrap_or_default();
    let list = list()?;
    let only_in = |these: &str, those: &str, sign: char| {
        for line in these
            .lines()
            .filter(|line| !those.lines().any(|other| other == *line))
        {
            println!("{sign} {line}");
        }
    };
    if list == committed {
        return Ok(Verdict::Holds);
    }
    only_in(&committed, &list, '-');
    only_in(&list, &committed, '+');
    Err(Failed(format!(
        "core's public items are not those of {LIST}: if that is meant, run `cargo xtask api` and say it in the changelog"
    )))
}

fn without_toolchain() -> String {
    format!("rustup could not fetch {NIGHTLY}")
}

fn list() -> Result<String, Failed> {
    let target = target_folder().join("api");
    let toolchain = format!("+{NIGHTLY}");
    cargo([
        &toolchain,
        "rustdoc",
        "--quiet",
        "--package",
        "xobito-core",
        "--lib",
        "--all-features",
    ])
    .args(["--", "-Z", "unstable-options", "--output-format", "json"])
    .env("CARGO_TARGET_DIR", &target)
    .run()?;
    let json = target.join("doc/xobito_core.json");
    cargo(["run", "--quiet", "--package", "xobito-api", "--"])
        .args([json])
        .output()
        .ok_or_else(|| Failed("the list of public items could not be made".to_owned()))
}
