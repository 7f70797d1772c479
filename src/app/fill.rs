//! Cells filled from elsewhere (补填): where from, by what, which columns; then one change.

use std::path::PathBuf;
use std::sync::Arc;

use super::App;
use super::command::Command;
use super::context::context;
use super::import::WantedFor;
use super::intent::{Intent, Preview};
use super::msg::BesideAsk;
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::place::Screen;
use crate::domain::matching::{FillKind, FillPlan, FillSource, FillWish};
use crate::domain::sheet::Field;
use crate::words::Locale;

/// So many rows and cells that stand in the way are listed one by one.
const LISTED: usize = 200;

/// What is chosen besides columns.
pub(in crate::app) const PREVIEW: &str = "preview";
const KEYS: &str = "keys";
const ALSO_FILLED: &str = "also-filled";

/// What is being filled from.
#[derive(Debug)]
pub(super) struct FillInHand {
    source: Arc<FillSource>,
    wish: FillWish,
    /// The number of the way, among those of the source, in which rows are known.
    way: usize,
    at: usize,
}

impl App {
    /// Asks where cells are filled from.
    pub(super) fn ask_for_source(&mut self) {
        if !self.holds(Command::FillFrom.spec().when) {
            return self.roster.refuse(Command::FillFrom, context!(self));
        }
        if let Err(why) = self.roster.to_be_added_to(&self.locale) {
            return context!(self).warn(why);
        }
        let words = |kind: FillKind| {
            (kind.key().to_string(), self.locale.text(&format!("fill.from.{}", kind.key())).to_string())
        };
        let options = FillKind::ALL.into_iter().map(words).collect();
        let title = self.locale.text(&Command::FillFrom.title_key()).to_string();
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::FillFrom, options, 0)));
    }

    pub(super) fn choose_source(&mut self, name: &str) {
        match FillKind::read(name) {
            Some(FillKind::File) => {
                self.import.browse_for(WantedFor::Filling, context!(self));
                self.screen = Screen::Import;
            }
            Some(kind) => self.fill_from(kind, PathBuf::new()),
            None => {}
        }
    }

    /// Has what cells are filled from read.
    pub(super) fn fill_from(&mut self, kind: FillKind, path: PathBuf) {
        self.screen = Screen::Roster;
        if !self.holds(Command::FillFrom.spec().when) {
            return self.roster.refuse(Command::FillFrom, context!(self));
        }
        let Some(batch) = self.roster.batch() else { return };
        self.filling = None;
        let name = match kind {
            FillKind::File => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            _ => self.locale.text(&format!("fill.from.{}", kind.key())).to_string(),
        };
        let title = self.locale.fill("fill.reading", &[("source", &name)]);
        let ask = BesideAsk::FillSource { kind, path, id: self.roster.id(), batch: batch.clone() };
        self.work_beside(title, Choosing::Fill, ask);
    }

    pub(super) fn take_source(&mut self, source: Arc<FillSource>) {
        let wish = source.usual_wish();
        if source.fields.is_empty() || wish.keys.is_empty() {
            return context!(self).warn("fill.no-columns");
        }
        self.filling = Some(FillInHand { source, wish, way: 0, at: 0 });
        self.show_wish();
    }

    /// Shows by what and which cells are filled; a line turns what it tells.
    fn show_wish(&mut self) {
        let (Some(FillInHand { source, wish, at, .. }), Some(batch)) = (&self.filling, self.roster.batch()) else {
            return;
        };
        let (form, locale) = (batch.context().sheet(), &self.locale);
        let check = |name: String, words: &str, is_on: bool| {
            let mark = locale.text(if is_on { "fill.on" } else { "fill.off" });
            (name, locale.fill("fill.check", &[("mark", mark), ("what", words)]))
        };
        let keys = locale.fill("fill.keys", &[("keys", &locale.fill_keys(&wish.keys, form))]);
        let mut options = vec![
            (PREVIEW.to_string(), locale.text("fill.preview").to_string()),
            (KEYS.to_string(), keys),
            check(ALSO_FILLED.to_string(), locale.text("fill.also-filled"), wish.also_filled),
        ];
        let column = |field: &Field| check(field.key().to_string(), form.label(*field), wish.fields.contains(field));
        options.extend(source.fields.iter().map(column));
        let title = locale.fill_title(source);
        let pane = ChoosePane::new(title, Choosing::Fill, options, *at);
        self.overlays.lay(Overlay::Choose(pane));
    }

    /// Takes a line of what is filled.
    pub(super) fn fill_step(&mut self, name: &str) {
        let Some(hand) = &mut self.filling else { return };
        match name {
            PREVIEW => return self.plan_filling(),
            KEYS => {
                let ways = hand.source.keys();
                hand.way = (hand.way + 1) % ways.len().max(1);
                hand.wish.keys = ways.into_iter().nth(hand.way).unwrap_or_default();
                hand.at = 1;
            }
            ALSO_FILLED => {
                hand.wish.also_filled = !hand.wish.also_filled;
                hand.at = 2;
            }
            _ => {
                let Some(place) = hand.source.fields.iter().position(|field| field.key() == name) else { return };
                let field = hand.source.fields[place];
                match hand.wish.fields.iter().position(|chosen| *chosen == field) {
                    Some(at) => drop(hand.wish.fields.remove(at)),
                    None => hand.wish.fields.push(field),
                }
                hand.at = place + 3;
            }
        }
        self.show_wish();
    }

    fn plan_filling(&mut self) {
        let (Some(hand), Some(batch)) = (&mut self.filling, self.roster.batch()) else { return };
        hand.at = 0;
        if hand.wish.fields.is_empty() {
            context!(self).warn("fill.no-columns-chosen");
            return self.show_wish();
        }
        let (source, wish) = (Arc::clone(&hand.source), hand.wish.clone());
        let title = self.locale.fill_title(&source);
        let ask = BesideAsk::PlanFill { source, wish, batch: batch.clone() };
        self.work_beside(title, Choosing::Fill, ask);
    }

    /// Shows what would be filled: how many rows first, then the cells by column, then what stands in the way.
    pub(super) fn preview_filled(&mut self, plan: &FillPlan) {
        let (Some(hand), Some(batch)) = (self.filling.take(), self.roster.batch()) else { return };
        let summary = self.locale.fill_summed(plan, hand.wish.also_filled);
        let change = batch.change(self.locale.fill_title(&hand.source), plan.cells.iter().cloned());
        let lines = self.locale.fill_lines(plan, &hand.source, batch, true).take(LISTED);
        let told = lines.map(|line| (self.locale.fill_told(&line), 0));
        if change.edits.is_empty() {
            let words = self.locale.fill("fill.nothing", &[("summary", &summary)]);
            return context!(self).complain(words);
        }
        let mut kinds = Locale::edits_by_column(&change.edits, batch);
        kinds.extend(told);
        self.fulfil(Intent::Preview(Preview { change, kinds, note: summary, ..Preview::default() }));
    }
}
