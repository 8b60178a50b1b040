//! Counts the instructions of every job on this computer, under callgrind.

#![allow(missing_docs)] // The harness's macros write undocumented items.

use gungraun::prelude::*;
use xobito_bench::{Buffers, Job, jobs};

fn with_buffers(job: Job) -> (Job, Buffers) {
    (job, Buffers::new())
}

// The buffers are given back, so that freeing them is not counted.
#[library_benchmark]
#[benches::job(iter = jobs(), setup = with_buffers)]
fn measured((job, mut buffers): (Job, Buffers)) -> Buffers {
    job.run(&mut buffers);
    buffers
}

// What measuring takes by itself.
#[library_benchmark]
#[bench::nothing(with_buffers(Job::NOTHING))]
fn idle((job, mut buffers): (Job, Buffers)) -> Buffers {
    job.run(&mut buffers);
    buffers
}

library_benchmark_group!(name = instructions, benchmarks = [measured, idle]);
main!(
    // The caches that callgrind could simulate are nobody's.
    config =
        LibraryBenchmarkConfig::default().tool(gungraun::Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = instructions
);
