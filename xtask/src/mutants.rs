//! Mutation testing: cargo-mutants changes core in one place after the other, and its unit tests must notice.

use std::fs;

use crate::setup::{self, target_folder};
use crate::shell::{Failed, program, root};

const VERSION: &str = "27.1.0";

/// Where mutants that no test can tell from the original are listed, with the reasons.
const LIST: &str = "core/MUTANTS.md";

/// The least share of viable mutants that must be noticed, in percent.
const LEAST: usize = 95;

/// cargo-mutants ends so where mutants were missed, and where some ran for too long. Both are counted here.
const MISSED_OR_TIMEOUT: [i32; 2] = [2, 3];

/// What became of the mutants: a name each, as cargo-mutants writes it.
struct Outcome {
    caught: Vec<String>,
    missed: Vec<String>,
    /// They ran into a loop without end, which is a way to be noticed.
    timeout: Vec<String>,
    unviable: Vec<String>,
}

/// `cargo xtask mutants [ARGUMENTS]`: hands further arguments on, such as `--file core/src/phone.rs` or `--shard 1/8`.
///
/// It fails where the tests miss a mutant that is not listed; and, where all of them were made, where too few were noticed, or
/// one of the list was.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    let tool = setup::crate_tool("cargo-mutants", VERSION)?;
    let mutants = program(&tool, ["mutants", "--package", "xobito-core"])
        .args(["--features", "xobito-core/settings", "--jobs", "2"])
        .args(["--output".as_ref(), target_folder().as_os_str()])
        .args(arguments)
        // Every copy of the tree that it changes needs a target folder of its own.
        .env_remove("CARGO_TARGET_DIR")
        // One line of core changes at a time: compiling the rest of it again would take thrice as long.
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    let results = target_folder().join("mutants.out");
    // Of an earlier run; that there was none is fine.
    let _ = fs::remove_dir_all(&results);
    mutants.run_allowing(&MISSED_OR_TIMEOUT)?;
    if arguments.iter().any(|argument| argument == "--list") {
        return Ok(());
    }
    let names = |file: &str| -> Result<Vec<String>, Failed> {
        let path = results.join(file);
        let text = fs::read_to_string(&path)
            .map_err(|error| Failed(format!("{}: {error}", path.display())))?;
        Ok(text.lines().map(str::to_owned).collect())
    };
    let outcome = Outcome {
        caught: names("caught.txt")?,
        missed: names("missed.txt")?,
        timeout: names("timeout.txt")?,
        unviable: names("unviable.txt")?,
    };
    let list = fs::read_to_string(root().join(LIST))
        .map_err(|error| Failed(format!("{LIST}: {error}")))?;
    judge(&outcome, &list, arguments.is_empty())
}

fn judge(outcome: &Outcome, list: &str, is_whole: bool) -> Result<(), Failed> {
    let noticed = outcome.caught.len() + outcome.timeout.len();
    let viable = noticed + outcome.missed.len();
    let mut listed = listed(list);
    let mut unlisted = 0;
    for name in &outcome.missed {
        let place = listed.iter().position(|row| *row == without_place(name));
        if let Some(at) = place {
            listed.swap_remove(at);
        } else {
            unlisted += 1;
            println!("missed, and not in {LIST}: {name}");
        }
    }
    println!(
        "{noticed} of {viable} viable mutants are noticed ({}%), {} of them because they run without end; {} of the others are \
         in {LIST}; {} do not compile",
        percent(noticed, viable),
        outcome.timeout.len(),
        outcome.missed.len() - unlisted,
        outcome.unviable.len(),
    );
    if unlisted > 0 {
        return Err(Failed(format!(
            "core's tests miss {unlisted} mutants: add tests, or list them in {LIST} with the reason why there can be none"
        )));
    }
    if viable == 0 {
        return Err(Failed("no mutant was tested".to_owned()));
    }
    if !is_whole {
        return Ok(());
    }
    if let Some(row) = listed.first() {
        return Err(Failed(format!(
            "{LIST} lists what is noticed or was not made: {row}"
        )));
    }
    if noticed * 100 < viable * LEAST {
        return Err(Failed(format!(
            "less than {LEAST}% of the mutants are noticed"
        )));
    }
    Ok(())
}

/// The mutants of the list: its points that are code.
fn listed(list: &str) -> Vec<String> {
    let points = list.lines().filter_map(|line| line.strip_prefix("- `"));
    let names = points.filter_map(|point| point.strip_suffix('`'));
    names.map(str::to_owned).collect()
}

/// `core/src/bytes.rs:5:27: replace / with *` without the line and the column, which change with every line above.
fn without_place(name: &str) -> String {
    let mut parts = name.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(what)) => format!("{file}:{what}"),
        _ => name.to_owned(),
    }
}

/// Rounded down, to a tenth.
fn percent(some: usize, of: usize) -> String {
    let tenths = some * 1000 / of.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str =
        "# Mutants\nThis cannot be seen:\n- `core/src/a.rs: replace | with ^ in f`\n";

    fn outcome(missed: &[&str]) -> Outcome {
        let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Outcome {
            caught: vec!["core/src/a.rs:1:2: replace f -> u8 with 0".to_owned(); 39],
            missed: all(missed),
            timeout: vec!["core/src/a.rs:8:2: replace += with -= in f".to_owned()],
            unviable: Vec::new(),
        }
    }

    #[test]
    fn what_is_missed_must_be_listed_once_for_each_time() {
        let one = "core/src/a.rs:7:9: replace | with ^ in f";
        let another = "core/src/a.rs:8:9: replace | with ^ in f";
        let third = "core/src/a.rs:7:9: replace | with & in f";
        assert!(judge(&outcome(&[one]), LISTED, true).is_ok());
        assert!(judge(&outcome(&[one, another]), LISTED, false).is_err());
        assert!(judge(&outcome(&[third]), LISTED, false).is_err());
    }

    #[test]
    fn a_whole_run_needs_all_that_is_listed_and_enough_noticed() {
        assert!(judge(&outcome(&[]), LISTED, false).is_ok());
        assert!(judge(&outcome(&[]), LISTED, true).is_err());
        let missed = "core/src/a.rs:7:9: replace | with ^ in f";
        let list = |times| "- `core/src/a.rs: replace | with ^ in f`\n".repeat(times);
        assert!(judge(&outcome(&[missed; 2]), &list(2), true).is_ok());
        assert!(judge(&outcome(&[missed; 3]), &list(3), true).is_err());
        assert!(judge(&outcome(&[missed; 3]), &list(3), false).is_ok());
    }

    #[test]
    fn nothing_tested_is_nothing_shown() {
        let nothing = Outcome {
            caught: Vec::new(),
            timeout: Vec::new(),
            ..outcome(&[])
        };
        assert!(judge(&nothing, "", false).is_err());
    }
}
