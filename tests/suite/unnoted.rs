//! An upload file that was written whole, and a ledger that cannot take note of it: the one is not told for the other.

use std::fs;

use crate::support::shim::compiled;
use crate::support::{Desk, goods, note_demanded};

#[test]
fn a_file_that_is_written_is_told_as_written_when_the_ledger_cannot_note_it() {
    let desk = Desk::new();
    let library = compiled("faults", desk.folder.path());
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("r.csv", &rows);
    let give = ["ledger", "allocate", "r.csv", "--profile", "gansu-competition", "--prefix", "S000062010001"];
    desk.folder("state");
    let given = desk.verb(&[&["--home", "state"], &give[..]].concat());
    assert_eq!(given.code, 0, "{}", given.err);
    note_demanded(&desk.path("state"));
    let (mark, mut told) = (desk.path("mark"), 0);
    for at in 1.. {
        let (home, out) = (format!("state-{at}"), format!("out-{at}.csv"));
        fs::create_dir(desk.path(&home)).expect("a folder");
        for file in ["skillcert.sqlite3", "skillcert.head"] {
            fs::copy(desk.path("state").join(file), desk.path(&home).join(file)).expect("a copy");
        }
        let mut command = desk.command(&["--home", &home, "export", "--batch", "1", "-o", &out, "--format", "csv"]);
        command.env("LD_PRELOAD", &library).env("SKILLCERT_FAULT_DIR", desk.path(&home));
        command.env("SKILLCERT_FAULT_AT", at.to_string()).env("SKILLCERT_FAULT_KIND", "28");
        let ran = command.env("SKILLCERT_FAULT_MARK", &mark).output().expect("started");
        if fs::remove_file(&mark).is_err() {
            assert_eq!(ran.status.code(), Some(0), "{ran:?}");
            break;
        }
        let err = String::from_utf8_lossy(&ran.stderr);
        if ran.status.code() != Some(0) && desk.path(&out).exists() {
            assert!(err.contains("文件已写好") && err.contains("--batch 1"), "{at}: {err}");
            assert!(!err.contains("什么也没有写入"), "{at}: {err}");
            told += 1;
        }
    }
    assert_ne!(told, 0, "the disk was never full at the note");
}
