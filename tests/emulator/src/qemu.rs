//! QEMU as a child process that never outlives the call.

use std::{
    io::Read,
    ops::ControlFlow,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{Board, Error, LogLine, log::LogTable};

const PROGRAM: &str = "qemu-system-arm";

/// How to run an image.
#[derive(Clone, Debug)]
pub struct Options {
    /// After this long the emulator is stopped.
    pub time_limit: Duration,
    /// What the firmware finds on its command line, such as `port=4433`. Neither spaces nor commas.
    pub arguments: Vec<String>,
    /// Whether one instruction takes one nanosecond of the device's time. Time differences then
    /// count instructions, and do not depend on the host's speed; the run as a whole may take
    /// longer or shorter than the device believes.
    pub count_instructions: bool,
    /// QEMU's name for what the board's network is connected to, with its options. The default,
    /// `user`, shows the host at 10.0.2.2 and its loopback services with it;
    /// `user,hostfwd=udp:127.0.0.1:PORT-:9` also lets the host in.
    pub network: String,
    /// Further arguments for QEMU itself.
    pub qemu_arguments: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            time_limit: Duration::from_mins(1),
            arguments: Vec::new(),
            count_instructions: false,
            network: "user".into(),
            qemu_arguments: Vec::new(),
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The firmware ended it with this code (101 is a panic, 102 a fault).
    Exited(i32),
    /// QEMU died of something else, a processor that locked up for one.
    Died,
    /// The time limit was reached.
    TimedOut,
    /// It was killed because of a line of its log: the power is cut.
    Killed,
}

/// What a run amounted to.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How it ended.
    pub ending: Ending,
    /// How long it took.
    pub took: Duration,
    /// How many lines were logged.
    pub lines: usize,
    /// How many frames of the log made no sense. More than 0 means that something else writes into
    /// it.
    pub malformed: usize,
    /// What QEMU itself had to say.
    pub complaints: String,
}

/// Boots `image` on `board` and calls `on_line` for every line of its log as it arrives.
///
/// # Errors
/// An [`Error`] if the image cannot be read or QEMU cannot be started; how the firmware fared is in
/// the [`Summary`].
pub fn run(
    board: &Board,
    image: &Path,
    options: &Options,
    mut on_line: impl FnMut(&LogLine),
) -> Result<Summary, Error> {
    run_until(board, image, options, |line| {
        on_line(line);
        ControlFlow::Continue(())
    })
}

/// As [`run`], but kills the emulator as soon as `on_line` breaks: what a power cut is to a device.
///
/// # Errors
/// As for [`run`].
pub fn run_until(
    board: &Board,
    image: &Path,
    options: &Options,
    mut on_line: impl FnMut(&LogLine) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    let table = LogTable::of(image)?;
    let mut decoder = table.decoder();
    let start = Instant::now();
    let mut emulator = Emulator::start(board, image, options)?;
    let (mut lines, mut malformed) = (0, 0);
    let ending = emulator.follow(start, options.time_limit, |bytes| {
        let mut flow = ControlFlow::Continue(());
        malformed += decoder.decode(bytes, |line| {
            if flow.is_continue() {
                lines += 1;
                flow = on_line(line);
            }
        });
        flow
    })?;
    Ok(Summary {
        ending,
        took: start.elapsed(),
        lines,
        malformed,
        complaints: emulator.complaints(),
    })
}

/// A running QEMU; dropping it stops it.
struct Emulator {
    child: Child,
    output: mpsc::Receiver<Vec<u8>>,
    complaints: Option<thread::JoinHandle<String>>,
}

impl Emulator {
    fn start(board: &Board, image: &Path, options: &Options) -> Result<Self, Error> {
        let mut child = command(board, image, options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| Error::NotStarted {
                program: PROGRAM.into(),
                source,
            })?;
        let (sender, output) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || forward(stdout, &sender));
        }
        let complaints = child.stderr.take().map(|mut stderr| {
            thread::spawn(move || {
                let mut text = Vec::new();
                let _ = stderr.read_to_end(&mut text);
                String::from_utf8_lossy(&text).into_owned()
            })
        });
        Ok(Self {
            child,
            output,
            complaints,
        })
    }

    /// Passes on what the firmware writes until it ends or its time is up.
    fn follow(
        &mut self,
        start: Instant,
        limit: Duration,
        mut on_bytes: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Ending, Error> {
        loop {
            match self
                .output
                .recv_timeout(limit.saturating_sub(start.elapsed()))
            {
                Ok(bytes) => {
                    if on_bytes(&bytes).is_break() {
                        self.stop();
                        return Ok(Ending::Killed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.stop();
                    return Ok(Ending::TimedOut);
                }
                // Its standard output is closed: it has ended, or does so now.
                Err(RecvTimeoutError::Disconnected) => {
                    return self.child.wait().map(ending).map_err(Error::Lost);
                }
            }
        }
    }

    fn complaints(&mut self) -> String {
        self.complaints
            .take()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default()
    }

    fn stop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop();
    }
}

fn command(board: &Board, image: &Path, options: &Options) -> Command {
    let mut semihosting = String::from("enable=on,target=native,arg=firmware");
    for argument in &options.arguments {
        semihosting.push_str(",arg=");
        semihosting.push_str(argument);
    }
    let mut qemu = Command::new(PROGRAM);
    qemu.args(["-machine", board.machine, "-kernel"]).arg(image);
    qemu.args(["-display", "none", "-monitor", "none", "-serial", "null"]);
    qemu.args(["-semihosting-config", &semihosting]);
    qemu.args([
        "-nic",
        &format!("{},model={}", options.network, board.network_chip),
    ]);
    if options.count_instructions {
        qemu.args(["-icount", "shift=0"]);
    }
    qemu.args(&options.qemu_arguments);
    qemu
}

fn forward(mut from: impl Read, to: &mpsc::Sender<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..read).unwrap_or_default();
        if to.send(bytes.to_vec()).is_err() {
            return;
        }
    }
}

fn ending(status: ExitStatus) -> Ending {
    status.code().map_or(Ending::Died, Ending::Exited)
}
