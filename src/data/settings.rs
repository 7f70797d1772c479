//! The settings (设置): one `config.toml` for a site, in its state folder, and one of the person's own that goes before it.
//! Both hold only what differs from what is built in.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::catalogue::read_text;
use super::keys::{self, WrittenKeys};
use super::problem::{DataProblem, Fault};

/// Which colours suit the terminal's background (配色).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Background {
    /// Light letters on dark.
    #[default]
    Dark,
    /// Dark letters on light.
    Light,
    /// No colours: bold, reversed and underlined only.
    None,
}

/// How wide the terminal draws `·`, `—`, `…` and their kin (歧义宽度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signs {
    /// Ask the terminal.
    #[default]
    Ask,
    /// One column.
    Narrow,
    /// Two columns.
    Wide,
}

/// How the program behaves for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `zh` or `en`; the environment's when not given.
    pub lang: Option<String>,
    /// The terminal's background.
    pub theme: Background,
    /// Whether the workbench begins with the mouse.
    pub mouse: bool,
    /// The width of ambiguous signs.
    pub signs: Signs,
    /// Seconds until an unmasked row is masked again, 1 to 3600.
    pub unmask_seconds: u16,
    /// Seconds without a key until the screen goes blank, up to a day; 0 for never. The file has minutes, parts of one too.
    pub idle_seconds: u32,
    /// Days after which the last backup counts as old, up to 3650; 0 for never.
    pub backup_days: u16,
    /// How many of the newest backups are kept, 1 to 1000.
    pub backup_keep: u16,
    /// Whether the person has been told of the tour.
    pub tour: bool,
    /// The changes of keys, each going before those in front of it.
    pub keys: Vec<WrittenKeys>,
    /// What is wrong with the files; a file with a mistake counts for nothing.
    pub problems: Vec<DataProblem>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            lang: None,
            theme: Background::Dark,
            mouse: false,
            signs: Signs::Ask,
            unmask_seconds: 30,
            idle_seconds: 600,
            backup_days: 7,
            backup_keep: 7,
            tour: false,
            keys: Vec::new(),
            problems: Vec::new(),
        }
    }
}

/// A file's settings: those that differ.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    lang: Option<String>,
    theme: Option<Background>,
    mouse: Option<bool>,
    signs: Option<Signs>,
    unmask_seconds: Option<u16>,
    idle_minutes: Option<f64>,
    backup_days: Option<u16>,
    backup_keep: Option<u16>,
    tour: Option<bool>,
    keys: Option<toml::Table>,
}

/// The languages that `lang` names.
const LANGS: [&str; 3] = ["zh", "zh-CN", "en"];

impl Written {
    fn read(path: &Path, text: &str) -> Result<Written, DataProblem> {
        let written: Written = toml::from_str(text).map_err(|e| DataProblem::of_toml(path, text, &e))?;
        let fault = |key, fault| Err(DataProblem::of_key(path, text, key, None, fault));
        if let Some(lang) = written.lang.as_ref().filter(|lang| !LANGS.contains(&lang.as_str())) {
            return fault("lang", Fault::NotOneOf(lang.clone(), LANGS.to_vec()));
        }
        let numbers: [(&str, Option<f64>, RangeInclusive<u16>); 4] = [
            ("unmask_seconds", written.unmask_seconds.map(f64::from), 1..=3600),
            ("idle_minutes", written.idle_minutes, 0..=1440),
            ("backup_days", written.backup_days.map(f64::from), 0..=3650),
            ("backup_keep", written.backup_keep.map(f64::from), 1..=1000),
        ];
        let is_outside = |number: f64, range: &RangeInclusive<u16>| {
            !(f64::from(*range.start())..=f64::from(*range.end())).contains(&number)
        };
        match numbers.into_iter().find(|(_, number, range)| number.is_some_and(|n| is_outside(n, range))) {
            Some((key, _, range)) => fault(key, Fault::OutOfRange(*range.start(), *range.end())),
            None => Ok(written),
        }
    }
}

impl Settings {
    /// Reads the settings from files, each going before those in front of it. A file that is not there holds none; one
    /// that does not read is told of and counts for nothing.
    pub fn load(files: &[PathBuf]) -> Settings {
        let mut settings = Settings::default();
        for path in files.iter().filter(|path| path.symlink_metadata().is_ok()) {
            settings.read(path, read_text(path));
        }
        settings
    }

    fn read(&mut self, path: &Path, text: Result<String, DataProblem>) {
        match text.and_then(|text| Ok((Written::read(path, &text)?, text))) {
            Ok((written, text)) => {
                if written.keys.is_some() {
                    keys::read(path, &text, &mut self.keys, &mut self.problems);
                }
                self.take(written);
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    fn take(&mut self, written: Written) {
        let Written {
            lang,
            theme,
            mouse,
            signs,
            unmask_seconds,
            idle_minutes,
            backup_days,
            backup_keep,
            tour,
            keys: _,
        } = written;
        self.lang = lang.or(self.lang.take());
        self.theme = theme.unwrap_or(self.theme);
        self.mouse = mouse.unwrap_or(self.mouse);
        self.signs = signs.unwrap_or(self.signs);
        self.unmask_seconds = unmask_seconds.unwrap_or(self.unmask_seconds);
        // Less than a second would be never.
        let seconds = |minutes: f64| if minutes == 0.0 { 0 } else { (minutes * 60.0).ceil() as u32 };
        self.idle_seconds = idle_minutes.map_or(self.idle_seconds, seconds);
        self.backup_days = backup_days.unwrap_or(self.backup_days);
        self.backup_keep = backup_keep.unwrap_or(self.backup_keep);
        self.tour = tour.unwrap_or(self.tour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(texts: &[&str]) -> Settings {
        let mut settings = Settings::default();
        texts.iter().for_each(|text| settings.read(Path::new("config.toml"), Ok((*text).to_string())));
        settings
    }

    #[test]
    fn later_files_go_before_earlier_ones_key_by_key() {
        let settings = load(&["lang = \"en\"\nidle_minutes = 3\n", "idle_minutes = 0\ntheme = \"light\"\n"]);
        let expected =
            Settings { lang: Some("en".into()), idle_seconds: 0, theme: Background::Light, ..Settings::default() };
        assert_eq!(settings, expected);
    }

    #[test]
    fn minutes_may_be_parts_of_one() {
        let seconds = |minutes: &str| load(&[&format!("idle_minutes = {minutes}\n")]).idle_seconds;
        assert_eq!([seconds("10"), seconds("0.5"), seconds("0.001"), seconds("0.0")], [600, 30, 1, 0]);
        for wrong in ["-1", "nan", "inf", "1440.5"] {
            let settings = load(&[&format!("idle_minutes = {wrong}\n")]);
            assert_eq!(settings.problems[0].fault, Fault::OutOfRange(0, 1440), "{wrong}");
        }
    }

    #[test]
    fn a_file_with_a_mistake_counts_for_nothing_and_is_told_with_its_line() {
        let problem =
            |line, column, fault| DataProblem { file: "config.toml".into(), place: Some((line, column)), fault };
        let wrong = |text| {
            let settings = load(&["mouse = true\n", text]);
            assert!(settings.mouse);
            assert_eq!(settings.unmask_seconds, 30);
            settings.problems
        };
        assert_eq!(wrong("unmask_seconds = 9\nbackup_keep = 0\n"), [problem(2, None, Fault::OutOfRange(1, 1000))]);
        assert_eq!(wrong("lang = \"de\"\n"), [problem(1, None, Fault::NotOneOf("de".into(), LANGS.to_vec()))]);
        let [DataProblem { place: Some((2, Some(1))), fault: Fault::UnknownKey(key, _), .. }] =
            &wrong("\nmaus = 1\n")[..]
        else {
            panic!("no unknown key");
        };
        assert_eq!(key, "maus");
    }
}
