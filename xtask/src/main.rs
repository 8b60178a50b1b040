//! Every chore of this workspace: `cargo xtask help` lists them.

mod api;
mod bench;
mod c_library;
mod check;
mod ci;
mod coverage;
mod deny;
mod firmware;
mod fuzz;
mod miri;
mod mutants;
mod setup;
mod shell;

use std::process::ExitCode;

use shell::{Failed, cargo};

const HELP: &str = "\
cargo xtask CHORE [ARGUMENTS]

  demo [ARGUMENTS]  an emulated board sends messages to a sandbox of the API; --board lm3s6965evb for the small board,
                    --host for the same from this computer
  test              every test, those on the emulated boards included
  size [VARIANT]    measures what the firmware costs and writes it into firmware-example/README.md (10 minutes);
                    only prints some of it for words such as mps2-an386, s (the opt-level) and p256,rsa
  dist [TARGETS]    makes the C library's package, target/dist/xobito-c: the archives of all targets, or of those named
  c-test            the tests of the C library alone; they are among those of `test`
  c-sizes           measures what the C library costs and writes it into adapters/c/README.md; --check only compares
  header            writes adapters/c/include/xobito.h anew
  bench             measures core beside its peers and writes BENCHMARKS.md; --check only holds the page against what is
                    measured (3 minutes)
  fuzz [TARGET]     feeds arbitrary bytes to core's readers and encoders, 20 s for each target; a number of seconds
                    (600) or of runs (1000000x) may follow, --minimise brings what was found into the corpus
  coverage          writes into BENCHMARKS.md which lines and branches of core its tests reach; --check only compares
  deny              holds all dependencies against deny.toml: licences, duplicates, sources, advisories where reachable
  mutants           changes core in one place after the other, and fails where its tests do not notice it (half an hour);
                    arguments of cargo-mutants such as --file core/src/phone.rs may follow
  api               lists the public items of core in core/public-api.txt
  ci                everything that must hold before a change lands
  proofs            what takes longer: the dependency policy, Miri, coverage, the list of public items
  help              this text

Each chore installs what it needs, where it can (rustup; apt on Debian and Ubuntu), and says what it
needs where it cannot.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match chore.as_str() {
        "api" | "deny" | "test" | "c-test" | "header" | "ci" | "proofs" if !rest.is_empty() => {
            eprint!("'{chore}' takes no arguments.\n\n{HELP}");
            return ExitCode::from(2);
        }
        "api" => api::write(),
        "bench" => bench::run(&rest),
        "coverage" => coverage::run(&rest),
        "demo" => demo(&rest),
        "deny" => deny::run(),
        "mutants" => mutants::run(&rest),
        "fuzz" => fuzz::run(&rest),
        "test" => test(),
        "size" => size(&rest),
        "dist" => c_library::dist(&rest),
        "c-test" => c_library::test(),
        "c-sizes" => c_library::sizes(&rest),
        "header" => c_library::header(),
        "ci" => ci::run(),
        "proofs" => ci::proofs(),
        "" | "help" | "--help" | "-h" => {
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
    let is_on_board = !arguments
        .iter()
        .any(|argument| matches!(argument.as_str(), "--host" | "--help" | "-h"));
    let demo = cargo(["run", "--package", "xobito-demo", "--"]).args(arguments);
    if is_on_board {
        firmware::with_tools(demo)?.run()
    } else {
        demo.run()
    }
}

/// All features but `defmt`, whose log has nowhere to go on a host, so that nothing with it would link.
const HOST_FEATURES: &str = "xobito-core/settings,xobito-embassy/embassy-net,xobito-embassy/flash,xobito-embassy/sntp,xobito-embassy/webpki-roots";

/// All tests: of what a host can build, and those that boot an emulated board.
fn test() -> Result<(), Failed> {
    setup::linker()?;
    cargo(["test", "--features", HOST_FEATURES]).run()?;
    c_library::test()?;
    firmware::test()
}

/// What the firmware costs.
fn size(words: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    let figures = cargo(["run", "--quiet", "--package", "xobito-boards"]);
    firmware::with_tools(figures.args(["--bin", "xobito-figures", "--"]))?
        .args(words)
        .run()
}
