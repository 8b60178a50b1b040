//! Reading an answer while it arrives.
//!
//! ```text
//!   for_… ──status──▶ feed ──▶ feed ──▶ … ──finish, or fail──▶ an outcome, and what belongs to it
//! ```

mod calls;

pub use calls::*;

use core::mem::{align_of, size_of};

use xobito_core::{Accepted, Answer, AnswerReader, Delivery, End, Outcome, Validation};

use crate::error::{XobitoError, XobitoStatus};
use crate::memory::{Call, Checked};
use crate::outcome::{Summary, XobitoOutcome};

/// Bytes of a `xobito_reader_t`: what it takes where pointers have 64 bits; elsewhere some are left over.
pub const XOBITO_READER_SIZE: usize = 1064;
/// Alignment of a `xobito_reader_t`, in bytes.
pub const XOBITO_READER_ALIGN: usize = 8;

/// Reads one answer at a time, and keeps what it said. The caller owns it; what is in it is the library's.
#[repr(C)]
#[derive(Debug)]
pub struct XobitoReader {
    /// Not to be touched.
    pub storage: [u64; 133],
}

/// What is in it. The magic comes first: without it nothing else in there is looked at.
#[repr(C)]
struct Reader<A> {
    head: Head,
    answering: Answering<A>,
}

/// What all readers begin with. A pointer to what differs lets a program link only the kinds of answers it reads.
#[repr(C)]
#[derive(Clone, Copy)]
struct Head {
    magic: u32,
    /// Which kind of answer it is.
    tag: u32,
    phase: Phase,
    happen: unsafe fn(*mut (), Event<'_>) -> bool,
    summary: unsafe fn(*const ()) -> Option<Summary<'static>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Fresh,
    HasStatus,
    HasBody,
    Finished,
}

enum Answering<A> {
    Reading(AnswerReader<A>),
    Finished(Outcome<A>),
}

const MAGIC: u32 = 0x5842_5231;

#[allow(dead_code)] // Older compilers do not see that a constant calls it.
const fn fits<A>() {
    assert!(size_of::<Reader<A>>() <= XOBITO_READER_SIZE);
    assert!(align_of::<Reader<A>>() <= XOBITO_READER_ALIGN);
}

const _: () = {
    assert!(size_of::<XobitoReader>() == XOBITO_READER_SIZE);
    assert!(align_of::<XobitoReader>() == XOBITO_READER_ALIGN);
    fits::<Accepted>();
    fits::<Delivery>();
    fits::<Validation>();
};

/// A kind of answer.
pub(crate) trait Kept: Answer + 'static {
    const TAG: u32;
}

impl Kept for Accepted {
    const TAG: u32 = 1;
}

impl Kept for Delivery {
    const TAG: u32 = 2;
}

impl Kept for Validation {
    const TAG: u32 = 3;
}

/// Something that a reader of any kind of answer is told.
#[derive(Clone, Copy)]
enum Event<'a> {
    Status(u16),
    RetryAfter(&'a str),
    Chunk(&'a [u8]),
    End(End),
}

impl Event<'_> {
    /// The phase after it, if it may happen in this one.
    fn next(&self, phase: Phase) -> Option<Phase> {
        match (self, phase) {
            (_, Phase::Finished)
            | (Self::Status(_), Phase::HasBody)
            | (Self::Chunk(_), Phase::Fresh) => None,
            (Self::Status(_), _) => Some(Phase::HasStatus),
            (Self::Chunk(chunk), _) if !chunk.is_empty() => Some(Phase::HasBody),
            (Self::Chunk(_) | Self::RetryAfter(_), phase) => Some(phase),
            (Self::End(_), _) => Some(Phase::Finished),
        }
    }
}

impl<A: Answer + 'static> Answering<A> {
    /// Whether the rest of the body is of no interest.
    fn happen(&mut self, event: Event<'_>) -> bool {
        let Self::Reading(reader) = self else {
            return true;
        };
        match event {
            Event::Status(status) => reader.status(status),
            Event::RetryAfter(value) => reader.retry_after(value),
            Event::Chunk(chunk) => reader.feed(chunk),
            Event::End(end) => {
                let outcome = reader.finish(end).cloned();
                *self = Self::Finished(outcome);
                return false;
            }
        }
        reader.is_settled()
    }

    /// # Safety
    /// `place` points to a `Reader<A>` that nobody else uses.
    unsafe fn happen_at(place: *mut (), event: Event<'_>) -> bool {
        // SAFETY: promised by the caller.
        unsafe { (*place.cast::<Reader<A>>()).answering.happen(event) }
    }

    /// # Safety
    /// `place` points to a `Reader<A>` that stays as it is for as long as the summary is used.
    unsafe fn summary_at(place: *const ()) -> Option<Summary<'static>> {
        // SAFETY: promised by the caller.
        match unsafe { &(*place.cast::<Reader<A>>()).answering } {
            Self::Finished(outcome) => Some(Summary::of(outcome)),
            Self::Reading(_) => None,
        }
    }
}

/// A reader as it stands, to be asked.
struct Told {
    head: Head,
    place: *const (),
}

impl Told {
    fn summary(&self) -> Result<Summary<'static>, XobitoError> {
        // SAFETY: the head says that this function is for what lies there, and `told` that it stays.
        unsafe { (self.head.summary)(self.place) }.ok_or(XobitoError::Order)
    }

    fn answer<A: Kept>(&self) -> Result<&A, XobitoError> {
        match self.outcome()? {
            Some(Outcome::Accepted(answer)) => Ok(answer),
            _ => Err(XobitoError::NotThere),
        }
    }

    /// The outcome, if it is one of this kind of answer.
    fn outcome<A: Kept>(&self) -> Result<Option<&Outcome<A>>, XobitoError> {
        if self.head.phase != Phase::Finished {
            return Err(XobitoError::Order);
        }
        if self.head.tag != A::TAG {
            return Ok(None);
        }
        // SAFETY: the tag says that it is a reader of `A`.
        match unsafe { &(*self.place.cast::<Reader<A>>()).answering } {
            Answering::Finished(outcome) => Ok(Some(outcome)),
            Answering::Reading(_) => Err(XobitoError::Order),
        }
    }
}

impl Call {
    /// The outcome that a reader holds, if it is one of this kind of answer.
    ///
    /// # Safety
    /// `reader` is NULL or a `xobito_reader_t` that nobody writes to as long as the outcome is used.
    pub(crate) unsafe fn finished<'a, A: Kept>(
        &mut self,
        reader: *const XobitoReader,
    ) -> Checked<Option<&'a Outcome<A>>> {
        // SAFETY: promised by the caller.
        let head = unsafe { head(self, reader)? };
        let place = reader.cast::<()>();
        match (Told { head, place }).outcome::<A>() {
            // SAFETY: it lies in the reader, not in the value that was asked.
            Ok(outcome) => Ok(outcome.map(|outcome| unsafe { &*core::ptr::from_ref(outcome) })),
            Err(error) => Err(self.refuse(error)),
        }
    }
}

/// # Safety
/// `reader` is NULL or writable.
unsafe fn prepared<A: Kept>(reader: *mut XobitoReader) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { call.out(reader) }.map(|_| {
        let ready = Reader::<A> {
            head: Head {
                magic: MAGIC,
                tag: A::TAG,
                phase: Phase::Fresh,
                happen: Answering::<A>::happen_at,
                summary: Answering::<A>::summary_at,
            },
            answering: Answering::Reading(AnswerReader::new()),
        };
        // SAFETY: `out` looked at it, and it is large enough for any of them.
        unsafe { reader.cast::<Reader<A>>().write(ready) };
        XobitoStatus::Ok
    });
    call.code(&result)
}

/// The head of a reader that was prepared, as far as one can tell.
///
/// # Safety
/// `reader` is NULL, or a `xobito_reader_t` with whatever in it.
unsafe fn head(call: &mut Call, reader: *const XobitoReader) -> Checked<Head> {
    // SAFETY: promised by the caller; the head is read only behind the magic.
    unsafe {
        call.apart(reader, 1)?;
        if call.copied(reader.cast::<u32>())? != MAGIC {
            return Err(call.refuse(XobitoError::Order));
        }
        call.copied(reader.cast::<Head>())
    }
}

/// # Safety
/// `reader` is NULL or a `xobito_reader_t` that nobody else uses.
unsafe fn happened<'a>(
    reader: *mut XobitoReader,
    event: impl FnOnce(&mut Call) -> Checked<Event<'a>>,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { happen(&mut call, reader, event) };
    call.code(&result)
}

/// # Safety
/// As [`happened`].
unsafe fn happen<'a>(
    call: &mut Call,
    reader: *mut XobitoReader,
    event: impl FnOnce(&mut Call) -> Checked<Event<'a>>,
) -> Checked<XobitoStatus> {
    // SAFETY: promised by the caller; the event lies apart from the reader, which `writes` sees to, and the head says
    // which function is for what lies there.
    unsafe {
        let head = head(call, reader)?;
        call.writes(reader, 1)?;
        let event = event(call)?;
        let Some(phase) = event.next(head.phase) else {
            return Err(call.refuse(XobitoError::Order));
        };
        (*reader.cast::<Head>()).phase = phase;
        Ok(if (head.happen)(reader.cast(), event) {
            XobitoStatus::Settled
        } else {
            XobitoStatus::Ok
        })
    }
}

/// # Safety
/// As [`xobito_reader_finish`].
unsafe fn ended(reader: *mut XobitoReader, end: Option<End>, outcome: *mut XobitoOutcome) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    unsafe {
        let result = happen(&mut call, reader, |call| {
            call.optional_out(outcome)?;
            end.map(Event::End)
                .ok_or_else(|| call.refuse(XobitoError::Value))
        });
        if result.is_err() || outcome.is_null() {
            return call.code(&result);
        }
        xobito_reader_outcome(reader, outcome)
    }
}

/// # Safety
/// `reader` is NULL or a `xobito_reader_t` that nobody writes to; `place` is NULL or writable.
unsafe fn told<T>(
    reader: *const XobitoReader,
    place: *mut T,
    tell: impl FnOnce(&Told) -> Result<T, XobitoError>,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller; the place lies apart from the reader, which `writes` sees to.
    let ask = || unsafe {
        let head = head(&mut call, reader)?;
        call.writes(reader, 1)?;
        let out = call.out(place)?;
        let place = reader.cast::<()>();
        match tell(&Told { head, place }) {
            Ok(told) => {
                out.set(told);
                Ok(XobitoStatus::Ok)
            }
            Err(error) => Err(call.refuse(error)),
        }
    };
    let result = ask();
    call.code(&result)
}
