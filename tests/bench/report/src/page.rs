//! The page: its sections between marks, and whether what is committed still holds.

use std::{error::Error, fs, path::Path};

use crate::table::Table;

/// A figure may differ by this many percent from the committed one before the page counts as stale.
const TOLERANCE_PERCENT: f64 = 5.0;

/// A table with its place on the page.
#[derive(Clone, Debug)]
pub struct Section {
    /// The name in its marks.
    pub name: &'static str,
    /// The table.
    pub table: Table,
    /// The columns whose figures are held against the committed ones: ours, and only those that every machine measures
    /// alike.
    pub held: &'static [&'static str],
}

/// Writes every section into its place.
///
/// # Errors
/// That the page cannot be read or written, or lacks a section's marks.
pub fn publish(page: &Path, sections: &[Section]) -> Result<(), Box<dyn Error>> {
    let mut text = fs::read_to_string(page)?;
    for section in sections {
        let (before, _, after) = split(&text, section.name)?;
        text = format!("{before}\n{}{after}", section.table);
    }
    Ok(fs::write(page, text)?)
}

/// What of the committed page does not hold any more; empty if all does.
///
/// Figures are compared only where the committed ones were made by the same tools, as the section `tools` says. Whether
/// a target is met is compared always.
///
/// # Errors
/// That the page cannot be read, or lacks a section.
pub fn stale(page: &Path, sections: &[Section]) -> Result<Vec<String>, Box<dyn Error>> {
    let text = fs::read_to_string(page)?;
    let mut complaints = Vec::new();
    let mut pairs = Vec::new();
    for section in sections {
        let (_, committed, _) = split(&text, section.name)?;
        pairs.push((section, Table::parse(committed).unwrap_or_default()));
    }
    let same_tools = pairs
        .iter()
        .all(|(section, committed)| section.name != "tools" || section.table == *committed);
    for (section, committed) in pairs {
        complaints.extend(lost(&committed, &section.table));
        complaints.extend(over_budget(&section.table));
        if same_tools {
            for column in section.held {
                complaints.extend(moved(section.name, column, &committed, &section.table));
            }
        }
    }
    if !same_tools {
        println!("The committed figures were made by other tools: only the targets are compared.");
    }
    Ok(complaints)
}

/// Targets that were met and are no more. Those on x86-64 are for the reader: by the processor the C library picks its
/// copy, and margins are thin.
fn lost(committed: &Table, measured: &Table) -> Vec<String> {
    let now: Vec<_> = measured.column("met").collect();
    let were_met = committed.column("met").filter(|(_, met)| *met == "yes");
    were_met
        .filter(|target| !target.0.ends_with("x86-64") && !now.contains(target))
        .map(|(what, _)| format!("the target '{what}' was met and is not any more"))
        .collect()
}

/// What takes more than its budget; a budget is not a wish, so it does not matter what the page says.
fn over_budget(measured: &Table) -> Vec<String> {
    let budgets = measured.column("budget");
    let met = measured.column("met");
    budgets
        .zip(met)
        .filter(|(_, (_, met))| *met != "yes")
        .map(|((what, budget), _)| format!("{what} takes more than its budget of {budget}"))
        .collect()
}

fn moved(section: &str, column: &str, committed: &Table, measured: &Table) -> Vec<String> {
    let (old, new) = (committed.column(column), measured.column(column));
    let (old, new): (Vec<_>, Vec<_>) = (old.collect(), new.collect());
    if old.len() != new.len() || old.iter().zip(&new).any(|(old, new)| old.0 != new.0) {
        return vec![format!(
            "the section '{section}' has other rows or columns than are measured"
        )];
    }
    old.iter()
        .zip(&new)
        .filter(|(old, new)| !is_near(old.1, new.1))
        .map(|(old, new)| {
            let (what, was, is) = (old.0, old.1, new.1);
            format!("'{what}' ({section}, {column}) is {is}, and the page says {was}")
        })
        .collect()
}

/// Whether two cells say the same, or nearly the same number.
fn is_near(old: &str, new: &str) -> bool {
    let number = |cell: &str| cell.replace(',', "").parse::<f64>();
    match (number(old), number(new)) {
        (Ok(old), Ok(new)) => (old - new).abs() <= old.abs() * TOLERANCE_PERCENT / 100.0,
        _ => old == new,
    }
}

/// What stands before, between and after a section's marks; the marks belong to before and after.
fn split<'t>(text: &'t str, name: &str) -> Result<(&'t str, &'t str, &'t str), String> {
    let begin = format!("<!-- {name}: written by `cargo xtask bench` -->");
    let end = format!("<!-- end of {name} -->");
    let missing = |mark: &str| format!("the page lacks the mark {mark}");
    let from = text.find(&begin).ok_or_else(|| missing(&begin))? + begin.len();
    let (before, rest) = text.split_at(from);
    let to = rest.find(&end).ok_or_else(|| missing(&end))?;
    let (inside, after) = rest.split_at(to);
    Ok((before, inside, after))
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn table(header: [&str; 2], rows: &[[&str; 2]]) -> Table {
        let mut table = Table::new(header);
        for row in rows {
            table.row(*row);
        }
        table
    }

    #[test]
    fn a_target_that_is_lost_is_a_complaint_and_one_that_is_won_is_none() {
        let header = ["what", "met"];
        let committed = table(header, &[["a", "yes"], ["b", "no"], ["c", "yes"]]);
        let measured = table(header, &[["a", "no"], ["b", "yes"], ["c", "yes"]]);
        let lost = lost(&committed, &measured);
        assert_eq!(lost.len(), 1);
        assert!(lost.concat().contains("'a'"));
        // Leaving a row out is no way to meet it.
        assert_eq!(super::lost(&committed, &Table::new(header)).len(), 2);
    }

    #[test]
    fn a_budget_must_be_kept_even_if_it_never_was() {
        let mut table = Table::new(["function", "budget", "met"]);
        table.row(["a", "64", "yes"]);
        assert_eq!(over_budget(&table).len(), 0);
        table.row(["b", "64", "no"]);
        assert_eq!(over_budget(&table).len(), 1);
    }

    #[test]
    fn figures_may_move_by_a_little() {
        let header = ["what", "ours"];
        let committed = table(header, &[["a", "1,000"], ["b", "-"]]);
        let moved_to = |a, b| {
            let measured = table(header, &[["a", a], ["b", b]]);
            moved("s", "ours", &committed, &measured).len()
        };
        assert_eq!(moved_to("1,050", "-"), 0);
        assert_eq!(moved_to("950", "-"), 0);
        assert_eq!(moved_to("1,051", "-"), 1);
        assert_eq!(moved_to("900", "3"), 2);
        let other_rows = table(header, &[["a", "1,000"]]);
        assert_eq!(moved("s", "ours", &committed, &other_rows).len(), 1);
    }

    #[test]
    fn a_section_is_what_stands_between_its_marks() {
        let page = "x\n<!-- s: written by `cargo xtask bench` -->\nold\n<!-- end of s -->\ny";
        let (before, inside, after) = split(page, "s").expect("it is there");
        assert_eq!(inside, "\nold\n");
        assert_eq!([before, inside, after].concat(), page);
        assert!(split(page, "t").is_err());
    }
}
