//! `config.toml`: the site's, the person's own, and what goes before them.

use std::fs;

use crate::support::Desk;

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
