//! Hands the linker this board's memory map, and the image the radio's firmware.
//!
//! That firmware is Infineon's, under a licence of its own, and therefore not part of this
//! repository. The environment variable `CYW43_FIRMWARE` names the folder that holds it; without it
//! the image builds all the same, and says at its start that it has no radio.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

const BLOBS: [&str; 3] = ["43439A0.bin", "43439A0_clm.bin", "nvram_rp2040.bin"];

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::copy("memory.x", out.join("memory.x"))?;
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    println!("cargo::rustc-link-arg-bins=-Tlink-rp.x");
    println!("cargo::rustc-link-arg-bins=-Tdefmt.x");
    println!("cargo::rustc-link-arg-bins=--nmagic");
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CYW43_FIRMWARE");
    match env::var_os("CYW43_FIRMWARE") {
        Some(folder) => copy_blobs(Path::new(&folder), &out),
        None => leave_out_blobs(&out)?,
    }
    Ok(())
}

fn copy_blobs(folder: &Path, out: &Path) {
    for blob in BLOBS {
        let from = folder.join(blob);
        println!("cargo::rerun-if-changed={}", from.display());
        if let Err(error) = fs::copy(&from, out.join(blob)) {
            println!(
                "cargo::error=CYW43_FIRMWARE: {} cannot be read: {error}",
                from.display()
            );
        }
    }
}

fn leave_out_blobs(out: &Path) -> io::Result<()> {
    println!(
        "cargo::warning=built without the radio's firmware: set CYW43_FIRMWARE to the folder with {BLOBS:?}"
    );
    BLOBS
        .iter()
        .try_for_each(|blob| fs::write(out.join(blob), []))
}
