//! Every chore of this workspace: `cargo xtask help` lists them.

mod check;
mod ci;
mod setup;
mod shell;

use std::process::ExitCode;

use shell::{Failed, cargo};

const HELP: &str = "\
cargo xtask CHORE [ARGUMENTS]

  demo [ARGUMENTS]  sends messages of every kind to a sandbox of the API that it starts itself
  test              every test that needs no device; with QEMU, those on the emulated boards too
  ci                everything that must hold before a change lands
  help              this text

Each chore installs what it needs, where it can (rustup; apt on Debian and Ubuntu), and says what it
needs where it cannot.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match chore.as_str() {
        "demo" => demo(&rest),
        "test" => test(),
        "ci" => ci::run(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => {
            eprint!("There is no chore '{other}'.\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("\n{failed}");
            ExitCode::FAILURE
        }
    }
}

/// The main job, for everybody to see: from an emulated board, unless `--host` asks for this computer.
fn demo(arguments: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    if !arguments.iter().any(|argument| argument == "--host") {
        setup::emulated_boards()?;
    }
    cargo(["run", "--quiet", "--package", "xobito-demo", "--"])
        .args(arguments)
        .run()
}

/// All features but `defmt`, whose log has nowhere to go on a host, so that nothing with it would link.
const HOST_FEATURES: &str = "xobito-core/settings,xobito-embassy/embassy-net,xobito-embassy/sntp,xobito-embassy/webpki-roots";

/// All tests: of what a host can build, and those that boot an emulated board.
fn test() -> Result<(), Failed> {
    setup::linker()?;
    setup::emulated_boards()?;
    cargo(["test", "--features", HOST_FEATURES]).run()?;
    // Ignored by a plain `cargo test`, because they need QEMU and the boards' targets.
    cargo([
        "test",
        "--package",
        "emulator",
        "--package",
        "xobito-boards",
    ])
    .args(["--", "--ignored", "--test-threads", "1"])
    .run()
}
