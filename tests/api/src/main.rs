//! Prints every public item of the crate that a rustdoc JSON file describes, one a line. `cargo xtask api` makes the file and
//! holds the list against the committed one, so that no change of core's interface goes unnoticed.

use std::env;
use std::error::Error;

use public_api::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    let json = env::args_os().nth(1).ok_or("which rustdoc JSON file?")?;
    // Derived and automatic implementations would be most of the list.
    let api = Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    for item in api.items() {
        println!("{item}");
    }
    Ok(())
}
