//! What the firmware costs: measured on images and on emulated boards, never estimated.

mod chains;
mod outbox;
mod table;

use std::{error::Error, process::Command, time::Duration};

use emulator::{Board, Ending, Memory};

use crate::{Beliefs, Firmware, Run};
pub use chains::Chain;
pub use outbox::outbox;
pub use table::{BOARDS, OUTBOX, publish, table};

/// How an image is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The board.
    pub board: Board,
    /// rustc's `opt-level`: `s` or `z`.
    pub opt_level: &'static str,
    /// Which signatures it can check.
    pub signatures: Signatures,
}

/// Which signatures an image can check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signatures {
    /// Those of P-256.
    P256,
    /// And of RSA.
    P256Rsa,
    /// And of P-384.
    P256P384Rsa,
}

impl Signatures {
    const ALL: [Self; 3] = [Self::P256, Self::P256Rsa, Self::P256P384Rsa];

    fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P256Rsa => "p256,rsa",
            Self::P256P384Rsa => "p256,p384,rsa",
        }
    }

    fn features(self) -> &'static str {
        match self {
            Self::P256 => "",
            Self::P256Rsa => "rsa",
            Self::P256P384Rsa => "p384,rsa",
        }
    }

    fn chains(self) -> &'static [Chain] {
        match self {
            Self::P256 => &[Chain::P256],
            Self::P256Rsa => &[Chain::P256, Chain::Rsa2048],
            Self::P256P384Rsa => &[Chain::P256, Chain::Rsa2048, Chain::P384],
        }
    }
}

/// What was measured of one image.
#[derive(Clone, Debug)]
pub enum Figures {
    /// It does not fit into the board's memory, as the linker said.
    DoesNotFit,
    /// It was built and run.
    Measured(Measured),
}

/// What one image takes.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Its share of flash and RAM.
    pub memory: Memory,
    /// The deepest stack of all runs, in bytes.
    pub peak_stack: u64,
    /// For each kind of certificate in order: instructions from the first byte to an open session.
    pub handshakes: Vec<(Chain, u64)>,
    /// Instructions for one message and its answer on an open connection.
    pub message: u64,
    /// The longest run of instructions without giving way, over all kinds of certificate.
    pub longest: u64,
}

/// Builds and measures every variant that all these words fit, and says so as it goes.
///
/// A word is the name of a board, an opt-level, or which signatures, as `p256,rsa`.
///
/// # Errors
/// That no variant fits, or the first that does not build or does not work, with what happened.
pub fn measure_all(words: &[String]) -> Result<Vec<(Variant, Figures)>, Box<dyn Error>> {
    let mut all = Vec::new();
    for board in Board::ALL {
        for signatures in Signatures::ALL {
            for opt_level in ["s", "z"] {
                let variant = Variant {
                    board,
                    opt_level,
                    signatures,
                };
                if !words.iter().all(|word| variant.is_called(word)) {
                    continue;
                }
                println!("{} at opt-level {opt_level}, {signatures:?}", board.name);
                let figures = measure(&variant)?;
                println!("  {figures:?}");
                all.push((variant, figures));
            }
        }
    }
    if all.is_empty() {
        return Err("there is no such variant".into());
    }
    Ok(all)
}

impl Variant {
    fn is_called(&self, word: &str) -> bool {
        [self.board.name, self.opt_level, self.signatures.name()].contains(&word)
    }
}

fn measure(variant: &Variant) -> Result<Figures, Box<dyn Error>> {
    let chains = variant.signatures.chains();
    let settings = chains::settings(chains)?;
    let change = |command: &mut Command| {
        command
            .args(["--no-default-features", "--features"])
            .arg(variant.signatures.features())
            .env("CARGO_PROFILE_FIRMWARE_OPT_LEVEL", variant.opt_level)
            .env("XOBITO_SETTINGS", &settings);
    };
    let Some(firmware) = Firmware::build_if_it_fits(variant.board, change)? else {
        return Ok(Figures::DoesNotFit);
    };
    let mut measured = Measured {
        memory: Memory::of(firmware.image())?,
        peak_stack: 0,
        handshakes: Vec::new(),
        message: 0,
        longest: 0,
    };
    for &chain in chains {
        let beliefs = run(variant, &firmware, chain)?;
        let computed: Vec<u64> = beliefs
            .alerts
            .iter()
            .filter_map(|alert| alert.computed_ns)
            .collect();
        let &[first, second] = computed.as_slice() else {
            return Err(format!("the board sent {} of 2 alerts", computed.len()).into());
        };
        // The first connects and sends, the second only sends.
        measured
            .handshakes
            .push((chain, first.saturating_sub(second)));
        measured.message = measured.message.max(second);
        let peak_stack = beliefs.peak_stack.unwrap_or_default();
        measured.peak_stack = measured.peak_stack.max(peak_stack);
        let longest = beliefs.longest_computation_ns.unwrap_or_default();
        measured.longest = measured.longest.max(longest);
    }
    Ok(Figures::Measured(measured))
}

/// One instruction takes one nanosecond, so that times are instructions.
fn run(variant: &Variant, firmware: &Firmware, chain: Chain) -> Result<Beliefs, Box<dyn Error>> {
    let server = chain.server()?;
    let run = Run {
        alerts: 2,
        count_instructions: true,
        time_limit: Duration::from_mins(1),
        ..Run::against(server.port())
    };
    let mut log = String::new();
    let (summary, beliefs) = firmware.run(&run, |line| {
        log.push_str(&line.to_string());
        log.push('\n');
    })?;
    if summary.ending != Ending::Exited(0) {
        let board = variant.board.name;
        return Err(format!("{board} ended with {:?}:\n{log}", summary.ending).into());
    }
    Ok(beliefs)
}
