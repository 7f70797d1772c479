//! What one row, one block, one edit, one decode and one look-up cost. Whole-process ratios are measured from outside; see docs/speed.md.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use skillcert::data;
use skillcert::domain::batch::Batch;
use skillcert::domain::code::decode;
use skillcert::domain::identity::check_character;
use skillcert::domain::lookup::Index;
use skillcert::domain::replace::{Reach, Replacing};
use skillcert::domain::roster::{Block, BlockBuilder, Change, KeyIndex, Origin};
use skillcert::domain::rules::CheckContext;
use skillcert::domain::selection::{Chosen, Condition, Marks, RowSelection, Shown, SortBy};
use skillcert::domain::sheet::{ColumnMap, Field};
use skillcert::domain::spared::Spared;
use skillcert::locale::lookup_entries;
use skillcert::words::{Lang, Locale};

const ROWS_PER_BLOCK: u32 = 10_000;

fn context() -> CheckContext {
    let profile = data::profile("gansu-competition").expect("built in");
    let sheet = data::sheet(profile.upload_sheet()).expect("built in");
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let tables = Arc::new(data::tables([]));
    // As the office has it done: by all cores.
    CheckContext::new(profile, sheet, tables, today).working(|parts, work| {
        thread::scope(|scope| (0..parts).for_each(|part| drop(scope.spawn(move || work(part)))));
    })
}

/// Makes clean rows; the number makes each person and each code another.
fn block(first: u32) -> Block {
    let mut rows = BlockBuilder::new();
    for n in first..first + ROWS_PER_BLOCK {
        let body = format!(
            "620102{}{:02}{:02}{:03}",
            1970 + n / 100_000 % 30,
            1 + n / 1000 % 12,
            1 + n / 12_000 % 28,
            n % 1000
        );
        let check = char::from(check_character(body.as_bytes()).expect("digits"));
        let institution = format!("兰州市第{}届机械行业职业技能大赛组委会（办公室）", 1 + n % 9);
        for cell in [
            "张伟",
            "201",
            &format!("{body}{check}"),
            ["兰州陇原机械有限公司", "天水麦积技工学校", "白银恒信机电有限公司"][n as usize % 3],
            "汽车维修工",
            "汽车机械维修工",
            "3",
            &format!("S00006201{:04}243J{:05}", n / 99_999, 1 + n % 99_999),
            "2024-11-08",
            &institution,
            &format!("{institution}（甘肃省职业技能鉴定指导中心代章）"),
        ] {
            rows.cell(cell);
        }
        rows.end_row(n - first);
    }
    rows.finish(ROWS_PER_BLOCK)
}

fn batch(rows: u32) -> Batch {
    let context = context();
    let labels: Vec<String> = context.sheet().columns.iter().map(|c| c.label.clone()).collect();
    let columns = ColumnMap::matched(&labels, context.sheet());
    let mut batch = Batch::new(Origin::default(), columns, 2, context);
    for first in (0..rows).step_by(ROWS_PER_BLOCK as usize) {
        let block = block(first);
        let report = batch.checker().check_block(&block);
        batch.append(Arc::new(block), report);
    }
    batch.finish(|keys| keys.map(KeyIndex::build));
    batch
}

fn costs(c: &mut Criterion) {
    let small = batch(ROWS_PER_BLOCK);
    let rows = block(0);
    let mut group = c.benchmark_group("check");
    group.throughput(Throughput::Elements(u64::from(ROWS_PER_BLOCK)));
    group.bench_function("block of 10,000 clean rows", |b| b.iter(|| small.checker().check_block(black_box(&rows))));
    group.finish();

    let mut group = c.benchmark_group("edit one cell and check again");
    for rows in [10_000, 1_000_000] {
        let mut batch = batch(rows);
        let mut turn = 0u32;
        group.bench_function(format!("{rows} rows"), |b| {
            b.iter(|| {
                turn += 1;
                let row = turn.wrapping_mul(7919) % rows;
                let other = batch.roster().cell((row + 1) % rows, Field::Code).to_string();
                let change = batch.change("edit", [(row, Field::Code, Arc::from(other))]);
                batch.apply(change);
                batch.undo();
            });
        });
    }
    group.finish();

    let context = context();
    let regions = |table: &str, code: &str| context.tables().regions.name(table, code);
    c.bench_function("decode one code", |b| {
        b.iter(|| decode(&context.profile().layout, black_box("S000062010001242J00001"), &regions));
    });
}

/// What it costs to filter and to sort a million rows.
fn select(c: &mut Criterion) {
    let batch = batch(1_000_000);
    let marks = Marks::default();
    let of = Chosen { batch: &batch, marks: &marks };
    let mut group = c.benchmark_group("select among 1,000,000 rows");
    group.sample_size(10);
    let text = |text: &str, field| Condition::Text { text: text.into(), field };
    for (name, condition) in [
        ("a text that no row has", text("没有", None)),
        ("a text in every row", text("汽车", None)),
        ("a text in a column", text("天水", Some(Field::Employer))),
        ("a value", Condition::is(Field::Employer, ["天水麦积技工学校".into()])),
        ("errors", Condition::Errors),
        ("a status", Condition::Status(None)),
    ] {
        let selection = RowSelection { conditions: vec![condition], order: None };
        group.bench_function(name, |b| b.iter(|| Shown::new(selection.clone(), of)));
    }
    for field in [Field::Employer, Field::Institution, Field::IdNumber, Field::Code, Field::IssueDate] {
        let order = Some(SortBy { column: field.into(), is_descending: false });
        let selection = RowSelection { conditions: Vec::new(), order };
        group.bench_function(format!("sorted by {}", field.key()), |b| b.iter(|| Shown::new(selection.clone(), of)));
    }
    group.finish();
}

/// What it costs to change a million cells, with what is found after it, and to take that back. It is done on a copy, away from the
/// keys; beside it stands what it costs to read every cell once.
fn change(c: &mut Criterion) {
    let mut batch = batch(1_000_000);
    let mut group = c.benchmark_group("change 1,000,000 rows");
    group.sample_size(10);
    group.bench_function("every cell read once", |b| {
        b.iter(|| {
            let roster = batch.roster();
            Field::ALL.iter().flat_map(|field| roster.column(*field)).map(|(_, cell)| cell.len()).sum::<usize>()
        });
    });
    group.bench_function("copied", |b| b.iter_with_large_drop(|| batch.clone()));
    for (field, what, by) in [(Field::Employer, "有限公司", "公司"), (Field::Code, "J", "Y")] {
        let replacing = Replacing::text(what, by).expect("a text");
        let reach = Reach { fields: vec![field], rows: None };
        let edits = replacing.plan((batch.roster(), &Spared::default()), &reach, &|| false).expect("planned").edits;
        for is_back in [false, true] {
            let name =
                format!("{} cells of {} {}", edits.len(), field.key(), if is_back { "taken back" } else { "changed" });
            group.bench_function(name, |b| {
                b.iter_custom(|times| {
                    let once = || {
                        let change = Change { edits: edits.clone(), ..Change::default() };
                        let begun = Instant::now();
                        batch.apply(change);
                        let (changed, begun) = (begun.elapsed(), Instant::now());
                        batch.undo();
                        if is_back { begun.elapsed() } else { changed }
                    };
                    std::iter::repeat_with(once).take(times as usize).sum()
                });
            });
        }
    }
    group.finish();
}

/// What a key press in the look-up costs: one search over every table; and what is done once before the first.
fn look_up(c: &mut Criterion) {
    let locale = Locale::load(Lang::Zh);
    let catalogue = data::Catalogue::built_in();
    let index = Index::build(lookup_entries(&locale, &catalogue, None));
    let mut group = c.benchmark_group(format!("look up among {} entries", index.len()));
    for typed in ["l", "lzs", "lanzhou", "zhongqing", "620102", "兰州", "没有这样的词"] {
        group.bench_function(typed, |b| b.iter(|| index.search(black_box(typed), None, 500)));
    }
    group.bench_function("prepare", |b| b.iter(|| Index::build(lookup_entries(&locale, &catalogue, None))));
    group.finish();
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = costs, select, change, look_up }
criterion_main!(benches);
