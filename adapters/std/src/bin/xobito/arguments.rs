//! What can be written on the command line.

// The comments here are the help that is printed, where backticks would only be noise.
#![allow(clippy::doc_markdown)]

use std::env::VarError;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Args, Parser, Subcommand, ValueEnum};
use xobito_std::core::{DEFAULT_HOST, E164, MessageId};

use crate::contact::ContactArguments;
use crate::failure::Invalid;
use crate::queue::QueueCommand;

/// Send WhatsApp alerts through the Xobito API, and see what became of them.
#[derive(Debug, Parser)]
#[command(name = "xobito", version, after_help = AFTER_HELP, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

const AFTER_HELP: &str = "\
The token comes from XOBITO_TOKEN or --token-file, never from the command line.

Exit codes:
  0  accepted (status: answered; status --watch: delivered or read; validate: valid; doctor: fine)
  1  rejected (status --watch: failed; validate: invalid; doctor: not for devices)
  2  wrong usage or input: nothing was sent
  3  not sent: safe to try again (doctor: no connection)
  4  unknown: it may have been sent (status --watch: the time ran out)
queue run: 0 everything was sent, 1 something was not, 4 nobody knows of something.";

/// Accepted before and after the subcommand.
#[derive(Debug, Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct Global {
    /// The server: name, or name:port [env: XOBITO_HOST] [default: dash.xobito.com]
    #[arg(long, global = true, value_name = "HOST", allow_hyphen_values = true)]
    host: Option<String>,
    /// The workspace's subdomain [env: XOBITO_SUBDOMAIN]
    #[arg(long, global = true, value_name = "NAME", allow_hyphen_values = true)]
    subdomain: Option<String>,
    /// Trust the certificates of this PEM file, and only these, instead of the system's
    #[arg(long, global = true, value_name = "FILE", allow_hyphen_values = true)]
    pub(crate) ca_file: Option<PathBuf>,
    /// Give up after this many seconds, all in all [default: 30; status --watch: 120]
    #[arg(long, global = true, value_name = "SECONDS", allow_hyphen_values = true, value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Read the token from this file, instead of from XOBITO_TOKEN
    #[arg(long, global = true, value_name = "FILE", allow_hyphen_values = true)]
    pub(crate) token_file: Option<PathBuf>,
    /// Use the proxy that HTTPS_PROXY, ALL_PROXY or HTTP_PROXY names
    #[arg(long, global = true)]
    pub(crate) proxy_from_env: bool,
    /// Print the outcome as a JSON object, the last line of standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print the exact bytes of the request's body, and send nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Here only to be refused: a command line is no place for a secret.
    #[arg(long, global = true, hide = true, num_args = 0..=1, default_missing_value = "", allow_hyphen_values = true, value_parser = RefuseToken)]
    token: Option<String>,
}

impl Global {
    pub(crate) fn host(&self) -> Result<String, Invalid> {
        let host = given_or(self.host.as_deref(), "XOBITO_HOST")?;
        Ok(host.unwrap_or_else(|| DEFAULT_HOST.to_owned()))
    }

    pub(crate) fn subdomain(&self) -> Result<Option<String>, Invalid> {
        given_or(self.subdomain.as_deref(), "XOBITO_SUBDOMAIN")
    }
}

/// What the flag says, or else the variable. One that is set to nothing counts as not set.
fn given_or(flag: Option<&str>, name: &str) -> Result<Option<String>, Invalid> {
    match flag {
        Some(value) => Ok(Some(value.to_owned())),
        None => Ok(environment(name)?.filter(|value| !value.is_empty())),
    }
}

/// A variable. One that is no text must not count as not set: the token would go to the default host.
pub(crate) fn environment(name: &str) -> Result<Option<String>, Invalid> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        // Not with its value, which may be a secret.
        Err(VarError::NotUnicode(_)) => Err(Invalid::new(
            format!("{name}: its value is not UTF-8"),
            format!("set {name} anew"),
        )),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Send a message
    Send {
        #[command(subcommand)]
        message: Box<SendCommand>,
    },
    /// Ask what became of a message
    Status {
        /// The message's id, as `send` printed it
        #[arg(value_name = "ID", allow_hyphen_values = true)]
        id: MessageId,
        /// Ask again and again until it is delivered, read or failed
        #[arg(long)]
        watch: bool,
    },
    /// Ask whether a number is well formed (not, whether it is on WhatsApp)
    Validate {
        /// The number, in any form
        #[arg(value_name = "NUMBER", allow_hyphen_values = true)]
        number: String,
    },
    /// Keep messages in a queue on disk until they are sent: through outages, crashes and power cuts
    Queue {
        #[command(subcommand)]
        command: QueueCommand,
    },
    /// Tell what a stored answer means: its body on standard input
    Explain(Explain),
    /// Look whether a device could talk to a server; needs no token
    Doctor {
        /// The server: name, or name:port
        #[arg(value_name = "HOST", allow_hyphen_values = true)]
        server: String,
    },
    /// Print a script that completes this command's arguments in a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The answer's HTTP status
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..=599))]
    pub(crate) status: u16,
    /// What had been asked
    #[arg(long, value_enum, default_value = "send")]
    pub(crate) endpoint: Endpoint,
    /// The value of the answer's Retry-After header, if it had one
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) retry_after: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Endpoint {
    /// A message of any kind
    Send,
    /// What became of a message
    Status,
    /// Whether a number is well formed
    Validate,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SendCommand {
    /// A text, for a recipient who wrote within the last 24 hours
    Text {
        #[command(flatten)]
        to: Recipient,
        #[command(flatten)]
        body: Body,
        #[command(flatten)]
        contact: ContactArguments,
    },
    /// A text with one to three buttons that answer with their ids
    Buttons {
        #[command(flatten)]
        to: Recipient,
        #[command(flatten)]
        body: Body,
        /// A button: its id (up to 256 characters), `=`, its title (up to 20); up to three times
        #[arg(
            long = "button",
            value_name = "ID=TITLE",
            required = true,
            allow_hyphen_values = true
        )]
        buttons: Vec<String>,
        #[command(flatten)]
        frame: Frame,
        #[command(flatten)]
        contact: ContactArguments,
    },
    /// A text with one button that opens a URL
    Cta {
        #[command(flatten)]
        to: Recipient,
        #[command(flatten)]
        body: Body,
        /// The button's label: up to 20 characters
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        button_text: String,
        /// What it opens: an http or https URL
        #[arg(long, value_name = "URL", allow_hyphen_values = true)]
        button_url: String,
        #[command(flatten)]
        frame: Frame,
        #[command(flatten)]
        contact: ContactArguments,
    },
    /// A message from an approved template: the only kind that reaches a recipient at any time
    Template {
        #[command(flatten)]
        to: Recipient,
        #[command(flatten)]
        template: TemplateArguments,
    },
    /// A picture, video, document or sound, by its URL
    Media {
        #[command(flatten)]
        to: Recipient,
        /// What it is
        #[arg(long = "type", value_enum)]
        kind: MediaKind,
        /// Where WhatsApp fetches it from: a public http or https URL
        #[arg(long, value_name = "URL", allow_hyphen_values = true)]
        url: String,
        /// The text below it: up to 1024 characters; not for audio
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        caption: Option<String>,
        /// The name that the recipient sees: up to 255 characters; documents only
        #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
        filename: Option<String>,
        #[command(flatten)]
        contact: ContactArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Recipient {
    /// The recipient's number in E.164 form, such as +14155551234
    #[arg(long = "to", value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) number: E164,
}

#[derive(Debug, Args)]
pub(crate) struct Body {
    /// The text: up to 4096 characters; `-` reads it from standard input, without the newline at its end
    #[arg(long = "body", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: String,
}

#[derive(Debug, Args)]
pub(crate) struct Frame {
    /// A line above the text: up to 60 characters
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) header: Option<String>,
    /// A line below the text: up to 60 characters
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) footer: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TemplateArguments {
    /// The template's name
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) name: String,
    /// The template's language, such as en_US
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    pub(crate) language: String,
    /// A value of the text, in order: {{1}}, {{2}}, ...; up to ten times
    #[arg(long = "field", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) fields: Vec<String>,
    /// The value of the button at this place, counted from 0; repeatable
    #[arg(
        long = "template-button",
        value_name = "INDEX=VALUE",
        allow_hyphen_values = true
    )]
    pub(crate) buttons: Vec<String>,
    /// The value of a text header
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        group = "header"
    )]
    pub(crate) header_text: Option<String>,
    /// The URL of a picture header
    #[arg(long, value_name = "URL", allow_hyphen_values = true, group = "header")]
    pub(crate) header_image: Option<String>,
    /// The URL of a video header
    #[arg(long, value_name = "URL", allow_hyphen_values = true, group = "header")]
    pub(crate) header_video: Option<String>,
    /// The URL of a document header
    #[arg(long, value_name = "URL", allow_hyphen_values = true, group = "header")]
    pub(crate) header_document: Option<String>,
    /// The name of the document that the recipient sees: up to 255 characters
    #[arg(
        long,
        value_name = "NAME",
        allow_hyphen_values = true,
        requires = "header_document"
    )]
    pub(crate) header_document_name: Option<String>,
    /// The id of the number to send from, where the workspace has several
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) from_phone_number_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MediaKind {
    Image,
    Document,
    Video,
    Audio,
}

pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    const MAX: f64 = 86_400.0;
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= MAX => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(format!(
            "give seconds above 0 and up to {MAX}, such as 10 or 0.5"
        )),
    }
}

/// Refuses a token without repeating it, whatever else is wrong with the command line.
#[derive(Clone)]
struct RefuseToken;

impl TypedValueParser for RefuseToken {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&Arg>,
        _: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        Err(clap::Error::raw(
            ErrorKind::UnknownArgument,
            "--token: a token on the command line can be read by every user of this machine and stays in the shell's \
             history. Set XOBITO_TOKEN, or put it into a file and name that with --token-file. This one should be \
             replaced if others may have seen it.\n",
        )
        .with_cmd(command))
    }
}
