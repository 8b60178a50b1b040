//! Measures `xobito-core` beside its peers and the floors, and writes what it finds into `BENCHMARKS.md`.

mod board;
mod graph;
mod host;
mod jobs;
pub mod page;
mod report;
pub mod table;
mod targets;

use std::path::{Path, PathBuf};

pub use jobs::{Buffers, Job, jobs};
pub use report::sections;

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}
