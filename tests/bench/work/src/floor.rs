//! What the same bytes cost at the very least.

use core::hint::black_box;

use crate::Item;

/// Copies an item's bytes, at most as many as fit.
pub fn copy(item: Item, out: &mut [u8]) {
    let from = black_box(item.input());
    for part in from.chunks(out.len().max(1)) {
        if let Some(to) = out.get_mut(..part.len()) {
            to.copy_from_slice(part);
        }
        black_box(&mut *out);
    }
}

/// Looks at every byte of an item, one after the other; the compiler must not look at several at a time.
pub fn touch(item: Item) {
    let mut seen = 0_u8;
    for byte in black_box(item.input()) {
        seen |= *black_box(byte);
    }
    black_box(seen);
}
