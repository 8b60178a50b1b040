//! Method, path and headers of a request, as text for whatever HTTP client the firmware has.

use core::ffi::c_char;
use core::fmt::{self, Write};
use core::ptr;

use xobito_core::{Endpoint, Head, Kind, Method};

use crate::account::XobitoAccount;
use crate::error::XobitoError;
use crate::memory::{Call, TextBuffer, XobitoText, written};

/// What the API is asked to do.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoEndpoint {
    /// `POST messages/send`: text, reply buttons, a URL button.
    Send = 1,
    /// `POST messages/template`
    Template = 2,
    /// `POST messages/media`
    Media = 3,
    /// `GET messages/{id}/status`
    Status = 4,
    /// `POST phone/validate`
    Validate = 5,
}

impl XobitoEndpoint {
    pub(crate) fn of(number: i32) -> Result<Self, XobitoError> {
        [
            Self::Send,
            Self::Template,
            Self::Media,
            Self::Status,
            Self::Validate,
        ]
        .into_iter()
        .find(|endpoint| endpoint.code() == number)
        .ok_or(XobitoError::Value)
    }

    #[allow(clippy::as_conversions)] // The one way from an enum to its number.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }

    pub(crate) const fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Template => Self::Template,
            Kind::Media => Self::Media,
            _ => Self::Send,
        }
    }

    const fn method(self) -> Method {
        match self {
            Self::Status => Method::Get,
            _ => Method::Post,
        }
    }
}

/// The HTTP method of an endpoint (`xobito_endpoint_t`): `GET` or `POST`, ended by NUL; NULL for another number.
#[unsafe(no_mangle)]
pub extern "C" fn xobito_method(endpoint: i32) -> *const c_char {
    match XobitoEndpoint::of(endpoint).map(XobitoEndpoint::method) {
        Ok(Method::Get) => c"GET".as_ptr(),
        Ok(_) => c"POST".as_ptr(),
        Err(_) => ptr::null(),
    }
}

/// Writes the path of a request, `/` first, and a NUL behind it; nothing in it needs escaping.
///
/// `message_id` is whose status is asked; it counts for nothing at the other endpoints. `*length` becomes the length
/// without the NUL, also where the buffer is too small.
///
/// # Safety
/// `account`, its texts and `message_id` are readable; `buffer` has `capacity` writable bytes (or is NULL with 0),
/// `length` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_path(
    account: *const XobitoAccount,
    endpoint: i32,
    message_id: XobitoText,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_head(
            (account, endpoint, message_id),
            (buffer, capacity, length),
            |head, _, _, out| head.write_path(out),
            0,
        )
    }
}

/// Writes the whole URL of a request, `https://` first, and a NUL behind it. As `xobito_path` otherwise.
///
/// # Safety
/// As `xobito_path`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_url(
    account: *const XobitoAccount,
    endpoint: i32,
    message_id: XobitoText,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_head(
            (account, endpoint, message_id),
            (buffer, capacity, length),
            |head, authority, _, out| {
                out.write_str("https://")?;
                out.write_str(authority)?;
                head.write_path(out)
            },
            0,
        )
    }
}

/// Writes all header lines that the API asks for, each ended by CR LF, and a NUL behind them. They contain the token:
/// give the buffer to `xobito_wipe` afterwards.
///
/// `Host` and `Content-Length` are left to the HTTP client. `*length` as in `xobito_path`.
///
/// # Safety
/// `account` and its texts are readable; `buffer` has `capacity` writable bytes (or is NULL with 0), `length` is
/// writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_headers(
    account: *const XobitoAccount,
    endpoint: i32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        // No header depends on the message that is asked after.
        with_head(
            (account, endpoint, XobitoText::of("-")),
            (buffer, capacity, length),
            |head, _, _, out| head.write_headers(out),
            0,
        )
    }
}

/// One header, for HTTP clients that want them one by one: its name (ended by NUL) goes to `*name`, its value, with a
/// NUL behind it, to the buffer. Index 0 has the token: give the buffer to `xobito_wipe` afterwards.
///
/// Returns `XOBITO_ERROR_NOT_THERE` for the first index past the last header.
///
/// # Safety
/// As `xobito_headers`; `name` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_header(
    account: *const XobitoAccount,
    endpoint: i32,
    index: usize,
    name: *mut *const c_char,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe {
        call.text_out(buffer, capacity, length, &mut |call, out| {
            let endpoint = XobitoEndpoint::of(endpoint).map_err(|error| call.refuse(error))?;
            let (known, value) = match (index, endpoint.method()) {
                (0, _) => (c"Authorization", ""),
                (1, _) => (c"Accept", xobito_core::ACCEPT),
                (2, Method::Post) => (c"Content-Type", xobito_core::CONTENT_TYPE),
                _ => return Err(call.refuse(XobitoError::NotThere)),
            };
            let name = call.out(name)?;
            let account = call.account(account)?;
            if index == 0 {
                written(out.write_str("Bearer "))?;
                written(out.write_str(account.token().expose()))?;
            }
            written(out.write_str(value))?;
            name.set(known.as_ptr());
            Ok(())
        })
    };
    call.code(&result)
}

/// Writes a whole HTTP/1.1 head up to and with its empty line, and a NUL behind it. It contains the token: give the
/// buffer to `xobito_wipe` afterwards.
///
/// `content_length` is the body's length in bytes; it counts for nothing where the method is GET. The rest as in
/// `xobito_path`.
///
/// # Safety
/// As `xobito_path`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_http_head(
    account: *const XobitoAccount,
    endpoint: i32,
    message_id: XobitoText,
    content_length: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_head(
            (account, endpoint, message_id),
            (buffer, capacity, length),
            |head, _, content_length, out| {
                let length = matches!(head.method(), Method::Post).then_some(content_length);
                head.write_http1(length, out)
            },
            content_length,
        )
    }
}

type TextPlace = (*mut c_char, usize, *mut usize);

/// # Safety
/// As [`xobito_path`].
unsafe fn with_head(
    (account, endpoint, message_id): (*const XobitoAccount, i32, XobitoText),
    (buffer, capacity, length): TextPlace,
    write: fn(Head<'_>, &str, u32, &mut TextBuffer<'_>) -> fmt::Result,
    content_length: u32,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe {
        call.text_out(buffer, capacity, length, &mut |call, out| {
            let id;
            let endpoint = match XobitoEndpoint::of(endpoint) {
                Ok(XobitoEndpoint::Send) => Endpoint::Send,
                Ok(XobitoEndpoint::Template) => Endpoint::Template,
                Ok(XobitoEndpoint::Media) => Endpoint::Media,
                Ok(XobitoEndpoint::Validate) => Endpoint::Validate,
                Ok(XobitoEndpoint::Status) => {
                    id = call.message_id(message_id)?;
                    Endpoint::Status(&id)
                }
                Err(error) => return Err(call.refuse(error)),
            };
            let account = call.account(account)?;
            let authority = account.host().authority();
            let head = Head::new(&account, endpoint);
            written(write(head, authority, content_length, out))
        })
    };
    call.code(&result)
}
