//! Whether a crate, or anything that it depends on, needs an allocator: rustc tells of every compiled crate which others
//! it is linked with, and none may name `alloc`.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::root;

const TARGET: &str = "thumbv7em-none-eabihf";

/// The crates in the dependency graph of `package`, with all its features and these more, that need `alloc`.
///
/// # Errors
/// That it does not build, or rustc does not tell.
pub(crate) fn with_alloc(
    package: &str,
    features: &str,
) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let output = emulator::cargo()
        .args(["build", "--quiet", "--package", package, "--target", TARGET])
        .args(["--all-features", "--features", features])
        .args(["--message-format", "json"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{package} did not build: {}", output.status).into());
    }
    let mut looked_at = 0;
    let mut found = BTreeSet::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: Value = serde_json::from_str(line)?;
        for library in libraries(&message) {
            looked_at += 1;
            if needs_alloc(library)? {
                let name = message.pointer("/target/name").and_then(Value::as_str);
                found.insert(name.unwrap_or(library).to_owned());
            }
        }
    }
    if looked_at == 0 {
        return Err(format!("{package} consists of no libraries").into());
    }
    Ok(found)
}

/// The libraries for the device that a message of cargo is about; what runs on the host may allocate.
fn libraries(message: &Value) -> impl Iterator<Item = &str> {
    let files = message.get("filenames").and_then(Value::as_array);
    let files = files.into_iter().flatten().filter_map(Value::as_str);
    files.filter(|file| {
        let is_library = Path::new(file).extension() == Some("rlib".as_ref());
        is_library && file.contains(TARGET)
    })
}

fn needs_alloc(library: &str) -> Result<bool, Box<dyn Error>> {
    let rustc = env::var_os("FIRMWARE_RUSTC").or_else(|| env::var_os("RUSTC"));
    let output = Command::new(rustc.unwrap_or_else(|| "rustc".into()))
        .args(["-Z", "ls=root", library])
        // The option is meant for rustc's developers; its release compilers have it, too.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()?;
    let told = String::from_utf8(output.stdout)?;
    let (_, dependencies) = told
        .split_once("=External Dependencies=")
        .ok_or_else(|| format!("rustc does not tell what {library} depends on"))?;
    // A line reads `3 alloc-0123456789abcdef hash … kind …`.
    Ok(dependencies.lines().any(|line| {
        let name = line.split_whitespace().nth(1).unwrap_or_default();
        name.split('-').next() == Some("alloc")
    }))
}
