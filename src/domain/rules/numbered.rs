//! The numbers of the rows (序号), which nobody hands in: where they break, rows were lost, repeated or put in between.

/// How the numbers of rows follow each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowNumbers {
    first: Option<Seen>,
    last: Option<Seen>,
    count: u64,
    breaks: u64,
    /// The file and the line where they break first.
    first_break: Option<(usize, u32)>,
    part: usize,
    has_begun: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    number: u32,
    line: u32,
}

impl Seen {
    /// Tells whether a number may follow: the next one, or the first one behind rows that are no people, such as a title.
    fn is_followed_by(self, next: Seen) -> bool {
        self.number.checked_add(1) == Some(next.number) || (next.number == 1 && self.line + 1 != next.line)
    }
}

impl RowNumbers {
    /// Takes the cell of the next row; what is no number says nothing.
    pub fn take(&mut self, cell: &[u8], line: u32) {
        let number = std::str::from_utf8(cell).ok().and_then(|cell| cell.trim().parse().ok());
        if let Some(number) = number {
            let seen = Seen { number, line };
            self.join(&RowNumbers { first: Some(seen), last: Some(seen), count: 1, ..RowNumbers::default() }, 0);
        }
    }

    /// Begins with the rows of another file.
    pub fn begin_anew(&mut self) {
        self.last = None;
        self.part += usize::from(self.has_begun);
        self.has_begun = true;
    }

    /// Takes those of the rows that follow, whose lines count from `line`.
    pub fn join(&mut self, next: &RowNumbers, line: u32) {
        let moved = |seen: Seen| Seen { line: seen.line + line, ..seen };
        let Some(first) = next.first.map(moved) else { return };
        if self.last.is_some_and(|last| !last.is_followed_by(first)) {
            self.breaks += 1;
            self.first_break.get_or_insert((self.part, first.line));
        }
        if let Some((_, at)) = next.first_break {
            self.first_break.get_or_insert((self.part, at + line));
        }
        self.first = self.first.or(Some(first));
        self.last = next.last.map(moved);
        self.count += next.count;
        self.breaks += next.breaks;
    }

    /// Gives how often they break, and the file and the line where they first do; nothing where they do not, or hardly ever follow each other:
    /// those are other numbers.
    pub fn broken(&self) -> Option<(u64, usize, u32)> {
        let (part, line) = self.first_break?;
        (self.breaks * 2 <= self.count).then_some((self.breaks, part, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cells: &[(&str, u32)]) -> RowNumbers {
        let mut numbers = RowNumbers::default();
        cells.iter().for_each(|(cell, line)| numbers.take(cell.as_bytes(), *line));
        numbers
    }

    #[test]
    fn gaps_and_repeats_break_and_a_new_block_begins_anew() {
        let of = |cells: &[&str]| {
            let cells: Vec<(&str, u32)> = cells.iter().zip(2..).map(|(cell, line)| (*cell, line)).collect();
            numbers(&cells).broken()
        };
        assert_eq!(of(&["1", "2", "3", "", "4"]), None);
        assert_eq!(of(&["1", "2", "4", "5", "6"]), Some((1, 0, 4)));
        assert_eq!(of(&["1", "2", "2", "3", "4", "7"]), Some((2, 0, 4)));
        assert_eq!(of(&["17", "3", "29", "8"]), None, "other numbers");
        assert_eq!(numbers(&[("1", 2), ("2", 3), ("1", 5), ("2", 6)]).broken(), None, "a title stands between");
        assert_eq!(numbers(&[("1", 2), ("2", 3), ("1", 4), ("2", 5)]).broken(), Some((1, 0, 4)));
    }

    #[test]
    fn blocks_are_joined_as_if_they_were_one() {
        let mut all = numbers(&[("1", 0), ("2", 1)]);
        all.join(&numbers(&[("3", 0), ("5", 1), ("6", 2)]), 2);
        all.join(&numbers(&[("7", 0)]), 5);
        assert_eq!(all.broken(), Some((1, 0, 3)));
    }
}
