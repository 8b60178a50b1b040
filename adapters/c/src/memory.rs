//! Where C's pointers become Rust's references: every check that can be made of a pointer, and what only the caller
//! can promise.
//!
//! A call knows the regions that it writes to: buffers, objects and places for results. Each is held against the others
//! before it is taken, and every input against all of them before it is read, so that no shared reference ever lies under
//! an exclusive one, and no result over what it was made of. Results go out through [`Out`], by value, after the last
//! input was looked at. What is wrong is kept in the [`Call`], so that passing it on costs nothing at the many places
//! where something can be.

use core::ffi::c_char;
use core::fmt;
use core::mem::{align_of, size_of};
use core::slice;

use crate::error::{XobitoError, XobitoField, XobitoProblem, XobitoStatus};

/// A text in UTF-8: `length` bytes, which no NUL has to follow.
///
/// An optional text that is not there has `data` NULL and `length` 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoText {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes there are.
    pub length: usize,
}

impl XobitoText {
    /// No text.
    pub(crate) const NONE: Self = Self {
        data: core::ptr::null(),
        length: 0,
    };

    pub(crate) const fn of(text: &str) -> Self {
        Self {
            data: text.as_ptr().cast(),
            length: text.len(),
        }
    }

    const fn is_absent(self) -> bool {
        self.data.is_null() && self.length == 0
    }
}

/// Some bytes of memory.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    start: usize,
    len: usize,
}

impl Region {
    const NONE: Self = Self { start: 0, len: 0 };

    /// What so many objects of this size from here on take, if that is possible at all.
    fn at(start: usize, align: usize, size: usize, count: usize) -> Result<Self, XobitoError> {
        if count == 0 {
            return Ok(Self::NONE);
        }
        if start == 0 {
            return Err(XobitoError::Null);
        }
        // Alignments are powers of two.
        if start & align.wrapping_sub(1) != 0 {
            return Err(XobitoError::Alignment);
        }
        let len = count
            .checked_mul(size)
            .filter(|len| isize::try_from(*len).is_ok() && start.checked_add(*len).is_some())
            .ok_or(XobitoError::Length)?;
        Ok(Self { start, len })
    }

    const fn overlaps(self, other: Self) -> bool {
        // No sum wraps: `at` looked at it.
        self.len > 0
            && other.len > 0
            && self.start < other.start.wrapping_add(other.len)
            && other.start < self.start.wrapping_add(self.len)
    }
}

/// A call from C: what it writes to, and what was found wrong with it.
pub(crate) struct Call {
    /// Where the problem is told comes first, if it is told. No function writes to more than three regions.
    written: [Region; 3],
    problem: XobitoProblem,
    told: Option<Out<XobitoProblem>>,
}

/// The call cannot be done; it knows why.
pub(crate) struct Refused;

/// What a step of a call gives.
pub(crate) type Checked<T> = Result<T, Refused>;

impl Call {
    pub(crate) const fn new() -> Self {
        Self {
            written: [Region::NONE; 3],
            problem: XobitoProblem::NONE,
            told: None,
        }
    }

    pub(crate) fn refuse(&mut self, problem: impl Into<XobitoProblem>) -> Refused {
        self.problem = problem.into();
        Refused
    }

    /// Whether so many objects from here on can be, apart from all that the call writes to.
    pub(crate) fn apart<T>(&mut self, first: *const T, count: usize) -> Checked<()> {
        self.region(first.addr(), align_of::<T>(), size_of::<T>(), count)
            .map(|_| ())
    }

    /// From now on the call writes to so many objects from here on, too.
    pub(crate) fn writes<T>(&mut self, first: *const T, count: usize) -> Checked<()> {
        self.writes_region(first.addr(), align_of::<T>(), size_of::<T>(), count)
    }

    #[inline(never)] // Once for all types.
    fn writes_region(
        &mut self,
        start: usize,
        align: usize,
        size: usize,
        count: usize,
    ) -> Checked<()> {
        let region = self.region(start, align, size, count)?;
        match self.written.iter_mut().find(|written| written.len == 0) {
            Some(free) => *free = region,
            // A function that writes to more would never do anything.
            None => return Err(self.refuse(XobitoError::Overlap)),
        }
        Ok(())
    }

    #[inline(never)] // Once for all types.
    fn region(&mut self, start: usize, align: usize, size: usize, count: usize) -> Checked<Region> {
        let region = match Region::at(start, align, size, count) {
            Ok(region) => region,
            Err(error) => return Err(self.refuse(error)),
        };
        let mut written = self.written.iter();
        match written.position(|written| region.overlaps(*written)) {
            None => Ok(region),
            Some(at) => {
                if at == 0 {
                    // Told there, the problem would destroy what the call must not touch.
                    self.told = None;
                }
                Err(self.refuse(XobitoError::Overlap))
            }
        }
    }

    /// So many objects from here on.
    ///
    /// # Safety
    /// If the checks pass, they are initialised and nobody writes to them for as long as the slice is used.
    pub(crate) unsafe fn list<'a, T>(&mut self, first: *const T, count: usize) -> Checked<&'a [T]> {
        self.apart(first, count)?;
        if count == 0 {
            return Ok(&[]);
        }
        // SAFETY: not null, aligned, of a possible length and apart from what is written, says `apart`; the rest
        // the caller promises.
        Ok(unsafe { slice::from_raw_parts(first, count) })
    }

    /// A text; none is an empty one.
    ///
    /// # Safety
    /// As [`Self::list`].
    pub(crate) unsafe fn text<'a>(&mut self, text: XobitoText) -> Checked<&'a str> {
        // SAFETY: promised by the caller.
        let bytes = unsafe { self.list(text.data.cast::<u8>(), text.length)? };
        core::str::from_utf8(bytes).map_err(|_| self.refuse(XobitoError::Utf8))
    }

    /// A text for a field, which a mistake names; none is an empty one.
    ///
    /// # Safety
    /// As [`Self::list`].
    pub(crate) unsafe fn field<'a>(
        &mut self,
        text: XobitoText,
        field: XobitoField,
        index: u32,
    ) -> Checked<&'a str> {
        // SAFETY: promised by the caller.
        let checked = unsafe { self.text(text) };
        if checked.is_err() {
            self.in_field(field, index);
        }
        checked
    }

    /// A text for a field that may be missing.
    ///
    /// # Safety
    /// As [`Self::list`].
    pub(crate) unsafe fn optional<'a>(
        &mut self,
        text: XobitoText,
        field: XobitoField,
        index: u32,
    ) -> Checked<Option<&'a str>> {
        if text.is_absent() {
            return Ok(None);
        }
        // SAFETY: promised by the caller.
        unsafe { self.field(text, field, index) }.map(Some)
    }

    /// What was found wrong is wrong with this field.
    pub(crate) fn in_field(&mut self, field: XobitoField, index: u32) -> Refused {
        self.problem.field = field.code();
        self.problem.index = index;
        Refused
    }

    /// A copy of what a pointer points to.
    ///
    /// # Safety
    /// If the checks pass, it is initialised and nobody writes to it during the call.
    pub(crate) unsafe fn copied<T: Copy>(&mut self, pointer: *const T) -> Checked<T> {
        self.apart(pointer, 1)?;
        // SAFETY: not null and aligned; the rest the caller promises.
        Ok(unsafe { pointer.read() })
    }

    /// The caller's buffer, to be asked for before anything is read. NULL will do for one of no bytes.
    ///
    /// # Safety
    /// If the checks pass, it may be written to, and nobody else uses it while the slice is used.
    pub(crate) unsafe fn buffer<'a>(
        &mut self,
        first: *mut u8,
        capacity: usize,
    ) -> Checked<&'a mut [u8]> {
        self.writes(first.cast_const(), capacity)?;
        if capacity == 0 {
            return Ok(&mut []);
        }
        // SAFETY: not null, of a possible length; the rest the caller promises, and that no input lies in it
        // `apart` sees to from now on.
        Ok(unsafe { slice::from_raw_parts_mut(first, capacity) })
    }

    /// A place for a result.
    ///
    /// # Safety
    /// If the checks pass, it may be written to, and nobody else uses it during the call.
    pub(crate) unsafe fn out<T>(&mut self, place: *mut T) -> Checked<Out<T>> {
        self.writes(place.cast_const(), 1)?;
        Ok(Out(place))
    }

    /// A place for a result that nobody may want.
    ///
    /// # Safety
    /// As [`Self::out`]; NULL is none.
    pub(crate) unsafe fn optional_out<T>(&mut self, place: *mut T) -> Checked<Option<Out<T>>> {
        if place.is_null() {
            return Ok(None);
        }
        // SAFETY: promised by the caller.
        unsafe { self.out(place) }.map(Some)
    }

    /// Where [`Self::answer`] tells the problem: to be said before all else.
    ///
    /// # Safety
    /// As [`Self::out`]; NULL is none.
    pub(crate) unsafe fn tells(&mut self, place: *mut XobitoProblem) -> Checked<()> {
        // SAFETY: promised by the caller.
        self.told = unsafe { self.optional_out(place)? };
        Ok(())
    }

    /// Ends the call: the number to return.
    pub(crate) fn code(&self, result: &Checked<XobitoStatus>) -> i32 {
        match result {
            Ok(status) => status.code(),
            Err(Refused) => self.problem.error,
        }
    }

    /// Ends the call: tells the problem, where somebody wants to know, and gives the number to return.
    pub(crate) fn answer(&self, result: &Checked<XobitoStatus>) -> i32 {
        if let Some(told) = &self.told {
            told.set(match result {
                Ok(_) => XobitoProblem::NONE,
                Err(Refused) => self.problem,
            });
        }
        self.code(result)
    }
}

/// A place for a result.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    pub(crate) fn set(&self, value: T) {
        // SAFETY: not null and aligned, says `Call::out`; writable, promised its caller; no reference to it exists.
        unsafe { self.0.write(value) }
    }
}

/// Takes a text, keeps what fits and counts all of it.
pub(crate) struct TextBuffer<'a> {
    buffer: &'a mut [u8],
    length: usize,
}

impl fmt::Write for TextBuffer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let free = self.buffer.get_mut(self.length..).unwrap_or_default();
        for (place, byte) in free.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        self.length = self.length.saturating_add(text.len());
        Ok(())
    }

    /// Nothing here is formatted; without this, whatever writes a text would link the machinery that does.
    fn write_fmt(&mut self, _: fmt::Arguments<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

impl Call {
    /// Writes a text with a NUL behind it into a caller's buffer, and its length, which does not count the NUL.
    ///
    /// The length is told even where the buffer is too small; then the buffer is wiped, for part of a token may be in it.
    ///
    /// # Safety
    /// `buffer` and `length` may be written to.
    pub(crate) unsafe fn text_out(
        &mut self,
        buffer: *mut c_char,
        capacity: usize,
        length: *mut usize,
        write: &mut dyn FnMut(&mut Self, &mut TextBuffer<'_>) -> Checked<()>,
    ) -> Checked<XobitoStatus> {
        // SAFETY: promised by the caller.
        let (buffer, length) = unsafe {
            let buffer = self.buffer(buffer.cast::<u8>(), capacity)?;
            (buffer, self.out(length)?)
        };
        let mut out = TextBuffer { buffer, length: 0 };
        let result = write(self, &mut out);
        let TextBuffer {
            buffer,
            length: needed,
        } = out;
        if result.is_err() && self.problem.error == XobitoError::Overlap.code() {
            // It was found before anything was written, and what lies there is not to be wiped.
            return Err(Refused);
        }
        length.set(if result.is_ok() { needed } else { 0 });
        match (result, buffer.get_mut(needed)) {
            (Ok(()), Some(end)) => {
                *end = 0;
                Ok(XobitoStatus::Ok)
            }
            (Ok(()), None) => {
                buffer.fill(0);
                let enough = needed.saturating_add(1);
                Err(self.refuse(XobitoProblem::too_small(capacity, enough)))
            }
            (Err(Refused), _) => {
                buffer.fill(0);
                Err(Refused)
            }
        }
    }
}

/// A [`TextBuffer`] answers with no error: it counts what it has no room for.
pub(crate) fn written(result: fmt::Result) -> Checked<()> {
    result.map_err(|fmt::Error| Refused)
}
