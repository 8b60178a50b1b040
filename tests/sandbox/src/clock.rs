//! The sandbox's clock: the machine's, plus what was driven forward.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

/// As the API writes times: ISO-8601, UTC, microseconds.
const API_FORMAT: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// A clock that can be driven forward but never back.
#[derive(Default)]
pub(crate) struct Clock {
    driven: Duration,
}

impl Clock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
            .saturating_add(self.driven.try_into().unwrap_or(time::Duration::MAX))
    }

    pub(crate) fn driven(&self) -> Duration {
        self.driven
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.driven = self.driven.saturating_add(by);
    }
}

pub(crate) fn iso_8601(at: OffsetDateTime) -> String {
    at.format(API_FORMAT).unwrap_or_default()
}

pub(crate) fn iso_8601_us(at_us: i128) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(at_us.saturating_mul(1000))
        .map(iso_8601)
        .unwrap_or_default()
}
