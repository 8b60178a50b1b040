//! What people get to read: each event becomes one message, of the kind that fits it.

use xobito_core::{
    Request, RequestError,
    message::{ButtonMessage, ReplyButton, TemplateMessage, TextMessage, UrlMessage},
};

use crate::settings::{RECIPIENT, TEMPLATE};
use crate::threshold::{Event, Level};

/// Room for the longest of the messages below.
pub(crate) const CAPACITY: usize = 384;

/// A message, ready to be sent.
pub(crate) struct Alert {
    pub(crate) kind: &'static str,
    pub(crate) request: Request<CAPACITY>,
}

impl Alert {
    /// Writes the message about an event.
    pub(crate) fn about(event: &Event) -> Result<Self, RequestError> {
        let Event {
            level,
            reading,
            highest,
        } = event;
        let (kind, request) = match level {
            Level::Warm => (
                "text",
                Request::new(&TextMessage::new(
                    &RECIPIENT,
                    format_args!("🧊 Freezer 3 is getting warm: {reading}"),
                )),
            ),
            Level::Thawing => (
                "reply-buttons",
                Request::new(&ButtonMessage::new(
                    &RECIPIENT,
                    format_args!("🌡️ Freezer 3 is thawing: {reading}. Who goes?"),
                    [
                        ReplyButton {
                            id: "freezer-3-going",
                            title: "On my way",
                        },
                        ReplyButton {
                            id: "freezer-3-cannot",
                            title: "Cannot",
                        },
                    ],
                )),
            ),
            Level::Spoiling => (
                "url-button",
                Request::new(&UrlMessage::new(
                    &RECIPIENT,
                    format_args!("🔥 Freezer 3 is at {reading}: its contents spoil."),
                    "Open panel",
                    "https://plant.example/freezers/3",
                )),
            ),
            Level::Normal => match TEMPLATE {
                Some((name, language)) => {
                    let (reading, highest) = (format_args!("{reading}"), format_args!("{highest}"));
                    let values = ["Freezer 3".into(), reading.into(), highest.into()];
                    (
                        "template",
                        Request::new(
                            &TemplateMessage::new(&RECIPIENT, name, language).fields(&values),
                        ),
                    )
                }
                None => (
                    "text",
                    Request::new(&TextMessage::new(
                        &RECIPIENT,
                        format_args!("✅ Freezer 3 is cold again: {reading}, was {highest}"),
                    )),
                ),
            },
        };
        Ok(Self {
            kind,
            request: request?,
        })
    }

    /// The same for a recipient who has not written in the last 24 hours, where the settings name a template.
    #[cfg(feature = "outbox")]
    pub(crate) fn fallback(event: &Event) -> Option<Request<CAPACITY>> {
        let (name, language) = TEMPLATE.filter(|_| event.level != Level::Normal)?;
        let (reading, highest) = (
            format_args!("{}", event.reading),
            format_args!("{}", event.highest),
        );
        let values = ["Freezer 3".into(), reading.into(), highest.into()];
        let message = TemplateMessage::new(&RECIPIENT, name, language).fields(&values);
        Request::new(&message).ok()
    }
}
