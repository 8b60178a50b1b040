//! `xobito queue add`: into the inbox.

use serde_json::json;
use xobito_std::OwnedRequest;
use xobito_std::core::limits::MESSAGE_ID_MAX;
use xobito_std::core::message::TemplateMessage;
use xobito_std::core::{E164, Text};

use super::inbox::{Inbox, Message};
use super::{AddOptions, BYTES, Place, cannot};
use crate::arguments::{Global, SendCommand};
use crate::failure::{Exit, Invalid};
use crate::output::Output;
use crate::send::request;

pub(super) fn run(
    place: &Place,
    options: &AddOptions,
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
    let recipient = recipient(command);
    let fallback = fallback(options, &recipient)?;
    let template_bytes = fallback
        .as_ref()
        .map_or(0, |template| template.body().len());
    let needed = request.body().len().max(MESSAGE_ID_MAX) + template_bytes;
    if needed > BYTES {
        return Err(Invalid::new(
            format!(
                "the message and its template have {needed} bytes, a queue holds {BYTES} for each"
            ),
            "shorten the template's values",
        ));
    }
    let mut message = Message::new(recipient, options.duplicates.into(), (&request).into());
    message.priority = options.priority.into();
    // Also where it is the default: the time in the inbox counts.
    message.ttl_ms = u64::try_from(options.ttl.as_millis()).ok();
    let coalesce = options.coalesce.map(Into::into);
    message.key = options.key.zip(coalesce);
    if let Some(template) = &fallback {
        message.fallback(template.into(), options.template_first);
    }
    let directory = place.directory()?;
    let inbox = Inbox::of(&directory);
    let name = inbox
        .create()
        .and_then(|()| inbox.add(&message))
        .map_err(|error| cannot("the message cannot be put there", inbox.directory(), &error))?;
    output.line(&json!({ "queued": name }), &format!("queued {name}"));
    Ok(Exit::Accepted)
}

fn recipient(command: &SendCommand) -> E164 {
    match command {
        SendCommand::Text { to, .. }
        | SendCommand::Buttons { to, .. }
        | SendCommand::Cta { to, .. }
        | SendCommand::Template { to, .. }
        | SendCommand::Media { to, .. } => to.number,
    }
}

fn fallback(options: &AddOptions, to: &E164) -> Result<Option<OwnedRequest>, Invalid> {
    let (Some(name), Some(language)) = (&options.fallback, &options.fallback_language) else {
        return Ok(None);
    };
    let fields: Vec<Text<'_>> = options
        .fallback_fields
        .iter()
        .map(|field| (&**field).into())
        .collect();
    let template = TemplateMessage::new(to, name, language).fields(&fields);
    OwnedRequest::new(&template).map(Some).map_err(|error| {
        Invalid::new(
            format!("--fallback: {error}"),
            "correct --fallback, --fallback-language or --fallback-field",
        )
    })
}
