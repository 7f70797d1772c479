//! A term that is looked up (查询).

use super::Talk;
use crate::app::overlay::Overlay;
use crate::domain::lookup::LookupHit;

impl Talk {
    pub(super) fn look_up(&mut self, typed: &str) {
        let effects = self.app.type_over(typed.trim());
        self.effects.extend(effects);
        self.from = 0;
    }

    pub(super) fn tell_found(&mut self) {
        let is_asked = matches!(&self.app.overlay, Some(Overlay::Lookup(pane)) if !pane.prompt.text().is_empty());
        if is_asked && self.hits().is_empty() {
            self.say_key("ui.lookup.nothing");
        }
    }

    /// Gives what was found for what was typed; nothing before anything was.
    pub(super) fn hits(&self) -> &[LookupHit] {
        match &self.app.overlay {
            Some(Overlay::Lookup(pane)) if !pane.prompt.text().is_empty() => &pane.hits,
            _ => &[],
        }
    }

    pub(super) fn hit_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(index) = &self.app.lookup else { return Vec::new() };
        let entries = self.hits().iter().skip(from).take(page).filter_map(|hit| index.entry(hit.at));
        let line = |entry: &crate::domain::lookup::LookupEntry| {
            let parts = [self.app.locale.entry_kind(entry.kind), &entry.code, &entry.text, &entry.note];
            let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            parts.join(self.app.locale.text("plain.between"))
        };
        entries.map(line).collect()
    }
}
