//! What only the archive has: the code in a C program that a Rust program has elsewhere.

/// In an archive nothing else handles panics. None can be reached; if one could, this symbol would stay undefined and
/// the archive be refused.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn xobito_archive_can_panic() -> !;
    }
    // SAFETY: there is no such function, so this is never part of a program.
    unsafe { xobito_archive_can_panic() }
}

/// Shows that the check of the archive finds a panic.
#[cfg(xobito_planted_panic)]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn xobito_planted_panic(number: usize) -> u8 {
    #[allow(clippy::indexing_slicing)] // That is the panic.
    c"planted".to_bytes()[number]
}

// What the compiler calls on Arm and not every C library has. What else it calls, `memcpy` and the like, a C compiler
// asks of every C library, and the division of long numbers comes with the C compiler.
#[cfg(target_arch = "arm")]
core::arch::global_asm!(
    ".section .text.xobito_aeabi_memclr, \"ax\", %progbits",
    ".syntax unified",
    ".thumb",
    ".global __aeabi_memclr",
    ".global __aeabi_memclr4",
    ".global __aeabi_memclr8",
    ".type __aeabi_memclr, %function",
    ".type __aeabi_memclr4, %function",
    ".type __aeabi_memclr8, %function",
    ".thumb_func",
    "__aeabi_memclr8:",
    ".thumb_func",
    "__aeabi_memclr4:",
    ".thumb_func",
    "__aeabi_memclr:",
    "mov r2, r1",
    "movs r1, #0",
    "push {{r4, lr}}",
    "bl memset",
    "pop {{r4, pc}}",
    ".section .text.xobito_aeabi_memset, \"ax\", %progbits",
    ".global __aeabi_memset",
    ".global __aeabi_memset4",
    ".global __aeabi_memset8",
    ".type __aeabi_memset, %function",
    ".type __aeabi_memset4, %function",
    ".type __aeabi_memset8, %function",
    ".thumb_func",
    "__aeabi_memset8:",
    ".thumb_func",
    "__aeabi_memset4:",
    ".thumb_func",
    "__aeabi_memset:",
    "mov r3, r1",
    "mov r1, r2",
    "mov r2, r3",
    "push {{r4, lr}}",
    "bl memset",
    "pop {{r4, pc}}",
);
