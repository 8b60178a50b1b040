//! What the command says, and where: results on standard output, the rest on standard error.

use std::fmt::{self, Display, Write as _};
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use xobito_std::Outcome;
use xobito_std::core::answer::is_unprintable;
use xobito_std::core::{Answer, Warning};

use crate::doctor::{Check, Verdict};
use crate::failure::Invalid;

/// Whoever reads may go away at any time: nothing here fails because of it. What was done stays done, so its exit code stays
/// what it is also where the report cannot be written; only what was asked for nothing but its output fails then.
pub(crate) struct Output {
    is_json: bool,
}

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default().bold();

impl Output {
    pub(crate) const fn new(is_json: bool) -> Self {
        Self { is_json }
    }

    /// What became of a request: `summary` in words for people, or the whole as JSON. `is_good` decides the colour,
    /// `advice` tells what to do next.
    pub(crate) fn outcome<A: Answer>(
        &self,
        outcome: &Outcome<A>,
        is_good: bool,
        summary: &str,
        advice: Option<&str>,
    ) {
        if !is_good {
            note(BAD, "xobito", &Printable(summary));
        }
        if let Some(advice) = advice {
            note(NOTE, "next", &advice);
        }
        if self.is_json {
            self.json(outcome);
        } else if is_good {
            let (word, rest) = summary.split_once(' ').unwrap_or((summary, ""));
            let mut out = anstream::stdout().lock();
            let _ = writeln!(out, "{GOOD}{word}{GOOD:#} {}", Printable(rest));
            let _ = out.flush();
        }
    }

    /// A line of JSON, where that is wanted; otherwise a line in words.
    pub(crate) fn line(&self, json: &impl Serialize, words: &str) {
        if self.is_json {
            self.json(json);
        } else {
            self.progress(words);
        }
    }

    /// Several lines in words, or one of JSON.
    pub(crate) fn list(&self, json: &impl Serialize, lines: &str) -> Result<(), Invalid> {
        if self.is_json {
            return self.bytes(json_line(json).as_bytes());
        }
        let lines = lines.lines().map(|line| format!("{}\n", Printable(line)));
        self.bytes(lines.collect::<String>().as_bytes())
    }

    #[allow(clippy::unused_self)] // Everything that is said goes through here.
    fn json(&self, value: &impl Serialize) {
        let _ = write(json_line(value).as_bytes());
    }

    /// What was found about a server: a line for each check, and below it what to do; or the whole as JSON.
    pub(crate) fn checks(&self, checks: &[Check], json: &serde_json::Value) {
        if self.is_json {
            let _ = write(format!("{json}\n").as_bytes());
            return;
        }
        let mut out = anstream::stdout().lock();
        for check in checks {
            let (style, word) = match check.verdict {
                Verdict::Fine => (GOOD, "ok  "),
                Verdict::Warning => (NOTE, "warn"),
                Verdict::No => (BAD, "no  "),
            };
            let (name, found) = (check.name, Printable(&check.found));
            let _ = writeln!(out, "{style}{word}{style:#} {name:<12} {found}");
            if let Some(advice) = &check.advice {
                let _ = writeln!(out, "     {NOTE}do:{NOTE:#} {}", Printable(advice));
            }
        }
        let _ = out.flush();
    }

    /// A line of progress, for people.
    pub(crate) fn progress(&self, line: &str) {
        if !self.is_json {
            let mut out = anstream::stdout().lock();
            let _ = writeln!(out, "{}", Printable(line));
            let _ = out.flush();
        }
    }

    /// Bytes as they are, for which the command was called.
    #[allow(clippy::unused_self)]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Invalid> {
        match write(bytes) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Invalid::new(
                format!("standard output cannot be written: {error}"),
                "give the output a place with room for it",
            )),
            _ => Ok(()),
        }
    }

    /// A request's body: exactly its bytes, and on a terminal a newline so that the prompt stands alone.
    pub(crate) fn body(&self, body: &[u8]) -> Result<(), Invalid> {
        self.bytes(body)?;
        if io::stdout().is_terminal() {
            self.bytes(b"\n")?;
        }
        Ok(())
    }

    #[allow(clippy::unused_self)]
    pub(crate) fn warning(&self, warning: Warning) {
        note(NOTE, "warning", &warning);
    }

    #[allow(clippy::unused_self)]
    pub(crate) fn hint(&self, hint: &str) {
        note(NOTE, "xobito", &Printable(hint));
    }

    #[allow(clippy::unused_self)]
    pub(crate) fn invalid(&self, invalid: &Invalid) {
        note(BAD, "error", &Printable(&invalid.to_string()));
        note(NOTE, "next", &Printable(invalid.advice()));
    }
}

fn json_line(value: &impl Serialize) -> String {
    // Texts, numbers and booleans under constant keys: it always serializes.
    let line = serde_json::to_string(value).unwrap_or_default();
    // serde_json escapes what JSON demands; the rest of what could end a line or steer a terminal comes here.
    let mut safe = String::with_capacity(line.len() + 1);
    for character in line.chars() {
        if is_unprintable(character) {
            let _ = write!(safe, "\\u{:04x}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe.push('\n');
    safe
}

fn write(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

fn note(style: Style, label: &str, text: &dyn Display) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{style}{label}:{style:#} {text}");
}

/// Text from elsewhere, with control characters made visible, so that it cannot steer the terminal.
struct Printable<'a>(&'a str);

impl Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| {
            if is_unprintable(character) {
                write!(f, "{}", character.escape_unicode())
            } else {
                f.write_char(character)
            }
        })
    }
}
