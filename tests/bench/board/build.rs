//! Hands the linker the emulated board's memory.

fn main() {
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    let memory = "MEMORY { FLASH : ORIGIN = 0x00000000, LENGTH = 4M RAM : ORIGIN = 0x20000000, LENGTH = 4M }\n";
    if let Err(error) = std::fs::write(format!("{out}/memory.x"), memory) {
        println!("cargo::error=memory.x: {error}");
    }
    println!("cargo::rustc-link-search={out}");
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    println!("cargo::rustc-link-arg-bins=--nmagic");
    println!("cargo::rustc-link-arg-bin=measure=-Tdefmt.x");
    println!("cargo::rerun-if-changed=build.rs");
}
