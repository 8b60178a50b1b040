//! What must hold before a change lands.

use std::fs;

use crate::check::{Checked, Checks, Verdict};
use crate::firmware;
use crate::setup::{self, Cross};
use crate::shell::{Failed, cargo, root};

/// Every kind of device that `core` must build for.
const DEVICES: [&str; 3] = [
    "thumbv6m-none-eabi",
    "thumbv7em-none-eabihf",
    "riscv32imc-unknown-none-elf",
];

/// The crates that are published, in the order of their dependencies, with all their features.
const PUBLISHED: [Published; 1] = [Published {
    package: "xobito-core",
    folder: "core",
    features: &["defmt", "serde", "settings"],
}];

/// A crate that is published.
struct Published {
    package: &'static str,
    folder: &'static str,
    features: &'static [&'static str],
}

/// Makes every check.
pub(crate) fn run() -> Result<(), Failed> {
    setup::linker()?;
    let mut checks = Checks::default();
    checks.make("formatting", || {
        holds(cargo(["fmt", "--all", "--check"]).run())
    });
    checks.make("clippy, pedantic, without warnings", || {
        holds(
            cargo([
                "clippy",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ])
            .run(),
        )
    });
    checks.make("documentation without warnings", || {
        let docs = cargo(["doc", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "-D warnings");
        holds(docs.run())
    });
    checks.make("tests, and the README's examples", || holds(crate::test()));
    for arguments in [&["--host"][..], &[], &["--board", "lm3s6965evb"]] {
        let arguments: Vec<String> = arguments.iter().copied().map(str::to_owned).collect();
        checks.make(&format!("the demo {}", arguments.join(" ")), || {
            holds(crate::demo(&arguments))
        });
    }
    for board in &firmware::BOARDS {
        checks.make(&format!("the firmware for {}", board.package), || {
            holds(firmware::build(board))
        });
    }
    for target in DEVICES {
        checks.make(&format!("core without std for {target}"), || device(target));
    }
    for published in &PUBLISHED {
        let package = published.package;
        checks.make(
            &format!("every combination of {package}'s features"),
            || combinations(published),
        );
        checks.make(&format!("the declared Rust version of {package}"), || {
            rust_version(published)
        });
    }
    checks.make("packages", || {
        let packages = PUBLISHED
            .iter()
            .flat_map(|published| ["--package", published.package]);
        holds(
            cargo(["package", "--quiet", "--allow-dirty"])
                .args(packages)
                .run(),
        )
    });
    checks.finish()
}

fn holds(result: Result<(), Failed>) -> Checked {
    result.map(|()| Verdict::Holds)
}

fn device(target: &str) -> Checked {
    let cross = Cross::to(target)?;
    cross
        .cargo("build", target)
        .args(["--package", "xobito-core"])
        .run()?;
    holds(
        cross
            .cargo("build", target)
            .args(["--package", "xobito-core", "--all-features"])
            .run(),
    )
}

fn combinations(published: &Published) -> Checked {
    let count = 1_usize << published.features.len();
    for chosen in 0..count {
        let features = published
            .features
            .iter()
            .enumerate()
            .filter(|(bit, _)| chosen >> bit & 1 == 1);
        let list = features
            .map(|(_, feature)| *feature)
            .collect::<Vec<_>>()
            .join(",");
        let check = cargo([
            "clippy",
            "--quiet",
            "--no-default-features",
            "--package",
            published.package,
        ]);
        check
            .args(["--features", &list, "--", "-D", "warnings"])
            .run()?;
    }
    Ok(Verdict::Holds)
}

fn rust_version(published: &Published) -> Checked {
    let manifest = fs::read_to_string(root().join(published.folder).join("Cargo.toml"))
        .map_err(|error| Failed(format!("{}/Cargo.toml: {error}", published.folder)))?;
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
        .ok_or_else(|| Failed(format!("{} declares no rust-version", published.package)))?;
    if !setup::has_toolchain(version) {
        return Ok(Verdict::NotMade(format!(
            "rustup could not fetch Rust {version}"
        )));
    }
    let toolchain = format!("+{version}");
    let check = cargo([
        &toolchain,
        "check",
        "--quiet",
        "--all-features",
        "--package",
        published.package,
    ]);
    holds(check.env("CARGO_TARGET_DIR", "target/msrv").run())
}
