//! What was made uniform for an organiser (清洗配方): offered where something of it is in the roster on screen, shown before it is
//! done, and kept under a name.

use std::sync::Arc;

use super::App;
use super::command::Command;
use super::context::context;
use super::intent::{Intent, Preview};
use super::msg::{Effect, RecipeAsk, RecipesPlanned};
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::place::Screen;
use crate::domain::recipe::PlannedRecipe;
use crate::domain::spared::Spared;
use crate::domain::text;

/// The recipes that were planned last.
#[derive(Debug, Default)]
pub(super) struct RecipesInHand {
    is_asked: bool,
    /// What was offered when the roster came.
    offer: Option<String>,
    planned: Vec<PlannedRecipe>,
}

impl RecipesInHand {
    /// Tells whether somebody waits for the list.
    pub fn is_asked(&self) -> bool {
        self.is_asked
    }
}

impl App {
    /// Has it worked out what each recipe would do to the batch on screen: because somebody asks, or to offer those that fit.
    pub(super) fn ask_for_recipes(&mut self, is_offer: bool) {
        let Some(batch) = self.roster.batch().filter(|_| !self.recipes.is_asked) else { return };
        if self.roster.is_incomplete() {
            return self.roster.warn_incomplete(context!(self));
        }
        self.recipes.is_asked |= !is_offer;
        self.recipes.offer = None;
        let (roster, form) = (batch.roster().clone(), Arc::clone(batch.context().sheet()));
        let spared = Spared::of(batch);
        let ask = RecipeAsk { roster, spared, form, switched: self.roster.switched(), is_offer };
        self.out.push(Effect::PlanRecipes(Box::new(ask)));
    }

    pub(super) fn take_recipes(&mut self, RecipesPlanned { switched, is_offer, planned }: RecipesPlanned) {
        self.recipes.is_asked &= is_offer;
        let planned = match planned {
            Ok(planned) if self.roster.was_switched_by(switched) => planned,
            // Whoever has not asked is not troubled.
            Err(failure) if !is_offer => return context!(self).fail(&failure),
            _ => return,
        };
        if is_offer {
            return self.offer_recipes(&planned);
        }
        if planned.is_empty() {
            return context!(self).warn("status.no-recipes");
        }
        let options = planned.iter().map(|recipe| (recipe.0.clone(), self.locale.recipe_planned(recipe))).collect();
        let title = self.locale.text("command.recipes.title").to_string();
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::Recipe, options, 0)));
        self.recipes.planned = planned;
    }

    /// Says behind what was said of the roster which recipe does most to it.
    fn offer_recipes(&mut self, planned: &[PlannedRecipe]) {
        let of = |recipe: &PlannedRecipe| recipe.1.as_ref().map_or(0, |(_, plan)| plan.cells.len());
        let Some((name, Ok((_, plan)))) = planned.iter().max_by_key(|recipe| of(recipe)) else { return };
        if plan.cells.is_empty() || self.screen != Screen::Roster {
            return;
        }
        let (steps, cells) = (plan.matched().to_string(), plan.cells.len().to_string());
        let offered = self.told("status.recipe-fits", &[("name", name), ("steps", &steps), ("cells", &cells)]);
        self.recipes.offer = Some(offered.clone());
        self.status.text = match text::unstopped(&self.status.text) {
            "" => offered,
            before => [before, &offered].join(self.locale.text("finding.semicolon")),
        };
    }

    /// Says which recipe fits the roster that came, if one does.
    pub fn recipe_offer(&self) -> Option<&str> {
        self.recipes.offer.as_deref()
    }

    /// Shows what a recipe would change, step by step, with those that change nothing.
    pub(super) fn preview_recipe(&mut self, name: &str) {
        let planned = std::mem::take(&mut self.recipes.planned).into_iter().find(|recipe| recipe.0 == name);
        let (Some(planned), Some(batch)) = (planned, self.roster.batch()) else { return };
        if !self.roster.is_editable() {
            return self.roster.refuse(Command::Recipes, context!(self));
        }
        let change = match &planned.1 {
            Ok((_, plan)) => {
                batch.change(self.locale.fill("recipe.title", &[("name", name)]), plan.cells.iter().cloned())
            }
            Err(_) => return context!(self).complain(self.locale.recipe_planned(&planned)),
        };
        let (Ok((recipe, plan)), false) = (&planned.1, change.is_empty()) else {
            return context!(self).complain(self.locale.recipe_planned(&planned));
        };
        let kinds = self.locale.recipe_kinds(recipe, plan);
        let (open, note) = (self.locale.recipe_left(plan, batch), self.locale.recipe_planned(&planned));
        self.fulfil(Intent::Preview(Preview { change, kinds, open, note, ..Preview::default() }));
    }

    /// Has what was done to the batch on screen kept as a recipe.
    pub(super) fn keep_recipe(&mut self, name: &str) {
        if name.trim().is_empty() {
            return context!(self).warn("status.no-name");
        }
        if let Some(batch) = self.roster.batch() {
            let (roster, form) = (Box::new(batch.roster().clone()), Arc::clone(batch.context().sheet()));
            self.out.push(Effect::KeepRecipe { name: name.trim().to_string(), roster, form });
        }
    }
}
