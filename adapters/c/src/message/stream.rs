//! A message in pieces, for bodies that are larger than the memory a device can give them.

use core::mem::{align_of, size_of};

use xobito_core::Progress;

use super::described::Described;
use super::job::{Done, Job};
use super::{
    XobitoButtonMessage, XobitoMediaMessage, XobitoRequest, XobitoTemplateMessage,
    XobitoTextMessage, XobitoUrlMessage,
};
use crate::error::{XobitoError, XobitoProblem, XobitoStatus};
use crate::memory::{Call, Checked};

/// Bytes of a `xobito_stream_t`.
pub const XOBITO_STREAM_SIZE: usize = 48;
/// Alignment of a `xobito_stream_t`, in bytes.
pub const XOBITO_STREAM_ALIGN: usize = 8;

/// How far a message that is made in pieces got. The caller owns it and may copy it; what is in it is the library's.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoStream {
    /// Not to be touched.
    pub storage: [u64; 6],
}

/// What is in it. The magic comes first: without it nothing else in there is looked at.
#[repr(C)]
#[derive(Clone, Copy)]
struct Stream {
    magic: u32,
    tag: u32,
    progress: Progress,
}

const MAGIC: u32 = 0x5842_5331;

const _: () = {
    assert!(size_of::<XobitoStream>() == XOBITO_STREAM_SIZE);
    assert!(align_of::<XobitoStream>() == XOBITO_STREAM_ALIGN);
    assert!(size_of::<Stream>() <= XOBITO_STREAM_SIZE);
    assert!(align_of::<Stream>() <= XOBITO_STREAM_ALIGN);
};

/// Checks a text that is to be made in pieces, and counts its bytes; `request` tells where it is to be posted and how
/// long it is, and has no body. `problem` may be NULL.
///
/// The pieces are made by encoding the message anew and keeping what falls into the piece: a body of n bytes in pieces
/// of p is encoded about n / 2p times. The message and all its texts must stay as they are until the last piece. To
/// send it again from the start, keep a copy of the stream as it is now.
///
/// # Safety
/// `message` and all that it points to is readable; `stream` and `request` are writable, `problem` is writable or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_text_begin(
    stream: *mut XobitoStream,
    message: *const XobitoTextMessage,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { begun(stream, message, request, problem) }
}

/// Writes the next piece of a text that `xobito_text_begin` began, as long as `capacity` unless it is the last.
///
/// Returns `XOBITO_STATUS_MORE` with a piece of `*length` bytes, 0 with a length of 0 when all was handed out, and
/// `XOBITO_ERROR_TEXT_CHANGED` where the message is not the one that was begun.
///
/// # Safety
/// `message` and all that it points to is readable; `stream` is writable, `buffer` has `capacity` writable bytes,
/// `length` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_text_next(
    stream: *mut XobitoStream,
    message: *const XobitoTextMessage,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { next(stream, message, buffer, capacity, length) }
}

/// As `xobito_text_begin`, for a message with reply buttons. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// # Safety
/// As `xobito_text_begin`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_button_begin(
    stream: *mut XobitoStream,
    message: *const XobitoButtonMessage,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { begun(stream, message, request, problem) }
}

/// As `xobito_text_next`, for a message with reply buttons.
///
/// # Safety
/// As `xobito_text_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_button_next(
    stream: *mut XobitoStream,
    message: *const XobitoButtonMessage,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { next(stream, message, buffer, capacity, length) }
}

/// As `xobito_text_begin`, for a message with a URL button. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// # Safety
/// As `xobito_text_begin`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_url_begin(
    stream: *mut XobitoStream,
    message: *const XobitoUrlMessage,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { begun(stream, message, request, problem) }
}

/// As `xobito_text_next`, for a message with a URL button.
///
/// # Safety
/// As `xobito_text_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_url_next(
    stream: *mut XobitoStream,
    message: *const XobitoUrlMessage,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { next(stream, message, buffer, capacity, length) }
}

/// As `xobito_text_begin`, for a template.
///
/// # Safety
/// As `xobito_text_begin`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_template_begin(
    stream: *mut XobitoStream,
    message: *const XobitoTemplateMessage,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { begun(stream, message, request, problem) }
}

/// As `xobito_text_next`, for a template.
///
/// # Safety
/// As `xobito_text_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_template_next(
    stream: *mut XobitoStream,
    message: *const XobitoTemplateMessage,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { next(stream, message, buffer, capacity, length) }
}

/// As `xobito_text_begin`, for a file by URL.
///
/// # Safety
/// As `xobito_text_begin`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_media_begin(
    stream: *mut XobitoStream,
    message: *const XobitoMediaMessage,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { begun(stream, message, request, problem) }
}

/// As `xobito_text_next`, for a file by URL.
///
/// # Safety
/// As `xobito_text_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_media_next(
    stream: *mut XobitoStream,
    message: *const XobitoMediaMessage,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { next(stream, message, buffer, capacity, length) }
}

/// # Safety
/// As [`xobito_text_begin`].
unsafe fn begun<D: Described>(
    stream: *mut XobitoStream,
    message: *const D,
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        begun_by(
            (D::perform, D::TAG),
            stream,
            message.cast(),
            request,
            problem,
        )
    }
}

/// # Safety
/// As [`xobito_text_next`].
unsafe fn next<D: Described>(
    stream: *mut XobitoStream,
    message: *const D,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    let piece = (buffer, capacity, length);
    // SAFETY: promised by the caller.
    unsafe { next_by((D::perform, D::TAG), stream, message.cast(), piece) }
}

/// How a kind of message does its jobs, and its tag.
type Performer = (
    unsafe fn(*const (), &mut Call, Job<'_>) -> Checked<Done>,
    u32,
);

/// # Safety
/// As [`xobito_text_begin`], and the message is what the performer asks for.
unsafe fn begun_by(
    (perform, tag): Performer,
    stream: *mut XobitoStream,
    message: *const (),
    request: *mut XobitoRequest,
    problem: *mut XobitoProblem,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller; the results are written after the message was used.
    let mut begin = || unsafe {
        call.tells(problem)?;
        call.writes(stream, 1)?;
        let out = call.out(request)?;
        let done = perform(message, &mut call, Job::Begin)?;
        let Some(progress) = done.progress else {
            return Err(call.refuse(XobitoError::Value));
        };
        stream.cast::<Stream>().write(Stream {
            magic: MAGIC,
            tag,
            progress,
        });
        out.set(done.request(core::ptr::null()));
        Ok(done.status())
    };
    let result = begin();
    call.answer(&result)
}

/// # Safety
/// As [`xobito_text_next`], and the message is what the performer asks for.
unsafe fn next_by(
    (perform, own_tag): Performer,
    stream: *mut XobitoStream,
    message: *const (),
    (buffer, capacity, length): (*mut u8, usize, *mut usize),
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut next = || unsafe {
        let piece = call.buffer(buffer, capacity)?;
        let length = call.out(length)?;
        call.apart(stream, 1)?;
        if call.copied(stream.cast::<u32>().cast_const())? != MAGIC {
            return Err(call.refuse(XobitoError::Order));
        }
        let Stream { tag, progress, .. } = call.copied(stream.cast::<Stream>().cast_const())?;
        call.writes(stream, 1)?;
        if tag != own_tag {
            return Err(call.refuse(XobitoError::Order));
        }
        if capacity == 0 {
            return Err(call.refuse(XobitoProblem::too_small(0, 1)));
        }
        let done = perform(message, &mut call, Job::Next(progress, piece))?;
        stream.cast::<Stream>().write(Stream {
            magic: MAGIC,
            tag,
            progress: done.progress.unwrap_or(progress),
        });
        length.set(done.length);
        Ok(if done.length == 0 {
            XobitoStatus::Ok
        } else {
            XobitoStatus::More
        })
    };
    let result = next();
    call.code(&result)
}
