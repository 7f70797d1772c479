//! What was found, as JSON.

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{CheckArgs, clause, found_rules, value_of};
use crate::cli::due::item_json;
use crate::cli::json::{CHECK, columns, origin, other_sheets, parts, skipped_rows, source_column, workbook};
use crate::domain::profile::Profile;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::rules::{Severity, TableFault};
use crate::domain::sheet::Field;
use crate::office::{DueList, LoadedRoster};
use crate::words::Locale;

/// A finding as JSON tells it.
#[derive(Serialize)]
struct FindingJson<'a> {
    row: u32,
    column: &'a str,
    rule: &'static str,
    name: &'static str,
    severity: &'static str,
    message: String,
    clause: &'a str,
    value: String,
    fix: Option<FixJson>,
    /// Where the row came from, in a roster that was put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Value>,
}

#[derive(Serialize)]
struct FixJson {
    to: String,
    safety: &'static str,
}

pub(super) fn json(
    w: &mut dyn Write,
    file: &str,
    loaded: &LoadedRoster,
    args: &CheckArgs,
    (locale, due): (&Locale, Option<&DueList>),
) -> io::Result<()> {
    let batch = &loaded.batch;
    let sheet = &batch.context().sheet();
    let roster = batch.roster();
    let masked = !args.unmask;
    let field = |f: Option<Field>| f.map_or(Value::Null, |f| Value::from(sheet.label(f)));
    let source_column = |index: usize| source_column(batch, index, masked);
    let table: Vec<Value> = batch
        .table_findings()
        .iter()
        .map(|f| {
            let known = f.fields.iter().filter(|field| sheet.column(**field).is_some());
            let fields: Vec<Value> = known.map(|f| field(Some(*f))).collect();
            let columns: Vec<Value> = f.columns.iter().map(|i| source_column(*i)).collect();
            json!({ "rule": f.fault.code(), "name": f.fault.key(), "severity": f.severity.key(), "fields": fields,
                    "columns": columns, "row": (f.line != 0).then_some(f.line), "message": locale.table_finding(sheet, &roster.columns, f),
                    "hint": locale.table_hint(f), "clause": f.clause(batch.context().profile(), sheet) })
        })
        .collect();
    let vote = |(profile, rows): &(Arc<Profile>, usize)| json!({ "profile": profile.id, "rows": rows });
    let votes: Vec<Value> = loaded.votes.iter().map(vote).collect();
    let cleaned: Vec<Value> = batch
        .cleaned()
        .iter()
        .map(|one| {
            let mut told = source_column(one.column);
            told["field"] = field(roster.columns.source.get(one.column).and_then(|column| column.field));
            told["kind"] = one.how.cleaning().into();
            told["cells"] = one.cells.into();
            told["first_row"] = one.first_line.into();
            told
        })
        .collect();
    let how = &batch.origin.beside.how;
    let head = json!({
        "schema": CHECK,
        "file": file,
        "sheet": batch.origin.sheet,
        "profile": batch.context().profile().id,
        "profile_from_codes": loaded.profile_by == Some(ChosenBy::Codes),
        "profile_from": loaded.profile_by.map(ChosenBy::key),
        "profile_votes": votes,
        "encoding": batch.origin.encoding,
        "encoding_from": batch.origin.sheet.is_empty().then(|| how.encoding.key()),
        "header_row": batch.origin.header_row,
        "header_from": how.header.key(),
        "columns_from": how.columns.key(),
        "columns": columns(batch, masked),
        "table_findings": table,
        "other_sheets": other_sheets(&batch.other_sheets()),
        "parts": parts(batch, &loaded.sheets, masked, locale),
        "row_count": roster.count_left(),
        "hidden_rows": batch.hidden_lines(),
        "workbook": workbook(batch),
        "cleaned": cleaned,
        "skipped_rows": skipped_rows(batch, masked, locale),
        "kept_rows": how.kept,
        "not_compared": loaded.not_compared,
        "rejected": false,
    });
    // The object is written piece by piece: a million rows need not stand in memory twice.
    let mut head = head;
    if roster.count_aside() != 0 {
        head["rows_put_aside"] = roster.count_aside().into();
    }
    if let Some(list) = due {
        head["due"] = list.items.iter().map(|item| item_json(item, list.on, locale)).collect::<Vec<_>>().into();
    }
    let head = head.to_string();
    write!(w, "{}", head.trim_end_matches('}'))?;
    if args.with_rows {
        write!(w, ",\"rows\":[")?;
        for (nth, row) in roster.left().enumerate() {
            let mut object = Map::new();
            object.insert("row".into(), roster.line(row).into());
            object.extend(origin(batch, row).map(|told| ("origin".to_string(), told)));
            for column in &sheet.columns {
                let value = roster.cell(row, column.field);
                let value = if masked { batch.masked(row, column.field, value) } else { value.into() };
                object.insert(column.label.clone(), value.into());
            }
            write!(w, "{}", if nth == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut *w, &object)?;
        }
        write!(w, "]")?;
    }
    write!(w, ",\"findings\":[")?;
    for (i, finding) in batch.findings().iter().enumerate() {
        let spec = finding.rule.spec();
        let told = FindingJson {
            row: roster.line(finding.row),
            column: sheet.label(finding.field),
            rule: spec.code,
            name: spec.name,
            severity: spec.severity.key(),
            message: locale.finding(batch, finding, masked),
            clause: clause(batch, finding),
            value: value_of(batch, finding, masked),
            origin: origin(batch, finding.row),
            fix: batch.fix(finding).map(|fix| FixJson { to: fix.told(finding.rule, masked), safety: fix.safety.key() }),
        };
        write!(w, "{}", if i == 0 { "\n" } else { ",\n" })?;
        serde_json::to_writer(&mut *w, &told)?;
    }
    let severities: Map<String, Value> =
        Severity::ALL.iter().map(|s| (s.key().to_string(), batch.count(*s).into())).collect();
    let mut rules: Map<String, Value> =
        found_rules(batch).map(|r| (r.code.to_string(), batch.findings().count_of(r.id).into())).collect();
    for fault in TableFault::ALL {
        let count = table.iter().filter(|f| f["rule"] == fault.code()).count();
        if count != 0 {
            rules.insert(fault.code().to_string(), count.into());
        }
    }
    let folds = batch.folds();
    let folded: Vec<Value> = folds
        .all()
        .iter()
        .map(|folded| {
            let spec = folded.first.rule.spec();
            let rows: Vec<Value> =
                folded.lines(batch).into_iter().map(|(row, to)| json!({ "row": row, "to": to })).collect();
            json!({ "rule": spec.code, "name": spec.name, "severity": spec.severity.key(),
                    "column": sheet.label(folded.first.field), "by": folded.by.key(), "rows": rows,
                    "count": folded.count, "of": (folded.of != 0).then_some(folded.of), "message": locale.folded(batch, folded, masked) })
        })
        .collect();
    write!(w, "],\"folded\":{}", Value::from(folded))?;
    writeln!(w, ",\"summary\":{}}}", json!({ "severities": severities, "rules": rules }))
}
