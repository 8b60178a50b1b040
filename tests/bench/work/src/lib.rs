//! The work that is measured: encoding messages and reading answers, as `xobito-core` does it, as its peers do it, and
//! what the same bytes cost at the very least.
//!
//! Everybody gets the same input, and everybody must come to the same result: `tests/same_work.rs` holds the bytes that
//! were encoded and the fields that were read against each other. Where the ways differ by nature, the peer gets the
//! cheaper one: peers read the whole body from one slice, `xobito-core` reads it in [`CHUNK`]s and counts characters.

#![no_std]

pub mod answers;
pub mod floor;
pub mod messages;
pub mod picojson;
pub mod serde;
pub mod xobito;

use core::hint::black_box;

/// Bytes that the network brings at a time.
pub const CHUNK: usize = 256;

/// Bytes of [`Job::run`]'s buffer: what the largest request takes, and what the largest text takes decoded.
pub const BUFFER: usize = 20_000;

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A text of 160 characters.
    EncodeAlert,
    /// A text of 4096 characters, none of which needs an escape.
    EncodeClean,
    /// A text of 4096 emoji.
    EncodeEmoji,
    /// A text of 4096 characters, one in eight of which needs an escape.
    EncodeEscapes,
    /// A text with three reply buttons.
    EncodeButtons,
    /// The success answer.
    ReadAnswer,
    /// The same with 4096 emoji echoed, each as two escapes.
    ReadEcho,
    /// A refusal with ten fields, the first four of which are kept.
    ReadRefusal,
    /// What became of a message.
    ReadStatus,
}

impl Item {
    /// Every item.
    pub const ALL: [Self; 9] = [
        Self::EncodeAlert,
        Self::EncodeClean,
        Self::EncodeEmoji,
        Self::EncodeEscapes,
        Self::EncodeButtons,
        Self::ReadAnswer,
        Self::ReadEcho,
        Self::ReadRefusal,
        Self::ReadStatus,
    ];

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EncodeAlert => "encode a 160-character alert",
            Self::EncodeClean => "encode 4096 characters, clean",
            Self::EncodeEmoji => "encode 4096 characters, all emoji",
            Self::EncodeEscapes => "encode 4096 characters, an escape in 8",
            Self::EncodeButtons => "encode a message with three buttons",
            Self::ReadAnswer => "read the 321-byte success answer",
            Self::ReadEcho => "read it with a 49-KB echo of emoji",
            Self::ReadRefusal => "read a 422 with ten fields",
            Self::ReadStatus => "read a status answer",
        }
    }

    /// Bytes of the text that is encoded or of the answer that is read.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::EncodeAlert => messages::ALERT.len(),
            Self::EncodeClean => messages::CLEAN.len(),
            Self::EncodeEmoji => messages::EMOJI.len(),
            Self::EncodeEscapes => messages::ESCAPES.len(),
            Self::EncodeButtons => messages::BUTTONS_BODY.len(),
            Self::ReadAnswer => answers::SUCCESS.len(),
            Self::ReadEcho => answers::ECHO.len(),
            Self::ReadRefusal => answers::REFUSAL.len(),
            Self::ReadStatus => answers::STATUS.len(),
        }
    }

    /// The text or the answer: what the floors go through.
    #[must_use]
    pub const fn input(self) -> &'static [u8] {
        match self {
            Self::EncodeAlert => messages::ALERT.as_bytes(),
            Self::EncodeClean => messages::CLEAN.as_bytes(),
            Self::EncodeEmoji => messages::EMOJI.as_bytes(),
            Self::EncodeEscapes => messages::ESCAPES.as_bytes(),
            Self::EncodeButtons => messages::BUTTONS_BODY.as_bytes(),
            Self::ReadAnswer => answers::SUCCESS,
            Self::ReadEcho => answers::ECHO,
            Self::ReadRefusal => answers::REFUSAL,
            Self::ReadStatus => answers::STATUS,
        }
    }
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// `xobito-core`.
    Xobito,
    /// `serde_json`, which needs a heap or the whole body in memory.
    SerdeJson,
    /// `serde-json-core`.
    SerdeJsonCore,
    /// `picojson`, which only reads.
    Picojson,
    /// The floor: the bytes are copied.
    Copy,
    /// The floor: every byte is looked at, one after the other.
    Touch,
}

impl Who {
    /// Everybody, in the order of the tables' columns.
    pub const ALL: [Self; 6] = [
        Self::Xobito,
        Self::SerdeJson,
        Self::SerdeJsonCore,
        Self::Picojson,
        Self::Copy,
        Self::Touch,
    ];

    /// The crate's name, or what the floor does.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xobito => "xobito-core",
            Self::SerdeJson => "serde_json",
            Self::SerdeJsonCore => "serde-json-core",
            Self::Picojson => "picojson",
            Self::Copy => "memcpy",
            Self::Touch => "touch every byte",
        }
    }
}

/// A piece of work and who does it.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// The work.
    pub item: Item,
    /// Who does it.
    pub who: Who,
    /// Does it once. The buffer of [`BUFFER`] bytes takes what is encoded, or what a reader needs besides the body.
    pub run: fn(&mut [u8]),
}

impl Job {
    const fn new(item: Item, who: Who, run: fn(&mut [u8])) -> Self {
        Self { item, who, run }
    }
}

/// Every job that needs no heap.
#[rustfmt::skip] // A table reads best as one.
pub const JOBS: [Job; 40] = [
    Job::new(Item::EncodeAlert, Who::Xobito, |out| { black_box(xobito::text(black_box(messages::ALERT), out)); }),
    Job::new(Item::EncodeAlert, Who::SerdeJsonCore, |out| { black_box(serde::text(black_box(messages::ALERT), out)); }),
    Job::new(Item::EncodeAlert, Who::Copy, |out| floor::copy(Item::EncodeAlert, out)),
    Job::new(Item::EncodeAlert, Who::Touch, |_| floor::touch(Item::EncodeAlert)),
    Job::new(Item::EncodeClean, Who::Xobito, |out| { black_box(xobito::text(black_box(messages::CLEAN), out)); }),
    Job::new(Item::EncodeClean, Who::SerdeJsonCore, |out| { black_box(serde::text(black_box(messages::CLEAN), out)); }),
    Job::new(Item::EncodeClean, Who::Copy, |out| floor::copy(Item::EncodeClean, out)),
    Job::new(Item::EncodeClean, Who::Touch, |_| floor::touch(Item::EncodeClean)),
    Job::new(Item::EncodeEmoji, Who::Xobito, |out| { black_box(xobito::text(black_box(messages::EMOJI), out)); }),
    Job::new(Item::EncodeEmoji, Who::SerdeJsonCore, |out| { black_box(serde::text(black_box(messages::EMOJI), out)); }),
    Job::new(Item::EncodeEmoji, Who::Copy, |out| floor::copy(Item::EncodeEmoji, out)),
    Job::new(Item::EncodeEmoji, Who::Touch, |_| floor::touch(Item::EncodeEmoji)),
    Job::new(Item::EncodeEscapes, Who::Xobito, |out| { black_box(xobito::text(black_box(messages::ESCAPES), out)); }),
    Job::new(Item::EncodeEscapes, Who::SerdeJsonCore, |out| { black_box(serde::text(black_box(messages::ESCAPES), out)); }),
    Job::new(Item::EncodeEscapes, Who::Copy, |out| floor::copy(Item::EncodeEscapes, out)),
    Job::new(Item::EncodeEscapes, Who::Touch, |_| floor::touch(Item::EncodeEscapes)),
    Job::new(Item::EncodeButtons, Who::Xobito, |out| { black_box(xobito::buttons(black_box(messages::BUTTONS_BODY), out)); }),
    Job::new(Item::EncodeButtons, Who::SerdeJsonCore, |out| { black_box(serde::buttons(black_box(messages::BUTTONS_BODY), out)); }),
    Job::new(Item::EncodeButtons, Who::Copy, |out| floor::copy(Item::EncodeButtons, out)),
    Job::new(Item::EncodeButtons, Who::Touch, |_| floor::touch(Item::EncodeButtons)),
    Job::new(Item::ReadAnswer, Who::Xobito, |_| { xobito::accepted(black_box(answers::SUCCESS), |read| { black_box(&read); }); }),
    Job::new(Item::ReadAnswer, Who::SerdeJsonCore, |_| { black_box(&serde::accepted(black_box(answers::SUCCESS))); }),
    Job::new(Item::ReadAnswer, Who::Picojson, |scratch| { black_box(&picojson::accepted(black_box(answers::SUCCESS), scratch)); }),
    Job::new(Item::ReadAnswer, Who::Copy, |out| floor::copy(Item::ReadAnswer, out)),
    Job::new(Item::ReadAnswer, Who::Touch, |_| floor::touch(Item::ReadAnswer)),
    Job::new(Item::ReadEcho, Who::Xobito, |_| { xobito::accepted(black_box(answers::ECHO), |read| { black_box(&read); }); }),
    Job::new(Item::ReadEcho, Who::SerdeJsonCore, |_| { black_box(&serde::accepted(black_box(answers::ECHO))); }),
    Job::new(Item::ReadEcho, Who::Picojson, |scratch| { black_box(&picojson::accepted(black_box(answers::ECHO), scratch)); }),
    Job::new(Item::ReadEcho, Who::Copy, |out| floor::copy(Item::ReadEcho, out)),
    Job::new(Item::ReadEcho, Who::Touch, |_| floor::touch(Item::ReadEcho)),
    Job::new(Item::ReadRefusal, Who::Xobito, |_| { xobito::refusal(black_box(answers::REFUSAL), |read| { black_box(&read); }); }),
    Job::new(Item::ReadRefusal, Who::SerdeJsonCore, |_| { black_box(&serde::refusal(black_box(answers::REFUSAL))); }),
    Job::new(Item::ReadRefusal, Who::Picojson, |scratch| { black_box(&picojson::refusal(black_box(answers::REFUSAL), scratch)); }),
    Job::new(Item::ReadRefusal, Who::Copy, |out| floor::copy(Item::ReadRefusal, out)),
    Job::new(Item::ReadRefusal, Who::Touch, |_| floor::touch(Item::ReadRefusal)),
    Job::new(Item::ReadStatus, Who::Xobito, |_| { xobito::delivery(black_box(answers::STATUS), |read| { black_box(&read); }); }),
    Job::new(Item::ReadStatus, Who::SerdeJsonCore, |_| { black_box(&serde::delivery(black_box(answers::STATUS))); }),
    Job::new(Item::ReadStatus, Who::Picojson, |scratch| { black_box(&picojson::delivery(black_box(answers::STATUS), scratch)); }),
    Job::new(Item::ReadStatus, Who::Copy, |out| floor::copy(Item::ReadStatus, out)),
    Job::new(Item::ReadStatus, Who::Touch, |_| floor::touch(Item::ReadStatus)),
];
