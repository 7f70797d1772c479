//! The values of a column (取值): each with its rows; one or several are set to a text, and those that mean the same are merged.

mod groups;
mod narrowing;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use groups::{Decision, GroupList};
pub use narrowing::Narrowing;

use super::Below;
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::msg::{ColumnAsk, Effect};
use crate::app::prompt::Prompt;
use crate::app::roster::RosterPane;
use crate::domain::batch::ColumnMask;
use crate::domain::roster::CellSource;
use crate::domain::selection::Condition;
use crate::domain::spared::Spared;
use crate::domain::text;
use crate::domain::values::groups::{KeptApart, ValueGroup, has_spellings};
use crate::domain::values::{ColumnValue, ColumnValues, ValueOrder};

/// A line that is typed in the pane.
#[derive(Debug)]
pub enum ValueLine {
    /// What narrows the list.
    Narrow,
    /// What the values become.
    Set(Prompt),
    /// What the group becomes.
    Form(Prompt),
}

/// So many sets of names that differ by the form of a company alone are told, the others counted.
const APART_TOLD: usize = 3;

/// The state of the pane.
#[derive(Debug)]
pub struct ValuesPane {
    column: CellSource,
    /// How its texts are shown, once they are counted.
    mask: Option<ColumnMask>,
    /// The values, once they are counted.
    values: Option<(Arc<ColumnValues>, Arc<Narrowing>)>,
    order: ValueOrder,
    narrow: Prompt,
    /// The places of the values that are listed.
    shown: Vec<usize>,
    /// What the list answers: what was typed, and the order.
    answered: Option<(String, ValueOrder)>,
    at: usize,
    marked: BTreeSet<usize>,
    line: Option<ValueLine>,
    groups: Option<GroupList>,
    is_waiting: bool,
}

impl ValuesPane {
    /// Asks for the values of a column.
    pub(super) fn open(
        roster: &RosterPane,
        column: CellSource,
        to: &mut Context<'_>,
    ) -> Option<(ValuesPane, ColumnAsk)> {
        let batch = roster.batch()?;
        if roster.is_incomplete() {
            roster.warn_incomplete(to);
            return None;
        }
        let ask = ColumnAsk::Count { batch: Box::new(batch.clone()), column };
        let pane = ValuesPane {
            column,
            mask: None,
            values: None,
            order: ValueOrder::default(),
            narrow: Prompt::default(),
            shown: Vec::new(),
            answered: None,
            at: 0,
            marked: BTreeSet::new(),
            line: None,
            groups: None,
            is_waiting: true,
        };
        Some((pane, ask))
    }

    pub fn column(&self) -> CellSource {
        self.column
    }

    /// Gives a text of the column, which so many rows have, as it is shown.
    pub fn masked(&self, text: &str, rows: u32) -> String {
        self.mask.as_ref().map_or_else(String::new, |mask| text::visible(&mask.shown(text, rows)).into_owned())
    }

    pub fn values(&self) -> Option<&ColumnValues> {
        self.values.as_ref().map(|(values, _)| &**values)
    }

    pub fn order(&self) -> ValueOrder {
        self.order
    }

    pub fn narrow(&self) -> &Prompt {
        &self.narrow
    }

    pub fn line(&self) -> Option<&ValueLine> {
        self.line.as_ref()
    }

    pub fn groups(&self) -> Option<&GroupList> {
        self.groups.as_ref()
    }

    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    pub fn at(&self) -> usize {
        self.at
    }

    /// Counts the values that are listed.
    pub fn count_shown(&self) -> usize {
        self.shown.len()
    }

    /// Gives a value that is listed, and whether it is marked.
    pub fn shown(&self, at: usize) -> Option<(&ColumnValue, bool)> {
        let place = self.shown.get(at)?;
        Some((self.values()?.all().get(*place)?, self.marked.contains(place)))
    }

    /// Counts the values that are marked.
    pub fn count_marked(&self) -> usize {
        self.marked.len()
    }

    pub(super) fn place(&self) -> Place {
        match (&self.line, &self.groups) {
            (Some(_), _) => Place::ValueLine,
            (None, Some(_)) => Place::ValueGroups,
            (None, None) => Place::Values,
        }
    }

    /// Marks some of the values that are listed, and no others.
    pub(super) fn mark(&mut self, listed: impl Iterator<Item = usize>) {
        self.marked = listed.filter_map(|at| self.shown.get(at).copied()).collect();
    }

    /// Has the group in hand offer one of its forms.
    pub(super) fn choose_form(&mut self, form: usize) {
        if let Some(groups) = &mut self.groups {
            groups.choose(form);
        }
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        match &mut self.groups {
            Some(groups) => &mut groups.at,
            None => &mut self.at,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.groups.as_ref().map_or(self.shown.len(), |groups| groups.groups().len())
    }

    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt)) -> bool {
        match &mut self.line {
            Some(ValueLine::Narrow) => change(&mut self.narrow),
            Some(ValueLine::Set(prompt) | ValueLine::Form(prompt)) => change(prompt),
            None => return false,
        }
        true
    }

    /// Gives the places of the values that are marked, or of the one under the cursor.
    pub(super) fn chosen(&self) -> Vec<usize> {
        if self.marked.is_empty() {
            return self.shown.get(self.at).copied().into_iter().collect();
        }
        self.marked.iter().copied().collect()
    }

    /// Brings the list in line with what is typed.
    pub(super) fn settle(&mut self) {
        let asked = (self.narrow.text().to_string(), self.order);
        let Some((values, narrowing)) = self.values.as_ref().filter(|_| self.answered.as_ref() != Some(&asked)) else {
            return;
        };
        let under_cursor = self.shown.get(self.at).copied();
        let mut places = narrowing.ordered(asked.1);
        narrowing.narrow(values, &mut places, &asked.0);
        let is_turned = self.answered.as_ref().is_some_and(|(_, order)| *order != asked.1);
        let kept = under_cursor.filter(|_| !is_turned).and_then(|place| places.iter().position(|p| *p == place));
        (self.at, self.shown, self.answered) = (kept.unwrap_or(0), places, Some(asked));
    }

    pub(super) fn take_values(&mut self, values: Arc<ColumnValues>, narrowing: Arc<Narrowing>, mask: ColumnMask) {
        self.is_waiting = false;
        self.mask = Some(mask);
        self.values = Some((values, narrowing));
        self.settle();
    }

    pub(super) fn take_groups(&mut self, groups: Vec<ValueGroup>, apart: &KeptApart, to: &mut Context<'_>) {
        self.is_waiting = false;
        let comma = to.locale.text("finding.comma");
        let of_set = |set: &Vec<(Arc<str>, u32)>| {
            set.iter().map(|(text, rows)| self.masked(text, *rows)).collect::<Vec<String>>().join(comma)
        };
        let mut told: Vec<String> = apart.iter().take(APART_TOLD).map(of_set).collect();
        if APART_TOLD < apart.len() {
            told.push(to.locale.fill("status.more-apart", &[("n", &(apart.len() - APART_TOLD).to_string())]));
        }
        let values = told.join(" | ");
        match (groups.is_empty(), apart.is_empty()) {
            (true, true) => return to.miss_key("status.no-groups"),
            (true, false) => return to.say(to.locale.fill("status.only-apart", &[("values", &values)])),
            (false, true) => {}
            (false, false) => to.say(to.locale.fill("status.apart", &[("values", &values)])),
        }
        self.groups = Some(GroupList::new(groups));
    }

    /// Takes note that nothing comes any more of what was asked.
    pub(super) fn stop_waiting(&mut self) {
        self.is_waiting = false;
    }

    pub(super) fn update(&mut self, command: Command, below: &Below<'_>, to: &mut Context<'_>) -> Option<Intent> {
        if command == Command::Back {
            return self.back(to);
        }
        if self.is_waiting && !command.is_movement() {
            to.warn("status.counting");
            return Some(Intent::Nothing);
        }
        match command {
            Command::MarkValue => {
                if let Some(place) = self.shown.get(self.at) {
                    if !self.marked.remove(place) {
                        self.marked.insert(*place);
                    }
                    self.at = (self.at + 1).min(self.shown.len() - 1);
                }
            }
            Command::TurnValues => {
                self.order = match self.order {
                    ValueOrder::Rows => ValueOrder::Errors,
                    ValueOrder::Errors => ValueOrder::Text,
                    ValueOrder::Text => ValueOrder::Rows,
                };
            }
            Command::FilterByValues => return Some(self.filter(to)),
            Command::NarrowValues => self.line = Some(ValueLine::Narrow),
            Command::SetValues => self.ask_for_text(below.roster, to),
            Command::GroupValues if !self.column.field().is_some_and(has_spellings) => to.warn("status.no-spellings"),
            Command::GroupValues => {
                let (values, _) = self.values.as_ref()?;
                self.is_waiting = true;
                return Some(Intent::Work(ColumnAsk::Group(Arc::clone(values))));
            }
            Command::TakeLine => return Some(self.take_line(below.roster, to)),
            Command::AcceptGroup => {
                let groups = self.groups.as_ref()?;
                let text = groups.offered(groups.at()).map(Arc::clone)?;
                if groups.is_out(groups.at(), &text) {
                    to.warn("status.form-is-out");
                    return Some(Intent::Nothing);
                }
                return Some(self.decide(Decision::To(text), below.roster, to));
            }
            Command::LeaveFormOut => {
                if !self.groups.as_mut()?.turn_out() {
                    to.warn("status.no-form-left");
                }
            }
            Command::LeaveGroup => return Some(self.decide(Decision::Left, below.roster, to)),
            Command::NextForm | Command::PreviousForm => {
                self.groups.as_mut()?.turn(command == Command::PreviousForm);
            }
            Command::TypeForm => {
                let groups = self.groups.as_ref()?;
                let offered = groups.offered(groups.at()).map_or("", |text| text);
                self.line = Some(ValueLine::Form(Prompt::chosen(offered)));
            }
            Command::PreviewGroups => return Some(self.preview_groups(below.roster, to)),
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    /// Goes back by one step within the pane; nothing where it is to be left.
    fn back(&mut self, to: &mut Context<'_>) -> Option<Intent> {
        if let Some(line) = self.line.take() {
            if matches!(line, ValueLine::Narrow) {
                self.narrow.set("");
            }
            return Some(Intent::Nothing);
        }
        if self.is_waiting {
            to.push(Effect::StopWork);
            self.is_waiting = false;
            return self.values.is_some().then_some(Intent::Nothing);
        }
        if self.groups.take().is_some() {
            return Some(Intent::Nothing);
        }
        None
    }

    /// Filters by the value under the cursor, or those that are marked.
    fn filter(&self, to: &mut Context<'_>) -> Intent {
        let Some(values) = self.values().filter(|_| !self.chosen().is_empty()) else {
            to.warn("status.nothing-chosen");
            return Intent::Nothing;
        };
        let texts = self.chosen().into_iter().filter_map(|place| values.all().get(place));
        Intent::FilterBy(Condition::is(self.column, texts.map(|value| Arc::clone(&value.text))))
    }

    fn ask_for_text(&mut self, roster: &RosterPane, to: &mut Context<'_>) {
        if !roster.is_editable() {
            return roster.refuse_change(to);
        }
        let Some(field) = self.column.field() else { return to.warn("status.kept-column") };
        let Some((value, _)) = self.shown(self.at) else { return to.warn("status.nothing-chosen") };
        // A masked value must never be written into cells.
        let is_hidden = crate::app::typed_line::masked(field, &value.text) != *value.text;
        self.line = Some(ValueLine::Set(Prompt::chosen(if is_hidden { "" } else { &*value.text })));
    }

    fn take_line(&mut self, roster: &RosterPane, to: &mut Context<'_>) -> Intent {
        match self.line.take() {
            Some(ValueLine::Set(prompt)) => {
                let text: Arc<str> = prompt.text().into();
                self.set(self.chosen().into_iter().map(|place| (place, Arc::clone(&text))).collect(), roster, to)
            }
            Some(ValueLine::Form(prompt)) => self.decide(Decision::To(prompt.text().into()), roster, to),
            Some(ValueLine::Narrow) | None => Intent::Nothing,
        }
    }

    fn decide(&mut self, decision: Decision, roster: &RosterPane, to: &mut Context<'_>) -> Intent {
        let are_all = self.groups.as_mut().is_some_and(|groups| groups.decide(decision));
        if are_all { self.preview_groups(roster, to) } else { Intent::Nothing }
    }

    fn preview_groups(&mut self, roster: &RosterPane, to: &mut Context<'_>) -> Intent {
        let Some((groups, (values, _))) = self.groups.as_ref().zip(self.values.as_ref()) else {
            return Intent::Nothing;
        };
        let decided = groups.decided(values);
        self.set(decided, roster, to)
    }

    fn set(&mut self, to_texts: Vec<(usize, Arc<str>)>, roster: &RosterPane, to: &mut Context<'_>) -> Intent {
        let counted = self.values.as_ref().zip(self.mask.clone());
        let Some(((values, _), mask)) = counted.filter(|_| !to_texts.is_empty()) else {
            to.miss_key("status.unchanged");
            return Intent::Nothing;
        };
        self.is_waiting = true;
        let spared = roster.batch().map(Spared::of).unwrap_or_default();
        Intent::Work(ColumnAsk::Set { values: Arc::clone(values), to: to_texts, spared, mask })
    }
}
