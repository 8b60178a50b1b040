//! How much memory an image takes, read from its ELF file.

use std::{error::Error, fs, path::Path};

use object::{Object, ObjectSection, SectionFlags, SectionKind, elf::SHF_ALLOC};

/// Where the RAM of every Cortex-M begins.
const RAM: u64 = 0x2000_0000;

/// Bytes that an image takes, without the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Code, constants and the first values of variables.
    pub flash: u64,
    /// Variables.
    pub ram: u64,
}

impl Memory {
    /// Reads an ELF file.
    ///
    /// # Errors
    /// That it cannot be read, or is none.
    pub fn of(image: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = fs::read(image)?;
        let file = object::File::parse(bytes.as_slice())?;
        let mut memory = Self { flash: 0, ram: 0 };
        for section in file.sections() {
            let is_loaded = match section.flags() {
                SectionFlags::Elf { sh_flags } => sh_flags & u64::from(SHF_ALLOC) != 0,
                _ => false,
            };
            // The log's table says where it would lie, but is only for the host.
            if !is_loaded || section.name()?.starts_with(".defmt") {
                continue;
            }
            let has_content = section.kind() != SectionKind::UninitializedData;
            if section.address() >= RAM {
                memory.ram += section.size();
            }
            if section.address() < RAM || has_content {
                memory.flash += section.size();
            }
        }
        Ok(memory)
    }
}
