//! The host, reached by semihosting: exit code, wall time, entropy, arguments and files.
//!
//! None of this exists on a board without a debugger; it stands for what such a board has of its
//! own (a real-time clock or SNTP, a noise source, a flash memory).

use core::{ffi::CStr, mem::MaybeUninit};

use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, Error as RandError, RngCore, SeedableRng, impls};
use semihosting::{
    fs::File,
    io::{Read, Write},
    process,
    sys::arm_compat,
};
use static_cell::StaticCell;

/// The exit code after a panic.
pub const EXIT_PANIC: i32 = 101;
/// The exit code after a fault of the processor, a stack overflow among them.
pub const EXIT_FAULT: i32 = 102;

/// The longest command line that [`argument`] can look through, in bytes.
const COMMAND_LINE_BYTES: usize = 256;

/// What the board's random numbers come from: `rand_core` 0.6, cryptographically strong, seeded
/// once.
///
/// Whatever is asked of it goes through one function, because `rand_chacha` comes with 2.7 KB for each place that it is
/// inlined into.
pub struct Rng(ChaCha20Rng);

impl RngCore for Rng {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    #[inline(never)]
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RandError> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Rng {}

/// The host did not do what it was asked: the file is missing, or semihosting is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, defmt::Format)]
pub struct HostError;

/// Ends the emulation; `code` becomes QEMU's exit code.
pub fn exit(code: i32) -> ! {
    process::exit(code)
}

/// Seconds since 1970 by the host's clock.
#[must_use]
pub fn unix_time_s() -> Option<u64> {
    u64::try_from(arm_compat::sys_time().ok()?).ok()
}

/// A generator seeded with 32 bytes of the host's `/dev/urandom`, to be asked for once. It is lent, because each future that
/// owns it and hands it on to another would keep room for 312 bytes.
///
/// # Errors
/// [`HostError`] if the host gave fewer, as there is no weaker seed to fall back to, or if it was asked for before.
pub fn rng() -> Result<&'static mut Rng, HostError> {
    static RNG: StaticCell<Rng> = StaticCell::new();
    let mut seed = [0; 32];
    if read_file(c"/dev/urandom", &mut seed)? < seed.len() {
        return Err(HostError);
    }
    RNG.try_init_with(|| Rng(ChaCha20Rng::from_seed(seed)))
        .ok_or(HostError)
}

/// The value of the argument `name=value` that the emulator was given, copied into `buffer`.
///
/// None if there is no such argument or the value does not fit.
pub fn argument<'b>(name: &str, buffer: &'b mut [u8]) -> Option<&'b str> {
    let mut line = [MaybeUninit::uninit(); COMMAND_LINE_BYTES];
    let line = arm_compat::sys_get_cmdline_uninit(&mut line).ok()?;
    let line = core::str::from_utf8(line).ok()?;
    let value = line
        .split([' ', '\0'])
        .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?;
    let kept = buffer.get_mut(..value.len())?;
    kept.copy_from_slice(value.as_bytes());
    core::str::from_utf8(kept).ok()
}

/// Fills `buffer` from the start of a file of the host and returns how many bytes there were, at
/// most `buffer.len()`.
///
/// # Errors
/// [`HostError`] if the file cannot be opened or read.
pub fn read_file(path: &CStr, buffer: &mut [u8]) -> Result<usize, HostError> {
    let mut file = File::open(path).map_err(|_| HostError)?;
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled = filled.saturating_add(read),
            Err(_) => return Err(HostError),
        }
    }
    Ok(filled)
}

/// Makes `contents` the whole contents of a file of the host.
///
/// # Errors
/// [`HostError`] if the file cannot be created or written.
pub fn write_file(path: &CStr, contents: &[u8]) -> Result<(), HostError> {
    let mut file = File::create(path).map_err(|_| HostError)?;
    file.write_all(contents).map_err(|_| HostError)
}
