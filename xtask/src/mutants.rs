//! Mutation testing: cargo-mutants changes core in one place after the other, and its unit tests must notice.

use crate::setup::{self, target_folder};
use crate::shell::{Failed, program};

const VERSION: &str = "27.1.0";

/// `cargo xtask mutants [ARGUMENTS]`: hands further arguments on, such as `--file core/src/phone.rs`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    let tool = setup::crate_tool("cargo-mutants", VERSION)?;
    program(&tool, ["mutants", "--package", "xobito-core"])
        .args(["--features", "xobito-core/settings", "--jobs", "2"])
        .args(["--output".as_ref(), target_folder().as_os_str()])
        .args(arguments)
        // Every copy of the tree that it changes needs a target folder of its own.
        .env_remove("CARGO_TARGET_DIR")
        .run()
}
