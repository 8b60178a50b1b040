//! What the work takes on this computer: instructions under callgrind, and time.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::Value;
use xobito_bench_work::{Item, Who};

use crate::jobs::{Buffers, jobs};
use crate::root;

/// Instructions of every job in order, counted by callgrind through gungraun; the call itself is left out.
///
/// # Errors
/// That the benchmark did not run, or left no counts.
pub(crate) fn instructions() -> Result<Vec<u64>, Box<dyn Error>> {
    let results = target_folder().join("gungraun/xobito-bench/instructions/instructions");
    if results.exists() {
        // Counts of an earlier run would be taken for a baseline, and say nothing here.
        fs::remove_dir_all(&results)?;
    }
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["bench", "--package", "xobito-bench", "--bench"])
        .args(["instructions", "--", "--save-summary=json"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        return Err(format!("{said}\nthe benchmark ended with {}", output.status).into());
    }
    let idle = count(&results.join("idle.nothing/summary.json"))?;
    (0..jobs().len())
        .map(|at| count(&results.join(format!("measured.job_{at}/summary.json"))))
        .map(|counted| Ok(counted?.saturating_sub(idle)))
        .collect()
}

fn count(summary: &Path) -> Result<u64, Box<dyn Error>> {
    let text = fs::read(summary).map_err(|error| format!("{}: {error}", summary.display()))?;
    let summary: Value = serde_json::from_slice(&text)?;
    summary
        .pointer("/profiles/0/data/total/metrics/Ir/values/new")
        .and_then(Value::as_u64)
        .ok_or_else(|| "the summary has no instructions".into())
}

pub(crate) fn target_folder() -> PathBuf {
    let folder = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(folder)
}

/// The shortest time of each job, everybody's turns for an item following each other, so that what else the computer
/// does meets all of them.
#[must_use]
pub(crate) fn times() -> Vec<Duration> {
    const ROUNDS: u32 = 30;
    let jobs = jobs();
    let mut buffers = Buffers::new();
    let mut shortest = vec![Duration::MAX; jobs.len()];
    for item in Item::ALL {
        // Some 100 microseconds for us, so that reading the clock does not count.
        let repeats = u32::try_from(100_000 / item.bytes().max(1))
            .unwrap_or(1)
            .clamp(1, 200);
        for _ in 0..ROUNDS {
            for (job, shortest) in jobs.iter().zip(&mut shortest) {
                if job.item != item {
                    continue;
                }
                let start = Instant::now();
                (0..repeats).for_each(|_| job.run(&mut buffers));
                *shortest = (*shortest).min(start.elapsed() / repeats);
            }
        }
    }
    shortest
}

/// A figure of every job, looked up by what and who.
#[derive(Clone, Debug)]
pub(crate) struct Figures<T>(Vec<(Item, Who, T)>);

impl<T: Copy> Figures<T> {
    /// Figures in the order of some jobs.
    pub(crate) fn new(jobs: impl IntoIterator<Item = (Item, Who)>, figures: Vec<T>) -> Self {
        let jobs = jobs.into_iter().zip(figures);
        Self(
            jobs.map(|((item, who), figure)| (item, who, figure))
                .collect(),
        )
    }

    /// The figure, where it was measured.
    #[must_use]
    pub(crate) fn of(&self, item: Item, who: Who) -> Option<T> {
        let found = self.0.iter().find(|job| (job.0, job.1) == (item, who));
        found.map(|job| job.2)
    }
}
