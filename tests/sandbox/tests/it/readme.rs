//! The README says what the code says.

use xobito_sandbox::{Fault, numbers};

const README: &str = include_str!("../../README.md");

#[test]
fn its_tables_are_those_of_the_code() {
    for table in [numbers::table(), Fault::table()] {
        assert!(
            README.contains(&table),
            "README.md lacks this table:\n{table}"
        );
    }
}
