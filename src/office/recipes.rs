//! Recipes (清洗配方): what was made uniform for an organiser, kept in the state folder and done again with the next file.

use std::fs;
use std::path::{Path, PathBuf};

use super::Office;
use crate::data::DataProblem;
use crate::domain::batch::Batch;
use crate::domain::recipe::{LearnedRecipe, PlannedRecipe, Recipe, RecipeFault, RecipePlan, is_recipe_name};
use crate::domain::roster::{Change, Roster};
use crate::domain::sheet::SheetSpec;
use crate::domain::spared::Spared;
use crate::failure::{Failure, FailureKind};

/// The most bytes of a recipe; a longer file is none.
const LONGEST: u64 = 4 << 20;

/// A recipe of the state folder, or why its file is none.
#[derive(Debug)]
pub struct KeptRecipe {
    pub name: String,
    pub file: PathBuf,
    pub recipe: Result<Recipe, String>,
}

impl Office {
    /// Lists the recipes by name; a file that is none is among them, with what is wrong in it.
    pub fn recipes(&self) -> Result<Vec<KeptRecipe>, Failure> {
        let places = self.places().map_err(|e| self.told(&e))?;
        let named = places.recipes().into_iter().map(|(name, file)| {
            let recipe = self.read_recipe(&file);
            KeptRecipe { name, file, recipe }
        });
        Ok(named.collect())
    }

    /// Gives a recipe by its name.
    ///
    /// # Errors
    /// There is none of that name, or its file is no recipe; the text names what is wrong.
    pub fn recipe(&self, name: &str) -> Result<KeptRecipe, Failure> {
        let all = self.recipes()?;
        let Some(at) = all.iter().position(|kept| kept.name == name) else {
            let told = self.0.locale.fill("recipe.unknown", &[("name", name)]);
            let hint = self.0.locale.near(name, all.iter().map(|kept| kept.name.as_str()), "name.recipes");
            return Err(Failure::new(FailureKind::Usage, told, hint));
        };
        let mut all = all;
        Ok(all.swap_remove(at))
    }

    /// Gives what a recipe would do to a roster, as the change that does it. Nothing is changed yet.
    pub fn recipe_change(&self, name: &str, recipe: &Recipe, batch: &Batch) -> (Change, RecipePlan) {
        let plan = recipe.plan((batch.roster(), &Spared::of(batch)), batch.context().sheet());
        let title = self.0.locale.fill("recipe.title", &[("name", name)]);
        (batch.change(title, plan.cells.iter().cloned()), plan)
    }

    /// Gives what each recipe would do to a roster; one whose file is none has what is wrong in it.
    pub fn plan_recipes(&self, of: (&Roster, &Spared), form: &SheetSpec) -> Result<Vec<PlannedRecipe>, Failure> {
        let plan = |recipe: Recipe| {
            let plan = recipe.plan(of, form);
            (recipe, plan)
        };
        Ok(self.recipes()?.into_iter().map(|kept| (kept.name, kept.recipe.map(plan))).collect())
    }

    /// Learns from what was done to a roster and keeps it under a new name; says what was learned.
    pub fn learn_recipe(&self, name: &str, roster: &Roster, form: &SheetSpec) -> Result<String, Failure> {
        let locale = &self.0.locale;
        let refused = |key: &str| Failure::new(FailureKind::Usage, locale.fill(key, &[("name", name)]), "");
        match self.must_be_new_recipe(name, false) {
            // Who is asked here types another name.
            Err(_) if is_recipe_name(name) => return Err(refused("recipe.taken")),
            other => other?,
        }
        let LearnedRecipe { recipe, left_out } = Recipe::learned(roster, form);
        if recipe.is_empty() {
            return Err(refused("recipe.nothing-learned"));
        }
        let file = self.keep_recipe(name, &recipe, false)?;
        let places = [
            ("name", name),
            ("steps", &recipe.step_count().to_string()),
            ("columns", &recipe.columns.len().to_string()),
            ("file", &file.to_string_lossy()),
        ];
        let saved = locale.fill("recipe.saved", &places);
        let left_out = (left_out != 0).then(|| locale.fill("recipe.left-out", &[("n", &left_out.to_string())]));
        Ok(std::iter::once(saved).chain(left_out).collect::<Vec<_>>().join(locale.text("finding.semicolon")))
    }

    /// Refuses a name that cannot be a recipe's, or that one has which is not to be replaced.
    pub fn must_be_new_recipe(&self, name: &str, replaces: bool) -> Result<(), Failure> {
        let locale = &self.0.locale;
        let refused = |key: &str| Err(Failure::new(FailureKind::Usage, locale.fill(key, &[("name", name)]), ""));
        if !is_recipe_name(name) {
            return refused("recipe.bad-name");
        }
        let places = self.places().map_err(|e| self.told(&e))?;
        if !replaces && places.recipe(name).symlink_metadata().is_ok() { refused("recipe.exists") } else { Ok(()) }
    }

    /// Keeps a recipe under a name.
    ///
    /// # Errors
    /// Those of [`Office::must_be_new_recipe`], or the disk refuses.
    pub fn keep_recipe(&self, name: &str, recipe: &Recipe, replaces: bool) -> Result<PathBuf, Failure> {
        self.must_be_new_recipe(name, replaces)?;
        let title = self.0.locale.fill("recipe.file-title", &[("name", name)]);
        let written = self.places().and_then(|places| places.write_recipe(name, &recipe.written(&title), replaces));
        written.map_err(|e| self.told(&e))
    }

    /// Removes a recipe for good; what was done with it stays done.
    pub fn delete_recipe(&self, name: &str) -> Result<(), Failure> {
        let kept = self.recipe(name)?;
        let places = self.places().map_err(|e| self.told(&e))?;
        places.delete_recipe(&kept.name).map_err(|e| self.told(&e))
    }

    fn read_recipe(&self, file: &Path) -> Result<Recipe, String> {
        let locale = &self.0.locale;
        let size = fs::metadata(file).map_err(|e| locale.unread(file, &e).message)?.len();
        if LONGEST < size {
            return Err(locale.text("recipe.too-long").to_string());
        }
        let text = fs::read_to_string(file).map_err(|e| locale.unread(file, &e).message)?;
        Recipe::parse(&text).map_err(|fault| match fault {
            RecipeFault::Toml(e) => {
                let problem = DataProblem::of_toml(file, &text, &e);
                let (why, line) = (locale.data_fault(&problem), problem.place.map(|(line, _)| line.to_string()));
                match line {
                    Some(line) => locale.fill("recipe.not-toml-at", &[("line", &line), ("why", &why)]),
                    None => locale.fill("recipe.not-toml", &[("why", &why)]),
                }
            }
            RecipeFault::Version(n) => locale.fill("recipe.later", &[("version", &n.to_string())]),
            RecipeFault::Personal(n) => locale.fill("recipe.personal", &[("step", &n.to_string())]),
        })
    }
}
