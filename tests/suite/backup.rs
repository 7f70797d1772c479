//! Backups of the built program and the way back: nothing is lost, nothing is replaced unseen, no number is given twice.

mod access;
mod tampered;

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::Value;
use skillcert::formats::bundle::{self, Bundle, BundlePart};

use crate::pty::edit_employer;
use crate::support::harness::{Harness, PATIENCE};
use crate::support::shim::compiled;
use crate::support::{Desk, Ran, goods, root};

const KEY: &str = "S000062010001242J*****";
const DATABASE: &str = "skillcert.sqlite3";

fn on(desk: &Desk, home: &str, arguments: &[&str]) -> Ran {
    if arguments.first() == Some(&"ledger") {
        desk.folder(home);
    }
    desk.verb(&[&["--home", &desk.name(home)], arguments].concat())
}

#[track_caller]
fn json(desk: &Desk, home: &str, arguments: &[&str]) -> Value {
    let ran = on(desk, home, &[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    serde_json::from_slice(&ran.bytes).expect("json")
}

#[track_caller]
fn reserve(desk: &Desk, home: &str, count: u32) -> Ran {
    let count = count.to_string();
    let of = ["ledger", "reserve", "S000062010001", "--year", "24", "--level", "2", "--reason", "x", "--count", &count];
    on(desk, home, &of)
}

fn next(desk: &Desk, home: &str) -> String {
    let ran = on(desk, home, &["ledger", "next", "S000062010001", "--year", "24", "--level", "2"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.trim().to_string()
}

/// Backs a state folder up into a file.
#[track_caller]
fn back_up(desk: &Desk, home: &str, name: &str) -> PathBuf {
    let path = desk.path(name);
    let told = json(desk, home, &["backup", "--output", &desk.name(name)]);
    assert_eq!(told["path"], desk.name(name));
    assert_eq!(fs::metadata(&path).expect("the backup").mode() & 0o777, 0o600);
    path
}

#[track_caller]
fn is_sound(desk: &Desk, home: &str) {
    for verb in [["audit", "verify"], ["ledger", "verify"]] {
        let ran = on(desk, home, &verb);
        assert_eq!(ran.code, 0, "{verb:?}: {}{}", ran.out, ran.err);
    }
}

/// The same of a ledger that gives no numbers until its later ones are known.
#[track_caller]
fn is_whole(desk: &Desk, home: &str) {
    let ran = on(desk, home, &["ledger", "verify"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(folder)
        .expect("folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

#[test]
fn numbers_given_after_a_backup_are_never_given_again() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 5).code, 0);
    // A gap that is filled after the backup: 6 to 12 are known to be missing, then 10 comes in.
    let far = ["ledger", "reserve", "S000062010001", "--year", "24", "--level", "2", "--reason", "x", "--yes"];
    let ran = on(&desk, "state", &[&far[..], &["--from", "13", "--to", "14"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let file = back_up(&desk, "state", "a.zip");
    assert_eq!(on(&desk, "state", &[&far[..], &["--from", "10", "--to", "10"]].concat()).code, 0);
    assert_eq!(reserve(&desk, "state", 3).code, 0);
    // A series that the backup does not know at all.
    let other = ["ledger", "reserve", "S000062010001", "--year", "24", "--level", "3", "--reason", "x", "--count", "2"];
    assert_eq!(on(&desk, "state", &other).code, 0);
    assert_eq!(next(&desk, "state"), "S000062010001242J00018");

    let told = json(&desk, "state", &["restore", file.to_str().expect("UTF-8"), "--yes"]);
    let lacking = &told["lacking"];
    assert_eq!((&lacking["known"], &lacking["entries"]), (&true.into(), &3.into()));
    assert_eq!(lacking["actions"], serde_json::json!([{ "action": "ledger.reserve", "count": 3 }]));
    let gap = |first: u32, last: u32| serde_json::json!({ "series": KEY, "first": first, "last": last });
    let gaps = lacking["gaps"].as_array().expect("gaps");
    assert_eq!(gaps[..2], [gap(10, 10), gap(15, 17)], "{gaps:?}");
    assert_eq!(gaps.len(), 3);
    assert!(desk.path(told["kept"].as_str().expect("a copy")).exists());
    assert_eq!(next(&desk, "state"), "S000062010001242J00018", "as it was before");
    is_sound(&desk, "state");
    let shown = on(&desk, "state", &["ledger", "gaps"]).out;
    assert!(shown.contains("备份前已发出"), "{shown}");
    let entry = json(&desk, "state", &["audit", "show", "--limit", "1"])["entries"][0].clone();
    assert_eq!(entry["action"], "audit.restore");

    // What was there comes back from its copy in the same way; the numbers are the same once more.
    let kept = desk.path(told["kept"].as_str().expect("a copy"));
    let told = json(&desk, "state", &["restore", kept.to_str().expect("UTF-8"), "--yes"]);
    assert_eq!(told["lacking"]["gaps"], serde_json::json!([]));
    assert_eq!(told["lacking"]["actions"], serde_json::json!([{ "action": "audit.restore", "count": 1 }]));
    assert_eq!(told["counts"]["certificates"], 13);
    assert_eq!(next(&desk, "state"), "S000062010001242J00018");
    is_sound(&desk, "state");
    assert_eq!(reserve(&desk, "state", 1).code, 0);
}

#[test]
fn reserved_numbers_used_since_are_void_and_a_cancelled_institution_stops_all() {
    let desk = Desk::new();
    let add = ["institution", "add", "S000062010001", "--profile", "gansu-competition", "--name", "样例大赛组委会"];
    assert_eq!(on(&desk, "state", &add).code, 0);
    assert_eq!(reserve(&desk, "state", 5).code, 0);
    let file = back_up(&desk, "state", "a.zip");
    let code = |serial: u32| format!("{}{serial:05}", KEY.trim_end_matches('*'));
    assert_eq!(on(&desk, "state", &["ledger", "void", &code(2), "--yes", "--reason", "印坏"]).code, 0);
    let restore = ["restore", file.to_str().expect("UTF-8"), "--yes"];
    let told = json(&desk, "state", &restore);
    assert_eq!(told["lacking"]["void"], serde_json::json!([code(2)]));
    assert_eq!(told["lacking"]["may_go_on"], true);
    assert!(on(&desk, "state", &["ledger", "show", &code(2)]).out.contains("作废"));
    is_sound(&desk, "state");
    assert_eq!(reserve(&desk, "state", 1).code, 0);

    let cancel = ["institution", "cancel", "S000062010001", "--yes", "--on", "2026-11-01", "--reason", "取消备案"];
    assert_eq!(on(&desk, "state", &cancel).code, 0);
    let told = json(&desk, "state", &restore);
    assert_eq!((&told["lacking"]["known"], &told["lacking"]["may_go_on"]), (&true.into(), &false.into()));
    assert_eq!(reserve(&desk, "state", 1).code, 4, "the cancelled institution would issue again");
    let doctor = on(&desk, "state", &["doctor", "--lang", "en"]);
    assert!(doctor.code != 0 && doctor.out.contains("audit accept"), "{}", doctor.out);
    assert_eq!(on(&desk, "state", &cancel).code, 0);
    assert_eq!(on(&desk, "state", &["audit", "accept", "--reason", "机构变动已补"]).code, 0);
    assert_ne!(reserve(&desk, "state", 1).code, 0, "it is cancelled");
}

#[test]
fn where_nothing_is_known_of_later_numbers_none_are_given() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 5).code, 0);
    let file = back_up(&desk, "state", "a.zip");
    let file = file.to_str().expect("UTF-8");
    let told = json(&desk, "state", &["restore", file, "--to", &desk.name("new")]);
    assert_eq!((&told["lacking"]["known"], &told["kept"]), (&false.into(), &Value::Null));
    is_whole(&desk, "new");
    let ran = reserve(&desk, "new", 1);
    assert_eq!(ran.code, 4, "{}", ran.out);
    assert!(ran.err.contains("audit accept") && ran.err.contains("ledger import"), "{}", ran.err);
    let ran = on(&desk, "new", &["audit", "accept", "--reason", "换服务器，旧机已停用"]);
    assert!(ran.code == 0 && ran.out.contains("备份"), "{}{}", ran.out, ran.err);
    assert_eq!(reserve(&desk, "new", 1).code, 0);
    is_sound(&desk, "new");

    // Where only the note of the end was left and it is the backup's, nothing can have been given since.
    fs::remove_file(desk.path("state").join(DATABASE)).expect("lost");
    let told = json(&desk, "state", &["restore", file]);
    assert_eq!(told["lacking"]["known"], true);
    assert_eq!(reserve(&desk, "state", 1).code, 0);

    // The store is damaged: it is put aside as it is, and what is noted of its end tells how much is lacking.
    fs::write(desk.path("state").join(DATABASE), "no database at all").expect("damaged");
    let told = json(&desk, "state", &["restore", file, "--yes"]);
    assert_eq!((&told["lacking"]["known"], &told["lacking"]["entries"]), (&false.into(), &2.into()));
    let aside = desk.path(told["kept"].as_str().expect("a folder"));
    assert_eq!(names(&aside), ["skillcert.head", DATABASE]);
    assert_eq!(fs::read(aside.join(DATABASE)).expect("kept"), b"no database at all");
    assert_eq!(reserve(&desk, "state", 1).code, 4);
    is_whole(&desk, "state");
}

#[test]
fn a_backup_is_made_beside_a_workbench_and_not_restored_under_it() {
    let desk = Desk::new();
    let sample = desk.put("gansu-2024.xlsx", fs::read(root("data/samples/gansu-2024.xlsx")).expect("sample"));
    let mut bench = Harness::open(&desk, &sample);
    bench.sees(&["共 120 行", "已保存"]);
    edit_employer(&mut bench, 7, "酒泉样例甲公司");
    let file = back_up(&desk, "state", "a.zip");
    edit_employer(&mut bench, 8, "酒泉样例乙公司");
    let ran = on(&desk, "state", &["restore", file.to_str().expect("UTF-8"), "--yes"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    assert!(ran.err.contains("正有人开着") && ran.err.contains(&bench.id()), "{}", ran.err);
    // From the workbench, while it goes on.
    bench.press(":backup\r");
    bench.sees(&["已备份，读回核对无误"]);
    edit_employer(&mut bench, 9, "酒泉样例丙公司");
    bench.leaves();
    assert_eq!(names(&desk.path("state/backups")).len(), 1);

    let ran = on(&desk, "state", &["restore", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 2, "nobody was asked: {}", ran.out);
    let ran = on(&desk, "state", &["restore", file.to_str().expect("UTF-8"), "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut bench = Harness::resumed(&desk);
    bench.sees(&["共 120 行", "已保存"]);
    bench.press("#7\r");
    bench.press("\x1b[Hlll");
    let screen = bench.sees(&["酒泉样例甲公司"]);
    assert!(!screen.contains("乙公司") && !screen.contains("只读"), "{screen}");
    bench.leaves();
    is_sound(&desk, "state");
}

#[test]
fn a_passphrase_is_typed_twice_and_never_shown() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 2).code, 0);
    let verb = ["backup", "--output", "a.zip.age", "--encrypt"].map(Path::new);
    let mut bench = Harness::start(&desk, &verb);
    bench.sees(&["新口令"]);
    bench.press("tiger 12\x7f3\r");
    bench.sees(&["再输一遍"]);
    bench.press("tiger 13\r");
    let screen = bench.sees(&["读回核对无误"]);
    assert_eq!(bench.ends_within(PATIENCE), 0);
    assert!(!screen.contains("tiger") && !String::from_utf8_lossy(&bench.raw()).contains("tiger"), "{screen}");
    let bytes = fs::read(desk.path("a.zip.age")).expect("made");
    assert!(bytes.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    let mut bench = Harness::start(&desk, &["backup", "--output", "b.age", "--encrypt"].map(Path::new));
    bench.sees(&["新口令"]);
    bench.press("tiger 13\r");
    bench.sees(&["再输一遍"]);
    bench.press("tiger 14\r");
    assert_eq!(bench.ends_within(PATIENCE), 2);
    assert!(!desk.path("b.age").exists());

    let mut bench = Harness::start(&desk, &["restore", "a.zip.age", "--to", "typed"].map(Path::new));
    bench.sees(&["口令"]);
    bench.press("tiger 13\r");
    bench.sees(&["核对无误"]);
    assert_eq!(bench.ends_within(PATIENCE), 0);
    is_whole(&desk, "typed");
    let pass = |words: &str| desk.put("pass", words).to_str().expect("UTF-8").to_string();
    let with = |words: &str| {
        let file = pass(words);
        let (from, to) = (desk.name("a.zip.age"), desk.name("by-file"));
        desk.verb(&["restore", &from, "--to", &to, "--passphrase-file", &file])
    };
    let ran = with("tiger 14\n");
    assert!(ran.code == 3 && ran.err.contains("口令不对"), "{} {}", ran.code, ran.err);
    assert!(!desk.path("by-file").join(DATABASE).exists());
    assert_eq!(with("").code, 2);
    let ran = desk.run(&["restore", "a.zip.age", "--to", "by-file"]);
    assert_eq!(ran.code, 2, "no terminal to ask on: {}", ran.err);
    assert_eq!(with("tiger 13\nmore\n").code, 0);
    is_whole(&desk, "by-file");
}

/// Packs a backup anew with other content, its list in order again.
fn repacked(file: &Path, change: &dyn Fn(&Path, &mut Value)) -> Vec<u8> {
    let mut bundle = Bundle::open(Cursor::new(fs::read(file).expect("read"))).expect("a bundle");
    let mut list: Value = serde_json::from_slice(&bundle.list("skillcert-backup.json").expect("a list")).expect("json");
    let folder = tempfile::tempdir().expect("folder");
    for listed in list["files"].as_array().expect("files") {
        let name = listed["name"].as_str().expect("a name");
        let out = fs::File::create(folder.path().join(name)).expect("made");
        bundle.extract(name, 1 << 30, out).expect("extracted");
    }
    let whole = ["skillcert.sqlite3", "skillcert.head"].map(|name| folder.path().join(name));
    change(folder.path(), &mut list);
    let mut parts = Vec::new();
    for (listed, path) in list["files"].as_array_mut().expect("files").iter_mut().zip(whole) {
        let name = listed["name"].as_str().expect("a name").to_string();
        let (size, sha256) = bundle::digest(&path).expect("read");
        (listed["size"], listed["sha256"]) = (size.into(), sha256.into());
        parts.push(BundlePart { name, path, size });
    }
    bundle::pack(Vec::new(), ("skillcert-backup.json", list.to_string().as_bytes()), &parts).expect("packed")
}

#[test]
fn what_is_no_good_backup_is_told_and_changes_nothing() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 2).code, 0);
    let file = back_up(&desk, "state", "a.zip");
    let whole = fs::read(&file).expect("read");
    let sql = |folder: &Path, statement: &str| {
        Connection::open(folder.join(DATABASE)).and_then(|db| db.execute_batch(statement)).expect("changed");
    };
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0x55;
    let renamed = |name: &str| {
        let name = name.to_string();
        repacked(&file, &move |_, list| list["files"][1]["name"] = name.clone().into())
    };
    let cases: Vec<(&str, Vec<u8>, i32, &str)> = vec![
        ("nothing", Vec::new(), 3, "不是备份文件"),
        ("a text", b"no backup".to_vec(), 3, "不是备份文件"),
        ("cut off", whole[..whole.len() - 100].to_vec(), 3, "不是备份文件"),
        ("a turned byte", bent, 3, "损坏"),
        ("a newer form", repacked(&file, &|_, list| list["form"] = 2.into()), 3, "较新的版本"),
        ("a newer schema", repacked(&file, &|f, _| sql(f, "PRAGMA user_version = 99")), 3, "较新的版本"),
        ("another end", repacked(&file, &|_, list| list["head_count"] = 7.into()), 3, "损坏"),
        (
            "an altered entry",
            repacked(&file, &|f, _| sql(f, "DROP TRIGGER audit_no_update; UPDATE audit SET user = 'li'")),
            3,
            "损坏",
        ),
        ("a way out", renamed("../skillcert.head"), 3, "损坏"),
        ("an absolute way out", renamed("/skillcert.head"), 3, "损坏"),
        ("another file of the folder", renamed("skillcert.lockprobe"), 3, "损坏"),
    ];
    let before = fs::read(desk.path("state").join(DATABASE)).expect("read");
    for (name, bytes, code, words) in cases {
        let bad = desk.put("bad.zip", bytes);
        let ran = on(&desk, "state", &["restore", bad.to_str().expect("UTF-8"), "--yes"]);
        assert_eq!(ran.code, code, "{name}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{name}: {}", ran.err);
        assert_eq!(fs::read(desk.path("state").join(DATABASE)).expect("read"), before, "{name}");
        assert!(!names(&desk.path("state")).iter().any(|n| n.contains("staging")), "{name}");
    }
    assert_eq!(on(&desk, "state", &["restore", "none.zip", "--yes"]).code, 3);
    let ran = on(&desk, "state", &["backup", "--output", &desk.name("a.zip")]);
    assert!(ran.code == 3 && ran.err.contains("从不覆盖"), "{} {}", ran.code, ran.err);
    fs::create_dir(desk.path("letters")).expect("made");
    fs::write(desk.path("letters/letter.txt"), "").expect("written");
    let ran = desk.verb(&["restore", &desk.name("a.zip"), "--to", &desk.name("letters"), "--yes"]);
    assert_eq!(ran.code, 4, "a folder with other things: {}", ran.out);
    assert_eq!(names(&desk.path("letters")), ["letter.txt"]);
}

#[test]
fn the_users_own_files_come_along_and_old_backups_go() {
    let desk = Desk::new();
    assert_eq!(on(&desk, "state", &["init"]).code, 0);
    assert_eq!(on(&desk, "state", &["profile", "new", "a-b"]).code, 0);
    fs::write(desk.path("state/config.toml"), "backup_keep = 2\n").expect("written");
    let ours = fs::read(desk.path("state/profiles/a-b.toml")).expect("read");
    let first = json(&desk, "state", &["backup"]);
    let first = desk.path(first["path"].as_str().expect("a path"));
    assert!(first.starts_with(desk.path("state/backups")));
    fs::write(desk.path("state/profiles/a-b.toml"), "id = 1\n").expect("changed");
    fs::write(desk.path("state/profiles/c-d.toml"), &ours).expect("another");
    let ran = on(&desk, "state", &["restore", first.to_str().expect("UTF-8"), "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fs::read(desk.path("state/profiles/a-b.toml")).expect("read"), ours);
    assert!(desk.path("state/profiles/c-d.toml").exists(), "what the backup lacks stays");

    // The first of the month stays besides the newest two; what others have put there stays anyway.
    fs::write(desk.path("state/backups/letter.zip"), "").expect("written");
    let mut made = vec![first];
    for _ in 0..4 {
        made.push(desk.path(json(&desk, "state", &["backup"])["path"].as_str().expect("a path")));
    }
    let left: Vec<bool> = made.iter().map(|path| path.exists()).collect();
    assert_eq!(left, [true, false, false, true, true]);
    let there = names(&desk.path("state/backups"));
    assert!(there.iter().any(|n| n.starts_with("skillcert-before-restore-")) && there.contains(&"letter.zip".into()));
}

#[test]
fn an_old_backup_is_told_of_at_the_start_and_by_doctor() {
    let desk = Desk::new();
    let file = desk.roster("good.csv", &goods(3));
    let bench = Harness::open(&desk, &file);
    bench.sees(&["共 3 行", "已保存"]);
    bench.leaves();
    let of_doctor = || {
        let told = json(&desk, "state", &["doctor"]);
        let checks = told["checks"].as_array().expect("checks").clone();
        checks.into_iter().find(|check| check["name"] == "backup").expect("a line")["verdict"].clone()
    };
    assert_eq!(of_doctor(), "ok", "there is nothing old yet");
    assert_eq!(on(&desk, "state", &["backup"]).code, 0);
    let age = |days: u32| {
        let db = Connection::open(desk.path("state").join(DATABASE)).expect("open");
        let statement =
            "UPDATE setting SET value = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?1) WHERE key = 'backup.last'";
        assert_eq!(db.execute(statement, [format!("-{days} days")]).expect("changed"), 1);
    };
    age(6);
    assert_eq!(of_doctor(), "ok");
    age(8);
    assert_eq!(of_doctor(), "attention");
    let bench = Harness::start(&desk, &[]);
    bench.sees(&["（8 天前）；该备份了"]);
    bench.leaves();
    fs::write(desk.path("state/config.toml"), "backup_days = 0\n").expect("written");
    assert_eq!(of_doctor(), "ok");
    let bench = Harness::resumed(&desk);
    let screen = bench.sees(&["共 3 行", "已保存"]);
    assert!(!screen.contains("备份"), "{screen}");
    bench.leaves();
}

/// Makes a state folder anew that has given more numbers than the backup knows.
fn seed(desk: &Desk, home: &str) -> PathBuf {
    let _ = fs::remove_dir_all(desk.path(home));
    assert_eq!(reserve(desk, home, 2).code, 0);
    let file = desk.path("seed.zip");
    let _ = fs::remove_file(&file);
    back_up(desk, home, "seed.zip");
    assert_eq!(reserve(desk, home, 3).code, 0);
    file
}

#[test]
fn a_restore_that_breaks_off_anywhere_gives_no_number_twice() {
    let desk = Desk::new();
    let library = compiled("faults", desk.folder.path());
    let file = seed(&desk, "seed");
    let file = file.to_str().expect("UTF-8");
    let copied = |to: &Path| {
        let _ = fs::remove_dir_all(to);
        fs::create_dir(to).expect("made");
        for name in ["skillcert.sqlite3", "skillcert.head"] {
            fs::copy(desk.path("seed").join(name), to.join(name)).expect("copied");
        }
    };
    for kind in ["kill", "28"] {
        let home = desk.path("home-of-faults");
        // The calls are many, most of them in the copy that is thrown away: every thirteenth one.
        let mut at = 1;
        loop {
            copied(&home);
            let mark = desk.path("mark");
            let _ = fs::remove_file(&mark);
            let mut command = desk.command(&["restore", file, "--yes"]);
            command.env("SKILLCERT_HOME", &home).env("LD_PRELOAD", &library).env("SKILLCERT_FAULT_KIND", kind);
            command.env("SKILLCERT_FAULT_DIR", &home).env("SKILLCERT_FAULT_AT", at.to_string());
            let output = command.env("SKILLCERT_FAULT_MARK", &mark).output().expect("started");
            let err = String::from_utf8_lossy(&output.stderr);
            let told = format!("{kind} at call {at} {:?}: {err}", fs::read_to_string(&mark));
            assert!(!err.contains("panicked") && output.status.code() != Some(5), "{told}");
            // Either the store is as it was, or as restored, or it gives no numbers until the restore is done again.
            let ran = reserve(&desk, "home-of-faults", 1);
            if ran.code == 0 {
                assert_eq!(next(&desk, "home-of-faults"), "S000062010001242J00007", "{told}");
                let of = on(&desk, "home-of-faults", &["ledger", "verify"]);
                assert_eq!(of.code, 0, "{told}: {}", of.out);
            } else {
                assert_eq!(ran.code, 4, "{told}: {}", ran.err);
                let again = on(&desk, "home-of-faults", &["restore", file, "--yes"]);
                assert_eq!(again.code, 0, "{told}: {}", again.err);
            }
            if !mark.exists() {
                assert!(output.status.success(), "{told}");
                break;
            }
            at += 13;
        }
        assert!(30 < at, "{kind}: only {at} calls");
    }
}
