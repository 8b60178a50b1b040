use core::time::Duration;
use std::vec::Vec;

use xobito_core::outbox::{Duplicates, End, EntryId, Key, Part, Priority, Snapshot, Stage};
use xobito_core::{E164, Kind, MessageId, checked};

use super::*;

const RECIPIENT: E164 = checked!(E164::new("+491512345678901"));

fn snapshot(stage: Stage, message_id: Option<&str>) -> Snapshot<'static> {
    Snapshot {
        id: EntryId(u32::MAX),
        recipient: RECIPIENT,
        priority: Priority::Urgent,
        duplicates: Duplicates::AtMostOnce,
        key: Some(Key(u32::MAX)),
        time_to_live: Duration::from_millis((1 << 48) - 1),
        stands_for: u32::MAX,
        attempts: u16::MAX,
        tries: u8::MAX,
        stage,
        part: Part::Template,
        other_part_left: true,
        message_id: message_id.map(|id| MessageId::new(id).unwrap()),
        kind: Kind::Media,
        body: b"{\"a\":1}",
        template: b"{}",
    }
}

#[test]
fn what_was_written_is_read_whatever_zeros_follow() {
    let stages = [
        Stage::Waiting,
        Stage::InFlight,
        Stage::Accepted,
        Stage::Ended(End::Expired),
    ];
    for stage in stages {
        for message_id in [None, Some("wamid.HBgL")] {
            let stored = snapshot(stage, message_id);
            let record = Record::Entry {
                stored: stored.clone(),
                displaced: Some((EntryId(7), End::Dropped)),
            };
            let mut buffer = [0; 256];
            let length = record.encode(&mut buffer).unwrap();
            number(&mut buffer, 0x0102_0304, true);
            assert_eq!(sequence(&buffer), Some(0x0102_0304));
            assert!(is_behind_commit(&buffer));
            assert_eq!(Record::decode(&buffer[..length]), Some(record.clone()));
            assert_eq!(Record::decode(&buffer[..length + 9]), Some(record));
            assert_eq!(Record::decode(&buffer[..length - 1]), None);
        }
    }
}

#[test]
fn a_state_holds_what_changes() {
    let stored = snapshot(Stage::Accepted, Some("wamid.HBgL"));
    let mut buffer = [0; 256];
    let length = Record::State(stored.clone()).encode(&mut buffer).unwrap();
    let Some(Record::State(read)) = Record::decode(&buffer[..length]) else {
        panic!("{buffer:?}")
    };
    assert_eq!(read.id, stored.id);
    assert_eq!(read.stage, stored.stage);
    assert_eq!(read.message_id, stored.message_id);
    assert_eq!(read.time_to_live, stored.time_to_live);
    assert_eq!((read.part, read.other_part_left), (Part::Template, true));
    assert_eq!((read.stands_for, read.attempts), (u32::MAX, u16::MAX));
    assert_eq!(read.tries, u8::MAX);
}

#[test]
fn forever_is_forever() {
    let stored = Snapshot {
        time_to_live: Duration::MAX,
        ..snapshot(Stage::Waiting, None)
    };
    let mut buffer = [0; 256];
    let length = Record::State(stored).encode(&mut buffer).unwrap();
    let Some(Record::State(read)) = Record::decode(&buffer[..length]) else {
        panic!("{buffer:?}")
    };
    assert_eq!(read.time_to_live, Duration::MAX);
}

#[test]
fn the_overhead_is_what_it_says() {
    let stored = snapshot(Stage::Waiting, None);
    let record = Record::Entry {
        displaced: None,
        stored: stored.clone(),
    };
    let length = record.encode(&mut [0; 256]).unwrap();
    let bodies = stored.body.len() + stored.template.len();
    assert_eq!(length, RECORD_OVERHEAD + bodies);
}

#[test]
fn no_record_looks_like_the_end_of_all_records() {
    let longest: std::string::String = core::iter::repeat_n('~', 128).collect();
    let mut records = Vec::new();
    let stored = snapshot(Stage::Ended(End::Dropped), Some(&longest));
    let mut buffer = [0; 512];
    for record in [
        Record::Entry {
            stored: stored.clone(),
            displaced: Some((EntryId(u32::MAX - 1), End::Dropped)),
        },
        Record::State(stored),
        Record::Freed(EntryId(u32::MAX)),
    ] {
        let length = record.encode(&mut buffer).unwrap();
        number(&mut buffer, 0xFFFF, true);
        records.push(buffer[..length].to_vec());
    }
    for record in records {
        let runs = record.split(|byte| *byte != 0xFF);
        let longest = runs.map(<[u8]>::len).max();
        assert!(longest < Some(8), "{record:?}");
    }
}

#[test]
fn noise_is_no_record() {
    assert_eq!(Record::decode(&[]), None);
    assert_eq!(Record::decode(&[0xFF; 64]), None);
    for kind in 0..=255 {
        let mut noise = [0x5A; 64];
        noise[0] = kind;
        if !matches!(kind & 0x7F, 5) {
            assert_eq!(Record::decode(&noise), None, "{kind}");
        }
        assert_eq!(Mark::decode(&noise), None, "{kind}");
    }
}
