//! `cargo run -p xobito-sandbox`: the sandbox as a program.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use xobito_sandbox::{
    Ability, Certificate, Config, DEFAULT_TOKEN, Fault, Sandbox, Tls, Token, Window, numbers,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xobito-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A stand-in for the Xobito API on this machine: HTTPS, documented answers, and every failure on demand.
#[derive(Parser)]
#[command(version, after_long_help = after_help())]
struct Arguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Where to write the root certificate that clients have to trust
    #[arg(long, value_name = "PATH", default_value = "xobito-sandbox-ca.pem")]
    ca_file: PathBuf,
    /// Keep the root certificate and its key here, so that the next start uses the same one
    #[arg(long, value_name = "DIRECTORY")]
    state_dir: Option<PathBuf>,
    /// The bearer token that may do everything
    #[arg(long, default_value = DEFAULT_TOKEN)]
    token: String,
    /// One more token with some abilities (messages.send, messages.read, phone.validate) or none; repeatable
    #[arg(long, value_name = "TOKEN=ABILITY,...", value_parser = restricted_token)]
    restricted_token: Vec<Token>,
    /// The workspace's subdomain
    #[arg(long, default_value = "demo")]
    subdomain: String,
    /// Requests per token and minute
    #[arg(long, value_name = "REQUESTS", default_value_t = 60)]
    rate_limit: u32,
    /// Open the 24-hour window to numbers that never wrote; as WhatsApp has it, it is closed to them until they write
    /// (POST /_sandbox/incoming)
    #[arg(long)]
    open_window: bool,
    /// A fault for every request
    #[arg(long, value_name = "NAME")]
    fault: Option<Fault>,
    /// One more name or address in the server's certificate; repeatable
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// What is wrong with the server's certificate
    #[arg(long, value_enum, default_value = "valid")]
    certificate: Certificate,
    /// Which versions of TLS are offered
    #[arg(long, value_enum, default_value = "both")]
    tls: Tls,
    /// Print a line about each request to standard error
    #[arg(long)]
    verbose: bool,
    /// End when standard input ends, for programs that start this one
    #[arg(long)]
    exit_with_stdin: bool,
}

fn run(arguments: &Arguments) -> io::Result<()> {
    let mut tokens = vec![Token::with_every_ability(&arguments.token)];
    tokens.extend(arguments.restricted_token.iter().cloned());
    let sandbox = Sandbox::start(Config {
        listen: arguments.listen,
        subdomain: arguments.subdomain.clone(),
        tokens,
        rate_limit: arguments.rate_limit,
        window: if arguments.open_window {
            Window::Friendly
        } else {
            Window::Strict
        },
        fault: arguments.fault,
        names: arguments.name.clone(),
        certificate: arguments.certificate,
        tls: arguments.tls,
        state_dir: arguments.state_dir.clone(),
        log: arguments
            .verbose
            .then_some(|received| eprintln!("{}", received.summary())),
        ..Config::default()
    })
    .map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot start on {}: {error}", arguments.listen),
        )
    })?;
    std::fs::write(&arguments.ca_file, sandbox.ca_pem()).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot write {}: {error}", arguments.ca_file.display()),
        )
    })?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(announce_and_wait(arguments, &sandbox))?;
    sandbox.shutdown();
    Ok(())
}

async fn announce_and_wait(arguments: &Arguments, sandbox: &Sandbox) -> io::Result<()> {
    // Listened for before the announcement: whoever reads that may send one at once.
    let mut signals = Signals::listen()?;
    announce(arguments, sandbox)?;
    tokio::select! {
        () = signals.any() => {}
        () = stdin_ended(), if arguments.exit_with_stdin => {}
    }
    Ok(())
}

/// Says how to reach it. The last line is for programs and stays as it is.
fn announce(arguments: &Arguments, sandbox: &Sandbox) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "base URL  {}", sandbox.base_url())?;
    writeln!(out, "token     {}", arguments.token)?;
    writeln!(out, "CA file   {}", arguments.ca_file.display())?;
    writeln!(
        out,
        "try it    xobito --host localhost:{} --subdomain {} --ca-file {} send text --to +14155551234 --body Hello\n          \
         with the token in XOBITO_TOKEN",
        sandbox.port(),
        arguments.subdomain,
        arguments.ca_file.display()
    )?;
    writeln!(out, "listening on https://{}", sandbox.addr())?;
    out.flush()
}

/// The signals that ask a program to end.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
}

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
        })
    }

    async fn any(&mut self) {
        self.interrupt.recv().await;
    }
}

async fn stdin_ended() {
    let (ended, end) = tokio::sync::oneshot::channel();
    // A thread, as a blocked read of standard input cannot be cancelled; it ends with the process.
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = ended.send(());
    });
    let _ = end.await;
}

fn restricted_token(text: &str) -> Result<Token, String> {
    let (secret, words) = text.split_once('=').ok_or("expected TOKEN=ABILITY,...")?;
    let abilities = words
        .split(',')
        .filter(|word| !word.is_empty())
        .map(|word| {
            Ability::ALL
                .into_iter()
                .find(|ability| ability.name() == word)
                .ok_or_else(|| format!("no ability is called `{word}`"))
        });
    Ok(Token {
        secret: secret.to_owned(),
        abilities: Some(abilities.collect::<Result<_, _>>()?),
    })
}

fn after_help() -> String {
    use std::fmt::Write as _;
    let mut help = String::from("Numbers that provoke a behaviour:\n");
    for magic in numbers::all() {
        let _ = writeln!(help, "  {}  {}", magic.number, magic.about);
    }
    help.push_str("\nFaults, for --fault and POST /_sandbox/fault:\n");
    for fault in Fault::ALL {
        let _ = writeln!(help, "  {:24} {}", fault.name(), fault.about());
    }
    help
}
