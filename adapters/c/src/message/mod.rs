//! The messages as C describes them.

mod described;
mod encode;
mod job;
mod stream;

pub use encode::*;
pub use stream::*;

use crate::memory::XobitoText;

/// A text, and nothing else. Reaches only a recipient who wrote within the last 24 hours.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoTextMessage {
    /// The recipient in E.164 form, such as `+14155551234`.
    pub to: XobitoText,
    /// At most 4096 characters.
    pub body: XobitoText,
    /// What the workspace is to know about the recipient, or NULL.
    pub contact: *const XobitoContact,
}

/// A text with one to three buttons; the id of the one that is tapped comes back to the workspace's webhook.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoButtonMessage {
    /// The recipient in E.164 form.
    pub to: XobitoText,
    /// At most 4096 characters, of which Meta takes 1024.
    pub body: XobitoText,
    /// The buttons.
    pub buttons: *const XobitoButton,
    /// How many: 1 to 3.
    pub button_count: usize,
    /// A line above the body, at most 60 characters; optional.
    pub header: XobitoText,
    /// A line below the body, at most 60 characters; optional.
    pub footer: XobitoText,
    /// What the workspace is to know about the recipient, or NULL.
    pub contact: *const XobitoContact,
}

/// A button that answers with its id.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoButton {
    /// 1 to 256 characters, no space at either end, unique in the message.
    pub id: XobitoText,
    /// What the recipient sees: 1 to 20 characters, unique in the message.
    pub title: XobitoText,
}

/// A text with one button that opens a web page.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoUrlMessage {
    /// The recipient in E.164 form.
    pub to: XobitoText,
    /// At most 4096 characters, of which Meta takes 1024.
    pub body: XobitoText,
    /// The button's label, at most 20 characters.
    pub button_text: XobitoText,
    /// An http or https URL.
    pub button_url: XobitoText,
    /// A line above the body, at most 60 characters; optional.
    pub header: XobitoText,
    /// A line below the body, at most 60 characters; optional.
    pub footer: XobitoText,
    /// What the workspace is to know about the recipient, or NULL.
    pub contact: *const XobitoContact,
}

/// A template that Meta approved, with its values. Reaches a recipient at any time.
///
/// Values have no newline, no tab and at most 4 spaces in a row.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoTemplateMessage {
    /// The recipient in E.164 form, at most 14 digits.
    pub to: XobitoText,
    /// The template's name.
    pub name: XobitoText,
    /// Its language, 2 to 10 characters, such as `en_US`.
    pub language: XobitoText,
    /// The id of the number that the message is sent from, where the workspace has several; optional.
    pub from_phone_number_id: XobitoText,
    /// What kind of header it has: one of `xobito_header_kind_t`, 0 for none.
    pub header_kind: i32,
    /// The header's value, or its URL.
    pub header: XobitoText,
    /// The file name that the recipient of a document sees, at most 255 characters; optional.
    pub header_document_name: XobitoText,
    /// The values for `{{1}}` to `{{10}}` of the body.
    pub fields: *const XobitoText,
    /// How many: 0 to 10.
    pub field_count: usize,
    /// The values of the buttons, by their place; absent (NULL, 0) for a button that takes none.
    pub buttons: *const XobitoText,
    /// How many: 0 to 10.
    pub button_count: usize,
}

/// The header of a template.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoHeaderKind {
    /// None, or one without a value.
    None = 0,
    /// The value in a text header.
    Field = 1,
    /// The URL of a picture.
    Image = 2,
    /// The URL of a video.
    Video = 3,
    /// The URL of a document.
    Document = 4,
}

/// A file that WhatsApp fetches from a public URL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoMediaMessage {
    /// The recipient in E.164 form, 9 to 14 digits.
    pub to: XobitoText,
    /// What it is: one of `xobito_media_kind_t`.
    pub kind: i32,
    /// An http or https URL.
    pub url: XobitoText,
    /// At most 1024 characters; optional, and absent for a sound.
    pub caption: XobitoText,
    /// The file name that the recipient of a document sees, at most 255 characters; optional, and absent for others.
    pub filename: XobitoText,
    /// What the workspace is to know about the recipient, or NULL.
    pub contact: *const XobitoContact,
}

/// What a file is.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoMediaKind {
    /// A picture.
    Image = 1,
    /// A video.
    Video = 2,
    /// A document.
    Document = 3,
    /// A sound.
    Audio = 4,
}

/// Fields of the recipient's contact; set those that are known and leave the others 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoContact {
    /// First name.
    pub firstname: XobitoText,
    /// Last name.
    pub lastname: XobitoText,
    /// Mail address; the API checks it.
    pub email: XobitoText,
    /// Country.
    pub country: XobitoText,
    /// The id of the member of staff that the contact is assigned to, or 0.
    pub assigned_id: u64,
    /// The groups that the contact belongs to, by name, or NULL.
    pub group_names: *const XobitoText,
    /// How many: at most 16.
    pub group_name_count: usize,
    /// The groups by id, or NULL. Not together with names.
    pub group_ids: *const u64,
    /// How many.
    pub group_id_count: usize,
}

/// A message, checked and encoded.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoRequest {
    /// Where it is to be posted: one of `xobito_endpoint_t`.
    pub endpoint: i32,
    /// The JSON body, in the buffer that it was encoded into; NULL where it is made in pieces.
    pub body: *const u8,
    /// Its length in bytes: the `Content-Length`.
    pub body_length: usize,
    /// Not 0 where the body has so many characters that Meta will probably refuse it.
    pub warning_characters: usize,
}
