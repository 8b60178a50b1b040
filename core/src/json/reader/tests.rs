use std::string::String;
use std::vec::Vec;

use super::*;

/// Writes down what the reader meets.
#[derive(Default)]
struct Log {
    events: Vec<String>,
    text: Vec<u8>,
    in_text: bool,
}

impl Visitor for Log {
    fn key(&mut self, key: &[u8], whole: bool) {
        let key = String::from_utf8_lossy(key).into_owned();
        self.events.push(if whole {
            format!("{key}:")
        } else {
            format!("{key}…:")
        });
    }
    fn open(&mut self, container: Container) {
        self.events.push(match container {
            Container::Object => "{".into(),
            Container::Array => "[".into(),
        });
    }
    fn close(&mut self) {
        self.events.push("end".into());
    }
    fn text(&mut self, run: &[u8], part: Part) -> bool {
        assert_eq!(part.begins, !self.in_text, "begins once");
        self.in_text = !part.ends;
        self.text.extend_from_slice(run);
        if part.ends {
            let text =
                String::from_utf8(core::mem::take(&mut self.text)).expect("whole characters");
            self.events.push(format!("{text:?}"));
        }
        true
    }
    fn number(&mut self, number: &Number) {
        self.events.push(match number.as_u64() {
            Some(value) => value.to_string(),
            None => format!(
                "{}{:?} {:?}",
                if number.negative { "-" } else { "" },
                number.integer,
                number.tail
            ),
        });
    }
    fn word(&mut self, value: Option<bool>) {
        self.events
            .push(value.map_or("null".into(), |value| value.to_string()));
    }
}

/// What the reader makes of a text, which must not depend on the chunks; `None` where it is not JSON.
fn read(text: impl AsRef<[u8]>) -> Option<String> {
    let text = text.as_ref();
    let mut results = [1, 2, 3, 7, text.len().max(1)].map(|chunk| {
        let (mut reader, mut log) = (Reader::new(), Log::default());
        let fed = text
            .chunks(chunk)
            .try_for_each(|chunk| reader.feed(chunk, &mut log));
        let is_whole = fed.is_ok() && reader.is_whole();
        // An outermost number is told once something follows.
        is_whole.then(|| {
            reader
                .feed(b" ", &mut log)
                .map(|()| log.events.join(" "))
                .unwrap_or_default()
        })
    });
    let first = results[0].take();
    for other in &results[1..] {
        assert_eq!(
            &first,
            other,
            "depends on the chunks: {}",
            String::from_utf8_lossy(text)
        );
    }
    first
}

#[test]
fn values_of_every_kind_are_met_in_their_order() {
    assert_eq!(
        read(r#" {"a": [1, -2, true, false, null, "x"], "b": {}, "": []} "#).unwrap(),
        r#"{ a: [ 1 -Some(2) Nothing true false null "x" end b: { end : [ end end"#
    );
    for (text, event) in [
        ("0", "0"),
        ("18446744073709551615", "18446744073709551615"),
        (" null ", "null"),
        ("\"\"", "\"\""),
    ] {
        assert_eq!(read(text).unwrap(), event);
    }
}

#[test]
fn numbers_tell_their_form() {
    for (text, event) in [
        ("18446744073709551616", "None Nothing"),
        ("9007199254740993", "9007199254740993"),
        ("45.0", "Some(45) Zeros"),
        ("45.10", "Some(45) Fraction"),
        ("1e2", "Some(1) Exponent"),
        ("1.5E-7", "Some(1) Exponent"),
        ("-0", "-Some(0) Nothing"),
    ] {
        assert_eq!(read(text).unwrap(), event, "{text}");
    }
    for text in [
        "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "--1", "1.e1", "NaN", "-a", "1 2",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn texts_are_decoded() {
    for (text, event) in [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00e9\u20AC""#, "Aé€"),
        (r#""\ud83d\udd25 \uDBFF\uDFFF""#, "🔥 \u{10ffff}"),
        ("\"é€🔥\u{7f}\u{10ffff}\"", "é€🔥\u{7f}\u{10ffff}"),
        (r#""\u0000""#, "\0"),
    ] {
        assert_eq!(read(text).unwrap(), format!("{event:?}"), "{text}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for text in [
        r#""\x""#,
        r#""\u12g4""#,
        r#""\ud83d""#,
        r#""\ud83d\n""#,
        r#""\ud83dx""#,
        r#""\ud83d\ud83d""#,
        r#""\udd25""#,
        "\"\n\"",
        "\"\u{1f}\"",
        "\"",
        "\"abc",
        r#""\"#,
        r#""\u00"#,
        "'a'",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    let not_utf8: [&[u8]; 11] = [
        b"\x80",
        b"\xC0\x80",
        b"\xC1\xBF",
        b"\xC3",
        b"\xE0\x9F\xBF",
        b"\xED\xA0\x80",
        b"\xF0\x8F\xBF\xBF",
        b"\xF4\x90\x80\x80",
        b"\xF5\x80\x80\x80",
        b"\xFF",
        b"\xE2\x82x",
    ];
    for bytes in not_utf8 {
        assert_eq!(read([b"\"", bytes, b"\""].concat()), None, "{bytes:x?}");
        assert_eq!(
            read([b"{\"", bytes, b"\":1}"].concat()),
            None,
            "{bytes:x?} in a key"
        );
    }
    assert_eq!(
        read(b"\xEF\xBB\xBF{}"),
        None,
        "a byte order mark is no JSON"
    );
}

#[test]
fn structure_is_held_to_the_grammar() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "[1}",
        "{\"a\":1]",
        "{}{}",
        "[] x",
        "nul",
        "truE",
        "nullx",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "\u{b}1",
        "[1]]",
        "{\"a\":1}}",
        "fals",
        "[\"a\":1]",
        "{:1}",
        "{\"a\"::1}",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn keys_are_decoded_like_texts_at_any_chunking() {
    for (key, event) in [
        (r#"\"a\""#, "\"a\""),
        (r"\\", "\\"),
        (r"\u0022b", "\"b"),
        (r"\ud83d\udd25", "🔥"),
        ("é", "é"),
        ("", ""),
    ] {
        assert_eq!(
            read(format!("{{\"{key}\":1}}")).unwrap(),
            format!("{{ {event}: 1 end"),
            "{key}"
        );
    }
    for key in [r"\udfaa", r"\ud83d", r"\", r"\x"] {
        assert_eq!(read(format!("{{\"{key}\":1}}")), None, "{key}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let most = usize::from(JSON_DEPTH_MAX);
    assert!(read(nested(most)).is_some());
    assert_eq!(read(nested(most + 1)), None);
    let many = if cfg!(miri) { 100 } else { 100_000 };
    assert_eq!(read("{\"a\":".repeat(many)), None);
}

#[test]
fn a_long_key_comes_cut_and_says_so() {
    let key = "k".repeat(KEY_MAX);
    assert_eq!(
        read(format!("{{\"{key}\":1}}")).unwrap(),
        format!("{{ {key}: 1 end")
    );
    assert_eq!(
        read(format!("{{\"{key}k\":1}}")).unwrap(),
        format!("{{ {key}…: 1 end")
    );
}

#[test]
fn after_an_error_everything_is_an_error() {
    let (mut reader, mut log) = (Reader::new(), Log::default());
    assert_eq!(reader.feed(b"{]", &mut log), Err(Malformed));
    assert!(reader.is_malformed());
    assert_eq!(reader.feed(b"}", &mut log), Err(Malformed));
    assert!(!reader.is_whole());
}
