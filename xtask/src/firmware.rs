//! The firmware: built for every board, run on the emulated ones.

use crate::setup::{self, Cross};
use crate::shell::{Failed, Program, cargo};

/// A board crate and what it is compiled for.
pub(crate) struct Board {
    pub(crate) package: &'static str,
    pub(crate) target: &'static str,
}

/// Every board of `firmware-example/boards`; those that QEMU emulates come first.
pub(crate) const BOARDS: [Board; 4] = [
    Board {
        package: "qemu-mps2-an386",
        target: "thumbv7em-none-eabihf",
    },
    Board {
        package: "qemu-lm3s6965evb",
        target: "thumbv7m-none-eabi",
    },
    Board {
        package: "nucleo-h743zi",
        target: "thumbv7em-none-eabihf",
    },
    Board {
        package: "pico-w",
        target: "thumbv6m-none-eabi",
    },
];
const EMULATED: usize = 2;

/// Gives a program that builds and boots firmware what it needs: QEMU, and a way to compile for the emulated boards.
pub(crate) fn with_tools(mut program: Program) -> Result<Program, Failed> {
    setup::tool("qemu-system-arm", "qemu-system-arm")?;
    for board in BOARDS.iter().take(EMULATED) {
        for (name, value) in Cross::to(board.target)?.firmware_environment() {
            program = program.env(name, value);
        }
    }
    Ok(program)
}

/// The tests on emulated boards, one at a time, because they have deadlines.
pub(crate) fn test() -> Result<(), Failed> {
    let tests = cargo([
        "test",
        "--package",
        "emulator",
        "--package",
        "xobito-boards",
    ]);
    with_tools(tests.args(["--", "--ignored", "--test-threads", "1"]))?.run()
}

/// Builds a board's firmware and looks for warnings; for the emulated boards also with the outbox, which their tests build.
pub(crate) fn build(board: &Board) -> Result<(), Failed> {
    let cross = Cross::to(board.target)?;
    let package = ["--package", board.package];
    if matches!(cross, Cross::Rustup) {
        let is_emulated = BOARDS
            .iter()
            .take(EMULATED)
            .any(|emulated| emulated.package == board.package);
        let with_outbox: &[&str] = &["--no-default-features", "--features", "outbox"];
        let variants: &[&[&str]] = if is_emulated {
            &[&[], with_outbox]
        } else {
            &[&[]]
        };
        for variant in variants {
            cross
                .cargo("clippy", board.target)
                .args(package)
                .args(*variant)
                .args(["--profile", "firmware", "--", "-D", "warnings"])
                .run()?;
        }
    }
    cross
        .cargo("build", board.target)
        .args(package)
        .args(["--profile", "firmware"])
        .run()
}
