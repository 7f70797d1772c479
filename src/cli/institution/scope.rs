//! A filed scope out of a table: taken whole or not at all.

use std::path::Path;

use serde_json::{Value, json};

use super::print;
use crate::cli::json::{self, document};
use crate::domain::registry::ScopeItem;
use crate::domain::text;
use crate::failure::Failure;
use crate::formats::scope_table::{self, ScopeProblem};
use crate::words::Locale;

/// Reads a scope table. `None` when something of it is wrong, which has been listed then.
pub fn items(
    file: &Path,
    sheet: Option<&str>,
    format: &str,
    locale: &Locale,
) -> Result<Option<Vec<ScopeItem>>, Failure> {
    let program = std::env::current_exe().map_err(|e| locale.bug(&e))?;
    let table = scope_table::read(file, &program, sheet)
        .map_err(|refusal| locale.refusal(&refusal, &file.to_string_lossy()))?;
    if table.problems.is_empty() {
        return Ok(Some(table.items));
    }
    if format == "json" {
        let problem = |p: &ScopeProblem| {
            json!({ "sheet": table.sheet, "row": p.line, "column": p.column, "fault": p.fault.key(),
                "message": locale.scope_fault(&p.fault) })
        };
        let problems: Vec<Value> = table.problems.iter().map(problem).collect();
        print(&format!("{}\n", document(json::SCOPE, json!({ "taken": 0, "problems": problems }))), locale)?;
        return Ok(None);
    }
    let mut told = String::new();
    for problem in &table.problems {
        let key = if table.sheet.is_empty() { "institution.scope.at" } else { "institution.scope.at-sheet" };
        let places = [
            ("sheet", text::visible(&table.sheet)),
            ("row", problem.line.to_string().into()),
            ("column", text::visible(&problem.column)),
            ("told", locale.scope_fault(&problem.fault).into()),
        ];
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        told += &format!("{}\n", locale.fill(key, &places));
    }
    told += &locale.fill("institution.scope.refused", &[("n", &table.problems.len().to_string())]);
    print(&format!("{told}\n"), locale)?;
    Ok(None)
}
