//! Writes the cases and what the core makes of them as C source, for a C program to make the same of them.

use std::fmt::Write as _;

use xobito_core::{InvalidMessage, RequestError};

use crate::answers::{self, Came};
use crate::cases::{self, Described, Person};

/// The source of `vectors.c`.
#[must_use]
pub fn source() -> String {
    let mut source = Source::default();
    for described in cases::messages() {
        source.message(&described);
    }
    for came in answers::all() {
        source.answer(&came);
    }
    format!(
        "#include \"vectors.h\"\n\n{}\nvoid run_vectors(void)\n{{\n{}}}\n",
        source.data, source.calls
    )
}

#[derive(Default)]
struct Source {
    /// Definitions.
    data: String,
    /// The body of `run_vectors`.
    calls: String,
    count: usize,
}

impl Source {
    fn name(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    fn bytes(&mut self, bytes: &[u8]) -> String {
        let name = self.name();
        let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
        let list = if list.is_empty() {
            "0".to_owned()
        } else {
            list.join(",")
        };
        let _ = writeln!(
            self.data,
            "static const unsigned char {name}[] = {{{list}}};"
        );
        name
    }

    /// The initializer of a `xobito_text_t`.
    fn text(&mut self, text: &str) -> String {
        let name = self.bytes(text.as_bytes());
        format!("{{(const char *){name}, {}}}", text.len())
    }

    fn optional(&mut self, text: Option<&str>) -> String {
        text.map_or("{NULL, 0}".to_owned(), |text| self.text(text))
    }

    /// A list of things: its name, or NULL, and its length.
    fn list(&mut self, of: &str, entries: &[String]) -> String {
        if entries.is_empty() {
            return "NULL, 0".to_owned();
        }
        let name = self.name();
        let list = entries.join(", ");
        let _ = writeln!(self.data, "static const {of} {name}[] = {{{list}}};");
        format!("{name}, {}", entries.len())
    }

    fn contact(&mut self, person: Option<&Person>) -> String {
        let Some(person) = person else {
            return "NULL".to_owned();
        };
        let texts = [
            &person.firstname,
            &person.lastname,
            &person.email,
            &person.country,
        ]
        .map(|text| self.optional(text.as_deref()))
        .join(", ");
        let names: Vec<String> = person.names.iter().map(|name| self.text(name)).collect();
        let names = self.list("xobito_text_t", &names);
        let ids: Vec<String> = person.ids.iter().map(|id| format!("{id}u")).collect();
        let ids = self.list("uint64_t", &ids);
        let name = self.name();
        let _ = writeln!(
            self.data,
            "static const xobito_contact_t {name} = {{{texts}, {}u, {names}, {ids}}};",
            person.assigned_id
        );
        format!("&{name}")
    }

    #[allow(clippy::too_many_lines)] // An arm for each kind.
    fn message(&mut self, described: &Described) {
        let (kind, members) = match described {
            Described::Text { to, body, contact } => {
                let members = [
                    self.text(to),
                    self.text(body),
                    self.contact(contact.as_ref()),
                ];
                ("text", members.join(", "))
            }
            Described::Buttons {
                to,
                body,
                buttons,
                header,
                footer,
                contact,
            } => {
                let buttons: Vec<String> = buttons
                    .iter()
                    .map(|(id, title)| format!("{{{}, {}}}", self.text(id), self.text(title)))
                    .collect();
                let members = [
                    self.text(to),
                    self.text(body),
                    self.list("xobito_button_t", &buttons),
                    self.optional(header.as_deref()),
                    self.optional(footer.as_deref()),
                    self.contact(contact.as_ref()),
                ];
                ("button", members.join(", "))
            }
            Described::Url {
                to,
                body,
                label,
                url,
                header,
                footer,
                contact,
            } => {
                let members = [
                    self.text(to),
                    self.text(body),
                    self.text(label),
                    self.text(url),
                    self.optional(header.as_deref()),
                    self.optional(footer.as_deref()),
                    self.contact(contact.as_ref()),
                ];
                ("url", members.join(", "))
            }
            Described::Template {
                to,
                name,
                language,
                from,
                header: (kind, header, document),
                fields,
                buttons,
            } => {
                let fields: Vec<String> = fields.iter().map(|value| self.text(value)).collect();
                let buttons: Vec<String> = buttons
                    .iter()
                    .map(|value| self.optional(value.as_deref()))
                    .collect();
                let members = [
                    self.text(to),
                    self.text(name),
                    self.text(language),
                    self.optional(from.as_deref()),
                    kind.to_string(),
                    self.optional(header.as_deref()),
                    self.optional(document.as_deref()),
                    self.list("xobito_text_t", &fields),
                    self.list("xobito_text_t", &buttons),
                ];
                ("template", members.join(", "))
            }
            Described::Media {
                to,
                kind,
                url,
                caption,
                filename,
                contact,
            } => {
                let members = [
                    self.text(to),
                    kind.to_string(),
                    self.text(url),
                    self.optional(caption.as_deref()),
                    self.optional(filename.as_deref()),
                    self.contact(contact.as_ref()),
                ];
                ("media", members.join(", "))
            }
            Described::Query { number } => {
                let text = self.text(number);
                ("phone_query", text)
            }
        };
        let expected = self.expected(described);
        let name = self.name();
        let of = match kind {
            "phone_query" => "xobito_text_t".to_owned(),
            kind => format!("xobito_{kind}_message_t"),
        };
        let members = if kind == "phone_query" {
            members
        } else {
            format!("{{{members}}}")
        };
        let _ = writeln!(self.data, "static const {of} {name} = {members};");
        let _ = writeln!(self.calls, "    check_{kind}(&{name}, &{expected});");
    }

    fn expected(&mut self, described: &Described) -> String {
        let endpoint = match described {
            Described::Template { .. } => "XOBITO_ENDPOINT_TEMPLATE",
            Described::Media { .. } => "XOBITO_ENDPOINT_MEDIA",
            Described::Query { .. } => "XOBITO_ENDPOINT_VALIDATE",
            _ => "XOBITO_ENDPOINT_SEND",
        };
        let members = match cases::by_core(described) {
            Ok((bytes, warning)) => {
                let name = self.bytes(&bytes);
                format!(
                    "{name}, {}, {warning}, {endpoint}, 0, \"\", 0, 0, 0, 0",
                    bytes.len()
                )
            }
            Err(error) => format!("NULL, 0, 0, {endpoint}, {}", refused(&error)),
        };
        let name = self.name();
        let _ = writeln!(self.data, "static const expected_t {name} = {{{members}}};");
        name
    }

    fn answer(&mut self, came: &Came) {
        let body = self.bytes(&came.body);
        let retry_after = self.optional(came.retry_after);
        let told = answers::by_core(came);
        let expected = self.bytes(told.as_bytes());
        let (cause, left) = came
            .failed
            .map_or(("0".to_owned(), false), |(name, _, left)| {
                (format!("XOBITO_CAUSE_{name}"), left)
            });
        let name = self.name();
        let _ = writeln!(
            self.data,
            "static const came_t {name} = {{xobito_reader_for_{}, {}, {retry_after}, {body}, {}, {cause}, {}, {expected}, {}}};",
            came.what,
            came.status.map_or(-1, i32::from),
            came.body.len(),
            i32::from(left),
            told.len()
        );
        let _ = writeln!(self.calls, "    check_answer(&{name});");
    }
}

/// Error, field, minimum, maximum, actual, position.
fn refused(error: &RequestError) -> String {
    let RequestError::Invalid(error) = error else {
        return "0, \"\", 0, 0, 0, 0".to_owned();
    };
    let field = error.field();
    let (name, numbers) = match *error {
        InvalidMessage::Empty { .. } => ("EMPTY", [1, 0, 0, 0]),
        InvalidMessage::TooShort { limit, actual, .. } => ("TOO_SHORT", [limit, 0, actual, 0]),
        InvalidMessage::TooLong { limit, actual, .. } => ("TOO_LONG", [0, limit, actual, 0]),
        InvalidMessage::TooMany { limit, actual, .. } => ("COUNT", [0, limit, actual, 0]),
        InvalidMessage::Duplicate { .. } => ("DUPLICATE", [0; 4]),
        InvalidMessage::SpaceAtEdge { .. } => ("SPACE_AT_EDGE", [0; 4]),
        InvalidMessage::Url { position, .. } => ("URL", [0, 0, 0, position]),
        InvalidMessage::TemplateValue { .. } => ("TEMPLATE_VALUE", [0; 4]),
        _ => ("VALUE", [0; 4]),
    };
    let [minimum, maximum, actual, position] = numbers;
    format!("XOBITO_ERROR_{name}, \"{field}\", {minimum}, {maximum}, {actual}, {position}")
}
