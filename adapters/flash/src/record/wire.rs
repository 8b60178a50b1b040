//! Writing and reading bytes, one field after the other.

/// Writes into a buffer; what does not fit is noticed at the end.
pub(super) struct Writer<'b> {
    buffer: &'b mut [u8],
    at: usize,
}

impl<'b> Writer<'b> {
    pub(super) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, at: 0 }
    }

    /// The kind, and room for the number.
    pub(super) fn head(&mut self, kind: u8) {
        self.u8(kind);
        self.u32(0);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.bytes(&[value]);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    /// At most 255 bytes, with their number in front.
    pub(super) fn short(&mut self, bytes: &[u8]) {
        let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        self.u8(length);
        self.bytes(bytes.get(..length.into()).unwrap_or(bytes));
    }

    pub(super) fn zeros(&mut self, count: usize) {
        for _ in 0..count {
            self.u8(0);
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let end = self.at.saturating_add(bytes.len());
        if let Some(place) = self.buffer.get_mut(self.at..end) {
            place.copy_from_slice(bytes);
        }
        self.at = end;
    }

    /// How many bytes were written, if all of them fitted.
    pub(super) fn finish(self) -> Option<usize> {
        (self.at <= self.buffer.len()).then_some(self.at)
    }
}

/// Reads from a record; whatever is missing is none.
pub(super) struct Reader<'r> {
    rest: &'r [u8],
}

impl<'r> Reader<'r> {
    pub(super) const fn new(record: &'r [u8]) -> Self {
        Self { rest: record }
    }

    /// The kind; the number is somebody else's.
    pub(super) fn head(&mut self) -> Option<u8> {
        let kind = self.u8()?;
        self.u32()?;
        Some(kind & !super::BEHIND_COMMIT)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.bytes(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?))
    }

    pub(super) fn short(&mut self) -> Option<&'r [u8]> {
        let length = self.u8()?;
        self.bytes(length.into())
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'r [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }
    /// Nothing is left but what a record is filled up with.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.iter().all(|byte| *byte == 0)
    }
}
