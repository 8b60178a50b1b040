//! What the library costs on a Cortex-M4, by feature and beside cJSON and jsmn: `cargo xtask c-sizes`.
//!
//! Each program is linked twice as it were: with the feature, and without anything. The difference is what is told, so
//! it has all that the feature needs of the C library.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A chore that stops where something is missing.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use xobito_c_tests::header::library;
use xobito_c_tests::tools::{archive, fresh, output};

/// What a row is called, its macros, and what it is linked with.
struct Row {
    name: &'static str,
    macros: &'static [&'static str],
    with: With,
}

#[derive(Clone, Copy, PartialEq)]
enum With {
    Xobito,
    CJson,
    Jsmn,
}

const ROWS: [Row; 14] = [
    row("text messages", &["TEXT"], With::Xobito),
    row("all kinds of messages", &["TEXT", "MESSAGES"], With::Xobito),
    row("URL and headers", &["HEAD"], With::Xobito),
    row("answers to messages", &["READER"], With::Xobito),
    row(
        "answers to messages and status queries",
        &["READER", "STATUS"],
        With::Xobito,
    ),
    row(
        "text messages and their answers",
        &["TEXT", "READER"],
        With::Xobito,
    ),
    row(
        "an outbox, with the answers it needs",
        &["READER", "STATUS", "OUTBOX"],
        With::Xobito,
    ),
    row(
        "text messages, head, answers, outbox",
        &["TEXT", "HEAD", "READER", "STATUS", "OUTBOX"],
        With::Xobito,
    ),
    row(
        "everything",
        &["TEXT", "MESSAGES", "HEAD", "READER", "STATUS", "OUTBOX"],
        With::Xobito,
    ),
    row("cJSON: text messages", &["WITH_CJSON", "TEXT"], With::CJson),
    row(
        "cJSON: answers to messages",
        &["WITH_CJSON", "READER"],
        With::CJson,
    ),
    row(
        "cJSON: text messages and their answers",
        &["WITH_CJSON", "TEXT", "READER"],
        With::CJson,
    ),
    row(
        "jsmn: answers to messages",
        &["WITH_JSMN", "READER"],
        With::Jsmn,
    ),
    row("nothing", &[], With::Xobito),
];

const fn row(name: &'static str, macros: &'static [&'static str], with: With) -> Row {
    Row { name, macros, with }
}

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let sizes: Vec<u32> = ROWS.iter().map(size).collect();
    let nothing = *sizes.last().unwrap();
    let mut table = String::from("| linked | flash, bytes |\n|---|---|\n");
    for (row, size) in ROWS.iter().zip(&sizes).take(ROWS.len() - 1) {
        let _ = writeln!(table, "| {} | {} |", row.name, size - nothing);
    }
    print!("{table}");
    let readme = library().join("README.md");
    let page = std::fs::read_to_string(&readme).unwrap();
    let (before, rest) = page.split_once("<!-- sizes -->\n").unwrap();
    let (committed, after) = rest.split_once("<!-- end of sizes -->\n").unwrap();
    if check {
        return checked(committed, &table);
    }
    let page = format!("{before}<!-- sizes -->\n{table}<!-- end of sizes -->\n{after}");
    std::fs::write(readme, page).unwrap();
    ExitCode::SUCCESS
}

/// Another compiler gives somewhat other figures; more than a twentieth apart, the table misleads.
fn checked(committed: &str, measured: &str) -> ExitCode {
    let figures = |table: &str| -> Vec<(String, u32)> {
        let rows = table.lines().filter_map(|line| {
            let (name, figure) = line.trim_matches(['|', ' ']).split_once(" | ")?;
            Some((name.to_owned(), figure.trim().parse().ok()?))
        });
        rows.collect()
    };
    let (committed, measured) = (figures(committed), figures(measured));
    let apart = |(old, new): (&(String, u32), &(String, u32))| {
        old.0 != new.0 || old.1.abs_diff(new.1) > old.1 / 20
    };
    if committed.len() != measured.len() || committed.iter().zip(&measured).any(apart) {
        eprintln!("The table in adapters/c/README.md does not hold: run `cargo xtask c-sizes`.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The flash of a program, in bytes.
fn size(row: &Row) -> u32 {
    let place = fresh("size");
    let image = place.join("image");
    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("c");
    let board = library().join("examples/cortex-m");
    let mut compiler = Command::new("arm-none-eabi-gcc");
    compiler
        .args([
            "-std=c99",
            "-mcpu=cortex-m4",
            "-mthumb",
            "-Os",
            "-nostartfiles",
        ])
        .args([
            "-ffunction-sections",
            "-fdata-sections",
            "-Wl,--gc-sections",
        ])
        .args([
            "--specs=nano.specs",
            "--specs=nosys.specs",
            "-Wl,--defsym=end=bss_end",
        ])
        .args(["-DJSMN_STATIC", "-DJSMN_PARENT_LINKS", "-DJSMN_STRICT"])
        .args(row.macros.iter().map(|name| format!("-D{name}")))
        .arg(format!("-I{}", library().join("include").display()))
        .arg("-T")
        .arg(board.join("link.ld"))
        .args([sources.join("size.c"), board.join("startup.c")]);
    match row.with {
        With::Xobito => {
            compiler.arg(archive("thumbv7em-none-eabi"));
        }
        With::CJson => {
            let source = PathBuf::from(std::env::var_os("CJSON_SOURCE").unwrap());
            compiler.arg(source.join("cJSON.c")).arg("-I").arg(source);
        }
        With::Jsmn => {
            // The header alone: the rest of the host's headers are not for this target.
            std::fs::copy("/usr/include/jsmn.h", place.join("jsmn.h")).unwrap();
            compiler.arg("-I").arg(&place);
        }
    }
    output(compiler.arg("-o").arg(&image));
    let said = output(Command::new("arm-none-eabi-size").arg(&image));
    let _ = std::fs::remove_dir_all(place);
    let numbers = said.lines().nth(1).unwrap();
    let mut numbers = numbers
        .split_whitespace()
        .map(|number| number.parse::<u32>().unwrap_or(0));
    numbers.next().unwrap() + numbers.next().unwrap()
}
