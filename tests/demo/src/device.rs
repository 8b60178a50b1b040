//! The demo: firmware on an emulated board, against the sandbox.

use std::error::Error;
use std::time::{Duration, Instant};

use emulator::{Board, Ending};
use xobito_boards::{Alert, Firmware, Run, ready};
use xobito_sandbox::{Config, Sandbox};

use crate::report::{Belief, agree};

/// What the firmware tells about: a text, reply buttons, a URL button and a template.
const ALERTS: u32 = 4;

pub(crate) fn show(board: Board) -> Result<bool, Box<dyn Error>> {
    let config = ready(Config::default())?;
    println!("Building the firmware for {} ...", board.name);
    let begun = Instant::now();
    let firmware = Firmware::build(board)?;
    println!("... took {} s.", begun.elapsed().as_secs());
    let sandbox = Sandbox::start(config)?;
    println!(
        "A sandbox of the API listens on {}; QEMU starts the board. Its log:\n",
        sandbox.base_url()
    );
    let run = Run {
        alerts: ALERTS,
        time_limit: Duration::from_secs(45),
        ..Run::against(sandbox.port())
    };
    let (summary, beliefs) = firmware.run(&run, |line| println!("  {line}"))?;
    println!("\n{} {:?}", board.name, summary.ending);
    if summary.ending != Ending::Exited(0) && !summary.complaints.is_empty() {
        println!("QEMU says: {}", summary.complaints.trim());
    }
    let delivered = beliefs.alerts.iter().filter(|alert| alert.is_delivered());
    let delivered = delivered.count();
    let first_delivered = beliefs.alerts.first().is_some_and(Alert::is_delivered);
    let believed: Vec<Belief> = beliefs
        .alerts
        .into_iter()
        .filter_map(|alert| {
            Some(Belief {
                what: alert.kind,
                id: alert.id?,
            })
        })
        .collect();
    let agrees = agree(&believed, &sandbox.messages());
    println!("{delivered} of them were delivered, as far as the device knows.");
    Ok(agrees
        && summary.ending == Ending::Exited(0)
        && believed.len() == usize::try_from(ALERTS)?
        && first_delivered)
}
