//! What it costs to count the values of a column, to find those that mean the same, and to replace or cut in every row.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use skillcert::data;
use skillcert::domain::replace::{Reach, Replaced, Replacing};
use skillcert::domain::reshape::{ReshapeAct, Reshaping};
use skillcert::domain::roster::{BlockBuilder, CellSource, Roster};
use skillcert::domain::sheet::{ColumnMap, Field};
use skillcert::domain::spared::Spared;
use skillcert::domain::values::ColumnValues;
use skillcert::domain::values::groups::value_groups;
use skillcert::domain::values::places::Places;

const ROWS: u32 = 1_000_000;
const ROWS_PER_BLOCK: u32 = 10_000;

/// Names of which every tenth is a slip of the one before.
fn name(n: u32) -> String {
    let signs = ["甘", "陇", "秦", "渭", "泾", "洮", "夏", "敦", "酒", "张"];
    let word: String = [n / 1000 % 10, n / 100 % 10, n / 10 % 10].map(|at| signs[at as usize]).concat();
    let city = ["兰州", "天水", "白银", "定西", "庆阳"][(n / 10_000) as usize % 5];
    let slip = if n % 10 == 9 { "市" } else { "" };
    format!("{city}{slip}{word}机械{}厂", signs[(n / 7 % 10) as usize])
}

fn roster(distinct: u32) -> Roster {
    let profile = data::profile("gansu-competition").expect("built in");
    let sheet = data::sheet(profile.upload_sheet()).expect("built in");
    let labels: Vec<String> = sheet.columns.iter().map(|c| c.label.clone()).collect();
    let mut roster = Roster::new(ColumnMap::matched(&labels, &sheet), 2);
    for first in (0..ROWS).step_by(ROWS_PER_BLOCK as usize) {
        let mut rows = BlockBuilder::new();
        for n in first..first + ROWS_PER_BLOCK {
            for cell in ["张伟", "201", "620102197501010001", &name(n % distinct), "汽车维修工"] {
                rows.cell(cell);
            }
            rows.end_row(n - first);
        }
        roster.append(Arc::new(rows.finish(ROWS_PER_BLOCK)));
    }
    roster
}

fn columns(c: &mut Criterion) {
    let (roster, nobody, spared) = (roster(50_000), || false, Spared::default());
    let mut group = c.benchmark_group("a column of 1,000,000 rows");
    group.sample_size(10);
    let count = || ColumnValues::of(&roster, Field::Employer, &[], &nobody).expect("values");
    group.bench_function("its values", |b| b.iter(count));
    let values = count();
    let to: Vec<(usize, Arc<str>)> = (0..values.all().len()).map(|place| (place, Arc::from("一"))).collect();
    group.bench_function("all values set to one", |b| b.iter(|| Replaced::set(&values, &spared, black_box(&to))));
    let reach = Reach { fields: vec![Field::Employer], rows: None };
    for (what, replacing) in
        [("a text", Replacing::text("机械", "")), ("an expression", Replacing::expression("机(.)", "$1"))]
    {
        let replacing = replacing.expect("a pattern");
        group.bench_function(format!("{what} replaced in every row"), |b| {
            b.iter(|| replacing.plan((&roster, &spared), &reach, &nobody));
        });
    }
    let from = vec![CellSource::Field(Field::Employer)];
    let cut = Reshaping::new(ReshapeAct::Split, from, vec![Field::WorkType], "机械", false).expect("a column to cut");
    group.bench_function("cut in two in every row", |b| b.iter(|| cut.plan((&roster, &spared), None, &nobody)));
    group.finish();
    let some: Vec<(Arc<str>, u32)> = values.all().iter().take(20_000).map(|v| (Arc::clone(&v.text), v.rows)).collect();
    let mut group = c.benchmark_group("groups");
    group.sample_size(10);
    let divisions = data::divisions();
    let places = Places::new(divisions.iter().map(|division| &*division.name), data::spellings());
    group.bench_function(format!("{} values", some.len()), |b| {
        b.iter(|| value_groups(black_box(&some), &[], (data::spellings(), &places), &nobody));
    });
    group.finish();
}

criterion_group!(benches, columns);
criterion_main!(benches);
