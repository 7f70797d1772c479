//! The settings (设置): one `config.toml` for a site, in its state folder, and one of the person's own that goes before it.
//! Both hold only what differs from what is built in.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::catalogue::read_text;
use super::keys::{self, WrittenKeys};
use super::limits;
use super::problem::{DataFault, DataProblem, line_and_column};
use super::toml_fault::{WantedValue, quoted};
use crate::formats::limits::Limits;

/// Which colours suit the terminal's background (配色).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmbiguousWidth {
    #[default]
    Ask,
    Narrow,
    Wide,
}

/// How the row of the cursor is shown (当前行).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CurrentRow {
    /// As suits the terminal.
    #[default]
    Auto,
    /// Over its whole width, which sends both rows again at every step.
    Whole,
    /// By the sign before it and by its cell alone.
    Sign,
}

/// How the program behaves for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `zh` or `en`; the environment's when not given.
    pub lang: Option<String>,
    /// The language of the lists that are written; Chinese when not given, whoever reads the screen.
    pub report_lang: Option<String>,
    pub theme: Background,
    /// Whether the workbench begins with the mouse.
    pub mouse: bool,
    /// The width of ambiguous signs.
    pub signs: AmbiguousWidth,
    /// Whether frames are drawn with lines where the terminal can.
    pub lines: bool,
    pub current_row: CurrentRow,
    /// Seconds until an unmasked row is masked again, 1 to 3600.
    pub unmask_seconds: u16,
    /// Seconds without a key until the screen goes blank, up to a day; 0 for never. The file has minutes, parts of one too.
    pub idle_seconds: u32,
    /// Days after which the last backup counts as old, up to 3650; 0 for never.
    pub backup_days: u16,
    /// How many of the newest backups are kept, 1 to 1000.
    pub backup_keep: u16,
    /// How many megabytes of memory the rows of a roster may take, 64 to 65535.
    pub memory_mb: u16,
    /// Levels of one person on one day from which on they are doubtful; 0 for never. So are the next three.
    pub person_day_levels: u16,
    /// Occupations of one person on one day.
    pub person_day_occupations: u16,
    /// Certificates of one person in a roster.
    pub person_certificates: u16,
    /// Certificates of one day in a roster.
    pub day_certificates: u16,
    /// Within how many days certificates of one institution count together when the ledger is screened.
    pub burst_days: u16,
    /// How many blank certificates are expected to be spoiled, in per cent of the passes; the notice names no number.
    pub blank_allowance: u16,
    /// From how many spoiled blank certificates of a hundred that are printed on a warning is given, where the notice names no
    /// number; 0 for never.
    pub spoilage_warning: u16,
    /// What the QR code of a certificate says, with places such as `{code}`; no notice says it.
    pub qr_text: String,
    /// Whether two people are asked for: it is taken into the ledger, where no later setting takes it back.
    pub two_people: bool,
    /// Whether the person has been told of the tour.
    pub tour: bool,
    /// What a file may have that is read.
    pub limits: Limits,
    /// The changes of keys, each going before those in front of it.
    pub keys: Vec<WrittenKeys>,
    /// What is wrong with the files, and is left out.
    pub problems: Vec<DataProblem>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            lang: None,
            report_lang: None,
            theme: Background::Dark,
            mouse: false,
            signs: AmbiguousWidth::Ask,
            lines: true,
            current_row: CurrentRow::Auto,
            unmask_seconds: 30,
            idle_seconds: 600,
            backup_days: 7,
            backup_keep: 7,
            memory_mb: 2048,
            person_day_levels: 2,
            person_day_occupations: 2,
            person_certificates: 4,
            day_certificates: 1000,
            burst_days: 1,
            blank_allowance: 0,
            spoilage_warning: 5,
            qr_text: String::new(),
            two_people: false,
            tour: false,
            limits: Limits::default(),
            keys: Vec::new(),
            problems: Vec::new(),
        }
    }
}

/// What a setting takes, and where it goes.
enum SettingKind {
    /// One of some words.
    Word(&'static [&'static str], fn(&mut Settings, &'static str)),
    Flag(fn(&mut Settings, bool)),
    /// A whole number between two.
    Whole(u16, u16, fn(&mut Settings, u16)),
    /// A number between two, parts of one too.
    Number(u16, u16, fn(&mut Settings, f64)),
    /// Any text of so many characters at most.
    Text(usize, fn(&mut Settings, &str)),
    /// The changes of keys.
    Keys,
    /// How large a file may be.
    Limits,
}

/// All settings there are.
const SETTINGS: &[(&str, SettingKind)] = &[
    ("lang", SettingKind::Word(&["zh", "zh-CN", "en"], |s, lang| s.lang = Some(lang.to_string()))),
    ("report_lang", SettingKind::Word(&["zh", "zh-CN", "en"], |s, lang| s.report_lang = Some(lang.to_string()))),
    (
        "theme",
        SettingKind::Word(&["dark", "light", "none"], |s, word| {
            s.theme = match word {
                "light" => Background::Light,
                "none" => Background::None,
                _ => Background::Dark,
            }
        }),
    ),
    ("mouse", SettingKind::Flag(|s, is| s.mouse = is)),
    (
        "signs",
        SettingKind::Word(&["ask", "narrow", "wide"], |s, word| {
            s.signs = match word {
                "narrow" => AmbiguousWidth::Narrow,
                "wide" => AmbiguousWidth::Wide,
                _ => AmbiguousWidth::Ask,
            }
        }),
    ),
    ("frames", SettingKind::Word(&["lines", "ascii"], |s, word| s.lines = word == "lines")),
    (
        "current_row",
        SettingKind::Word(&["auto", "whole", "sign"], |s, word| {
            s.current_row = match word {
                "whole" => CurrentRow::Whole,
                "sign" => CurrentRow::Sign,
                _ => CurrentRow::Auto,
            }
        }),
    ),
    ("unmask_seconds", SettingKind::Whole(1, 3600, |s, n| s.unmask_seconds = n)),
    // Less than a second would be never.
    ("idle_minutes", SettingKind::Number(0, 1440, |s, minutes| s.idle_seconds = (minutes * 60.0).ceil() as u32)),
    ("backup_days", SettingKind::Whole(0, 3650, |s, n| s.backup_days = n)),
    ("backup_keep", SettingKind::Whole(1, 1000, |s, n| s.backup_keep = n)),
    ("memory_mb", SettingKind::Whole(64, 65_535, |s, n| s.memory_mb = n)),
    ("person_day_levels", SettingKind::Whole(0, 5, |s, n| s.person_day_levels = n)),
    ("person_day_occupations", SettingKind::Whole(0, 1000, |s, n| s.person_day_occupations = n)),
    ("person_certificates", SettingKind::Whole(0, 1000, |s, n| s.person_certificates = n)),
    ("day_certificates", SettingKind::Whole(0, 60000, |s, n| s.day_certificates = n)),
    ("burst_days", SettingKind::Whole(1, 366, |s, n| s.burst_days = n)),
    ("blank_allowance", SettingKind::Whole(0, 100, |s, n| s.blank_allowance = n)),
    ("spoilage_warning", SettingKind::Whole(0, 100, |s, n| s.spoilage_warning = n)),
    ("qr_text", SettingKind::Text(500, |s, text| s.qr_text = text.to_string())),
    ("two_people", SettingKind::Flag(|s, is| s.two_people |= is)),
    ("tour", SettingKind::Flag(|s, is| s.tour = is)),
    ("keys", SettingKind::Keys),
    ("limits", SettingKind::Limits),
];

impl SettingKind {
    /// Tells what a value must be.
    fn wanted(&self) -> WantedValue {
        match self {
            SettingKind::Word(words, _) => WantedValue::OneOf(words.iter().map(ToString::to_string).collect()),
            SettingKind::Flag(_) => WantedValue::Flag,
            SettingKind::Whole(least, most, _) => WantedValue::Whole((*least).into(), (*most).into()),
            SettingKind::Number(least, most, _) => WantedValue::Number(*least, *most),
            SettingKind::Text(..) => WantedValue::Text,
            SettingKind::Keys | SettingKind::Limits => WantedValue::Table,
        }
    }

    /// Puts a value where it goes; false where it is none that the setting takes.
    fn take(&self, settings: &mut Settings, value: &DeValue<'_>) -> bool {
        match self {
            SettingKind::Word(words, put) => {
                let word = words.iter().find(|word| value.as_str() == Some(word));
                word.map(|word| put(settings, word)).is_some()
            }
            SettingKind::Flag(put) => value.as_bool().map(|is| put(settings, is)).is_some(),
            SettingKind::Whole(least, most, put) => {
                whole(value).filter(|n| (least..=most).contains(&n)).map(|n| put(settings, n)).is_some()
            }
            SettingKind::Number(least, most, put) => {
                let part = || value.as_float().and_then(|n| n.as_str().parse().ok());
                let range = f64::from(*least)..=f64::from(*most);
                let number = whole(value).map(f64::from).or_else(part).filter(|n| range.contains(n));
                number.map(|n| put(settings, n)).is_some()
            }
            SettingKind::Text(most, put) => {
                let text = value.as_str().filter(|text| text.chars().count() <= *most);
                text.map(|text| put(settings, text)).is_some()
            }
            SettingKind::Keys | SettingKind::Limits => value.is_table(),
        }
    }
}

/// Gives a whole number, whether it is written as `16`, `0x10`, `0o20` or `0b10000`.
fn whole(value: &DeValue<'_>) -> Option<u16> {
    value.as_integer().and_then(|n| u16::from_str_radix(n.as_str(), n.radix()).ok())
}

impl Settings {
    /// Reads the settings from files, each going before those in front of it. A file that is not there holds none. What is
    /// wrong in one is told and left out, and the rest of it counts; of a text that is no TOML nothing does.
    pub fn load(files: &[PathBuf]) -> Settings {
        let mut settings = Settings::default();
        for path in files.iter().filter(|path| path.symlink_metadata().is_ok()) {
            settings.read(path, read_text(path));
        }
        settings
    }

    fn read(&mut self, path: &Path, text: Result<String, DataProblem>) {
        let text = match text {
            Ok(text) => text,
            Err(problem) => return self.problems.push(problem),
        };
        let table = match DeTable::parse(&text) {
            Ok(table) => table,
            Err(error) => return self.problems.push(DataProblem::of_toml(path, &text, &error)),
        };
        // As they stand in the file, so that what is wrong is told in that order.
        let mut all: Vec<_> = table.get_ref().iter().collect();
        all.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in all {
            let name = key.get_ref();
            let line = line_and_column(&text, key.span().start).0;
            let mut wrong = |fault| self.problems.push(DataProblem::of_line(path, line, fault));
            let Some((_, kind)) = SETTINGS.iter().find(|(known, _)| known == name) else {
                let known = SETTINGS.iter().map(|(known, _)| (*known).to_string()).collect();
                wrong(DataFault::UnknownSetting(name.to_string(), known));
                continue;
            };
            if !kind.take(self, value.get_ref()) {
                let fault = (name.to_string(), quoted(&text, value.span()), kind.wanted());
                self.problems.push(DataProblem::of_line(path, line, DataFault::Setting(Box::new(fault))));
            } else if let (SettingKind::Keys, DeValue::Table(changes)) = (kind, value.get_ref()) {
                keys::read(path, &text, changes, &mut self.keys, &mut self.problems);
            } else if let (SettingKind::Limits, DeValue::Table(wanted)) = (kind, value.get_ref()) {
                limits::read(path, &text, wanted, &mut self.limits, &mut self.problems);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TomlFault;

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
        for written in ["16", "0x10", "0o20", "0b1_0000", "+16", "16.0"] {
            assert_eq!(seconds(written), 960, "{written}");
        }
        for wrong in ["-1", "nan", "inf", "1440.5"] {
            let settings = load(&[&format!("idle_minutes = {wrong}\n")]);
            let fault = ("idle_minutes".to_string(), wrong.to_string(), WantedValue::Number(0, 1440));
            assert_eq!(settings.problems[0].fault, DataFault::Setting(Box::new(fault)), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_left_out_and_the_rest_counts() {
        let settings = load(&["mouse = true\nlang = \"de\"\nunmask_seconds = 9\nbackup_keep = 0\nmaus = 1\n\
             backup_days = \"3\"\n[keys]\nfix = \"ctrl-f\"\n"]);
        assert!(settings.mouse && settings.lang.is_none());
        assert_eq!((settings.unmask_seconds, settings.backup_keep, settings.backup_days), (9, 7, 7));
        assert_eq!(settings.keys.len(), 1);
        let told: Vec<_> = settings.problems.iter().map(|p| (p.place, &p.fault)).collect();
        let wrong = |key: &str, value: &str, wanted| DataFault::Setting(Box::new((key.into(), value.into(), wanted)));
        let langs = ["zh", "zh-CN", "en"].map(String::from).to_vec();
        let [lang, keep, unknown, days] = &told[..] else { panic!("{told:?}") };
        assert_eq!(*lang, (Some((2, None)), &wrong("lang", "\"de\"", WantedValue::OneOf(langs))));
        assert_eq!(*keep, (Some((4, None)), &wrong("backup_keep", "0", WantedValue::Whole(1, 1000))));
        assert!(
            matches!(unknown, (Some((5, None)), DataFault::UnknownSetting(key, known)) if key == "maus" && known.len() == SETTINGS.len())
        );
        assert_eq!(*days, (Some((6, None)), &wrong("backup_days", "\"3\"", WantedValue::Whole(0, 3650))));
    }

    fn whole_of(value: &str) -> u16 {
        value.parse().expect("a whole number")
    }

    #[test]
    fn every_setting_goes_somewhere() {
        for (key, kind) in SETTINGS {
            let values: &[&str] = match kind {
                SettingKind::Word(words, _) => words,
                SettingKind::Flag(_) => &["true"],
                SettingKind::Whole(..) => &["1", "5", "100"],
                SettingKind::Number(..) => &["2.5"],
                SettingKind::Text(..) => &["{code}"],
                SettingKind::Keys | SettingKind::Limits => continue,
            };
            let changes = |value: &&str| {
                let value = if matches!(kind, SettingKind::Word(..) | SettingKind::Text(..)) {
                    format!("\"{value}\"")
                } else {
                    (*value).to_string()
                };
                let settings = load(&[&format!("{key} = {value}\n")]);
                // Not every whole number fits every setting.
                let is_fit = !matches!(kind, SettingKind::Whole(least, most, _) if !(*least..=*most).contains(&whole_of(&value)));
                assert_eq!(settings.problems.is_empty(), is_fit, "{key} = {value}");
                is_fit && settings != Settings::default()
            };
            assert!(values.iter().any(changes), "{key} changes nothing");
            for wrong in ["{}", "[1]", "2026-01-01", "\"x\""] {
                if matches!(kind, SettingKind::Text(..)) && wrong == "\"x\"" {
                    continue;
                }
                let settings = load(&[&format!("{key} = {wrong}\n")]);
                assert_eq!((settings.problems.len(), settings.theme), (1, Background::Dark), "{key} = {wrong}");
            }
        }
    }

    #[test]
    fn of_a_text_that_is_no_toml_nothing_counts() {
        let settings = load(&["mouse = true\nmouse = false\n"]);
        assert!(!settings.mouse);
        let [DataProblem { place: Some((2, Some(1))), fault: DataFault::Toml(TomlFault::Twice(key), line), .. }] =
            &settings.problems[..]
        else {
            panic!("{:?}", settings.problems);
        };
        assert_eq!((key.as_str(), line.as_str()), ("mouse", "mouse = false"));
    }
}
