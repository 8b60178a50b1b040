//! Measures what the firmware costs and writes it into the README: `cargo xtask size`.
//!
//! With arguments it measures only the variants that they all fit, such as `mps2-an386 s p256,rsa`, and only prints. With
//! the argument `outbox` it measures, and writes, only what the outbox adds.

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
    let words: Vec<String> = std::env::args().skip(1).collect();
    let page = root().join("firmware-example/README.md");
    if words != ["outbox"] {
        let table = figures::table(&figures::measure_all(&words)?);
        println!("\n{table}");
        if !words.is_empty() {
            return Ok(());
        }
        figures::publish(&page, figures::BOARDS, &table)?;
    }
    let table = figures::outbox()?;
    println!("\n{table}");
    figures::publish(&page, figures::OUTBOX, &table)
}
