//! Runs the real command.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use xobito_sandbox::{DEFAULT_TOKEN, Sandbox};

use crate::host;

/// A run of the command that is being put together, in an empty environment.
pub(crate) struct Xobito(Command, Vec<u8>);

/// What became of the run. The token is in none of it: that was checked.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Xobito {
    pub(crate) fn alone() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xobito"));
        command.env_clear();
        Self(command, Vec::new())
    }

    pub(crate) fn for_sandbox(sandbox: &Sandbox) -> Self {
        Self::alone()
            .env("XOBITO_HOST", host(sandbox))
            .env("XOBITO_SUBDOMAIN", "demo")
            .env("XOBITO_TOKEN", DEFAULT_TOKEN)
            .ca(sandbox)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// The system's roots, replaced by the sandbox's: what `--ca-file` does is another test's matter.
    pub(crate) fn ca(self, sandbox: &Sandbox) -> Self {
        let path = file(&format!("ca-{}.pem", sandbox.port()), sandbox.ca_pem());
        self.env("SSL_CERT_FILE", &path)
    }

    pub(crate) fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.1 = input.into();
        self
    }

    /// Runs on while the test does something else. Its output is nobody's.
    pub(crate) fn spawn(mut self, arguments: &[&str]) -> Running {
        let child = self
            .0
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Running(child.unwrap())
    }

    /// Writes its output to this file; whether there is room for it is the test's matter.
    pub(crate) fn run_into(mut self, path: &str, arguments: &[&str]) -> Ended {
        let out = OpenOptions::new().write(true).open(path).unwrap();
        let output = self.0.args(arguments).stdin(Stdio::null()).stdout(out);
        Self::ended(output.output().unwrap())
    }

    pub(crate) fn run(mut self, arguments: &[&str]) -> Ended {
        let mut child = self
            .0
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that has no use for its input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(&self.1);
        Self::ended(child.wait_with_output().unwrap())
    }

    fn ended(output: Output) -> Ended {
        let ended = Ended {
            code: output.status.code().expect("ended by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        let said = format!("{}{}", ended.out, ended.err);
        assert!(!said.contains(DEFAULT_TOKEN), "the token in {said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(!said.contains('\u{1b}'), "colours without a terminal");
        ended
    }
}

/// A run that goes on. It is killed when dropped, without a chance to tidy up.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Ended {
    /// The last line of standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.out.lines().last().expect("no output")).unwrap()
    }
}

/// A file for this process's tests.
pub(crate) fn file(name: &str, content: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.into_os_string().into_string().unwrap()
}
