//! Making what is written on another core than the one that writes it.

use std::sync::mpsc::sync_channel;
use std::thread;

/// How many are made at once.
const PIECE: usize = 500;

/// How many pieces may wait to be written: what stands in memory is bounded, however many there are.
const WAITING: usize = 4;

/// Makes something of each item in a thread beside the one that writes it, in the order of the items.
///
/// # Errors
/// The first one of writing; nothing more is made or written after it.
pub(super) fn make_ahead<T: Sync, M: Send, E>(
    items: &[T],
    mut make: impl FnMut(&T) -> M + Send,
    mut write: impl FnMut(&T, &M) -> Result<(), E>,
) -> Result<(), E> {
    // The scope waits for its thread and hands its panic on.
    thread::scope(|threads| {
        let (give, take) = sync_channel(WAITING);
        threads.spawn(move || {
            for piece in items.chunks(PIECE) {
                if give.send((piece, piece.iter().map(&mut make).collect::<Vec<M>>())).is_err() {
                    return;
                }
            }
        });
        for (piece, made) in take {
            piece.iter().zip(&made).try_for_each(|(item, made)| write(item, made))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn everything_is_written_in_its_order() {
        for count in [0, 1, PIECE, 20 * PIECE + 7] {
            let items: Vec<usize> = (0..count).collect();
            let mut written = Vec::new();
            let write = |item: &usize, made: &String| {
                written.push((*item, made.clone()));
                Ok::<_, ()>(())
            };
            make_ahead(&items, ToString::to_string, write).unwrap();
            assert!(written.iter().enumerate().all(|(i, (item, made))| i == *item && *made == i.to_string()));
            assert_eq!(written.len(), count);
        }
    }

    #[test]
    fn nothing_is_made_long_after_a_failure() {
        let (items, made) = (vec![0_u8; 100 * PIECE], AtomicUsize::new(0));
        let make = |_: &u8| made.fetch_add(1, Ordering::Relaxed);
        assert_eq!(make_ahead(&items, make, |_, number| if *number == 3 { Err("full") } else { Ok(()) }), Err("full"));
        assert!(made.into_inner() <= (WAITING + 2) * PIECE);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_of_the_maker_is_not_taken_for_the_end() {
        let make = |item: &u32| assert!(*item < 2000, "bad item");
        let _ = make_ahead(&(0..9000).collect::<Vec<u32>>(), make, |_, ()| Ok::<_, ()>(()));
    }
}
