//! What giving numbers to a batch costs against the database's own insert of the same rows in one transaction.
//!
//! The baseline (`same rows`) is one bare table with every column of a certificate written out in every row, a unique code and
//! a unique number, the same journal and the same syncs as the store's; no search index, no chain, no change log. It may be
//! reached twice over at most. `narrow rows` is code, series, serial, person and time only, for comparison. All take turns; the
//! medians and their ratios are printed. `ROWS` and `ROUNDS` in the environment change their numbers.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use rusqlite::{Connection, TransactionBehavior, params};
use skillcert::data;
use skillcert::domain::batch::Batch;
use skillcert::domain::identity::check_character;
use skillcert::domain::ledger::plan::{Plan, PlanWish, RowRefusal};
use skillcert::domain::numbering;
use skillcert::domain::roster::{Block, BlockBuilder, Origin};
use skillcert::domain::rules::CheckContext;
use skillcert::domain::sheet::{ColumnMap, Field, SourceColumn};
use skillcert::store::{Allocation, NewBatch, StatePaths, Store};

const PREFIX: &str = "S000062010001";

fn number(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn columns() -> ColumnMap {
    let column =
        |field: &Field| SourceColumn { label: format!("{field:?}"), field: Some(*field), ..SourceColumn::default() };
    ColumnMap::new(Field::ALL[..11].iter().map(column).collect())
}

fn block(first: u32, last: u32) -> Block {
    let (surnames, given) = ("张王李赵陈刘杨黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚");
    let name = |n: u32| -> String {
        let of = |all: &str, n: u32| all.chars().nth(n as usize % all.chars().count()).unwrap();
        [of(surnames, n), of(given, n / 10), of(given, n / 200)].iter().collect()
    };
    let mut rows = BlockBuilder::new();
    for n in first..last {
        let body =
            format!("62010219{:02}{:02}{:02}{:03}", 60 + n / 336_000, n % 12 + 1, n / 12 % 28 + 1, n / 336 % 1000);
        let check = char::from(check_character(body.as_bytes()).unwrap());
        let id = format!("{body}{check}");
        let (person, level) = (name(n), (n % 5 + 1).to_string());
        let organiser = "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)";
        let body = format!("{organiser}(甘肃省职业技能鉴定指导中心代章)");
        let cells = [
            &person,
            "201",
            &id,
            "兰州陇原机械有限公司",
            "汽车维修工",
            "汽车机械维修工",
            &level,
            "",
            "2024-11-08",
            organiser,
            &body,
        ];
        cells.into_iter().for_each(|cell| rows.cell(cell));
        rows.end_row(n - first);
    }
    rows.finish(last - first)
}

fn batch(rows: u32) -> Batch {
    let profile = data::profile("gansu-competition").unwrap();
    let sheet = data::sheet(profile.upload_sheet()).unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let context = CheckContext::new(profile, sheet, Arc::new(data::tables([])), today);
    let mut batch = Batch::new(Origin::default(), columns(), 2, context);
    batch.check_and_append(Arc::new(block(0, rows)));
    batch
}

/// Gives numbers to the batch in a new store; seconds.
fn allocate(folder: &Path, batch: &Batch, plan: &Plan) -> f64 {
    let store = Store::open(&StatePaths::at(folder).unwrap(), "clerk", "bench").unwrap();
    let id = store.create_batch(&NewBatch { columns: columns(), ..NewBatch::default() }).unwrap();
    store.complete_batch(id, batch.roster().len(), None).unwrap();
    let change = numbering::change(batch, plan, "");
    let start = Instant::now();
    let holder = |planned: &_| numbering::planned_holder(batch, planned);
    let on = batch.context().today();
    store.allocate(id, &Allocation { plan, change: &change, holder: &holder, on, reason: "" }).unwrap();
    start.elapsed().as_secs_f64()
}

/// Inserts only code, number, person and time into a bare table; seconds.
fn narrow(file: &Path, batch: &Batch, plan: &Plan) -> f64 {
    let mut db = Connection::open(file).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;
         CREATE TABLE number (code TEXT NOT NULL UNIQUE, series TEXT NOT NULL, serial INTEGER NOT NULL, person TEXT NOT NULL,
             at TEXT NOT NULL, UNIQUE (series, serial));",
    )
    .unwrap();
    let rows: Vec<_> = plan.rows.iter().map(|p| (p, numbering::planned_holder(batch, p).id_number)).collect();
    let start = Instant::now();
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    for (p, person) in &rows {
        tx.prepare_cached("INSERT INTO number VALUES (?1, ?2, ?3, ?4, '2026-11-21T08:00:00Z')")
            .unwrap()
            .execute(params![p.code.as_str(), &p.code.as_str()[..17], p.serial, person])
            .unwrap();
    }
    tx.commit().unwrap();
    start.elapsed().as_secs_f64()
}

/// Inserts the same records into a bare table; seconds.
fn bare(file: &Path, batch: &Batch, plan: &Plan) -> f64 {
    let mut db = Connection::open(file).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;
         CREATE TABLE certificate (code TEXT NOT NULL UNIQUE, series TEXT NOT NULL, serial INTEGER NOT NULL, status TEXT NOT NULL,
             status_on TEXT NOT NULL, batch INTEGER, row INTEGER, taken INTEGER, name TEXT, pinyin TEXT, id_type TEXT,
             id_number TEXT, employer TEXT, occupation TEXT, work_type TEXT, level TEXT, issue_date TEXT, institution TEXT,
             issuing_body TEXT, reissued_on TEXT, UNIQUE (series, serial));",
    )
    .unwrap();
    let rows: Vec<_> = plan.rows.iter().map(|p| (p, numbering::planned_holder(batch, p))).collect();
    let start = Instant::now();
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    for (p, h) in &rows {
        tx.prepare_cached(
            "INSERT INTO certificate VALUES (?1, ?2, ?3, 'allocated', '2026-11-21', 1, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
             ?13, ?14, ?15, '')",
        )
        .unwrap()
        .execute(params![
            p.code.as_str(),
            &p.code.as_str()[..17],
            p.serial,
            p.row,
            h.name,
            "zww",
            h.id_type,
            h.id_number,
            h.employer,
            h.occupation,
            h.work_type,
            h.level,
            h.issue_date,
            h.institution,
            h.issuing_body
        ])
        .unwrap();
    }
    tx.commit().unwrap();
    start.elapsed().as_secs_f64()
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn main() {
    let (rows, rounds) = (number("ROWS", 100_000), number("ROUNDS", 7));
    let batch = batch(rows);
    let unknown = |name: &str, _| Err(RowRefusal::UnknownInstitution(name.to_string(), None));
    let start = Instant::now();
    let plan = numbering::plan(&batch, PlanWish::default(), Some(PREFIX), &unknown, (&[], None));
    println!(
        "plan: {} numbers in {:.3} s, {} rows refused",
        plan.rows.len(),
        start.elapsed().as_secs_f64(),
        plan.refused.len()
    );
    let (mut ours, mut theirs, mut least) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        theirs.push(bare(&folder.path().join("bare.sqlite3"), &batch, &plan));
        ours.push(allocate(&folder.path().join("home"), &batch, &plan));
        least.push(narrow(&folder.path().join("narrow.sqlite3"), &batch, &plan));
        let last = |all: &[f64]| all[all.len() - 1];
        println!("same rows {:.3} s  narrow rows {:.3} s  allocate {:.3} s", last(&theirs), last(&least), last(&ours));
    }
    let (ours, theirs, least) = (median(ours), median(theirs), median(least));
    println!("median: same rows {theirs:.3} s, narrow rows {least:.3} s, allocate {ours:.3} s");
    println!("ratio to same rows {:.2}, to narrow rows {:.2}", ours / theirs, ours / least);
}
