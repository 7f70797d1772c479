//! What may be repaired without a look: over every file there is, a safe fix leaves the rule quiet and the cell right, loses no
//! text, and gives nobody another's code or ID number.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use skillcert::domain::batch::{Batch, asked};
use skillcert::domain::date;
use skillcert::domain::identity::IdTypeReading;
use skillcert::domain::level;
use skillcert::domain::roster::RowId;
use skillcert::domain::rules::{Finding, Safety, Severity};
use skillcert::domain::sheet::Field;
use skillcert::domain::text;
use skillcert::office::{KeptRows, RosterReading};

use super::{batch_of, case_files};
use crate::support::{Desk, root};

/// Files with more rows than this say nothing new.
const MOST_ROWS: u32 = 3_000;

fn files() -> Vec<PathBuf> {
    let folders = ["tests/fixtures", "data/samples"];
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(root(folder)).expect("a folder"));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    let is_roster = |path: &Path| {
        let is_hostile = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("hostile"));
        !is_hostile && path.extension().is_some_and(|end| ["csv", "xlsx", "xls", "ods"].map(OsStr::new).contains(&end))
    };
    files.retain(|path| is_roster(path));
    files.sort();
    files
}

pub fn read(desk: &Desk, path: &Path) -> Option<Batch> {
    let loaded = desk.office().load(path, &RosterReading::default(), KeptRows::All, &mut |_| ()).ok()?;
    Some(loaded.batch).filter(|batch| batch.roster().len() <= MOST_ROWS)
}

/// What a cell says, however it is written.
fn meaning(batch: &Batch, field: Field, cell: &str) -> String {
    let is_nothing = |c: &char| matches!(c, '-' | '—' | '－' | '/' | '无' | '空' | '一' | ' ');
    match field {
        Field::IdType => match batch.context().tables().id_types.read(cell) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => i.to_string(),
            IdTypeReading::Unknown(_) => cell.to_string(),
        },
        Field::Level => level::read(cell).level().map_or(cell.to_string(), |level| level.digit().to_string()),
        Field::IssueDate => date::read(cell).day().map_or(cell.to_string(), |day| day.to_string()),
        Field::Code | Field::IdNumber => asked(field, cell).into_owned(),
        Field::WorkType if cell.chars().all(|c| is_nothing(&c)) || ["没有", "无工种"].contains(&cell) => {
            String::new()
        }
        _ => {
            let decoded = batch.context().tables().leftovers.decoded(cell).into_owned();
            let visible = decoded.chars().filter(|c| !text::is_control(*c)).map(text::half_width);
            visible.filter(|c| c.is_alphanumeric()).collect()
        }
    }
}

/// Counts the rows of each code and ID number.
fn owners(batch: &Batch) -> BTreeMap<(Field, String), usize> {
    let mut owners = BTreeMap::new();
    for (row, field) in (0..batch.roster().len()).flat_map(|row| [(row, Field::Code), (row, Field::IdNumber)]) {
        *owners.entry((field, asked(field, batch.roster().cell(row, field)).into_owned())).or_insert(0) += 1;
    }
    owners
}

fn wrong_alone(batch: &Batch, row: RowId, field: Field) -> Option<Finding> {
    let errors = batch.findings().of_row(row).iter().filter(|f| f.field == field && f.severity() == Severity::Error);
    errors.copied().find(|f| f.rule.is_about_the_cell_alone())
}

/// Applies the safe fixes of a batch, each alone and then all at once; says what they should not have done.
fn faults(batch: &mut Batch) -> Vec<String> {
    let mut faults = Vec::new();
    let safe: Vec<Finding> = batch.findings().iter().copied().collect();
    for finding in safe {
        let (row, field, code) = (finding.row, finding.field, finding.rule.spec().code);
        let Some(fix) = batch.fix(&finding).filter(|fix| fix.safety == Safety::Safe) else { continue };
        let before = batch.roster().cell(row, field).to_string();
        let owners_before = owners(batch);
        let change = batch.change("fix", [(row, field, Arc::from(fix.to.as_str()))]);
        batch.apply(change);
        if batch.findings().of_row(row).iter().any(|f| (f.rule, f.field) == (finding.rule, field)) {
            faults.push(format!("{code}: {before:?} → {:?} is still found", fix.to));
        }
        if !before.trim().is_empty() && meaning(batch, field, &before) != meaning(batch, field, &fix.to) {
            faults.push(format!("{code}: {before:?} → {:?} loses text", fix.to));
        }
        for (owner, count) in owners(batch) {
            if !owner.1.is_empty() && owners_before.get(&owner).is_some_and(|was| *was < count) {
                faults.push(format!("{code}: {before:?} → {:?} is another's", fix.to));
            }
        }
        batch.undo();
    }
    let plan = batch.plan_fixes(false, |_| true);
    let cells: Vec<(RowId, Field, Arc<str>)> =
        plan.edits.iter().map(|e| (e.row, e.field, Arc::clone(&e.after))).collect();
    let change = batch.change("fix", cells);
    batch.apply(change);
    for edit in &plan.edits {
        if let Some(finding) = wrong_alone(batch, edit.row, edit.field) {
            let code = finding.rule.spec().code;
            faults.push(format!("{:?} became {:?}, which {code} finds wrong", edit.before, edit.after));
        }
    }
    faults
}

#[test]
fn a_safe_fix_is_safe_in_every_file() {
    let desk = Desk::new();
    let (mut faulty, mut read_files) = (Vec::new(), 0);
    for path in files() {
        let Some(mut batch) = read(&desk, &path) else { continue };
        read_files += 1;
        // Nor does any of them hold a row that only looks as if its cells had moved.
        let has_moved = batch.findings().iter().any(|f| f.rule.spec().code == "S07");
        let is_meant = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("w11_shifted"));
        faulty.extend((has_moved != is_meant).then(|| format!("{}: S07", path.display())));
        faulty.extend(faults(&mut batch).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(30 <= read_files, "{read_files} files");
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

#[test]
fn a_safe_fix_is_safe_in_every_case_of_every_rule() {
    let mut faulty = Vec::new();
    for (path, _, file) in case_files() {
        for case in &file.case {
            let found = faults(&mut batch_of(case));
            faulty.extend(found.into_iter().map(|fault| format!("{}: {fault}", path.display())));
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

/// Files from outside: texts under a merged range, a code over two people, labels and remarks beside a number.
#[test]
fn what_a_fix_cannot_make_right_is_to_be_looked_at() {
    let desk = Desk::new();
    let safety = |file: &str, line: u32, rule: &str| {
        let batch = read(&desk, &root("tests/fixtures").join(file)).expect("a roster");
        let is_it = |f: &&Finding| batch.roster().line(f.row) == line && f.rule.spec().code == rule;
        let finding = batch.findings().iter().find(is_it).unwrap_or_else(|| panic!("{file} {line} {rule}"));
        batch.fix(finding).map(|fix| fix.safety)
    };
    let cases = [
        ("m02_merge_keeps_hidden.xlsx", 3, "S05", Some(Safety::Unsafe)),
        ("m04_code_merged.xlsx", 4, "S05", None),
        ("p29_label_in_cell.xlsx", 2, "D12", Some(Safety::Unsafe)),
        ("p29_label_in_cell.xlsx", 3, "D12", Some(Safety::Safe)),
        ("i02_typed_ids.csv", 2, "D12", Some(Safety::Safe)),
        ("i02_typed_ids.csv", 5, "D12", Some(Safety::Unsafe)),
    ];
    for (file, line, rule, expected) in cases {
        assert_eq!(safety(file, line, rule), expected, "{file} row {line} {rule}");
    }
}
