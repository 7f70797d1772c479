//! Columns cut in two, joined, or written otherwise (拆分合并): what, which columns, which rows; then one change.

use super::App;
use super::command::Command;
use super::context::context;
use super::intent::{Intent, Preview};
use super::msg::BesideAsk;
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::ring::ring;
use super::typed_line::LinePurpose;
use crate::domain::batch::Batch;
use crate::domain::replace::MaskedValue;
use crate::domain::reshape::{ReshapeAct, ReshapeFault, ReshapeMasks, Reshaped, Reshaping};
use crate::domain::roster::{CellSource, Change};
use crate::domain::sheet::Field;
use crate::domain::text;

ring! {
    /// Which rows are looked at.
    pub enum RowReach {
        Marked,
        Shown,
        All,
    }
}

/// A line of what is wanted, by the name it is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Preview,
    Act,
    Column,
    /// What is joined to it.
    With,
    /// Where the first part goes of a column that the form does not have.
    First,
    Into,
    Text,
    Filled,
    Rows,
}

/// What is wanted.
#[derive(Debug, Clone)]
pub(super) struct ReshapeInHand {
    act: ReshapeAct,
    column: CellSource,
    with: Option<CellSource>,
    first: Option<Field>,
    into: Option<Field>,
    text: String,
    also_filled: bool,
    reach: RowReach,
    at: usize,
    /// What is being worked out.
    wanted: Option<Reshaping>,
}

impl Line {
    const ALL: [Line; 9] = [
        Line::Preview,
        Line::Act,
        Line::Column,
        Line::With,
        Line::First,
        Line::Into,
        Line::Text,
        Line::Filled,
        Line::Rows,
    ];

    fn name(self) -> &'static str {
        match self {
            Line::Preview => "preview",
            Line::Act => "act",
            Line::Column => "column",
            Line::With => "with",
            Line::First => "first",
            Line::Into => "into",
            Line::Text => "text",
            Line::Filled => "filled",
            Line::Rows => "rows",
        }
    }

    fn named(name: &str) -> Option<Line> {
        Line::ALL.into_iter().find(|line| line.name() == name)
    }
}

impl ReshapeInHand {
    fn lines(&self) -> Vec<Line> {
        let is_split = self.act == ReshapeAct::Split;
        let is_there = |line: &Line| match line {
            Line::With => self.act == ReshapeAct::Join,
            Line::First => is_split && matches!(self.column, CellSource::Aside(_)),
            Line::Into | Line::Filled => is_split,
            Line::Text => self.act.takes_text(),
            Line::Preview | Line::Act | Line::Column | Line::Rows => true,
        };
        Line::ALL.into_iter().filter(is_there).collect()
    }

    /// Puts the cursor on a line.
    fn go_to(&mut self, line: Line) {
        self.at = self.lines().iter().position(|of| *of == line).unwrap_or(0);
    }

    /// Takes what was chosen for a line.
    fn take(&mut self, line: Line, chosen: &str) {
        let aside = |chosen: &str| chosen.parse().ok().map(CellSource::Aside);
        let source = || Field::read(chosen).map(CellSource::Field).or_else(|| aside(chosen));
        match line {
            Line::Act => self.act = ReshapeAct::read(chosen).unwrap_or(self.act),
            Line::Column => self.column = source().unwrap_or(self.column),
            Line::With => self.with = source(),
            Line::First => self.first = Field::read(chosen),
            Line::Into => self.into = Field::read(chosen),
            Line::Preview | Line::Text | Line::Filled | Line::Rows => {}
        }
        self.go_to(line);
    }

    fn reshaping(&self) -> Result<Reshaping, ReshapeFault> {
        let is_split = self.act == ReshapeAct::Split;
        let with = self.with.filter(|_| self.act == ReshapeAct::Join);
        let first = self.first.filter(|_| matches!(self.column, CellSource::Aside(_)));
        let into = if is_split { first.into_iter().chain(self.into).collect() } else { Vec::new() };
        let text = if self.act.takes_text() { &*self.text } else { "" };
        Reshaping::new(self.act, std::iter::once(self.column).chain(with).collect(), into, text, self.also_filled)
    }
}

impl App {
    /// Asks what is done to which columns.
    pub(super) fn ask_to_reshape(&mut self) {
        if !self.holds(Command::Reshape.spec().when) {
            return self.roster.refuse(Command::Reshape, context!(self));
        }
        if let Err(why) = self.roster.to_be_added_to(&self.locale) {
            return context!(self).warn(why);
        }
        let Some(batch) = self.roster.batch() else { return };
        let field = self.roster.grid().field();
        let has_work_type = batch.context().sheet().column(Field::WorkType).is_some();
        self.reshaping = Some(ReshapeInHand {
            act: ReshapeAct::Split,
            column: CellSource::Field(field),
            with: None,
            first: None,
            into: Some(Field::WorkType).filter(|_| field == Field::Occupation && has_work_type),
            text: String::new(),
            also_filled: false,
            reach: RowReach::ALL.into_iter().find(|reach| self.roster.has_reach(*reach)).unwrap_or(RowReach::All),
            at: 0,
            wanted: None,
        });
        self.show_reshaping();
    }

    fn show_reshaping(&mut self) {
        if let Some(pane) = self.reshape_pane() {
            self.overlays.lay(Overlay::Choose(pane));
        }
    }

    /// Makes the list of what is wanted; a line asks for what it tells.
    fn reshape_pane(&self) -> Option<ChoosePane> {
        let (hand, batch) = (self.reshaping.as_ref()?, self.roster.batch()?);
        let option = |line: &Line| (line.name().to_string(), self.reshape_line(hand, *line, batch));
        let title = self.locale.text(&Command::Reshape.title_key()).to_string();
        Some(ChoosePane::new(title, Choosing::Reshape, hand.lines().iter().map(option).collect(), hand.at))
    }

    fn reshape_line(&self, hand: &ReshapeInHand, line: Line, batch: &Batch) -> String {
        let locale = &self.locale;
        let none = || locale.text("reshape.choose.none").to_string();
        let source = |source: Option<CellSource>| source.map_or_else(none, |source| locale.cell_source(source, batch));
        let field = |field: Option<Field>| source(field.map(CellSource::Field));
        let fill = |key: &str, what: &str| locale.fill(&format!("reshape.choose.{key}"), &[("what", what)]);
        match line {
            Line::Preview => locale.text("reshape.choose.preview").to_string(),
            Line::Act => fill("act", &locale.reshape_act(hand.act)),
            Line::Column => fill("column", &source(Some(hand.column))),
            Line::With => fill("with", &source(hand.with)),
            Line::First => fill("first", &field(hand.first)),
            Line::Into => fill("into", &field(hand.into)),
            Line::Text => {
                let key = match hand.act {
                    ReshapeAct::Split => "by",
                    ReshapeAct::Join => "between",
                    _ => "text",
                };
                let none = if hand.act == ReshapeAct::Split { "reshape.choose.found" } else { "reshape.choose.none" };
                match &*hand.text {
                    "" => fill(key, locale.text(none)),
                    said => fill(key, &locale.bracketed(&text::visible(&text::ends_drawn(said)))),
                }
            }
            Line::Filled => {
                let mark = locale.text(if hand.also_filled { "fill.on" } else { "fill.off" });
                locale.fill("fill.check", &[("mark", mark), ("what", locale.text("reshape.choose.filled"))])
            }
            Line::Rows => {
                let (n, key) = match hand.reach {
                    RowReach::Marked => (self.roster.grid().marks.len(), "reshape.choose.rows-marked"),
                    RowReach::Shown => (self.roster.grid().count(batch), "ui.replace.rows-shown"),
                    RowReach::All => (batch.roster().len() as usize, "ui.replace.every-row"),
                };
                fill("rows", &locale.fill(key, &[("n", &n.to_string())]))
            }
        }
    }

    /// Takes a line of what is wanted, or what was chosen for one: `into:work-type`.
    pub(super) fn reshape_step(&mut self, name: &str) {
        let Some(hand) = &mut self.reshaping else { return };
        if let Some((line, chosen)) = name.split_once(':') {
            if let Some(line) = Line::named(line) {
                hand.take(line, chosen);
            }
            return self.show_reshaping();
        }
        let Some(line) = Line::named(name) else { return };
        hand.go_to(line);
        match line {
            Line::Preview => return self.plan_reshaping(),
            Line::Text => {
                let said = hand.text.clone();
                return self.ask_line(LinePurpose::ReshapeText, &said, false);
            }
            Line::Filled => hand.also_filled = !hand.also_filled,
            Line::Rows => {
                let mut reach = hand.reach.turned(false);
                while !self.roster.has_reach(reach) {
                    reach = reach.turned(false);
                }
                hand.reach = reach;
            }
            Line::Act | Line::Column | Line::With | Line::First | Line::Into => return self.choose_for(line),
        }
        self.show_reshaping();
    }

    /// Lists what may be chosen for a line; whoever leaves it comes back to what is wanted.
    fn choose_for(&mut self, line: Line) {
        let (Some(hand), Some(batch), Some(below)) = (&self.reshaping, self.roster.batch(), self.reshape_pane()) else {
            return;
        };
        let option = |name: &str, words: String| (format!("{}:{name}", line.name()), words);
        let fields = self.roster.grid().fields.iter();
        let mut options: Vec<(String, String)> = match line {
            Line::Act => ReshapeAct::ALL.map(|act| option(act.key(), self.locale.reshape_act(act))).to_vec(),
            _ => fields
                .map(|field| option(field.key(), self.locale.cell_source(CellSource::Field(*field), batch)))
                .collect(),
        };
        let is_source = line == Line::With || line == Line::Column && hand.act == ReshapeAct::Split;
        let columns = batch.roster().columns.source.iter().enumerate();
        for (at, _) in columns.filter(|(_, column)| is_source && column.field.is_none()) {
            options.push(option(&at.to_string(), self.locale.cell_source(CellSource::Aside(at), batch)));
        }
        let chosen = match line {
            Line::Act => option(hand.act.key(), String::new()).0,
            Line::Into => option(hand.into.map_or("", Field::key), String::new()).0,
            _ => String::new(),
        };
        let at = options.iter().position(|(name, _)| *name == chosen).unwrap_or(0);
        let title = self.reshape_line(hand, line, batch);
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::Reshape, options, at)));
        self.overlays.keep(Overlay::Choose(below));
    }

    /// Takes the text that parts, joins, or stands before or behind.
    pub(super) fn take_reshape_text(&mut self, typed: &str) {
        if let Some(hand) = &mut self.reshaping {
            hand.text = typed.to_string();
        }
        self.show_reshaping();
    }

    fn plan_reshaping(&mut self) {
        let (Some(hand), Some(batch)) = (&mut self.reshaping, self.roster.batch()) else { return };
        let reshaping = match hand.reshaping() {
            Ok(reshaping) => reshaping,
            Err(fault) => {
                let words = self.locale.reshape_fault(fault);
                context!(self).complain(words);
                return self.show_reshaping();
            }
        };
        hand.wanted = Some(reshaping.clone());
        let title = self.locale.reshape_title(&reshaping, batch);
        let rows = self.roster.rows_in(hand.reach);
        let ask = BesideAsk::PlanReshape { reshaping, batch: batch.clone(), rows };
        self.work_beside(title, Choosing::Reshape, ask);
    }

    /// Shows what would become of the columns; what is left comes first.
    pub(super) fn preview_reshaped(&mut self, reshaped: Reshaped, values: Vec<MaskedValue>, masks: &ReshapeMasks) {
        let (Some(below), Some(hand), Some(batch)) = (self.reshape_pane(), &self.reshaping, self.roster.batch()) else {
            return;
        };
        let Some(reshaping) = &hand.wanted else { return };
        let open = self.locale.reshape_left((reshaping, &reshaped), batch, Some(masks));
        let title = self.locale.reshape_title(reshaping, batch);
        let note = self.roster.reach_words(hand.reach, &self.locale);
        let change = Change { title, edits: reshaped.replaced.edits, ..Change::default() };
        if change.is_empty() {
            let why = open.first().cloned().unwrap_or_default();
            let key = if why.is_empty() { "reshape.nothing" } else { "reshape.nothing-but" };
            let words = self.locale.fill(key, &[("why", &why)]);
            context!(self).complain(words);
            return self.overlays.lay(Overlay::Choose(below));
        }
        self.fulfil(Intent::Preview(Preview { change, open, note, values, ..Preview::default() }));
        self.overlays.keep(Overlay::Choose(below));
    }
}
