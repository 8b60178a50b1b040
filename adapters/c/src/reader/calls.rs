//! What C calls.

use xobito_core::{Accepted, Delivery, End, Validation};

use super::{Event, XobitoReader, ended, happened, prepared, told};
use crate::cause;
use crate::error::XobitoError;
use crate::memory::XobitoText;
use crate::outcome::{
    XobitoAccepted, XobitoDelivery, XobitoFieldError, XobitoOutcome, XobitoValidation,
};

/// Makes a reader ready for the answer to a message: of `XOBITO_ENDPOINT_SEND`, `_TEMPLATE` or `_MEDIA`.
///
/// What it held before is gone.
///
/// # Safety
/// `reader` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_for_message(reader: *mut XobitoReader) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { prepared::<Accepted>(reader) }
}

/// Makes a reader ready for the answer of `XOBITO_ENDPOINT_STATUS`. What it held before is gone.
///
/// # Safety
/// `reader` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_for_status(reader: *mut XobitoReader) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { prepared::<Delivery>(reader) }
}

/// Makes a reader ready for the answer of `XOBITO_ENDPOINT_VALIDATE`. What it held before is gone.
///
/// # Safety
/// `reader` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_for_validation(reader: *mut XobitoReader) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { prepared::<Validation>(reader) }
}

/// The HTTP status came. To be told before the body; if told again before it (after a 1xx), the last one counts.
///
/// # Safety
/// `reader` is a `xobito_reader_t` that nobody else uses during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_status(reader: *mut XobitoReader, status: u16) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { happened(reader, |_| Ok(Event::Status(status))) }
}

/// A `Retry-After` header came, before the answer's end. Seconds are understood; a date is not, for want of a clock.
///
/// # Safety
/// As `xobito_reader_status`; `value` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_retry_after(
    reader: *mut XobitoReader,
    value: XobitoText,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { happened(reader, |call| Ok(Event::RetryAfter(call.text(value)?))) }
}

/// A chunk of the body came, of any size; HTTP's own chunks are undone before.
///
/// Returns 0, or `XOBITO_STATUS_SETTLED` where the rest of the body cannot change the outcome any more.
///
/// # Safety
/// As `xobito_reader_status`; `chunk` has `length` readable bytes, or is NULL with 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_feed(
    reader: *mut XobitoReader,
    chunk: *const u8,
    length: usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { happened(reader, |call| Ok(Event::Chunk(call.list(chunk, length)?))) }
}

/// The answer is complete, as far as HTTP can tell: what became of the request?
///
/// # Safety
/// As `xobito_reader_status`; `outcome` is writable, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_finish(
    reader: *mut XobitoReader,
    outcome: *mut XobitoOutcome,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { ended(reader, Some(End::Complete), outcome) }
}

/// The exchange broke: what became of the request?
///
/// `cause` says what happened: one of `XOBITO_CAUSE_DNS` to `XOBITO_CAUSE_MALFORMED_HTTP`. `request_left` is not 0 if a
/// byte of the request may have left the device; when in doubt, it has.
///
/// # Safety
/// As `xobito_reader_finish`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_fail(
    reader: *mut XobitoReader,
    cause: i32,
    request_left: i32,
    outcome: *mut XobitoOutcome,
) -> i32 {
    let end = cause::failure(cause).map(|failure| End::Failed {
        request_left: request_left != 0,
        failure,
    });
    // SAFETY: promised by the caller.
    unsafe { ended(reader, end, outcome) }
}

/// The outcome once more, as long as the reader keeps it.
///
/// # Safety
/// `reader` is a `xobito_reader_t`; `outcome` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_outcome(
    reader: *const XobitoReader,
    outcome: *mut XobitoOutcome,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { told(reader, outcome, |told| Ok(told.summary()?.into())) }
}

/// What the API says of a field, counted from 0 to below `field_errors` of the outcome.
///
/// # Safety
/// `reader` is a `xobito_reader_t`; `error` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_field_error(
    reader: *const XobitoReader,
    index: usize,
    error: *mut XobitoFieldError,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        told(reader, error, |told| {
            let rejection = told.summary()?.rejection;
            let found = rejection.and_then(|rejection| XobitoFieldError::of(rejection, index));
            found.ok_or(XobitoError::NotThere)
        })
    }
}

/// What belongs to a message that was accepted; `XOBITO_ERROR_NOT_THERE` for any other outcome.
///
/// # Safety
/// `reader` is a `xobito_reader_t`; `accepted` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_accepted(
    reader: *const XobitoReader,
    accepted: *mut XobitoAccepted,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        told(reader, accepted, |told| {
            Ok(told.answer::<Accepted>()?.into())
        })
    }
}

/// What became of a message so far, where the endpoint was `XOBITO_ENDPOINT_STATUS` and it answered.
///
/// # Safety
/// `reader` is a `xobito_reader_t`; `delivery` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_delivery(
    reader: *const XobitoReader,
    delivery: *mut XobitoDelivery,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        told(reader, delivery, |told| {
            Ok(told.answer::<Delivery>()?.into())
        })
    }
}

/// What the API makes of a phone number, where the endpoint was `XOBITO_ENDPOINT_VALIDATE` and it answered.
///
/// # Safety
/// `reader` is a `xobito_reader_t`; `validation` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_reader_validation(
    reader: *const XobitoReader,
    validation: *mut XobitoValidation,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        told(reader, validation, |told| {
            Ok(told.answer::<Validation>()?.into())
        })
    }
}
