//! Mutation testing: cargo-mutants changes core in one place after the other, and the tests must notice.

use crate::setup::{self, target_folder};
use crate::shell::{Failed, program};

const VERSION: &str = "27.1.0";

/// `cargo xtask mutants [ARGUMENTS]`: hands further arguments on, such as `--file core/src/phone.rs`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    let tool = setup::crate_tool("cargo-mutants", VERSION)?;
    program(
        &tool,
        [
            "mutants",
            "--package",
            "xobito-core",
            "--features",
            "xobito-core/settings",
        ],
    )
    .args(["--jobs", "2", "--output"])
    .args([target_folder()])
    .args(arguments)
    .run()
}
