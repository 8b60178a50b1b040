//! Ends as two bytes, for stores and other languages. Codes are never given to anything else, and new ones are added behind.

use super::event::{End, FailedBecause, Untracked};
use crate::{Failure, Reason};

const UNTRACKED: [Untracked; 6] = [
    Untracked::NotFollowed,
    Untracked::UnusableId,
    Untracked::NotFound,
    Untracked::Refused,
    Untracked::GaveUp,
    Untracked::RoomNeeded,
];

const REASONS: [Reason; 11] = [
    Reason::ApiError,
    Reason::BadRequest,
    Reason::Token,
    Reason::Ability,
    Reason::NotFound,
    Reason::Validation,
    Reason::WindowClosed,
    Reason::RateLimited,
    Reason::Refused,
    Reason::Redirected,
    Reason::Server,
];

const FAILURES: [Failure; 10] = [
    Failure::Dns,
    Failure::Connect,
    Failure::Tls,
    Failure::Certificate,
    Failure::NoTime,
    Failure::Buffer,
    Failure::TextChanged,
    Failure::TimedOut,
    Failure::ConnectionLost,
    Failure::MalformedHttp,
];

impl End {
    /// The end as two bytes: which, and why.
    #[must_use]
    pub fn code(self) -> [u8; 2] {
        match self {
            Self::Delivered => [1, 0],
            Self::Read => [2, 0],
            Self::AcceptedUntracked(why) => [3, number(&UNTRACKED, &why)],
            Self::Failed(FailedBecause::Rejected(reason)) => [4, number(&REASONS, &reason)],
            Self::Failed(FailedBecause::NotSent(failure)) => [5, number(&FAILURES, &failure)],
            Self::Failed(FailedBecause::Undeliverable) => [6, 0],
            Self::Failed(FailedBecause::WindowClosed) => [7, 0],
            Self::Expired => [8, 0],
            Self::Dropped => [9, 0],
            Self::Unknown => [10, 0],
        }
    }

    /// The end with this code, if it is one.
    #[must_use]
    pub fn from_code(code: [u8; 2]) -> Option<Self> {
        let [which, why] = code;
        let why = usize::from(why);
        Some(match (which, why) {
            (1, 0) => Self::Delivered,
            (2, 0) => Self::Read,
            (3, _) => Self::AcceptedUntracked(*UNTRACKED.get(why)?),
            (4, _) => Self::Failed(FailedBecause::Rejected(*REASONS.get(why)?)),
            (5, _) => Self::Failed(FailedBecause::NotSent(*FAILURES.get(why)?)),
            (6, 0) => Self::Failed(FailedBecause::Undeliverable),
            (7, 0) => Self::Failed(FailedBecause::WindowClosed),
            (8, 0) => Self::Expired,
            (9, 0) => Self::Dropped,
            (10, 0) => Self::Unknown,
            _ => return None,
        })
    }
}

fn number<T: PartialEq>(all: &[T], one: &T) -> u8 {
    let at = all.iter().position(|other| other == one);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}
