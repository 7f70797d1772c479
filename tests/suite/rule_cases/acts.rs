//! Every act that changes a roster, one after the other: undone to the first, the roster is as it was imported, and at every point
//! what is found is what a check from scratch finds.

use std::sync::Arc;

use proptest::prelude::*;
use skillcert::data;
use skillcert::domain::answers::{AcceptedAnswers, AnswerColumns, Answers, anchor, asked_label, labels_of};
use skillcert::domain::batch::{Batch, Making};
use skillcert::domain::matching::{FillSource, carry_over};
use skillcert::domain::recipe::Recipe;
use skillcert::domain::replace::{Reach, Replaced, Replacing};
use skillcert::domain::roster::{CellEdit, Change, RowWhat};
use skillcert::domain::sheet::{ANCHOR_LABEL, Field};
use skillcert::domain::spared::Spared;
use skillcert::domain::values::ColumnValues;
use skillcert::domain::values::groups::value_groups;
use skillcert::domain::values::places::Places;

use super::batches::{Row, UPLOAD, any_cell, any_row, batch_of_blocks, current, finish, pool, same_as_from_scratch};

/// So many rows that a change of a column is one of many rows.
const ROWS: usize = 90;

/// Rows of which most are clean in most columns, and each column has all of its pool.
fn many_rows() -> Vec<Row> {
    let cell = |row: usize, field: &Field| {
        let texts = pool(*field);
        let at = (row * 7 + field.index() * 5 + row / 6) % (3 * texts.len());
        (texts.get(at).unwrap_or(&texts[0]).to_string(), None)
    };
    (0..ROWS).map(|row| UPLOAD.iter().map(|field| cell(row, field)).collect()).collect()
}

#[derive(Debug, Clone)]
enum Act {
    Edit(u32, Field, String),
    /// A whole column is set, or its blank cells alone.
    Set(Field, String, bool),
    /// A block is pasted from a cell on.
    Paste(u32, Field, Vec<String>),
    Fix(bool),
    Replace(Field, &'static str, &'static str),
    Merge(Field),
    Say(RowWhat, Vec<u32>, bool),
    /// From another file with such rows.
    Fill(Vec<Row>, bool),
    CarryOver(Vec<Row>, String),
    Recipe(Vec<Row>, String),
    Answer(u32, Field, String),
    TakeBack(usize, Option<usize>),
    Steps(usize),
    Undo,
    Redo,
}

fn any_act() -> impl Strategy<Value = Act> {
    let field = || prop::sample::select(UPLOAD);
    let cell = || field().prop_flat_map(|field| (Just(field), any_cell(field)));
    let row = || 0..ROWS as u32;
    let others = || prop::collection::vec(any_row(), 1..4);
    let what = prop::sample::select(&[RowWhat::Aside, RowWhat::Aside, RowWhat::Note][..]);
    let texts = [("公司", ""), ("第", "第 "), ("2", "3"), ("S", "s"), ("0", "O"), ("伟", "玮")];
    prop_oneof![
        3 => (row(), cell()).prop_map(|(row, (field, text))| Act::Edit(row, field, text)),
        2 => (cell(), any::<bool>()).prop_map(|((field, text), blank)| Act::Set(field, text, blank)),
        1 => (row(), field(), prop::collection::vec("[甲乙2 ]{0,2}", 1..5)).prop_map(|(r, f, t)| Act::Paste(r, f, t)),
        1 => any::<bool>().prop_map(Act::Fix),
        2 => (field(), prop::sample::select(texts.to_vec())).prop_map(|(field, (what, by))| Act::Replace(field, what, by)),
        1 => field().prop_map(Act::Merge),
        2 => (what, prop::collection::vec(row(), 1..40), any::<bool>()).prop_map(|(w, r, said)| Act::Say(w, r, said)),
        1 => (others(), any::<bool>()).prop_map(|(rows, all)| Act::Fill(rows, all)),
        1 => (others(), any_cell(Field::Employer)).prop_map(|(rows, text)| Act::CarryOver(rows, text)),
        1 => (others(), any_cell(Field::Institution)).prop_map(|(rows, text)| Act::Recipe(rows, text)),
        1 => (row(), cell()).prop_map(|(row, (field, text))| Act::Answer(row, field, text)),
        2 => (0usize..6, prop::option::of(0usize..3)).prop_map(|(step, only)| Act::TakeBack(step, only)),
        1 => (0usize..6).prop_map(Act::Steps),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

fn batch_of(rows: &[Row]) -> Batch {
    let mut batch = batch_of_blocks(&[rows.to_vec()]);
    finish(&mut batch);
    batch
}

/// Another batch in which one column was set to a text.
fn corrected(rows: &[Row], field: Field, text: &str) -> Batch {
    let mut other = batch_of(rows);
    let cells: Vec<_> = (0..other.roster().len()).map(|row| (row, field, Arc::from(text))).collect();
    let change = other.change("set", cells);
    other.apply(change);
    other
}

fn answered(batch: &Batch, row: u32, field: Field, text: &str) -> Vec<CellEdit> {
    let who = [Field::Name, Field::IdNumber];
    let mut labels = vec![ANCHOR_LABEL.to_string()];
    labels.extend(who.map(|field| asked_label(batch, field).to_string()));
    labels.push(labels_of(batch, field)[1].clone());
    let columns = AnswerColumns::of(&labels, batch).expect("a list");
    let mut cells = vec![anchor(batch, None, row, "")];
    cells.extend(who.map(|field| batch.roster().cell(row, field).to_string()));
    cells.push(text.to_string());
    let rows = [columns.row(2, &cells, |_| false)];
    Answers::judged((&columns, &rows), (None, batch), &[AcceptedAnswers::All]).edits(&[AcceptedAnswers::All], batch)
}

/// Makes the change that an act is; nothing for those that move among the steps.
fn change(batch: &mut Batch, act: &Act) -> Option<Change> {
    let of = |edits| Change { title: "act".into(), edits, ..Change::default() };
    let never = || false;
    let form = Arc::clone(batch.context().sheet());
    Some(match act {
        Act::Edit(row, field, text) => batch.change("act", [(*row, *field, Arc::from(text.as_str()))]),
        Act::Set(field, text, blank) => {
            let rows = batch.roster().left().filter(|row| !blank || batch.roster().cell(*row, *field).is_empty());
            batch.change("act", rows.map(|row| (row, *field, Arc::from(text.as_str()))))
        }
        Act::Paste(row, field, texts) => {
            let cells = (*row..).zip(texts).map(|(row, text)| (row, *field, Arc::from(text.as_str())));
            batch.change("act", cells)
        }
        Act::Fix(also_unsafe) => of(batch.plan_fixes(*also_unsafe, |_| true).edits),
        Act::Replace(field, what, by) => {
            let replacing = Replacing::text(what, by).expect("a text");
            let reach = Reach { fields: vec![*field], rows: None };
            of(replacing.plan((batch.roster(), &Spared::default()), &reach, &never).expect("planned").edits)
        }
        Act::Merge(field) => {
            let values = ColumnValues::of(batch.roster(), *field, &[], &never).expect("values");
            let some: Vec<_> = values.all().iter().map(|value| (Arc::clone(&value.text), value.rows)).collect();
            let groups = value_groups(&some, &[], (data::spellings(), &Places::default()), &never).expect("groups");
            let place = |text: &str| values.place_of(text).expect("a value");
            let to = groups
                .iter()
                .flat_map(|group| group.values.iter().map(|(text, _)| (place(text), Arc::clone(&group.proposed))));
            of(Replaced::set(&values, &Spared::default(), &to.collect::<Vec<_>>()).edits)
        }
        Act::Say(what, rows, is_said) => {
            let mut rows = rows.clone();
            rows.sort_unstable();
            rows.dedup();
            batch.say("act", *what, rows, is_said.then(|| Arc::from("重复")).as_ref())
        }
        Act::Fill(rows, also_filled) => {
            let source = FillSource::of_file("f".into(), &batch_of(rows), &form);
            let mut wish = source.usual_wish();
            wish.also_filled = *also_filled;
            let plan = source.plan(batch, &wish, &never).expect("planned");
            batch.change("act", plan.cells)
        }
        Act::CarryOver(rows, text) => {
            let before = corrected(rows, Field::Employer, text);
            let found = carry_over(before.roster(), (batch.roster(), &batch.lost_numbers()), &form.fields);
            batch.change("act", found.cells(|at| at % 2 == 0))
        }
        Act::Recipe(rows, text) => {
            let learned = Recipe::learned(corrected(rows, Field::Institution, text).roster(), &form);
            let cells = learned.recipe.plan((batch.roster(), &Spared::of(batch)), &form).cells;
            batch.change("act", cells)
        }
        Act::Answer(row, field, text) => of(answered(batch, *row, *field, text)),
        Act::TakeBack(step, only) => batch.history().taking_back(*step, *only).ok()?,
        Act::Steps(_) | Act::Undo | Act::Redo => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_acts_find_what_a_check_from_scratch_finds_and_undone_leave_the_import(
        acts in prop::collection::vec(any_act(), 1..9),
    ) {
        let mut batch = batch_of(&many_rows());
        let imported = (current(&batch), batch.findings().iter().copied().collect::<Vec<_>>());
        for act in &acts {
            let before = current(&batch);
            match (change(&mut batch, act), act) {
                (Some(change), _) => {
                    prop_assert_eq!(&current(&batch), &before, "planning changes nothing");
                    prop_assert_eq!(&change.inverse().inverse(), &change);
                    batch.apply(change);
                }
                (None, Act::Steps(wanted)) => drop(batch.make(Making::Steps(*wanted), &|_, _| false)),
                (None, Act::Redo) => drop(batch.redo()),
                (None, Act::Undo) => drop(batch.undo()),
                // A step that cannot be taken back by itself.
                (None, _) => {}
            }
            same_as_from_scratch(&batch)?;
        }
        batch.make(Making::Steps(0), &|_, _| false);
        prop_assert_eq!(batch.history().applied().len(), 0);
        let roster = batch.roster();
        prop_assert_eq!((roster.edited_count(), roster.count_aside(), roster.all_said(RowWhat::Note).len()), (0, 0, 0));
        prop_assert_eq!((current(&batch), batch.findings().iter().copied().collect::<Vec<_>>()), imported);
    }
}

#[test]
fn a_change_of_many_cells_can_be_followed_and_stopped() {
    let mut rows = many_rows();
    while rows.len() < 3_000 {
        rows.extend(many_rows());
    }
    let batch = batch_of(&rows);
    let set = |batch: &Batch| {
        let cells = (0..batch.roster().len()).map(|row| (row, Field::Employer, Arc::from("甲厂")));
        Making::Change(batch.change("set", cells))
    };
    let told = std::cell::RefCell::new(Vec::new());
    let follow = |done: usize, all: usize| {
        told.borrow_mut().push((done, all));
        false
    };
    let mut whole = batch.clone();
    let making = set(&batch);
    let cells = making.size(&batch);
    let made = whole.make(making, &follow).expect("made");
    assert_eq!((made.steps.len(), made.dropped, made.steps[0].0.edits.len()), (1, 0, cells));
    let told = told.into_inner();
    assert!(2 <= told.len() && told.is_sorted() && told.iter().all(|(done, all)| done < all), "{told:?}");
    // As soon as nobody wants it any more; what it was made on is as it was.
    for at in 0..told.len() {
        let left = std::cell::Cell::new(at);
        let stop = |_: usize, _: usize| left.replace(left.get().wrapping_sub(1)) == 0;
        assert!(batch.clone().make(set(&batch), &stop).is_none(), "{at}");
    }
    assert_eq!((batch.roster().edited_count(), batch.history().applied().len()), (0, 0));
    same_as_from_scratch(&whole).expect("the same");
    whole.make(Making::Steps(0), &|_, _| false).expect("taken back");
    assert_eq!(current(&whole), current(&batch));
    assert_eq!(whole.findings().iter().collect::<Vec<_>>(), batch.findings().iter().collect::<Vec<_>>());
}
