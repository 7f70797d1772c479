//! How the columns are shown: which, in which order, how wide, and how many stay in place while the others are scrolled.

use serde::{Deserialize, Serialize};

use super::RosterPane;
use super::grid::Grid;
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::layout::ColumnLook;
use crate::domain::sheet::Field;

/// By how much a column becomes wider or narrower, in terminal cells.
const STEP: u16 = 2;

/// The look of the columns in stable names, as it is stored with the view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredColumns {
    /// The columns shown, where these are not simply those of the form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    order: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    widths: Vec<(String, u16)>,
    frozen: usize,
}

impl Grid {
    /// Shows the columns of a form as they were shown before; those that were not known then come last.
    pub(super) fn arrange(&mut self, form: &[Field], stored: &StoredColumns) {
        let read = |key: &String| form.iter().find(|field| field.key() == key).copied();
        let hidden: Vec<Field> = stored.hidden.iter().filter_map(read).collect();
        let mut fields: Vec<Field> = Vec::new();
        for field in stored.order.iter().filter_map(read).chain(form.iter().copied()) {
            if !hidden.contains(&field) && !fields.contains(&field) {
                fields.push(field);
            }
        }
        let widths = stored.widths.iter().filter_map(|(key, wide)| Some((read(key)?, *wide))).collect();
        self.look = ColumnLook::new(stored.frozen, widths);
        self.fields = if fields.is_empty() { form.to_vec() } else { fields };
    }

    /// Gives the look of the columns as it is stored.
    pub(super) fn stored_columns(&self, form: &[Field]) -> StoredColumns {
        let key = |field: &Field| field.key().to_string();
        StoredColumns {
            order: if self.fields == form { Vec::new() } else { self.fields.iter().map(key).collect() },
            hidden: form.iter().filter(|field| !self.fields.contains(field)).map(key).collect(),
            widths: self.look.widths().iter().map(|(field, wide)| (key(field), *wide)).collect(),
            frozen: self.look.frozen() - 1,
        }
    }

    /// Gives the place of a column, which is shown again where it was hidden.
    pub(super) fn reveal(&mut self, field: Field) -> usize {
        self.fields.iter().position(|f| *f == field).unwrap_or_else(|| {
            self.fields.push(field);
            self.fields.len() - 1
        })
    }
}

impl RosterPane {
    /// Puts the cursor on what a column holds; one that was hidden is shown again.
    pub fn go_to_field(&mut self, field: Field) {
        self.grid.column = self.grid.reveal(field);
    }

    /// Gives the columns of the form, in its order.
    fn form_fields(&self) -> Vec<Field> {
        self.batch.as_ref().map_or_else(Vec::new, |batch| batch.context().sheet().fields.clone())
    }

    /// Runs a command that is about how columns are shown; tells whether it is one.
    pub(super) fn look(&mut self, command: Command, to: &mut Context<'_>) -> bool {
        let (form, at) = (self.form_fields(), self.grid.column);
        let field = self.grid.field();
        let label = self.batch.as_ref().map_or("", |batch| batch.context().sheet().label(field)).to_string();
        let told = |to: &mut Context<'_>, key: &str| to.say(to.told(key, &[("column", &label)]));
        match command {
            Command::WidenColumn => self.grid.look.widen(field, i32::from(STEP)),
            Command::NarrowColumn => self.grid.look.widen(field, -i32::from(STEP)),
            Command::HideColumn if self.grid.fields.len() < 2 => to.warn("status.last-column"),
            Command::HideColumn => {
                self.grid.fields.remove(at);
                told(to, "status.column-hidden");
            }
            Command::ShowColumns => {
                let hidden: Vec<Field> = form.into_iter().filter(|field| !self.grid.fields.contains(field)).collect();
                // Each goes back behind the one that the form has before it.
                for field in &hidden {
                    let before = self.form_fields().into_iter().take_while(|other| other != field).last();
                    let at = before.and_then(|other| self.grid.fields.iter().position(|f| *f == other));
                    self.grid.fields.insert(at.map_or(0, |at| at + 1), *field);
                }
                self.grid.column = self.grid.place_of_field(field);
                to.say(to.locale.fill("status.columns-shown", &[("n", &hidden.len().to_string())]));
            }
            Command::ColumnLeft if 0 < at => {
                self.grid.fields.swap(at - 1, at);
                self.grid.column -= 1;
            }
            Command::ColumnRight if at + 1 < self.grid.fields.len() => {
                self.grid.fields.swap(at, at + 1);
                self.grid.column += 1;
            }
            Command::ColumnLeft | Command::ColumnRight => to.miss_key("status.no-further"),
            Command::FreezeColumns => {
                // Again at the last of them only the first stays.
                let frozen = if self.grid.look.frozen() == at + 1 { 1 } else { at + 1 };
                self.grid.look.freeze(frozen);
                told(to, if frozen == 1 { "status.unfrozen" } else { "status.frozen" });
            }
            Command::ResetColumns => {
                self.grid.arrange(&form, &StoredColumns::default());
                self.grid.column = self.grid.place_of_field(field);
                to.say_key("status.columns-reset");
            }
            _ => return false,
        }
        true
    }
}
