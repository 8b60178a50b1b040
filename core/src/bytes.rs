//! Copying and comparing texts, which are mostly so short that `memcpy` and `memcmp` take too long a run-up.

/// Bytes that are copied at once.
const CHUNK: usize = 8;
/// Bytes that are compared at once.
const WORD: usize = 4;

/// Copies as many bytes as fit.
#[inline]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    let len = from.len().min(to.len());
    let to = to.get_mut(..len).unwrap_or_default();
    let from = from.get(..len).unwrap_or_default();
    // The last chunk may overlap the one before.
    if let (Some(place), Some(last)) = (to.last_chunk_mut::<CHUNK>(), from.last_chunk()) {
        *place = *last;
        let chunks = from.chunks_exact(CHUNK);
        to.chunks_exact_mut(CHUNK)
            .zip(chunks)
            .for_each(|(place, chunk)| {
                if let (Some(place), Some(chunk)) =
                    (place.first_chunk_mut::<CHUNK>(), chunk.first_chunk())
                {
                    *place = *chunk;
                }
            });
    } else if !copy_ends::<4>(to, from) && !copy_ends::<2>(to, from) {
        copy_ends::<1>(to, from);
    }
}

/// Copies the first `N` bytes and the last, if there are as many.
#[inline]
fn copy_ends<const N: usize>(to: &mut [u8], from: &[u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) else {
        return false;
    };
    if let Some(place) = to.first_chunk_mut() {
        *place = *first;
    }
    if let Some(place) = to.last_chunk_mut() {
        *place = *last;
    }
    true
}

/// Whether two texts are the same.
#[inline]
pub(crate) fn is_same(text: &[u8], other: &[u8]) -> bool {
    text.len() == other.len() && is_same_text(text, other)
}

fn is_same_text(text: &[u8], other: &[u8]) -> bool {
    let (Some(first), Some(other_first)) = (text.first_chunk::<WORD>(), other.first_chunk()) else {
        return text.iter().zip(other).all(|(byte, other)| byte == other);
    };
    // The first word may overlap the next.
    let (mut text, mut other) = (text, other);
    while let (Some((rest, word)), Some((other_rest, other_word))) =
        (text.split_last_chunk::<WORD>(), other.split_last_chunk())
    {
        if word != other_word {
            return false;
        }
        (text, other) = (rest, other_rest);
    }
    first == other_first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_copied_and_nothing_else_touched() {
        let from = *b"abcdefghijklmnopqrstu";
        for (room, len) in (0..20).flat_map(|room| (0..=from.len()).map(move |len| (room, len))) {
            let mut to = [b'.'; 21];
            copy(&mut to[..room], &from[..len]);
            let copied = room.min(len);
            assert_eq!(to[..copied], from[..copied]);
            assert_eq!(to[copied..], [b'.'; 21][copied..]);
        }
    }

    #[test]
    fn only_the_same_text_is_the_same() {
        let text = *b"abcdefghijk";
        for len in 0..=text.len() {
            assert!(is_same(&text[..len], &text[..len]));
            assert!(!is_same(&text[..len], &[b'.'; 12][..=len]));
            for at in 0..len {
                let mut other = text;
                other[at] = b'.';
                assert!(!is_same(&text[..len], &other[..len]), "byte {at} of {len}");
            }
        }
        assert!(!is_same(b"abcd", b"abcde") && !is_same(b"abcde", b"abcd"));
    }
}
