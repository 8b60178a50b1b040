//! The C library: its archives for every target, and what shows that C programs can use them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup::{self, Cross};
use crate::shell::{Failed, cargo, program, root};

/// The targets that archives are made for, beside this computer's own.
const TARGETS: [&str; 8] = [
    "thumbv6m-none-eabi",
    "thumbv7m-none-eabi",
    "thumbv7em-none-eabi",
    "thumbv7em-none-eabihf",
    "thumbv8m.main-none-eabi",
    "thumbv8m.main-none-eabihf",
    "riscv32imac-unknown-none-elf",
    "riscv32imc-unknown-none-elf",
];

/// The C library for bare metal.
const NEWLIB: &str = "/usr/lib/arm-none-eabi/newlib/libc.a";

/// What is copied into the package as it is, from `adapters/c`.
const FILES: [&str; 13] = [
    "CMakeLists.txt",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "cmake/xobito-archive.cmake",
    "cmake/xobito-config-version.cmake",
    "cmake/xobito-config.cmake",
    "cmake/xobito.pc.in",
    "idf_component.yml",
    "include/xobito.h",
    "zephyr/CMakeLists.txt",
    "zephyr/Kconfig",
    "zephyr/module.yml",
];

/// Makes the package of archives: of all targets, unless some are named.
pub(crate) fn dist(targets: &[String]) -> Result<(), Failed> {
    setup::linker()?;
    let host = host()?;
    let all = TARGETS.iter().map(|target| (*target).to_owned());
    let targets = if targets.is_empty() {
        all.chain([host.clone()]).collect()
    } else {
        targets.to_vec()
    };
    let package = package();
    for file in FILES {
        let place = package.join(file);
        make_directory(place.parent().unwrap_or(&package))?;
        copy(&root().join("adapters/c").join(file), &place)?;
    }
    for target in &targets {
        let place = package.join("lib").join(target);
        make_directory(&place)?;
        let archive = place.join("libxobito.a");
        make_archive(target, *target == host, &archive)?;
        let bytes = fs::metadata(&archive).map_or(0, |data| data.len());
        println!("{} ({bytes} bytes)", archive.display());
    }
    Ok(())
}

/// Everything about the library that C programs show, on this computer and on an emulated board.
pub(crate) fn test() -> Result<(), Failed> {
    for (tool, package) in [
        ("g++", "g++"),
        ("cmake", "cmake"),
        ("pkg-config", "pkg-config"),
        ("valgrind", "valgrind"),
        ("arm-none-eabi-gcc", "gcc-arm-none-eabi"),
        ("curl-config", "libcurl4-openssl-dev"),
        ("qemu-system-arm", "qemu-system-arm"),
    ] {
        setup::tool(tool, package)?;
    }
    setup::file(NEWLIB, "libnewlib-arm-none-eabi")?;
    dist(&[])?;
    let tests = cargo(["test", "--package", "xobito-c-tests", "--"]);
    tests
        .args(["--ignored"])
        .env("XOBITO_DIST", package())
        .run()
}

/// Writes the header anew.
pub(crate) fn header() -> Result<(), Failed> {
    cargo([
        "run",
        "--quiet",
        "--package",
        "xobito-c-tests",
        "--bin",
        "xobito-header",
    ])
    .run()
}

/// Where the package is made.
fn package() -> PathBuf {
    setup::target_folder().join("dist").join("xobito-c")
}

/// This computer, as rustc calls it.
fn host() -> Result<String, Failed> {
    let said = program("rustc", ["--version", "--verbose"]).output();
    said.as_deref()
        .and_then(|said| said.lines().find_map(|line| line.strip_prefix("host: ")))
        .map(str::to_owned)
        .ok_or_else(|| Failed("`rustc --version --verbose` names no host".to_owned()))
}

/// Compiles the library into one object, hides all that is not `xobito_*` in it, and makes it an archive.
fn make_archive(target: &str, is_host: bool, archive: &Path) -> Result<(), Failed> {
    let built = compile(target, is_host, &["--cfg", "xobito_archive"])?;
    let objects = built.with_file_name("objects");
    let _ = fs::remove_dir_all(&objects); // It may not be there.
    make_directory(&objects)?;
    let (ar, objcopy, nm) = (
        setup::llvm("ar")?,
        setup::llvm("objcopy")?,
        setup::llvm("nm")?,
    );
    // The library with all that it needs of core is one object; those of the compiler's run-time library stay behind.
    let members = program(&ar, ["t"]).args([&built]).output();
    let member = members
        .as_deref()
        .and_then(|members| members.lines().find(|member| member.starts_with("xobito-")))
        .ok_or_else(|| Failed(format!("{} has no object of ours", built.display())))?;
    let extract = program(&ar, ["x", "--output"]).args([&objects]);
    extract.args([&built]).args([member]).run()?;
    let (whole, ours) = (objects.join(member), objects.join("xobito.o"));
    let mut hide = program(
        &objcopy,
        [
            "--wildcard",
            "--keep-global-symbol=xobito_*",
            "--strip-debug",
            // Nothing unwinds.
            "--remove-section=.ARM.exidx*",
            "--remove-section=.ARM.extab*",
            "--remove-section=.comment",
        ],
    );
    // The same functions by the names that every C library has.
    for (run_time_name, c_name) in [("memcpy", "memcpy"), ("memmove", "memmove")] {
        for alignment in ["", "4", "8"] {
            hide = hide.args([format!(
                "--redefine-sym=__aeabi_{run_time_name}{alignment}={c_name}"
            )]);
        }
    }
    hide.args([&whole, &ours]).run()?;
    let symbols = |kind: &str| {
        program(&nm, [kind, "--extern-only", "--just-symbol-name"])
            .args([&ours])
            .output()
    };
    check_symbols(
        symbols("--defined-only").as_deref(),
        symbols("--undefined-only").as_deref(),
    )?;
    let _ = fs::remove_file(archive); // It may not be there.
    program(&ar, ["rcsD"]).args([archive, &ours]).run()
}

/// An archive shows `xobito_*` and nothing else, and asks of a C program what every C compiler asks of it, too.
fn check_symbols(defined: Option<&str>, undefined: Option<&str>) -> Result<(), Failed> {
    const C_LIBRARY: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];
    const COMPILER: [&str; 8] = [
        "__aeabi_lmul",
        "__aeabi_uidiv",
        "__aeabi_uidivmod",
        "__aeabi_uldivmod",
        "__aeabi_llsl",
        "__aeabi_llsr",
        "__udivdi3",
        "__umoddi3",
    ];
    let (Some(defined), Some(undefined)) = (defined, undefined) else {
        return Err(Failed(
            "the symbols of an archive could not be listed".to_owned(),
        ));
    };
    if let Some(symbol) = defined
        .lines()
        .find(|symbol| !symbol.trim().starts_with("xobito_"))
    {
        return Err(Failed(format!("the archive shows `{symbol}`")));
    }
    for symbol in undefined
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if !C_LIBRARY.contains(&symbol) && !COMPILER.contains(&symbol) {
            return Err(Failed(format!(
                "the archive asks for `{symbol}`, which a C program does not have"
            )));
        }
    }
    Ok(())
}

/// Compiles the library and gives its archive as rustc makes it.
fn compile(target: &str, is_host: bool, flags: &[&str]) -> Result<PathBuf, Failed> {
    let cross = if is_host {
        Cross::Rustup
    } else {
        Cross::to(target)?
    };
    let directory = setup::target_folder().join("archives");
    cross
        .cargo("rustc", target)
        .args(["--package", "xobito-c", "--profile", "archive"])
        .args(["--crate-type", "staticlib", "--target-dir"])
        .args([&directory])
        .args(["--", "-Cforce-unwind-tables=no"])
        .args(flags)
        .run()?;
    Ok(directory.join(target).join("archive/libxobito.a"))
}

/// With a panic planted, the archive asks for what nobody has: so the check of the others finds something.
pub(crate) fn planted_panic_is_found() -> Result<(), Failed> {
    let target = host()?;
    let flags = ["--cfg", "xobito_archive", "--cfg", "xobito_planted_panic"];
    let built = compile(&target, true, &flags)?;
    let undefined = program(
        setup::llvm("nm")?,
        ["--undefined-only", "--just-symbol-name"],
    );
    let found = undefined.args([&built]).output().unwrap_or_default();
    if found
        .lines()
        .any(|symbol| symbol.trim() == "xobito_archive_can_panic")
    {
        return Ok(());
    }
    Err(Failed(
        "a planted panic was not found, so the check of the archives finds nothing".to_owned(),
    ))
}

fn make_directory(path: &Path) -> Result<(), Failed> {
    fs::create_dir_all(path).map_err(|error| Failed(format!("{}: {error}", path.display())))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    let copied = fs::copy(from, to);
    copied.map_err(|error| Failed(format!("{}: {error}", from.display())))?;
    Ok(())
}

/// What the library costs, by feature and beside its peers, into the table of its README.
pub(crate) fn sizes(arguments: &[String]) -> Result<(), Failed> {
    setup::tool("arm-none-eabi-gcc", "gcc-arm-none-eabi")?;
    setup::file(NEWLIB, "libnewlib-arm-none-eabi")?;
    setup::file("/usr/include/jsmn.h", "libjsmn-dev")?;
    let cjson = setup::debian_source("cjson")?;
    dist(&["thumbv7em-none-eabi".to_owned()])?;
    let sizes = cargo(["run", "--quiet", "--package", "xobito-c-tests"]);
    sizes
        .args(["--bin", "xobito-c-sizes", "--"])
        .args(arguments)
        .env("XOBITO_DIST", package())
        .env("CJSON_SOURCE", cjson)
        .run()
}
