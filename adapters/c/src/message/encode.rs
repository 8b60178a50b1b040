//! A message into a caller's buffer, all at once.

use xobito_core::{PhoneQuery, PhoneRequest};

use super::described::Described;
use super::job::{Done, Job};
use super::{
    XobitoButtonMessage, XobitoMediaMessage, XobitoRequest, XobitoTemplateMessage,
    XobitoTextMessage, XobitoUrlMessage,
};
use crate::error::{XobitoField, XobitoProblem, XobitoStatus};
use crate::head::XobitoEndpoint;
use crate::memory::{Call, Checked, XobitoText};

/// Checks a text and encodes it into `buffer`; `request` tells where it is to be posted, and how long it is.
///
/// A text of 160 characters takes about 240 bytes. Where the buffer is too small, `problem->actual` is the size that
/// is needed; a buffer of NULL and 0 asks for that alone. `problem` may be NULL.
///
/// # Safety
/// `message` and all that it points to is readable; `buffer` has `capacity` writable bytes (or is NULL with 0),
/// `request` is writable, `problem` is writable or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_text_encode(
    message: *const XobitoTextMessage,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { encoded(message, buffer, capacity, request, problem) }
}

/// As `xobito_text_encode`, for a message with reply buttons. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// # Safety
/// As `xobito_text_encode`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_button_encode(
    message: *const XobitoButtonMessage,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { encoded(message, buffer, capacity, request, problem) }
}

/// As `xobito_text_encode`, for a message with a URL button. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// # Safety
/// As `xobito_text_encode`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_url_encode(
    message: *const XobitoUrlMessage,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { encoded(message, buffer, capacity, request, problem) }
}

/// As `xobito_text_encode`, for a template.
///
/// # Safety
/// As `xobito_text_encode`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_template_encode(
    message: *const XobitoTemplateMessage,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { encoded(message, buffer, capacity, request, problem) }
}

/// As `xobito_text_encode`, for a file by URL.
///
/// # Safety
/// As `xobito_text_encode`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_media_encode(
    message: *const XobitoMediaMessage,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { encoded(message, buffer, capacity, request, problem) }
}

/// Encodes the question whether a text of 1 to 32 characters is a phone number. It tells the form, not whether the
/// number is on WhatsApp. `XOBITO_PHONE_QUERY_BODY_MAX` bytes are always enough; the rest as in `xobito_text_encode`.
///
/// # Safety
/// As `xobito_text_encode`, `number` instead of the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_phone_query_encode(
    number: XobitoText,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut encode = || unsafe {
        call.tells(problem)?;
        let buffer = call.buffer(buffer, capacity)?;
        let out = call.out(request)?;
        let number = call.field(number, XobitoField::PhoneNumber, 0)?;
        let query = PhoneQuery::new(number).map_err(|error| call.refuse(error))?;
        let request = PhoneRequest::new(&query).map_err(|error| call.refuse(error))?;
        let body = request.body();
        if body.len() > capacity {
            return Err(call.refuse(XobitoProblem::too_small(capacity, body.len())));
        }
        for (place, byte) in buffer.iter_mut().zip(body) {
            *place = *byte;
        }
        out.set(XobitoRequest {
            endpoint: XobitoEndpoint::Validate.code(),
            body: buffer.as_ptr(),
            body_length: body.len(),
            warning_characters: 0,
        });
        Ok(XobitoStatus::Ok)
    };
    let result = encode();
    call.answer(&result)
}

/// # Safety
/// As [`xobito_text_encode`].
unsafe fn encoded<D: Described>(
    message: *const D,
    buffer: *mut u8,
    capacity: usize,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        encoded_by(
            D::perform,
            message.cast(),
            (buffer, capacity),
            request,
            problem,
        )
    }
}

/// # Safety
/// As [`xobito_text_encode`], and the message is what `perform` asks for.
unsafe fn encoded_by(
    perform: unsafe fn(*const (), &mut Call, Job<'_>) -> Checked<Done>,
    message: *const (),
    (buffer, capacity): (*mut u8, usize),
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut encode = || unsafe {
        call.tells(problem)?;
        let body = call.buffer(buffer, capacity)?;
        let out = call.out(request)?;
        let done = perform(message, &mut call, Job::Encode(body))?;
        out.set(done.request(buffer));
        Ok(done.status())
    };
    let result = encode();
    call.answer(&result)
}
