//! The JSON that the verbs print: which documents there are, and how their fields are spelt.
//!
//! Every document begins with `schema`, its kind and version; whoever renames, moves or drops a field counts the version up.
//! `docs/json.md` lists them. Fields are in `snake_case`, also those of what the store keeps otherwise, which is never
//! rewritten. What is no field of ours, such as the labels of a roster, keeps its spelling.

use serde_json::{Map, Value, json};

use crate::domain::batch::Batch;
use crate::domain::roster::{OtherSheet, RowId, RowOrigin};
use crate::domain::sheet::{Field, SkippedRun};
use crate::office::MergedPart;
use crate::words::{Locale, skipped_text};

pub const AUDIT: &str = "skillcert-audit-1";
pub const AUDIT_ACCEPT: &str = "skillcert-audit-accept-1";
pub const AUDIT_VERIFY: &str = "skillcert-audit-verify-1";
pub const ALLOCATION: &str = "skillcert-allocation-1";
pub const ARCHIVE: &str = "skillcert-archive-1";
pub const ARCHIVE_VERIFY: &str = "skillcert-archive-verify-1";
pub const ANSWERS: &str = "skillcert-answers-1";
pub const CARRY_OVER: &str = "skillcert-carry-over-1";
pub const FILL: &str = "skillcert-fill-1";
pub const BACKUP: &str = "skillcert-backup-1";
pub const BATCH: &str = "skillcert-batch-1";
pub const BLANK: &str = "skillcert-blank-1";
pub const BLANKS: &str = "skillcert-blanks-1";
pub const BATCHES: &str = "skillcert-batches-1";
pub const CASE: &str = "skillcert-case-2";
pub const CASES: &str = "skillcert-cases-2";
pub const CERTIFICATES: &str = "skillcert-certificates-1";
pub const CHECK: &str = "skillcert-check-3";
pub const CLAUSE: &str = "skillcert-clause-1";
pub const CLAUSES: &str = "skillcert-clauses-1";
pub const COMPARE: &str = "skillcert-compare-1";
pub const DECODE: &str = "skillcert-decode-1";
pub const DOCTOR: &str = "skillcert-doctor-1";
pub const DUE: &str = "skillcert-due-1";
pub const DUE_DAY: &str = "skillcert-due-day-1";
pub const EVENT: &str = "skillcert-event-1";
pub const EVENTS: &str = "skillcert-events-1";
pub const CHECKLISTS: &str = "skillcert-checklists-1";
pub const FACT: &str = "skillcert-fact-1";
pub const FACTS: &str = "skillcert-facts-1";
pub const FORM: &str = "skillcert-form-1";
pub const FORMS: &str = "skillcert-forms-1";
pub const GAPS: &str = "skillcert-gaps-1";
pub const HANDBOOK: &str = "skillcert-handbook-1";
pub const IMPORT: &str = "skillcert-import-1";
pub const INIT: &str = "skillcert-init-1";
pub const INSTITUTION: &str = "skillcert-institution-2";
pub const INSTITUTIONS: &str = "skillcert-institutions-2";
pub const INSTITUTION_CHANGE: &str = "skillcert-institution-change-1";
pub const KEYS: &str = "skillcert-keys-1";
pub const LIFE: &str = "skillcert-life-2";
pub const LOOKUP: &str = "skillcert-lookup-1";
pub const MANY: &str = "skillcert-many-1";
pub const MARK: &str = "skillcert-mark-1";
pub const MERGE: &str = "skillcert-merge-1";
pub const NEXT: &str = "skillcert-next-1";
pub const PHOTOS: &str = "skillcert-photos-1";
pub const PRINT_DATA: &str = "skillcert-print-data-1";
pub const PROOF: &str = "skillcert-proof-1";
pub const PROFILE: &str = "skillcert-profile-1";
pub const PROFILES: &str = "skillcert-profiles-1";
pub const REPLY: &str = "skillcert-reply-1";
pub const REACH: &str = "skillcert-reach-1";
pub const RECTIFICATION: &str = "skillcert-rectification-1";
pub const RESERVATION: &str = "skillcert-reservation-1";
pub const RESTORE: &str = "skillcert-restore-1";
pub const RULE: &str = "skillcert-rule-1";
pub const SCOPE: &str = "skillcert-scope-1";
pub const SCREENING: &str = "skillcert-screening-1";
pub const SERIES: &str = "skillcert-series-1";
pub const SHARE: &str = "skillcert-share-1";
pub const SHARES: &str = "skillcert-shares-1";
pub const SHARE_CHANGE: &str = "skillcert-share-change-1";
pub const STOCK: &str = "skillcert-stock-1";
pub const STOCK_COMPARE: &str = "skillcert-stock-compare-1";
pub const STOCK_COUNT: &str = "skillcert-stock-count-1";
pub const STOCK_DEMAND: &str = "skillcert-stock-demand-1";
pub const STOCK_MOVE: &str = "skillcert-stock-move-1";
pub const STATISTICS: &str = "skillcert-statistics-1";
pub const TWO_PEOPLE: &str = "skillcert-two-people-1";
pub const SUMMARY: &str = "skillcert-summary-1";
pub const RECIPES: &str = "skillcert-recipes-1";
pub const RECIPE: &str = "skillcert-recipe-1";
pub const VALUES: &str = "skillcert-values-1";
pub const VERIFY: &str = "skillcert-verify-2";

/// Lists the runs of rows under the header that are no people.
pub fn skipped_rows(batch: &Batch, masked: bool, locale: &Locale) -> Value {
    let one = |batch: &Batch, run: SkippedRun| {
        let text = skipped_text(batch, &run, masked);
        let reason = locale.skip_reason(run.reason);
        json!({ "row": run.first, "to": run.last, "kind": run.reason.key(), "reason": reason, "text": text })
    };
    let parts = batch.roster().parts().len();
    if parts == 0 {
        return batch.skipped_runs(0).into_iter().map(|run| one(batch, run)).collect();
    }
    // The same number means another row in every file.
    let of_part = |number: usize| {
        let own = batch.part_alone(number);
        let told = |run: SkippedRun| {
            let mut told = one(&own, run);
            told["file"] = own.origin.file.as_str().into();
            told["sheet"] = own.origin.sheet.as_str().into();
            told
        };
        own.skipped_runs(0).into_iter().map(told).collect::<Vec<Value>>()
    };
    (0..parts).flat_map(of_part).collect()
}

/// Lists the sheets of a workbook that were not read.
pub fn other_sheets(others: &[OtherSheet]) -> Value {
    let one = |s: &OtherSheet| {
        json!({ "sheet": s.name, "visible": s.is_visible, "row_count": s.rows,
                "looks_like_a_roster": s.looks_like_a_roster })
    };
    others.iter().map(one).collect()
}

/// Names a column of a roster's file.
pub fn source_column(batch: &Batch, index: usize, masked: bool) -> Value {
    let column = &batch.roster().columns.source[index];
    let source = if masked { column.shown_label() } else { column.label.as_str().into() };
    json!({ "source": source, "index": index + 1 })
}

/// Lists the columns of a roster's file, with what each was taken for.
pub fn columns(batch: &Batch, masked: bool) -> Value {
    let sheet = batch.context().sheet();
    let field = |f: Option<Field>| f.map_or(Value::Null, |f| Value::from(sheet.label(f)));
    let one = |(index, last): (usize, usize)| {
        let column = &batch.roster().columns.source[index];
        let lost = column.lost.map(|lost| json!({ "field": field(Some(lost.field)), "to": lost.to.key() }));
        let mut told = source_column(batch, index, masked);
        if index < last {
            told["to"] = (last + 1).into();
        }
        told["field"] = field(column.field);
        told["gave_way"] = lost.unwrap_or_default();
        told["by"] = column.field.map_or(Value::Null, |_| column.by.key().into());
        told
    };
    batch.column_runs().into_iter().map(one).collect()
}

/// Lists the files that a batch holds the rows of, or the `sheets` that were taken together; none for a batch of one.
pub fn parts(batch: &Batch, sheets: &[MergedPart], masked: bool, locale: &Locale) -> Value {
    let of = |alone: &Batch, sha256: Option<&str>, rows: u32| {
        json!({
            "file": alone.origin.file, "sheet": alone.origin.sheet, "sha256": sha256, "row_count": rows,
            "header_row": alone.origin.header_row, "columns": columns(alone, masked), "hidden_rows": alone.hidden_lines(),
            "other_sheets": other_sheets(&alone.origin.beside.others), "workbook": workbook(alone),
            "skipped_rows": skipped_rows(alone, masked, locale), "kept_rows": alone.origin.beside.how.kept,
        })
    };
    let stored = batch.roster().parts().iter().enumerate().map(|(number, part)| {
        let (first, end) = batch.roster().rows_of(number);
        of(&batch.part_alone(number), part.sha256.as_deref(), end - first)
    });
    let sheets = sheets.iter().map(|sheet| of(&sheet.batch, sheet.sha256.as_deref(), sheet.batch.roster().len()));
    stored.chain(sheets).collect()
}

/// Tells what the workbook says of the rows besides their texts; columns and cells are numbered from 1.
pub fn workbook(batch: &Batch) -> Value {
    let columns = batch.hidden_columns().into_iter().map(|at| at + 1);
    let cells = |places: Vec<(u32, usize)>| -> Value {
        places.into_iter().map(|(row, at)| json!({ "row": row, "column": at + 1 })).collect()
    };
    let counted = |told: &[(u32, u32)]| -> Value {
        told.iter().map(|(column, cells)| json!({ "column": column, "cells": cells })).collect()
    };
    json!({
        "hidden_columns": columns.collect::<Vec<usize>>(),
        "filtered": batch.origin.beside.is_filtered,
        "folded_rows": batch.folded_lines(),
        "struck_rows": batch.struck_lines(),
        "greyed_rows": batch.greyed_lines(),
        "struck_cells": cells(batch.struck_cells()),
        "partly_struck_cells": cells(batch.partly_struck()),
        "remarks": cells(batch.remarks()),
        "formatted_cells": counted(&batch.origin.beside.formatted),
        "invisible_cells": counted(&batch.origin.beside.blanked),
        "times_removed": batch.times_taken_off(),
        "date_1904": batch.origin.date_1904,
    })
}

/// Makes a document of a kind: `schema` comes first, and every field is spelt as fields are.
pub fn document(schema: &str, body: Value) -> Value {
    let mut all = Map::from_iter([("schema".to_string(), Value::from(schema))]);
    if let Value::Object(body) = spelt(body) {
        all.extend(body);
    }
    Value::Object(all)
}

/// Spells the name of a field, or of a column of the record where it stands as a value.
pub fn field(name: &str) -> String {
    name.replace('-', "_")
}

/// Spells the fields of a value and of all inside it.
pub fn spelt(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().map(|(name, value)| (field(&name), spelt(value))).collect(),
        Value::Array(list) => list.into_iter().map(spelt).collect(),
        other => other,
    }
}

/// Tells where a row came from, in a roster that was put together of several files or sheets.
pub fn origin(batch: &Batch, row: RowId) -> Option<Value> {
    let RowOrigin { file, sheet, line } = batch.roster().origin_of(row)?;
    Some(json!({ "file": file, "sheet": sheet, "row": line }))
}
