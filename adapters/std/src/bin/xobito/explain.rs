//! `xobito explain`: what a stored answer means.

use std::io::{self, IsTerminal, Read};

use xobito_std::core::{Answer, End};
use xobito_std::{AnswerReader, Outcome};

use crate::arguments::{Endpoint, Explain};
use crate::failure::{Exit, Invalid};
use crate::output::Output;
use crate::report;

pub(crate) fn run(explain: &Explain, output: &Output) -> Result<Exit, Invalid> {
    if io::stdin().is_terminal() {
        output.hint("reading the answer's body from standard input: end it with Ctrl-D");
    }
    match explain.endpoint {
        Endpoint::Send => Ok(report::accepted(&read(explain)?, output)),
        Endpoint::Status => Ok(report::delivery(&read(explain)?, output)),
        Endpoint::Validate => Ok(report::validation(&read(explain)?, output)),
    }
}

fn read<A: Answer>(explain: &Explain) -> Result<Outcome<A>, Invalid> {
    let mut reader = AnswerReader::new();
    reader.status(explain.status);
    if let Some(value) = &explain.retry_after {
        reader.retry_after(value);
    }
    let mut stdin = io::stdin().lock();
    let mut chunk = vec![0; 8 * 1024];
    loop {
        match stdin.read(&mut chunk) {
            Ok(0) => return Ok(reader.finish(End::Complete).cloned()),
            Ok(len) => reader.feed(chunk.get(..len).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(Invalid::new(
                    format!("standard input cannot be read: {error}"),
                    "give the answer's body on standard input",
                ));
            }
        }
    }
}
