//! Rosters through pipes: `-` is stdin for what is read, and never the name of a file that is written.

use crate::support::{Desk, goods, root, spoiled, text};

#[test]
fn what_comes_through_a_pipe_is_checked_like_the_file() {
    let desk = Desk::new();
    let csv = text(",", &spoiled()).into_bytes();
    let workbook = std::fs::read(root("data/samples/gansu-2024.xlsx")).expect("sample");
    let gbk = encoding(&text(",", &spoiled()));
    for (name, bytes) in [("a.csv", csv), ("a.xlsx", workbook), ("gbk.csv", gbk)] {
        let file = desk.put(name, &bytes);
        for format in ["text", "csv", "json"] {
            let of_file = desk.verb(&["check".as_ref(), file.as_os_str(), "--format".as_ref(), format.as_ref()]);
            let piped = desk.run_with_input(&["check", "-", "--format", format, "--output", "-"], &bytes);
            assert_eq!((piped.code, of_file.code), (1, 1), "{name} {format}: {}", piped.err);
            let unnamed = |out: &str| out.replace(file.to_str().expect("name"), "-").replace(name, "-");
            assert_eq!(unnamed(&piped.out), unnamed(&of_file.out), "{name} {format}");
        }
    }
}

fn encoding(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

#[test]
fn a_fixed_roster_goes_from_pipe_to_file_but_not_to_a_pipe() {
    let desk = Desk::new();
    let csv = text(",", &goods(3)).into_bytes();
    let fixed = desk.path("fixed.csv");
    let ran = desk.run_with_input(&["fix".as_ref(), "-".as_ref(), "-o".as_ref(), fixed.as_os_str()], &csv);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(desk.verb(&["check".as_ref(), fixed.as_os_str()]).code, 0);
    for verb in ["fix", "export"] {
        let ran = desk.run_with_input(&[verb, "-", "-o", "-", "--lang", "en"], &csv);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("cannot go to stdout"), "{}", ran.err);
    }
    assert!(!desk.path("-").exists());
}

#[test]
fn an_empty_pipe_is_refused_in_a_sentence() {
    let desk = Desk::new();
    let ran = desk.run_with_input(&["check", "-", "--lang", "en"], b"");
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.err.starts_with('-'), "{}", ran.err);
}
