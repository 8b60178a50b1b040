//! An outage, from the first alert without a network to the last delivery: what the firmware's outbox is for.
//!
//! ```text
//! network   ------- cut off ------->|            | server gone ->| server there ------------------------>
//! power     on: alerts are queued   | killed     | on again: they are back, and go out, and arrive
//! ```

use std::{
    error::Error,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::ControlFlow,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use emulator::{Board, Ending, LogLine, Options};
use xobito_sandbox::{Config, Received, Sandbox};

use crate::{Firmware, ready};

/// What the firmware tells about while the network is cut off: a text, reply buttons, a URL button and a template.
pub const ALERTS: usize = 4;
/// How long the server stays away after the power is back.
const GONE: Duration = Duration::from_secs(8);
const TIME_LIMIT: Duration = Duration::from_secs(90);

/// What the device says of an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// Which kind of message it is.
    pub kind: String,
    /// The message's id, once the API took it.
    pub id: Option<String>,
    /// How many the API took before it: the more urgent go first.
    pub turn: usize,
    /// How it ended.
    pub end: Option<String>,
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Outage {
    /// The alerts, in the order of their ids, as the device knows them.
    pub alerts: Vec<Queued>,
    /// How many were back after the power cut.
    pub back: usize,
    /// How the second run ended.
    pub ending: Ending,
    /// What the server received.
    pub received: Vec<Received>,
    /// How long it took.
    pub took: Duration,
}

impl Outage {
    /// Whether each alert arrived, once, and both sides agree about it.
    #[must_use]
    pub fn is_overcome(&self) -> bool {
        let accepted: Vec<&str> = self
            .received
            .iter()
            .filter(|request| request.method == "POST" && request.accepted)
            .filter_map(|request| request.message_id.as_deref())
            .collect();
        let believed: Vec<&str> = self
            .alerts
            .iter()
            .filter_map(|alert| alert.id.as_deref())
            .collect();
        let is_delivered = |alert: &Queued| {
            let end = alert.end.as_deref();
            end == Some("delivered") || end == Some("read")
        };
        self.ending == Ending::Exited(0)
            && self.back == ALERTS
            && self.alerts.len() == ALERTS
            && self.alerts.iter().all(is_delivered)
            && believed.len() == ALERTS
            && sorted(accepted) == sorted(believed)
    }
}

fn sorted(mut ids: Vec<&str>) -> Vec<&str> {
    ids.sort_unstable();
    ids
}

/// Builds the firmware with its outbox, and lets it happen.
///
/// # Errors
/// That something could not be built or started.
pub fn happen(
    board: Board,
    say: &mut dyn FnMut(&str),
    on_line: &mut dyn FnMut(&LogLine),
) -> Result<Outage, Box<dyn Error>> {
    let config = ready(Config::default())?;
    say(&format!(
        "Building the firmware for {} with its outbox ...",
        board.name
    ));
    let firmware = with_outbox(board)?;
    let flash = FlashFile::new();
    // Until the server is to be there nobody listens, and the port is free again.
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = nobody.local_addr()?.port();
    drop(nobody);
    let config = Config {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        ..config
    };
    let begun = Instant::now();
    let mut alerts: Vec<Queued> = Vec::new();

    say("The board starts without a way to the host. It notices that a freezer warms up:");
    let options = Options {
        network: "user,restrict=on".into(),
        ..options(port, flash.path(), &["alerts=99"])
    };
    let first = emulator::run_until(&board, firmware.image(), &options, |line| {
        on_line(line);
        take_in(line, &mut alerts);
        if alerts.len() == ALERTS {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    if first.ending != Ending::Killed {
        return Err(format!("only {} alerts were queued: {first:?}", alerts.len()).into());
    }

    say("The power is cut: QEMU is killed. It returns, and the server only later:");
    let server = thread::spawn(move || {
        thread::sleep(GONE);
        Sandbox::start(config)
    });
    let mut back = 0;
    let options = options_with_network(port, flash.path());
    let second = emulator::run(&board, firmware.image(), &options, |line| {
        on_line(line);
        take_in(line, &mut alerts);
        let mut words = line.message.split_whitespace();
        if let (Some(count), Some("alerts"), Some("are"), Some("back,")) =
            (words.next(), words.next(), words.next(), words.next())
        {
            back = count.parse().unwrap_or_default();
        }
    })?;
    let sandbox = server
        .join()
        .map_err(|_| "the server's thread panicked")??;
    Ok(Outage {
        alerts,
        back,
        ending: second.ending,
        received: sandbox.messages(),
        took: begun.elapsed(),
    })
}

/// Builds the firmware with its outbox, and lets more happen without a network than there are slots: a freezer wavers, and then
/// its contents spoil. Whether a lesser alert made room.
///
/// # Errors
/// That something could not be built or started.
pub fn overflow(board: Board, on_line: &mut dyn FnMut(&LogLine)) -> Result<bool, Box<dyn Error>> {
    ready(Config::default())?;
    let firmware = with_outbox(board)?;
    let flash = FlashFile::new();
    let options = Options {
        network: "user,restrict=on".into(),
        time_limit: Duration::from_secs(20),
        ..options(1, flash.path(), &["alerts=99", "sensor=wavers"])
    };
    let summary = emulator::run_until(&board, firmware.image(), &options, |line| {
        on_line(line);
        if line.message.ends_with("ended dropped") {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(summary.ending == Ending::Killed)
}

fn with_outbox(board: Board) -> Result<Firmware, Box<dyn Error>> {
    let features = |command: &mut std::process::Command| {
        command.args(["--no-default-features", "--features", "outbox"]);
    };
    Ok(Firmware::build_if_it_fits(board, features)?.ok_or("it does not fit")?)
}

fn options_with_network(port: u16, flash: &Path) -> Options {
    options(port, flash, &[&format!("alerts={ALERTS}"), "sensor=cold"])
}

fn options(port: u16, flash: &Path, more: &[&str]) -> Options {
    let mut arguments = vec![
        format!("port={port}"),
        "deadline_ms=4000".into(),
        format!("flash={}", flash.display()),
    ];
    arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
    Options {
        time_limit: TIME_LIMIT,
        arguments,
        ..Options::default()
    }
}

fn take_in(line: &LogLine, alerts: &mut Vec<Queued>) {
    let words: Vec<&str> = line.message.split_whitespace().collect();
    let ["alert", number, what @ ..] = words.as_slice() else {
        return;
    };
    let Some(at) = number
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1))
    else {
        return;
    };
    if alerts.len() <= at {
        alerts.resize(at + 1, Queued::default());
    }
    let turn = alerts.iter().filter(|alert| alert.id.is_some()).count();
    let Some(alert) = alerts.get_mut(at) else {
        return;
    };
    match what {
        ["queued", "as", kind] => (*kind).clone_into(&mut alert.kind),
        ["accepted", id] => (alert.id, alert.turn) = (Some((*id).to_owned()), turn),
        ["ended", end] => alert.end = Some((*end).to_owned()),
        _ => {}
    }
}

/// The file that stands for the board's flash, gone at the end.
struct FlashFile(PathBuf);

impl FlashFile {
    fn new() -> Self {
        let name = format!("xobito-outage-{}.flash", std::process::id());
        let file = Self(std::env::temp_dir().join(name));
        // What a run left that was killed.
        let _ = fs::remove_file(&file.0);
        file
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for FlashFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
