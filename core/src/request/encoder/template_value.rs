//! What Meta lets into a template.

use crate::Text;
use crate::limits::TEMPLATE_SPACES_MAX;
use crate::message::{Field, InvalidMessage};

/// No newline, no tab, and only so many spaces in a row.
pub(super) fn check(field: Field, text: &Text<'_>) -> Result<(), InvalidMessage> {
    let mut spaces: usize = 0;
    let checked = text.parts(&mut |part| {
        part.bytes().try_for_each(|byte| {
            spaces = if byte == b' ' {
                spaces.saturating_add(1)
            } else {
                0
            };
            if spaces > TEMPLATE_SPACES_MAX || matches!(byte, b'\n' | b'\r' | b'\t') {
                return Err(core::fmt::Error);
            }
            Ok(())
        })
    });
    checked.map_err(|_| InvalidMessage::TemplateValue { field })
}
