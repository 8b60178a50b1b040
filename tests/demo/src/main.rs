//! The main job, for everybody to see: messages of every kind go out over verified HTTPS, and what the sender believes
//! is held beside what the server received.

mod host;
mod report;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo [--host]

  --host    from this computer, through xobito-std
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let shown = match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] | ["--host"] => host::show(),
        ["--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
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
