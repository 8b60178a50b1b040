//! Compilers and the programs that they make.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The package that `cargo xtask dist` made.
///
/// # Panics
/// Where nobody said where it is.
#[must_use]
pub fn package() -> PathBuf {
    let place = std::env::var_os("XOBITO_DIST").map(PathBuf::from);
    place.unwrap_or_else(|| panic!("XOBITO_DIST is not set: these tests run in `cargo xtask test`"))
}

/// The archive for a target.
#[must_use]
pub fn archive(target: &str) -> PathBuf {
    package().join("lib").join(target).join("libxobito.a")
}

/// This computer's target: the one whose archive it can run.
///
/// # Panics
/// Where rustc cannot be asked.
#[must_use]
pub fn host() -> String {
    let said = output(Command::new("rustc").arg("-vV"));
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.unwrap().to_owned()
}

/// A fresh directory for what a test makes, beside the package.
///
/// # Panics
/// Where none can be made.
#[must_use]
pub fn fresh(name: &str) -> PathBuf {
    let place = package().with_file_name("c-tests").join(name);
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).unwrap();
    place
}

/// Runs a program that must succeed; what it printed.
///
/// # Panics
/// Where it does not.
pub fn output(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(
        status.success(),
        "{command:?}: {status}\n{stdout}\n{stderr}"
    );
    stdout.into_owned()
}

/// Compiles and links a program.
pub fn compile<A: AsRef<OsStr>>(compiler: &str, arguments: impl IntoIterator<Item = A>) {
    output(
        Command::new(compiler)
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .args(arguments),
    );
}
