//! What keeps an image from being run at all; how a run ended is not an error.

use std::{fmt, io, path::PathBuf, process::ExitStatus};

/// Why an image could not be built or booted.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A program that is needed could not be started.
    NotStarted {
        /// Its name, as looked up in `PATH`.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// Cargo ran and failed; its messages went to standard error.
    BuildFailed(ExitStatus),
    /// The image cannot be read.
    Unreadable(PathBuf, io::Error),
    /// The image has no defmt table, or one of another version.
    NoLogTable(PathBuf, String),
    /// QEMU could not be waited for.
    Lost(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, source } => {
                write!(f, "{program} cannot be started: {source}")
            }
            Self::BuildFailed(status) => write!(f, "the firmware did not build: {status}"),
            Self::Unreadable(path, source) => {
                write!(f, "{} cannot be read: {source}", path.display())
            }
            Self::NoLogTable(path, reason) => {
                write!(f, "{} has no readable log table: {reason}", path.display())
            }
            Self::Lost(source) => write!(f, "lost sight of the emulator: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted { source, .. } | Self::Unreadable(_, source) | Self::Lost(source) => {
                Some(source)
            }
            Self::BuildFailed(_) | Self::NoLogTable(..) => None,
        }
    }
}
