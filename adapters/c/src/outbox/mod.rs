//! The outbox: alerts that are not lost while the link is down, not sent twice without consent, and not sent too fast.
//!
//! ```text
//!   enqueue ──▶ poll ──SEND──▶ (HTTP, reader) ──▶ settle ──▶ poll ──QUERY──▶ … ──▶ poll ──REPORT──▶ done
//! ```

mod calls;
mod storage;
mod told;

pub use calls::*;
pub use storage::*;

use core::ffi::c_char;

use crate::limits::{XOBITO_E164_MAX_DIGITS, XOBITO_MESSAGE_ID_MAX};
use crate::memory::XobitoText;
use crate::message::XobitoRequest;

/// How an outbox paces, retries and follows; `xobito_outbox_config_default` fills it in. Times in milliseconds, up to
/// 49 days.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoOutboxConfig {
    /// Requests in any 60 seconds, at most: messages and status queries together.
    pub per_minute: u32,
    /// How many of them at once: at least 1, and fewer than `per_minute`.
    pub burst: u32,
    /// The least time between two messages to the same recipient.
    pub recipient_gap_ms: u32,
    /// The least time between two messages with the same key to the same recipient.
    pub cool_down_ms: u32,
    /// How long nothing goes out after the link failed once; it doubles with each failure in a row.
    pub link_wait_first_ms: u32,
    /// The longest such wait.
    pub link_wait_longest_ms: u32,
    /// How long an entry waits after its first server error or unknown outcome, or where it was not taken in (408, 421,
    /// 425); it doubles with each in a row.
    pub retry_wait_first_ms: u32,
    /// The longest such wait.
    pub retry_wait_longest_ms: u32,
    /// The time from a message's acceptance until its delivery is first asked after; it doubles with each query.
    pub query_first_ms: u32,
    /// The longest time between two queries.
    pub query_longest_ms: u32,
    /// How often a delivery is asked after, at most 255 times; 0 does not follow messages.
    pub queries: u32,
    /// What a full outbox does with a newcomer: one of `xobito_when_full_t`.
    pub when_full: i32,
    /// How long an entry may wait; `UINT64_MAX` is for ever.
    pub time_to_live_ms: u64,
}

/// What a full outbox does with a newcomer.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoWhenFull {
    /// Refuses it.
    Refuse = 0,
    /// Gives up following an accepted message, or drops the oldest entry of a lower priority; else refuses it.
    DropLowest = 1,
}

/// An alert on its way into an outbox, which copies all of it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoEntry {
    /// What is to be sent, as one of the `_encode` functions told it.
    pub request: XobitoRequest,
    /// To whom: the number that the request names.
    pub recipient: XobitoText,
    /// What happens when nobody can tell whether it went out: one of `xobito_duplicates_t`. It has no default.
    pub duplicates: i32,
    /// One of `xobito_priority_t`.
    pub priority: i32,
    /// How long it may wait; 0 is what the configuration says, `UINT64_MAX` for ever.
    pub time_to_live_ms: u64,
    /// Whether it joins one that waits with the same key for the same recipient: one of `xobito_coalesce_t`.
    pub coalesce: i32,
    /// What it is about, as a number of the firmware's choice: it counts unless `coalesce` is `XOBITO_COALESCE_NONE`.
    pub key: u32,
    /// A template message for where the 24-hour window is closed, or NULL.
    pub template_request: *const XobitoRequest,
    /// Not 0 to send the template first, and the request only where the API refuses that.
    pub is_template_first: u8,
}

/// What happens when nobody can tell whether a message went out.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoDuplicates {
    /// It is sent again until an answer settles it or its time is over: it may arrive more than once.
    AtLeastOnce = 1,
    /// It is not sent again, and reported as unknown: it may not arrive.
    AtMostOnce = 2,
}

/// How urgent an entry is.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoPriority {
    /// After all others.
    Low = -1,
    /// As most.
    Normal = 0,
    /// Before most.
    High = 1,
    /// Before all others.
    Urgent = 2,
}

/// What happens to a newcomer whose key and recipient are those of an entry that waits.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoCoalesce {
    /// Nothing: the entry has no key.
    None = 0,
    /// What waits stays as it is, and counts one more.
    KeepFirst = 1,
    /// The newcomer takes the place of what waits, which keeps its id and counts one more.
    ReplaceWithLatest = 2,
}

/// What became of an entry that was taken in.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoEnqueued {
    /// Its id, or that of the entry that now stands for it too. Later entries have larger ones.
    pub id: u32,
    /// How many alerts the entry stands for now.
    pub stands_for: u32,
    /// Not 0 where another entry had to make room; `displaced` then reports its end, and `poll` will not.
    pub has_displaced: u8,
    /// The report about that entry.
    pub displaced: XobitoEnded,
}

/// What an outbox wants to be done.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoStep {
    /// What: one of `xobito_step_kind_t`. The members below count only where it says so.
    pub kind: i32,
    /// Which entry: of `SEND`, `QUERY` and `IN_FLIGHT`.
    pub id: u32,
    /// Of `SEND`: what to post. It lies in the outbox until the entry is settled.
    pub request: XobitoRequest,
    /// Of `QUERY`: whose status to get, ended by NUL.
    pub message_id: [c_char; 129],
    /// Of `WAIT`: nothing happens before this time.
    pub until_ms: u64,
    /// Of `ENDED`: what became of an entry. It is reported this once.
    pub ended: XobitoEnded,
    /// Of `KIND_REFUSED`: which kind of message (`xobito_endpoint_t`).
    pub endpoint: i32,
}

const _: () = assert!(XOBITO_MESSAGE_ID_MAX + 1 == 129 && XOBITO_E164_MAX_DIGITS + 2 == 17);

/// What an outbox wants to be done.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoStepKind {
    /// Nothing at all, until something is enqueued, or the outbox is resumed.
    Idle = 0,
    /// Post `request`, read the answer with a reader for a message, and settle `id`.
    Send = 1,
    /// Get the status of `message_id`, read the answer with a reader for a status, and settle `id`.
    Query = 2,
    /// An entry came to its end. Every entry does, once.
    Ended = 3,
    /// The API refused the token (401): nothing goes out until `xobito_outbox_resume`; only where it refused it to a query, messages
    /// still do.
    TokenRefused = 4,
    /// The API refused this kind of message (403): none goes out until `xobito_outbox_resume`.
    KindRefused = 5,
    /// What was handed out before is not settled yet, and nothing else goes out meanwhile.
    InFlight = 6,
    /// Nothing before `until_ms`, unless something is enqueued, or the link comes up.
    Wait = 7,
}

/// What became of an entry.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoEnded {
    /// Which entry.
    pub id: u32,
    /// Its end: one of `xobito_end_t`.
    pub end: i32,
    /// Of `XOBITO_END_FAILED`: why, one of `xobito_cause_t`.
    pub cause: i32,
    /// Of `XOBITO_END_ACCEPTED_UNTRACKED`: why, one of `xobito_untracked_t`.
    pub untracked: i32,
    /// Not 0 where the entry has a key.
    pub has_key: u8,
    /// What it was about.
    pub key: u32,
    /// How many alerts it stood for.
    pub stands_for: u32,
    /// How often it was sent, or tried to be.
    pub attempts: u32,
    /// Whom it was for, ended by NUL.
    pub recipient: [c_char; 17],
    /// The message's id if the API took it, ended by NUL; empty otherwise.
    pub message_id: [c_char; 129],
}

/// How an entry ended.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoEnd {
    /// None that this header knows.
    Other = 0,
    /// It is on the recipient's phone.
    Delivered = 1,
    /// The recipient has seen it.
    Read = 2,
    /// The API took it, and what became of it then is not known.
    AcceptedUntracked = 3,
    /// It will not arrive.
    Failed = 4,
    /// Its time to live was over before it could be sent.
    Expired = 5,
    /// It made room for one of higher priority.
    Dropped = 6,
    /// It may have been sent or not, and at-most-once forbids to send it again.
    Unknown = 7,
}

/// Why nobody asks after an accepted message.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoUntracked {
    /// None that this header knows.
    Other = 0,
    /// The configuration does not ask for it.
    NotFollowed = 1,
    /// Its id cannot be asked after.
    UnusableId = 2,
    /// The API knows no such message, or offers no status (404).
    NotFound = 3,
    /// The API refused the query.
    Refused = 4,
    /// As often as the configuration allows, the message was still under way.
    GaveUp = 5,
    /// Its slot was needed.
    RoomNeeded = 6,
}
