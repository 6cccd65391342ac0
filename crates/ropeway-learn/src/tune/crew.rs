//! Independent pieces of work on a few threads. Results stand in the order of the pieces, whoever did them, so the
//! number of threads changes nothing but the time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ropeway_vocab::{Problem, Result};

/// Does all pieces with `threads` threads, beginning them in their order. The first problem, by the order of the
/// pieces, is returned; no new piece begins after one.
pub(crate) fn work<P: Sync, T: Send>(
    threads: usize,
    pieces: &[P],
    each: impl Fn(usize, &P) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let threads = threads.clamp(1, pieces.len().max(1));
    if threads == 1 {
        return pieces.iter().enumerate().map(|(i, piece)| each(i, piece)).collect();
    }
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Vec<Mutex<Option<Result<T>>>> = pieces.iter().map(|_| Mutex::new(None)).collect();
    let hand = || {
        while !failed.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(i) else { break };
            let result = each(i, piece);
            if result.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            if let Ok(mut place) = done[i].lock() {
                *place = Some(result);
            }
        }
    };
    let whole = std::thread::scope(|scope| {
        let hands: Vec<_> = (1..threads).map(|_| scope.spawn(hand)).collect();
        hand();
        hands.into_iter().all(|hand| hand.join().is_ok())
    });
    if !whole {
        return Err(Problem::internal("a thread of the search ended early"));
    }
    let mut results = Vec::with_capacity(pieces.len());
    let mut missing = false;
    for place in done {
        match place.into_inner() {
            Ok(Some(result)) => results.push(result?),
            _ => missing = true,
        }
    }
    if missing { Err(Problem::internal("a piece of the search was not done")) } else { Ok(results) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_for_any_number_of_threads() {
        let pieces: Vec<u64> = (0..100).collect();
        let expect: Vec<u64> = pieces.iter().map(|piece| piece * piece).collect();
        for threads in [0, 1, 2, 7, 1000] {
            assert_eq!(work(threads, &pieces, |_, piece| Ok(piece * piece)).unwrap(), expect);
        }
        assert!(work(2, &[] as &[u64], |_, piece| Ok(*piece)).unwrap().is_empty());
    }

    #[test]
    fn the_first_problem_is_told() {
        for threads in [1, 3] {
            let result = work(threads, &[1, 2, 3, 4], |_, piece| {
                if *piece >= 3 { Err(Problem::internal(format!("piece {piece}"))) } else { Ok(()) }
            });
            assert!(result.unwrap_err().what().contains("piece 3"));
        }
    }
}
