//! Sorting of lists that are short, or sorted seldom. What the standard library sorts with is in the program once for each kind of
//! element and each comparison, five thousand bytes every time; here only places are sorted, the elements follow them.
//!
//! The order of equal elements stays, as it does with the methods of slices that have the same names.

use std::cmp::Ordering;

/// Sorts a list by a comparison.
pub fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut from = sorted_places(list.len(), &|a, b| compare(&list[a], &list[b]));
    for start in 0..list.len() {
        // Once around the places that wait for each other's element.
        let mut at = start;
        while from[at] != start {
            let next = from[at];
            list.swap(at, next);
            from[at] = at;
            at = next;
        }
        from[at] = at;
    }
}

/// Sorts a list by what is made of each element, which is made anew for every comparison.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

/// Sorts a list.
pub fn sort<T: Ord>(list: &mut [T]) {
    sort_by(list, T::cmp);
}

fn sorted_places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn lists_are_sorted_as_the_standard_library_sorts_them(list: Vec<(u8, u16)>) {
            let sorted = |by: &dyn Fn(&mut Vec<(u8, u16)>)| {
                let mut sorted = list.clone();
                by(&mut sorted);
                sorted
            };
            prop_assert_eq!(sorted(&|all| sort_by_key(all, |(key, _)| *key)), sorted(&|all| all.sort_by_key(|(key, _)| *key)));
            prop_assert_eq!(sorted(&|all| sort_by(all, |a, b| b.0.cmp(&a.0))), sorted(&|all| all.sort_by(|a, b| b.0.cmp(&a.0))));
            prop_assert_eq!(sorted(&|all| sort(all)), sorted(&|all| all.sort()));
        }
    }
}
