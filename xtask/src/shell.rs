//! Running programs: said before, checked after.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program with its arguments, to be run in the workspace's root.
pub(crate) struct Program(Command);

/// What went wrong, in one line for people.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The cargo that runs this chore, or the one of another toolchain through `+NAME`.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Program {
    let mut program = program("cargo", arguments);
    // Set by the cargo that started this process; it would override `+TOOLCHAIN`.
    program.0.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    program
}

/// Any program.
pub(crate) fn program<'a>(
    name: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Program {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    Program(command)
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

impl Program {
    /// More arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.0.args(arguments);
        self
    }

    /// A variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Without a variable of our environment.
    pub(crate) fn env_remove(mut self, name: &str) -> Self {
        self.0.env_remove(name);
        self
    }

    /// Runs it, its output with ours.
    ///
    /// # Errors
    /// That it could not start, or did not succeed.
    pub(crate) fn run(self) -> Result<(), Failed> {
        self.run_allowing(&[])
    }

    /// Runs it, its output with ours; these exit codes are no failures.
    ///
    /// # Errors
    /// That it could not start, or ended in another way.
    pub(crate) fn run_allowing(mut self, codes: &[i32]) -> Result<(), Failed> {
        let said = self.said();
        println!("$ {said}");
        let is_allowed = |code: Option<i32>| code.is_some_and(|code| codes.contains(&code));
        match self.0.status() {
            Ok(status) if status.success() || is_allowed(status.code()) => Ok(()),
            Ok(status) => Err(Failed(format!("`{said}` failed: {status}"))),
            Err(error) => Err(Failed(format!("`{said}` did not start: {error}"))),
        }
    }

    /// Runs it in silence; whether it succeeded.
    pub(crate) fn succeeds(mut self) -> bool {
        self.0
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Runs it and gives what it printed, if it succeeded.
    pub(crate) fn output(mut self) -> Option<String> {
        let output = self
            .0
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    }

    fn said(&self) -> String {
        let words = std::iter::once(self.0.get_program()).chain(self.0.get_args());
        words
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
