//! How long a person waits for the first screen: on an empty state folder (30 ms at most), and with a file of 3,000 rows.
//! Beside it stands the start of the bare process, which no screen can undercut.

// Helpers of benches may fail as loudly as tests.
#![allow(clippy::unwrap_used)]
#![allow(missing_docs)]

use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const PROGRAM: &str = env!("CARGO_BIN_EXE_skillcert");

/// Starts the workbench on a pseudo-terminal and waits until it shows something; then leaves it.
fn first_screen(home: &Path, arguments: &[&str], shows: &str) -> Duration {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(arguments);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("SKILLCERT_HOME", home);
    command.env("SKILLCERT_CONFIG", "");
    command.cwd(home);
    let mut from = pair.master.try_clone_reader().unwrap();
    let begun = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (mut seen, mut piece) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&seen).contains(shows) {
        let count = from.read(&mut piece).unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend(&piece[..count]);
    }
    let took = begun.elapsed();
    // What it still writes is taken, or it could not end.
    let rest = thread::spawn(move || while from.read(&mut piece).is_ok_and(|count| count != 0) {});
    child.clone_killer().kill().unwrap();
    child.wait().unwrap();
    drop(pair.master);
    rest.join().unwrap();
    took
}

fn roster(path: &Path) {
    let mut text = String::from(
        "姓名,证件类型,证件号码,所在单位,职业名称,工种/职业方向,职业技能等级,证书编号,发证日期,评价机构,发证机构\n",
    );
    for i in 1..=3_000 {
        text += &format!(
            "张伟,201,6201021975{:02}{:02}{:03}X,兰州机械厂,汽车维修工,--,2,S000062010001242J{i:05},2024-11-08,样例组委会,样例组委会\n",
            i / 250 + 1,
            i % 28 + 1,
            i % 1000
        );
    }
    std::fs::write(path, text).unwrap();
}

fn start(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    group.sample_size(20);
    group.bench_function("process alone", |b| {
        b.iter(|| Command::new(PROGRAM).arg("--version").output().unwrap());
    });
    let several = |times: u64, one: &mut dyn FnMut() -> Duration| (0..times).map(|_| one()).sum::<Duration>();
    group.bench_function("first screen, empty state folder", |b| {
        b.iter_custom(|times| {
            several(times, &mut || {
                let home = tempfile::tempdir().unwrap();
                first_screen(home.path(), &[], "skillcert")
            })
        });
    });
    let home = tempfile::tempdir().unwrap();
    roster(&home.path().join("roster.csv"));
    group.bench_function("first rows of a file", |b| {
        b.iter_custom(|times| {
            several(times, &mut || {
                let fresh = tempfile::tempdir().unwrap();
                std::fs::copy(home.path().join("roster.csv"), fresh.path().join("roster.csv")).unwrap();
                first_screen(fresh.path(), &["open", "roster.csv"], "张*")
            })
        });
    });
    group.finish();
}

criterion_group!(benches, start);
criterion_main!(benches);
