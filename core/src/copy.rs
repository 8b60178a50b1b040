//! Copying texts, which are mostly so short that `memcpy` takes too long a run-up.

/// Bytes of a machine word.
const WORD: usize = size_of::<usize>();

/// Copies as many bytes as fit; answers with how many.
pub(crate) fn copy(to: &mut [u8], from: &[u8]) -> usize {
    let len = from.len().min(to.len());
    let to = to.get_mut(..len).unwrap_or_default();
    let from = from.get(..len).unwrap_or_default();
    if let ([to], [from]) = (&mut *to, from) {
        *to = *from;
    } else if let (Some(last_to), Some(last)) = (to.last_chunk_mut::<WORD>(), from.last_chunk()) {
        *last_to = *last; // it may overlap the word before
        let mut words = from.chunks_exact(WORD);
        for place in to.chunks_exact_mut(WORD) {
            if let (Some(place), Some(word)) = (place.first_chunk_mut::<WORD>(), words.next()) {
                *place = word.first_chunk().copied().unwrap_or_default();
            }
        }
    } else {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
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
