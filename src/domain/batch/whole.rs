//! What is found of a roster as a whole, once every row is there and after each change: how a text is usually written, and
//! days with very many certificates.

#[cfg(test)]
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::Batch;
use crate::domain::roster::{CellEdit, Roster, RowId};
use crate::domain::rules::{
    BlockReport, DoubtCounts, Finding, MOST_TEXTS, NOTED_ROWS, Unusual, UsualTexts, WATCHED, WAY_FIELDS, WayCounts,
    award, text_key, usual_texts,
};
use crate::domain::sheet::Field;

/// The different texts of the watched columns, with how many rows have each and the first of these.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnTexts {
    columns: [ColumnTally; WATCHED.len()],
    /// Whether anything is other than when the usual texts were found.
    is_changed: bool,
}

#[derive(Debug, Clone, Default)]
struct ColumnTally {
    texts: HashMap<u64, TextRows, FixedState>,
    /// How many of them some row has.
    there: usize,
    /// Whether there are so many texts that none is usual; nothing is kept then.
    is_crowded: bool,
}

#[derive(Debug, Clone)]
struct TextRows {
    text: Arc<str>,
    count: usize,
    /// The first rows that have it, in ascending order.
    rows: Vec<RowId>,
    /// From this row on nothing is noted: there may be more that have it.
    noted_to: RowId,
}

impl TextRows {
    fn new(text: Arc<str>) -> TextRows {
        TextRows { text, count: 0, rows: Vec::new(), noted_to: RowId::MAX }
    }

    /// Notes that a row has it.
    fn note(&mut self, row: RowId) {
        if self.noted_to <= row {
            return;
        }
        let at = self.rows.partition_point(|known| *known < row);
        self.rows.insert(at, row);
        if NOTED_ROWS < self.rows.len() {
            self.noted_to = self.rows.pop().unwrap_or(row);
        }
    }

    /// Finds the next rows that have it in place of those that have been changed, and notes them, so that no row is looked
    /// at twice.
    fn fill_up(&mut self, roster: &Roster, field: Field) {
        let wanted = self.count.min(NOTED_ROWS);
        if wanted <= self.rows.len() {
            return;
        }
        let is_there = |row: RowId| roster.source_width(row) != 0 && !roster.is_aside(row);
        let has_it = |row: &RowId| is_there(*row) && roster.cell(*row, field) == &*self.text;
        let more = (self.noted_to..roster.len()).filter(has_it).take(wanted - self.rows.len());
        self.rows.extend(more);
        let is_full = self.rows.len() == wanted;
        self.noted_to = self.rows.last().filter(|_| is_full).map_or(roster.len(), |last| last + 1);
    }
}

impl ColumnTexts {
    /// Takes what a block has; its rows begin at `first`.
    pub fn take(&mut self, first: RowId, report: &mut BlockReport) {
        for place in (0..WATCHED.len()).filter(|place| report.crowded & 1 << place != 0) {
            self.columns[place].crowd();
        }
        for seen in report.texts.drain(..) {
            let Some(tally) = self.columns.get_mut(usize::from(seen.column)).filter(|tally| !tally.is_crowded) else {
                continue;
            };
            let new = || TextRows::new(Arc::from(seen.text.as_deref().unwrap_or_default()));
            let known = tally.texts.entry(seen.key).or_insert_with(new);
            tally.there += usize::from(known.count == 0 && seen.count != 0);
            known.count += seen.count as usize;
            seen.rows.iter().for_each(|row| known.note(first + row));
            if NOTED_ROWS <= known.rows.len() {
                // The block may have more rows with it than it tells.
                known.noted_to = known.rows.last().map_or(0, |last| last + 1);
            }
            tally.crowd_if_full();
        }
        self.is_changed = true;
    }

    /// Takes a row into the tally of a column, or out of it.
    pub(super) fn put_row(&mut self, row: RowId, field: Field, text: &str, is_there: bool) {
        let Some(tally) = WATCHED.iter().position(|watched| *watched == field).map(|place| &mut self.columns[place])
        else {
            return;
        };
        if tally.is_crowded {
            return;
        }
        self.is_changed = true;
        if is_there { tally.join(row, field, text) } else { tally.leave(row, field, text) }
    }

    /// Takes another text of a cell.
    fn change(&mut self, row: RowId, field: Field, before: &str, after: &str) {
        let Some(tally) = WATCHED.iter().position(|watched| *watched == field).map(|place| &mut self.columns[place])
        else {
            return;
        };
        if tally.is_crowded || before == after {
            return;
        }
        self.is_changed = true;
        tally.leave(row, field, before);
        tally.join(row, field, after);
    }
}

impl ColumnTally {
    fn leave(&mut self, row: RowId, field: Field, text: &str) {
        if let Some(old) = self.texts.get_mut(&text_key(field, text.as_bytes())) {
            self.there -= usize::from(old.count == 1);
            old.count = old.count.saturating_sub(1);
            old.rows.retain(|known| *known != row);
        }
    }

    fn join(&mut self, row: RowId, field: Field, text: &str) {
        let new = || TextRows::new(Arc::from(text));
        let new = self.texts.entry(text_key(field, text.as_bytes())).or_insert_with(new);
        self.there += usize::from(new.count == 0);
        new.count += 1;
        new.note(row);
        self.crowd_if_full();
    }

    /// Gives up where there are too many texts. One that nobody has any more is none, though it stays known: blocks that are
    /// still to come name it by its key.
    fn crowd_if_full(&mut self) {
        if MOST_TEXTS < self.there {
            self.crowd();
        }
    }

    fn crowd(&mut self) {
        *self = ColumnTally { is_crowded: true, ..ColumnTally::default() };
    }

    /// Lists the texts of the column, each with its rows.
    fn listed(&self) -> Vec<(Arc<str>, usize)> {
        let there = self.texts.values().filter(|of| of.count != 0);
        there.map(|of| (Arc::clone(&of.text), of.count)).collect()
    }

    /// Lists the first rows that have a text.
    fn rows(&mut self, roster: &Roster, field: Field, text: &str) -> &[RowId] {
        let Some(known) = self.texts.get_mut(&text_key(field, text.as_bytes())) else { return &[] };
        known.fill_up(roster, field);
        &known.rows
    }
}

impl Batch {
    /// Takes another text of a cell before it is written there.
    pub(super) fn note_text(&mut self, row: RowId, field: Field, after: &str) {
        if self.roster.is_aside(row) {
            return;
        }
        let before = self.roster.cell(row, field);
        let held = &mut self.held[field.index()];
        *held = (*held + u64::from(!after.is_empty())).saturating_sub(u64::from(!before.is_empty()));
        for (cell, is_there) in [(before, false), (after, true)] {
            self.ways.put(self.checker.context().tables(), field, cell, is_there);
        }
        self.texts.change(row, field, before, after);
    }

    /// Finds again what concerns the roster as a whole; `rows`, in order, have been checked by themselves since, for these edits
    /// or because they came or went.
    pub(super) fn renew_whole(&mut self, rows: &[RowId], edits: &[CellEdit], is_moved: bool) {
        if !self.complete {
            return;
        }
        let days =
            is_moved || edits.iter().any(|e| matches!(e.field, Field::IssueDate | Field::IdNumber | Field::Level));
        self.checker.set_ways(self.ways.ways());
        let is_renewed = std::mem::take(&mut self.texts.is_changed) || (days && self.may_have_bursts());
        // What was checked has nothing of it yet; what was not may have something that is so no more.
        let mut again: Vec<RowId> = Vec::new();
        if is_renewed {
            again.extend(self.whole.iter().map(|f| f.row));
            self.whole = self.find_whole();
            again.extend(self.whole.iter().map(|f| f.row));
        } else {
            again.extend(self.whole.iter().map(|f| f.row).filter(|row| rows.binary_search(row).is_ok()));
        }
        again.sort_unstable();
        again.dedup();
        let (mut found, mut spans) = (Vec::new(), Vec::with_capacity(again.len()));
        for row in again {
            let before = found.len();
            found.extend(self.findings.of_row(row).iter().filter(|f| !f.rule.is_about_the_whole()));
            let from = self.whole.partition_point(|f| f.row < row);
            found.extend(self.whole[from..].iter().take_while(|f| f.row == row));
            found[before..].sort_unstable();
            if found[before..] == *self.findings.of_row(row) {
                found.truncate(before);
            } else {
                spans.push((row, found.len()));
            }
        }
        self.findings.replace_rows(&spans, &found);
    }

    /// Finds again what concerns the roster as a whole, where it is found by other tables.
    pub(super) fn renew_whole_by_tables(&mut self) {
        self.texts.is_changed = true;
        self.ways = WayCounts::default();
        for row in (0..self.roster.len()).filter(|row| !self.roster.is_aside(*row)) {
            for field in WAY_FIELDS {
                self.ways.put(self.checker.context().tables(), field, self.roster.cell(row, field), true);
            }
        }
        self.renew_whole(&[], &[], false);
    }

    fn find_whole(&mut self) -> Vec<Finding> {
        let mut usual = UsualTexts::new();
        let mut found = Vec::new();
        let tables = Arc::clone(self.context().tables());
        for (field, tally) in WATCHED.into_iter().zip(&mut self.texts.columns) {
            if self.checker.context().sheet().column(field).is_none() || self.roster.columns.of(field).is_none() {
                continue;
            }
            for one in usual_texts(field, &tally.listed(), &tables.spellings) {
                let place = usual.len() as u32;
                let mut note = |text: &str, what: Unusual| {
                    let rows = tally.rows(&self.roster, field, text);
                    found.extend(rows.iter().filter_map(|row| self.checker.unusual(*row, field, what, place)));
                };
                one.others.iter().for_each(|(text, _)| note(text, Unusual::Spelling));
                if one.has_gaps {
                    note("", Unusual::Gap);
                }
                usual.push(one);
            }
        }
        found.extend(self.bursts());
        found.sort_unstable();
        self.checker.set_usual(Arc::new(usual));
        found
    }

    /// Finds a person's certificates, each with its key, that are more at once than people usually get.
    pub(super) fn doubted(&self, awards: &mut [(u64, RowId)], found: &mut Vec<Finding>) {
        for (of_day, counts) in DoubtCounts::by_day(awards).take_while(|(_, counts)| 1 < counts.certificates) {
            let doubts = self.checker.doubtful(0, &counts);
            found.extend(of_day.iter().flat_map(|(_, row)| doubts.iter().map(|doubt| Finding { row: *row, ..*doubt })));
        }
    }

    fn may_have_bursts(&self) -> bool {
        let limit = self.context().tables().doubt.day_certificates;
        limit != 0 && u32::from(limit) <= self.roster.len()
    }

    /// Finds days with very many certificates, each in the first row of the day.
    fn bursts(&self) -> Vec<Finding> {
        if !self.may_have_bursts() {
            return Vec::new();
        }
        let limit = self.context().tables().doubt.day_certificates;
        full_days(&self.keys[2], limit.into()).filter_map(|(row, count)| self.checker.burst(row, count)).collect()
    }
}

/// Lists the days with so many certificates at least: the first row of each, and how many there are.
fn full_days(keys: &[u64], least: u32) -> impl Iterator<Item = (RowId, usize)> {
    let mut counts = vec![0u32; usize::from(u16::MAX) + 1];
    keys.iter().for_each(|key| counts[usize::from(award::day(*key))] += 1);
    // Those whose day is not known are of none.
    counts[0] = 0;
    let is_full = |count: u32| least.max(1) <= count;
    let mut days = counts.iter().filter(|count| is_full(**count)).count();
    let mut first_rows = vec![None; counts.len()];
    for (row, day) in keys.iter().map(|key| usize::from(award::day(*key))).enumerate() {
        if days == 0 {
            break;
        }
        if is_full(counts[day]) && first_rows[day].is_none() {
            first_rows[day] = Some(row as RowId);
            days -= 1;
        }
    }
    first_rows.into_iter().zip(counts).filter_map(|(row, count)| Some((row?, count as usize)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::BlockBuilder;
    use crate::domain::rules::MetText;
    use crate::domain::sheet::{ColumnMap, SourceColumn};

    /// Makes a roster with one column, 工作单位, and what was met of it.
    fn employers(rows: usize, employer: impl Fn(usize) -> &'static str) -> (Roster, ColumnTexts) {
        let column = SourceColumn { field: Some(Field::Employer), ..SourceColumn::default() };
        let mut roster = Roster::new(ColumnMap::new(vec![column]), 2);
        let mut builder = BlockBuilder::new();
        for row in 0..rows {
            builder.cell(employer(row));
            builder.end_row(row as u32);
        }
        roster.append(Arc::new(builder.finish(rows as u32)));
        let met = |text: &'static str| {
            let having: Vec<RowId> = (0..rows).filter(|row| employer(*row) == text).map(|row| row as RowId).collect();
            MetText {
                column: 0,
                key: text_key(Field::Employer, text.as_bytes()),
                text: Some(text.into()),
                count: having.len() as u32,
                rows: having.into_iter().take(NOTED_ROWS).collect(),
            }
        };
        let different: BTreeSet<&str> = (0..rows).map(&employer).collect();
        let mut texts = ColumnTexts::default();
        texts.take(0, &mut BlockReport { texts: different.into_iter().map(met).collect(), ..BlockReport::default() });
        (roster, texts)
    }

    fn first_rows(roster: &Roster, text: &str) -> Vec<RowId> {
        (0..roster.len()).filter(|row| roster.cell(*row, Field::Employer) == text).take(NOTED_ROWS).collect()
    }

    #[test]
    fn a_text_has_its_first_rows_noted_through_every_change() {
        let (mut roster, mut texts) = employers(500, |row| ["甲厂", "乙厂", "甲厂", "丙厂"][row % 4]);
        let mut chance = 7u32;
        for step in 0..2000 {
            chance = chance.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let row = (chance >> 8) % if step % 3 == 0 { 40 } else { 500 };
            let text = ["甲厂", "乙厂", "丙厂", "丁厂"][(chance >> 20) as usize % 4];
            texts.change(row, Field::Employer, roster.cell(row, Field::Employer), text);
            roster.set(row, Field::Employer, &Arc::from(text));
            if step % 2 == 0 {
                let asked = ["甲厂", "乙厂", "丙厂", "丁厂"][step / 2 % 4];
                assert_eq!(
                    texts.columns[0].rows(&roster, Field::Employer, asked),
                    first_rows(&roster, asked),
                    "{step}"
                );
            }
        }
    }

    #[test]
    fn rows_that_were_looked_at_for_a_text_are_not_looked_at_again() {
        let (mut roster, mut texts) = employers(1000, |row| if (10..=900).contains(&row) { "乙厂" } else { "甲厂" });
        let of = |texts: &ColumnTexts| {
            let known = &texts.columns[0].texts[&text_key(Field::Employer, "甲厂".as_bytes())];
            (known.rows.len(), known.noted_to)
        };
        assert_eq!(of(&texts), (20, 911));
        texts.change(3, Field::Employer, "甲厂", "乙厂");
        roster.set(3, Field::Employer, &Arc::from("乙厂"));
        assert_eq!(of(&texts), (19, 911));
        assert_eq!(texts.columns[0].rows(&roster, Field::Employer, "甲厂").len(), 20);
        assert_eq!(of(&texts), (20, 912), "the next one only, and it is kept");
        for row in (0..10).chain(901..995).filter(|row| *row != 3) {
            texts.change(row, Field::Employer, "甲厂", "乙厂");
            roster.set(row, Field::Employer, &Arc::from("乙厂"));
        }
        assert_eq!(texts.columns[0].rows(&roster, Field::Employer, "甲厂"), [995, 996, 997, 998, 999]);
        assert_eq!(of(&texts), (5, 1000));
    }

    #[test]
    fn only_days_that_have_certificates_are_looked_at() {
        let listed = |least| full_days(&[0, 0x10_2328, 0, 0x01_1f40, 0x20_2328], least).collect::<Vec<_>>();
        assert_eq!((listed(0), listed(1), listed(2)), (vec![(3, 1), (1, 2)], vec![(3, 1), (1, 2)], vec![(1, 2)]));
    }
}
