//! The demo of the outbox: network and power go, and every alert arrives.

use std::error::Error;

use emulator::Board;
use xobito_boards::outage;

use crate::report::{Belief, agree};

pub(crate) fn show(board: Board) -> Result<bool, Box<dyn Error>> {
    let mut say = |text: &str| println!("\n{text}\n");
    let mut outage = outage::happen(board, &mut say, &mut |line| println!("  {line}"))?;
    println!("\n{} {:?}", board.name, outage.ending);
    let is_overcome = outage.is_overcome();
    let took = outage.took.as_secs();
    outage.alerts.sort_by_key(|alert| alert.turn);
    let believed: Vec<Belief> = outage
        .alerts
        .into_iter()
        .filter_map(|alert| {
            Some(Belief {
                what: alert.kind,
                id: alert.id?,
            })
        })
        .collect();
    let agrees = agree(&believed, &outage.received);
    println!(
        "{} alerts were queued without a network, {} came back after the power cut, {} arrived. It took {took} s.",
        outage::ALERTS,
        outage.back,
        believed.len()
    );
    Ok(is_overcome && agrees)
}
