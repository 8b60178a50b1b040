//! The kinds of message that the API refused, and until when the outbox therefore holds them back.

use std::time::Duration;

use xobito_std::core::Kind;
use xobito_std::core::outbox::{Part, Snapshot, Stage};

/// How long a refused kind is held back before it is tried again: who gives the token the ability meanwhile need not
/// restart anything.
pub(super) const RESUME_AFTER: Duration = Duration::from_mins(5);

/// What was refused and is held back.
#[derive(Debug)]
pub(super) struct Refused {
    resume_after: Duration,
    kinds: Vec<Kind>,
    /// When the first of them was refused.
    since: Duration,
}

impl Refused {
    pub(super) const fn new(resume_after: Duration) -> Self {
        Self {
            resume_after,
            kinds: Vec::new(),
            since: Duration::ZERO,
        }
    }

    pub(super) fn note(&mut self, kind: Kind, now: Duration) {
        if self.kinds.is_empty() {
            self.since = now;
        }
        self.kinds.push(kind);
    }

    /// Whether it is time to tell the outbox to resume, which it is told once then.
    pub(super) fn is_over(&mut self, now: Duration) -> bool {
        let is_over = !self.kinds.is_empty() && now.saturating_sub(self.since) >= self.resume_after;
        if is_over {
            self.kinds.clear();
        }
        is_over
    }

    /// Whether this entry waits for nothing but that.
    pub(super) fn holds(&self, entry: &Snapshot<'_>) -> bool {
        let kind = match entry.part {
            Part::Request => entry.kind,
            Part::Template => Kind::Template,
        };
        entry.stage == Stage::Waiting && self.kinds.contains(&kind)
    }
}

#[cfg(test)]
mod tests;
