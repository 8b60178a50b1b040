//! Between the outbox's types and C's.

use core::ffi::c_char;
use core::time::Duration;

use xobito_core::outbox::{
    Backoff, Budget, Coalesce, Config, Duplicates, End, Ended, EnqueueError, Event, FailedBecause,
    Follow, Full, Priority, Step, Untracked,
};
use xobito_core::{BorrowedRequest, Kind, Warning, limits};

use super::{
    XobitoCoalesce, XobitoDuplicates, XobitoEnd, XobitoEnded, XobitoOutboxConfig, XobitoPriority,
    XobitoStep, XobitoStepKind, XobitoUntracked, XobitoWhenFull,
};
use crate::cause::XobitoCause;
use crate::error::{XobitoError, XobitoProblem};
use crate::head::XobitoEndpoint;
use crate::message::XobitoRequest;

impl Default for XobitoOutboxConfig {
    fn default() -> Self {
        Self {
            per_minute: limits::REQUESTS_PER_MINUTE,
            burst: limits::OUTBOX_BURST,
            recipient_gap_ms: const { in_ms(limits::OUTBOX_RECIPIENT_GAP) },
            cool_down_ms: const { in_ms(limits::OUTBOX_COOL_DOWN) },
            link_wait_first_ms: const { in_ms(limits::OUTBOX_LINK_WAIT_FIRST) },
            link_wait_longest_ms: const { in_ms(limits::OUTBOX_LINK_WAIT_LONGEST) },
            retry_wait_first_ms: const { in_ms(limits::OUTBOX_RETRY_WAIT_FIRST) },
            retry_wait_longest_ms: const { in_ms(limits::OUTBOX_RETRY_WAIT_LONGEST) },
            query_first_ms: const { in_ms(limits::OUTBOX_QUERY_FIRST) },
            query_longest_ms: const { in_ms(limits::OUTBOX_QUERY_LONGEST) },
            queries: limits::OUTBOX_QUERIES.into(),
            when_full: code(XobitoWhenFull::Refuse),
            time_to_live_ms: const { in_ms(limits::OUTBOX_TIME_TO_LIVE) }.into(),
        }
    }
}

/// For constants only, where what is too large does not compile.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects
)]
const fn in_ms(duration: Duration) -> u32 {
    assert!(duration.as_millis() <= u32::MAX as u128, "49 days at most");
    duration.as_millis() as u32
}

/// The core's configuration, unless this one contradicts itself.
pub(super) fn config(given: &XobitoOutboxConfig) -> Option<Config> {
    let backoff = |first, longest| Backoff::new(short(first), short(longest));
    let full = match given.when_full {
        0 => Full::Refuse,
        1 => Full::DropLowest,
        _ => return None,
    };
    let queries = u8::try_from(given.queries).ok()?;
    let follow = Follow::new(
        short(given.query_first_ms),
        short(given.query_longest_ms),
        queries,
    );
    Some(
        Config::DEFAULT
            .budget(Budget::new(given.per_minute, given.burst).ok()?)
            .recipient_gap(short(given.recipient_gap_ms))
            .cool_down(short(given.cool_down_ms))
            .link_backoff(backoff(
                given.link_wait_first_ms,
                given.link_wait_longest_ms,
            ))
            .retry_backoff(backoff(
                given.retry_wait_first_ms,
                given.retry_wait_longest_ms,
            ))
            .follow((queries > 0).then_some(follow))
            .when_full(full)
            .time_to_live(milliseconds(given.time_to_live_ms)),
    )
}

fn short(ms: u32) -> Duration {
    milliseconds(ms.into())
}

/// A time or duration; `u64::MAX` is for ever.
///
/// It divides by hand, in steps of 16 bits: the function that divides 64 bits on a small processor takes 700 bytes.
pub(super) fn milliseconds(ms: u64) -> Duration {
    if ms == u64::MAX {
        return Duration::MAX;
    }
    let (mut seconds, mut rest) = (0_u64, 0_u32);
    let mut left = ms;
    for _ in 0..4 {
        let limb = u32::try_from(left >> 48).unwrap_or_default();
        left <<= 16;
        let part = (rest << 16) | limb;
        seconds = (seconds << 16) | u64::from(part / 1000);
        rest = part % 1000;
    }
    Duration::new(seconds, rest.saturating_mul(1_000_000))
}

/// The other way.
pub(super) fn in_milliseconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(1000)
        .saturating_add(duration.subsec_millis().into())
}

pub(super) fn duplicates(number: i32) -> Result<Duplicates, XobitoError> {
    match number {
        1 => Ok(Duplicates::AtLeastOnce),
        2 => Ok(Duplicates::AtMostOnce),
        _ => Err(XobitoError::Value),
    }
}

pub(super) fn priority(number: i32) -> Result<Priority, XobitoError> {
    match number {
        -1 => Ok(Priority::Low),
        0 => Ok(Priority::Normal),
        1 => Ok(Priority::High),
        2 => Ok(Priority::Urgent),
        _ => Err(XobitoError::Value),
    }
}

pub(super) fn coalesce(number: i32) -> Result<Option<Coalesce>, XobitoError> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(Coalesce::KeepFirst)),
        2 => Ok(Some(Coalesce::ReplaceWithLatest)),
        _ => Err(XobitoError::Value),
    }
}

/// The numbers above are the enumerations'.
#[allow(clippy::as_conversions)] // The one way from an enum to its number.
const _: () = {
    assert!(XobitoDuplicates::AtLeastOnce as i32 == 1 && XobitoDuplicates::AtMostOnce as i32 == 2);
    assert!(XobitoPriority::Low as i32 == -1 && XobitoPriority::Urgent as i32 == 2);
    assert!(XobitoCoalesce::KeepFirst as i32 == 1);
    assert!(XobitoCoalesce::ReplaceWithLatest as i32 == 2);
    assert!(XobitoWhenFull::DropLowest as i32 == 1);
};

pub(super) fn kind(endpoint: i32) -> Result<Kind, XobitoError> {
    match XobitoEndpoint::of(endpoint)? {
        XobitoEndpoint::Send => Ok(Kind::Send),
        XobitoEndpoint::Template => Ok(Kind::Template),
        XobitoEndpoint::Media => Ok(Kind::Media),
        XobitoEndpoint::Status | XobitoEndpoint::Validate => Err(XobitoError::Value),
    }
}

impl From<EnqueueError> for XobitoProblem {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::TooLarge { capacity, needed } => Self::too_small(capacity, needed),
            EnqueueError::Full { slots } => Self {
                maximum: slots,
                ..XobitoError::Full.into()
            },
            EnqueueError::NotATemplate => XobitoError::NotATemplate.into(),
            _ => XobitoError::IdsExhausted.into(),
        }
    }
}

impl XobitoEnded {
    pub(super) const NONE: Self = Self {
        id: 0,
        end: 0,
        cause: 0,
        untracked: 0,
        has_key: 0,
        key: 0,
        stands_for: 0,
        attempts: 0,
        recipient: [0; 17],
        message_id: [0; 129],
    };
}

impl From<&Ended> for XobitoEnded {
    fn from(ended: &Ended) -> Self {
        let (end, cause, untracked) = match ended.end {
            End::Delivered => (XobitoEnd::Delivered, XobitoCause::None, None),
            End::Read => (XobitoEnd::Read, XobitoCause::None, None),
            End::AcceptedUntracked(why) => {
                (XobitoEnd::AcceptedUntracked, XobitoCause::None, Some(why))
            }
            End::Failed(why) => (XobitoEnd::Failed, failed(why), None),
            End::Expired => (XobitoEnd::Expired, XobitoCause::None, None),
            End::Dropped => (XobitoEnd::Dropped, XobitoCause::None, None),
            End::Unknown => (XobitoEnd::Unknown, XobitoCause::None, None),
            _ => (XobitoEnd::Other, XobitoCause::Other, None),
        };
        let mut told = Self {
            id: ended.id.0,
            end: code(end),
            cause: cause.code(),
            untracked: code(untracked.map_or(XobitoUntracked::Other, self::untracked)),
            has_key: ended.key.is_some().into(),
            key: ended.key.map_or(0, |key| key.0),
            stands_for: ended.stands_for,
            attempts: ended.attempts.into(),
            ..Self::NONE
        };
        put(&mut told.recipient, ended.recipient.as_str());
        if let Some(id) = &ended.message_id {
            put(&mut told.message_id, id.as_str());
        }
        told
    }
}

fn failed(why: FailedBecause) -> XobitoCause {
    match why {
        FailedBecause::Rejected(reason) => XobitoCause::of_reason(reason),
        FailedBecause::NotSent(failure) => XobitoCause::of_failure(failure),
        FailedBecause::Undeliverable => XobitoCause::Undeliverable,
        FailedBecause::WindowClosed => XobitoCause::WindowClosed,
        _ => XobitoCause::Other,
    }
}

fn untracked(why: Untracked) -> XobitoUntracked {
    match why {
        Untracked::NotFollowed => XobitoUntracked::NotFollowed,
        Untracked::UnusableId => XobitoUntracked::UnusableId,
        Untracked::NotFound => XobitoUntracked::NotFound,
        Untracked::Refused => XobitoUntracked::Refused,
        Untracked::GaveUp => XobitoUntracked::GaveUp,
        Untracked::RoomNeeded => XobitoUntracked::RoomNeeded,
        _ => XobitoUntracked::Other,
    }
}

impl From<Step<'_>> for XobitoStep {
    fn from(step: Step<'_>) -> Self {
        let mut told = Self {
            kind: 0,
            id: 0,
            request: XobitoRequest {
                endpoint: 0,
                body: core::ptr::null(),
                body_length: 0,
                warning_characters: 0,
            },
            message_id: [0; 129],
            until_ms: 0,
            ended: XobitoEnded::NONE,
            endpoint: 0,
        };
        told.kind = code(match step {
            Step::Send { id, request } => {
                told.id = id.0;
                told.request = requested(request);
                XobitoStepKind::Send
            }
            Step::Query { id, message_id } => {
                told.id = id.0;
                put(&mut told.message_id, message_id.as_str());
                XobitoStepKind::Query
            }
            Step::Report(Event::Ended(ended)) => {
                told.ended = (&ended).into();
                told.id = ended.id.0;
                XobitoStepKind::Ended
            }
            Step::Report(Event::TokenRefused) => XobitoStepKind::TokenRefused,
            Step::Report(Event::KindRefused(kind)) => {
                told.endpoint = XobitoEndpoint::of_kind(kind).code();
                XobitoStepKind::KindRefused
            }
            Step::InFlight { id } => {
                told.id = id.0;
                XobitoStepKind::InFlight
            }
            Step::Wait(until) => {
                told.until_ms = in_milliseconds(until);
                XobitoStepKind::Wait
            }
            Step::Idle | Step::Report(_) => XobitoStepKind::Idle,
        });
        told
    }
}

fn requested(request: BorrowedRequest<'_>) -> XobitoRequest {
    XobitoRequest {
        endpoint: XobitoEndpoint::of_kind(request.kind()).code(),
        body: request.body().as_ptr(),
        body_length: request.body().len(),
        warning_characters: match request.warning() {
            Some(Warning::InteractiveBodyLength { characters }) => characters,
            _ => 0,
        },
    }
}

/// Copies a text of ASCII or UTF-8 before the NUL at the end of its place.
#[allow(clippy::cast_possible_wrap, clippy::as_conversions)] // `char` has a sign on some targets and none on others.
fn put(place: &mut [c_char], text: &str) {
    let room = place.len().saturating_sub(1);
    for (place, byte) in place.iter_mut().take(room).zip(text.bytes()) {
        *place = byte as c_char;
    }
}

/// The number of an enumeration's member.
fn code(member: impl Into<i32>) -> i32 {
    member.into()
}

macro_rules! numbered {
    ($($name:ident),*) => {$(
        impl From<$name> for i32 {
            #[allow(clippy::as_conversions)] // The one way from an enum to its number.
            fn from(member: $name) -> Self {
                member as Self
            }
        }
    )*};
}

numbered!(XobitoWhenFull, XobitoEnd, XobitoUntracked, XobitoStepKind);
