//! Archives of batches: what is in one, and what is found when it is read back.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

/// A desk with a batch of three that have their numbers, one of them with a case, and its archive.
fn archived(desk: &Desk) -> Value {
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("roster.csv", &rows);
    said(desk, 0, &["institution", "add", PREFIX, "--name", &rows[0][9], "--profile", "gansu-competition"]);
    said(desk, 0, &["ledger", "allocate", "roster.csv", "--prefix", PREFIX]);
    let shown = desk.verb(&["ledger", "show", PREFIX, "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown.out).expect("JSON");
    let code = shown["certificates"][0]["code"].as_str().expect("a code").to_string();
    said(desk, 0, &["export", "--batch", "1", "--output", "upload.csv"]);
    said(desk, 0, &["ledger", "mark", "submitted", "--batch", "1", "--yes"]);
    said(desk, 0, &["case", "open", "reissue", &code, "--cause", "lost", "--reason", "搬家遗失"]);
    desk.put("reply.txt", "收到");
    let call =
        ["archive", "write", "--batch", "1", "--output", "a.zip", "--with", "reply.txt", "--reason", "发证后存档"];
    let ran = desk.verb(&[&call[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

/// Reads a file of an archive as another program does.
fn part(desk: &Desk, name: &str) -> String {
    let mut zip = ZipArchive::new(File::open(desk.path("a.zip")).expect("there")).expect("a zip");
    let mut text = String::new();
    zip.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}")).read_to_string(&mut text).expect("text");
    text
}

/// Writes an archive again with its files as `change` has them; what it gives nothing for is left out.
fn rewritten(desk: &Desk, to: &str, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
    let mut zip = ZipArchive::new(File::open(desk.path("a.zip")).expect("there")).expect("a zip");
    let mut out = ZipWriter::new(File::create(desk.path(to)).expect("created"));
    for nth in 0..zip.len() {
        let mut one = zip.by_index(nth).expect("an entry");
        let name = one.name().expect("a name").to_string();
        let mut bytes = Vec::new();
        one.read_to_end(&mut bytes).expect("read");
        if let Some(bytes) = change(&name, bytes) {
            out.start_file(name, SimpleFileOptions::default()).expect("begun");
            out.write_all(&bytes).expect("written");
        }
    }
    out.finish().expect("finished");
}

#[test]
fn everything_that_explains_a_batch_is_in_one_file_of_the_owners() {
    let desk = Desk::new();
    let told = archived(&desk);
    let names: Vec<&str> = told["parts"].as_array().expect("parts").iter().filter_map(|p| p["name"].as_str()).collect();
    let wanted = [
        "source/roster.csv",
        "upload/upload.csv.manifest.json",
        "upload/upload.csv",
        "with/reply.txt",
        "rows.csv",
        "findings.csv",
        "certificates.csv",
        "facts.csv",
        "cases.csv",
        "audit.csv",
    ];
    assert_eq!(names, wanted);
    assert_eq!((&told["rows"], &told["certificates"]), (&3.into(), &3.into()));
    let mode = fs::metadata(desk.path("a.zip")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(part(&desk, "source/roster.csv").as_bytes(), fs::read(desk.path("roster.csv")).expect("read"));
    let rows = goods(3);
    let (standing, certificates) = (part(&desk, "rows.csv"), part(&desk, "certificates.csv"));
    for row in &rows {
        assert!(standing.contains(&row[0]) && certificates.contains(&row[2]), "{standing}{certificates}");
    }
    assert_eq!(certificates.lines().count(), 4);
    assert!(standing.contains("S000062010001"), "the numbers stand in the rows: {standing}");
    assert!(part(&desk, "cases.csv").contains("搬家遗失"));
    let audit = part(&desk, "audit.csv");
    for what in ["batch:1", "case:1", "发证后存档"] {
        assert!(audit.contains(what), "{what}: {audit}");
    }
    // It is an entry of the chain, with the reason, and what was archived goes with it.
    assert!(said(&desk, 0, &["audit", "show", "--limit", "1"]).contains("发证后存档"));
    let verified = said(&desk, 0, &["archive", "verify", "a.zip"]);
    assert!(
        verified.contains("Every file is as it was archived") && verified.contains("Of the ledger here"),
        "{verified}"
    );
    said(&desk, 3, &["archive", "write", "--batch", "1", "--output", "a.zip", "--reason", "x"]);
    // Nothing is noted of an archive that is not written, and what would go into it stays.
    let source = fs::read(desk.path("roster.csv")).expect("read");
    let over = ["archive", "write", "--batch", "1", "--output", "roster.csv", "--reason", "不写", "--force"];
    assert_ne!(desk.verb(&over).code, 0);
    assert_eq!(fs::read(desk.path("roster.csv")).expect("read"), source);
    assert!(!said(&desk, 0, &["audit", "show", "--limit", "1"]).contains("不写"));
    said(&desk, 2, &["archive", "write", "--batch", "1", "--output", "b.zip", "--reason", " "]);
}

#[test]
fn what_was_changed_taken_out_or_put_in_is_named() {
    let desk = Desk::new();
    archived(&desk);
    rewritten(&desk, "b.zip", |name, bytes| match name {
        "rows.csv" => Some([&bytes[..], b"x"].concat()),
        "cases.csv" => None,
        _ => Some(bytes),
    });
    let mut zip =
        ZipWriter::new_append(fs::OpenOptions::new().read(true).write(true).open(desk.path("b.zip")).expect("there"))
            .expect("a zip");
    zip.start_file("with/else.txt", SimpleFileOptions::default()).expect("begun");
    zip.finish().expect("finished");
    let told = said(&desk, 1, &["archive", "verify", "b.zip"]);
    for what in ["changed: rows.csv", "missing or unreadable: cases.csv", "not archived: with/else.txt"] {
        assert!(told.contains(what), "{what}: {told}");
    }
    // A byte that turns over in what is packed is found as well.
    let whole = fs::read(desk.path("a.zip")).expect("read");
    let at = whole.len() / 2;
    let mut turned = whole.clone();
    turned[at] ^= 0x10;
    fs::write(desk.path("c.zip"), turned).expect("written");
    assert_ne!(desk.verb(&["archive", "verify", "c.zip"]).code, 0);
    // What is none, or only a part of one, is told as that.
    fs::write(desk.path("d.zip"), &whole[..at]).expect("written");
    for file in ["d.zip", "roster.csv"] {
        let told = said(&desk, 3, &["archive", "verify", file]);
        assert!(told.contains("is no archive of skillcert"), "{told}");
    }
}

#[test]
fn an_archive_goes_with_its_own_ledger() {
    let (desk, other) = (Desk::new(), Desk::new());
    archived(&desk);
    fs::copy(desk.path("a.zip"), other.path("a.zip")).expect("copied");
    let told = said(&other, 0, &["archive", "verify", "a.zip"]);
    assert!(told.contains("no ledger here"), "{told}");
    said(&other, 0, &["institution", "add", PREFIX, "--name", "别的组委会", "--profile", "gansu-competition"]);
    let told = said(&other, 1, &["archive", "verify", "a.zip"]);
    assert!(told.contains("Not of the ledger here"), "{told}");
}

/// A source that is another by now would not explain what was imported.
#[test]
fn a_source_that_is_gone_or_changed_is_named_and_left_out() {
    let desk = Desk::new();
    archived(&desk);
    fs::write(desk.path("roster.csv"), "姓名\n张三\n").expect("written");
    let told = said(&desk, 0, &["archive", "write", "--batch", "1", "--output", "b.zip", "--reason", "x"]);
    assert!(told.contains("the source roster.csv is gone or another now"), "{told}");
    desk.folder("more");
    desk.put("more/reply.txt", "另一份");
    let call = ["archive", "write", "--batch", "1", "--output", "c.zip", "--reason", "x", "--with", "reply.txt"];
    let told = said(&desk, 2, &[&call[..], &["--with", "more/reply.txt"]].concat());
    assert!(told.contains("two files are called reply.txt"), "{told}");
    let told = said(&desk, 3, &[&call[..], &["--with", "none.txt"]].concat());
    assert!(told.contains("none.txt") && !Path::new(&desk.path("c.zip")).exists(), "{told}");
}

#[test]
fn what_the_program_wrote_and_what_is_attached_is_in_the_archive() {
    let desk = Desk::new();
    archived(&desk);
    said(&desk, 0, &["fact", "set", "batch:1", "notice-number=甘人社通〔2026〕1号"]);
    // The same file again, and another beside it that has its name.
    desk.folder("more");
    said(&desk, 0, &["export", "--batch", "1", "--output", "upload.csv", "--force"]);
    said(&desk, 0, &["export", "--batch", "1", "--output", "more/upload.csv"]);
    said(&desk, 0, &["archive", "write", "--batch", "1", "--output", "a.zip", "--reason", "x", "--force"]);
    let upload = fs::read(desk.path("upload.csv")).expect("read");
    assert_eq!(part(&desk, "upload/upload.csv").as_bytes(), upload);
    let manifest: Value = serde_json::from_str(&part(&desk, "upload/upload.csv.manifest.json")).expect("JSON");
    assert_eq!(manifest["file"], "upload.csv");
    let list: Value = serde_json::from_str(&part(&desk, "archive.json")).expect("JSON");
    let names: Vec<&str> = list["parts"].as_array().expect("parts").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names.iter().filter(|name| name.starts_with("upload/")).count(), 4, "{names:?}");
    assert!(part(&desk, "facts.csv").contains("甘人社通〔2026〕1号"));
    // One byte of it changed there is found, and so is one that is missing.
    rewritten(&desk, "b.zip", |name, bytes| match name {
        "upload/upload.csv" => Some([&bytes[..], b"x"].concat()),
        "upload/upload.csv.manifest.json" => None,
        _ => Some(bytes),
    });
    let told = said(&desk, 1, &["archive", "verify", "b.zip"]);
    assert!(told.contains("changed: upload/upload.csv") && told.contains("upload/upload.csv.manifest.json"), "{told}");
    // What is gone is told by name, when it is archived and when the archive is read; who has it elsewhere adds it.
    fs::rename(desk.path("upload.csv"), desk.path("elsewhere.csv")).expect("moved");
    let call = ["archive", "write", "--batch", "1", "--output", "c.zip", "--reason", "x"];
    let told = said(&desk, 0, &call);
    assert!(told.contains("upload.csv, written for the upload, is gone"), "{told}");
    assert!(said(&desk, 0, &["archive", "verify", "c.zip"]).contains("upload.csv, written for the upload, is gone"));
    let told = said(&desk, 0, &[&call[..], &["--force", "--with", "elsewhere.csv"]].concat());
    assert!(!told.contains("is gone"), "{told}");
    // What goes into it is never written over.
    said(&desk, 3, &["archive", "write", "--batch", "1", "--output", "more/upload.csv", "--reason", "x", "--force"]);
    assert_eq!(fs::read(desk.path("more/upload.csv")).expect("read"), upload);
}
