//! What scripts ask of a program: quiet when told so, and never a question.

use crate::support::{Desk, goods, spoiled};

#[test]
fn quiet_leaves_out_notes_and_keeps_faults() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    desk.roster("good.csv", &goods(3));
    desk.roster("bad.csv", &spoiled());
    for call in [
        &["export", "good.csv", "--output", "a.csv", "--force"][..],
        &["check", "good.csv", "--format", "xlsx", "--output", "a.xlsx", "--force"],
        &["fix", "good.csv", "--output", "b.csv", "--force"],
        &["profile", "new", "x", "--output", "x.toml"],
        &["ledger", "show", "nobody"],
        &["lookup", "qqqqqqqqqq"],
    ] {
        let told = desk.verb(call);
        let _ = std::fs::remove_file(desk.path("x.toml"));
        let quiet = desk.verb(&[call, &["--quiet"]].concat());
        let _ = std::fs::remove_file(desk.path("x.toml"));
        assert!(!told.err.is_empty(), "{call:?}");
        assert_eq!((quiet.code, quiet.out, quiet.err.as_str()), (told.code, told.out, ""), "{call:?}");
    }
    for call in [&["export", "bad.csv", "--output", "c.csv"][..], &["check", "none.csv"], &["batch", "show", "9"]] {
        let (told, quiet) = (desk.verb(call), desk.run(&[&["-q"], call].concat()));
        assert!(!told.err.is_empty(), "{call:?}");
        assert_eq!((quiet.code, quiet.err), (told.code, told.err), "{call:?}");
    }
}

#[test]
fn without_input_nothing_is_asked() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    assert_eq!(desk.verb(&["backup", "--output", "b.zip"]).code, 0);
    desk.put("word", "a passphrase");
    assert_eq!(desk.verb(&["backup", "--output", "locked", "--passphrase-file", "word"]).code, 0);
    let locked = desk.path("locked").to_str().expect("a path").to_string();
    for (call, answer) in [
        (&["--no-input"][..], "--no-input"),
        (&["open", "--plain", "--no-input"], "--no-input"),
        (&["backup", "--encrypt", "--no-input"], "--passphrase-file"),
        (&["restore", &locked, "--to", "copy", "--no-input"], "--passphrase-file"),
        (&["restore", "b.zip", "--no-input"], "--yes"),
    ] {
        let ran = desk.verb(call);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{call:?}");
        assert!(ran.err.contains(answer), "{call:?}: {}", ran.err);
    }
    // What asks nothing goes on.
    assert_eq!(desk.verb(&["restore", "b.zip", "--no-input", "--yes"]).code, 0);
}
