//! What was made uniform for an organiser (清洗配方), to be done again with the next file: which columns hold what, and what
//! texts of a column become. Kept as a file that a clerk can read; nothing of persons is in it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde::Deserialize;
use thiserror::Error;
use toml::Value;

use super::roster::{Roster, RowId};
use super::sheet::{ColumnMap, Field, FoundBy, SheetSpec};
use super::text;

/// How recipes are written now. A later way is refused: half of what it says would be done.
const VERSION: u32 = 1;

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
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeColumn {
    /// The label that the organiser's files have.
    pub label: String,
    pub field: Field,
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
}

/// A recipe by its name with what it would do, or why its file is none.
pub type PlannedRecipe = (String, Result<(Recipe, RecipePlan), String>);

/// What was learned of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnedRecipe {
    pub recipe: Recipe,
    /// How many texts are left out, because not every row with them became the same.
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
        self.by_step.iter().filter(|cells| **cells != 0).count()
    }
}

impl Recipe {
    /// Reads a recipe.
    pub fn parse(text: &str) -> Result<Recipe, RecipeFault> {
        let recipe: Recipe = toml::from_str(text)?;
        if recipe.version != VERSION {
            return Err(RecipeFault::Version(recipe.version));
        }
        match recipe.steps.iter().position(|step| !is_learned(step.field)) {
            Some(at) => Err(RecipeFault::Personal(at + 1)),
            None => Ok(recipe),
        }
    }

    /// Writes the recipe as a file, below a line that says what it is.
    pub fn written(&self, title: &str) -> String {
        let quoted = |text: &str| Value::String(text.to_string()).to_string();
        let mut all = format!("# {}\nversion = {VERSION}\n", text::visible(title));
        for RecipeColumn { label, field } in &self.columns {
            let _ = write!(all, "\n[[column]]\nlabel = {}\nfield = \"{}\"\n", quoted(label), field.key());
        }
        for RecipeStep { field, from, to } in &self.steps {
            let (from, to) = (quoted(from), quoted(to));
            let _ = write!(all, "\n[[step]]\nfield = \"{}\"\nfrom = {from}\nto = {to}\n", field.key());
        }
        all
    }

    /// Learns from what was done to a roster: a text of a column that became the same other one in every row.
    pub fn learned(roster: &Roster, form: &SheetSpec) -> LearnedRecipe {
        let mut learned = LearnedRecipe::default();
        let by_hand =
            roster.columns.source.iter().filter(|column| matches!(column.by, FoundBy::Hand | FoundBy::Remembered));
        learned.recipe = Recipe {
            version: VERSION,
            columns: by_hand
                .filter_map(|column| Some(RecipeColumn { label: column.label.clone(), field: column.field? }))
                .filter(|column| !text::trimmed(&column.label).is_empty())
                .collect(),
            steps: Vec::new(),
        };
        for field in form.fields.iter().copied().filter(|field| is_learned(*field)) {
            // What each text became; nothing where it became several.
            let mut became: HashMap<&str, Option<&str>, RandomState> = HashMap::default();
            let mut met: Vec<&str> = Vec::new();
            // What was put aside is nobody's spelling.
            for (row, now) in roster.column(field).filter(|(row, _)| !roster.is_aside(*row)) {
                let imported = roster.imported(row, field);
                let to = became.entry(imported).or_insert_with(|| {
                    met.push(imported);
                    Some(now)
                });
                if *to != Some(now) {
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
        learned
    }

    /// Lists the columns of a file that hold something else than the recipe says, with the label that the form has for it.
    pub fn map_of(&self, columns: &ColumnMap, form: &SheetSpec) -> Vec<(String, String)> {
        let is_other = |said: &&RecipeColumn| {
            let mut called = columns.source.iter().filter(|column| column.label == said.label);
            called.next().is_some_and(|column| column.field != Some(said.field)) && called.next().is_none()
        };
        let said = self.columns.iter().filter(is_other).filter(|column| form.column(column.field).is_some());
        said.map(|column| (column.label.clone(), form.label(column.field).to_string())).collect()
    }

    /// Plans what the recipe does to a roster; nothing is changed yet. Each cell is looked at once: no step sees what another
    /// has written.
    pub fn plan(&self, roster: &Roster, form: &SheetSpec) -> RecipePlan {
        let mut plan = RecipePlan { cells: Vec::new(), by_step: vec![0; self.steps.len()] };
        for field in Field::ALL {
            let mut of_field: HashMap<&str, (usize, Arc<str>), RandomState> = HashMap::default();
            for (at, step) in self.steps.iter().enumerate().filter(|(_, step)| step.field == field) {
                of_field.entry(&step.from).or_insert_with(|| (at, Arc::from(&*step.to)));
            }
            if of_field.is_empty() || form.column(field).is_none() {
                continue;
            }
            for (row, cell) in roster.column(field).filter(|(row, _)| !roster.is_aside(*row)) {
                if let Some((at, to)) = of_field.get(cell).filter(|(_, to)| **to != *cell) {
                    plan.by_step[*at] += 1;
                    plan.cells.push((row, field, Arc::clone(to)));
                }
            }
        }
        plan
    }
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
        };
        let text = recipe.written("天水\n配方");
        assert!(text.starts_with("# 天水\\n配方\nversion = 1\n"), "{text}");
        assert_eq!(Recipe::parse(&text).unwrap(), recipe);
    }

    #[test]
    fn what_nobody_should_do_blindly_is_refused() {
        let step = |field: &str| format!("version = 1\n[[step]]\nfield = \"{field}\"\nfrom = \"a\"\nto = \"b\"\n");
        for (text, fault) in [
            ("version = 2", "version 2"),
            ("version = 1\nnew = 3", "unknown field"),
            (&step("name"), "step 1"),
            (&step("code"), "step 1"),
            (&step("none"), "unknown variant"),
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
