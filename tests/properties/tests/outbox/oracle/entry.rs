//! An entry, as it must be.

use xobito_core::outbox::{Duplicates, End};

use super::moment::{Moment, SECOND};
use crate::script::{Alert, TIME_TO_LIVE_S, Template};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Waiting,
    Sending,
    Accepted,
    Asking,
    Ended(End),
}

/// An entry, as it must be.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own.
pub(crate) struct Entry {
    /// The number of the alert whose text it has.
    pub(crate) text: u32,
    pub(crate) alert: Alert,
    pub(crate) stands_for: u32,
    pub(crate) template_now: bool,
    pub(super) other_left: bool,
    pub(super) phase: Phase,
    pub(super) not_before: Moment,
    pub(super) expires: Moment,
    pub(super) tries: u8,
    pub(super) setbacks: u8,
    /// One of its messages may have arrived, as far as the outbox knows.
    pub(super) may_have_arrived: bool,
    /// The API took it, and reported later that it failed.
    pub(super) was_accepted: bool,
}

impl Entry {
    pub(super) fn new(text: u32, alert: &Alert, now: u64) -> Self {
        let time_to_live = alert.time_to_live_s.unwrap_or(TIME_TO_LIVE_S);
        let time_to_live = time_to_live.saturating_mul(SECOND);
        Self {
            text,
            alert: alert.clone(),
            stands_for: 1,
            template_now: alert.template == Some(Template::First),
            other_left: alert.template.is_some(),
            phase: Phase::Waiting,
            not_before: Moment::default(),
            expires: Moment::after(now, time_to_live, time_to_live),
            tries: 0,
            setbacks: 0,
            may_have_arrived: false,
            was_accepted: false,
        }
    }

    /// 0 for free-form messages, 1 for templates, 2 for media.
    pub(super) fn kind(&self) -> usize {
        match (self.template_now, self.alert.media) {
            (true, _) => 1,
            (false, false) => 0,
            (false, true) => 2,
        }
    }

    /// What goes out first, the least of all.
    pub(super) fn rank(&self, id: u32) -> impl Ord + use<> {
        let priority = std::cmp::Reverse(self.alert.priority);
        (self.setbacks / 4, priority, self.setbacks, id)
    }

    /// What it is doing if the power fails now.
    pub(super) fn after_reset(&self) -> Phase {
        match self.phase {
            Phase::Sending if self.alert.duplicates == Duplicates::AtMostOnce => {
                Phase::Ended(End::Unknown)
            }
            Phase::Sending => Phase::Waiting,
            Phase::Asking => Phase::Accepted,
            phase => phase,
        }
    }

    /// Until when its template is sent if its window turns out to be closed.
    pub(super) fn falls_back_until(&self) -> Option<Moment> {
        (!self.template_now && self.other_left).then_some(self.expires)
    }

    pub(super) fn switch(&mut self) {
        self.template_now = !self.template_now;
        self.other_left = false;
        self.tries = 0;
        self.setbacks = 0;
    }

    pub(super) fn switch_or_fail(&mut self, cause: &str) {
        if self.other_left {
            self.switch();
        } else {
            self.phase = ended("failed", cause);
        }
    }
}

/// Two ways to the same end have the same words.
pub(super) fn same(one: End, other: End) -> bool {
    (one.word(), one.cause()) == (other.word(), other.cause())
}

/// The end that is called that.
pub(super) fn ended(word: &str, cause: &str) -> Phase {
    let ends = (0..=u8::MAX).flat_map(|which| (0..=u8::MAX).map(move |why| [which, why]));
    let end = ends
        .take(12 * 256)
        .filter_map(End::from_code)
        .find(|end| end.word() == word && end.cause() == Some(cause));
    Phase::Ended(end.unwrap())
}
