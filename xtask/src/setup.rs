//! What the chores need on the machine, installed where that is possible.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Failed, Program, cargo, program, root};

/// Packages of Debian and Ubuntu that bring a Rust toolchain with the sources of `core`.
const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// A C linker and compiler, which Rust needs for host programs.
pub(crate) fn linker() -> Result<(), Failed> {
    tool("cc", "build-essential")
}

/// A program, from this package of Debian and Ubuntu.
pub(crate) fn tool(name: &str, package: &str) -> Result<(), Failed> {
    if program(name, ["--version"]).succeeds() {
        return Ok(());
    }
    if apt(&[package]) && program(name, ["--version"]).succeeds() {
        return Ok(());
    }
    Err(Failed(format!(
        "This needs `{name}`: install it (on Debian and Ubuntu: apt install {package})."
    )))
}

/// A file, from this package of Debian and Ubuntu.
pub(crate) fn file(path: &str, package: &str) -> Result<(), Failed> {
    if Path::new(path).exists() || (apt(&[package]) && Path::new(path).exists()) {
        return Ok(());
    }
    Err(Failed(format!(
        "This needs {path}: install it (on Debian and Ubuntu: apt install {package})."
    )))
}

/// The source of a package of Debian, where its lists name one: fetched below the target folder, and only looked at.
pub(crate) fn debian_source(name: &str) -> Result<PathBuf, Failed> {
    let folder = target_folder().join("peers").join(name);
    let source = |folder: &Path| {
        let found = fs::read_dir(folder).ok()?.flatten();
        found
            .map(|entry| entry.path())
            .find(|path| path.is_dir() && path.file_name() != Some("lists".as_ref()))
    };
    if let Some(source) = source(&folder) {
        return Ok(source);
    }
    let failed = |what: &str| {
        Failed(format!(
            "The source of Debian's {name} could not be had: {what}."
        ))
    };
    fs::create_dir_all(folder.join("lists/partial")).map_err(|error| failed(&error.to_string()))?;
    let list = folder.join("sources.list");
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let codename = codename.ok_or_else(|| failed("this is no Debian"))?;
    let line = format!("deb-src http://deb.debian.org/debian {codename} main\n");
    fs::write(&list, line).map_err(|error| failed(&error.to_string()))?;
    let apt = |arguments: &[&str]| {
        let of = |option: &str, path: &Path| format!("{option}={}", path.display());
        program("sh", ["-c", "cd \"$0\" && exec \"$@\""])
            .args([folder.as_os_str(), "apt-get".as_ref(), "-q".as_ref()])
            .args([
                "-o",
                &of("Dir::Etc::SourceList", &list),
                "-o",
                "Dir::Etc::SourceParts=-",
            ])
            .args(["-o", &of("Dir::State::Lists", &folder.join("lists"))])
            .args(arguments)
            .succeeds()
    };
    if !apt(&["update"]) || !apt(&["source", name]) {
        return Err(failed("apt-get answered no"));
    }
    source(&folder).ok_or_else(|| failed("nothing was unpacked"))
}

/// A tool of LLVM, which reads the objects of every target: rustup's, or the one of Debian and Ubuntu.
pub(crate) fn llvm(name: &str) -> Result<PathBuf, Failed> {
    let tool = format!("llvm-{name}");
    let of_rustup = || {
        let sysroot = program("rustc", ["--print", "sysroot"]).output()?;
        let hosts = Path::new(sysroot.trim()).join("lib/rustlib");
        let hosts = fs::read_dir(hosts).ok()?.flatten();
        hosts
            .map(|host| host.path().join("bin").join(&tool))
            .find(|path| path.exists())
    };
    if let Some(path) = of_rustup() {
        return Ok(path);
    }
    if program("rustup", ["component", "add", "llvm-tools"]).succeeds()
        && let Some(path) = of_rustup()
    {
        return Ok(path);
    }
    self::tool(&tool, "llvm")?;
    Ok(tool.into())
}

/// A program that is a crate, in this version: installed below the target folder, where nothing else meets it.
pub(crate) fn crate_tool(name: &str, version: &str) -> Result<PathBuf, Failed> {
    let folder = crate_tool_folder(name, version);
    let installed = folder.join("bin").join(name);
    if !installed.exists() {
        // Without optimisation: it takes half as long to build, and none of these tools is in a hurry.
        cargo(["install", "--locked", "--debug", name, "--version", version])
            .args(["--root".as_ref(), folder.as_os_str()])
            .env("CARGO_TARGET_DIR", folder.join("build"))
            .run()?;
        // What it was built from is of no more use; that it stays is no reason to fail.
        let _ = fs::remove_dir_all(folder.join("build"));
    }
    Ok(installed)
}

fn crate_tool_folder(name: &str, version: &str) -> PathBuf {
    target_folder()
        .join("tools")
        .join(format!("{name}-{version}"))
}

/// The triple of this computer.
pub(crate) fn host() -> Option<String> {
    let version = program("rustc", ["-vV"]).output()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
}

/// Where builds go.
pub(crate) fn target_folder() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Whether the packages could be installed.
fn apt(packages: &[&str]) -> bool {
    // The lists of a fresh machine are empty or old; that updating them fails is no reason not to try.
    let _ = program("apt-get", ["update", "-q"]).succeeds();
    println!("$ apt-get install {}", packages.join(" "));
    program(
        "apt-get",
        ["install", "-y", "-q", "--no-install-recommends"],
    )
    .args(packages)
    .env("DEBIAN_FRONTEND", "noninteractive")
    .succeeds()
}

/// How programs for a device can be compiled here.
pub(crate) enum Cross {
    /// rustup has the target's standard library.
    Rustup,
    /// Debian's toolchain compiles `core` along.
    Debian,
}

impl Cross {
    /// Finds or installs a way to compile for this target.
    pub(crate) fn to(target: &str) -> Result<Self, Failed> {
        let installed = program("rustup", ["target", "list", "--installed"]).output();
        if installed.is_some_and(|list| list.lines().any(|line| line == target))
            || program("rustup", ["target", "add", target]).succeeds()
        {
            return Ok(Self::Rustup);
        }
        if Path::new("/usr/src").is_dir() && (Self::debian_is_there() || apt(&DEBIAN_RUST)) {
            return Ok(Self::Debian);
        }
        Err(Failed(format!(
            "This needs Rust's standard library for {target}: run `rustup target add {target}` (or on Debian: apt \
             install {}).",
            DEBIAN_RUST.join(" ")
        )))
    }

    fn debian_is_there() -> bool {
        program("/usr/bin/cargo", ["--version"]).succeeds()
            && program("ld.lld", ["--version"]).succeeds()
    }

    /// A `cargo build` or `cargo check` for the target.
    pub(crate) fn cargo(&self, command: &str, target: &str) -> Program {
        match self {
            Self::Rustup => cargo([command, "--target", target]),
            Self::Debian => program(
                "/usr/bin/cargo",
                [command, "-Zbuild-std=core", "--target", target],
            )
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            // The targets name rustup's rust-lld, which Debian's rustc does not come with.
            .env(&linker_variable(target), "ld.lld")
            .env("CARGO_TARGET_DIR", "target/debian"),
        }
    }

    /// What tells `tests/emulator` how to build firmware, where that is not the way it would choose itself.
    pub(crate) fn firmware_environment(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Rustup => &[],
            Self::Debian => &[
                ("FIRMWARE_CARGO", "/usr/bin/cargo"),
                ("FIRMWARE_RUSTC", "/usr/bin/rustc"),
                ("CARGO_TARGET_THUMBV7EM_NONE_EABIHF_LINKER", "ld.lld"),
                ("CARGO_TARGET_THUMBV7M_NONE_EABI_LINKER", "ld.lld"),
            ],
        }
    }
}

/// Cargo's variable for a target's linker.
fn linker_variable(target: &str) -> String {
    let target = target.to_uppercase().replace('-', "_");
    format!("CARGO_TARGET_{target}_LINKER")
}

/// Whether this toolchain is here with these components, or could be fetched.
pub(crate) fn has_components(toolchain: &str, components: &[&str]) -> bool {
    let plus = format!("+{toolchain}");
    let works =
        |arguments: [&str; 2]| cargo([plus.as_str()].into_iter().chain(arguments)).succeeds();
    let is_here = match components.first() {
        Some(first) => works([first, "--version"]),
        None => works(["--version", "--quiet"]),
    };
    if is_here {
        return true;
    }
    let wanted = components.join(",");
    let install = program(
        "rustup",
        ["toolchain", "install", toolchain, "--profile", "minimal"],
    );
    if components.is_empty() {
        install.succeeds()
    } else {
        install.args(["--component", &wanted]).succeeds()
    }
}

/// Whether this release of Rust is here or could be fetched.
pub(crate) fn has_toolchain(version: &str) -> bool {
    let toolchain = format!("+{version}");
    cargo([toolchain.as_str(), "--version"]).succeeds()
        || program(
            "rustup",
            ["toolchain", "install", version, "--profile", "minimal"],
        )
        .succeeds()
}
