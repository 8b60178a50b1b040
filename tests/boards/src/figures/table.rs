//! The figures for people: a table in Markdown, in the place that a page keeps for it.

use std::{error::Error, fmt::Write, fs, path::Path};

use super::{Figures, Signatures, Variant, chains::Chain};

/// The place of the table of every image.
pub const BOARDS: &str = "figures";
/// The place of the table of the outbox.
pub const OUTBOX: &str = "outbox";

/// The table.
#[must_use]
pub fn table(all: &[(Variant, Figures)]) -> String {
    let mut table = String::from(
        "| board | signatures | opt-level | flash | data + bss | peak stack | connect and handshake: P-256 / RSA-2048 / \
         P-384 | one message | longest computation |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for (variant, figures) in all {
        let (board, opt_level) = (variant.board.name, variant.opt_level);
        let signatures = match variant.signatures {
            Signatures::P256 => "P-256",
            Signatures::P256Rsa => "P-256, RSA",
            Signatures::P256P384Rsa => "P-256, RSA, P-384",
        };
        let costs = match figures {
            Figures::DoesNotFit => "does not fit | | | | | |".to_owned(),
            Figures::Measured(measured) => {
                let handshake = |chain: Chain| {
                    let found = measured.handshakes.iter().find(|(of, _)| *of == chain);
                    found.map_or_else(|| "-".to_owned(), |(_, count)| millions(*count))
                };
                format!(
                    "{} | {} | {} | {} / {} / {} | {} | {} |",
                    kilobytes(measured.memory.flash),
                    kilobytes(measured.memory.ram),
                    kilobytes(measured.peak_stack),
                    handshake(Chain::P256),
                    handshake(Chain::Rsa2048),
                    handshake(Chain::P384),
                    millions(measured.message),
                    millions(measured.longest),
                )
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {board} | {signatures} | {opt_level} | {costs}");
    }
    table
}

/// Puts the table between the two marks that a page has for it.
///
/// # Errors
/// That the page cannot be read or written, or has no such marks.
pub fn publish(page: &Path, place: &str, table: &str) -> Result<(), Box<dyn Error>> {
    let begin = format!("<!-- {place}: written by `cargo xtask size` -->");
    let end = format!("<!-- end of {place} -->");
    let text = fs::read_to_string(page)?;
    let (before, rest) = text
        .split_once(&begin)
        .ok_or("the page has no begin mark")?;
    let (_, after) = rest.split_once(&end).ok_or("the page has no end mark")?;
    fs::write(page, format!("{before}{begin}\n{table}{end}{after}"))?;
    Ok(())
}

/// In units of 1000 bytes, with one decimal.
pub(super) fn kilobytes(bytes: u64) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

/// In units of a million, with two decimals.
fn millions(count: u64) -> String {
    format!("{}.{:02} M", count / 1_000_000, count % 1_000_000 / 10_000)
}
