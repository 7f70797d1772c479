//! A term that is looked up (查询).

use super::Talk;
use crate::app::overlay::{LookupPane, Overlay};

impl Talk {
    pub(super) fn look_up(&mut self, typed: &str) {
        let effects = self.app.type_over(typed.trim());
        self.effects.extend(effects);
        self.from = 0;
    }

    pub(super) fn tell_found(&mut self) {
        if self.found().is_some_and(|pane| pane.count() == 0) {
            self.say_key("ui.lookup.nothing");
        }
    }

    /// Gives what was found for what was typed; nothing before anything was.
    pub(super) fn found(&self) -> Option<&LookupPane> {
        match self.app.overlays.open() {
            Some(Overlay::Lookup(pane)) if !pane.prompt().text().is_empty() => Some(pane),
            _ => None,
        }
    }

    pub(super) fn hit_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(found) = self.found() else { return Vec::new() };
        let entries = (0..found.count()).skip(from).take(page).filter_map(|at| found.entry(at));
        let line = |entry: &crate::domain::lookup::LookupEntry| {
            let parts = [self.app.locale.entry_kind(entry.kind), &entry.code, &entry.text, &entry.note];
            let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            parts.join(self.app.locale.text("plain.between"))
        };
        entries.map(line).collect()
    }
}
