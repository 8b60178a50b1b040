//! From C's description of a message to the core's.

use xobito_core::Text;
use xobito_core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, ReplyButton, ReplyButtons, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};

use super::job::{Done, Job};
use super::{
    XobitoButtonMessage, XobitoContact, XobitoHeaderKind, XobitoMediaKind, XobitoMediaMessage,
    XobitoTemplateMessage, XobitoTextMessage, XobitoUrlMessage,
};
use crate::error::{XobitoError, XobitoField as Field, XobitoProblem};
use crate::limits::{
    XOBITO_BUTTONS_MAX, XOBITO_GROUPS_MAX, XOBITO_TEMPLATE_BUTTONS_MAX, XOBITO_TEMPLATE_FIELDS_MAX,
};
use crate::memory::{Call, Checked, XobitoText};

/// A C struct that describes a message.
pub(super) trait Described: Copy {
    /// Which one, so that the pieces of one kind are not continued with another.
    const TAG: u32;

    /// Does a job with the message that `message` points to.
    ///
    /// # Safety
    /// As [`Call::list`], for the description and everything that it points to.
    unsafe fn perform(message: *const (), call: &mut Call, job: Job<'_>) -> Checked<Done>;
}

impl Described for XobitoTextMessage {
    const TAG: u32 = 1;

    unsafe fn perform(message: *const (), call: &mut Call, job: Job<'_>) -> Checked<Done> {
        let mut place = ContactPlace::default();
        // SAFETY: promised by the caller.
        unsafe {
            let given = call.copied(message.cast::<Self>())?;
            let to = call.number(given.to)?;
            let body = call.field(given.body, Field::MessageBody, 0)?;
            let mut message = TextMessage::new(&to, body);
            if let Some(contact) = call.contact(given.contact, &mut place)? {
                message = message.contact(contact);
            }
            job.perform(&message, call)
        }
    }
}

impl Described for XobitoButtonMessage {
    const TAG: u32 = 2;

    unsafe fn perform(message: *const (), call: &mut Call, job: Job<'_>) -> Checked<Done> {
        let mut place = ContactPlace::default();
        // SAFETY: promised by the caller.
        unsafe {
            let given = call.copied(message.cast::<Self>())?;
            let to = call.number(given.to)?;
            let body = call.field(given.body, Field::MessageBody, 0)?;
            let buttons = call.buttons(given.buttons, given.button_count)?;
            let mut message = ButtonMessage::new(&to, body, buttons);
            if let Some(header) = call.optional(given.header, Field::Header, 0)? {
                message = message.header(header);
            }
            if let Some(footer) = call.optional(given.footer, Field::Footer, 0)? {
                message = message.footer(footer);
            }
            if let Some(contact) = call.contact(given.contact, &mut place)? {
                message = message.contact(contact);
            }
            job.perform(&message, call)
        }
    }
}

impl Described for XobitoUrlMessage {
    const TAG: u32 = 3;

    unsafe fn perform(message: *const (), call: &mut Call, job: Job<'_>) -> Checked<Done> {
        let mut place = ContactPlace::default();
        // SAFETY: promised by the caller.
        unsafe {
            let given = call.copied(message.cast::<Self>())?;
            let to = call.number(given.to)?;
            let body = call.field(given.body, Field::MessageBody, 0)?;
            let label = call.field(given.button_text, Field::ButtonText, 0)?;
            let url = call.field(given.button_url, Field::ButtonUrl, 0)?;
            let mut message = UrlMessage::new(&to, body, label, url);
            if let Some(header) = call.optional(given.header, Field::Header, 0)? {
                message = message.header(header);
            }
            if let Some(footer) = call.optional(given.footer, Field::Footer, 0)? {
                message = message.footer(footer);
            }
            if let Some(contact) = call.contact(given.contact, &mut place)? {
                message = message.contact(contact);
            }
            job.perform(&message, call)
        }
    }
}

impl Described for XobitoTemplateMessage {
    const TAG: u32 = 4;

    unsafe fn perform(message: *const (), call: &mut Call, job: Job<'_>) -> Checked<Done> {
        // SAFETY: promised by the caller.
        unsafe {
            let given = call.copied(message.cast::<Self>())?;
            let to = call.number(given.to)?;
            let name = call.field(given.name, Field::TemplateName, 0)?;
            let language = call.field(given.language, Field::TemplateLanguage, 0)?;

            let mut fields = [Text::from(""); XOBITO_TEMPLATE_FIELDS_MAX];
            let values = call.values(given.fields, given.field_count, (Field::BodyField, 10))?;
            for ((field, value), index) in fields.iter_mut().zip(values).zip(1..) {
                *field = call.field(*value, Field::BodyField, index)?.into();
            }
            let fields = fields.get(..values.len()).unwrap_or_default();

            let mut buttons = [None; XOBITO_TEMPLATE_BUTTONS_MAX];
            let values = call.values(given.buttons, given.button_count, (Field::ButtonValue, 9))?;
            for ((button, value), index) in buttons.iter_mut().zip(values).zip(0..) {
                let value = call.optional(*value, Field::ButtonValue, index)?;
                *button = value.map(Text::from);
            }
            let buttons = buttons.get(..values.len()).unwrap_or_default();

            let mut message = TemplateMessage::new(&to, name, language)
                .fields(fields)
                .buttons(buttons);
            if let Some(header) = call.template_header(&given)? {
                message = message.header(header);
            }
            let from = given.from_phone_number_id;
            if let Some(from) = call.optional(from, Field::FromPhoneNumberId, 0)? {
                message = message.from_phone_number_id(from);
            }
            job.perform(&message, call)
        }
    }
}

impl Described for XobitoMediaMessage {
    const TAG: u32 = 5;

    unsafe fn perform(message: *const (), call: &mut Call, job: Job<'_>) -> Checked<Done> {
        let mut place = ContactPlace::default();
        // SAFETY: promised by the caller.
        unsafe {
            let given = call.copied(message.cast::<Self>())?;
            let to = call.number(given.to)?;
            let media = call.media(&given)?;
            let mut message = MediaMessage::new(&to, media);
            if let Some(contact) = call.contact(given.contact, &mut place)? {
                message = message.contact(contact);
            }
            job.perform(&message, call)
        }
    }
}

/// Where a contact lies while its message is used.
#[derive(Default)]
struct ContactPlace<'a> {
    names: [&'a str; XOBITO_GROUPS_MAX],
    contact: Contact<'a>,
}

impl Call {
    /// # Safety
    /// As [`Call::list`].
    unsafe fn buttons<'a>(
        &mut self,
        buttons: *const super::XobitoButton,
        count: usize,
    ) -> Checked<ReplyButtons<'a>> {
        // SAFETY: promised by the caller.
        unsafe {
            let Ok(given) = self.list(buttons, count) else {
                return Err(self.in_field(Field::Buttons, 0));
            };
            let mut buttons = [ReplyButton { id: "", title: "" }; XOBITO_BUTTONS_MAX];
            for ((button, given), index) in buttons.iter_mut().zip(given).zip(0..) {
                button.id = self.field(given.id, Field::ButtonId, index)?;
                button.title = self.field(given.title, Field::ButtonTitle, index)?;
            }
            let buttons = buttons.get(..given.len()).unwrap_or_default();
            ReplyButtons::try_from(buttons).map_err(|_| {
                self.refuse(XobitoProblem {
                    minimum: 1,
                    ..too_many(Field::Buttons, 0, XOBITO_BUTTONS_MAX, given.len())
                })
            })
        }
    }

    /// The values of a template: ten at most, as the API has it for both of their kinds.
    ///
    /// # Safety
    /// As [`Call::list`].
    unsafe fn values<'a>(
        &mut self,
        values: *const XobitoText,
        count: usize,
        (field, last): (Field, u32),
    ) -> Checked<&'a [XobitoText]> {
        const { assert!(XOBITO_TEMPLATE_FIELDS_MAX == XOBITO_TEMPLATE_BUTTONS_MAX) };
        if count > XOBITO_TEMPLATE_FIELDS_MAX {
            let most = XOBITO_TEMPLATE_FIELDS_MAX;
            return Err(self.refuse(too_many(field, last, most, count)));
        }
        // SAFETY: promised by the caller.
        let values = unsafe { self.list(values, count) };
        values.map_err(|_| self.in_field(field, last))
    }

    /// # Safety
    /// As [`Call::list`].
    unsafe fn template_header<'a>(
        &mut self,
        given: &XobitoTemplateMessage,
    ) -> Checked<Option<TemplateHeader<'a>>> {
        use XobitoHeaderKind as Kind;
        const KINDS: [(Kind, Field); 5] = [
            (Kind::None, Field::Header),
            (Kind::Field, Field::HeaderField),
            (Kind::Image, Field::HeaderImageUrl),
            (Kind::Video, Field::HeaderVideoUrl),
            (Kind::Document, Field::HeaderDocumentUrl),
        ];
        let mut kinds = KINDS.iter();
        let Some((kind, field)) = kinds.find(|(kind, _)| kind.code() == given.header_kind) else {
            return Err(self.refuse(XobitoError::Value));
        };
        // SAFETY: promised by the caller.
        let (name, header) = unsafe {
            let name = given.header_document_name;
            (
                self.optional(name, Field::HeaderDocumentName, 0)?,
                self.optional(given.header, *field, 0)?,
            )
        };
        if name.is_some() && *kind != Kind::Document {
            return Err(self.conflict(Field::HeaderDocumentName));
        }
        let value = header.unwrap_or_default();
        Ok(Some(match kind {
            Kind::None if header.is_some() => return Err(self.conflict(*field)),
            Kind::None => return Ok(None),
            Kind::Field => TemplateHeader::Field(value.into()),
            Kind::Image => TemplateHeader::Image(value),
            Kind::Video => TemplateHeader::Video(value),
            Kind::Document => TemplateHeader::Document { url: value, name },
        }))
    }

    /// # Safety
    /// As [`Call::list`].
    unsafe fn media<'a>(&mut self, given: &XobitoMediaMessage) -> Checked<Media<'a>> {
        use XobitoMediaKind as Kind;
        let mut kinds = [Kind::Image, Kind::Video, Kind::Document, Kind::Audio].into_iter();
        let Some(kind) = kinds.find(|kind| kind.code() == given.kind) else {
            return Err(self.refuse(XobitoError::Value));
        };
        // SAFETY: promised by the caller.
        let (url, caption, filename) = unsafe {
            (
                self.field(given.url, Field::MediaUrl, 0)?,
                self.optional(given.caption, Field::Caption, 0)?,
                self.optional(given.filename, Field::Filename, 0)?,
            )
        };
        if caption.is_some() && kind == Kind::Audio {
            return Err(self.conflict(Field::Caption));
        }
        if filename.is_some() && kind != Kind::Document {
            return Err(self.conflict(Field::Filename));
        }
        let caption = caption.map(Text::from);
        Ok(match kind {
            Kind::Image => Media::Image { url, caption },
            Kind::Video => Media::Video { url, caption },
            Kind::Audio => Media::Audio { url },
            Kind::Document => Media::Document {
                url,
                caption,
                filename,
            },
        })
    }

    /// # Safety
    /// As [`Call::list`]; NULL is no contact.
    #[inline(never)] // Once for all kinds of messages.
    unsafe fn contact<'p>(
        &mut self,
        contact: *const XobitoContact,
        place: &'p mut ContactPlace<'p>,
    ) -> Checked<Option<&'p Contact<'p>>> {
        if contact.is_null() {
            return Ok(None);
        }
        // SAFETY: promised by the caller.
        unsafe {
            let given = self.copied(contact)?;
            let ContactPlace { names, contact } = place;
            let (Ok(group_names), Ok(group_ids)) = (
                self.list(given.group_names, given.group_name_count),
                self.list(given.group_ids, given.group_id_count),
            ) else {
                return Err(self.in_field(Field::ContactGroups, 0));
            };
            for (name, given) in names.iter_mut().zip(group_names) {
                *name = self.field(*given, Field::ContactGroups, 0)?;
            }
            let Some(names) = names.get(..group_names.len()) else {
                let most = XOBITO_GROUPS_MAX;
                let field = Field::ContactGroups;
                return Err(self.refuse(too_many(field, 0, most, group_names.len())));
            };
            contact.groups = match (names, group_ids) {
                ([], []) => None,
                ([], ids) => Some(Groups::Ids(ids)),
                (names, []) => Some(Groups::Names(names)),
                _ => return Err(self.conflict(Field::ContactGroups)),
            };
            for (place, text, field) in [
                (
                    &mut contact.firstname,
                    given.firstname,
                    Field::ContactFirstname,
                ),
                (
                    &mut contact.lastname,
                    given.lastname,
                    Field::ContactLastname,
                ),
                (&mut contact.email, given.email, Field::ContactEmail),
                (&mut contact.country, given.country, Field::ContactCountry),
            ] {
                *place = self.optional(text, field, 0)?;
            }
            contact.assigned_id = (given.assigned_id != 0).then_some(given.assigned_id);
            Ok(Some(contact))
        }
    }

    fn conflict(&mut self, field: Field) -> crate::memory::Refused {
        self.refuse(XobitoProblem::in_field(XobitoError::Conflict, field, 0))
    }
}

fn too_many(field: Field, index: u32, maximum: usize, actual: usize) -> XobitoProblem {
    XobitoProblem {
        maximum,
        actual,
        ..XobitoProblem::in_field(XobitoError::Count, field, index)
    }
}

impl XobitoHeaderKind {
    #[allow(clippy::as_conversions)] // The one way from an enum to its number.
    const fn code(self) -> i32 {
        self as i32
    }
}

impl XobitoMediaKind {
    #[allow(clippy::as_conversions)] // The one way from an enum to its number.
    const fn code(self) -> i32 {
        self as i32
    }
}
