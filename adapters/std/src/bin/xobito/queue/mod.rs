//! `xobito queue`: messages on disk until they are sent.
//!
//! ```text
//! add --> DIRECTORY/inbox/*.json --> run --> DIRECTORY/outbox.flash --> sent, and reported
//! ```
//! `add` only puts a file into the inbox, so it works, and returns at once, whether a `run` is going on or not. `run` alone has
//! the outbox, which the file's lock sees to; it takes from the inbox what there is room for.

// The comments here are the help that is printed, where backticks would only be noise.
#![allow(clippy::doc_markdown)]

mod add;
mod inbox;
mod list;
mod order;
mod refused;
mod run;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand, ValueEnum};
use xobito_std::core::outbox::{Coalesce, Config, Duplicates, Priority};
use xobito_std::outbox::{
    DurableOutbox, FileFlash, Found, block_on, flash_bytes, flash_range, record_bytes,
};

use crate::arguments::{Global, SendCommand, seconds};
use crate::failure::{Exit, Invalid};
use crate::output::Output;

/// Messages that are held at a time; the others wait in the inbox.
const SLOTS: usize = 32;
/// Bytes of a message: 4096 characters of any kind, and a template beside them.
const BYTES: usize = 20 * 1024;
const RECORD: usize = record_bytes(BYTES);

type Store = DurableOutbox<FileFlash, SLOTS, BYTES, RECORD>;

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Put a message into the queue; needs no account and no network
    Add {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        options: Box<AddOptions>,
        #[command(subcommand)]
        message: Box<SendCommand>,
    },
    /// Send what is in the queue, and report what became of it
    Run {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        options: RunOptions,
    },
    /// Show what is in the queue
    List {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The directory that the queue is kept in; add and run make it if it is not there [env: XOBITO_QUEUE]
    #[arg(long = "directory", value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How it is to be sent")]
pub(crate) struct AddOptions {
    /// What happens when nobody can tell whether it was sent: sent again, or not
    #[arg(long, value_enum)]
    duplicates: DuplicatesArgument,
    /// How urgent it is
    #[arg(long, value_enum, default_value = "normal")]
    priority: PriorityArgument,
    /// Seconds after which it is not sent any more
    #[arg(long, value_name = "SECONDS", default_value = "86400", allow_hyphen_values = true, value_parser = seconds)]
    ttl: Duration,
    /// What it is about, as a number: one that waits with the same key for the same recipient stands for both
    #[arg(long, value_name = "NUMBER", requires = "coalesce")]
    key: Option<u32>,
    /// Which of the two texts is sent then
    #[arg(long, value_enum, requires = "key")]
    coalesce: Option<CoalesceArgument>,
    /// The template to send where the recipient has not written for 24 hours
    #[arg(
        long,
        value_name = "NAME",
        requires = "fallback_language",
        allow_hyphen_values = true
    )]
    fallback: Option<String>,
    /// Its language, such as en_US
    #[arg(
        long,
        value_name = "CODE",
        requires = "fallback",
        allow_hyphen_values = true
    )]
    fallback_language: Option<String>,
    /// A value of its text, in order; up to ten times
    #[arg(
        long = "fallback-field",
        value_name = "TEXT",
        requires = "fallback",
        allow_hyphen_values = true
    )]
    fallback_fields: Vec<String>,
    /// Send the template first, and the message only where the template is refused
    #[arg(long, requires = "fallback")]
    template_first: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How it is to be run")]
pub(crate) struct RunOptions {
    /// End when nothing is left that can be sent, instead of waiting for more
    #[arg(long)]
    until_empty: bool,
    /// Ask after accepted messages until they are delivered
    #[arg(long)]
    follow: bool,
    /// Requests a minute, at most: what the workspace allows
    #[arg(long, value_name = "COUNT", default_value = "60", value_parser = clap::value_parser!(u32).range(2..=60_000))]
    per_minute: u32,
    /// Seconds between two messages to a recipient, at least
    #[arg(long, value_name = "SECONDS", default_value = "6", allow_hyphen_values = true, value_parser = seconds)]
    gap: Duration,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DuplicatesArgument {
    /// Sent again until an answer settles it: it may arrive twice
    AtLeastOnce,
    /// Not sent again, and reported as unknown: it may not arrive
    AtMostOnce,
}

impl From<DuplicatesArgument> for Duplicates {
    fn from(argument: DuplicatesArgument) -> Self {
        match argument {
            DuplicatesArgument::AtLeastOnce => Self::AtLeastOnce,
            DuplicatesArgument::AtMostOnce => Self::AtMostOnce,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PriorityArgument {
    Low,
    Normal,
    High,
    Urgent,
}

impl From<PriorityArgument> for Priority {
    fn from(argument: PriorityArgument) -> Self {
        match argument {
            PriorityArgument::Low => Self::Low,
            PriorityArgument::Normal => Self::Normal,
            PriorityArgument::High => Self::High,
            PriorityArgument::Urgent => Self::Urgent,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CoalesceArgument {
    /// That of the one that waits
    KeepFirst,
    /// The newer one
    ReplaceWithLatest,
}

impl From<CoalesceArgument> for Coalesce {
    fn from(argument: CoalesceArgument) -> Self {
        match argument {
            CoalesceArgument::KeepFirst => Self::KeepFirst,
            CoalesceArgument::ReplaceWithLatest => Self::ReplaceWithLatest,
        }
    }
}

pub(crate) fn run(
    command: &QueueCommand,
    global: &Global,
    output: &Output,
) -> Result<Exit, Invalid> {
    match command {
        QueueCommand::Add {
            place,
            options,
            message,
        } => add::run(place, options, message, global, output),
        QueueCommand::Run { place, options } => run::run(place, options, global, output),
        QueueCommand::List { place } => list::run(place, output),
    }
}

impl Place {
    fn directory(&self) -> Result<PathBuf, Invalid> {
        let named = self.directory.clone();
        let named = named.or_else(|| std::env::var_os("XOBITO_QUEUE").map(PathBuf::from));
        named
            .filter(|directory| !directory.as_os_str().is_empty())
            .ok_or_else(|| {
                Invalid::new(
                    "--directory: where the queue is kept is not known",
                    "give --directory, or set XOBITO_QUEUE, such as to /var/lib/xobito",
                )
            })
    }
}

fn flash_file(directory: &Path) -> PathBuf {
    directory.join("outbox.flash")
}

/// What the file of a queue holds, as far as it is not the inbox.
fn open(flash: FileFlash, config: Config, now: Duration) -> Result<(Box<Store>, Found), Invalid> {
    let path = flash.path().display().to_string();
    let range = flash_range(&flash);
    let off = off_for(flash.path());
    let mut store = Box::new(Store::new(flash, range, config));
    match block_on(store.open(now, off)) {
        Ok(found) => Ok((store, found)),
        Err(error) => Err(Invalid::new(
            format!("{path}: {error}"),
            "give another --directory, or move this file away; what it held is lost then",
        )),
    }
}

/// How long ago the file was last written: for so long, at least, what it holds has been waiting.
fn off_for(path: &Path) -> Duration {
    let written = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    let off = written
        .ok()
        .and_then(|written| SystemTime::now().duration_since(written).ok());
    off.unwrap_or_default()
}

/// Bytes of the file.
fn capacity() -> usize {
    flash_bytes(SLOTS, BYTES, 4, 64 * 1024).unwrap_or_default()
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Invalid {
    Invalid::new(
        format!("{}: {what}: {error}", path.display()),
        "give --directory a directory that may be written to",
    )
}
