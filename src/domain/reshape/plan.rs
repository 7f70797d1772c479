//! What reshaping changes (拆分合并的计划), and which rows it leaves.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{ReshapeAct, Reshaping, Separator, Uncut};
use crate::domain::replace::{Replaced, ReplacedValue};
use crate::domain::roster::{CellEdit, CellSource, Roster, RowId};
use crate::domain::sheet::Field;
use crate::domain::spared::{LeftWhy, Spared};
use crate::domain::text;

/// How many rows are looked at before it is asked again whether to stop.
const STEP: usize = 0x1000;

/// What comes of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reshaped {
    pub replaced: Replaced,
    /// The cells that hold something else than what would go there, with that.
    pub filled: Vec<(RowId, Field, Arc<str>)>,
}

/// What becomes of a text of one column, or of those of two.
type Became = Result<[Arc<str>; 2], LeftWhy>;

impl Reshaping {
    /// Lists what it changes in rows, all of them where none are named; `None` where `stop` says so on the way.
    pub fn plan(
        &self,
        (roster, spared): (&Roster, &Spared),
        rows: Option<&[RowId]>,
        stop: &dyn Fn() -> bool,
    ) -> Option<Reshaped> {
        let mut plan = Plan { reshaping: self, roster, spared, values: HashMap::default(), to: Reshaped::default() };
        let separator = Separator::read(&self.text);
        let mut cuts: HashMap<&str, Became, RandomState> = HashMap::default();
        let mut joined: HashMap<[&str; 2], Became, RandomState> = HashMap::default();
        let mut changed: Vec<HashMap<&str, Option<Became>, RandomState>> = vec![HashMap::default(); self.into.len()];
        let count = rows.map_or(roster.len() as usize, <[RowId]>::len);
        for at in 0..count {
            if at.is_multiple_of(STEP) && stop() {
                return None;
            }
            let row = rows.map_or(at as RowId, |rows| rows[at]);
            if row >= roster.len() {
                continue;
            }
            if roster.is_aside(row) {
                plan.to.replaced.aside.push(row);
                continue;
            }
            match (self.act, &self.from[..]) {
                (ReshapeAct::Split, [from, ..]) => {
                    let cell = from.text(roster, row);
                    if !is_blank(cell) {
                        let cut = cuts.entry(cell).or_insert_with(|| cut(&separator, cell));
                        plan.put(row, cut.clone());
                    }
                }
                (ReshapeAct::Join, [first, second, ..]) => {
                    let pair = [*first, *second].map(|source| source.text(roster, row));
                    if !pair.iter().all(|text| is_blank(text)) && !self.is_joined(pair) {
                        let joined = joined.entry(pair).or_insert_with(|| self.join(pair));
                        plan.put(row, joined.clone());
                    }
                }
                _ => {
                    for (field, changed) in self.into.iter().zip(&mut changed) {
                        let cell = roster.cell(row, *field);
                        if !is_blank(cell)
                            && let Some(became) = changed.entry(cell).or_insert_with(|| self.change(cell))
                        {
                            plan.put_one(row, *field, became.clone());
                        }
                    }
                }
            }
        }
        let mut to = plan.to;
        to.replaced = to.replaced.sorted();
        Some(to)
    }

    /// Tells whether the second text stands behind the first already, as it would be put there.
    fn is_joined(&self, [first, second]: [&str; 2]) -> bool {
        let stays_in = |source: &CellSource| self.into.first().is_some_and(|into| *source == CellSource::Field(*into));
        match &self.from[..] {
            [own, _] if stays_in(own) => {
                !is_blank(second) && first.strip_suffix(second).is_some_and(|rest| rest.ends_with(&self.text))
            }
            [_, own] if stays_in(own) => {
                !is_blank(first) && second.strip_prefix(first).is_some_and(|rest| rest.starts_with(&self.text))
            }
            _ => false,
        }
    }

    fn join(&self, pair: [&str; 2]) -> Became {
        let [first, second] = pair.map(|text| text.trim_matches(text::is_blank));
        if first.is_empty() || second.is_empty() {
            return Err(LeftWhy::OneSided);
        }
        let both: Arc<str> = format!("{first}{}{second}", self.text).into();
        Ok([Arc::clone(&both), both])
    }

    /// Gives what becomes of a text of its own column; nothing where it stays as it is.
    fn change(&self, cell: &str) -> Option<Became> {
        let said = &*self.text;
        let all = |letter: fn(char) -> char| cell.chars().map(letter).collect::<String>();
        let after = match self.act {
            ReshapeAct::Prefix if cell.starts_with(said) => return None,
            ReshapeAct::Suffix if cell.ends_with(said) => return None,
            ReshapeAct::Prefix => format!("{said}{cell}"),
            ReshapeAct::Suffix => format!("{cell}{said}"),
            ReshapeAct::StripPrefix => cell.strip_prefix(said)?.to_string(),
            ReshapeAct::StripSuffix => cell.strip_suffix(said)?.to_string(),
            ReshapeAct::Upper => cell.to_uppercase(),
            ReshapeAct::Lower => cell.to_lowercase(),
            ReshapeAct::HalfWidth => all(text::half_width),
            ReshapeAct::FullWidth => all(text::full_width),
            ReshapeAct::Split | ReshapeAct::Join => return None,
        };
        if after == cell {
            return None;
        }
        if is_blank(&after) {
            return Some(Err(LeftWhy::OneSided));
        }
        let after: Arc<str> = after.into();
        Some(Ok([Arc::clone(&after), after]))
    }
}

fn cut(separator: &Separator, cell: &str) -> Became {
    separator.cut(cell).map(|(first, second)| [first.into(), second.into()]).map_err(Uncut::why)
}

fn is_blank(cell: &str) -> bool {
    cell.trim_matches(text::is_blank).is_empty()
}

/// What is being planned.
struct Plan<'a> {
    reshaping: &'a Reshaping,
    roster: &'a Roster,
    spared: &'a Spared,
    /// The places of the values that are told of.
    values: HashMap<(Field, &'a str, Arc<str>), usize, RandomState>,
    to: Reshaped,
}

impl Plan<'_> {
    /// Puts the parts of a row where they go, all of them or none.
    fn put(&mut self, row: RowId, became: Became) {
        let parts = match became {
            _ if self.spared.has_moved(row) => return self.leave(row, LeftWhy::Moved),
            Err(why) => return self.leave(row, why),
            Ok(parts) => parts,
        };
        let changes = |field: &Field, part: &Arc<str>| self.roster.cell(row, *field) != &**part;
        let parts_of = || self.reshaping.into.iter().zip(&parts).filter(|(field, part)| changes(field, part));
        if let Some(why) = parts_of().find_map(|(field, _)| self.spared.why(row, *field)) {
            return self.leave(row, why);
        }
        // What the parts come from is theirs to change.
        let is_other = |field: Field| {
            !self.reshaping.from.contains(&CellSource::Field(field)) && !is_blank(self.roster.cell(row, field))
        };
        let filled = parts_of().filter(|(field, _)| is_other(**field));
        let filled: Vec<_> = filled.map(|(field, part)| (row, *field, Arc::clone(part))).collect();
        let is_filled = !filled.is_empty();
        self.to.filled.extend(filled);
        if is_filled && !self.reshaping.also_filled {
            return self.leave(row, LeftWhy::Filled);
        }
        for (field, part) in self.reshaping.into.iter().zip(parts) {
            self.edit(row, *field, part);
        }
    }

    fn put_one(&mut self, row: RowId, field: Field, became: Became) {
        match (self.spared.why(row, field), became) {
            (Some(why), _) | (None, Err(why)) => self.leave(row, why),
            (None, Ok([after, _])) => self.edit(row, field, after),
        }
    }

    fn leave(&mut self, row: RowId, why: LeftWhy) {
        self.to.replaced.left.push((row, why));
    }

    fn edit(&mut self, row: RowId, field: Field, after: Arc<str>) {
        let cell = self.roster.cell(row, field);
        if cell == &*after {
            return;
        }
        let told = &mut self.to.replaced.values;
        let place = *self.values.entry((field, cell, after)).or_insert_with_key(|(field, cell, after)| {
            told.push(ReplacedValue { field: *field, before: (*cell).into(), after: Arc::clone(after), cells: 0 });
            told.len() - 1
        });
        let value = &mut told[place];
        value.cells += 1;
        let (before, after) = (Arc::clone(&value.before), Arc::clone(&value.after));
        self.to.replaced.edits.push(CellEdit { row, field, before, after });
    }
}
