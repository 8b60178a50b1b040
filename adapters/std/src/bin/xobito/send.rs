//! `xobito send`: from flags to a message, and off it goes.

use std::io::Read;

use xobito_std::OwnedRequest;
use xobito_std::core::limits::TEMPLATE_BUTTONS_MAX;
use xobito_std::core::message::{
    ButtonMessage, Media, MediaMessage, Message, ReplyButton, ReplyButtons, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};
use xobito_std::core::{E164, Text};

use crate::arguments::{Body, Global, MediaKind, SendCommand, TemplateArguments};
use crate::connection::{client, without_newline};
use crate::failure::{Exit, Invalid};
use crate::output::Output;
use crate::report;

/// More than any body may have, so that a body that is too long is still counted and named as such.
const STDIN_MAX: u64 = 1 << 20;

pub(crate) fn run(
    command: &SendCommand,
    global: &Global,
    output: &Output,
) -> Result<Exit, Invalid> {
    let request = request(command)?;
    if let Some(warning) = request.warning() {
        output.warning(warning);
    }
    if global.dry_run {
        output.body(request.body())?;
        return Ok(Exit::Accepted);
    }
    let outcome = client(global, global.timeout)?.send(&request);
    Ok(report::accepted(&outcome, output))
}

/// The message, encoded.
pub(crate) fn request(command: &SendCommand) -> Result<OwnedRequest, Invalid> {
    match command {
        SendCommand::Text { to, body, contact } => {
            let (body, names) = (text(body)?, contact.group_names());
            encode(&TextMessage::new(&to.number, &*body).contact(&contact.contact(&names)))
        }
        SendCommand::Buttons {
            to,
            body,
            buttons,
            frame,
            contact,
        } => {
            let (body, names) = (text(body)?, contact.group_names());
            let contact = contact.contact(&names);
            let buttons = buttons
                .iter()
                .map(|button| {
                    let (id, title) = split("--button", "ID=TITLE", button)?;
                    Ok(ReplyButton { id, title })
                })
                .collect::<Result<Vec<_>, Invalid>>()?;
            let buttons = ReplyButtons::try_from(&*buttons).map_err(|error| {
                Invalid::new(
                    format!("--button: {error}"),
                    "give --button one to three times",
                )
            })?;
            let mut message = ButtonMessage::new(&to.number, &*body, buttons).contact(&contact);
            if let Some(header) = frame.header.as_deref() {
                message = message.header(header);
            }
            if let Some(footer) = frame.footer.as_deref() {
                message = message.footer(footer);
            }
            encode(&message)
        }
        SendCommand::Cta {
            to,
            body,
            button_text,
            button_url,
            frame,
            contact,
        } => {
            let (body, names) = (text(body)?, contact.group_names());
            let contact = contact.contact(&names);
            let mut message =
                UrlMessage::new(&to.number, &*body, button_text, button_url).contact(&contact);
            if let Some(header) = frame.header.as_deref() {
                message = message.header(header);
            }
            if let Some(footer) = frame.footer.as_deref() {
                message = message.footer(footer);
            }
            encode(&message)
        }
        SendCommand::Template { to, template } => self::template(&to.number, template),
        SendCommand::Media {
            to,
            kind,
            url,
            caption,
            filename,
            contact,
        } => {
            let names = contact.group_names();
            let media = media(*kind, url, caption.as_deref(), filename.as_deref())?;
            encode(&MediaMessage::new(&to.number, media).contact(&contact.contact(&names)))
        }
    }
}

fn encode<M: Message>(message: &M) -> Result<OwnedRequest, Invalid> {
    OwnedRequest::new(message).map_err(Invalid::from)
}

/// The text of `--body`, from standard input where it is `-`.
fn text(body: &Body) -> Result<String, Invalid> {
    if body.text != "-" {
        return Ok(body.text.clone());
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin()
        .lock()
        .take(STDIN_MAX + 1)
        .read_to_end(&mut bytes);
    let problem = match read {
        Err(error) => format!("--body: standard input cannot be read: {error}"),
        Ok(count) if count as u64 > STDIN_MAX => {
            format!("--body: standard input has more than {STDIN_MAX} bytes")
        }
        Ok(_) => match String::from_utf8(bytes) {
            Ok(mut text) => {
                text.truncate(without_newline(&text).len());
                return Ok(text);
            }
            Err(error) => format!("--body: standard input is no UTF-8: {}", error.utf8_error()),
        },
    };
    Err(Invalid::new(
        problem,
        "give a text in UTF-8 of at most 4096 characters on standard input",
    ))
}

/// Splits at the first `=`, so that what follows may hold more of them.
fn split<'a>(flag: &str, form: &str, value: &'a str) -> Result<(&'a str, &'a str), Invalid> {
    value.split_once('=').ok_or_else(|| {
        Invalid::new(
            format!("{flag}: there is no `=` in `{value}`"),
            format!("write it as {flag} {form}"),
        )
    })
}

fn template(to: &E164, template: &TemplateArguments) -> Result<OwnedRequest, Invalid> {
    let fields: Vec<Text<'_>> = template
        .fields
        .iter()
        .map(|field| (&**field).into())
        .collect();
    let buttons = template_buttons(&template.buttons)?;
    let mut message = TemplateMessage::new(to, &template.name, &template.language)
        .fields(&fields)
        .buttons(&buttons);
    if let Some(header) = header(template) {
        message = message.header(header);
    }
    if let Some(id) = template.from_phone_number_id.as_deref() {
        message = message.from_phone_number_id(id);
    }
    encode(&message)
}

fn header(template: &TemplateArguments) -> Option<TemplateHeader<'_>> {
    let text = template.header_text.as_deref();
    let image = template.header_image.as_deref();
    let video = template.header_video.as_deref();
    let document = template.header_document.as_deref();
    text.map(|text| TemplateHeader::Field(text.into()))
        .or(image.map(TemplateHeader::Image))
        .or(video.map(TemplateHeader::Video))
        .or(document.map(|url| TemplateHeader::Document {
            url,
            name: template.header_document_name.as_deref(),
        }))
}

fn template_buttons(values: &[String]) -> Result<Vec<Option<Text<'_>>>, Invalid> {
    const FLAG: &str = "--template-button";
    let mut buttons = Vec::new();
    for value in values {
        let (index, value) = split(FLAG, "INDEX=VALUE", value)?;
        let index = index
            .parse()
            .ok()
            .filter(|index| *index < TEMPLATE_BUTTONS_MAX)
            .ok_or_else(|| {
                Invalid::new(
                    format!("{FLAG}: `{index}` is not the place of a button"),
                    format!("give a place from 0 to {}", TEMPLATE_BUTTONS_MAX - 1),
                )
            })?;
        if buttons.len() <= index {
            buttons.resize(index + 1, None);
        }
        match buttons.get_mut(index) {
            Some(place @ None) => *place = Some(Text::from(value)),
            _ => {
                return Err(Invalid::new(
                    format!("{FLAG}: two values for button {index}"),
                    "give each button one value",
                ));
            }
        }
    }
    Ok(buttons)
}

fn media<'a>(
    kind: MediaKind,
    url: &'a str,
    caption: Option<&'a str>,
    filename: Option<&'a str>,
) -> Result<Media<'a>, Invalid> {
    if kind == MediaKind::Audio && caption.is_some() {
        return Err(Invalid::new(
            "--caption: audio has no caption",
            "leave --caption out, and send its text as a message of its own",
        ));
    }
    if kind != MediaKind::Document && filename.is_some() {
        return Err(Invalid::new(
            "--filename: only a document has a file name",
            "leave --filename out, or use --type document",
        ));
    }
    let caption = caption.map(Text::from);
    Ok(match kind {
        MediaKind::Image => Media::Image { url, caption },
        MediaKind::Video => Media::Video { url, caption },
        MediaKind::Document => Media::Document {
            url,
            caption,
            filename,
        },
        MediaKind::Audio => Media::Audio { url },
    })
}
