//! Writes the header anew: `cargo xtask header`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let written = xobito_c_tests::header::generate().and_then(|header| {
        std::fs::write(xobito_c_tests::header::path(), header).map_err(|error| error.to_string())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
