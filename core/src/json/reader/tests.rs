use std::string::String;
use std::vec::Vec;

use super::*;

/// Writes down what the reader meets.
#[derive(Default)]
struct Log {
    events: Vec<String>,
    /// The text or number that is arriving.
    open: Option<(Kind, Vec<u8>)>,
}

impl Log {
    /// Texts and numbers are complete when something else comes.
    fn event(&mut self, event: &str) {
        if let Some((kind, bytes)) = self.open.take() {
            let value = String::from_utf8(bytes).expect("whole characters");
            self.events.push(if kind == Kind::Text {
                format!("{value:?}")
            } else {
                value
            });
        }
        self.events.push(event.into());
    }
}

impl Visitor for Log {
    fn key(&mut self, key: &[u8]) {
        // What comes behind that may be missing.
        let key = key.get(..=KEY_MAX).unwrap_or(key);
        let key = String::from_utf8_lossy(key);
        self.event(&format!("{key}:"));
    }
    fn open(&mut self, container: Container) {
        self.event(match container {
            Container::Object => "{",
            Container::Array => "[",
        });
    }
    fn close(&mut self) {
        self.event("end");
    }
    fn begin(&mut self, kind: Kind, run: &[u8]) {
        self.event(match kind {
            Kind::Null => "null",
            Kind::False => "false",
            Kind::True => "true",
            Kind::Number | Kind::Text => "",
        });
        if matches!(kind, Kind::Number | Kind::Text) {
            self.events.pop();
            self.open = Some((kind, run.to_vec()));
        }
    }
    fn wants_text(&self) -> bool {
        true
    }
    fn push(&mut self, run: &[u8]) {
        assert!(!run.is_empty());
        let (_, bytes) = self.open.as_mut().expect("a text or number has begun");
        bytes.extend_from_slice(run);
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
        log.event("");
        log.events.pop();
        is_whole.then(|| log.events.join(" "))
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
        r#"{ a: [ 1 -2 true false null "x" end b: { end : [ end end"#
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
fn numbers_come_as_they_are_written() {
    for text in [
        "18446744073709551616",
        "45.0",
        "45.10",
        "1e2",
        "1.5E-7",
        "1e-01",
        "-0",
        "-0.0e+00",
        "10.01",
        "0e10",
        "-120",
    ] {
        assert_eq!(read(text).unwrap(), text);
        assert_eq!(read(format!("[{text} ]")).unwrap(), format!("[ {text} end"));
    }
    for text in [
        "01", "-01", "00", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "--1", "1.e1", "NaN", "-a",
        "1 2", "1e+-1", "1-", "1e5.0", "1.2.3", "1e2e3", "1+",
    ] {
        assert_eq!(read(text), None, "{text}");
        assert_eq!(read(format!("[{text}]")), None, "{text}");
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
        r#""\'""#,
        r#""\u12g4""#,
        r#""\ud83d""#,
        r#""\ud83d\n""#,
        r#""\ud83dx""#,
        r#""\ud83dxudd25""#,
        r#""\ud83d\ndd25""#,
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
    let not_utf8: [&[u8]; 12] = [
        b"\x80",
        b"\xC0\x80",
        b"\xC1\xBF",
        b"\xC3",
        b"\xE0\x9F\xBF",
        b"\xED\xA0\x80",
        b"\xED\xA0\x80\\udc00",
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
fn space_may_stand_between_any_two_tokens() {
    let tokens = r#"{ "a" : [ ] , "b" : { } , "c" : [ 1 , "d" , true ] }"#;
    let plain = read(tokens.replace(' ', ""));
    assert!(plain.is_some());
    for space in [" ", "\t", "\n", "\r", " \r\n\t"] {
        let spaced = format!("{space}{}{space}", tokens.replace(' ', space));
        assert_eq!(read(&spaced), plain, "{space:?}");
    }
    for no_space in ["\x0B", "\x0C", "\u{A0}", "\0"] {
        assert_eq!(read(tokens.replace(' ', no_space)), None, "{no_space:?}");
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
fn a_long_key_comes_with_at_least_one_byte_too_many() {
    let key = "k".repeat(KEY_MAX);
    for (rest, given) in [("", ""), ("k", "k"), ("kkkkkkkkk", "k"), (r"\t", "\t")] {
        assert_eq!(
            read(format!("{{\"{key}{rest}\":1}}")).unwrap(),
            format!("{{ {key}{given}: 1 end")
        );
    }
}

#[test]
fn after_an_error_everything_is_an_error() {
    let (mut reader, mut log) = (Reader::new(), Log::default());
    assert_eq!(reader.feed(b"{]", &mut log), Err(Malformed));
    assert!(reader.is_malformed());
    assert_eq!(reader.feed(b"}", &mut log), Err(Malformed));
    assert!(!reader.is_whole());
}

#[test]
fn what_is_not_wanted_is_not_given_out() {
    struct Unwilling;
    impl Visitor for Unwilling {
        fn key(&mut self, _: &[u8]) {}
        fn open(&mut self, _: Container) {}
        fn close(&mut self) {}
        fn begin(&mut self, kind: Kind, run: &[u8]) {
            let is_at_hand = kind == Kind::Number || run == b"plain";
            assert!(run.is_empty() || is_at_hand, "{run:?}");
        }
        fn wants_text(&self) -> bool {
            false
        }
        fn push(&mut self, run: &[u8]) {
            assert_eq!(run, b"7", "only numbers are always given out");
        }
    }
    for chunk in [1, 100] {
        let mut reader = Reader::new();
        for bytes in br#"["plain","\n\ud83d\udd25","",77]"#.chunks(chunk) {
            assert_eq!(reader.feed(bytes, &mut Unwilling), Ok(()));
        }
        assert!(reader.is_whole());
    }
}
