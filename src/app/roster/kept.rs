//! Columns of the file that the form does not have (表样以外的栏目): their values, and sorting by them. What stands there stays.

use super::RosterPane;
use crate::app::App;
use crate::app::context::{Context, context};
use crate::app::intent::Intent;
use crate::app::msg::Effect;
use crate::app::overlay::{ChoosePane, Choosing};
use crate::domain::roster::CellSource;

/// What a line of the list begins with.
const VALUES: &str = "values";
const SORT: &str = "sort";

impl RosterPane {
    /// Lists these columns, each with what can be done with it.
    pub(super) fn list_kept_columns(&self, to: &mut Context<'_>) -> Intent {
        let Some(batch) = self.batch() else { return Intent::Nothing };
        let source = &batch.roster().columns.source;
        let kept: Vec<usize> = (0..source.len()).filter(|at| source[*at].field.is_none()).collect();
        if kept.is_empty() {
            to.warn("status.no-kept-columns");
            return Intent::Nothing;
        }
        let option = |at: usize, what: &str| {
            let column = to.locale.cell_source(CellSource::Aside(at), batch);
            (format!("{what} {at}"), to.locale.fill(&format!("kept.{what}"), &[("column", &column)]))
        };
        let options = kept.into_iter().flat_map(|at| [option(at, VALUES), option(at, SORT)]).collect();
        let title = to.locale.text("command.kept-columns.title").to_string();
        Intent::Choose(Box::new(ChoosePane::new(title, Choosing::KeptColumn, options, 0)))
    }
}

impl App {
    /// Takes a line of that list.
    pub(in crate::app) fn take_kept_column(&mut self, name: &str) {
        let Some((what, column)) = name.split_once(' ') else { return };
        let Some(column) = column.parse().ok().map(CellSource::Aside) else { return };
        if what == SORT {
            return self.roster.turn_order(column, context!(self));
        }
        let intent = self.overlays.open_values(column, &self.roster, context!(self));
        self.fulfil(intent);
    }

    /// Shows the values of a column.
    pub fn show_values_of(&mut self, column: CellSource) -> Vec<Effect> {
        let intent = self.overlays.open_values(column, &self.roster, context!(self));
        self.fulfil(intent);
        self.settled()
    }

    /// Sorts by a column; again the other way round, and again as the file has it.
    pub fn sort_by_column(&mut self, column: CellSource) -> Vec<Effect> {
        self.roster.turn_order(column, context!(self));
        self.settled()
    }
}
