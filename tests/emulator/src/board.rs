//! The boards that QEMU emulates and how an image for each is built.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Error;

/// A board of `firmware-example/boards` that QEMU can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// What a user calls it, such as `mps2-an386`.
    pub name: &'static str,
    /// QEMU's name for it.
    pub machine: &'static str,
    /// QEMU's name for its network chip.
    pub network_chip: &'static str,
    /// The package that holds its firmware.
    pub package: &'static str,
    /// The target that rustc compiles for.
    pub target: &'static str,
    /// Its flash, in bytes.
    pub flash: usize,
    /// Its RAM, in bytes.
    pub ram: usize,
}

impl Board {
    /// A Cortex-M4F with plenty of memory.
    pub const MPS2_AN386: Self = Self {
        name: "mps2-an386",
        machine: "mps2-an386",
        network_chip: "lan9118",
        package: "qemu-mps2-an386",
        target: "thumbv7em-none-eabihf",
        flash: 4 << 20,
        ram: 4 << 20,
    };

    /// A Cortex-M3 with the memory of the real chip.
    pub const LM3S6965EVB: Self = Self {
        name: "lm3s6965evb",
        machine: "lm3s6965evb",
        network_chip: "stellaris",
        package: "qemu-lm3s6965evb",
        target: "thumbv7m-none-eabi",
        flash: 256 << 10,
        ram: 64 << 10,
    };

    /// Every board, the roomiest first.
    pub const ALL: [Self; 2] = [Self::MPS2_AN386, Self::LM3S6965EVB];

    /// The board that a user calls `name`; the name of its package will do, too.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|board| board.name == name || board.package == name)
    }

    /// The command that builds one of the board's programs; add features, settings and a working directory to
    /// taste.
    #[must_use]
    pub fn build_command(&self, program: Program) -> Command {
        let mut cargo = cargo();
        cargo.args(["build", "--package", self.package, "--target", self.target]);
        cargo.args(["--profile", "firmware", "--bin", &self.binary(program)]);
        cargo
    }

    /// Builds one of the board's programs in the workspace at `root` and returns the image.
    ///
    /// # Errors
    /// [`Error::NotStarted`] and [`Error::BuildFailed`].
    pub fn build(&self, root: &Path, program: Program) -> Result<PathBuf, Error> {
        let status = self
            .build_command(program)
            .current_dir(root)
            .status()
            .map_err(|source| Error::NotStarted {
                program: "cargo".into(),
                source,
            })?;
        if !status.success() {
            return Err(Error::BuildFailed(status));
        }
        Ok(self.image(root, program))
    }

    /// Where [`Board::build`] leaves the image. Follows `CARGO_TARGET_DIR`.
    #[must_use]
    pub fn image(&self, root: &Path, program: Program) -> PathBuf {
        let target_dir =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        // An absolute target directory replaces the root.
        root.join(target_dir)
            .join(self.target)
            .join("firmware")
            .join(self.binary(program))
    }

    fn binary(&self, program: Program) -> String {
        match program {
            Program::Firmware => self.package.into(),
            Program::BringUp => format!("{}-bring-up", self.package),
        }
    }
}

/// The cargo that runs this program or, where a variable names another toolchain for firmware, that one: it brings no
/// compiled `core` for the boards, so that is compiled along.
#[must_use]
pub fn cargo() -> Command {
    let (Some(cargo), Some(rustc)) = (env::var_os("FIRMWARE_CARGO"), env::var_os("FIRMWARE_RUSTC"))
    else {
        return Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    };
    let mut command = Command::new(cargo);
    command
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "core");
    command
}

/// What a board can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The firmware.
    Firmware,
    /// The check of the board's drivers.
    BringUp,
}
