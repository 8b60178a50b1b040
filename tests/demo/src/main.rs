//! The main job, for everybody to see: messages of every kind go out over verified HTTPS, and what the sender believes
//! is held beside what the server received.

mod device;
mod host;
mod outage;
mod report;

use std::process::ExitCode;

use emulator::Board;

const HELP: &str = "\
cargo xtask demo [--outage] [--board NAME] | --host

  --board NAME  on this emulated board: mps2-an386 (the default) or lm3s6965evb, the small one
  --outage      the network is cut off, alerts queue, the power is cut, power and network return: each alert arrives
  --host        from this computer, through xobito-std
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shown = match arguments.as_slice() {
        [] => device::show(Board::MPS2_AN386),
        ["--board", name] => match Board::named(name) {
            Some(board) => device::show(board),
            None => return unknown(),
        },
        ["--outage"] => outage::show(Board::MPS2_AN386),
        ["--outage", "--board", name] | ["--board", name, "--outage"] => match Board::named(name) {
            Some(board) => outage::show(board),
            None => return unknown(),
        },
        ["--host"] => host::show(),
        ["--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => return unknown(),
    };
    match shown {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn unknown() -> ExitCode {
    eprint!("{HELP}");
    ExitCode::from(2)
}
