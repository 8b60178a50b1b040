//! The package as C people take it: `add_subdirectory`, `find_package`, installed with pkg-config, cross-compiled, and as a
//! module of Zephyr and a component of ESP-IDF.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use xobito_c_tests::header::library;
use xobito_c_tests::tools::{fresh, output, package};

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn a_project_takes_it_by_add_subdirectory_or_find_package() {
    let place = fresh("cmake");
    let package = package().display().to_string();
    for (name, option) in [
        ("subdirectory", format!("-DXOBITO_SOURCE_DIR={package}")),
        (
            "checkout",
            format!("-DXOBITO_SOURCE_DIR={}", library().display()),
        ),
        ("package", format!("-DCMAKE_PREFIX_PATH={package}")),
    ] {
        let program = built(
            &library().join("examples/cmake"),
            &place.join(name),
            &[&option],
        )
        .join("alert");
        assert_eq!(output(&mut Command::new(program)), SAID, "{name}");
    }
    // Another version is not taken for this one.
    let wanted = place.join("wanted");
    std::fs::create_dir_all(&wanted).unwrap();
    std::fs::write(
        wanted.join("CMakeLists.txt"),
        "cmake_minimum_required(VERSION 3.16)\nproject(a C)\nfind_package(xobito 0.2 REQUIRED CONFIG)\n",
    )
    .unwrap();
    let mut cmake = Command::new("cmake");
    cmake.args([
        "-B".as_ref(),
        wanted.join("build").as_os_str(),
        "-S".as_ref(),
        wanted.as_os_str(),
    ]);
    cmake.arg(format!("-DCMAKE_PREFIX_PATH={package}"));
    assert!(!cmake.output().unwrap().status.success());
}

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn it_installs_and_is_found_by_cmake_and_pkg_config() {
    let place = fresh("install");
    let prefix = place.join("prefix");
    let build = built(&package(), &place.join("library"), &[]);
    output(
        Command::new("cmake")
            .arg("--install")
            .arg(&build)
            .arg("--prefix")
            .arg(&prefix),
    );

    let option = format!("-DCMAKE_PREFIX_PATH={}", prefix.display());
    let program = built(
        &library().join("examples/cmake"),
        &place.join("found"),
        &[&option],
    )
    .join("alert");
    assert_eq!(output(&mut Command::new(program)), SAID);

    let flags = output(
        Command::new("pkg-config")
            .args(["--cflags", "--libs", "xobito = 0.1.0"])
            .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")),
    );
    let program = place.join("by-pkg-config");
    output(
        Command::new("cc")
            .arg(library().join("examples/cmake/main.c"))
            .args(flags.split_whitespace())
            .arg("-o")
            .arg(&program),
    );
    assert_eq!(output(&mut Command::new(program)), SAID);
}

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn the_compiler_is_asked_which_archive_it_needs() {
    for (flags, target) in [
        ("-mcpu=cortex-m0plus", "thumbv6m-none-eabi"),
        ("-mcpu=cortex-m3", "thumbv7m-none-eabi"),
        ("-mcpu=cortex-m4", "thumbv7em-none-eabi"),
        ("-mcpu=cortex-m7 -mfloat-abi=hard", "thumbv7em-none-eabihf"),
        ("-mcpu=cortex-m33", "thumbv8m.main-none-eabi"),
        (
            "-mcpu=cortex-m33 -mfloat-abi=hard",
            "thumbv8m.main-none-eabihf",
        ),
    ] {
        let place = fresh("cross");
        let project = place.join("project");
        std::fs::create_dir_all(&project).unwrap();
        std::fs::write(
            project.join("CMakeLists.txt"),
            "cmake_minimum_required(VERSION 3.16)\nproject(a C)\nfind_package(xobito REQUIRED CONFIG)\n\
             get_target_property(archive xobito::xobito IMPORTED_LOCATION)\nmessage(STATUS \"archive=${archive}\")\n",
        )
        .unwrap();
        let mut cmake = Command::new("cmake");
        cmake
            .args([
                "-B".as_ref(),
                place.join("build").as_os_str(),
                "-S".as_ref(),
                project.as_os_str(),
            ])
            .args([
                "-DCMAKE_SYSTEM_NAME=Generic",
                "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
            ])
            .arg("-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY")
            .arg(format!("-DCMAKE_C_FLAGS=-mthumb {flags}"))
            .arg(format!(
                "-Dxobito_DIR={}",
                package().join("cmake").display()
            ));
        let said = output(&mut cmake);
        assert!(
            said.contains(&format!("/lib/{target}/libxobito.a")),
            "{flags}: {said}"
        );
    }
}

/// In the project's tree cargo makes what is missing: without a target it would make all archives, and the first be taken.
#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn where_the_compiler_compiles_for_something_else_configuring_ends_and_says_so() {
    let place = fresh("unknown");
    for (name, tree) in [("checkout", library()), ("package", package())] {
        let mut cmake = Command::new("cmake");
        cmake
            .arg("-B")
            .arg(place.join(name))
            .arg("-S")
            .arg(tree)
            .args([
                "-DCMAKE_SYSTEM_NAME=Generic",
                "-DCMAKE_SYSTEM_PROCESSOR=armv7-a",
                "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
                "-DCMAKE_C_FLAGS=-mcpu=cortex-a7",
                "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY",
            ]);
        let output = cmake.output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}: {said}");
        assert!(!said.contains("with cargo"), "{name}: {said}");
        // CMake breaks the lines of a message where it likes.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "compiles for Generic armv7-a (flags: '-mcpu=cortex-a7')",
            "set XOBITO_TARGET",
            "or XOBITO_ARCHIVE",
        ] {
            assert!(said.contains(part), "{name}: {part}: {said}");
        }
    }
}

/// Zephyr and ESP-IDF are not here; their functions that the files call have stand-ins that do what theirs do.
#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn zephyr_and_esp_idf_get_the_archive_for_their_chip() {
    const ZEPHYR: &str = "function(zephyr_include_directories)\nendfunction()\n\
        function(zephyr_library_import name path)\nmessage(STATUS \"archive=${path}\")\nendfunction()\n\
        set(CONFIG_XOBITO y)\n";
    const ESP: &str = "set(ESP_PLATFORM 1)\nset(COMPONENT_LIB component)\n\
        function(idf_component_register)\nadd_library(component INTERFACE)\nendfunction()\n";
    for (stand_ins, settings, folder, target) in [
        (
            ZEPHYR,
            &["CPU_CORTEX_M", "CPU_CORTEX_M0PLUS"][..],
            "/zephyr",
            "thumbv6m-none-eabi",
        ),
        (
            ZEPHYR,
            &["CPU_CORTEX_M", "CPU_CORTEX_M3"],
            "/zephyr",
            "thumbv7m-none-eabi",
        ),
        (
            ZEPHYR,
            &["CPU_CORTEX_M", "CPU_CORTEX_M4"],
            "/zephyr",
            "thumbv7em-none-eabi",
        ),
        (
            ZEPHYR,
            &["CPU_CORTEX_M", "CPU_CORTEX_M7", "FPU", "FP_HARDABI"],
            "/zephyr",
            "thumbv7em-none-eabihf",
        ),
        (
            ZEPHYR,
            &["CPU_CORTEX_M", "CPU_CORTEX_M33"],
            "/zephyr",
            "thumbv8m.main-none-eabi",
        ),
        (
            ZEPHYR,
            &["RISCV", "RISCV_ISA_EXT_A"],
            "/zephyr",
            "riscv32imac-unknown-none-elf",
        ),
        (
            ESP,
            &["IDF_TARGET_ESP32C3"],
            "",
            "riscv32imc-unknown-none-elf",
        ),
        (
            ESP,
            &["IDF_TARGET_ESP32C6"],
            "",
            "riscv32imac-unknown-none-elf",
        ),
    ] {
        let place = fresh("module");
        let settings = settings.iter().fold(String::new(), |all, name| {
            all + "set(CONFIG_" + name + " y)\n"
        });
        let project = format!(
            "cmake_minimum_required(VERSION 3.20)\nproject(a C)\n{stand_ins}{settings}\
             add_subdirectory({}{folder} xobito)\nif(TARGET component)\n\
             get_target_property(archive component INTERFACE_LINK_LIBRARIES)\nmessage(STATUS \"archive=${{archive}}\")\nendif()\n",
            package().display()
        );
        std::fs::write(place.join("CMakeLists.txt"), project).unwrap();
        let mut cmake = Command::new("cmake");
        cmake.args([
            "-B".as_ref(),
            place.join("build").as_os_str(),
            "-S".as_ref(),
            place.as_os_str(),
        ]);
        let said = output(&mut cmake);
        assert!(
            said.contains(&format!("/lib/{target}/libxobito.a")),
            "{settings}: {said}"
        );
    }
}

#[test]
fn the_component_has_the_version_of_the_library() {
    let component = std::fs::read_to_string(library().join("idf_component.yml")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        component.contains(&format!("version: \"{version}\"")),
        "{component}"
    );
}

const SAID: &str = "POST https://dash.xobito.com/api/v1/acme/messages/send\n\
    {\"phone_number\":\"+14155551234\",\"message_body\":\"Freezer 3 is open\",\"message_type\":\"text\"}\n\
    accepted as wamid.HBgL\n";

/// Configures and builds a project; where it was built.
fn built(source: &Path, build: &Path, options: &[&str]) -> PathBuf {
    output(
        Command::new("cmake")
            .arg("-B")
            .arg(build)
            .arg("-S")
            .arg(source)
            .args(options),
    );
    output(Command::new("cmake").arg("--build").arg(build));
    build.to_path_buf()
}
