//! What one code costs: looked at under every profile, and examined for the screen.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::sync::Arc;

use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use skillcert::data;
use skillcert::domain::decoder::{Decoder, Scratch, is_plain};

fn decode(c: &mut Criterion) {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let decoder = Decoder::new(data::profiles().to_vec(), Arc::new(data::tables([])), today);
    let mut group = c.benchmark_group("decode");
    group.throughput(Throughput::Elements(1));
    for (name, code) in [("right", "S000062010001242J00001"), ("wrong", "S000062010001902J00000")] {
        let mut scratch = Scratch::default();
        group.bench_function(format!("a plain code, {name}"), |b| {
            b.iter(|| is_plain(black_box(code).as_bytes()).and_then(|code| decoder.glance(code, &mut scratch)));
        });
    }
    for (name, text) in [
        ("a code for the screen", "S000062010001242J00001"),
        ("a code with a zero lost", "S00062010001242J00001"),
        ("a resident ID number", "11010519491231002X"),
        ("no number", "甘肃省职业技能竞赛"),
    ] {
        group.bench_function(name, |b| b.iter(|| decoder.examine(black_box(text))));
    }
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
