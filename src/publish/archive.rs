//! Which runs of a feed's publications are sealed (RFC 5005 section 4), and what the live document must then hold.
//!
//! Publications of a feed have positions, from 1 on without gaps. A sealed run never changes; the live document holds
//! every publication that no sealed run holds, so that walking the chain misses nothing.
//!
//! Why: a run remembers its own bounds, so a new `archive_size` only concerns runs to come.

/// A run of positions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The number of the archive document, from 1 on.
    pub number: i64,
    /// The first position.
    pub first: i64,
    /// The last position.
    pub last: i64,
}

/// The next run to seal, if enough was published since the last one.
pub fn next_run(last_sealed: Option<Run>, newest_position: i64, size: usize) -> Option<Run> {
    let size = i64::try_from(size.max(1)).unwrap_or(i64::MAX);
    let (number, first) = last_sealed.map_or((1, 1), |run| (run.number + 1, run.last + 1));
    let last = first.checked_add(size - 1)?;
    (last <= newest_position).then_some(Run {
        number,
        first,
        last,
    })
}

/// How many of the newest publications the live document reads: the wanted number, and all that is not sealed.
///
/// While a large store is sealed for the first time the backlog is read up to one run more, not whole.
pub fn live_length(
    last_sealed: Option<Run>,
    newest_position: i64,
    wanted: usize,
    size: usize,
) -> usize {
    let unsealed = newest_position - last_sealed.map_or(0, |run| run.last);
    let unsealed = usize::try_from(unsealed).unwrap_or(0);
    wanted.max(unsealed.min(wanted.max(size)))
}

#[cfg(test)]
mod tests {
    use super::{Run, live_length, next_run};
    use proptest::prelude::*;

    #[test]
    fn a_run_is_sealed_when_it_is_full_and_the_next_begins_after_it() {
        assert_eq!(next_run(None, 99, 100), None);
        let first = next_run(None, 100, 100);
        assert_eq!(
            first,
            Some(Run {
                number: 1,
                first: 1,
                last: 100
            })
        );
        assert_eq!(next_run(first, 199, 100), None);
        let second = next_run(first, 120, 20);
        assert_eq!(
            second.map(|r| (r.number, r.first, r.last)),
            Some((2, 101, 120))
        );
    }

    proptest! {
        #[test]
        fn sealed_runs_and_the_live_document_hold_every_position(
            steps in proptest::collection::vec(1i64..40, 1..40), size in 1usize..30, wanted in 0usize..50,
        ) {
            let (mut newest, mut sealed) = (0, None);
            for step in steps {
                newest += step;
                while let Some(run) = next_run(sealed, newest, size) {
                    prop_assert_eq!(run.first, sealed.map_or(1, |r: Run| r.last + 1));
                    sealed = Some(run);
                }
                let live = live_length(sealed, newest, wanted, size) as i64;
                prop_assert!(newest - live <= sealed.map_or(0, |r| r.last));
            }
        }
    }
}
