//! Validation rules with the framework's texts. Each field is run through its rules; every failing field is listed.

use std::net::Ipv6Addr;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Field errors, in the order in which the rules were run.
#[derive(Default)]
pub(crate) struct Errors(Vec<(String, Vec<String>)>);

impl Errors {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a text to a field.
    pub(crate) fn add(&mut self, key: &str, text: String) {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, texts)) => texts.push(text),
            None => self.0.push((key.to_owned(), vec![text])),
        }
    }

    /// Begins the rules of one field; `value` is what the cleaned input holds for it.
    pub(crate) fn field<'e, 'v>(
        &'e mut self,
        key: &str,
        value: Option<&'v Value>,
    ) -> Field<'e, 'v> {
        Field {
            label: label(key),
            key: key.to_owned(),
            value: value.filter(|value| !value.is_null()),
            errors: self,
        }
    }
}

impl Serialize for Errors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, texts)| (key, texts)))
    }
}

/// How a text names a field: underscores become spaces, dots stay.
fn label(key: &str) -> String {
    key.replace('_', " ")
}

/// One field on its way through its rules. A rule of type that fails ends the way: sizes of a wrong type mean nothing.
pub(crate) struct Field<'e, 'v> {
    errors: &'e mut Errors,
    key: String,
    label: String,
    value: Option<&'v Value>,
}

impl<'v> Field<'_, 'v> {
    pub(crate) fn required(self) -> Self {
        self.required_when(true, "")
    }

    /// `condition` completes the sentence: " when message type is interactive".
    pub(crate) fn required_when(mut self, applies: bool, condition: &str) -> Self {
        if applies && self.value.is_none_or(is_empty) {
            self.fail(&format!("field is required{condition}."));
            self.value = None;
        }
        self
    }

    pub(crate) fn prohibited_unless(mut self, allowed: bool, condition: &str) -> Self {
        if !allowed && self.value.is_some_and(|value| !is_empty(value)) {
            self.fail(&format!("field is prohibited unless {condition}."));
            self.value = None;
        }
        self
    }

    pub(crate) fn string(self) -> Self {
        self.typed(Value::is_string, "a string")
    }

    pub(crate) fn array(self) -> Self {
        self.typed(|value| value.is_array() || value.is_object(), "an array")
    }

    /// An array whose keys are 0, 1, 2 and so on.
    pub(crate) fn list(self) -> Self {
        self.typed(Value::is_array, "an array")
    }

    pub(crate) fn string_or_integer(self) -> Self {
        self.typed(|value| value.is_string() || value.is_u64(), "a string")
    }

    /// An integer or its digits in a string.
    pub(crate) fn integer(self) -> Self {
        self.typed(
            |value| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                text.parse::<i64>().is_ok() && !text.starts_with('+')
            },
            "an integer",
        )
    }

    /// At most `limit` code points.
    pub(crate) fn max(mut self, limit: usize) -> Self {
        if self.length().is_some_and(|length| length > limit) {
            self.fail(&format!(
                "field must not be greater than {limit} characters."
            ));
        }
        self
    }

    /// At least `limit` code points.
    pub(crate) fn min(mut self, limit: usize) -> Self {
        if self.length().is_some_and(|length| length < limit) {
            self.fail(&format!("field must be at least {limit} characters."));
        }
        self
    }

    pub(crate) fn max_items(mut self, limit: usize) -> Self {
        if self
            .value
            .and_then(Value::as_array)
            .is_some_and(|items| items.len() > limit)
        {
            self.fail(&format!("field must not have more than {limit} items."));
        }
        self
    }

    /// A form that the framework would write as a regular expression.
    pub(crate) fn format(mut self, has_form: impl Fn(&str) -> bool) -> Self {
        if self.text().is_some_and(|text| !has_form(text)) {
            self.fail("field format is invalid.");
        }
        self
    }

    pub(crate) fn one_of(mut self, words: &[&str]) -> Self {
        if self.text().is_some_and(|text| !words.contains(&text)) {
            let text = format!("The selected {} is invalid.", self.label);
            self.errors.add(&self.key, text);
            self.value = None;
        }
        self
    }

    pub(crate) fn url(mut self) -> Self {
        if self.text().is_some_and(|text| !is_http_url(text)) {
            self.fail("field must be a valid URL.");
        }
        self
    }

    pub(crate) fn email(mut self) -> Self {
        if self.text().is_some_and(|text| !is_email(text)) {
            self.fail("field must be a valid email address.");
        }
        self
    }

    /// The field's items, for rules on each of them.
    pub(crate) fn items(&self) -> &'v [Value] {
        self.value
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    fn typed(mut self, is_type: impl Fn(&Value) -> bool, name: &str) -> Self {
        if self.value.is_some_and(|value| !is_type(value)) {
            self.fail(&format!("field must be {name}."));
            self.value = None;
        }
        self
    }

    fn text(&self) -> Option<&'v str> {
        self.value.and_then(Value::as_str)
    }

    /// Characters are code points, as `mb_strlen` counts them.
    fn length(&self) -> Option<usize> {
        self.text().map(|text| text.chars().count())
    }

    fn fail(&mut self, end_of_sentence: &str) {
        let text = format!("The {} {end_of_sentence}", self.label);
        self.errors.add(&self.key, text);
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `http://` or `https://`, a host, an optional port, and nothing that a URL would have to percent-encode.
fn is_http_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let (authority, path) = rest
        .find(['/', '?', '#'])
        .map_or((rest, ""), |at| rest.split_at(at));
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        && is_authority(authority)
        && is_percent_encoded(path)
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "\"\\{}".contains(c))
}

fn is_authority(authority: &str) -> bool {
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    if let Some(v6) = host_and_port.strip_prefix('[') {
        let Some((address, port)) = v6.split_once(']') else {
            return false;
        };
        return address.parse::<Ipv6Addr>().is_ok()
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = host_and_port
        .split_once(':')
        .map_or((host_and_port, None), |(host, port)| (host, Some(port)));
    port.is_none_or(is_port) && is_host(host)
}

/// Whether every `%` begins an escape of two hexadecimal digits.
fn is_percent_encoded(path: &str) -> bool {
    path.split('%').skip(1).all(|after| {
        let mut digits = after.bytes();
        (0..2).all(|_| digits.next().is_some_and(|digit| digit.is_ascii_hexdigit()))
    })
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u16>().is_ok()
}

fn is_host(host: &str) -> bool {
    host.strip_suffix('.')
        .unwrap_or(host)
        .split('.')
        .all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        let is_atom = |atom: &str| {
            !atom.is_empty()
                && atom
                    .chars()
                    .all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c))
        };
        local.split('.').all(is_atom) && is_host(domain)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_http_url};

    #[test]
    fn urls() {
        for good in [
            "https://a.example",
            "HTTP://a.example:80/x?y=[1]#z",
            "https://10.0.0.1/",
            "https://[::1]:8443/a%20b",
            "https://user@a.example/~x,y;z",
            "https://münchen.example/straße",
        ] {
            assert!(is_http_url(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https:///x",
            "ftp://a.example",
            "a.example",
            "https://a b.example",
            "https://a.example/a b",
            "https://a.example/%2",
            "https://a.example/%zz",
            "https://a.example:port/",
            "https://a.example:65536/",
            "https://a.example:+80/",
            "https://a.example:",
            "https://a b@c.example/",
            "https://user@",
            "https://[1:2]/",
            "https://-a.example",
            "https://a..example",
            "https://[::1",
            "https://a.example/\"",
            "https://a.example/{x}",
            "javascript:alert(1)",
            "https://a.example\n",
        ] {
            assert!(!is_http_url(bad), "{bad}");
        }
    }

    #[test]
    fn email_addresses() {
        for good in ["a@b.example", "first.last+tag@b.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            ".a@b.example",
            "a..b@c.example",
            "a b@c.example",
            "a@-b.example",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
