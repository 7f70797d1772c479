//! `config.toml`: the site's, the person's own, and what goes before them.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Desk, PROGRAM, goods, text};

/// The first word of the help tells the language.
fn speaks_english(desk: &Desk, arguments: &[&str], environment: &[(&str, &str)]) -> bool {
    let output = desk.command(arguments).envs(environment.iter().copied()).arg("--help").output().expect("started");
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).contains("Usage")
}

#[test]
fn the_language_is_the_options_then_the_settings_then_the_environments() {
    let desk = Desk::new();
    let chinese = ("LANG", "zh_CN.UTF-8");
    let (site, own) = (desk.path("state"), desk.path("own.toml"));
    let site_home = ("SKILLCERT_HOME", site.to_str().expect("path"));
    assert!(!speaks_english(&desk, &[], &[chinese]));

    fs::create_dir(&site).expect("folder");
    fs::write(site.join("config.toml"), "lang = \"en\"\n").expect("written");
    assert!(speaks_english(&desk, &[], &[chinese, site_home]));
    let argument = format!("--home={}", site.display());
    assert!(speaks_english(&desk, &[&argument], &[chinese]));
    assert!(!speaks_english(&desk, &["--lang", "zh"], &[site_home]));

    fs::write(&own, "lang = \"zh-CN\"\n").expect("written");
    let named = ("SKILLCERT_CONFIG", own.to_str().expect("path"));
    assert!(!speaks_english(&desk, &[], &[site_home, named, ("LANG", "en_US.UTF-8")]));

    let standard = desk.path("home/.config/skillcert");
    fs::create_dir_all(&standard).expect("folder");
    fs::write(standard.join("config.toml"), "lang = \"zh\"\n").expect("written");
    assert!(!speaks_english(&desk, &[], &[site_home]));
    assert!(speaks_english(&desk, &[], &[site_home, ("SKILLCERT_CONFIG", "")]));
}

#[test]
fn a_mistake_is_told_with_file_and_line_and_stops_nothing() {
    let desk = Desk::new();
    let own = desk.put("own.toml", "mouse = false\nidle_minutes = 5000\n");
    let output =
        desk.command(&["lookup", "电工", "--lang", "en"]).env("SKILLCERT_CONFIG", &own).output().expect("started");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("own.toml line 2: the setting idle_minutes is left out: it cannot be 5000"), "{told}");
}

/// A roster of some megabytes, nearly all of them in a column of no form.
fn wide(desk: &Desk, megabytes: usize) -> std::path::PathBuf {
    let mut lines: Vec<String> = text(",", &goods(megabytes)).lines().map(String::from).collect();
    lines[0] += ",附件";
    lines[1..].iter_mut().for_each(|line| *line += &format!(",{}", "x".repeat(1 << 20)));
    desk.put("宽.csv", lines.join("\n") + "\n")
}

#[test]
fn the_rows_of_a_roster_take_no_more_memory_than_the_setting_says() {
    let desk = Desk::new();
    let file = wide(&desk, 70);
    let own = desk.put("own.toml", "memory_mb = 64\n");
    let check = |config: &std::path::Path| {
        let mut command = desk.command(&["check".as_ref(), file.as_os_str(), "--format".as_ref(), "json".as_ref()]);
        let output = command.env("SKILLCERT_CONFIG", config).output().expect("started");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = check(&own);
    assert!(code == Some(3) && told.contains("64 MB") && told.contains("memory_mb"), "{code:?} {told}");
    let (code, told) = check(&desk.put("none.toml", ""));
    assert_ne!(code, Some(3), "{told}");
}

#[test]
fn where_the_system_has_no_memory_the_end_is_in_words() {
    let desk = Desk::new();
    let file = wide(&desk, 400);
    // In kilobytes of address space.
    let script = "ulimit -v 500000 && exec \"$0\" check \"$1\" --format json";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, PROGRAM]).arg(&file).env_clear().env("HOME", desk.path("home"));
    let output = command.output().expect("started");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("内存不够") && !told.contains("memory allocation"), "{told}");
}

/// What cannot be allocated aborts, wherever it is.
#[test]
fn whoever_cannot_allocate_ends_in_words_and_with_a_code_of_ours() {
    let desk = Desk::new();
    let mut command = desk.command(&["check", "-"]);
    command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("started");
    // More than the pipe holds: once it is taken the program is long past its start.
    let mut input = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, &vec![b'x'; 300_000]).expect("taken");
    kill_process(Pid::from_child(&child), Signal::ABORT).expect("sent");
    let output = child.wait_with_output().expect("ended");
    drop(input);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("内存不够") && told.contains("已确认保存的改动都在"), "{told}");
}

#[test]
fn a_text_file_has_no_more_rows_than_a_sheet() {
    let desk = Desk::new();
    let blank = |lines: usize| desk.put("行.csv", text(",", &goods(1)) + &"\n".repeat(lines));
    let ran = desk.verb(&["check".as_ref(), blank(1_048_574).as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = desk.verb(&["check".as_ref(), blank(1_048_575).as_os_str()]);
    assert!(ran.code == 3 && ran.err.contains("1048576"), "{}", ran.err);
}

/// Each limit refuses in words that name it; without them the same file is read.
#[test]
fn what_goes_beyond_a_limit_is_refused_by_its_name() {
    let desk = Desk::new();
    let sheet = crate::support::root("tests/fixtures/openpyxl.xlsx");
    // Its cells share their texts.
    let shared = crate::support::root("tests/fixtures/libreoffice.xlsx");
    let list = desk.roster("a.csv", &goods(9));
    for (limit, file, named) in [
        ("rows = 5", &sheet, "limits.rows"),
        ("rows = 5", &list, "limits.rows"),
        ("columns = 3", &sheet, "limits.columns"),
        ("texts = 9", &shared, "limits.texts"),
    ] {
        let own = desk.put("own.toml", format!("[limits]\n{limit}\n"));
        let mut command = desk.command(&["check".as_ref(), file.as_os_str()]);
        let output = command.env("SKILLCERT_CONFIG", &own).output().expect("started");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && told.contains(named), "{limit}: {told}");
    }
    let own = desk.put("own.toml", "[limits]\nrows = 0\ncells = 1\n");
    let mut command = desk.command(&["check".as_ref(), list.as_os_str()]);
    let output = command.env("SKILLCERT_CONFIG", &own).output().expect("started");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("limits.rows") && told.contains("limits.cells"), "{told}");
}
