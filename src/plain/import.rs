//! Files, sheets, columns and profiles: what comes in, and what was made of it.

use super::Talk;
use super::topic::Topic;
use crate::app::command::Command;
use crate::app::import::{ColumnMemory, looks_like_a_sheet, shown_sample};
use crate::domain::rules::{Severity, TableFinding};
use crate::domain::sheet::{Field, GaveWay, LostClaim, SourceColumn};
use crate::domain::text;

impl Talk {
    pub(super) fn file_lines(&self, from: usize, page: usize) -> Vec<String> {
        let line = |entry: crate::app::msg::FolderEntry| match (entry.is_folder, &*entry.name) {
            (true, "..") => self.app.locale.text("plain.parent-folder").to_string(),
            (true, name) => self.app.locale.fill("plain.folder", &[("name", name)]),
            (false, name) => name.to_string(),
        };
        self.app.import.shown().into_iter().skip(from).take(page).map(line).collect()
    }

    /// Opens a line of the file list.
    pub(super) fn take_file(&mut self, at: usize) {
        *self.app.import.cursor() = at;
        self.order(Command::OpenEntry);
    }

    /// Opens what was typed where it is a path; tells whether it is one.
    pub(super) fn take_path(&mut self, typed: &str) -> bool {
        let typed = typed.trim();
        let has_name = self.app.import.entries().iter().any(|e| e.name == typed);
        if !(typed.contains('/') || looks_like_a_sheet(typed) && has_name) {
            return false;
        }
        // A name alone is a path from the folder that is listed.
        let path = if typed.contains('/') { typed.to_string() } else { format!("./{typed}") };
        self.app.import.type_over(&path);
        self.order(Command::OpenEntry);
        self.app.import.type_over("");
        true
    }

    pub(super) fn tell_columns(&mut self) {
        let (import, locale) = (&self.app.import, &self.app.locale);
        let label = |field: Field| import.form().map_or("", |form| form.label(field));
        let missing: Vec<&str> = import.missing().into_iter().map(label).collect();
        let columns = missing.join(locale.text("finding.comma"));
        let told = |finding: TableFinding| Some(locale.table_finding(import.form()?, import.columns(), &finding));
        let mut lines: Vec<String> = import.disputes().into_iter().filter_map(told).collect();
        if !lines.is_empty() {
            lines.push(locale.text(import.unsettled_key()).to_string());
        } else if columns.is_empty() {
            lines.push(locale.text("ui.import.columns-all").to_string());
        }
        if !columns.is_empty() {
            lines.push(locale.fill("ui.import.columns-missing", &[("columns", &columns)]));
        }
        lines.extend(import.memory().map(|memory| match memory {
            ColumnMemory::AsLastTime => locale.text("plain.columns-remembered").to_string(),
            ColumnMemory::Forgotten => locale.text("plain.columns-forgotten").to_string(),
        }));
        lines.extend(import.form().and_then(|form| locale.to_number(form, import.columns())));
        lines.extend(import.guesses().into_iter().filter_map(told));
        for line in lines {
            self.say(&line);
        }
    }

    pub(super) fn column_lines(&self) -> Vec<String> {
        (0..self.app.import.columns().source.len()).map(|at| self.column_line(at)).collect()
    }

    fn column_line(&self, at: usize) -> String {
        let import = &self.app.import;
        let Some(column) = import.columns().source.get(at) else { return String::new() };
        let sample = shown_sample(import, (0, at));
        let label = |field: Field| import.form().map_or("", |form| form.label(field));
        let field = match (column.field, column.lost) {
            (Some(field), _) => label(field).to_string(),
            (None, Some(LostClaim { field, to })) if to.is_open() => {
                self.app.locale.fill("ui.import.claims", &[("field", label(field))])
            }
            (None, Some(LostClaim { to: GaveWay::LeftOut, .. })) => {
                self.app.locale.text("ui.import.left-out").to_string()
            }
            (None, _) => self.app.locale.text("ui.import.aside").to_string(),
        };
        let places = [("column", column.label.as_str()), ("field", &field), ("sample", &sample)];
        self.app.locale.fill("plain.column", &places)
    }

    pub(super) fn tell_target(&mut self) {
        let line = self.column_line(self.target.unwrap_or(0));
        self.say(&line);
    }

    /// Lists the fields that the column in hand may be matched to: those that are free, and its own.
    pub(super) fn fields(&self) -> Vec<Field> {
        let import = &self.app.import;
        let own = self.target.and_then(|at| import.columns().source.get(at)).and_then(|c| c.field);
        let all = import.form().map_or(&[][..], |form| &form.fields);
        all.iter().copied().filter(|f| import.columns().of(*f).is_none() || Some(*f) == own).collect()
    }

    pub(super) fn field_lines(&self) -> Vec<String> {
        let label = |field: Field| self.app.import.form().map_or("", |form| form.label(field)).to_string();
        self.fields().into_iter().map(label).collect()
    }

    /// Matches the column in hand.
    pub(super) fn assign(&mut self, field: Option<Field>) {
        if let Some(at) = self.target.take() {
            self.app.import.assign(at, field);
        }
    }

    pub(super) fn tell_profile(&mut self) {
        if self.app.overlays.is_open() {
            return self.say_key("ui.profile.ask-file");
        }
        let told = self.app.roster.profile_told(&self.app.locale);
        match Some(told).filter(|told| !told.is_empty()) {
            Some(profile) => self.say_filled("plain.checked-with", &[("profile", &profile)]),
            None => self.say_key("plain.profile-by-file"),
        }
    }

    pub(super) fn profile_lines(&self, from: usize, page: usize) -> Vec<String> {
        let line = |profile: &std::sync::Arc<crate::domain::profile::Profile>| {
            format!("{} {}", profile.id, self.app.locale.profile_name(profile))
        };
        self.app.profiles.iter().skip(from).take(page).map(line).collect()
    }

    /// Has the file that is asked about, the batch on screen, or the files to come checked under a profile.
    pub(super) fn take_profile(&mut self, at: usize) {
        let Some(profile) = self.app.profiles.get(at).cloned() else { return };
        if self.app.overlays.is_open() {
            let effects = self.app.check_under(&profile.id);
            return self.effects.extend(effects);
        }
        self.spots.pop();
        if self.app.roster.batch().is_some_and(|b| b.context().profile().id == profile.id) {
            return self.say_key("plain.profile-already");
        }
        if self.app.roster.batch().is_none() {
            let name = self.app.locale.profile_name(&profile).to_string();
            self.say_filled("plain.profile-next", &[("profile", &name)]);
        }
        let effects = self.app.check_under(&profile.id);
        self.effects.extend(effects);
    }

    /// Tells of a batch that has just come: where from, how it was read, what is wrong with it.
    pub(super) fn tell_arrival(&mut self) {
        self.spots = vec![(Topic::Menu, 0)];
        self.listed.clear();
        self.lent = None;
        let stays = self.app.take_stays();
        let Some(batch) = self.app.roster.batch() else { return };
        let (locale, roster) = (&self.app.locale, batch.roster());
        let aside = roster.columns.source.iter().filter(|c| c.field.is_none());
        let aside: Vec<_> = aside.map(SourceColumn::label_in_line).collect();
        let mut missing = batch.context().sheet().missing(&roster.columns);
        missing.retain(|field| roster.lacks(*field));
        let labels: Vec<&str> = missing.iter().map(|f| batch.context().sheet().label(*f)).collect();
        let comma = locale.text("finding.comma");
        let numbers = [roster.len().to_string(), batch.skipped.len().to_string(), locale.header_told(batch)];
        let places = [("n", &*numbers[0]), ("skipped", &*numbers[1]), ("header", &*numbers[2])];
        let mut lines = vec![
            locale.fill("plain.opened", &[("file", &self.roster_name())]),
            locale.fill(if batch.skipped.is_empty() { "plain.read-all" } else { "plain.read" }, &places),
            locale.fill("plain.checked-with", &[("profile", &self.app.roster.profile_told(locale))]),
        ];
        lines.extend(locale.columns_told(batch).map(|told| format!("{told}{}", locale.text("plain.full-stop"))));
        if !aside.is_empty() {
            lines.push(locale.fill("plain.aside", &[("columns", &aside.join(comma))]));
        }
        if !labels.is_empty() {
            lines.push(locale.fill("ui.import.columns-missing", &[("columns", &labels.join(comma))]));
        }
        lines.extend(locale.still_to_number(batch));
        lines.extend(locale.roster_notes(batch));
        lines.extend(self.app.recipe_offer().map(|told| locale.fill("plain.said", &[("what", told)])));
        let steps = batch.history().applied().len();
        if steps != 0 {
            lines.push(locale.fill("plain.resumed", &[("n", &steps.to_string())]));
        }
        // What the status says of the same, with a remark behind it that is not, is said above.
        let read = locale.rows_read(roster.len(), batch.skipped.len());
        let resumed = locale.fill("status.resumed", &[("n", &numbers[0])]);
        if self.app.status.text.contains(&read) || self.app.status.text.contains(&resumed) {
            self.app.status = crate::app::StatusLine::default();
            lines.extend(stays.map(|told| self.app.locale.fill("plain.said", &[("what", &told)])));
        }
        for line in lines {
            self.say(&line);
        }
        self.resumed = self.app.roster.edit().is_some();
    }

    /// Names the file and the sheet.
    pub(super) fn roster_name(&self) -> String {
        let Some(batch) = self.app.roster.batch() else { return String::new() };
        let parts = batch.roster().parts();
        if let Some(first) = parts.first() {
            return self.app.locale.files_place(&first.origin.file, &first.origin.sheet, parts.len());
        }
        let file = self.app.locale.file_name(&batch.origin.file);
        match (&*file, batch.origin.sheet.as_str()) {
            (file, "") => file.to_string(),
            (file, sheet) => self.app.locale.fill("plain.file-and-sheet", &[("file", file), ("sheet", sheet)]),
        }
    }

    /// Tells in one line how the roster stands.
    pub(super) fn tell_roster(&mut self) {
        let Some(batch) = self.app.roster.batch() else { return };
        let locale = &self.app.locale;
        let counts = [Severity::Error, Severity::Warning, Severity::Notice]
            .map(|s| format!("{} {}", locale.severity(s), batch.count(s)))
            .join(locale.text("finding.comma"));
        let rows = batch.roster().count_left().to_string();
        let file = self.roster_name();
        let mut line = locale.fill("plain.roster", &[("file", &file), ("n", &rows), ("counts", &counts)]);
        if self.app.roster.grid().is_filtered() {
            let n = self.app.roster.grid().count(batch).to_string();
            line += &locale.fill("plain.filter-on", &[("n", &n)]);
        }
        let not_saved = self.app.roster.saving().failed.then(|| locale.text("plain.not-saved").to_string());
        // Not where it has just been said.
        let is_news = |holder: &&str| !self.said.iter().any(|line| line.contains(&text::visible(holder).into_owned()));
        let held = self.app.roster.holder().filter(is_news);
        let held = held
            .map(|holder| locale.fill("plain.note", &[("text", &locale.fill("status.held", &[("holder", holder)]))]));
        let aside = batch.roster().count_aside();
        let aside = (aside != 0).then(|| locale.fill("plain.aside-count", &[("n", &aside.to_string())]));
        self.say(&line);
        for line in aside.into_iter().chain(not_saved).chain(held) {
            self.say(&line);
        }
    }
}
