//! Recipes in words: what a step does, and what a recipe would do to a roster.

use super::Locale;
use crate::domain::recipe::{PlannedRecipe, Recipe, RecipePlan, RecipeSplit, RecipeStep};
use crate::domain::text;

impl Locale {
    /// Says what a step does: column, text, new text.
    pub fn recipe_step(&self, step: &RecipeStep) -> String {
        let shown = |text: &str| match text {
            "" => self.text("ui.preview.blank").to_string(),
            text => text::visible(&text::ends_drawn(text)).into_owned(),
        };
        let places = [
            ("column", &*self.field_name(step.field)),
            ("from", &*shown(&step.field.masked(&step.from))),
            ("to", &*shown(&step.field.masked(&step.to))),
        ];
        self.fill("recipe.step", &places)
    }

    /// Says which column is cut in two, and by what.
    pub fn recipe_split(&self, RecipeSplit { field, into, by }: &RecipeSplit) -> String {
        let (column, into) = (self.field_name(*field), self.field_name(*into));
        let by = text::visible(&text::ends_drawn(by)).into_owned();
        let key = if by.is_empty() { "recipe.split" } else { "recipe.split-by" };
        self.fill(key, &[("column", &column), ("into", &into), ("by", &by)])
    }

    /// Says what a recipe would do to a roster, or why it cannot be used.
    pub fn recipe_planned(&self, (name, planned): &PlannedRecipe) -> String {
        match planned {
            Ok((recipe, plan)) => {
                let matched = plan.matched();
                let places = [
                    ("name", &**name),
                    ("steps", &matched.to_string()),
                    ("cells", &plan.cells.len().to_string()),
                    ("idle", &(recipe.step_count() - matched).to_string()),
                ];
                self.fill(if matched == 0 { "recipe.planned-none" } else { "recipe.planned" }, &places)
            }
            Err(why) => self.fill("recipe.entry-bad", &[("name", name), ("why", why)]),
        }
    }

    /// Lists the steps with how many cells each changes; those that change nothing come last.
    pub fn recipe_kinds(&self, recipe: &Recipe, plan: &RecipePlan) -> Vec<(String, usize)> {
        let steps = recipe.steps.iter().zip(&plan.by_step).map(|(step, n)| (self.recipe_step(step), *n));
        let splits = recipe.splits.iter().zip(&plan.by_split).map(|(split, n)| (self.recipe_split(split), *n));
        let (matched, idle): (Vec<_>, Vec<_>) = steps.chain(splits).partition(|(_, n)| 0 < *n);
        matched.into_iter().chain(idle).collect()
    }
}
