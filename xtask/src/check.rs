//! A list of checks, each of which holds, fails or could not be made; none passes in silence.

use std::time::Instant;

use crate::shell::Failed;

/// How a check ended.
pub(crate) enum Verdict {
    /// It holds.
    Holds,
    /// This machine cannot make it, and why.
    NotMade(String),
}

/// What a check gives.
pub(crate) type Checked = Result<Verdict, Failed>;

/// The checks so far.
#[derive(Default)]
pub(crate) struct Checks {
    lines: Vec<String>,
    failed: usize,
    not_made: usize,
}

impl Checks {
    /// Makes a check and goes on, whatever it gives.
    pub(crate) fn make(&mut self, name: &str, check: impl FnOnce() -> Checked) {
        println!("\n== {name}");
        let start = Instant::now();
        let verdict = check();
        let seconds = start.elapsed().as_secs();
        self.lines.push(match verdict {
            Ok(Verdict::Holds) => format!("holds     {name} ({seconds} s)"),
            Ok(Verdict::NotMade(why)) => {
                self.not_made += 1;
                format!("NOT MADE  {name}: {why}")
            }
            Err(Failed(why)) => {
                self.failed += 1;
                println!("{why}");
                format!("FAILED    {name}: {why}")
            }
        });
    }

    /// Says how all of them ended.
    pub(crate) fn finish(self) -> Result<(), Failed> {
        println!("\n== summary");
        self.lines.iter().for_each(|line| println!("{line}"));
        let held = self.lines.len() - self.failed - self.not_made;
        println!(
            "checks: {held} passed, {} failed, {} skipped",
            self.failed, self.not_made
        );
        match self.failed {
            0 => Ok(()),
            failed => Err(Failed(format!("{failed} of the checks failed."))),
        }
    }
}
