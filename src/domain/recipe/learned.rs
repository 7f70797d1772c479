//! What a recipe learns of a roster (学配方): texts that became others, and columns that were cut in two. One half of what was cut
//! or joined is never learnt without the other: done again it would lose texts.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{LearnedRecipe, PLAIN_VERSION, Recipe, RecipeColumn, RecipeSplit, RecipeStep, VERSION, is_learned};
use crate::domain::reshape::Separator;
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::{Field, FoundBy, SheetSpec};
use crate::domain::text;

impl Recipe {
    /// Learns from what was done to a roster: a text of a column that became the same other one in every row.
    pub fn learned(roster: &Roster, form: &SheetSpec) -> LearnedRecipe {
        let mut learned = LearnedRecipe::default();
        let by_hand =
            roster.columns.source.iter().filter(|column| matches!(column.by, FoundBy::Hand | FoundBy::Remembered));
        learned.recipe = Recipe {
            version: PLAIN_VERSION,
            columns: by_hand
                .filter_map(|column| Some(RecipeColumn { label: column.label.clone(), field: column.field? }))
                .filter(|column| !text::trimmed(&column.label).is_empty())
                .collect(),
            ..Recipe::default()
        };
        let splits = learned_splits(roster, form);
        let across = Across::of(roster, form);
        for field in form.fields.iter().copied().filter(|field| is_learned(*field)) {
            // What each text became; nothing where it became several.
            let mut became: HashMap<&str, Option<&str>, RandomState> = HashMap::default();
            let mut met: Vec<&str> = Vec::new();
            // What was put aside is nobody's spelling.
            for (row, now) in roster.column(field).filter(|(row, _)| !roster.is_aside(*row)) {
                // What was cut is learnt as that.
                if splits.iter().any(|split| split.has_cut(roster, row, field)) {
                    continue;
                }
                let imported = roster.imported(row, field);
                let to = became.entry(imported).or_insert_with(|| {
                    met.push(imported);
                    Some(now)
                });
                if *to != Some(now) || (imported != now && across.has_reached(row, field)) {
                    *to = None;
                }
            }
            for from in met {
                match became[from] {
                    Some(to) if to == from => {}
                    Some(to) => learned.recipe.steps.push(RecipeStep { field, from: from.into(), to: to.into() }),
                    None => learned.left_out += 1,
                }
            }
        }
        if !splits.is_empty() {
            learned.recipe.version = VERSION;
        }
        learned.recipe.splits = splits;
        learned
    }
}

impl RecipeSplit {
    /// Tells whether it is what became of a row, as far as a column is concerned.
    fn has_cut(&self, roster: &Roster, row: RowId, field: Field) -> bool {
        (field == self.field || field == self.into)
            && roster.imported(row, self.into).is_empty()
            && Cell::of(roster, row, self.field).is_changed()
            && self.parts_as(roster, row) == Some([true, true])
    }

    /// Tells of each part of a row that would be cut whether it stands where it goes.
    fn parts_as(&self, roster: &Roster, row: RowId) -> Option<[bool; 2]> {
        let (first, second) = Separator::read(&self.by).cut(roster.imported(row, self.field)).ok()?;
        Some([roster.cell(row, self.field) == first, roster.cell(row, self.into) == second])
    }

    /// Tells whether nothing in a row speaks against it: what could be cut was, though one part may have been corrected since.
    fn is_so_in(&self, roster: &Roster, row: RowId) -> bool {
        let is_cut = |parts: [bool; 2]| {
            let both = [self.field, self.into].iter().all(|field| Cell::of(roster, row, *field).is_changed());
            both && parts.contains(&true)
        };
        !roster.imported(row, self.into).is_empty() || self.parts_as(roster, row).is_none_or(is_cut)
    }
}

/// A cell as it came and as it is.
#[derive(Clone, Copy)]
struct Cell<'a> {
    was: &'a str,
    is: &'a str,
}

impl<'a> Cell<'a> {
    fn of(roster: &'a Roster, row: RowId, field: Field) -> Cell<'a> {
        Cell { was: roster.imported(row, field), is: roster.cell(row, field) }
    }

    fn is_changed(&self) -> bool {
        self.was != self.is
    }

    /// Tells whether it and another look like what was cut in two, or went from here to there.
    fn went_into(&self, other: &Cell<'_>, is_learned: bool) -> bool {
        let [was, is, second] = [self.was, self.is, other.is].map(trimmed);
        if was.is_empty() || second.is_empty() || !self.is_changed() || !other.is_changed() {
            return false;
        }
        let has_moved = was.contains(second) && !is.contains(second) && !trimmed(other.was).contains(second);
        let is_part = !is.is_empty() && is != was && (was.starts_with(is) || was.ends_with(is));
        // Blanks and widths apart it is still the whole.
        let letters =
            |text: &str| text.chars().filter(|c| !text::is_blank(*c)).map(text::half_width).collect::<String>();
        let could_be_cut = || Separator::Found.cut(was).is_ok() && letters(is) != letters(was);
        has_moved || is_learned && trimmed(other.was).is_empty() && (is_part || could_be_cut())
    }

    /// Tells whether it looks like something that was joined with a text of its row.
    fn was_joined_with(&self, text: &str) -> bool {
        let ([was, is], text) = ([self.was, self.is].map(trimmed), trimmed(text));
        if text.is_empty() || !self.is_changed() || is == text || was == text {
            return false;
        }
        let is_at_end = is.starts_with(text) || is.ends_with(text);
        let both = || was.len() + text.len() <= is.len() && (is.starts_with(was) || is.ends_with(was));
        // One letter, such as a sex, ends many a text.
        is_at_end && !was.contains(text) && (text.chars().nth(1).is_some() || !was.is_empty() && both())
    }
}

fn trimmed(cell: &str) -> &str {
    cell.trim_matches(text::is_blank)
}

/// What was done across columns: cut, joined, put from one into another. The roster does not say it; what stands there does.
struct Across<'a> {
    roster: &'a Roster,
    form: &'a SheetSpec,
    /// The columns that the form does not have.
    aside: Vec<usize>,
}

impl<'a> Across<'a> {
    fn of(roster: &'a Roster, form: &'a SheetSpec) -> Across<'a> {
        let columns = roster.columns.source.iter().enumerate();
        let aside = columns.filter(|(_, column)| column.field.is_none()).map(|(at, _)| at).collect();
        Across { roster, form, aside }
    }

    /// Tells whether a changed cell looks like one half of something.
    fn has_reached(&self, row: RowId, field: Field) -> bool {
        let own = Cell::of(self.roster, row, field);
        let mut others = self.form.fields.iter().copied().filter(|other| *other != field);
        let is_reached = |other: Field| {
            let cell = Cell::of(self.roster, row, other);
            own.went_into(&cell, is_learned(other))
                || cell.went_into(&own, is_learned(field))
                || own.was_joined_with(cell.was)
                || own.was_joined_with(cell.is)
                || cell.was_joined_with(own.was)
        };
        // What came from a column that the form does not have stands there still.
        let from_aside = |column: &usize| {
            let text = trimmed(self.roster.source_cell(row, *column));
            let is = trimmed(own.is);
            let is_cut_off = !is.is_empty() && is != text && trimmed(own.was).is_empty() && text.contains(is);
            is_cut_off || own.was_joined_with(text)
        };
        others.any(is_reached) || self.aside.iter().any(from_aside)
    }
}

/// Learns which columns were cut in two: wherever one could be, it was, the second part in the same empty column.
fn learned_splits(roster: &Roster, form: &SheetSpec) -> Vec<RecipeSplit> {
    let fields: Vec<Field> = form.fields.iter().copied().filter(|field| is_learned(*field)).collect();
    let mut splits: Vec<RecipeSplit> = Vec::new();
    for field in fields.iter().copied() {
        let edited: Vec<RowId> = roster.left().filter(|row| roster.is_edited(*row, field)).collect();
        let of = |into: Field| {
            let signs = signs_between(roster, &edited, (field, into));
            let split = |by: &str| RecipeSplit { field, into, by: by.to_string() };
            let is_so = |split: &RecipeSplit| roster.left().all(|row| split.is_so_in(roster, row));
            match &signs[..] {
                [] => Vec::new(),
                [by] => vec![split(by)].into_iter().filter(is_so).collect(),
                // Whichever sign stood there, or some of them alone.
                several => match Some(split("")).filter(is_so) {
                    Some(found) => vec![found],
                    None => several.iter().map(|by| split(by)).filter(is_so).collect(),
                },
            }
        };
        let others = fields.iter().copied().filter(|into| *into != field);
        splits.extend(others.map(of).find(|splits| !splits.is_empty()).unwrap_or_default());
    }
    splits
}

/// Lists the signs at which a column was cut, as they are met, each once in whatever width.
fn signs_between(roster: &Roster, rows: &[RowId], (field, into): (Field, Field)) -> Vec<String> {
    let mut signs: Vec<String> = Vec::new();
    let mut met: Vec<Separator> = Vec::new();
    for row in rows.iter().copied().filter(|row| roster.is_edited(*row, into)) {
        let texts = (roster.imported(row, field), roster.cell(row, field), roster.cell(row, into));
        if !roster.imported(row, into).is_empty() || texts.0 == texts.1 {
            continue;
        }
        if let Some(by) = parted_by(texts).filter(|by| !met.contains(&Separator::read(by))) {
            met.push(Separator::read(&by));
            signs.push(by);
        }
    }
    signs
}

/// Gives what parts two texts of which another was made, brackets as a pair without what they hold.
fn parted_by((whole, first, second): (&str, &str, &str)) -> Option<String> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let rest = trimmed(whole).strip_prefix(first)?;
    let by = match rest.strip_suffix(second) {
        Some(between) if trimmed(between).is_empty() => " ".to_string(),
        Some(between) => trimmed(between).to_string(),
        None => trimmed(rest)
            .chars()
            .next()
            .into_iter()
            .chain(rest.trim_end_matches(text::is_blank).chars().last())
            .collect(),
    };
    (Separator::read(&by).cut(whole) == Ok((first, second))).then_some(by)
}
