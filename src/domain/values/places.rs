//! The places that names begin with (名称里的地名): bodies of two of them are never one, however alike their names are.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::domain::spelling::{Letters, Spellings};

/// What names of divisions end with, the longest first; one writes it and another leaves it out.
const ENDINGS: [&str; 11] = ["自治州", "自治县", "自治区", "自治旗", "地区", "省", "市", "区", "县", "盟", "旗"];

/// So many places stand at the beginning of a name, one within the other, at most.
const DEEPEST: usize = 4;

/// The names of the administrative divisions, whole and short, each with the number of the short one.
#[derive(Debug, Default)]
pub struct Places {
    known: HashMap<Vec<char>, u32, RandomState>,
    longest: usize,
}

impl Places {
    /// Takes the names of divisions. What is left of one letter alone is no name: 宁 of 宁县.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>, spellings: &Spellings) -> Places {
        let mut places = Places::default();
        for name in names.filter(|name| !matches!(*name, "市辖区" | "县")) {
            let short = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
            let [whole, short] = [name, short].map(|text| spellings.letters(text).as_slice().to_vec());
            let number = places.known.len() as u32;
            let number = if short.len() < 2 { number } else { *places.known.entry(short).or_insert(number) };
            places.longest = places.longest.max(whole.len());
            places.known.entry(whole).or_insert(number);
        }
        places
    }

    /// Lists the places at the beginning of a name, the largest first, and tells how many letters they take.
    pub fn of(&self, name: &Letters) -> (Vec<u32>, usize) {
        let mut rest = name.as_slice();
        let mut found = Vec::new();
        while found.len() < DEEPEST {
            let mut lengths = (2..=self.longest.min(rest.len())).rev();
            let Some((long, number)) = lengths.find_map(|n| Some((n, *self.known.get(&rest[..n])?))) else {
                break;
            };
            found.push(number);
            rest = &rest[long..];
        }
        (found, name.as_slice().len() - rest.len())
    }

    /// Tells whether one of two names leaves out places that the other begins with: 甘州区 where that has 张掖市甘州区.
    pub fn are_left_out(one: &[u32], other: &[u32]) -> bool {
        let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
        short.len() < long.len() && long.ends_with(short)
    }

    /// Tells whether two names are of different places: the last one of each is none of the other's.
    pub fn are_apart(one: &[u32], other: &[u32]) -> bool {
        match (one.last(), other.last()) {
            (Some(a), Some(b)) => !other.contains(a) && !one.contains(b),
            _ => false,
        }
    }
}
