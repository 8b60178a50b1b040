//! What the workspace remembers: contacts, messages, windows, rate limits, and what arrived.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;

use crate::clock::Clock;
use crate::faults::{Fault, Phase};
use crate::record::Received;

/// How long a recipient's message keeps the window open.
const WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
/// The span over which requests are counted.
const RATE_WINDOW: Duration = Duration::from_secs(60);

/// A person in the workspace.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) id: u64,
    pub(crate) chat_id: u64,
    pub(crate) phone: String,
    pub(crate) first_name: String,
    pub(crate) last_wrote: Option<OffsetDateTime>,
}

/// An accepted message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) phone: String,
    /// A template, or a recipient who wrote within 24 hours: no closed window stops it.
    pub(crate) is_in_window: bool,
    pub(crate) accepted_at: OffsetDateTime,
}

/// How many requests a fault still hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ActiveFault {
    pub(crate) fault: Fault,
    /// `None`: until cleared.
    pub(crate) remaining: Option<u32>,
}

/// Connections since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// TCP connections that were accepted.
    pub opened: u64,
    /// TLS handshakes that were completed.
    pub secured: u64,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) messages: Vec<Message>,
    pub(crate) received: Vec<Received>,
    pub(crate) fault: Option<ActiveFault>,
    pub(crate) connections: Connections,
    requests_in_window: HashMap<String, (OffsetDateTime, u32)>,
    next_sequence: u64,
    next_message: u64,
}

/// What a rate limiter says about a request.
pub(crate) enum Pace {
    Allowed { remaining: u32 },
    TooFast { retry_after_s: u64 },
}

impl State {
    pub(crate) fn new(fault: Option<Fault>) -> Self {
        let mut state = Self {
            fault: fault.map(|fault| ActiveFault {
                fault,
                remaining: None,
            }),
            ..Self::default()
        };
        state.add_documented_contact();
        state
    }

    /// Forgets everything but the clock and the counters that must not repeat.
    pub(crate) fn reset(&mut self) {
        self.contacts.clear();
        self.messages.clear();
        self.received.clear();
        self.fault = None;
        self.requests_in_window.clear();
        self.add_documented_contact();
    }

    /// The contact of the documentation's example: known before anything was sent to it.
    fn add_documented_contact(&mut self) {
        self.contacts.push(Contact {
            id: 451,
            chat_id: 88,
            phone: "+14155551234".to_owned(),
            first_name: "Ada".to_owned(),
            last_wrote: Some(self.clock.now()),
        });
    }

    /// The contact of `phone`, made if need be, and whether it was.
    pub(crate) fn contact(&mut self, phone: &str, first_name: Option<&str>) -> (Contact, bool) {
        if let Some(known) = self.contacts.iter().find(|contact| contact.phone == phone) {
            return (known.clone(), false);
        }
        let number = self.contacts.len() as u64;
        let contact = Contact {
            id: 451 + number,
            chat_id: 88 + number,
            phone: phone.to_owned(),
            first_name: first_name.unwrap_or(phone).to_owned(),
            last_wrote: None,
        };
        self.contacts.push(contact.clone());
        (contact, true)
    }

    /// A recipient writes to the workspace, which opens the window.
    pub(crate) fn incoming(&mut self, phone: &str) {
        let now = self.clock.now();
        self.contact(phone, None);
        for contact in self
            .contacts
            .iter_mut()
            .filter(|contact| contact.phone == phone)
        {
            contact.last_wrote = Some(now);
        }
    }

    /// Whether `phone` wrote within 24 hours; `None` if it never wrote.
    pub(crate) fn wrote_recently(&self, phone: &str) -> Option<bool> {
        let wrote = self
            .contacts
            .iter()
            .find(|contact| contact.phone == phone)?
            .last_wrote?;
        Some(self.clock.now() - wrote < WINDOW)
    }

    /// Notes an accepted message and gives it an id.
    pub(crate) fn accept(&mut self, phone: &str, is_in_window: bool) -> Message {
        self.next_message += 1;
        let message = Message {
            id: wamid(self.next_message),
            phone: phone.to_owned(),
            is_in_window,
            accepted_at: self.clock.now(),
        };
        self.messages.push(message.clone());
        message
    }

    /// Counts a request of `token` in a window that begins with its first request.
    pub(crate) fn pace(&mut self, token: &str, limit: u32) -> Pace {
        let now = self.clock.now();
        let (since, count) = self
            .requests_in_window
            .entry(token.to_owned())
            .or_insert((now, 0));
        if now - *since >= RATE_WINDOW {
            (*since, *count) = (now, 0);
        }
        if *count >= limit {
            let left = RATE_WINDOW.saturating_sub((now - *since).unsigned_abs());
            return Pace::TooFast {
                retry_after_s: left.as_secs() + u64::from(left.subsec_nanos() > 0),
            };
        }
        *count += 1;
        Pace::Allowed {
            remaining: limit - *count,
        }
    }

    /// The fault for what happens now, if one is set for this phase; it counts as used.
    pub(crate) fn take_fault(&mut self, is_phase: impl Fn(Phase) -> bool) -> Option<Fault> {
        let active = self
            .fault
            .as_mut()
            .filter(|active| is_phase(active.fault.phase()))?;
        let fault = active.fault;
        if let Some(remaining) = active.remaining.as_mut() {
            *remaining -= 1;
            if *remaining == 0 {
                self.fault = None;
            }
        }
        Some(fault)
    }

    pub(crate) fn set_fault(&mut self, fault: Option<Fault>, requests: Option<u32>) {
        self.fault = fault
            .filter(|_| requests != Some(0))
            .map(|fault| ActiveFault {
                fault,
                remaining: requests,
            });
    }

    /// Adds to what arrived and returns the sequence number by which to find it again.
    pub(crate) fn record(&mut self, mut received: Received) -> u64 {
        self.next_sequence += 1;
        received.sequence = self.next_sequence;
        received.at_us = self.clock.now().unix_timestamp_nanos() / 1000;
        self.received.push(received);
        self.next_sequence
    }
}

/// A message id as WhatsApp makes them: 58 characters that hold all three that a path segment must encode.
fn wamid(number: u64) -> String {
    // Decodes from `HBgL++/+`.
    let mut bytes = vec![0x1c, 0x18, 0x0b, 0xfb, 0xef, 0xfe];
    let hash = RandomState::new();
    for part in 0..3 {
        bytes.extend_from_slice(&hash.hash_one((number, part)).to_be_bytes());
    }
    bytes.extend(number.to_be_bytes().into_iter().skip(1));
    format!("wamid.{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::wamid;

    #[test]
    fn ids_hold_every_character_that_needs_care() {
        let id = wamid(7);
        assert_eq!(id.len(), 58);
        assert!(
            id.contains('/') && id.contains('+') && id.ends_with("=="),
            "{id}"
        );
        assert_ne!(wamid(7), wamid(8));
    }
}
