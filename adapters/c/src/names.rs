//! The words for what is told by a number.

use core::ffi::{CStr, c_char};
use core::fmt::Write;

use xobito_core::{Piece, Text};

use crate::error::{XobitoError, XobitoField};
use crate::memory::{Call, written};

/// The meaning of a number that a function returned, as a text in English that NUL ends. It is never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn xobito_strerror(status: i32) -> *const c_char {
    meaning(status).as_ptr()
}

/// Writes a field's name as the API has it, such as `buttons.0.title`, with a NUL behind it.
///
/// `field` and `index` are those of a `xobito_problem_t`. `*length` becomes the length without the NUL, also where the
/// buffer is too small.
///
/// # Safety
/// `buffer` has `capacity` writable bytes (or is NULL with 0), `length` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_field_name(
    field: i32,
    index: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe {
        call.text_out(buffer, capacity, length, &mut |call, out| {
            let Some((before, after)) = name(field) else {
                return Err(call.refuse(XobitoError::Value));
            };
            let Some(after) = after else {
                return written(out.write_str(before));
            };
            let pieces = [
                Piece::Str(before),
                Piece::Int(index.into()),
                Piece::Str(after),
            ];
            written(Text::from(&pieces[..]).render(out))
        })
    };
    call.code(&result)
}

/// What stands before the index, and what behind it where the field has one.
fn name(field: i32) -> Option<(&'static str, Option<&'static str>)> {
    use XobitoField as F;
    const NAMES: [(XobitoField, &str, Option<&str>); 27] = [
        (F::PhoneNumber, "phone_number", None),
        (F::MessageBody, "message_body", None),
        (F::Header, "header", None),
        (F::Footer, "footer", None),
        (F::Buttons, "buttons", None),
        (F::ButtonId, "buttons.", Some(".id")),
        (F::ButtonTitle, "buttons.", Some(".title")),
        (F::ButtonText, "button_text", None),
        (F::ButtonUrl, "button_url", None),
        (F::TemplateName, "template_name", None),
        (F::TemplateLanguage, "template_language", None),
        (F::FromPhoneNumberId, "from_phone_number_id", None),
        (F::HeaderField, "header_field_1", None),
        (F::HeaderImageUrl, "header_image_url", None),
        (F::HeaderVideoUrl, "header_video_url", None),
        (F::HeaderDocumentUrl, "header_document_url", None),
        (F::HeaderDocumentName, "header_document_name", None),
        (F::BodyField, "field_", Some("")),
        (F::ButtonValue, "button_", Some("")),
        (F::MediaUrl, "media_url", None),
        (F::Caption, "caption", None),
        (F::Filename, "filename", None),
        (F::ContactFirstname, "contact.firstname", None),
        (F::ContactLastname, "contact.lastname", None),
        (F::ContactEmail, "contact.email", None),
        (F::ContactCountry, "contact.country", None),
        (F::ContactGroups, "contact.groups", None),
    ];
    NAMES
        .iter()
        .find(|(known, ..)| known.code() == field)
        .map(|(_, before, after)| (*before, *after))
}

fn meaning(status: i32) -> &'static CStr {
    const ERRORS: [(XobitoError, &CStr); 29] = [
        (XobitoError::Null, c"a pointer is NULL"),
        (XobitoError::Length, c"a length is impossible"),
        (XobitoError::Alignment, c"a pointer is not aligned"),
        (
            XobitoError::Overlap,
            c"what is written overlaps something else",
        ),
        (XobitoError::Utf8, c"a text is not UTF-8"),
        (XobitoError::Value, c"a number is not in its enumeration"),
        (
            XobitoError::Order,
            c"not initialised, already finished, or called too early",
        ),
        (XobitoError::BufferTooSmall, c"the buffer is too small"),
        (XobitoError::NotThere, c"there is no such thing"),
        (
            XobitoError::Host,
            c"the host must be a name with an optional port",
        ),
        (
            XobitoError::Subdomain,
            c"the subdomain must be 1 to 63 letters, digits, hyphens or underscores",
        ),
        (
            XobitoError::Token,
            c"the token must be 1 to 512 printable ASCII characters without spaces",
        ),
        (
            XobitoError::Phone,
            c"a phone number is + and 8 to 15 digits, the first not 0",
        ),
        (
            XobitoError::MessageId,
            c"not a message id that can be asked after",
        ),
        (XobitoError::Empty, c"a field must not be empty"),
        (XobitoError::TooShort, c"a field has too few characters"),
        (XobitoError::TooLong, c"a field has too many characters"),
        (XobitoError::Count, c"a list has too many entries, or none"),
        (
            XobitoError::Duplicate,
            c"every button needs an id and a title of its own",
        ),
        (
            XobitoError::SpaceAtEdge,
            c"a button's id must not begin or end with a space",
        ),
        (XobitoError::Url, c"not an http or https URL"),
        (
            XobitoError::TemplateValue,
            c"a template value must not have a newline, a tab or more than 4 spaces in a row",
        ),
        (
            XobitoError::TextChanged,
            c"a text changed while it was being sent",
        ),
        (XobitoError::Conflict, c"two members exclude each other"),
        (XobitoError::Full, c"the outbox is full"),
        (
            XobitoError::NotATemplate,
            c"only a template message reaches a closed window",
        ),
        (
            XobitoError::NotAnObject,
            c"the body of a request is a JSON object",
        ),
        (XobitoError::NotInFlight, c"the entry is not in flight"),
        (XobitoError::IdsExhausted, c"there are no more entry ids"),
    ];
    match status {
        3 => return c"fine, but Meta refuses a body over 1024 characters when there are buttons",
        0.. => return c"no error",
        _ => {}
    }
    ERRORS
        .iter()
        .find(|(known, _)| known.code() == status)
        .map_or(c"no error of this library", |(_, meaning)| meaning)
}
