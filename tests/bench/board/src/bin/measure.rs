//! Does every job that needs no heap on the emulated board, and tells what each took.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt_semihosting as _;
use xobito_bench_board::{functions, instructions::Counter, outbox, stack};
use xobito_bench_work::{BUFFER, JOBS};
use xobito_core::message::{ButtonMessage, TemplateMessage, TextMessage};
use xobito_core::{Accepted, AnswerReader, Delivery, Outcome, Rejection, Request, Validation};

#[entry]
fn main() -> ! {
    let Some(core) = cortex_m::Peripherals::take() else {
        semihosting::process::exit(1)
    };
    #[allow(clippy::large_stack_arrays)] // The board has four megabytes.
    let mut buffer = [0; BUFFER];
    let counter = Counter::start(core.SYST);
    for (at, job) in JOBS.iter().enumerate() {
        let count = counter.of(&mut || (job.run)(&mut buffer));
        let peak = stack::peak(&mut || (job.run)(&mut buffer));
        defmt::println!("instructions {=usize} {=u32}", at, count);
        defmt::println!("stack {=usize} {=u32}", at, peak);
    }
    sizes();
    outbox::measure(&counter, |what, count| {
        defmt::println!("outbox {=str} {=u32}", what, count);
    });
    functions::measure(|name, budget, bytes| {
        defmt::println!("function {=str} {=u32} {=u32}", name, budget, bytes);
    });
    semihosting::process::exit(0)
}

/// What people hold: values whose size is part of what core costs.
fn sizes() {
    let sizes = [
        (
            "AnswerReader<Accepted>",
            size_of::<AnswerReader<Accepted>>(),
        ),
        (
            "AnswerReader<Delivery>",
            size_of::<AnswerReader<Delivery>>(),
        ),
        (
            "AnswerReader<Validation>",
            size_of::<AnswerReader<Validation>>(),
        ),
        (
            "Outcome<&Accepted, &Rejection>",
            size_of::<Outcome<&Accepted, &Rejection>>(),
        ),
        ("Outcome<Accepted>", size_of::<Outcome<Accepted>>()),
        ("Outcome<Delivery>", size_of::<Outcome<Delivery>>()),
        ("Outcome<Validation>", size_of::<Outcome<Validation>>()),
        ("Request<256>", size_of::<Request<256>>()),
        ("TextMessage", size_of::<TextMessage<'_>>()),
        ("ButtonMessage", size_of::<ButtonMessage<'_>>()),
        ("TemplateMessage", size_of::<TemplateMessage<'_>>()),
    ];
    for (name, bytes) in sizes {
        defmt::println!("size {=str} {=usize}", name, bytes);
    }
}
