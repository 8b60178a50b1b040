//! What the work takes on the emulated Cortex-M4: instructions, stack and flash.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use emulator::{Board, Ending, Memory, Options};
use xobito_bench_work::JOBS;

use crate::host::{Figures, target_folder};
use crate::root;

const BOARD: Board = Board::MPS2_AN386;
const PACKAGE: &str = "xobito-bench-board";

/// What was measured at one opt-level.
#[derive(Clone, Debug)]
pub(crate) struct OnBoard {
    /// Instructions of every job that needs no heap.
    pub(crate) instructions: Figures<u64>,
    /// The deepest stack of the same jobs, in bytes.
    pub(crate) stack: Figures<u64>,
    /// Bytes of values that people hold, by name.
    pub(crate) sizes: Vec<(String, u64)>,
    /// The deepest stack of public functions of core, in bytes, by name.
    pub(crate) functions: Vec<Function>,
    /// Instructions of an outbox's loop, by what it does.
    pub(crate) outbox: Vec<(String, u64)>,
    /// Bytes of flash over the empty program.
    pub(crate) flash: Flash,
}

impl OnBoard {
    /// Bytes of a value that people hold.
    ///
    /// # Errors
    /// That the board did not tell.
    pub(crate) fn size(&self, name: &str) -> Result<u64, String> {
        let found = self.sizes.iter().find(|(of, _)| of == name);
        found
            .map(|(_, size)| *size)
            .ok_or_else(|| format!("the size of {name} is missing"))
    }
}

/// A public function of core.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// The most bytes of stack that it may take.
    pub(crate) budget: u64,
    /// Those that it takes.
    pub(crate) stack: u64,
}

/// From `NAME BUDGET` and the stack.
fn function(what: &str, stack: u64) -> Option<Function> {
    let (name, budget) = what.rsplit_once(' ')?;
    Some(Function {
        name: name.to_owned(),
        budget: budget.parse().ok()?,
        stack,
    })
}

/// Bytes of flash over the empty program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flash {
    /// `xobito-core` encodes a text and reads its answer.
    pub(crate) text: u64,
    /// `xobito-core` does everything that the API offers.
    pub(crate) everything: u64,
    /// `serde-json-core` encodes a text and reads its answer.
    pub(crate) text_by_serde_json_core: u64,
}

/// Builds the images at this opt-level and runs the one that measures.
///
/// # Errors
/// That an image does not build or does not run to its end.
pub(crate) fn measure(opt_level: &str) -> Result<OnBoard, Box<dyn Error>> {
    build(opt_level)?;
    let empty = flash("empty")?;
    let over_empty = |program| Ok::<_, Box<dyn Error>>(flash(program)?.saturating_sub(empty));
    let flash = Flash {
        text: over_empty("text")?,
        everything: over_empty("everything")?,
        text_by_serde_json_core: over_empty("text-serde-json-core")?,
    };
    let mut log = Log::default();
    let options = Options {
        count_instructions: true,
        time_limit: Duration::from_mins(3),
        ..Options::default()
    };
    let summary = emulator::run(&BOARD, &image("measure"), &options, |line| {
        log.take_in(&line.message);
    })?;
    if summary.ending != Ending::Exited(0) || log.instructions.len() != JOBS.len() {
        let (ending, jobs) = (summary.ending, log.instructions.len());
        return Err(format!("the board ended with {ending:?} after {jobs} jobs").into());
    }
    let jobs = || JOBS.iter().map(|job| (job.item, job.who));
    Ok(OnBoard {
        instructions: Figures::new(jobs(), log.instructions),
        stack: Figures::new(jobs(), log.stack),
        sizes: log.sizes,
        functions: log.functions,
        outbox: log.outbox,
        flash,
    })
}

fn build(opt_level: &str) -> Result<(), Box<dyn Error>> {
    let status = emulator::cargo()
        .args(["build", "--quiet", "--package", PACKAGE, "--bins"])
        .args(["--target", BOARD.target, "--profile", "firmware"])
        .env("CARGO_PROFILE_FIRMWARE_OPT_LEVEL", opt_level)
        .current_dir(root())
        .status()?;
    if !status.success() {
        return Err(format!("the images at opt-level {opt_level} did not build: {status}").into());
    }
    Ok(())
}

fn flash(program: &str) -> Result<u64, Box<dyn Error>> {
    Ok(Memory::of(&image(program))?.flash)
}

fn image(program: &str) -> PathBuf {
    target_folder()
        .join(BOARD.target)
        .join("firmware")
        .join(program)
}

/// What the board tells: a line for each figure.
#[derive(Default)]
struct Log {
    instructions: Vec<u64>,
    stack: Vec<u64>,
    sizes: Vec<(String, u64)>,
    functions: Vec<Function>,
    outbox: Vec<(String, u64)>,
}

impl Log {
    fn take_in(&mut self, line: &str) {
        let (rest, last) = line.rsplit_once(' ').unwrap_or_default();
        let (Some((kind, what)), Ok(figure)) = (rest.split_once(' '), last.parse()) else {
            return;
        };
        match kind {
            "instructions" => self.instructions.push(figure),
            "stack" => self.stack.push(figure),
            "size" => self.sizes.push((what.to_owned(), figure)),
            "outbox" => self.outbox.push((what.to_owned(), figure)),
            "function" => self.functions.extend(function(what, figure)),
            _ => {}
        }
    }
}
