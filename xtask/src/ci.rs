//! What must hold before a change lands.

use std::fs;

use crate::api;
use crate::bench;
use crate::c_library;
use crate::check::{Checked, Checks, Verdict};
use crate::coverage;
use crate::deny;
use crate::firmware;
use crate::fuzz;
use crate::miri;
use crate::setup::{self, Cross};
use crate::shell::{Failed, Program, cargo, root};

/// Every kind of device that the crates without std must build for.
const DEVICES: [&str; 3] = [
    "thumbv6m-none-eabi",
    "thumbv7em-none-eabihf",
    "riscv32imc-unknown-none-elf",
];

/// The crates that are published, in the order of their dependencies.
const PUBLISHED: [Published; 5] = [
    Published {
        package: "xobito-core",
        folder: "core",
        features: &["defmt", "serde", "settings"],
        no_std: true,
    },
    Published {
        package: "xobito-flash",
        folder: "adapters/flash",
        features: &["defmt"],
        no_std: true,
    },
    Published {
        package: "xobito-std",
        folder: "adapters/std",
        features: &["command", "outbox"],
        no_std: false,
    },
    Published {
        package: "xobito-embassy",
        folder: "adapters/embassy",
        features: &[
            "p384",
            "rsa",
            "webpki-roots",
            "embassy-net",
            "flash",
            "sntp",
            "defmt",
        ],
        no_std: true,
    },
    Published {
        package: "xobito-c",
        folder: "adapters/c",
        features: &[],
        no_std: true,
    },
];

/// A crate that is published.
struct Published {
    package: &'static str,
    folder: &'static str,
    /// All its features, but `default`.
    features: &'static [&'static str],
    /// It must build for devices.
    no_std: bool,
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
    checks.make("clippy for what only other chores build", other_clippy);
    checks.make("documentation without warnings", || {
        let docs = cargo(["doc", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "-D warnings");
        holds(docs.run())
    });
    checks.make("tests, and the README's examples", || holds(crate::test()));
    for arguments in [
        &["--host"][..],
        &[],
        &["--board", "lm3s6965evb"],
        &["--outage"],
    ] {
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
    for published in &PUBLISHED {
        let package = published.package;
        if published.no_std {
            checks.make(&format!("{package} without std, for devices"), || {
                devices(published)
            });
        }
        checks.make(&format!("combinations of {package}'s features"), || {
            combinations(published)
        });
        checks.make(&format!("the declared Rust version of {package}"), || {
            rust_version(published)
        });
    }
    for target in ["thumbv6m-none-eabi", "thumbv7em-none-eabihf"] {
        checks.make(
            &format!("no panic can be reached from core, on {target}"),
            || no_panic(target),
        );
    }
    checks.make("a panic is found in the C library's archives", || {
        holds(c_library::planted_panic_is_found())
    });
    checks.make(
        "the C library's size table",
        || match setup::debian_source("cjson") {
            Ok(_) => holds(c_library::sizes(&["--check".to_owned()])),
            Err(Failed(why)) => Ok(Verdict::NotMade(why)),
        },
    );
    checks.make("BENCHMARKS.md against what is measured", || {
        holds(bench::run(&["--check".to_owned()]))
    });
    checks.make(
        &format!("fuzzing core, {} s for each target", fuzz::SECONDS),
        || holds(fuzz::run(&[])),
    );
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

/// What takes tools that must be built first, and would make a landing wait too long: for every release, and every night.
pub(crate) fn proofs() -> Result<(), Failed> {
    setup::linker()?;
    let mut checks = Checks::default();
    checks.make("the dependency policy of deny.toml", || {
        holds(deny::policy())
    });
    checks.make("advisories about dependencies", deny::advisories);
    checks.make("core's tests under Miri", miri::check);
    checks.make("core's coverage against BENCHMARKS.md", || {
        holds(coverage::run(&["--check".to_owned()]))
    });
    checks.make(
        "core's public items against core/public-api.txt",
        api::check,
    );
    checks.finish()
}

fn holds(result: Result<(), Failed>) -> Checked {
    result.map(|()| Verdict::Holds)
}

/// The fuzz targets, and the images that are measured and searched for panics. The boards' firmware is looked at where it is built.
fn other_clippy() -> Checked {
    let clippy = |check: Program| check.args(["--", "-D", "warnings"]).run();
    clippy(cargo(["clippy", "--package", "xobito-fuzz"]))?;
    let target = "thumbv7em-none-eabihf";
    let cross = Cross::to(target)?;
    if matches!(cross, Cross::Debian) {
        return Ok(Verdict::NotMade(format!("there is no clippy for {target}")));
    }
    let images = [
        "--package",
        "xobito-bench-board",
        "--package",
        "xobito-no-panic",
    ];
    let check = cross.cargo("clippy", target).args(images);
    clippy(check.args(["--profile", "firmware"]))?;
    Ok(Verdict::Holds)
}

fn devices(published: &Published) -> Checked {
    for target in DEVICES {
        let cross = Cross::to(target)?;
        for features in ["--no-default-features", "--all-features"] {
            cross
                .cargo("build", target)
                .args(["--package", published.package, features])
                .run()?;
        }
    }
    Ok(Verdict::Holds)
}

/// The image links only if no panic is reachable; with one planted, it must not link.
fn no_panic(target: &str) -> Checked {
    let cross = Cross::to(target)?;
    let build = |planted: &[&str]| {
        let image = cross.cargo("build", target);
        image
            .args(["--profile", "firmware", "--package", "xobito-no-panic"])
            .args(planted)
    };
    build(&[]).run()?;
    if build(&["--features", "planted"]).succeeds() {
        return Err(Failed(
            "a planted panic was not found, so this check finds nothing".to_owned(),
        ));
    }
    Ok(Verdict::Holds)
}

fn combinations(published: &Published) -> Checked {
    // Nearly none and nearly all: of up to three features that is every combination.
    let all = published.features.len();
    let few_or_most = |chosen: usize| {
        let ones = usize::try_from(chosen.count_ones()).unwrap_or(usize::MAX);
        ones <= 1 || ones + 1 >= all
    };
    for chosen in (0..1_usize << all).filter(|chosen| few_or_most(*chosen)) {
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
