//! `cargo xtask bench`: measures and writes `BENCHMARKS.md`; with `--check` it writes nothing and fails where the
//! committed page does not hold any more.

use std::error::Error;
use std::process::ExitCode;

use xobito_bench::{page, root, sections};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.as_slice() {
        [] => false,
        [only] if only == "--check" => true,
        _ => {
            eprintln!("The only argument is --check.");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the page holds.
fn run(check: bool) -> Result<bool, Box<dyn Error>> {
    let file = root().join("BENCHMARKS.md");
    let sections = sections()?;
    for section in &sections {
        println!("\n{}\n{}", section.name, section.table);
    }
    if !check {
        page::publish(&file, &sections)?;
        return Ok(true);
    }
    let complaints = page::stale(&file, &sections)?;
    for complaint in &complaints {
        println!("{complaint}");
    }
    if complaints.is_empty() {
        println!("BENCHMARKS.md holds.");
    } else {
        println!("Run `cargo xtask bench` and commit the page, or find out what became worse.");
    }
    Ok(complaints.is_empty())
}
