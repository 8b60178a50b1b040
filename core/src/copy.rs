//! Copying texts, which are mostly so short that `memcpy` takes too long a run-up.

/// Bytes that are copied at once, and their half.
const CHUNK: usize = 8;
const HALF: usize = 4;

/// Copies as many bytes as fit; answers with how many.
#[inline]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) -> usize {
    let len = from.len().min(to.len());
    let to = to.get_mut(..len).unwrap_or_default();
    let from = from.get(..len).unwrap_or_default();
    // The last chunk may overlap the one before.
    if let (Some(place), Some(last)) = (to.last_chunk_mut::<CHUNK>(), from.last_chunk()) {
        *place = *last;
        let mut chunks = from.chunks_exact(CHUNK);
        for place in to.chunks_exact_mut(CHUNK) {
            if let (Some(place), Some(chunk)) = (place.first_chunk_mut(), chunks.next()) {
                *place = *chunk.first_chunk::<CHUNK>().unwrap_or(last);
            }
        }
    } else if let (Some(place), Some(last)) = (to.last_chunk_mut::<HALF>(), from.last_chunk()) {
        *place = *last;
        if let (Some(place), Some(first)) = (to.first_chunk_mut::<HALF>(), from.first_chunk()) {
            *place = *first;
        }
    } else {
        // Up to three bytes: the first, the one in the middle and the last. A loop would become a call of `memcpy`.
        for at in [0, len >> 1, len.wrapping_sub(1)] {
            if let (Some(place), Some(byte)) = (to.get_mut(at), from.get(at)) {
                *place = *byte;
            }
        }
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_copied_and_nothing_else_touched() {
        let from = *b"abcdefghijklmnopqrstu";
        for (room, len) in (0..20).flat_map(|room| (0..=from.len()).map(move |len| (room, len))) {
            let mut to = [b'.'; 21];
            let copied = copy(&mut to[..room], &from[..len]);
            assert_eq!(copied, room.min(len));
            assert_eq!(to[..copied], from[..copied]);
            assert_eq!(to[copied..], [b'.'; 21][copied..]);
        }
    }
}
