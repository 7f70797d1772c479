//! `skillcert case export ID…`: the rows of corrections, in the form the profile names, or in the upload form once more.

use serde_json::json;

use super::Desk;
use super::shape::ExportArgs;
use crate::cli::export::{format_of, now};
use crate::cli::json::CORRECTION;
use crate::cli::note::note;
use crate::cli::usage;
use crate::data;
use crate::domain::ledger::case::{StoredCase, may_export};
use crate::domain::upload::correction_row;
use crate::failure::Failure;
use crate::formats::write_rows::{RowsFile, write_rows};
use crate::store::{StoreError, user};

/// Writes the rows. Exit code 1 when a case has none to hand in.
pub fn run(desk: &Desk, args: &ExportArgs) -> Result<u8, Failure> {
    let locale = desk.locale;
    let format = format_of(args.format.as_deref(), &args.output, &args.encoding)
        .ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    let cases = args
        .ids
        .iter()
        .map(|id| desk.store.case(*id).map_err(|e| desk.failed(&e)))
        .collect::<Result<Vec<StoredCase>, Failure>>()?;
    let Some(first) = cases.first() else { return Err(usage(locale, "case.none", &[])) };
    for (at, stored) in cases.iter().enumerate() {
        let id = stored.case.id.to_string();
        if stored.profile != first.profile {
            let places = [("first", first.case.id.to_string()), ("other", id)];
            return Err(usage(locale, "case.mixed", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
        }
        if cases[..at].iter().any(|earlier| earlier.case.id == stored.case.id) {
            return Err(usage(locale, "case.twice", &[("id", &id)]));
        }
    }
    let context = desk.context(&first.profile)?;
    if let Some(refusal) = cases.iter().find_map(|c| may_export(&c.case, &context.profile()).err()) {
        return desk.refused(StoreError::Case(refusal));
    }
    let of_corrections = context.profile().correction.sheet.as_str();
    let (purpose, form_id) = if of_corrections.is_empty() {
        ("resubmit", context.profile().upload_sheet())
    } else {
        ("correction", of_corrections)
    };
    let form = data::sheet(form_id).ok_or_else(|| usage(locale, "case.no-row-form", &[("id", form_id)]))?;
    let rows: Vec<Vec<String>> = cases.iter().map(|c| correction_row(&c.case, &form, &context)).collect();
    let created = now();
    let file = RowsFile {
        format,
        overwrite: args.force,
        sheet: locale.text(if purpose == "resubmit" { "case.sheet-resubmit" } else { "case.sheet-correction" }),
        columns: &form.columns,
        rows: &rows,
        empty_work_type: &context.profile().empty_work_type.text,
        created,
    };
    let name = args.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let audit = desk.store.audit_head().map_err(|e| desk.failed(&e))?;
    let manifest = |sha256: &str, bytes: u64| {
        json!({
            "schema": CORRECTION, "file": name, "format": format.key(), "encoding": format.encoding(),
            "rows": rows.len(), "bytes": bytes, "sha256": sha256, "profile": context.profile().id,
            "document": context.profile().document, "sheet": form.id, "purpose": purpose,
            "clause": if purpose == "resubmit" { &context.profile().correction.resubmit_clause } else { &form.clause },
            "cases": cases.iter().map(|c| json!({
                "id": c.case.id.0, "code": c.case.code.as_str(), "state": c.case.state.key(),
                // The record was compared with what is published when the case was opened.
                "record_as_of": c.opened.time,
                "reference": c.case.approval.as_ref().map(|a| a.reference.as_str()),
            })).collect::<Vec<_>>(),
            "audit": audit,
            "created_at": created.to_rfc3339_opts(chrono::SecondsFormat::Secs, false), "user": user(),
        })
    };
    let sha256 = write_rows(&args.output, &file, manifest).map_err(|e| locale.write_failure(&e))?;
    desk.store.note_case_export(&args.ids, &name, &sha256).map_err(|e| desk.failed(&e))?;
    let places = [("rows", rows.len().to_string()), ("file", args.output.display().to_string()), ("sha256", sha256)];
    note(&locale.fill("case.exported", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
    note(&locale.audit_head(&audit));
    Ok(0)
}
