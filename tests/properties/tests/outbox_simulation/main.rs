//! A hundred thousand alerts over a bad network: none is lost, and every duplicate is one that its policy allows.
//!
//! The clock is virtual, and the server knows the truth: which alerts it took, how often, and when requests arrived. One exchange in
//! four goes wrong in one of a dozen ways, and now and then the power fails, at a random write to the store.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod chance;
mod device;
mod server;

use std::time::Duration;

use chance::Chance;
use device::Device;

const ALERTS: u32 = 100_000;

#[test]
fn of_a_hundred_thousand_alerts_none_is_lost() {
    let mut device = Device::new(Chance::new(2026));
    let mut next = 0;
    while next < ALERTS || !device.is_done() {
        if next < ALERTS && device.wants_more() {
            device.alert(next);
            next += 1;
        } else {
            device.step();
        }
    }
    let (facts, server) = device.finish();
    let sent_again = server.taken.values().map(|times| times - 1).sum::<u32>();
    let unknown: u32 = facts.unknown.values().sum();
    println!(
        "{ALERTS} alerts in {} hours of the device's time, {} power failures",
        facts.took.as_secs() / 3600,
        facts.resets
    );
    println!("ends: {:?}", facts.ends);
    println!(
        "{} requests arrived, {} at most in 60 s; after {unknown} sendings nobody knew; {sent_again} duplicates, 0 lost",
        server.arrivals, server.most_in_a_minute
    );

    let mut allowed = 0;
    for alert in 0..ALERTS {
        let taken = server.taken.get(&alert).copied().unwrap_or(0);
        let ended = facts.ended.get(&alert).copied().unwrap_or_default();
        let unknown = facts.unknown.get(&alert).copied().unwrap_or(0);
        assert!(ended > 0, "alert {alert} disappeared silently");
        if device::at_least_once(alert) {
            assert!(taken >= 1, "alert {alert} is lost");
            assert!(
                taken <= 1 + unknown,
                "alert {alert}: {taken} times, {unknown} outcomes unknown"
            );
            allowed += taken - 1;
        } else {
            assert!(taken <= 1, "alert {alert} arrived {taken} times");
            assert!(taken == 1 || unknown == 1, "alert {alert} is lost");
        }
    }
    assert_eq!(
        sent_again, allowed,
        "every duplicate is one that was allowed"
    );
    assert!(server.most_in_a_minute <= 60, "faster than allowed");
    assert!(
        facts.resets > 100 && sent_again > 100,
        "the network and the power were too good"
    );
    assert!(facts.took > Duration::from_secs(3600));
}
