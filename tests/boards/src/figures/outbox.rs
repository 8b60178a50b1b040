//! What the outbox on flash adds to the firmware: the same image with and without it.

use std::{error::Error, fmt::Write as _, process::Command};

use emulator::{Board, Memory};

use super::table::kilobytes;
use crate::{Firmware, ready};

/// The table.
///
/// # Errors
/// That an image does not build.
pub fn outbox() -> Result<String, Box<dyn Error>> {
    ready(xobito_sandbox::Config::default())?;
    let mut table = String::from(
        "| board | flash without outbox | with it | added | data + bss without | with it | added |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for board in Board::ALL {
        println!("{} without and with an outbox", board.name);
        let without = memory(board, "")?;
        let with = memory(board, "outbox")?;
        let row = [
            kilobytes(without.flash),
            kilobytes(with.flash),
            kilobytes(with.flash.saturating_sub(without.flash)),
            kilobytes(without.ram),
            kilobytes(with.ram),
            kilobytes(with.ram.saturating_sub(without.ram)),
        ];
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} | {} |", board.name, row.join(" | "));
    }
    Ok(table)
}

fn memory(board: Board, features: &str) -> Result<Memory, Box<dyn Error>> {
    let change = |command: &mut Command| {
        command.args(["--no-default-features", "--features", features]);
    };
    let firmware = Firmware::build_if_it_fits(board, change)?.ok_or("it does not fit")?;
    Memory::of(firmware.image())
}
