//! The device's log: defmt's frames, decoded with the table in the image.

use std::{fmt, fs, path::Path};

use defmt_decoder::{DecodeError, Frame, Location, Locations, StreamDecoder, Table};

use crate::Error;

/// How serious a line is; anything else about it is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The finest detail.
    Trace,
    /// For the one who looks for a fault.
    Debug,
    /// Part of a normal run.
    Info,
    /// Something is not as it should be, and the device copes.
    Warn,
    /// The device failed at something.
    Error,
}

/// One line of the device's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How long the device had been running, as the device formatted it.
    pub timestamp: Option<String>,
    /// None for `defmt::println!`.
    pub level: Option<Level>,
    /// What was logged.
    pub message: String,
    /// The module that logged it.
    pub module: Option<String>,
    /// The line of the source, as `path:number`.
    pub source: Option<String>,
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(timestamp) = &self.timestamp {
            write!(f, "{timestamp:>10} ")?;
        }
        let level = match self.level {
            Some(Level::Trace) => "TRACE ",
            Some(Level::Debug) => "DEBUG ",
            Some(Level::Info) => "INFO  ",
            Some(Level::Warn) => "WARN  ",
            Some(Level::Error) => "ERROR ",
            None => "",
        };
        write!(f, "{level}{}", self.message)
    }
}

/// What an image knows about its own log.
pub(crate) struct LogTable {
    table: Table,
    locations: Locations,
}

impl LogTable {
    pub(crate) fn of(image: &Path) -> Result<Self, Error> {
        let elf = fs::read(image).map_err(|source| Error::Unreadable(image.into(), source))?;
        let unusable = |reason: String| Error::NoLogTable(image.into(), reason);
        let table = Table::parse(&elf)
            .map_err(|error| unusable(error.to_string()))?
            .ok_or_else(|| unusable("it logs nothing".into()))?;
        // Without debug information the lines lose their source, nothing else.
        let locations = table.get_locations(&elf).unwrap_or_default();
        Ok(Self { table, locations })
    }

    pub(crate) fn decoder(&self) -> Decoder<'_> {
        Decoder {
            stream: self.table.new_stream_decoder(),
            locations: &self.locations,
        }
    }
}

/// Turns the bytes of a log, in whatever pieces they come, into lines.
pub(crate) struct Decoder<'t> {
    stream: Box<dyn StreamDecoder + Send + Sync + 't>,
    locations: &'t Locations,
}

impl Decoder<'_> {
    /// Takes in `bytes` and hands out the lines that they complete. Returns how many frames made no
    /// sense.
    pub(crate) fn decode(&mut self, bytes: &[u8], mut on_line: impl FnMut(&LogLine)) -> usize {
        self.stream.received(bytes);
        let mut malformed = 0;
        loop {
            match self.stream.decode() {
                Ok(frame) => on_line(&line(&frame, self.locations.get(&frame.index()))),
                Err(DecodeError::UnexpectedEof) => return malformed,
                // The encoding separates frames, so that the next one is found again.
                Err(DecodeError::Malformed) => malformed += 1,
            }
        }
    }
}

fn line(frame: &Frame<'_>, location: Option<&Location>) -> LogLine {
    LogLine {
        timestamp: frame
            .display_timestamp()
            .map(|timestamp| timestamp.to_string()),
        level: frame.level().map(|level| match level.as_str() {
            "trace" => Level::Trace,
            "debug" => Level::Debug,
            "info" => Level::Info,
            "warn" => Level::Warn,
            _ => Level::Error,
        }),
        message: frame.display_message().to_string(),
        module: location.map(|location| location.module.clone()),
        source: location.map(|location| format!("{}:{}", location.file.display(), location.line)),
    }
}
