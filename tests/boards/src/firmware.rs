//! An image that trusts the sandbox, and how to run it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use emulator::{Board, Error, LogLine, Options, Program, Summary};
use xobito_sandbox::{Config, Sandbox};

use crate::Beliefs;

/// The firmware of one board.
pub struct Firmware {
    board: Board,
    image: PathBuf,
}

impl Firmware {
    /// Builds the firmware with the settings for the sandbox, whose root certificate must exist by now.
    ///
    /// # Errors
    /// That it does not build.
    pub fn build(board: Board) -> Result<Self, Error> {
        let status = command(&board).status().map_err(not_started)?;
        if status.success() {
            Ok(Self::of(board))
        } else {
            Err(Error::BuildFailed(status))
        }
    }

    /// Builds the firmware after changes to the command; None if it does not fit into the board's memory.
    ///
    /// # Errors
    /// That it does not build for another reason.
    pub fn build_if_it_fits(
        board: Board,
        change: impl FnOnce(&mut Command),
    ) -> Result<Option<Self>, Error> {
        let mut command = command(&board);
        change(&mut command);
        let output = command.output().map_err(not_started)?;
        if output.status.success() {
            return Ok(Some(Self::of(board)));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("will not fit in region") {
            return Ok(None);
        }
        eprintln!("{said}");
        Err(Error::BuildFailed(output.status))
    }

    fn of(board: Board) -> Self {
        let image = board.image(&root(), Program::Firmware);
        Self { board, image }
    }

    /// Where the image is.
    #[must_use]
    pub fn image(&self) -> &Path {
        &self.image
    }

    /// Boots it and listens until it has ended.
    ///
    /// # Errors
    /// That QEMU cannot be started.
    pub fn run(
        &self,
        run: &Run,
        mut on_line: impl FnMut(&LogLine),
    ) -> Result<(Summary, Beliefs), Error> {
        let options = Options {
            time_limit: run.time_limit,
            arguments: vec![
                format!("port={}", run.port),
                format!("alerts={}", run.alerts),
                format!("deadline_ms={}", run.deadline.as_millis()),
            ],
            count_instructions: run.count_instructions,
            ..Options::default()
        };
        let mut beliefs = Beliefs::default();
        let summary = emulator::run(&self.board, &self.image, &options, |line| {
            beliefs.take_in(line);
            on_line(line);
        })?;
        Ok((summary, beliefs))
    }
}

fn command(board: &Board) -> Command {
    let mut command = board.build_command(Program::Firmware);
    command
        .arg("--quiet")
        .env_remove("XOBITO_SETTINGS")
        .current_dir(root());
    command
}

fn not_started(source: io::Error) -> Error {
    Error::NotStarted {
        program: "cargo".into(),
        source,
    }
}

/// How the firmware is to run.
pub struct Run {
    /// The sandbox's port.
    pub port: u16,
    /// After so many alerts it ends.
    pub alerts: u32,
    /// How long one operation may take.
    pub deadline: Duration,
    /// Whether one instruction takes one nanosecond.
    pub count_instructions: bool,
    /// After this long the emulator is stopped.
    pub time_limit: Duration,
}

impl Run {
    /// Four alerts, the whole story of the freezer, against the sandbox at this port.
    #[must_use]
    pub fn against(port: u16) -> Self {
        Self {
            port,
            alerts: 4,
            deadline: Duration::from_secs(30),
            count_instructions: false,
            time_limit: Duration::from_secs(50),
        }
    }
}

/// The sandbox's settings for a firmware that is built by [`Firmware`]: with the certificate authority that it trusts.
///
/// The authority is made here if it does not exist yet, so call this before building.
///
/// # Errors
/// That it cannot be made.
pub fn ready(config: Config) -> io::Result<Config> {
    let config = Config {
        state_dir: Some(sandbox_folder()),
        ..config
    };
    fs::create_dir_all(sandbox_folder())?;
    if !sandbox_folder().join("ca.pem").exists() {
        Sandbox::start(config.clone())?.shutdown();
    }
    Ok(config)
}

/// Where the sandbox keeps the authority that the committed settings name.
#[must_use]
pub fn sandbox_folder() -> PathBuf {
    root().join("firmware-example/sandbox")
}

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
