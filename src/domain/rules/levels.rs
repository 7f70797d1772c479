//! Rules about 职业技能等级 (L): whether it is a level, and how it is written.

use super::Severity;
use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, when};
use super::repair::{Broken, Repair};
use crate::domain::level::{self, Level, LevelReading};
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // The level is not one of the five.
    RuleSpec {
        code: "L01",
        name: "level-unknown",
        severity: Severity::Error,
        clause: "GS-39",
        reads: LEVEL,
        checks: &[Check::Level(|reading| when(reading == LevelReading::Unknown))],
        repair: Some(Repair::Unsafe {
            because: "Grades of pay were written so, and counted the other way.",
            to: |cell| {
                let meant = || cell.context.tables.level_of_today(cell.raw);
                written(cell, level::of_worker(cell.raw).or_else(meant)?)
            },
        }),
        ..BLANK
    },
    // The level is written in a form the upload does not name.
    RuleSpec {
        code: "L02",
        name: "level-form",
        severity: Severity::Error,
        clause: "GS-38",
        reads: LEVEL,
        checks: &[Check::Level(|reading| when(matches!(reading, LevelReading::Other(_))))],
        repair: Some(Repair::Safe { because: "The form can mean only this level.", to: in_the_columns_way }),
        ..BLANK
    },
    // The wording belongs to the abolished vocational qualifications.
    RuleSpec {
        code: "L03",
        name: "level-qualification",
        severity: Severity::Warning,
        clause: "GS-38",
        reads: LEVEL,
        checks: &[Check::Level(|reading| when(matches!(reading, LevelReading::Qualification(_))))],
        repair: Some(Repair::Unsafe {
            because: "A qualification of the same level is another certificate.",
            to: in_the_columns_way,
        }),
        ..BLANK
    },
    // The level exists, but not in the upload table.
    RuleSpec {
        code: "L04",
        name: "level-outside",
        severity: Severity::Error,
        clause: "GS-39",
        reads: LEVEL,
        checks: &[Check::Level(|reading| when(reading == LevelReading::Outside))],
        ..BLANK
    },
    // The title lacks 工.
    RuleSpec {
        code: "L05",
        name: "level-short",
        severity: Severity::Warning,
        clause: "GS-39",
        reads: LEVEL,
        checks: &[Check::Level(|reading| when(matches!(reading, LevelReading::Short(_))))],
        repair: Some(Repair::Safe { because: "The title can mean only this level.", to: in_the_columns_way }),
        ..BLANK
    },
    // Two levels in one cell.
    RuleSpec {
        code: "L06",
        name: "level-several",
        severity: Severity::Error,
        clause: "GS-39",
        reads: LEVEL,
        checks: &[Check::Level(|reading| when(reading == LevelReading::Several))],
        ..BLANK
    },
];

const LEVEL: &[Field] = &[Field::Level];

fn in_the_columns_way(cell: &Broken<'_>) -> Option<String> {
    written(cell, level::read(cell.raw).level()?)
}

#[allow(clippy::unnecessary_wraps, reason = "it is what a repair gives")]
fn written(cell: &Broken<'_>, level: Level) -> Option<String> {
    Some(level.written(cell.context.level_form()))
}
