//! A text with reply buttons.

use core::fmt;

use super::wire::{Members, Object, Rule, word};
use super::{Contact, Field, InvalidMessage, Message};
use crate::limits::{BUTTON_ID_MAX, BUTTON_TITLE_MAX, BUTTONS_MAX, FOOTER_MAX, HEADER_MAX};
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
    to: &'a E164,
    body: Text<'a>,
    buttons: ReplyButtons<'a>,
    header: Option<Text<'a>>,
    footer: Option<Text<'a>>,
    contact: Option<&'a Contact<'a>>,
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
            to,
            body: body.into(),
            buttons: buttons.into(),
            header: None,
            footer: None,
            contact: None,
        }
    }

    /// A line above the body: at most 60 characters.
    #[must_use]
    pub fn header(mut self, header: impl Into<Text<'a>>) -> Self {
        self.header = Some(header.into());
        self
    }

    /// A line below the body: at most 60 characters.
    #[must_use]
    pub fn footer(mut self, footer: impl Into<Text<'a>>) -> Self {
        self.footer = Some(footer.into());
        self
    }

    /// What the workspace is to know about the recipient.
    #[must_use]
    pub const fn contact(mut self, contact: &'a Contact<'a>) -> Self {
        self.contact = Some(contact);
        self
    }
}

impl<'a> ReplyButtons<'a> {
    fn placed(&self) -> impl Iterator<Item = Placed<'a>> {
        (0..)
            .zip(self.0)
            .filter_map(|(place, button)| button.map(|button| Placed { place, button }))
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
        match *buttons {
            [first] => Ok([first].into()),
            [first, second] => Ok([first, second].into()),
            [first, second, third] => Ok([first, second, third].into()),
            _ => Err(ButtonCount {
                actual: buttons.len(),
            }),
        }
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
    fn check(&self) -> Result<(), InvalidMessage> {
        let [first, second, third] = &self.buttons.0;
        for (place, earlier, later) in [(1, first, second), (2, first, third), (2, second, third)] {
            let (Some(earlier), Some(later)) = (earlier, later) else {
                continue;
            };
            if earlier.id == later.id {
                return Err(InvalidMessage::Duplicate {
                    field: Field::ButtonId(place),
                });
            }
            // The API trims titles before it compares them.
            if earlier.title.trim() == later.title.trim() {
                return Err(InvalidMessage::Duplicate {
                    field: Field::ButtonTitle(place),
                });
            }
        }
        for Placed { place, button } in self.buttons.placed() {
            if button.id.trim() != button.id {
                return Err(InvalidMessage::SpaceAtEdge {
                    field: Field::ButtonId(place),
                });
            }
        }
        Ok(())
    }

    fn members<M: Members>(&self, out: &mut M) {
        out.recipient(self.to);
        out.text(Field::MessageBody, Rule::INTERACTIVE_BODY, self.body);
        out.word(word!("message_type", "interactive"));
        out.optional(Field::Header, Rule::up_to(HEADER_MAX), self.header);
        out.optional(Field::Footer, Rule::up_to(FOOTER_MAX), self.footer);
        out.objects(Field::Buttons.key(), self.buttons.placed());
        super::contact::member(self.contact, out);
    }
}

impl Message for ButtonMessage<'_> {
    const KIND: Kind = Kind::Send;
}

/// A button and its place, which an error must name.
struct Placed<'a> {
    place: u8,
    button: ReplyButton<'a>,
}

impl Object for Placed<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        out.text(
            Field::ButtonId(self.place),
            Rule::up_to(BUTTON_ID_MAX),
            self.button.id.into(),
        );
        out.text(
            Field::ButtonTitle(self.place),
            Rule::up_to(BUTTON_TITLE_MAX),
            self.button.title.into(),
        );
    }
}
