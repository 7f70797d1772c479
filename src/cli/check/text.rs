//! What was found, as text.

use std::io::{self, Write};

use super::{SHOWN, clause, clause_quoted, found_rules, value_of};
use crate::domain::batch::Told;
use crate::domain::roster::RowOrigin;
use crate::domain::rules::{RULES, RuleSpec, Severity};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::office::{LoadedRoster, Office};
use crate::words::{Lang, Locale};

/// Says what the profile was chosen by, with how many rows speak for which one where they do not agree.
fn told_by(loaded: &LoadedRoster, locale: &Locale) -> String {
    let by = loaded.profile_by.map_or_else(|| locale.text("profile.noted").to_string(), |by| locale.chosen_by(by));
    if loaded.votes.len() < 2 {
        return by;
    }
    locale.fill("profile.by-votes", &[("by", &by), ("votes", &locale.profile_votes(&loaded.votes))])
}

/// Prints the findings grouped by rule, the first rows of each.
pub(super) fn text(
    w: &mut dyn Write,
    loaded: &LoadedRoster,
    masked: bool,
    (locale, office): (&Locale, &Office),
    due: &str,
) -> io::Result<()> {
    let batch = &loaded.batch;
    let context = batch.context();
    let fill = |key: &str, places: &[(&str, String)]| {
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale.fill(key, &places)
    };
    let origin = &batch.origin;
    let profile = if locale.lang == Lang::Zh { &context.profile().name } else { &context.profile().name_en };
    let parts = batch.roster().parts();
    let place = locale.files_place(&origin.file, &origin.sheet, parts.len());
    if parts.is_empty() {
        writeln!(w, "{place}  {}", locale.encoding_told(batch))?;
    } else {
        writeln!(w, "{place}")?;
    }
    writeln!(
        w,
        "{}",
        fill(
            "check.profile",
            &[
                ("by", told_by(loaded, locale)),
                ("profile", profile.clone()),
                ("id", context.profile().id.clone()),
                ("document", context.profile().document.clone())
            ]
        )
    )?;
    let rows = ("rows", batch.roster().len().to_string());
    if parts.is_empty() {
        writeln!(w, "{}", fill("check.rows", &[rows, ("header", locale.header_told(batch))]))?;
    } else {
        writeln!(w, "{}", fill("check.rows-of-parts", &[rows, ("n", parts.len().to_string())]))?;
        for told in locale.parts_told(parts, batch.roster().len()) {
            writeln!(w, "  {told}")?;
        }
    }
    if !due.is_empty() {
        write!(w, "{}\n{due}", locale.text("due.of-batch"))?;
    }
    let aside = batch.roster().count_aside();
    if aside != 0 {
        writeln!(w, "{}", fill("check.rows-aside", &[("n", aside.to_string())]))?;
    }
    if let Some(told) = locale.columns_told(batch) {
        writeln!(w, "{told}")?;
    }
    if let Some(told) = locale.kind_column(batch) {
        writeln!(w, "{told}")?;
    }
    let of_kind = batch.context().profile().certificate_kinds.column(&batch.roster().columns);
    let unmatched: Vec<String> = batch
        .roster()
        .columns
        .source
        .iter()
        .enumerate()
        .filter(|(at, c)| {
            Some(*at) != of_kind && c.field.is_none() && !c.label.trim().is_empty() && !RowOrigin::is_label(&c.label)
        })
        .map(|(_, column)| column.label_in_line())
        .collect();
    if !unmatched.is_empty() {
        writeln!(w, "{}", fill("check.unmatched", &[("columns", unmatched.join(", "))]))?;
    }
    if let Some(told) = locale.unnamed_columns(batch) {
        writeln!(w, "{told}")?;
    }
    let to_number = locale.still_to_number(batch);
    let missing: Vec<&str> = context
        .sheet()
        .columns
        .iter()
        .filter(|c| batch.roster().lacks(c.field))
        .filter(|c| c.field != Field::Code || to_number.is_none())
        .map(|c| c.label.as_str())
        .collect();
    if !missing.is_empty() {
        writeln!(w, "{}", fill("check.missing", &[("columns", missing.join(", "))]))?;
    }
    if let Some(told) = to_number {
        writeln!(w, "{told}")?;
    }
    for note in locale.skipped_notes(batch, true, masked) {
        writeln!(w, "{note}")?;
    }
    // Of several sheets each has its own; the first are of all of them.
    let of_all = if loaded.sheets.is_empty() { usize::MAX } else { batch.origin.beside.others.len() };
    let beside = locale.kept_notes(batch).into_iter().chain(locale.source_notes(batch).into_iter().take(of_all));
    let of_sheets = loaded.sheets.iter().flat_map(|sheet| locale.notes_of_sheet(&sheet.batch, true, masked));
    for note in beside.chain(of_sheets) {
        writeln!(w, "{note}")?;
    }
    let counts = Severity::ALL.map(|s| format!("{} {}", locale.severity(s), batch.count(s)));
    writeln!(w, "{}", counts.join(", "))?;
    for finding in batch.table_findings() {
        let (severity, fault) = (locale.severity(finding.severity), finding.fault);
        let title = locale.table_title(fault);
        let clause = finding.clause(context.profile(), context.sheet());
        writeln!(w, "\n{severity} {} {title} ({})  {clause}", fault.code(), fault.key())?;
        writeln!(w, "  {}", locale.table_finding(context.sheet(), &batch.roster().columns, &finding))?;
        let hint = locale.table_hint(&finding);
        if !hint.is_empty() {
            writeln!(w, "  {hint}")?;
        }
    }
    let mut rules: Vec<&RuleSpec> = found_rules(batch).collect();
    rules.sort_by_key(|r| (r.severity, r.code));
    let folds = batch.folds();
    let mut first: Vec<(Vec<Told<'_>>, usize)> = vec![(Vec::new(), 0); RULES.len()];
    for told in batch.findings().iter().filter_map(|finding| folds.told(finding)) {
        let (list, total) = &mut first[told.first().rule.index()];
        *total += 1;
        if list.len() < SHOWN {
            list.push(told);
        }
    }
    for rule in rules {
        let (shown, total) = &first[rule.id.index()];
        let title = locale.rule(rule.code).map_or(rule.name, |p| p.title.as_str());
        let clause = shown.first().map_or("", |told| clause(batch, &told.first()));
        let clause = clause_quoted(clause, office);
        writeln!(w, "\n{} {} {} ({})  {clause}", locale.severity(rule.severity), rule.code, title, rule.name)?;
        for told in shown {
            let finding = &match told {
                Told::One(finding) => *finding,
                Told::Folded(folded) => {
                    writeln!(w, "  {}", locale.folded(batch, folded, masked))?;
                    continue;
                }
            };
            let row = batch.roster().line(finding.row).to_string();
            let words = [
                ("row", row),
                ("column", context.sheet().label(finding.field).to_string()),
                ("value", text::visible(&value_of(batch, finding, masked)).chars().take(40).collect()),
                ("message", locale.finding(batch, finding, masked)),
            ];
            let origin = locale
                .row_origin(batch, finding.row)
                .map_or(String::new(), |origin| format!("  {}", origin.trim_start()));
            writeln!(w, "  {}{origin}", fill("check.finding", &words))?;
        }
        if shown.len() < *total {
            writeln!(
                w,
                "  {}",
                fill("check.showing", &[("shown", shown.len().to_string()), ("total", total.to_string())])
            )?;
        }
    }
    Ok(())
}
