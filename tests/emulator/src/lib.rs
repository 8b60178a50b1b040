//! Boots a firmware image in QEMU, decodes its log while it runs, enforces a time limit and always
//! stops it.
//!
//! ```no_run
//! use std::{path::Path, time::Duration};
//! use emulator::{Board, Ending, Options, Program};
//!
//! # fn main() -> Result<(), emulator::Error> {
//! let board = Board::MPS2_AN386;
//! let image = board.build(Path::new("."), Program::Firmware)?;
//! let options = Options { time_limit: Duration::from_secs(30), ..Options::default() };
//! let summary = emulator::run(&board, &image, &options, |line| println!("{line}"))?;
//! assert_eq!(summary.ending, Ending::Exited(0));
//! # Ok(())
//! # }
//! ```

mod board;
mod error;
mod log;
mod memory;
mod qemu;

pub use board::{Board, Program, cargo};
pub use error::Error;
pub use log::{Level, LogLine};
pub use memory::Memory;
pub use qemu::{Ending, Options, Summary, run, run_until};
