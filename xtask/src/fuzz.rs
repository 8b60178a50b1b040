//! Fuzzing by libFuzzer. Core has no `unsafe`, so no sanitizer is needed, and a stable compiler will do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup::{self, target_folder};
use crate::shell::{Failed, cargo, program, root};

/// Every target, and the longest input that makes sense to it.
const TARGETS: [(&str, &str); 4] = [
    ("answers", "603"),
    ("messages", "5000"),
    ("outbox", "1000"),
    ("settings", "600"),
];

/// How long each target runs unless something else is asked for.
pub(crate) const SECONDS: u32 = 20;

/// What tells libFuzzer which parts of the code an input reaches.
const COVERAGE: &str = "-Cpasses=sancov-module \
     -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares \
     -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";

/// Keeps few inputs: what each part of the code needs to be reached, and not how often it is.
const MERGE: [&str; 4] = [
    "-set_cover_merge=1",
    "-use_counters=0",
    "-use_cmp=0",
    "-verbosity=0",
];

/// What is asked for.
#[derive(Default)]
struct Wish {
    target: Option<&'static str>,
    limit: Option<Limit>,
    minimise: bool,
}

/// When a target has run for long enough.
enum Limit {
    Seconds(u32),
    Runs(u64),
}

/// `[TARGET] [SECONDS | RUNSx] [--minimise]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    let wish = Wish::from(arguments)?;
    setup::linker()?;
    setup::tool("c++", "build-essential")?;
    let host = build()?;
    for (target, longest) in TARGETS {
        if wish.target.is_some_and(|wanted| wanted != target) {
            continue;
        }
        let binary = target_folder().join(&host).join("release").join(target);
        if wish.minimise {
            minimise(&binary, target)?;
        } else {
            fuzz(&binary, target, longest, wish.limit.as_ref())?;
        }
    }
    Ok(())
}

impl Wish {
    fn from(arguments: &[String]) -> Result<Self, Failed> {
        let mut wish = Self::default();
        for argument in arguments {
            let target = TARGETS.iter().find(|(target, _)| target == argument);
            let runs = argument
                .strip_suffix('x')
                .and_then(|runs| runs.parse().ok());
            if let Some((target, _)) = target {
                wish.target = Some(target);
            } else if argument == "--minimise" {
                wish.minimise = true;
            } else if let Ok(seconds) = argument.parse() {
                wish.limit = Some(Limit::Seconds(seconds));
            } else if let Some(runs) = runs {
                wish.limit = Some(Limit::Runs(runs));
            } else {
                let targets: Vec<_> = TARGETS.iter().map(|(target, _)| *target).collect();
                return Err(Failed(format!(
                    "'{argument}' is none of the targets {}, no number of seconds such as 600 and no number of runs such \
                     as 1000000x.",
                    targets.join(", ")
                )));
            }
        }
        Ok(wish)
    }
}

/// Builds every target; the host's triple. Naming it keeps the coverage out of build scripts.
fn build() -> Result<String, Failed> {
    let host = setup::host().ok_or_else(|| Failed("rustc does not name its host".to_owned()))?;
    cargo([
        "build",
        "--release",
        "--package",
        "xobito-fuzz",
        "--target",
        &host,
    ])
    .env("RUSTFLAGS", COVERAGE)
    .run()?;
    Ok(host)
}

/// Runs a target; what it finds goes below the target folder, not into the committed corpus.
fn fuzz(binary: &Path, target: &str, longest: &str, limit: Option<&Limit>) -> Result<(), Failed> {
    let found = found(target);
    create(&found)?;
    let is_default = limit.is_none();
    let limit = match limit {
        Some(Limit::Seconds(seconds)) => format!("-max_total_time={seconds}"),
        Some(Limit::Runs(runs)) => format!("-runs={runs}"),
        None => format!("-max_total_time={SECONDS}"),
    };
    // What holds a landing up must not depend on luck; longer runs take another way each time.
    let seed = format!("-seed={}", u8::from(is_default));
    let failures = target_folder().join("fuzz").join(format!("{target}-"));
    let mut fuzz = program(binary, [limit.as_str(), seed.as_str()]).args([
        format!("-max_len={longest}"),
        format!("-artifact_prefix={}", failures.display()),
        "-print_final_stats=1".to_owned(),
        "-verbosity=0".to_owned(),
    ]);
    let dictionary = home().join(format!("{target}.dict"));
    if dictionary.exists() {
        fuzz = fuzz.args([format!("-dict={}", dictionary.display())]);
    }
    fuzz.args([found, corpus(target)]).run()
}

/// Makes the committed corpus the smallest one that reaches all that it and what was found reach.
fn minimise(binary: &Path, target: &str) -> Result<(), Failed> {
    let (old, new, found) = (
        corpus(target),
        target_folder().join("fuzz/new"),
        found(target),
    );
    create(&found)?;
    // Left behind by a run that was stopped; that it is not there is fine.
    let _ = fs::remove_dir_all(&new);
    create(&new)?;
    program(binary, MERGE).args([&new, &old, &found]).run()?;
    let failed = |error| Failed(format!("{}: {error}", old.display()));
    fs::remove_dir_all(&old).map_err(failed)?;
    create(&old)?;
    for input in fs::read_dir(&new).map_err(failed)? {
        let input = input.map_err(failed)?;
        fs::copy(input.path(), old.join(input.file_name())).map_err(failed)?;
    }
    Ok(())
}

fn home() -> PathBuf {
    root().join("tests/fuzz")
}

fn corpus(target: &str) -> PathBuf {
    home().join("corpus").join(target)
}

fn found(target: &str) -> PathBuf {
    target_folder().join("fuzz").join(target)
}

fn create(folder: &Path) -> Result<(), Failed> {
    fs::create_dir_all(folder).map_err(|error| Failed(format!("{}: {error}", folder.display())))
}
