//! The administrative divisions (行政区划) that resident numbers begin with.

use std::sync::OnceLock;

use serde::Deserialize;

/// Administrative divisions, abolished ones included (GB/T 2260 and its history).
#[derive(Debug, Clone, Default)]
pub struct Divisions {
    /// A bit for each code.
    known: Vec<u64>,
    /// Where the rows come from once somebody asks for a name; most checks never do.
    rows: Option<fn() -> Vec<Division>>,
    named: OnceLock<Vec<Division>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Division {
    pub code: u32,
    /// Name while the code was in use.
    pub name: String,
    /// First year of the code, where known.
    pub first_year: Option<u16>,
    /// Last year of the code; `None` while it is in use.
    pub last_year: Option<u16>,
}

impl Divisions {
    /// Builds the table from its codes, and from its rows, in any order, once they are needed.
    pub fn new(codes: impl Iterator<Item = u32>, rows: fn() -> Vec<Division>) -> Divisions {
        let mut known = vec![0u64; 1_000_000 / 64 + 1];
        for code in codes.filter(|code| *code < 1_000_000) {
            known[code as usize / 64] |= 1 << (code % 64);
        }
        Divisions { known, rows: Some(rows), named: OnceLock::new() }
    }

    /// Tells whether six digits are or once were a division.
    pub fn contains(&self, code: u32) -> bool {
        self.known.get(code as usize / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }

    fn named(&self) -> &[Division] {
        self.named.get_or_init(|| {
            let mut named = self.rows.map_or_else(Vec::new, |rows| rows());
            named.sort_by_key(|d| d.code);
            named
        })
    }

    /// Lists the names that divisions have or had.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named().iter().map(|division| &*division.name)
    }

    /// Lists what a code has stood for, oldest row first.
    pub fn of(&self, code: u32) -> &[Division] {
        let named = self.named();
        let from = named.partition_point(|d| d.code < code);
        let to = named.partition_point(|d| d.code <= code);
        &named[from..to]
    }
}
