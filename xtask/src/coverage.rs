//! Which lines and branches of core its unit tests and the property tests reach.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::setup::{self, target_folder};
use crate::shell::{Failed, cargo, program, root};

const PAGE: &str = "BENCHMARKS.md";
const BEGIN: &str = "<!-- coverage: written by `cargo xtask coverage` -->";
const END: &str = "<!-- end of coverage -->";

/// What was reached of a file, or of all of them.
#[derive(Default)]
struct Counted {
    file: String,
    lines: u32,
    lines_reached: u32,
    branches: u32,
    branches_reached: u32,
    missed: Vec<u32>,
}

/// Writes the table; with `--check` it fails where a line is missed that the page does not list.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    let check = match arguments {
        [] => false,
        [only] if only == "--check" => true,
        _ => return Err(Failed("the only argument is --check".to_owned())),
    };
    setup::linker()?;
    let table = table(&measure()?);
    println!("{table}");
    let failed = |why: String| Failed(format!("{PAGE}: {why}"));
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (committed, after) = rest.split_once(END)?;
        Some((before, committed, after))
    });
    let (before, committed, after) = parts.ok_or_else(|| failed("no marks".to_owned()))?;
    if !check {
        let page = format!("{before}{BEGIN}\n{table}{END}{after}");
        return fs::write(&path, page).map_err(|error| failed(error.to_string()));
    }
    if missed_lines(&table) > missed_lines(committed) {
        return Err(failed(
            "core's tests miss more lines than it says: add tests, or run `cargo xtask coverage`"
                .to_owned(),
        ));
    }
    Ok(())
}

/// The third column of the last row, where the sum stands: lines that are missed.
fn missed_lines(table: &str) -> u32 {
    let sum = table.lines().rfind(|line| line.starts_with("| all"));
    let cells = sum.into_iter().flat_map(|line| line.split('|'));
    let missed = cells.map(str::trim).nth(3);
    missed.and_then(|missed| missed.parse().ok()).unwrap_or(0)
}

fn measure() -> Result<Vec<Counted>, Failed> {
    let folder = target_folder().join("coverage");
    let profiles = folder.join("profiles");
    // Of an earlier run; that there was none is fine.
    let _ = fs::remove_dir_all(&profiles);
    let tests = |arguments: &[&str]| {
        cargo([
            "test",
            "--package",
            "xobito-core",
            "--package",
            "xobito-properties",
        ])
        .args(["--lib", "--tests", "--features", "xobito-core/settings"])
        .args(arguments)
        .env(
            "RUSTFLAGS",
            "-Cinstrument-coverage -Zcoverage-options=branch",
        )
        // Branches are counted by an option that is not stable; the compiler is.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &folder)
        // The same cases every time, so that the same lines are reached.
        .env("PROPTEST_RNG_SEED", "1")
        .env("LLVM_PROFILE_FILE", profiles.join("%p-%m.profraw"))
    };
    tests(&["--quiet"]).run()?;
    let built = tests(&["--no-run", "--message-format", "json"]).output();
    let built = built.unwrap_or_default();
    let binaries = built.split("\"executable\":\"").skip(1);
    let binaries = binaries.filter_map(|rest| rest.split('"').next());
    let objects = binaries.flat_map(|binary| ["-object", binary]);
    let merged = folder.join("merged.profdata");
    let all = fs::read_dir(&profiles).into_iter().flatten().flatten();
    program(llvm_tool("llvm-profdata")?, ["merge", "-sparse", "-o"])
        .args(
            [merged.clone()]
                .into_iter()
                .chain(all.map(|entry| entry.path())),
        )
        .run()?;
    let lcov = program(
        llvm_tool("llvm-cov")?,
        ["export", "-format=lcov", "-instr-profile"],
    )
    .args([merged])
    .args(objects)
    .output()
    .ok_or_else(|| Failed("llvm-cov failed".to_owned()))?;
    Ok(read(&lcov))
}

/// A tool that comes with the compiler, of the same version as its profiles.
fn llvm_tool(name: &str) -> Result<PathBuf, Failed> {
    let failed = || {
        Failed(format!(
            "`{name}` is missing: rustup component add llvm-tools"
        ))
    };
    let _ = program("rustup", ["component", "add", "llvm-tools"]).succeeds();
    let sysroot = program("rustc", ["--print", "sysroot"])
        .output()
        .ok_or_else(failed)?;
    let host = setup::host().ok_or_else(failed)?;
    let tool = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(host)
        .join("bin")
        .join(name);
    if tool.exists() {
        Ok(tool)
    } else {
        Err(failed())
    }
}

/// Reads lcov's format: `SF:file`, `DA:line,count`, `BRDA:line,block,branch,count`.
fn read(lcov: &str) -> Vec<Counted> {
    let home = root().join("core/src");
    let mut files: Vec<Counted> = Vec::new();
    let mut is_ours = false;
    for line in lcov.lines() {
        let Some((kind, rest)) = line.split_once(':') else {
            continue;
        };
        if kind == "SF" {
            let file = Path::new(rest).strip_prefix(&home).ok();
            let file = file
                .map(|file| file.display().to_string())
                .unwrap_or_default();
            is_ours = !file.is_empty() && !file.contains("tests");
            if is_ours {
                files.push(Counted {
                    file,
                    ..Counted::default()
                });
            }
        }
        let Some(file) = files.last_mut().filter(|_| is_ours) else {
            continue;
        };
        let is_reached = !matches!(rest.rsplit(',').next(), Some("0" | "-"));
        match kind {
            "DA" => {
                file.lines += 1;
                file.lines_reached += u32::from(is_reached);
                let at: Option<u32> = rest.split(',').next().and_then(|at| at.parse().ok());
                file.missed.extend(at.filter(|_| !is_reached));
            }
            "BRDA" => {
                file.branches += 1;
                file.branches_reached += u32::from(is_reached);
            }
            _ => {}
        }
    }
    files
}

/// The files of which something is missed, and the sum.
fn table(files: &[Counted]) -> String {
    let mut table = String::from(
        "| file | lines | missed | reached | branches | missed | reached | lines that are missed |\n|---|---|---|---|---|---|---|---|\n",
    );
    let mut all = Counted {
        file: "all".to_owned(),
        ..Counted::default()
    };
    for file in files {
        if file.lines > file.lines_reached || file.branches > file.branches_reached {
            row(&mut table, file);
        }
        all.lines += file.lines;
        all.lines_reached += file.lines_reached;
        all.branches += file.branches;
        all.branches_reached += file.branches_reached;
    }
    row(&mut table, &all);
    table
}

fn row(table: &mut String, of: &Counted) {
    let missed: Vec<String> = of.missed.iter().map(u32::to_string).collect();
    // Writing to a text cannot fail.
    let _ = writeln!(
        table,
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        of.file,
        of.lines,
        of.lines - of.lines_reached,
        percent(of.lines_reached, of.lines),
        of.branches,
        of.branches - of.branches_reached,
        percent(of.branches_reached, of.branches),
        missed.join(", "),
    );
}

/// Rounded down, so that 100% is all.
fn percent(some: u32, of: u32) -> String {
    let tenths = u64::from(some) * 1000 / u64::from(of).max(1);
    if of == 0 {
        "-".to_owned()
    } else {
        format!("{}.{}%", tenths / 10, tenths % 10)
    }
}
