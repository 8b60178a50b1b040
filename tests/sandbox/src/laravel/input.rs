//! The request's body as the framework hands it on: strings trimmed, empty strings turned into null.

use serde_json::Value;

/// A request's input after the framework's clean-up.
pub(crate) struct Input {
    root: Value,
    /// Dotted keys of strings that lost characters at their ends.
    pub(crate) trimmed: Vec<String>,
}

impl Input {
    /// Reads a body. What is not a JSON object counts as no input at all, so that every required field is missing.
    pub(crate) fn from_body(body: &[u8]) -> Self {
        let mut trimmed = Vec::new();
        let mut root = serde_json::from_slice::<Value>(body)
            .ok()
            .filter(Value::is_object)
            .unwrap_or(Value::Null);
        clean(&mut root, "", &mut trimmed);
        Self { root, trimmed }
    }

    /// The value of a top-level field, if it is there and not null.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.root.get(key).filter(|value| !value.is_null())
    }

    /// The text of a top-level field.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.value(key).and_then(Value::as_str)
    }
}

fn clean(value: &mut Value, key: &str, trimmed: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let short = text.trim_matches(is_trimmed);
            if short.len() != text.len() {
                trimmed.push(key.to_owned());
            }
            *value = if short.is_empty() {
                Value::Null
            } else {
                Value::String(short.to_owned())
            };
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                clean(item, &dotted(key, &index.to_string()), trimmed);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                clean(member, &dotted(key, name), trimmed);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn dotted(parent: &str, child: &str) -> String {
    if parent.is_empty() {
        child.to_owned()
    } else {
        format!("{parent}.{child}")
    }
}

/// White space, NUL and the invisible characters that the framework strips from both ends.
fn is_trimmed(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\0' | '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
        )
        || matches!(c, '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}')
        || matches!(c, '\u{feff}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn trims_at_every_depth_and_says_where() {
        let input =
            Input::from_body(r#"{"a":" x\n","b":{"c":["\u200b ","k"]},"d":"\u00a0"}"#.as_bytes());
        assert_eq!(input.text("a"), Some("x"));
        assert!(input.value("d").is_none(), "white space alone is no value");
        assert_eq!(
            input.value("b").map(ToString::to_string).as_deref(),
            Some(r#"{"c":[null,"k"]}"#)
        );
        assert_eq!(input.trimmed, ["a", "b.c.0", "d"]);
    }

    #[test]
    fn what_is_not_an_object_is_no_input() {
        for body in [&b"[1]"[..], b"", b"{", b"\"x\"", b"{\"a\":\"\xff\"}"] {
            assert!(Input::from_body(body).value("a").is_none());
        }
    }
}
