//! Where the image lies: nowhere real, it is linked and never run.

fn main() {
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    let memory = "MEMORY { FLASH : ORIGIN = 0x00000000, LENGTH = 1M RAM : ORIGIN = 0x20000000, LENGTH = 1M }\n";
    if let Err(error) = std::fs::write(format!("{out}/memory.x"), memory) {
        println!("cargo::error=memory.x: {error}");
    }
    println!("cargo::rustc-link-search={out}");
    println!("cargo::rustc-link-arg=-Tlink.x");
    println!("cargo::rustc-link-arg=--nmagic");
}
