//! What C calls.

use core::time::Duration;

use xobito_core::outbox::{Entry, EntryId, Key};
use xobito_core::{Accepted, BorrowedRequest, Delivery};

use super::told::{coalesce, duplicates, kind, milliseconds, priority};
use super::{
    XobitoEnded, XobitoEnqueued, XobitoEntry, XobitoOutbox, XobitoOutboxConfig, XobitoStep,
};
use crate::error::{XobitoError, XobitoProblem, XobitoStatus};
use crate::memory::{Call, Checked, XobitoText};
use crate::message::XobitoRequest;
use crate::reader::XobitoReader;

/// The defaults: 60 requests a minute, 10 of them at once; 6 s between two messages to a recipient; 60 s between two
/// with the same key; deliveries followed; 24 hours to live; refusing when full.
///
/// # Safety
/// `config` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_config_default(config: *mut XobitoOutboxConfig) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { call.out(config) }.map(|out| {
        out.set(XobitoOutboxConfig::default());
        XobitoStatus::Ok
    });
    call.code(&result)
}

/// Takes an entry in. `now_ms` is any clock that only runs forward; the same one for all calls.
///
/// Returns `XOBITO_ERROR_FULL`, `XOBITO_ERROR_BUFFER_TOO_SMALL` where an entry has more bytes than a slot (`problem`
/// tells how many), `XOBITO_ERROR_NOT_AN_OBJECT` where a request is none, `XOBITO_ERROR_NOT_A_TEMPLATE`; nothing has
/// changed then. `problem` may be NULL.
///
/// # Safety
/// `outbox` is what an `_init` function gave and nobody else uses during the call; `entry` and what it points to is
/// readable, `enqueued` is writable, `problem` is writable or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_enqueue(
    outbox: *mut XobitoOutbox,
    entry: *const XobitoEntry,
    now_ms: u64,
    enqueued: *mut XobitoEnqueued,
    problem: *mut XobitoProblem,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut enqueue = || unsafe {
        call.tells(problem)?;
        let outbox = call.outbox(outbox)?;
        let out = call.out(enqueued)?;
        let given = call.copied(entry)?;
        let mut made = call.entry(&given)?;
        if !given.template_request.is_null() {
            let template = call.copied(given.template_request)?;
            let template = call.request(&template)?;
            made = if given.is_template_first == 0 {
                made.fallback(template)
            } else {
                made.template_first(template)
            };
        }
        match outbox.enqueue(&made, milliseconds(now_ms)) {
            Ok(taken) => {
                out.set(XobitoEnqueued {
                    id: taken.id.0,
                    stands_for: taken.stands_for,
                    has_displaced: taken.displaced.is_some().into(),
                    displaced: taken
                        .displaced
                        .as_ref()
                        .map_or(XobitoEnded::NONE, Into::into),
                });
                Ok(XobitoStatus::Ok)
            }
            Err(error) => Err(call.refuse(error)),
        }
    };
    let result = enqueue();
    call.answer(&result)
}

/// How many alerts the entry stands for that waits with this key for this recipient: to be asked before the text of a
/// newcomer is made that is to replace it. `XOBITO_ERROR_NOT_THERE` where none waits.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`; `recipient` is readable, `stands_for` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_stands_for(
    outbox: *mut XobitoOutbox,
    key: u32,
    recipient: XobitoText,
    stands_for: *mut u32,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut ask = || unsafe {
        let outbox = call.outbox(outbox)?;
        let out = call.out(stands_for)?;
        let recipient = call.number(recipient)?;
        let Some(count) = outbox.stands_for(Key(key), &recipient) else {
            return Err(call.refuse(XobitoError::NotThere));
        };
        out.set(count);
        Ok(XobitoStatus::Ok)
    };
    let result = ask();
    call.code(&result)
}

/// What is to be done at this time. `jitter` is any 32 random bits, that need not be secret. Once a message or a query
/// is handed out, it counts as made.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`; `step` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_poll(
    outbox: *mut XobitoOutbox,
    now_ms: u64,
    jitter: u32,
    step: *mut XobitoStep,
) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |call, outbox| {
            let out = call.out(step)?;
            out.set(outbox.poll(milliseconds(now_ms), jitter).into());
            Ok(())
        })
    }
}

/// Tells what became of what `xobito_outbox_poll` handed out: `reader` was finished, one for a message after `SEND`, one
/// for a status after `QUERY`.
///
/// Returns `XOBITO_ERROR_NOT_IN_FLIGHT` where this entry was not handed out for that; nothing has changed then.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`; `reader` is a `xobito_reader_t` that nobody writes to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_settle(
    outbox: *mut XobitoOutbox,
    id: u32,
    reader: *const XobitoReader,
    now_ms: u64,
) -> i32 {
    let now = milliseconds(now_ms);
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |call, outbox| {
            let settled = if let Some(outcome) = call.finished::<Accepted>(reader)? {
                outbox.settle(EntryId(id), outcome, now)
            } else if let Some(outcome) = call.finished::<Delivery>(reader)? {
                outbox.settle_query(EntryId(id), outcome, now)
            } else {
                return Err(call.refuse(XobitoError::Value));
            };
            settled.map_err(|_| call.refuse(XobitoError::NotInFlight))
        })
    }
}

/// Puts back what `xobito_outbox_poll` handed out last: nothing of it was sent, and nothing will be. It takes nothing of the
/// budget, and nothing of the recipient's gap but where an earlier try of the entry may have arrived. A message waits then as after a
/// failed link, longer each time in a row.
///
/// Returns `XOBITO_ERROR_NOT_IN_FLIGHT` where this entry is not handed out; nothing has changed then.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_unsend(outbox: *mut XobitoOutbox, id: u32) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |call, outbox| {
            let put_back = outbox.unsend(EntryId(id));
            put_back.map_err(|_| call.refuse(XobitoError::NotInFlight))
        })
    }
}

/// The token was replaced, or is allowed more now: goes on after `TOKEN_REFUSED` and `KIND_REFUSED`.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_resume(outbox: *mut XobitoOutbox) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |_, outbox| {
            outbox.resume();
            Ok(())
        })
    }
}

/// The link is there again: no need to wait for it any longer.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_link_up(outbox: *mut XobitoOutbox) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |_, outbox| {
            outbox.link_up();
            Ok(())
        })
    }
}

/// After a reset: takes the budget and every recipient's gap as spent, as nobody knows what was sent just before.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_restored(outbox: *mut XobitoOutbox, now_ms: u64) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |_, outbox| {
            outbox.restored(milliseconds(now_ms));
            Ok(())
        })
    }
}

/// How many entries there are: waiting, in flight, followed, or ended and not yet reported.
///
/// # Safety
/// `outbox` as in `xobito_outbox_enqueue`; `count` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_count(outbox: *mut XobitoOutbox, count: *mut usize) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        with_outbox(outbox, |call, outbox| {
            call.out(count)?.set(outbox.len());
            Ok(())
        })
    }
}

/// # Safety
/// As [`xobito_outbox_enqueue`].
unsafe fn with_outbox(
    outbox: *mut XobitoOutbox,
    then: impl FnOnce(&mut Call, &mut dyn super::storage::AnySize) -> Checked<()>,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { call.outbox(outbox) }
        .and_then(|outbox| then(&mut call, outbox))
        .map(|()| XobitoStatus::Ok);
    call.code(&result)
}

impl Call {
    /// # Safety
    /// As [`Call::list`].
    unsafe fn request<'a>(&mut self, request: &XobitoRequest) -> Checked<BorrowedRequest<'a>> {
        let kind = kind(request.endpoint).map_err(|error| self.refuse(error))?;
        // SAFETY: promised by the caller.
        let body = unsafe { self.list(request.body, request.body_length)? };
        BorrowedRequest::from_parts(kind, body).map_err(|_| self.refuse(XobitoError::NotAnObject))
    }

    /// All but the template.
    ///
    /// # Safety
    /// As [`Call::list`].
    unsafe fn entry<'a>(&mut self, given: &XobitoEntry) -> Checked<Entry<'a>> {
        // SAFETY: promised by the caller.
        let (request, recipient) =
            unsafe { (self.request(&given.request)?, self.number(given.recipient)?) };
        let duplicates = duplicates(given.duplicates).map_err(|error| self.refuse(error))?;
        let priority = priority(given.priority).map_err(|error| self.refuse(error))?;
        let coalesce = coalesce(given.coalesce).map_err(|error| self.refuse(error))?;
        let mut entry = Entry::new(request, recipient, duplicates).priority(priority);
        if given.time_to_live_ms > 0 {
            let time_to_live: Duration = milliseconds(given.time_to_live_ms);
            entry = entry.time_to_live(time_to_live);
        }
        if let Some(coalesce) = coalesce {
            entry = entry.key(Key(given.key), coalesce);
        }
        Ok(entry)
    }
}
