//! The sections of the page, from what was measured.

use std::error::Error;
use std::process::Command;
use std::time::Duration;

use xobito_bench_work::{Item, Who};

use crate::board::{self, OnBoard};
use crate::host::{self, Figures};
use crate::jobs::jobs;
use crate::page::Section;
use crate::table::{Table, quotient, thousands};
use crate::targets::{self, Measured};

const ON_HOST: [Who; 6] = Who::ALL;
const ON_BOARD: [Who; 5] = [
    Who::Xobito,
    Who::SerdeJsonCore,
    Who::Picojson,
    Who::Copy,
    Who::Touch,
];
const OURS: &[&str] = &["xobito-core"];

/// Measures everything.
///
/// # Errors
/// The first thing that could not be measured.
pub fn sections() -> Result<Vec<Section>, Box<dyn Error>> {
    println!("instructions on this computer");
    let host = Figures::new(
        jobs().iter().map(|job| (job.item, job.who)),
        host::instructions()?,
    );
    println!("time on this computer");
    let times = Figures::new(jobs().iter().map(|job| (job.item, job.who)), host::times());
    println!("the emulated Cortex-M4");
    let (s, z) = (board::measure("s")?, board::measure("z")?);
    println!("dependency graphs");
    let measured = Measured { host, s, z };
    let targets = targets::table(&measured)?;
    let Measured { host, s, z } = measured;
    let section = |name, table, held| Section { name, table, held };
    Ok(vec![
        section("tools", tools()?, &[]),
        section("targets", targets, &[]),
        section("x86-64", instructions(&host, &ON_HOST), &[]),
        section("time", time(&times), &[]),
        section(
            "Cortex-M4 s",
            instructions(&s.instructions, &ON_BOARD),
            OURS,
        ),
        section(
            "Cortex-M4 z",
            instructions(&z.instructions, &ON_BOARD),
            OURS,
        ),
        section(
            "stack",
            stack(&s, &z),
            &["xobito-core, s", "xobito-core, z"],
        ),
        section("state", pairs("value", &s.sizes, &z.sizes), &["s", "z"]),
        section("functions", functions(&s, &z), &["s", "z"]),
        section("outbox", pairs("what", &s.outbox, &z.outbox), &["s", "z"]),
        section("flash", flash(&s, &z), &["s", "z"]),
    ])
}

fn tools() -> Result<Table, Box<dyn Error>> {
    let mut table = Table::new(["tool", "version"]);
    for (tool, program) in [
        ("rustc", "rustc"),
        ("valgrind", "valgrind"),
        ("QEMU", "qemu-system-arm"),
    ] {
        let output = Command::new(program).arg("--version").output()?;
        let said = String::from_utf8(output.stdout)?;
        let version = said.split(|c: char| c.is_whitespace() || c == '-');
        let version = version.into_iter().find(|word| word.contains('.'));
        table.row([tool, version.unwrap_or("unknown")]);
    }
    Ok(table)
}

fn instructions(figures: &Figures<u64>, columns: &[Who]) -> Table {
    let names = columns.iter().map(|who| who.name());
    let mut table = Table::new(
        ["work", "bytes"]
            .into_iter()
            .chain(names)
            .chain(["ours a byte"]),
    );
    for item in Item::ALL {
        let cells = columns.iter().map(|who| cell(figures.of(item, *who)));
        let bytes = thousands(u64::try_from(item.bytes()).unwrap_or(u64::MAX));
        let ours = figures.of(item, Who::Xobito);
        let a_byte = ours.map_or_else(dash, |count| quotient(count, item.bytes()));
        let row = [item.name().to_owned(), bytes].into_iter();
        table.row(row.chain(cells).chain([a_byte]));
    }
    table
}

fn time(times: &Figures<Duration>) -> Table {
    let names = ON_HOST.into_iter().map(Who::name);
    let mut table = Table::new(["work"].into_iter().chain(names));
    for item in Item::ALL {
        let ours = times.of(item, Who::Xobito);
        let cells = ON_HOST
            .into_iter()
            .map(|who| match (times.of(item, who), ours) {
                (Some(time), Some(ours)) => {
                    format!("{:.2}", time.as_secs_f64() / ours.as_secs_f64())
                }
                _ => dash(),
            });
        table.row([item.name().to_owned()].into_iter().chain(cells));
    }
    table
}

fn stack(s: &OnBoard, z: &OnBoard) -> Table {
    let mut table = Table::new([
        "work",
        "xobito-core, s",
        "xobito-core, z",
        "serde-json-core, s",
        "picojson, s",
    ]);
    for item in Item::ALL {
        let of = |board: &OnBoard, who| cell(board.stack.of(item, who));
        table.row([
            item.name().to_owned(),
            of(s, Who::Xobito),
            of(z, Who::Xobito),
            of(s, Who::SerdeJsonCore),
            of(s, Who::Picojson),
        ]);
    }
    table
}

/// What the two boards tell of the same things.
fn pairs(what: &str, s: &[(String, u64)], z: &[(String, u64)]) -> Table {
    let mut table = Table::new([what, "s", "z"]);
    for ((name, s), (_, z)) in s.iter().zip(z) {
        table.row([format!("`{name}`"), thousands(*s), thousands(*z)]);
    }
    table
}

fn functions(s: &OnBoard, z: &OnBoard) -> Table {
    let mut table = Table::new(["function", "s", "z", "budget", "met"]);
    for (s, z) in s.functions.iter().zip(&z.functions) {
        let met = s.stack.max(z.stack) <= s.budget;
        table.row([
            format!("`{}`", s.name),
            thousands(s.stack),
            thousands(z.stack),
            thousands(s.budget),
            if met { "yes" } else { "no" }.to_owned(),
        ]);
    }
    table
}

fn flash(s: &OnBoard, z: &OnBoard) -> Table {
    let mut table = Table::new(["program", "s", "z"]);
    let (s, z) = (s.flash, z.flash);
    for (what, s, z) in [
        (
            "encode a text, read its answer: xobito-core",
            s.text,
            z.text,
        ),
        (
            "encode a text, read its answer: serde-json-core",
            s.text_by_serde_json_core,
            z.text_by_serde_json_core,
        ),
        (
            "all kinds of messages, all endpoints, all answers: xobito-core",
            s.everything,
            z.everything,
        ),
    ] {
        table.row([what.to_owned(), thousands(s), thousands(z)]);
    }
    table
}

fn cell(figure: Option<u64>) -> String {
    figure.map_or_else(dash, thousands)
}

fn dash() -> String {
    "-".to_owned()
}
