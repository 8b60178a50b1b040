//! A picture, video, document or sound, by URL.

use super::wire::{Members, Object, word};
use super::{Contact, Field, Message, length};
use crate::limits::{MEDIA_PHONE_MAX, MEDIA_PHONE_MIN};
use crate::{E164, Kind, Text};

/// A file that WhatsApp fetches from a public URL.
///
/// The number must have 9 to 14 digits: this endpoint counts 10 to 15 characters with the `+`.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, checked, message::{Media, MediaMessage}};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let picture = Media::Image { url: "https://plant.example/cam/7.jpg", caption: Some("Pump 7".into()) };
/// let request = Request::<512>::new(&MediaMessage::new(&ON_CALL, picture))?;
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MediaMessage<'a> {
    to: &'a E164,
    media: Media<'a>,
    contact: Option<&'a Contact<'a>>,
}

/// What is sent. Every URL is a public http or https URL; a caption has at most 1024 characters.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)] // The fields are described above.
pub enum Media<'a> {
    /// A picture.
    Image {
        url: &'a str,
        caption: Option<Text<'a>>,
    },
    /// A video.
    Video {
        url: &'a str,
        caption: Option<Text<'a>>,
    },
    /// A document; the file name that the recipient sees has at most 255 characters.
    Document {
        url: &'a str,
        caption: Option<Text<'a>>,
        filename: Option<&'a str>,
    },
    /// A sound, which has no caption.
    Audio { url: &'a str },
}

impl<'a> MediaMessage<'a> {
    /// A file to a number.
    #[must_use]
    pub const fn new(to: &'a E164, media: Media<'a>) -> Self {
        Self {
            to,
            media,
            contact: None,
        }
    }

    /// What the workspace is to know about the recipient.
    #[must_use]
    pub const fn contact(mut self, contact: &'a Contact<'a>) -> Self {
        self.contact = Some(contact);
        self
    }
}

impl Object for MediaMessage<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        let (media_type, url, caption, filename) = match &self.media {
            Media::Image { url, caption } => (word!("media_type", "image"), url, caption, None),
            Media::Video { url, caption } => (word!("media_type", "video"), url, caption, None),
            Media::Document {
                url,
                caption,
                filename,
            } => (word!("media_type", "document"), url, caption, *filename),
            Media::Audio { url } => (word!("media_type", "audio"), url, &None, None),
        };
        out.recipient(self.to);
        let to_length = self.to.as_bytes().len();
        out.check(length(
            Field::PhoneNumber,
            to_length,
            MEDIA_PHONE_MIN,
            MEDIA_PHONE_MAX,
        ));
        out.word(media_type);
        out.url(Field::MediaUrl, url);
        out.optional(Field::Caption, caption.as_ref());
        out.optional_str(Field::Filename, filename);
        super::contact::member(self.contact, out);
    }
}

impl Message for MediaMessage<'_> {
    const KIND: Kind = Kind::Media;
}
