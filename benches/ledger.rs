//! A ledger of 5,000,000 certificates: the first screen of each kind of search (50 ms at most), and a roster of 100,000 rows
//! compared with it. Making the ledger takes a minute or two; `LEDGER` says how many certificates, for a smaller one.

// Helpers of benches may fail as loudly as tests.
#![allow(clippy::unwrap_used)]
#![allow(missing_docs)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use rusqlite::{Connection, params};
use skillcert::domain::ledger::search::CertificateQuery;
use skillcert::domain::sound::initials;
use skillcert::store::{StatePaths, Store, StoreReader};

/// Each series has so many certificates.
const SERIES: u32 = 90_000;

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "欧阳",
];
const GIVEN: [&str; 25] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平",
    "刚", "英", "华", "玉", "萍", "红",
];

fn name(i: u32) -> String {
    let [a, b, c] = [i % 20, i / 20 % 25, i / 500 % 25].map(|n| n as usize);
    [SURNAMES[a], GIVEN[b], GIVEN[c]].concat()
}

fn id_number(i: u32) -> String {
    // Spread as people are, and not in the order of the codes.
    let spread = i.wrapping_mul(2_654_435_761);
    format!(
        "62{:04}19{:02}{:02}{:02}{:04}",
        spread % 10_000,
        50 + i % 50,
        i % 12 + 1,
        i % 28 + 1,
        spread / 10_000 % 10_000
    )
}

fn code(i: u32) -> String {
    format!("S0000{:02}{:06}242J{:05}", 60 + i / SERIES / 5 % 40, i / SERIES, i % SERIES + 1)
}

fn make(home: &Path, count: u32) {
    let places = StatePaths::at(home).unwrap();
    drop(Store::open(&places, "bench", "bench").unwrap());
    let db = Connection::open(places.database()).unwrap();
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -1000000; BEGIN")
        .unwrap();
    db.execute("INSERT INTO audit VALUES (1, '2026-11-21T08:00:00Z', 'u', 'x', '', '', '', '', '', '')", []).unwrap();
    db.execute(
        "INSERT INTO assessment VALUES (2, '汽车维修工', '--', '2', '2024-11-08', '样例组委会', '样例组委会(代章)')",
        [],
    )
    .unwrap();
    let mut series = db
        .prepare("INSERT INTO series (id, key, profile, first, last, high) VALUES (?1, ?2, 'national', 1, 99999, ?3)")
        .unwrap();
    let mut certificate = db
        .prepare(
            "INSERT INTO certificate (id, code, status, status_on, taken, name, pinyin, id_type, id_number, employer, assessment)
             VALUES (?1, ?2, 'published', '2024-11-08', 1, ?3, ?4, '201', ?5, '兰州陇原机械有限公司', 2)",
        )
        .unwrap();
    for i in 0..count {
        if i % SERIES == 0 {
            let key = format!("{}*****", &code(i)[..17]);
            series.execute(params![i / SERIES + 1, key, SERIES]).unwrap();
        }
        let id = i64::from(i / SERIES + 1) << 30 | i64::from(i % SERIES + 1);
        let name = name(i);
        certificate.execute(params![id, code(i), name, initials(&name), id_number(i)]).unwrap();
    }
    drop((series, certificate));
    db.execute_batch("COMMIT").unwrap();
}

fn ledger(criterion: &mut Criterion) {
    let count: u32 = std::env::var("LEDGER").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000_000);
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), count);
    let places = StatePaths::at(folder.path()).unwrap();
    let mut group = criterion.benchmark_group("ledger");
    group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(2));
    let some = code(count / 2);
    let person = id_number(count / 3);
    for (kind, text) in [
        ("code", some.as_str()),
        ("code prefix", &some[..9]),
        ("ID number", &person),
        ("ID number prefix", &person[..6]),
        ("name", "欧阳娜娜"),
        ("name prefix", "王"),
        ("initials", "zw"),
        ("one letter", "z"),
        ("nothing that is there", "司马"),
    ] {
        // A new reader each time: nothing is in its cache, as when the program has just been started.
        group.bench_function(format!("first screen by {kind}"), |b| {
            b.iter(|| {
                let reader = StoreReader::open(&places).unwrap().unwrap();
                black_box(reader.search(&CertificateQuery::new(text), None, 50).unwrap())
            });
        });
    }
    group.finish();
    let reader = StoreReader::open(&places).unwrap().unwrap();
    let rows = (0..100_000).map(|i| i * (count / 100_000));
    let (codes, people) = rows.map(|i| (code(i), id_number(i))).unzip();
    let begun = Instant::now();
    let known = reader.known(None, codes, people).unwrap();
    let found = known.certificates().len();
    // One run says it: the second would find everything in memory.
    criterion.bench_function(
        format!("100,000 rows find {found} certificates in {:?}", begun.elapsed()).as_str(),
        |b| {
            b.iter(|| black_box(known.certificates().len()));
        },
    );
}

criterion_group! {
    name = benches;
    config = Criterion::default();
    targets = ledger
}
criterion_main!(benches);
