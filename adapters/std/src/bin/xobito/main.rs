//! The `xobito` command: alerts from a shell, with the bytes that a device would send.

#![forbid(unsafe_code)]

mod arguments;
mod connection;
mod contact;
mod doctor;
mod explain;
mod failure;
mod output;
mod query;
mod queue;
mod report;
mod send;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};
use failure::{Exit, Invalid};
use output::Output;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A reader that went away is no reason to fail differently.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let output = Output::new(arguments.global.json);
    match run(&arguments, &output) {
        Ok(exit) => exit.into(),
        Err(invalid) => {
            output.invalid(&invalid);
            Exit::Usage.into()
        }
    }
}

fn run(arguments: &Arguments, output: &Output) -> Result<Exit, Invalid> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Send { message } => send::run(message, global, output),
        Command::Status { id, watch: false } => query::status(id, global, output),
        Command::Status { id, watch: true } => watch::run(id, global, output),
        Command::Validate { number } => query::validate(number, global, output),
        Command::Queue { command } => queue::run(command, global, output),
        Command::Explain(answer) => explain::run(answer, output),
        Command::Doctor { server } => doctor::run(server, global, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "xobito", &mut script);
            output.bytes(&script)?;
            Ok(Exit::Accepted)
        }
    }
}
