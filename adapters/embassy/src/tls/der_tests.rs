use proptest::prelude::*;

use super::*;

fn time(tag: u8, text: &str) -> Option<u64> {
    let mut der = std::vec![tag, u8::try_from(text.len()).ok()?];
    der.extend_from_slice(text.as_bytes());
    Reader::new(&der).unix_time_s()
}

#[test]
fn both_kinds_of_time_are_read() {
    assert_eq!(time(0x17, "700101000000Z"), Some(0));
    assert_eq!(time(0x17, "260228235959Z"), Some(1_772_323_199));
    assert_eq!(time(0x17, "491231235959Z"), Some(2_524_607_999));
    assert_eq!(time(0x18, "20500101000000Z"), Some(2_524_608_000));
    assert_eq!(time(0x18, "20240229120000Z"), Some(1_709_208_000));
    assert_eq!(time(0x18, "99991231235959Z"), Some(253_402_300_799));
    // Before the first second that a device can know.
    assert_eq!(time(0x17, "500101000000Z"), Some(0));
}

#[test]
fn times_that_are_none_are_refused() {
    for text in [
        "",
        "2601010000Z",
        "260101000000",
        "261301000000Z",
        "260132000000Z",
        "260101240000Z",
        "260101006000Z",
        "26010100000aZ",
        "260101000000+0000",
        "260100000000Z",
        "260001000000Z",
        "260101000060Z",
    ] {
        assert_eq!(time(0x17, text), None, "{text}");
        assert_eq!(time(0x18, &std::format!("20{text}")), None, "20{text}");
    }
    assert_eq!(time(0x04, "700101000000Z"), None);
}

#[test]
fn lengths_must_be_minimal_and_fit() {
    let read = |der: &[u8]| Reader::new(der).any().map(|(_, value)| value.len());
    assert_eq!(read(&[4, 1, 7]), Some(1));
    assert_eq!(read(&[&[4, 0x81, 0x80][..], &[0; 128]].concat()), Some(128));
    assert_eq!(read(&[&[4, 0x82, 1, 0][..], &[0; 256]].concat()), Some(256));
    for bad in [
        &[4][..],
        &[4, 2, 0],
        &[4, 0x80, 0, 0],
        &[4, 0x81, 1, 0],
        &[4, 0x82, 0, 1, 0],
        &[4, 0x83, 0, 0, 1, 0],
        &[4, 0xFF],
    ] {
        assert_eq!(read(bad), None, "{bad:?}");
    }
}

#[test]
fn integers_must_be_positive_and_minimal() {
    let read = |value: &'static [u8]| {
        let der = [&[2, u8::try_from(value.len()).unwrap_or(0)], value].concat();
        Reader::new(&der).positive_integer().map(<[u8]>::to_vec)
    };
    assert_eq!(read(&[1]), Some(std::vec![1]));
    assert_eq!(read(&[0, 0x80]), Some(std::vec![0x80]));
    for bad in [&[][..], &[0], &[0x80], &[0, 1], &[0, 0, 0x80]] {
        assert_eq!(read(bad), None, "{bad:?}");
    }
}

#[test]
fn another_tag_is_left_where_it_is() {
    let mut reader = Reader::new(&[0x30, 0, 4, 0]);
    assert_eq!(reader.value(Tag::INTEGER), None);
    assert_eq!(reader.value(Tag::SEQUENCE), Some(&[][..]));
    assert_eq!(reader.value(Tag::OCTET_STRING), Some(&[][..]));
    assert!(reader.is_empty());
}

proptest! {
    #[test]
    fn any_bytes_are_survived(der in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = crate::tls::x509::Fields::parse(&der);
        let mut reader = Reader::new(&der);
        while reader.any().is_some() {}
        let _ = Reader::new(&der).unix_time_s();
        let _ = Reader::new(&der).positive_integer();
    }
}
