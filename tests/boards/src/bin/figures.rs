//! Measures what the firmware costs and writes it into the README: `cargo xtask size`.

use std::{error::Error, process::ExitCode};

use xobito_boards::{figures, root};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let table = figures::table(&figures::measure_all()?);
    println!("\n{table}");
    figures::publish(&root().join("firmware-example/README.md"), &table)
}
