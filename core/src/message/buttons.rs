//! A text with reply buttons.

use core::fmt;

use super::interactive::Interactive;
use super::trimmed::trimmed;
use super::wire::{Members, Object, word};
use super::{Contact, Field, InvalidMessage, Message};
use crate::bytes::is_same;
use crate::limits::BUTTONS_MAX;
use crate::{E164, Kind, Text};

/// A text with one to three buttons; the id of the one that is tapped comes back to the workspace's webhook.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, checked};
/// use xobito_core::message::{ButtonMessage, ReplyButton};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let buttons = [ReplyButton { id: "ack-7", title: "On my way" }, ReplyButton { id: "no-7", title: "Cannot" }];
/// let message = ButtonMessage::new(&ON_CALL, "Pump 7 stopped", buttons).footer("Plant north");
/// let request = Request::<512>::new(&message)?;
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
///
/// No buttons, or four of them, do not compile:
/// ```compile_fail
/// # use xobito_core::{E164, checked, message::{ButtonMessage, ReplyButton}};
/// # const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let none: [ReplyButton; 0] = [];
/// ButtonMessage::new(&ON_CALL, "Pump 7 stopped", none);
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ButtonMessage<'a> {
    interactive: Interactive<'a>,
    buttons: ReplyButtons<'a>,
}

/// A button that answers with its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplyButton<'a> {
    /// Comes back when the button is tapped: 1 to 256 characters, no space at either end, unique in the message.
    pub id: &'a str,
    /// What the recipient sees: 1 to 20 characters, unique in the message.
    pub title: &'a str,
}

/// One to three reply buttons: from an array, or from a slice whose length is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplyButtons<'a>([Option<ReplyButton<'a>>; BUTTONS_MAX]);

impl<'a> ButtonMessage<'a> {
    /// A text with buttons to a number.
    pub fn new(
        to: &'a E164,
        body: impl Into<Text<'a>>,
        buttons: impl Into<ReplyButtons<'a>>,
    ) -> Self {
        Self {
            interactive: Interactive::new(to, body.into()),
            buttons: buttons.into(),
        }
    }

    /// A line above the body: at most 60 characters.
    #[must_use]
    pub fn header(mut self, header: impl Into<Text<'a>>) -> Self {
        self.interactive.header = Some(header.into());
        self
    }

    /// A line below the body: at most 60 characters.
    #[must_use]
    pub fn footer(mut self, footer: impl Into<Text<'a>>) -> Self {
        self.interactive.footer = Some(footer.into());
        self
    }

    /// What the workspace is to know about the recipient.
    #[must_use]
    pub const fn contact(mut self, contact: &'a Contact<'a>) -> Self {
        self.interactive.contact = Some(contact);
        self
    }
}

impl ReplyButtons<'_> {
    fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        (0..)
            .zip(self.0.iter().flatten())
            .map(|(place, button)| Placed { place, button })
    }

    fn check(&self) -> Result<(), InvalidMessage> {
        for Placed { place, button } in self.placed() {
            for Placed {
                button: earlier, ..
            } in self.placed().take(place.into())
            {
                if is_same(earlier.id.as_bytes(), button.id.as_bytes()) {
                    let field = Field::ButtonId(place);
                    return Err(InvalidMessage::Duplicate { field });
                }
                // The API trims titles before it compares them.
                if is_same(trimmed(earlier.title), trimmed(button.title)) {
                    let field = Field::ButtonTitle(place);
                    return Err(InvalidMessage::Duplicate { field });
                }
            }
            if trimmed(button.id).len() < button.id.len() {
                let field = Field::ButtonId(place);
                return Err(InvalidMessage::SpaceAtEdge { field });
            }
        }
        Ok(())
    }
}

impl<'a> From<[ReplyButton<'a>; 1]> for ReplyButtons<'a> {
    fn from([first]: [ReplyButton<'a>; 1]) -> Self {
        Self([Some(first), None, None])
    }
}

impl<'a> From<[ReplyButton<'a>; 2]> for ReplyButtons<'a> {
    fn from([first, second]: [ReplyButton<'a>; 2]) -> Self {
        Self([Some(first), Some(second), None])
    }
}

impl<'a> From<[ReplyButton<'a>; 3]> for ReplyButtons<'a> {
    fn from([first, second, third]: [ReplyButton<'a>; 3]) -> Self {
        Self([Some(first), Some(second), Some(third)])
    }
}

impl<'a> TryFrom<&[ReplyButton<'a>]> for ReplyButtons<'a> {
    type Error = ButtonCount;

    fn try_from(buttons: &[ReplyButton<'a>]) -> Result<Self, ButtonCount> {
        if !(1..=BUTTONS_MAX).contains(&buttons.len()) {
            return Err(ButtonCount {
                actual: buttons.len(),
            });
        }
        let mut kept = [None; BUTTONS_MAX];
        for (place, button) in kept.iter_mut().zip(buttons) {
            *place = Some(*button);
        }
        Ok(Self(kept))
    }
}

/// A message has one to three reply buttons, not this many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ButtonCount {
    /// How many there were.
    pub actual: usize,
}

impl fmt::Display for ButtonCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "buttons: {} of them, a message has 1 to {BUTTONS_MAX}",
            self.actual
        )
    }
}

impl core::error::Error for ButtonCount {}

impl Object for ButtonMessage<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        self.interactive
            .members(word!("message_type", "interactive"), out);
        out.check(self.buttons.check());
        out.objects(Field::Buttons.rule().key, self.buttons.placed());
        super::contact::member(self.interactive.contact, out);
    }
}

impl Message for ButtonMessage<'_> {
    const KIND: Kind = Kind::Send;
}

/// A button and its place, which an error must name.
struct Placed<'a> {
    place: u8,
    button: &'a ReplyButton<'a>,
}

impl Object for Placed<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        out.text(Field::ButtonId(self.place), &self.button.id.into());
        out.text(Field::ButtonTitle(self.place), &self.button.title.into());
    }
}
