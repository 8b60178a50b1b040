//! Tables in Markdown, written and read back.

use std::fmt;

/// A table: a row of names, and rows as long as it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows yet.
    #[must_use]
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self {
            header: header.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The first table of a text, if it has one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| !line.starts_with('|'));
        let header = cells(lines.next()?);
        let rows = lines
            .skip(1)
            .map_while(|line| line.starts_with('|').then(|| cells(line)));
        let rows = rows.collect();
        Some(Self { header, rows })
    }

    /// Every row's first cell, and its cell in this column.
    pub fn column(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let at = self.header.iter().position(|column| column == name);
        self.rows.iter().filter_map(move |row| {
            let cell = row.get(at?)?;
            Some((row.first()?.as_str(), cell.as_str()))
        })
    }
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_matches('|');
    inner
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.header.join(" | "))?;
        writeln!(f, "|{}", "---|".repeat(self.header.len()))?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

/// A number with its thousands apart.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// A quotient with two decimals.
#[must_use]
pub fn quotient(number: u64, by: usize) -> String {
    let hundredths = (number * 100).div_ceil(u64::try_from(by).unwrap_or(u64::MAX).max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_back_as_it_was_written() {
        let mut table = Table::new(["work", "count"]);
        table.row(["encode", "1,400"]);
        table.row(["read", ""]);
        let page = format!("Words.\n\n{table}\nMore words.\n| another |\n");
        assert_eq!(Table::parse(&page).as_ref(), Some(&table));
        let counts: Vec<_> = table.column("count").collect();
        assert_eq!(counts, [("encode", "1,400"), ("read", "")]);
        assert_eq!(table.column("none").count(), 0);
        assert_eq!(Table::parse("no table"), None);
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            ["7", "1,000", "49,439"],
            [7, 1000, 49_439].map(thousands).as_slice()
        );
        // Rounded up, so that a target that is missed by little does not look met.
        assert_eq!(quotient(6_001, 1_000), "6.01");
        assert_eq!(quotient(6_0001, 10_000), "6.01");
    }
}
