//! Groups of values that mean the same: each is decided once, and what is decided is one change.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::domain::values::ColumnValues;
use crate::domain::values::groups::ValueGroup;

/// What somebody has decided of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Decision {
    #[default]
    Open,
    /// All its values become this.
    To(Arc<str>),
    /// It stays as it is.
    Left,
}

#[derive(Debug, Default)]
pub struct GroupList {
    groups: Vec<ValueGroup>,
    decisions: Vec<Decision>,
    /// Which of its forms each group offers.
    forms: Vec<usize>,
    /// The forms that were left out of their group, which is decided without them.
    out: BTreeSet<(usize, Arc<str>)>,
    pub(super) at: usize,
}

impl GroupList {
    pub(super) fn new(groups: Vec<ValueGroup>) -> GroupList {
        let n = groups.len();
        GroupList { groups, decisions: vec![Decision::Open; n], forms: vec![0; n], out: BTreeSet::new(), at: 0 }
    }

    pub fn groups(&self) -> &[ValueGroup] {
        &self.groups
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn decision(&self, group: usize) -> &Decision {
        self.decisions.get(group).unwrap_or(&Decision::Open)
    }

    /// Counts the groups about which nothing is decided.
    pub fn open_count(&self) -> usize {
        self.decisions.iter().filter(|decision| **decision == Decision::Open).count()
    }

    /// Lists the forms of a group, the one first that is proposed.
    pub fn forms(&self, group: usize) -> Vec<&Arc<str>> {
        let Some(group) = self.groups.get(group) else { return Vec::new() };
        let others = group.values.iter().map(|(text, _)| text).filter(|text| **text != group.proposed);
        std::iter::once(&group.proposed).chain(others).collect()
    }

    /// Gives the form that a group offers, or what was decided.
    pub fn offered(&self, group: usize) -> Option<&Arc<str>> {
        match self.decision(group) {
            Decision::To(text) => Some(text),
            _ => self.forms(group).get(*self.forms.get(group)?).copied(),
        }
    }

    /// Tells whether a form was left out of its group.
    pub fn is_out(&self, group: usize, form: &Arc<str>) -> bool {
        self.out.contains(&(group, Arc::clone(form)))
    }

    /// Counts the rows that become something else where a group is decided so.
    pub fn rows_to(&self, group: usize, to: &str) -> u32 {
        let values = self.groups.get(group).map_or(&[][..], |group| &group.values);
        values.iter().filter(|(text, _)| **text != *to && !self.is_out(group, text)).map(|(_, rows)| rows).sum()
    }

    /// Leaves the form that the group under the cursor offers out of it, or takes it in again; what is offered then is a form of
    /// it. Tells whether it could be done: one form at least is left.
    pub(super) fn turn_out(&mut self) -> bool {
        let at = self.at;
        let Some(form) = self.offered(at).cloned() else { return false };
        let forms: Vec<Arc<str>> = self.forms(at).into_iter().cloned().collect();
        if !forms.contains(&form) {
            return false;
        }
        if !self.out.remove(&(at, Arc::clone(&form))) {
            self.out.insert((at, form));
        }
        let first = forms.iter().position(|form| !self.is_out(at, form));
        if first.is_none() {
            self.out.retain(|(group, _)| *group != at);
        }
        self.choose(first.unwrap_or(0));
        first.is_some()
    }

    /// Has the group under the cursor offer its next form, or the one before.
    pub(super) fn turn(&mut self, backwards: bool) {
        let count = self.forms(self.at).len();
        if let (Some(form), Some(decision)) = (self.forms.get_mut(self.at), self.decisions.get_mut(self.at)) {
            *form = (*form + if backwards { count.saturating_sub(1) } else { 1 }) % count.max(1);
            *decision = Decision::Open;
        }
    }

    /// Has the group under the cursor offer one of its forms.
    pub(super) fn choose(&mut self, form: usize) {
        if let (Some(place), Some(decision)) = (self.forms.get_mut(self.at), self.decisions.get_mut(self.at)) {
            (*place, *decision) = (form, Decision::Open);
        }
    }

    /// Decides the group under the cursor and goes to the next that is open; tells whether none is.
    pub(super) fn decide(&mut self, decision: Decision) -> bool {
        let Some(place) = self.decisions.get_mut(self.at) else { return false };
        *place = decision;
        let is_open = |at: &usize| self.decisions[*at] == Decision::Open;
        let next = (self.at + 1..self.decisions.len()).chain(0..self.at).find(is_open);
        self.at = next.unwrap_or(self.at);
        next.is_none()
    }

    /// Lists what is decided: values by their places, and what each becomes.
    pub(super) fn decided(&self, values: &ColumnValues) -> Vec<(usize, Arc<str>)> {
        let places: HashMap<&str, usize> = values.all().iter().enumerate().map(|(at, v)| (&*v.text, at)).collect();
        let mut all = Vec::new();
        for (at, (group, decision)) in self.groups.iter().zip(&self.decisions).enumerate() {
            let Decision::To(text) = decision else { continue };
            let others = group.values.iter().filter(|(value, _)| value != text && !self.is_out(at, value));
            all.extend(others.filter_map(|(value, _)| Some((*places.get(&**value)?, Arc::clone(text)))));
        }
        all
    }
}
