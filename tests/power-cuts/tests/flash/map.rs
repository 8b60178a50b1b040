//! Why the outbox is not kept in sequential-storage's map: an erase that is cut short can take what was moved off the page
//! just before. If this ever fails because nothing is lost, the README's reason is gone.

use sequential_storage::cache::Cache;
use sequential_storage::map::{MapConfig, MapStorage};
use xobito_power_cuts::{Cut, Damage, SimulatedFlash, on_power};

const KEPT: [u8; 40] = [7; 40];

/// Stores one value once and another over and over, until the power goes in this write or erase. Whether the first is
/// still there then; none if the power did not go.
fn is_kept(at_operation: u64, damage: Damage, seed: u64) -> Option<bool> {
    let mut flash = SimulatedFlash::<4, 512>::new(3);
    flash.plan(Cut {
        at_operation,
        damage,
        seed,
    });
    let mut buffer = [0; 128];
    let config = || MapConfig::try_new(0..3 * 512).expect("three pages");
    let mut map = MapStorage::<u8, _, _>::new(&mut flash, config(), Cache::new_uncached());
    on_power(map.store_item(&mut buffer, &1, &KEPT))
        .ok()?
        .ok()?;
    let mut cut = false;
    for round in 0..60_u8 {
        if on_power(map.store_item(&mut buffer, &2, &[round; 40])).is_err() {
            cut = true;
            break;
        }
    }

    if !cut {
        return None;
    }
    flash.power_on();
    let mut map = MapStorage::<u8, _, _>::new(&mut flash, config(), Cache::new_uncached());
    let fetched = on_power(map.fetch_item::<[u8; 40]>(&mut buffer, &1)).ok()?;
    let fetched = fetched.is_ok_and(|value| value == Some(KEPT));
    // Storing repairs what fetching left.
    let _ = on_power(map.store_item(&mut buffer, &2, &[0; 40])).ok()?;
    let later = on_power(map.fetch_item::<[u8; 40]>(&mut buffer, &1)).ok()?;
    Some(fetched && later.is_ok_and(|value| value == Some(KEPT)))
}

fn losses(damage: Damage) -> usize {
    (3..400)
        .filter(|operation| is_kept(*operation, damage, *operation) == Some(false))
        .count()
}

#[test]
fn a_map_survives_an_erase_that_goes_from_front_to_back_and_no_other() {
    assert_eq!(losses(Damage::Prefix), 0);
    assert_eq!(losses(Damage::Nothing), 0);
    assert_eq!(losses(Damage::Everything), 0);
    for damage in [Damage::Suffix, Damage::Cleared] {
        let losses = losses(damage);
        println!("{damage:?}: {losses} losses");
        assert!(losses > 0, "{damage:?}");
    }
}
