//! What was promised, and whether it holds.

use std::collections::BTreeSet;
use std::error::Error;

use xobito_bench_work::{Item, Who};

use crate::board::OnBoard;
use crate::graph;
use crate::host::Figures;
use crate::table::{Table, quotient, thousands};

/// What the targets are held against.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Instructions on this computer.
    pub(crate) host: Figures<u64>,
    /// The board at opt-level s.
    pub(crate) s: OnBoard,
    /// The board at opt-level z.
    pub(crate) z: OnBoard,
}

/// The table of targets.
///
/// # Errors
/// That a figure is missing, or a dependency graph cannot be looked at.
pub(crate) fn table(measured: &Measured) -> Result<Table, Box<dyn Error>> {
    let mut targets = Targets(Table::new(["what", "target", "measured", "met"]));
    let host = |item, who| measured.host.of(item, who).ok_or("a count is missing");
    let ours = |item| host(item, Who::Xobito);
    let board = |item| {
        let count = measured.s.instructions.of(item, Who::Xobito);
        count.ok_or("a count is missing")
    };
    let on_board = "instructions, Cortex-M4, opt-level s";
    targets.at_most(
        &format!("encode a 160-character alert: {on_board}"),
        1_400,
        board(Item::EncodeAlert)?,
    );
    targets.at_most(
        &format!("encode 4096 characters with an escape in 8: {on_board}"),
        37_000,
        board(Item::EncodeEscapes)?,
    );
    for (what, item, hundredths) in [
        ("encode 4096 clean characters", Item::EncodeClean, 420),
        (
            "encode 4096 characters with an escape in 8",
            Item::EncodeEscapes,
            610,
        ),
    ] {
        let what = format!("{what}: instructions a byte, x86-64");
        targets.per_byte(&what, hundredths, ours(item)?, item);
    }
    targets.at_most(
        &format!("read the 321-byte answer, strictly: {on_board}"),
        5_500,
        board(Item::ReadAnswer)?,
    );
    let serde_json = host(Item::ReadAnswer, Who::SerdeJson)?;
    let count = ours(Item::ReadAnswer)?;
    targets.add(
        "read the 321-byte answer: instructions, x86-64",
        &format!("fewer than serde_json's {}", thousands(serde_json)),
        &thousands(count),
        count < serde_json,
    );
    let echo = "read a 49-KB echo, strictly";
    let count = ours(Item::ReadEcho)?;
    targets.per_byte(
        &format!("{echo}: instructions a byte, x86-64"),
        600,
        count,
        Item::ReadEcho,
    );
    let what = format!("{echo}: instructions a byte, Cortex-M4, opt-level s");
    targets.per_byte(&what, 600, board(Item::ReadEcho)?, Item::ReadEcho);
    targets.at_most(
        &format!("{echo}: bytes of stack at any length, Cortex-M4, opt-level s"),
        256,
        reading_stack(&measured.s)?,
    );
    targets.at_most(
        "encode a text and read its answer: bytes of flash, Cortex-M4, opt-level z",
        4_300,
        measured.z.flash.text,
    );
    targets.at_most(
        "all kinds of messages and all endpoints: bytes of flash, Cortex-M4, opt-level z",
        9_000,
        measured.z.flash.everything,
    );
    allocation(&mut targets)?;
    against_peers(&mut targets, measured)?;
    Ok(targets.0)
}

/// What all of it is for: smaller and faster than every peer.
fn against_peers(targets: &mut Targets, measured: &Measured) -> Result<(), Box<dyn Error>> {
    let (s, z) = (&measured.s, &measured.z);
    let every = "every piece of work: instructions";
    targets.fewer_than_peers(&format!("{every}, x86-64"), &[&measured.host])?;
    targets.fewer_than_peers(
        &format!("{every}, Cortex-M4, opt-level s and z"),
        &[&s.instructions, &z.instructions],
    )?;
    let both = |[s, z]: [u64; 2]| format!("{} and {}", thousands(s), thousands(z));
    let [ours, peers] = [
        [s.flash.text, z.flash.text],
        [s.flash, z.flash].map(|flash| flash.text_by_serde_json_core),
    ];
    targets.add(
        "encode a text and read its answer: bytes of flash, Cortex-M4, opt-level s and z",
        &format!("fewer than serde-json-core's {}", both(peers)),
        &both(ours),
        ours.iter().zip(peers).all(|(own, peer)| *own < peer),
    );
    Ok(())
}

/// The deepest stack of reading an answer of any length, without the reader, whose size has a row of its own.
fn reading_stack(board: &OnBoard) -> Result<u64, Box<dyn Error>> {
    let lengths = [Item::ReadAnswer, Item::ReadEcho].map(|item| board.stack.of(item, Who::Xobito));
    let deepest = lengths.into_iter().flatten().max();
    let deepest = deepest.ok_or("the stack was not measured")?;
    Ok(deepest.saturating_sub(board.size("AnswerReader<Accepted>")?))
}

fn allocation(targets: &mut Targets) -> Result<(), Box<dyn Error>> {
    for package in ["xobito-core", "xobito-embassy"] {
        let found = graph::with_alloc(package, "")?;
        targets.add(
            &format!("no `alloc` in {package}'s dependency graph, all features"),
            "none",
            &names(&found),
            found.is_empty(),
        );
    }
    if graph::with_alloc("xobito-core", "serde/alloc")?.is_empty() {
        return Err("`alloc` was planted and not found, so the check finds nothing".into());
    }
    Ok(())
}

fn names(crates: &BTreeSet<String>) -> String {
    if crates.is_empty() {
        return "none".to_owned();
    }
    crates.iter().cloned().collect::<Vec<_>>().join(", ")
}

struct Targets(Table);

impl Targets {
    fn add(&mut self, what: &str, target: &str, measured: &str, met: bool) {
        self.0
            .row([what, target, measured, if met { "yes" } else { "no" }]);
    }

    fn at_most(&mut self, what: &str, limit: u64, measured: u64) {
        let target = format!("{} or fewer", thousands(limit));
        self.add(what, &target, &thousands(measured), measured <= limit);
    }

    /// Every figure of ours beside the lowest of the peers'.
    fn fewer_than_peers(
        &mut self,
        what: &str,
        figures: &[&Figures<u64>],
    ) -> Result<(), Box<dyn Error>> {
        let mut percents = Vec::new();
        for (figures, item) in figures
            .iter()
            .flat_map(|figures| Item::ALL.map(|item| (figures, item)))
        {
            let peers = [Who::SerdeJson, Who::SerdeJsonCore, Who::Picojson];
            let peers = peers.iter().filter_map(|peer| figures.of(item, *peer));
            let own = figures.of(item, Who::Xobito).ok_or("a count is missing")?;
            let peer = peers.min().ok_or("no peer does it")?;
            percents.push((own * 100).div_ceil(peer));
        }
        let most = percents.into_iter().max().ok_or("nothing was measured")?;
        self.add(
            what,
            "fewer than every peer's",
            &format!("{most}% of a peer's at most"),
            most < 100,
        );
        Ok(())
    }

    /// The limit in hundredths of an instruction.
    fn per_byte(&mut self, what: &str, limit: u64, count: u64, item: Item) {
        let bytes = u64::try_from(item.bytes()).unwrap_or(u64::MAX);
        let target = format!("{}.{:02} or fewer", limit / 100, limit % 100);
        let met = count * 100 <= limit * bytes;
        self.add(what, &target, &quotient(count, item.bytes()), met);
    }
}
