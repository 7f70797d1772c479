//! What was made uniform for an organiser (清洗配方), to be done again with the next file: which columns hold what, and what
//! texts of a column become. Kept as a file that a clerk can read; nothing of persons is in it.

mod learned;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde::Deserialize;
use thiserror::Error;
use toml::Value;

use super::reshape::{Reshaped, Separator};
use super::roster::{Roster, RowId};
use super::sheet::{ColumnMap, Field, SheetSpec};
use super::spared::{LeftWhy, Spared};
use super::text;

/// How recipes are written now. A later way is refused: half of what it says would be done.
const VERSION: u32 = 2;

/// How one is written that cuts no columns, so that earlier releases can follow it.
const PLAIN_VERSION: u32 = 1;

/// A name is that of a file and stands in lists.
const LONGEST_NAME: usize = 40;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    version: u32,
    /// The columns of which somebody said what they hold.
    #[serde(default, rename = "column")]
    pub columns: Vec<RecipeColumn>,
    #[serde(default, rename = "step")]
    pub steps: Vec<RecipeStep>,
    #[serde(default, rename = "split")]
    pub splits: Vec<RecipeSplit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeColumn {
    /// The label that the organiser's files have.
    pub label: String,
    pub field: Field,
}

/// What of a file says how it is written.
#[derive(Deserialize)]
struct WrittenAs {
    version: u32,
}

/// Every cell of a column with a text gets another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeStep {
    pub field: Field,
    /// Empty for cells that hold nothing.
    pub from: String,
    pub to: String,
}

/// A column is cut in two, where no step is about the text and the other column is empty.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeSplit {
    /// Where the first part stays.
    pub field: Field,
    /// Where the second part goes.
    pub into: Field,
    /// What parts them; empty for whichever usual sign stands there.
    #[serde(default)]
    pub by: String,
}

/// Why a file is no recipe.
#[derive(Debug, Error)]
pub enum RecipeFault {
    /// No valid TOML, or an unknown or missing key; the text names line and column.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// It was written by a later release.
    #[error("version {0}")]
    Version(u32),
    /// A step is about a column that differs from row to row; its place, from 1.
    #[error("step {0}")]
    Personal(usize),
}

/// What a recipe would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecipePlan {
    pub cells: Vec<(RowId, Field, Arc<str>)>,
    /// How many cells each step changes; one that matches nothing has 0.
    pub by_step: Vec<usize>,
    /// The same of each column that is cut.
    pub by_split: Vec<usize>,
    /// The rows that are left as they are although a step is about them, each with the reason, and what would have gone where
    /// something else stands.
    pub left: Reshaped,
}

/// A recipe by its name with what it would do, or why its file is none.
pub type PlannedRecipe = (String, Result<(Recipe, RecipePlan), String>);

/// What was learned of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnedRecipe {
    pub recipe: Recipe,
    /// How many texts are left out, because not every row with them became the same, or in one of them they are half of what
    /// was cut or joined.
    pub left_out: usize,
}

/// Tells whether texts of a column can be learned: neither what is one person's nor what differs from row to row.
pub fn is_learned(field: Field) -> bool {
    let is_own = matches!(field, Field::Code | Field::OldCode | Field::IssueDate | Field::Sex | Field::Award);
    !field.is_personal() && !is_own
}

/// Tells whether a recipe can be called so: letters, digits, `-` and `_`.
pub fn is_recipe_name(name: &str) -> bool {
    let is_sign = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && !name.starts_with('-') && name.chars().count() <= LONGEST_NAME && name.chars().all(is_sign)
}

impl RecipePlan {
    /// Counts the steps that change something.
    pub fn matched(&self) -> usize {
        self.by_step.iter().chain(&self.by_split).filter(|cells| **cells != 0).count()
    }
}

/// Lists the columns of a file that hold something else than a recipe says, with the label that the form has for it. What was
/// `given` of a column or for a field stays.
pub fn columns_to_assign(
    said: &[RecipeColumn],
    given: &[(String, String)],
    columns: &ColumnMap,
    form: &SheetSpec,
) -> Vec<(String, String)> {
    let is_given = |said: &RecipeColumn| {
        given.iter().any(|(label, field)| *label == said.label || form.field_of(field) == Some(said.field))
    };
    let is_other = |said: &&RecipeColumn| {
        let mut called = columns.source.iter().filter(|column| column.label == said.label);
        called.next().is_some_and(|column| column.field != Some(said.field)) && called.next().is_none()
    };
    let said = said.iter().filter(is_other).filter(|said| form.column(said.field).is_some() && !is_given(said));
    said.map(|column| (column.label.clone(), form.label(column.field).to_string())).collect()
}

impl Recipe {
    /// Reads a recipe.
    pub fn parse(text: &str) -> Result<Recipe, RecipeFault> {
        // What a later release adds is unknown here: that it is later says more.
        if let Ok(WrittenAs { version }) = toml::from_str(text)
            && !(PLAIN_VERSION..=VERSION).contains(&version)
        {
            return Err(RecipeFault::Version(version));
        }
        let recipe: Recipe = toml::from_str(text)?;
        let fields = recipe.steps.iter().map(|step| (step.field, step.field));
        let mut fields = fields.chain(recipe.splits.iter().map(|split| (split.field, split.into)));
        match fields.position(|(field, into)| !is_learned(field) || !is_learned(into)) {
            Some(at) => Err(RecipeFault::Personal(at + 1)),
            None => Ok(recipe),
        }
    }

    /// Counts what it does to cells.
    pub fn step_count(&self) -> usize {
        self.steps.len() + self.splits.len()
    }

    /// Tells whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.step_count() == 0 && self.columns.is_empty()
    }

    /// Writes the recipe as a file, below a line that says what it is.
    pub fn written(&self, title: &str) -> String {
        let quoted = |text: &str| Value::String(text.to_string()).to_string();
        let version = if self.splits.is_empty() { PLAIN_VERSION } else { VERSION };
        let mut all = format!("# {}\nversion = {version}\n", text::visible(title));
        for RecipeColumn { label, field } in &self.columns {
            let _ = write!(all, "\n[[column]]\nlabel = {}\nfield = \"{}\"\n", quoted(label), field.key());
        }
        for RecipeStep { field, from, to } in &self.steps {
            let (from, to) = (quoted(from), quoted(to));
            let _ = write!(all, "\n[[step]]\nfield = \"{}\"\nfrom = {from}\nto = {to}\n", field.key());
        }
        for RecipeSplit { field, into, by } in &self.splits {
            let (field, into, by) = (field.key(), into.key(), quoted(by));
            let _ = write!(all, "\n[[split]]\nfield = \"{field}\"\ninto = \"{into}\"\nby = {by}\n");
        }
        all
    }

    /// Plans what the recipe does to a roster; nothing is changed yet. Each cell is looked at once: no step sees what another
    /// has written.
    pub fn plan(&self, (roster, spared): (&Roster, &Spared), form: &SheetSpec) -> RecipePlan {
        let (by_step, by_split) = (vec![0; self.steps.len()], vec![0; self.splits.len()]);
        let mut plan = RecipePlan { by_step, by_split, ..RecipePlan::default() };
        let cut = self.plan_cuts((roster, spared), form, &mut plan);
        for field in Field::ALL {
            let mut of_field: HashMap<&str, (usize, Arc<str>), RandomState> = HashMap::default();
            for (at, step) in self.steps.iter().enumerate().filter(|(_, step)| step.field == field) {
                of_field.entry(&step.from).or_insert_with(|| (at, Arc::from(&*step.to)));
            }
            if of_field.is_empty() || form.column(field).is_none() {
                continue;
            }
            for (row, cell) in roster.column(field).filter(|(row, _)| !cut.contains(&(*row, field))) {
                let Some((at, to)) = of_field.get(cell).filter(|(_, to)| **to != *cell) else { continue };
                if roster.is_aside(row) {
                    plan.left.replaced.aside.push(row);
                } else if let Some(why) = spared.why(row, field) {
                    plan.left.replaced.left.push((row, why));
                } else {
                    plan.by_step[*at] += 1;
                    plan.cells.push((row, field, Arc::clone(to)));
                }
            }
        }
        plan.left.replaced = std::mem::take(&mut plan.left.replaced).sorted();
        plan
    }

    /// Plans which cells are cut in two; gives the places that are taken by that.
    fn plan_cuts(
        &self,
        (roster, spared): (&Roster, &Spared),
        form: &SheetSpec,
        plan: &mut RecipePlan,
    ) -> HashSet<(RowId, Field), RandomState> {
        let mut cut: HashSet<(RowId, Field), RandomState> = HashSet::default();
        let mut left: HashMap<(RowId, Field), LeftWhy, RandomState> = HashMap::default();
        for (at, split) in self.splits.iter().enumerate() {
            let from: HashSet<&str> =
                self.steps.iter().filter(|step| step.field == split.field).map(|step| &*step.from).collect();
            if form.column(split.field).is_none() || form.column(split.into).is_none() {
                continue;
            }
            let separator = Separator::read(&split.by);
            let of_others = self.splits.iter().filter(|other| *other != split && other.field == split.field);
            let others: Vec<Separator> = of_others.map(|other| Separator::read(&other.by)).collect();
            // Where two signs cut a text in different places nobody knows which is meant.
            let is_plain = |cell: &str, cut: &(&str, &str)| {
                others.iter().all(|other| other.cut(cell).is_ok_and(|parts| parts == *cut) || other.cut(cell).is_err())
            };
            for (row, cell) in roster.column(split.field) {
                let places = [(row, split.field), (row, split.into)];
                if is_blank(cell) || from.contains(cell) || cut.contains(&places[0]) {
                    continue;
                }
                let parts = separator.cut(cell);
                if roster.is_aside(row) {
                    plan.left.replaced.aside.extend(parts.is_ok().then_some(row));
                    continue;
                }
                let kept = places.iter().find_map(|(row, field)| spared.why(*row, *field));
                let here = roster.cell(row, split.into);
                let why = match (kept, parts) {
                    (Some(why), _) => why,
                    (None, Err(uncut)) => uncut.why(),
                    (None, Ok(parts)) if !is_plain(cell, &parts) => LeftWhy::Several,
                    (None, Ok((_, second))) if !is_blank(here) => {
                        plan.left.filled.push((row, split.into, second.into()));
                        LeftWhy::Filled
                    }
                    (None, Ok(_)) if cut.contains(&places[1]) => LeftWhy::Filled,
                    (None, Ok((first, second))) => {
                        plan.by_split[at] += 2;
                        plan.cells.extend([(row, split.field, first.into()), (row, split.into, second.into())]);
                        cut.extend(places);
                        continue;
                    }
                };
                // That a sign is not there says least: another was meant for the row.
                let of_row = left.entry(places[0]).or_insert(why);
                if *of_row == LeftWhy::Missing {
                    *of_row = why;
                }
            }
        }
        let left = left.into_iter().filter(|(place, _)| !cut.contains(place));
        plan.left.replaced.left.extend(left.map(|((row, _), why)| (row, why)));
        cut
    }
}

fn is_blank(cell: &str) -> bool {
    cell.chars().all(text::is_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let recipe = Recipe {
            version: VERSION,
            columns: vec![RecipeColumn { label: "单位\n\"全称\"".into(), field: Field::Employer }],
            steps: vec![
                RecipeStep {
                    field: Field::Employer, from: "天水麦积技工学校".into(), to: "天水市麦积技工学校".into()
                },
                RecipeStep { field: Field::WorkType, from: String::new(), to: "--\u{1b}\\".into() },
            ],
            splits: vec![RecipeSplit { field: Field::Occupation, into: Field::WorkType, by: "\"".into() }],
        };
        let text = recipe.written("天水\n配方");
        assert!(text.starts_with("# 天水\\n配方\nversion = 2\n"), "{text}");
        assert_eq!(Recipe::parse(&text).unwrap(), recipe);
    }

    #[test]
    fn what_nobody_should_do_blindly_is_refused() {
        let step = |field: &str| format!("version = 1\n[[step]]\nfield = \"{field}\"\nfrom = \"a\"\nto = \"b\"\n");
        for (text, fault) in [
            ("version = 3\nnew = 3", "version 3"),
            ("version = 1\nnew = 3", "unknown field"),
            (&step("name"), "step 1"),
            (&step("code"), "step 1"),
            (&step("none"), "unknown variant"),
            ("version = 2\n[[split]]\nfield = \"occupation\"\ninto = \"name\"\n", "step 1"),
        ] {
            let told = Recipe::parse(text).unwrap_err().to_string();
            assert!(told.contains(fault), "{text}: {told}");
        }
    }

    #[test]
    fn names_are_those_of_files() {
        for (name, good) in [
            ("天水技工", true),
            ("a-1_b", true),
            ("", false),
            ("-a", false),
            ("../a", false),
            ("a.b", false),
            ("a b", false),
            (&"天".repeat(41), false),
        ] {
            assert_eq!(is_recipe_name(name), good, "{name}");
        }
    }
}
