//! A DER reader for the few fields that rustls-webpki does not hand out.

/// An identifier octet; the tags of certificates fit one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(u8);

impl Tag {
    pub(crate) const BOOLEAN: Self = Self(0x01);
    pub(crate) const INTEGER: Self = Self(0x02);
    pub(crate) const BIT_STRING: Self = Self(0x03);
    pub(crate) const OCTET_STRING: Self = Self(0x04);
    pub(crate) const OBJECT_IDENTIFIER: Self = Self(0x06);
    pub(crate) const UTC_TIME: Self = Self(0x17);
    pub(crate) const GENERALIZED_TIME: Self = Self(0x18);
    pub(crate) const SEQUENCE: Self = Self(0x30);
    #[cfg(feature = "webpki-roots")]
    pub(crate) const SET: Self = Self(0x31);

    /// `[number]`, constructed, as for explicit tagging.
    pub(crate) const fn explicit(number: u8) -> Self {
        Self(0xA0 | number)
    }
}

/// What is left of a run of DER values. `None` from any method means that the input is not what was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(der: &'a [u8]) -> Self {
        Self { rest: der }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next value's contents, if it has this tag.
    pub(crate) fn value(&mut self, tag: Tag) -> Option<&'a [u8]> {
        let before = *self;
        match self.any() {
            Some((found, contents)) if found == tag => Some(contents),
            _ => {
                *self = before;
                None
            }
        }
    }

    /// The next value, whatever it is.
    pub(crate) fn any(&mut self) -> Option<(Tag, &'a [u8])> {
        let (&tag, rest) = self.rest.split_first()?;
        let (&first, rest) = rest.split_first()?;
        // Two length octets hold anything that fits a TLS record; longer and non-minimal forms are not DER of ours.
        let (length, rest) = match first {
            0..=0x7F => (usize::from(first), rest),
            0x81 => {
                let (&length, rest) = rest.split_first()?;
                (usize::from(length), rest)
            }
            0x82 => {
                let (&length, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(length)), rest)
            }
            _ => return None,
        };
        let minimal = match first {
            0x81 => length > 0x7F,
            0x82 => length > 0xFF,
            _ => true,
        };
        if !minimal {
            return None;
        }
        let (contents, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((Tag(tag), contents))
    }

    /// A reader inside the next value.
    pub(crate) fn enter(&mut self, tag: Tag) -> Option<Reader<'a>> {
        self.value(tag).map(Reader::new)
    }

    /// An INTEGER above zero, without the octet that keeps it positive.
    pub(crate) fn positive_integer(&mut self) -> Option<&'a [u8]> {
        match self.value(Tag::INTEGER)? {
            [0, rest @ ..] => rest.first().filter(|&&byte| byte >= 0x80).map(|_| rest),
            value @ [1..=0x7F, ..] => Some(value),
            _ => None,
        }
    }

    /// A BIT STRING whose bits fill whole octets.
    pub(crate) fn octet_aligned_bits(&mut self) -> Option<&'a [u8]> {
        match self.value(Tag::BIT_STRING)? {
            [0, bits @ ..] => Some(bits),
            _ => None,
        }
    }

    /// A BOOLEAN with DEFAULT FALSE: absent or TRUE.
    pub(crate) fn default_false(&mut self) -> Option<bool> {
        match self.value(Tag::BOOLEAN) {
            None => Some(false),
            Some([0xFF]) => Some(true),
            Some(_) => None,
        }
    }

    /// UTCTime or GeneralizedTime as RFC 5280, 4.1.2.5 writes them, in seconds of Unix time.
    pub(crate) fn unix_time_s(&mut self) -> Option<u64> {
        let (tag, text) = self.any()?;
        let (year, rest) = match tag {
            Tag::UTC_TIME => {
                let (digits, rest) = text.split_at_checked(2)?;
                let year = decimal(digits)?;
                (if year < 50 { 2000 + year } else { 1900 + year }, rest)
            }
            Tag::GENERALIZED_TIME => {
                let (digits, rest) = text.split_at_checked(4)?;
                (decimal(digits)?, rest)
            }
            _ => return None,
        };
        let mut fields = rest.chunks(2).map(decimal);
        let mut field = |allowed: core::ops::RangeInclusive<u64>| {
            fields
                .next()
                .flatten()
                .filter(|value| allowed.contains(value))
        };
        let month = field(1..=12)?;
        let day = field(1..=31)?;
        let (hour, minute, second) = (field(0..=23)?, field(0..=59)?, field(0..=59)?);
        if rest.len() != 11 || rest.last() != Some(&b'Z') {
            return None;
        }
        // A device has no clock before 1970; a root that began earlier began at the start of time.
        let days = days_since_1970(year, month, day).unwrap_or(0);
        Some(((days * 24 + hour) * 60 + minute) * 60 + second)
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |value, &digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + u64::from(digit - b'0'))
    })
}

/// Days in the proleptic Gregorian calendar, counting years from March so that the leap day comes last.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    const DAYS_BEFORE_1970_03_01: u64 = 719_468;
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.checked_sub(1)?, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (153 * month + 2) / 5 + day - 1;
    days.checked_sub(DAYS_BEFORE_1970_03_01)
}

#[cfg(test)]
#[path = "der_tests.rs"]
mod tests;
