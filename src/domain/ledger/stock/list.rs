//! Lists of numbers held against each other: a stocktake, and the balance of another system.

use super::{BlankNumber, BlankRun};

/// What a list of blanks and the blanks that must be there differ in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// How many different ones the list has.
    pub counted: u64,
    /// How many must be there.
    pub held: u64,
    /// Those that must be there and are not in the list.
    pub missing: Vec<BlankRun>,
    /// Those in the list that must not be there.
    pub surplus: Vec<BlankRun>,
    /// Those that the list has more than once.
    pub doubled: Vec<BlankRun>,
}

impl Difference {
    /// Compares a list in any order with what must be there, in order and each once.
    pub fn between(list: &[BlankRun], held: &[BlankRun]) -> Difference {
        let (listed, doubled) = union(list);
        Difference {
            counted: count(&listed),
            held: count(held),
            missing: without(held, &listed),
            surplus: without(&listed, held),
            doubled,
        }
    }

    /// Tells whether what is there is what must be there; that one was counted twice changes nothing in that.
    pub fn is_none(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty()
    }
}

/// Counts the numbers of runs that do not meet.
pub fn count(runs: &[BlankRun]) -> u64 {
    runs.iter().map(|run| run.count()).sum()
}

/// Puts runs in order, each number once; gives those besides that stood more than once.
pub fn union(runs: &[BlankRun]) -> (Vec<BlankRun>, Vec<BlankRun>) {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    let (mut once, mut more): (Vec<BlankRun>, Vec<BlankRun>) = (Vec::new(), Vec::new());
    for run in sorted {
        match once.last_mut() {
            Some(before) if run.first <= before.last => {
                let again = BlankRun { first: run.first, last: run.last.min(before.last) };
                join(&mut more, again);
                before.last = before.last.max(run.last);
            }
            _ => join(&mut once, run),
        }
    }
    (once, more)
}

/// Puts a run behind others; it begins behind none of their beginnings.
fn join(runs: &mut Vec<BlankRun>, run: BlankRun) {
    match runs.last_mut() {
        Some(before) if before.last.further(1).is_none_or(|next| run.first <= next) => {
            before.last = before.last.max(run.last);
        }
        _ => runs.push(run),
    }
}

/// Gives what of some runs is in others as well; both are in order.
pub fn common(runs: &[BlankRun], others: &[BlankRun]) -> Vec<BlankRun> {
    without(runs, &without(runs, others))
}

/// Gives what of some runs is in none of others; both are in order.
pub fn without(runs: &[BlankRun], others: &[BlankRun]) -> Vec<BlankRun> {
    let mut left = Vec::new();
    let mut others = others.iter().peekable();
    for run in runs {
        let mut first = Some(run.first);
        while let Some(other) = others.peek() {
            let Some(from) = first.filter(|from| *from <= run.last) else { break };
            if other.last < from {
                others.next();
                continue;
            }
            if run.last < other.first {
                break;
            }
            if let Some(last) = other.first.before().filter(|last| from <= *last) {
                left.push(BlankRun { first: from, last });
            }
            first = other.last.further(1);
        }
        if let Some(from) = first.filter(|from: &BlankNumber| *from <= run.last) {
            left.push(BlankRun { first: from, last: run.last });
        }
    }
    left
}
